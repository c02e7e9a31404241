// One thread for job after job: each gets the bits that a thread of its own gives, whatever the jobs before it were and however they ended.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import { adapterLayout, initialiseAdapter } from "../../src/nn/index.ts";
import type { TrainingEvent, TrainingJob } from "../../src/train/index.ts";
import { openTrainingThread, type TrainOptions, type TrainResult } from "../../src/train/node/thread.ts";
import { train } from "../../src/train/node/train.ts";
import { bitsOf } from "../bits.ts";
import { tinyExamples, tinyJob, tinyModel } from "../train/tiny.ts";

const home = mkdtempSync(join(tmpdir(), "concord-kept-"));
const kept = openTrainingThread();
afterAll(async () => {
  await kept.close();
  rmSync(home, { recursive: true, force: true });
});

type Run = (job: TrainingJob, options?: TrainOptions) => Promise<TrainResult>;
const inKept: Run = (job, options) => kept.run(job, options);
const inFresh: Run = train;

/** Two jobs with nothing in common but what is compiled. */
const numbers = [
  { weights: 1, rows: 5, options: { seed: 3, learningRate: 1e-3 } },
  { weights: 8, rows: 6, options: { seed: 12, learningRate: 3e-3 } },
] as const;

function jobOf(which: 0 | 1, options: TrainingJob["options"], more: Partial<TrainingJob> = {}): TrainingJob {
  const { weights, rows, options: own } = numbers[which];
  const layout = more.adapter && adapterLayout(tinyModel().parameters, more.adapter);
  return {
    ...tinyJob({ epochs: 2, ...options, ...own }),
    weights: new Map<string, HostArray>([
      ...initialise(tinyModel(), random(weights)),
      ...(layout ? initialiseAdapter(layout, random(weights + 1)) : []),
    ]),
    examples: tinyExamples(40 + which, rows),
    ...more,
  };
}

/** Weights to the bit, and all that was told on the way but times. */
async function outcome(run: Run, job: TrainingJob, options: TrainOptions = {}) {
  const told: unknown[] = [];
  const tell = ({ atMs, spent, weights, ...event }: TrainingEvent & Record<string, unknown>) => told.push(event);
  const result = await run(job, { ...options, onEvent: tell as TrainOptions["onEvent"] });
  if (!result.finished) throw new Error(`stopped at step ${result.step}`);
  return { told, weights: bytesOf(result) };
}

const bytesOf = ({ weights }: TrainResult & { finished: true }) =>
  new Map([...weights].map(([name, { data }]) => [name, bitsOf(data)]));

const targets = ["query", "value"];
test.each<[string, TrainingJob["options"], Partial<TrainingJob>?]>([
  ["the whole model, with logits of dev rows", {}, { dev: tinyExamples(9, 7) }],
  ["a proximal term, which trains tables whole", { proximal: 0.1 }],
  ["an adapter", {}, { adapter: { targets, trainWhole: ["classifier"], rank: 4 } }],
  ["an adapter beside 8-bit integers", {}, { adapter: { targets, rank: 2 }, frozen: "int8" }],
])("%s: the second job in a thread is that of a fresh thread", async (_, options, more) => {
  await kept.run(jobOf(0, options, more));
  const second = await outcome(inKept, jobOf(1, options, more));
  expect(second).toEqual(await outcome(inFresh, jobOf(1, options, more)));
  expect(second.told.length).toBeGreaterThan(10);
});

/** A folder with the run key that it was given, since noise is a function of it. */
function keyed(name: string, key: number): { folder: string; ledger: string } {
  const folder = join(home, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "run.key"), new Uint8Array(32).fill(key), { mode: 0o600 });
  return { folder, ledger: join(folder, "ledger.jsonl") };
}

test.each(["train", "freeze"] as const)("private jobs have each its own key and ledger; tables: %s", async (tables) => {
  const privacy = { noiseMultiplier: 1, delta: 1e-3, clip: 0.5, microBatch: 4, tables };
  const options = { grouping: "none", privacy } as const;
  await kept.run(jobOf(0, options), keyed(`${tables}-first`, 1));
  const places = [keyed(`${tables}-kept`, 2), keyed(`${tables}-fresh`, 2)] as const;
  const second = await outcome(inKept, jobOf(1, options), places[0]);
  expect(second).toEqual(await outcome(inFresh, jobOf(1, options), places[1]));
  const [own, fresh] = places.map(({ ledger }) => readFileSync(ledger, "utf8"));
  expect(own).toBe(fresh);
  expect(own!.trim().split("\n").length).toBeGreaterThan(1);
});

test("a job that was stopped goes on in the same thread to the same bits; one that was never stopped does not notice", async () => {
  const job = jobOf(1, { epochs: 20 });
  const stop = new AbortController();
  const options = { folder: join(home, "stopped"), signal: stop.signal };
  const onEvent = (event: TrainingEvent) => event.kind === "step" && event.step === 3 && stop.abort();
  expect(await kept.run(job, { ...options, onEvent })).toMatchObject({ finished: false });
  const alone = await outcome(inFresh, job);
  expect(await outcome(inKept, job)).toEqual(alone);
  expect((await outcome(inKept, job, { folder: options.folder })).weights).toEqual(alone.weights);
});

test("after a job that threw, before its first step or after it, the next is as in a fresh thread", async () => {
  const alone = await outcome(inFresh, jobOf(1, {}));
  const broken = new Map([...jobOf(0, {}).weights].slice(1));
  await expect(kept.run({ ...jobOf(0, {}), weights: broken })).rejects.toMatchObject({ code: "E_MODEL" });
  expect(await outcome(inKept, jobOf(1, {}))).toEqual(alone);
  const job = jobOf(0, {});
  (job.weights.get("classifier.weight")!.data as Float32Array).fill(Number.POSITIVE_INFINITY);
  await expect(kept.run(job)).rejects.toMatchObject({ code: "E_DIVERGED" });
  expect(await outcome(inKept, jobOf(1, {}))).toEqual(alone);
});

test("a thread that dies is E_RUNTIME for its job, and the next job gets another; closing stops a job that runs", async () => {
  const opened: Worker[] = [];
  const note = (worker: Worker) => void opened.push(worker);
  process.on("worker", note);
  try {
    const thread = openTrainingThread();
    const long = jobOf(0, { epochs: 1000 });
    const onEvent = (event: TrainingEvent) => event.kind === "start" && void opened[0]!.terminate();
    await expect(thread.run(long, { onEvent })).rejects.toMatchObject({ code: "E_RUNTIME" });
    expect(await outcome((job) => thread.run(job), jobOf(1, {}))).toBeDefined();
    expect(opened).toHaveLength(2);
    const stopped = thread.run(long, { onEvent: (event) => event.kind === "step" && void thread.close() });
    expect(await stopped).toMatchObject({ finished: false });
    await thread.close();
  } finally {
    process.off("worker", note);
  }
});
