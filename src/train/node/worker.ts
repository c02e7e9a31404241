// The training thread: runs one job and posts its events. Started by train.ts only.
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { type HostArray, isConcordError } from "../../base/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { type JobHost, type PrivateHost, runJob, type TrainingJob } from "../job.ts";
import { openNewestCheckpoint, saveCheckpoint } from "./checkpoints.ts";
import { privateHost } from "./private-host.ts";

/** What the thread is started with. */
export interface WorkerInput {
  readonly job: TrainingJob;
  /** Folder of checkpoints; none keeps none. */
  readonly folder?: string;
  /** Ledger of private training. Default `ledger.jsonl` in the folder. */
  readonly ledger?: string;
  /** One int32 in shared memory; 1 asks the run to save and stop. */
  readonly stop: Int32Array;
}

/** What it posts: an event, or an error as data. */
export type WorkerMessage =
  | { readonly event: import("../job.ts").TrainingEvent }
  | {
      readonly error: {
        readonly code?: string;
        readonly facts?: unknown;
        readonly message: string;
        readonly stack?: string;
      };
    };

const { job, folder, ledger, stop } = workerData as WorkerInput;
const post = (message: WorkerMessage, moved: ArrayBuffer[] = []) => parentPort!.postMessage(message, moved);

const secret = async () =>
  job.options?.privacy && folder !== undefined
    ? await privateHost(folder, ledger ?? join(folder, "ledger.jsonl"))
    : undefined;

const hostOf = (privacy: PrivateHost | undefined): JobHost => ({
  privacy,
  runtime: cpuRuntime,
  now: () => performance.now(),
  interrupted: () => Atomics.load(stop, 0) === 1,
  checkpoints:
    folder === undefined
      ? undefined
      : {
          save: async ({ tensors, state }) =>
            void (await saveCheckpoint(folder, { step: state.step as number, tensors, state })),
          open: async () => {
            const { checkpoint, skipped } = await openNewestCheckpoint(folder);
            return {
              saved: checkpoint && { tensors: checkpoint.tensors, state: checkpoint.state as never },
              skipped: skipped.map((s) => `skipped checkpoint ${s.path}: ${s.error.facts.problem}`),
            };
          },
        },
});

const buffersOf = (arrays: Iterable<HostArray<"float32">>) => [
  ...new Set([...arrays].map(({ data }) => data.buffer as ArrayBuffer)),
];

try {
  const host = hostOf(await secret());
  for await (const event of runJob(job, host))
    post({ event }, event.kind === "done" ? buffersOf(event.weights.values()) : []); // the last event: nothing reads them here again
} catch (error) {
  const known = isConcordError(error) ? { code: error.code, facts: error.toJSON() } : {};
  post({ error: { ...known, message: (error as Error).message, stack: (error as Error).stack } });
}
