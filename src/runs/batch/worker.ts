// A thread that opens the model and answers batches. Started by pool.ts only.
import { parentPort, workerData } from "node:worker_threads";
import type { Given } from "../../modalities/index.ts";
import type { Answer } from "../../predict/index.ts";
import { type ErrorData, errorData } from "../../runtime/node/thread.ts";
import { openAnyModel } from "../../stages/index.ts";
import { answerer } from "../answerer.ts";

/** What a thread is started with. */
export interface PoolStart {
  /** Run or model folder. */
  readonly path: string;
  /** Threads of the runtime within. */
  readonly threads: number;
  readonly abstain?: number;
  readonly group?: string;
}

export interface PoolInput {
  readonly id: number;
  readonly given: readonly Given[];
}

export type PoolOutput =
  | { readonly id: number; readonly answers: readonly (Answer | undefined)[]; readonly unknown: number }
  | { readonly fault: ErrorData };

const port = parentPort!;
const { path, threads, abstain, group } = workerData as PoolStart;
const opening = openAnyModel(path, { threads });
opening.catch(() => undefined); // told with the first batch
let last: Promise<void> = Promise.resolve();

port.on("message", ({ id, given }: PoolInput) => {
  last = last
    .then(async () => {
      const answering = answerer(await opening, { abstain, group, atOnce: given.length });
      const answers: (Answer | undefined)[] = [];
      for await (const { answer } of answering.answer(given)) answers.push(answer);
      port.postMessage({ id, answers, unknown: answering.unknownGroups } satisfies PoolOutput);
    })
    .catch((error: unknown) => {
      port.postMessage({ fault: errorData(error) } satisfies PoolOutput);
    });
});
