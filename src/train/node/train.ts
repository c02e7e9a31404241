// Trains in a worker thread, so that the main thread stays free for progress, signals and servers.
import { totalmem } from "node:os";
import { Worker } from "node:worker_threads";
import { ConcordError, type ErrorCode, type ErrorFacts, type HostArray } from "../../base/index.ts";
import { jobProgram, largestBatch, type TrainingEvent, type TrainingJob } from "../job.ts";
import { checkMemory } from "../memory.ts";
import type { WorkerInput, WorkerMessage } from "./worker.ts";

export interface TrainOptions {
  /** Folder of checkpoints: a run that finds one there continues it. Default none. */
  readonly folder?: string;
  /** File of the ledger that private training charges. Default `ledger.jsonl` in the folder. */
  readonly ledger?: string;
  /** Called for each event, in order. */
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Aborting saves a checkpoint and stops after the current step. */
  readonly signal?: AbortSignal;
  /** Moves the weights into the thread instead of copying them: the job's arrays are empty afterwards. Default false. */
  readonly move?: boolean;
}

/** How a run ended. */
export type TrainResult =
  | { readonly finished: true; readonly weights: ReadonlyMap<string, HostArray<"float32">> }
  | { readonly finished: false; readonly step: number };

/**
 * Runs a job in a thread of its own.
 * @throws what the job throws; E_RUNTIME when the thread dies
 * @example
 * const result = await train(job, { folder: "run/checkpoints", onEvent: (e) => e.kind === "step" && console.log(e.loss) });
 */
export function train(
  job: TrainingJob,
  { folder, ledger, onEvent, signal, move = false }: TrainOptions = {},
): Promise<TrainResult> {
  checkJobMemory(job);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const ask = () => void Atomics.store(stop, 0, 1);
  if (signal?.aborted) ask();
  signal?.addEventListener("abort", ask, { once: true });
  const worker = startThread({ job, folder, ledger, stop }, move ? ownBuffers(job) : []);
  return new Promise<TrainResult>((resolve, reject) => {
    let result: TrainResult | undefined;
    worker.on("message", (message: WorkerMessage) => {
      if ("error" in message) return reject(rebuilt(message.error));
      const { event } = message;
      if (event.kind === "done") result = { finished: true, weights: event.weights };
      if (event.kind === "interrupted") result = { finished: false, step: event.step };
      onEvent?.(event);
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (result) resolve(result);
      else
        reject(
          new ConcordError("E_RUNTIME", { operation: "train", problem: `the training thread ended with code ${code}` }),
        );
    });
  }).finally(() => signal?.removeEventListener("abort", ask));
}

/** Compares the estimate of the largest batch with what this process may use. @throws E_MEMORY */
function checkJobMemory(job: TrainingJob): void {
  const limit = process.constrainedMemory?.() || Number.POSITIVE_INFINITY; // of the container, 0 when there is none
  const largest = largestBatch(job);
  checkMemory(jobProgram(job), largest, Math.min(limit, totalmem()) - process.memoryUsage().rss);
}

/** Memory of weights that belongs to them alone. */
function ownBuffers({ weights }: TrainingJob): ArrayBuffer[] {
  const buffers = [...weights.values()]
    .map(({ data }) => data)
    .filter((data) => data.buffer.byteLength === data.byteLength);
  return [...new Set(buffers.map((data) => data.buffer as ArrayBuffer))];
}

/** From sources (tests) the thread starts through a loader; built, it starts itself. */
function startThread(input: WorkerInput, transferList: ArrayBuffer[]): Worker {
  if (!import.meta.url.endsWith(".ts"))
    return new Worker(new URL("./worker.js", import.meta.url), { workerData: input, transferList });
  const loader = new URL("../../../tools/thread.mjs", import.meta.url);
  return new Worker(loader, {
    workerData: input,
    transferList,
    argv: [new URL("./worker.ts", import.meta.url).href],
    execArgv: [],
  });
}

/** An error that crossed the thread border. */
function rebuilt({
  code,
  facts,
  message,
  stack,
}: {
  readonly code?: string;
  readonly facts?: unknown;
  readonly message: string;
  readonly stack?: string;
}): Error {
  if (code) return new ConcordError(code as ErrorCode, facts as ErrorFacts);
  return Object.assign(new Error(message), { stack });
}
