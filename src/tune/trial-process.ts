// A trial in a process of its own: its memory is given back when it ends, and several run at the same time. Knows no store.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ConcordError } from "../base/index.ts";
import { type ErrorData, errorOf } from "../runtime/node/thread.ts";
import type { Objective } from "./measure-trial.ts";
import type { RunTrial, TrialEvent, TrialWork } from "./run-trial.ts";

/** To a process: what to do, or that it should save and stop. It stops by itself when it is left alone. */
export type ToTrial = { readonly work: TrialWork } | { readonly stop: true };

/** From a process. */
export type FromTrial =
  | { readonly event: TrialEvent }
  | { readonly values: Record<Objective, number> }
  | { readonly fault: ErrorData };

/** As `runTrial`, in a process of its own. @throws E_MEMORY when the system killed it, as it does where memory is short */
export const runTrialInProcess: RunTrial = (work, { signal, onEvent }) =>
  new Promise((resolve, reject) => {
    const fromSource = import.meta.url.endsWith(".ts");
    const file = fileURLToPath(new URL(fromSource ? "./trial-main.ts" : "./trial-main.js", import.meta.url));
    const child = fork(file, [], {
      execArgv: fromSource ? ["--import", new URL("../../node_modules/tsx/dist/loader.mjs", import.meta.url).href] : [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      detached: true, // Ctrl-C is for the study, which tells its trials
    });
    const stop = () => child.connected && child.send({ stop: true } satisfies ToTrial);
    signal.addEventListener("abort", stop, { once: true });
    let end: (() => void) | undefined;
    child.on("message", (message: FromTrial) => {
      if ("event" in message) return onEvent(message.event);
      end = "values" in message ? () => resolve(message.values) : () => reject(errorOf(message.fault));
    });
    child.on("error", (cause) => {
      end ??= () => reject(cause);
    });
    child.once("exit", (code, killed) => {
      signal.removeEventListener("abort", stop);
      if (end) end();
      else reject(died(code, killed));
    });
    child.send({ work } satisfies ToTrial);
    if (signal.aborted) stop();
  });

const died = (code: number | null, signal: string | null): ConcordError =>
  signal === "SIGKILL"
    ? new ConcordError("E_MEMORY", {
        operation: "trial",
        problem: "the system killed the trial's process, as it does where memory is short",
        hint: "set search.parallel lower",
      })
    : new ConcordError("E_RUNTIME", {
        operation: "trial",
        problem: "the trial's process ended before the trial",
        got: signal ? `signal ${signal}` : `exit code ${code}`,
      });
