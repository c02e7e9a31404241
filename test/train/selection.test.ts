// The best epoch of a run: which one it is, when training stops, that its weights are those of that epoch, and that a resumed run agrees.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import type { JsonRecord } from "../../src/formats/index.ts";
import { initialiseAdapter, loraLayout } from "../../src/nn/index.ts";
import {
  createTrainer,
  type JobHost,
  runJob,
  type SelectionOptions,
  type TrainingEvent,
  type TrainingJob,
} from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { selectionOf } from "../../src/train/selection.ts";
import { bitsOf } from "../bits.ts";
import { fault, faultLater } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyPrivateJob } from "../privacy/tiny-private.ts";
import { tinyAccuracy, tinyDev, tinyJob, tinyModel } from "./tiny.ts";

const noWeights = () => new Map<string, HostArray<"float32">>();

/** Adds scores until the selection stops. */
function scored(options: SelectionOptions, scores: readonly number[]) {
  const selection = selectionOf(options);
  for (const [i, score] of scores.entries()) if (!selection.stops) selection.add({ epoch: i + 1, score }, noWeights);
  return selection.result(scores.length);
}

test.each<[string, SelectionOptions, number[], object]>([
  [
    "higher is better",
    { keep: "best", better: "higher" },
    [0.5, 0.7, 0.6],
    { best: { epoch: 2, score: 0.7 }, kept: 2, epochs: 3, stopped: false },
  ],
  [
    "lower is better",
    { keep: "best", better: "lower" },
    [3, 1, 2],
    { best: { epoch: 2, score: 1 }, kept: 2, epochs: 3, stopped: false },
  ],
  [
    "of equal scores the first stays, and an equal score is no improvement",
    { keep: "best", better: "higher", patience: 2 },
    [0.5, 0.5, 0.5, 0.9],
    { best: { epoch: 1, score: 0.5 }, kept: 1, epochs: 3, stopped: true },
  ],
  [
    "patience counts epochs in a row",
    { keep: "best", better: "higher", patience: 2 },
    [0.5, 0.4, 0.6, 0.5, 0.5, 0.9],
    { best: { epoch: 3, score: 0.6 }, kept: 3, epochs: 5, stopped: true },
  ],
  [
    "the last epoch is kept, and training stops all the same",
    { keep: "last", better: "higher", patience: 1 },
    [0.5, 0.4, 0.6],
    { best: { epoch: 1, score: 0.5 }, kept: 2, epochs: 2, stopped: true },
  ],
  [
    "a score that is no number is never better",
    { keep: "best", better: "higher", patience: 2 },
    [Number.NaN, 0.1, Number.NaN, Number.NaN, 0.5],
    { best: { epoch: 2, score: 0.1 }, kept: 2, epochs: 4, stopped: true },
  ],
  [
    "without any number the first epoch is the best",
    { keep: "best", better: "lower", patience: 3 },
    [Number.NaN, Number.NaN],
    { best: { epoch: 1, score: Number.NaN }, kept: 1, epochs: 2, stopped: false },
  ],
])("%s", (_, options, scores, expected) => expect(scored(options, scores)).toEqual(expected));

test("a saved selection goes on as it was; one of other settings, or without its weights, is refused", () => {
  const options = { keep: "best", better: "higher", patience: 2 } as const;
  const first = selectionOf(options);
  first.add({ epoch: 1, score: 0.5 }, () => new Map([["w", hostArray("float32", [2], [1, 2])]]));
  first.add({ epoch: 2, score: 0.4 }, noWeights);
  const { tensors, state } = first.save();
  const saved = { tensors, state: JSON.parse(JSON.stringify(state)) as JsonRecord };
  const second = selectionOf(options);
  second.restore(saved);
  expect(second.stops).toBe(false);
  second.add({ epoch: 3, score: 0.3 }, noWeights);
  expect([second.stops, second.result(9)]).toEqual([
    true,
    { best: { epoch: 1, score: 0.5 }, kept: 1, epochs: 3, stopped: true },
  ]);
  expect([...second.weights()!.get("w")!.data]).toEqual([1, 2]);
  expect(fault("E_CONFIG", () => selectionOf({ ...options, patience: 3 }).restore(saved)).message).toMatch(
    /patience 3/,
  );
  expect(
    fault("E_CONFIG", () => selectionOf(options).restore({ tensors: new Map(), state: saved.state })).message,
  ).toMatch(/weights of the best epoch/);
  expect(fault("E_CONFIG", () => selectionOf(options).restore({ tensors, state: {} })).message).toMatch(/another run/);
});

const dev = tinyDev;
const accuracy = tinyAccuracy(dev);

type Saved = Parameters<NonNullable<JobHost["checkpoints"]>["save"]>[0];
const frozen = ({ tensors, state }: Saved): Saved => ({
  tensors: new Map([...tensors].map(([name, a]) => [name, { ...a, data: a.data.slice() } as HostArray])),
  state: JSON.parse(JSON.stringify(state)) as JsonRecord,
});

/** Runs a job from a checkpoint. @param saves takes every checkpoint @param scores of the epochs, by number; default the accuracy */
async function events(
  job: TrainingJob,
  { saves, saved, scores }: { saves?: Saved[]; saved?: Saved; scores?: number[] } = {},
) {
  let epoch = Number((saved?.state.selection as { epochs?: number } | undefined)?.epochs ?? 0);
  const host: JobHost = {
    runtime: cpuRuntime,
    now: () => 0,
    interrupted: () => false,
    score: (logits) => scores?.[epoch++] ?? accuracy(logits),
    checkpoints: {
      save: async (from) => void saves?.push(frozen(from)),
      open: async () => ({ saved, skipped: [] }),
    },
  };
  const all: TrainingEvent[] = [];
  for await (const event of runJob(job, host)) all.push(event);
  return all;
}

const doneIn = (all: readonly TrainingEvent[]) => {
  const last = all.at(-1)!;
  if (last.kind !== "done") throw new Error(`ended with ${last.kind}`);
  return {
    selected: last.selected,
    step: last.step,
    bits: [...last.weights].map(([name, a]) => `${name} ${bitsOf(a.data)}`),
  };
};

const best: SelectionOptions = { keep: "best", better: "higher", patience: 2 };
const thirdIsBest = [0.1, 0.2, 0.6, 0.5, 0.6];
/** @param epochs planned */
const jobOf = (epochs: number, schedule: "linear" | "constant" = "linear"): TrainingJob => {
  const { checkpointEvery: _, ...job } = tinyJob({ epochs, schedule, warmupRatio: 0 });
  return { ...job, examples: job.examples.slice(0, 64), dev };
};

test("ten epochs that stop with the third as the best end with the bits of three epochs at the same rates", async () => {
  const all = await events({ ...jobOf(10, "constant"), selection: best }, { scores: thirdIsBest });
  const done = doneIn(all);
  expect(done.selected).toEqual({ best: { epoch: 3, score: 0.6 }, kept: 3, epochs: 5, stopped: true });
  expect(all.filter((e) => e.kind === "stopped")).toEqual([
    { kind: "stopped", epoch: 5, patience: 2, best: { epoch: 3, score: 0.6 } },
  ]);
  expect(done.step).toBe(40);
  expect(done.bits).toEqual(doneIn(await events(jobOf(3, "constant"))).bits);
  expect(done.bits).not.toEqual(doneIn(await events(jobOf(4, "constant"))).bits);
});

/** A selection and scores with which training stops after an epoch and keeps it. */
const endsAfter = (epoch: number) => ({
  selection: { keep: "last", better: "higher", patience: epoch - 1 } as const,
  scores: Array.from({ length: epoch }, (_, i) => -i),
});

test("rates follow the planned epochs: the best epoch is that of ten epochs ended after three, not that of three epochs", async () => {
  const { bits } = doneIn(await events({ ...jobOf(10), selection: best }, { scores: thirdIsBest }));
  const { selection, scores } = endsAfter(3);
  expect(bits).toEqual(doneIn(await events({ ...jobOf(10), selection }, { scores })).bits);
  expect(bits).not.toEqual(doneIn(await events(jobOf(3))).bits);
});

test("keep last ends with the epoch after which training stopped", async () => {
  const selection = { ...best, keep: "last" } as const;
  const { bits, selected } = doneIn(await events({ ...jobOf(10), selection }, { scores: thirdIsBest }));
  expect(selected).toMatchObject({ kept: 5, best: { epoch: 3 } });
  const ended = endsAfter(5);
  expect(bits).toEqual(
    doneIn(await events({ ...jobOf(10), selection: ended.selection }, { scores: ended.scores })).bits,
  );
});

test("an adapter is selected too, and what it leaves as it is stays", async () => {
  const { weights, ...job } = jobOf(4, "constant");
  const layout = loraLayout(tinyModel().parameters, { targets: ["query"], rank: 2 });
  const adapted = {
    ...job,
    weights: new Map([...weights, ...initialiseAdapter(layout, random(1))]),
    adapter: layout.options,
  };
  const chosen = await events({ ...adapted, selection: best }, { scores: [0.1, 0.4, 0.3, 0.2] });
  const { selection, scores } = endsAfter(2);
  expect(doneIn(chosen).bits).toEqual(doneIn(await events({ ...adapted, selection }, { scores })).bits);
});

test("resumed from each of its checkpoints, a run selects the same epoch and ends with the same bits", async () => {
  const job = { ...jobOf(8), selection: best, checkpointEvery: 3 };
  const saves: Saved[] = [];
  const whole = doneIn(await events(job, { saves, scores: thirdIsBest }));
  expect(saves.length).toBe(14);
  for (const saved of saves) {
    const again = await events(job, { saved, scores: thirdIsBest });
    expect(doneIn(again), `from step ${saved.state.step}`).toEqual(whole);
  }
  const steps = (await events(job, { saved: saves.at(-1), scores: thirdIsBest })).filter((e) => e.kind === "step");
  expect(steps.length).toBe(0); // it had stopped
});

test("what cannot be selected is refused before a step runs", async () => {
  const job = jobOf(3);
  const refusal = async (more: Partial<TrainingJob>, options: TrainingJob["options"] = {}) =>
    await events({ ...job, selection: best, ...more, options: { ...job.options, ...options } }).then(
      () => "",
      (error: Error) => error.message,
    );
  expect(await refusal({}, { average: 0.5 })).toMatch(/weights are averaged/);
  expect(await refusal({}, { privacy: { noiseMultiplier: 1 } })).toMatch(/cannot stop early/);
  expect(await refusal({ dev: [] })).toMatch(/no validation examples/);
  expect(await refusal({ selection: { ...best, patience: 0 } })).toMatch(/whole number from 1/);
  const without = { runtime: cpuRuntime, now: () => 0, interrupted: () => false };
  await expect(runJob({ ...job, selection: best }, without).next()).rejects.toThrow(/no score/);
});

test("private training keeps its best epoch: the weights have the best score, and the ledger is charged for every step", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-selection-"));
  try {
    const job = tinyPrivateJob({ noiseMultiplier: 2, delta: 1e-3, clip: 0.5, microBatch: 8 }, { epochs: 4 });
    const selection = { keep: "best", better: "higher" } as const;
    const small = { ...job, examples: job.examples.slice(0, 64), dev, selection, checkpointEvery: 8 };
    const result = await train(small, { folder, score: accuracy });
    if (!result.finished) throw new Error("not finished");
    expect(result.selected).toMatchObject({ epochs: 4, stopped: false });
    const { weights } = result;
    const trainer = await createTrainer({ model: tinyModel(), weights, runtime: cpuRuntime, examples: small.examples });
    expect(accuracy(await trainer.predict(dev))).toBe(result.selected!.best.score);
    await trainer.dispose();
    expect(readFileSync(join(folder, "ledger.jsonl"), "utf8")).toMatch(/"through":32/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("in a thread the score is asked for; a score that fails ends the job and writes no checkpoint", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-selection-"));
  try {
    const job = { ...jobOf(3), selection: { keep: "best", better: "higher" } as const };
    const inThread = await train(job, { score: accuracy });
    const here = doneIn(await events(job));
    if (!inThread.finished) throw new Error("not finished");
    expect(inThread.selected).toEqual(here.selected);
    expect([...inThread.weights].map(([name, a]) => `${name} ${bitsOf(a.data)}`)).toEqual(here.bits);
    const score = () => {
      throw new RangeError("no such label");
    };
    await expect(train(job, { folder, score })).rejects.toThrow(RangeError);
    expect(readdirSync(folder)).toEqual([]);
    await faultLater("E_ARGUMENT", () => train(job, { folder }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
