// The process of one trial: reads its work from the process that started it, and ends when it is done, told to, or left alone.
import { errorData } from "../runtime/node/thread.ts";
import { runTrial } from "./run-trial.ts";
import type { FromTrial, ToTrial } from "./trial-process.ts";

const stopping = new AbortController();
const tell = (message: FromTrial) =>
  new Promise<void>((resolve) => {
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });
process.on("disconnect", () => stopping.abort());
process.on("message", (message: ToTrial) => {
  if ("stop" in message) return stopping.abort();
  runTrial(message.work, {
    signal: stopping.signal,
    onEvent: (event) => {
      void tell({ event });
    },
  })
    .then(
      (values) => tell({ values }),
      (fault: unknown) => tell({ fault: errorData(fault) }),
    )
    .finally(() => process.exit(0)); // thread pools would keep it alive
});
