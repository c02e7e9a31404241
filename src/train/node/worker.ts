// The training thread: runs one job after the other and posts their events. Started by thread.ts only, which gives the next when one has ended.
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { ConcordError, type HostArray } from "../../base/index.ts";
import type { LoggedCharge } from "../../privacy/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { type ErrorData, errorData } from "../../runtime/node/thread.ts";
import { keptRun } from "../compiled-run.ts";
import type { JobHost, PrivateHost, TrainingEvent, TrainingJob } from "../job.ts";
import type { DrawnAnswer } from "../rollouts.ts";
import { runJob } from "../run-job.ts";
import { openNewestCheckpoint, saveCheckpoint } from "./checkpoints.ts";
import type { DataLedger } from "./data-ledger.ts";
import { privateHost } from "./private-host.ts";
import { pytorchTrainer } from "./pytorch/trainer.ts";

/** What the thread is given: a job, the score or the rewards that it asked for, or that there are no more jobs. */
export type WorkerInput = JobInput | ScoreInput | RewardInput | LogInput | "close";

/** The answer to a charge that is to be logged: false where it could not be. */
export interface LogInput {
  readonly logged: boolean;
}

/** The answer to a question for rewards; undefined where judging failed. */
export interface RewardInput {
  readonly rewards: ArrayLike<number> | undefined;
}

/** The answer to a question for a score; undefined where scoring failed. */
export interface ScoreInput {
  readonly score: number | undefined;
}

export interface JobInput {
  readonly job: TrainingJob;
  /** Folder of checkpoints; none keeps none. */
  readonly folder?: string;
  /** Ledger of private training. Default `ledger.jsonl` in the folder. */
  readonly ledger?: string;
  /** The ledger of the rows of private training. Default they have none. */
  readonly data?: DataLedger;
  /** What another engine's interpreter runs. */
  readonly script: string;
  /** One int32 in shared memory; 1 asks the run to save and stop. */
  readonly stop: Int32Array;
  /** Whether logits of validation examples are to be posted for a score, which comes back. */
  readonly scores: boolean;
  /** Whether answers are to be posted for rewards, which come back. */
  readonly judges: boolean;
  /** Whether charges of private training are to be posted for a log, which is waited for. */
  readonly logs: boolean;
}

/** What it posts: events, questions for a score, for rewards or for a log, then that the job has ended, or an error as data. */
export type WorkerMessage =
  | { readonly event: TrainingEvent }
  | { readonly unscored: readonly HostArray<"float32">[] }
  | { readonly unjudged: readonly DrawnAnswer[] }
  | { readonly unlogged: LoggedCharge }
  | { readonly ended: true }
  | { readonly error: ErrorData };

const port = parentPort!;
const kept = keptRun();
const post = (message: WorkerMessage, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

const secret = async ({ job, folder, ledger, data, logs }: JobInput) =>
  job.options?.privacy && folder !== undefined
    ? await privateHost(folder, ledger ?? join(folder, "ledger.jsonl"), data, logs ? logged : undefined)
    : undefined;

let written: ((logged: boolean) => void) | undefined;

/** Asks the main thread, which has the key of the log. @throws E_RUNTIME where it could not be logged: no step runs that is not */
async function logged(unlogged: LoggedCharge): Promise<void> {
  const answered = new Promise<boolean>((resolve) => {
    written = resolve;
  });
  post({ unlogged });
  if (await answered) return;
  throw new ConcordError("E_RUNTIME", { operation: "train", problem: "what is charged could not be logged" });
}

let answer: ((score: number | undefined) => void) | undefined;

/** Asks the main thread, which knows the task. @throws E_RUNTIME where it could not score: the job ends, and no checkpoint is written */
async function scoreOf(unscored: readonly HostArray<"float32">[]): Promise<number> {
  const answered = new Promise<number | undefined>((resolve) => {
    answer = resolve;
  });
  post({ unscored });
  const score = await answered;
  if (score !== undefined) return score;
  throw new ConcordError("E_RUNTIME", { operation: "train", problem: "the validation rows could not be scored" });
}

let judged: ((rewards: ArrayLike<number> | undefined) => void) | undefined;

/** Asks the main thread, which knows texts. @throws E_RUNTIME where it could not judge: the job ends, and no checkpoint is written */
async function rewardsOf(unjudged: readonly DrawnAnswer[]): Promise<ArrayLike<number>> {
  const answered = new Promise<ArrayLike<number> | undefined>((resolve) => {
    judged = resolve;
  });
  post({ unjudged });
  const rewards = await answered;
  if (rewards !== undefined) return rewards;
  throw new ConcordError("E_RUNTIME", { operation: "train", problem: "the answers could not be judged" });
}

const hostOf = (
  { job, script, folder, stop, scores, judges }: JobInput,
  privacy: PrivateHost | undefined,
): JobHost => ({
  privacy,
  ...(scores && { score: scoreOf }),
  ...(judges && { judge: rewardsOf }),
  runtime: cpuRuntime,
  ...(job.engine === "pytorch" && { engine: (setup) => pytorchTrainer(setup, script) }),
  kept,
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

async function run(input: JobInput): Promise<void> {
  try {
    const host = hostOf(input, await secret(input));
    for await (const event of runJob(input.job, host))
      post({ event }, event.kind === "done" ? buffersOf(event.weights.values()) : []); // the last event: nothing reads them here again
    post({ ended: true });
  } catch (error) {
    post({ error: errorData(error) });
  }
}

port.on("message", (input: WorkerInput) => {
  if (input === "close") void kept.close().finally(() => port.close());
  else if ("score" in input) answer?.(input.score);
  else if ("rewards" in input) judged?.(input.rewards);
  else if ("logged" in input) written?.(input.logged);
  else void run(input);
});
