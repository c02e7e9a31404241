// A worker thread that trains job after job, so that the main thread stays free for progress, signals and servers, and only the first job
// waits until the thread has started and loaded its modules.
import { totalmem } from "node:os";
import type { Worker } from "node:worker_threads";
import { ConcordError, type HostArray } from "../../base/index.ts";
import type { LoggedCharge } from "../../privacy/index.ts";
import { errorOf, startThread } from "../../runtime/node/thread.ts";
import { jobProgram, largestBatch, programName, type TrainingEvent, type TrainingJob, teacherBytes } from "../job.ts";
import { checkMemory } from "../memory.ts";
import type { TrainingProgram } from "../program.ts";
import type { DrawnAnswer, Judge } from "../rollouts.ts";
import type { Selected } from "../selection.ts";
import type { DataLedger } from "./data-ledger.ts";
import { trainScript } from "./pytorch/process.ts";
import type { WorkerInput, WorkerMessage } from "./worker.ts";

export interface TrainOptions {
  /** Folder of checkpoints: a run that finds one there continues it. Default none. */
  readonly folder?: string;
  /** File of the ledger that private training charges. Default `ledger.jsonl` in the folder. */
  readonly ledger?: string;
  /** The ledger of the rows: what other private runs have spent on them counts, and they count what this one spends. Default they have none. */
  readonly data?: DataLedger;
  /** Signs charges of private training into a log before their steps run. Default none is logged. */
  readonly log?: (charge: LoggedCharge) => Promise<void>;
  /** Called for each event, in order. */
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Aborting saves a checkpoint and stops after the current step. */
  readonly signal?: AbortSignal;
  /** The validation score of an epoch from the logits of the job's `dev`; needed for `job.selection`. Default events hold the logits. */
  readonly score?: (devLogits: readonly HostArray<"float32">[]) => number;
  /** Rewards of answers that the model wrote; needed for `job.rollouts`. */
  readonly judge?: Judge;
  /** Moves the weights into the thread instead of copying them: the job's arrays are empty afterwards. Default false. */
  readonly move?: boolean;
}

/** How a run ended. */
export type TrainResult =
  | {
      readonly finished: true;
      readonly weights: ReadonlyMap<string, HostArray<"float32">>;
      /** Of a job with a selection. */
      readonly selected?: Selected;
    }
  | { readonly finished: false; readonly step: number };

/** A thread for several jobs. While it waits for one it keeps no process alive. */
export interface TrainingThread {
  /**
   * Runs a job, after those before it. Its result is what a thread of its own would give, to the bit.
   * @throws what the job throws, after which the thread goes on; E_RUNTIME when the thread dies: the next job gets another
   */
  run(job: TrainingJob, options?: TrainOptions): Promise<TrainResult>;
  /** Ends the thread. A job that runs is stopped after its current step, as by its signal. */
  close(): Promise<void>;
}

/**
 * Opens a thread; it starts with the first job.
 * @example
 * const thread = openTrainingThread();
 * for (const job of jobs) await thread.run(job);
 * await thread.close();
 */
export function openTrainingThread(): TrainingThread {
  const othersBytes = process.memoryUsage().rss; // what the thread itself will hold between jobs is the jobs' own
  const closing = new AbortController();
  let known: { readonly name: string; readonly program: TrainingProgram } | undefined;
  let thread: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const ready = (): Worker => {
    if (thread) return thread;
    const started = startThread(import.meta.url);
    const gone = () => {
      if (thread === started) thread = undefined;
    };
    thread = started.on("error", gone).on("exit", gone);
    return started;
  };
  return {
    run(job, options = {}) {
      const done = last.then(() => {
        const name = programName(job);
        if (known?.name !== name) known = { name, program: jobProgram(job) };
        if (job.engine !== "pytorch") checkJobMemory(job, known.program, othersBytes); // whose memory may be a GPU's
        return runIn(ready(), job, options, closing.signal);
      });
      last = done.catch(() => {});
      return done;
    },
    async close() {
      closing.abort();
      await last;
      const open = thread;
      if (!open) return;
      await new Promise((resolve) => {
        open.once("exit", resolve).ref();
        open.postMessage("close" satisfies WorkerInput);
      });
    },
  };
}

function runIn(thread: Worker, job: TrainingJob, options: TrainOptions, closing: AbortSignal): Promise<TrainResult> {
  const { folder, ledger, data, log, onEvent, signal, score, judge, move = false } = options;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const ask = () => void Atomics.store(stop, 0, 1);
  const asking = signal ? [signal, closing] : [closing];
  for (const each of asking) {
    if (each.aborted) ask();
    each.addEventListener("abort", ask, { once: true });
  }
  let forget = () => {};
  return new Promise<TrainResult>((resolve, reject) => {
    let result: TrainResult | undefined;
    let unscored: { readonly fault: unknown } | undefined;
    const answer = (logits: readonly HostArray<"float32">[]): number | undefined => {
      try {
        return score!(logits);
      } catch (fault) {
        unscored = { fault };
        return undefined;
      }
    };
    const judged = async (answers: readonly DrawnAnswer[]): Promise<ArrayLike<number> | undefined> => {
      try {
        return await judge!(answers);
      } catch (fault) {
        unscored = { fault };
        return undefined;
      }
    };
    const wasLogged = async (charge: LoggedCharge): Promise<boolean> => {
      try {
        await log!(charge);
        return true;
      } catch (fault) {
        unscored = { fault };
        return false;
      }
    };
    const take = (message: WorkerMessage) => {
      if ("error" in message) return reject(unscored ? unscored.fault : errorOf(message.error));
      if ("unscored" in message) return thread.postMessage({ score: answer(message.unscored) } satisfies WorkerInput);
      if ("unjudged" in message)
        return void judged(message.unjudged).then((rewards) => thread.postMessage({ rewards } satisfies WorkerInput));
      if ("unlogged" in message)
        return void wasLogged(message.unlogged).then((logged) => thread.postMessage({ logged } satisfies WorkerInput));
      if ("ended" in message) return resolve(result!);
      const { event } = message;
      if (event.kind === "done") result = { finished: true, weights: event.weights, selected: event.selected };
      if (event.kind === "interrupted") result = { finished: false, step: event.step };
      onEvent?.(event);
    };
    const died = (code: number) =>
      reject(
        new ConcordError("E_RUNTIME", { operation: "train", problem: `the training thread ended with code ${code}` }),
      );
    forget = () => thread.off("message", take).off("error", reject).off("exit", died).unref();
    thread.on("message", take).on("error", reject).on("exit", died).ref();
    const input = {
      job,
      folder,
      ledger,
      data,
      script: trainScript(),
      stop,
      scores: score !== undefined,
      judges: judge !== undefined,
      logs: log !== undefined,
    } satisfies WorkerInput;
    thread.postMessage(input, move ? ownBuffers(job) : []);
  }).finally(() => {
    forget();
    for (const each of asking) each.removeEventListener("abort", ask);
  });
}

/** Compares the estimate of the largest batch with what this process may use. @throws E_MEMORY */
function checkJobMemory(job: TrainingJob, program: TrainingProgram, othersBytes: number): void {
  const limit = process.constrainedMemory?.() || Number.POSITIVE_INFINITY; // of the container, 0 when there is none
  const copies = job.selection?.keep === "best" ? 1 : 0;
  const largest = largestBatch(job);
  checkMemory(program, largest, Math.min(limit, totalmem()) - othersBytes - teacherBytes(job, largest), 2 + copies);
}

/** Memory of weights that belongs to them alone. */
function ownBuffers({ weights }: TrainingJob): ArrayBuffer[] {
  const buffers = [...weights.values()]
    .map(({ data }) => data)
    .filter((data) => data.buffer.byteLength === data.byteLength);
  return [...new Set(buffers.map((data) => data.buffer as ArrayBuffer))];
}
