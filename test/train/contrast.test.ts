// Contrast: how pairs are made, the loss against its definition in plain numbers, and in the training machine that it brings the texts of
// a group together, trains the encoder only, resumes to the same bits and refuses what it cannot pair. Then token masking and rates by part.
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { interpret } from "../../src/graph/index.ts";
import { tokensOf } from "../../src/modalities/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { cropPair, fewestTokensToCut, pairsOfEpoch } from "../../src/train/crops.ts";
import {
  batchFeeds,
  contrast,
  createTrainer,
  evaluationProgram,
  jobProgram,
  pairedRows,
  runJob,
  type TextExample,
  type TrainerOptions,
  type TrainingEvent,
  type TrainingJob,
  trainingProgram,
} from "../../src/train/index.ts";
import { contrastBatch } from "../../src/train/objectives/contrast.ts";
import { maskedTokens } from "../../src/train/token-masking.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyConfig, tinyExamples, tinyJob, tinyModel } from "./tiny.ts";

const config = withHead(tinyConfig, "Bert", "features", [], { pooling: "mean" });
const model = modelOf(configOf(config, "tiny"));
const weights = initialise(model, random(1));
const special = new Uint8Array(200);
special.fill(1, 0, 5);

test("a text is cut between a third and two thirds; both parts keep what stands around it", () => {
  const ids = Int32Array.of(2, ...Array.from({ length: 9 }, (_, i) => 10 + i), 3);
  const cuts = new Set<number>();
  for (let i = 0; i < 50; i++) {
    const { ids: first, counterparts } = cropPair(ids, special, random(i))!;
    const second = counterparts![0]!.ids;
    for (const part of [first, second]) expect([part[0], part.at(-1)]).toEqual([2, 3]);
    expect([...first.slice(1, -1), ...second.slice(1, -1)]).toEqual([...ids.slice(1, -1)]);
    cuts.add(first.length - 2);
  }
  expect([...cuts].sort()).toEqual([3, 4, 5, 6]);
  expect(cropPair(Int32Array.of(2, 10, 11, 12, 3), special, random(1))).toBeUndefined();
  expect(cropPair(Int32Array.of(2, 10, 11, 12, 13, 3), special, random(1))).toBeDefined();
  expect(fewestTokensToCut).toBe(4);
});

test("texts of one group are each other's counterparts, never their own; others are cut, and too short ones left out", () => {
  const rows = [10, 20, 30, 40, 50].map((id, i) => Int32Array.of(2, ...Array(i === 4 ? 2 : 6).fill(id), 3));
  const source = { special, groups: Int32Array.of(7, 7, 7, 8, 9) };
  expect(pairedRows(rows, source)).toEqual([0, 1, 2, 3]);
  expect(pairedRows(rows, { special })).toEqual([0, 1, 2, 3]);
  const seen = new Set<string>();
  for (let epoch = 0; epoch < 40; epoch++) {
    const pairs = pairsOfEpoch(rows, source, random(3), epoch);
    expect(pairs).toHaveLength(4);
    for (const [i, pair] of pairs.slice(0, 3).entries()) {
      expect(pair.counterparts![0]!.ids).not.toEqual(rows[i]);
      seen.add(`${i} ${pair.counterparts![0]!.ids[1]}`);
    }
    expect(pairs[3]!.counterparts![0]!.ids[1]).toBe(40);
  }
  expect(seen.size).toBe(6);
  expect(pairsOfEpoch(rows, source, random(3), 5)).toEqual(pairsOfEpoch(rows, source, random(3), 5));
});

const plainPairs = (count: number): TextExample[] =>
  tinyExamples(count).map(({ ids }, i) => ({ ids, counterparts: [{ ids: tinyExamples(count, 9)[i]!.ids }] }));

test("the loss is −ln softmax of cosines over the temperature, without oneself and others of one's group", () => {
  const batch = plainPairs(3).map((e, i) => ({ ...e, group: i < 2 ? 1 : 2 }));
  const { examples, feeds } = contrastBatch(batch);
  const inputs = { ...batchFeeds(model, examples, { divisor: 3 }), ...feeds, ...Object.fromEntries(weights) };
  const { graph } = trainingProgram(model, {
    dropout: false,
    objective: contrast({ temperature: 0.1 }),
    trainable: (n) => !n.includes("pooler"),
  });
  const got = interpret(graph, doubled(inputs)).losses!.data;
  const evaluation = evaluationProgram(model);
  const read = interpret(
    evaluation,
    doubled({ ...batchFeeds(model, examples, undefined), ...Object.fromEntries(weights) }),
  );
  const texts = Array.from({ length: 6 }, (_, i) => [...read.pooled!.data.subarray(16 * i, 16 * i + 16)] as number[]);
  const cosine = (a: number[], b: number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const wanted = texts.map((own, i) => {
    const compared = [...texts.keys()].filter(
      (j) => j !== i && (j === (i + 3) % 6 || examples[j]!.group !== examples[i]!.group),
    );
    const sum = compared.reduce((s, j) => s + Math.exp(cosine(own, texts[j]!) / 0.1), 0);
    return -Math.log(Math.exp(cosine(own, texts[(i + 3) % 6]!) / 0.1) / sum);
  });
  expect(got).toHaveLength(6);
  for (const [i, x] of wanted.entries()) expect(got[i]).toBeCloseTo(x, 6);
  expect([...(inputs.weights!.data as Float32Array)]).toEqual(Array(6).fill(Math.fround(1 / 6)));
});

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, x, i) => s + x * b[i]!, 0);
const doubled = (arrays: Readonly<Record<string, HostArray>>) =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, a]) => [
      name,
      a.dtype === "float32"
        ? { ...a, dtype: "float64" as const, data: Float64Array.from(a.data as Float32Array) }
        : { ...a, data: Float64Array.from(a.data as Int32Array) },
    ]),
  ) as never;

/** Texts whose group is told by three of their tokens. */
const grouped = Array.from({ length: 120 }, (_, i) => {
  const rng = random(8).split(i);
  const own = Array.from({ length: 3 }, (_, k) => 5 + 3 * (i % 40) + k);
  return Int32Array.of(2, ...own, ...Array.from({ length: 5 }, () => 130 + rng.int(60)), 3);
});
const job = (more: Partial<TrainingJob> = {}): TrainingJob => ({
  config,
  weights,
  examples: grouped.map((ids) => ({ ids })),
  objective: {
    name: "contrast",
    settings: { temperature: 0.1, pairs: { special, groups: Int32Array.from(grouped, (_, i) => i % 40) } },
  },
  trains: "encoder",
  threads: 1,
  options: { epochs: 12, batchSize: 12, learningRate: 3e-3, dropout: false, seed: 2 },
  ...more,
});
async function outcome(of: TrainingJob) {
  const events: TrainingEvent[] = [];
  for await (const event of runJob(of, { runtime: cpuRuntime, now: () => 0, interrupted: () => false }))
    events.push(event);
  const losses = events.flatMap((e) => (e.kind === "step" ? [e.loss] : []));
  const done = events.at(-1);
  return { losses, weights: done?.kind === "done" ? done.weights : expect.unreachable() };
}

test("texts of a group come together, and the same job ends with the same bits", async () => {
  const [first, again] = [await outcome(job()), await outcome(job())];
  const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
  expect(mean(first.losses.slice(-10))).toBeLessThan(0.5 * mean(first.losses.slice(0, 10)));
  expect(
    [...first.weights].every(([name, a]) =>
      Buffer.from(a.data.buffer as ArrayBuffer).equals(
        Buffer.from(again.weights.get(name)!.data.buffer as ArrayBuffer),
      ),
    ),
  ).toBe(true);
});

test("what contrast cannot do is refused by name", async () => {
  const make = (options: Partial<TrainerOptions>) =>
    createTrainer({
      objective: contrast(),
      model: tinyModel(),
      weights: tinyJob().weights,
      examples: tinyExamples(8),
      runtime: cpuRuntime,
      options,
    });
  expect(() => contrast({ temperature: 0 })).toThrow("contrast.temperature");
  await expect(make({ accumulate: 2 })).rejects.toThrow("contrast compares all examples that are run at once");
  await expect(make({ privacy: { epsilon: 8 } })).rejects.toThrow("contrast cannot be trained privately");
  expect(() => contrastBatch([{ ids: Int32Array.of(1) }])).toThrow("no counterpart");
  expect(() => jobProgram(job({ objective: undefined }))).toThrow("nothing to train against");
});

test("token masking replaces a share of the tokens, never special ones, and leaves labels alone", () => {
  const vocabulary = { size: 200, maskId: 4, special, continues: new Uint8Array(200) };
  const examples = grouped.map((ids) => ({ ids, label: 1 }));
  const masked = maskedTokens(examples, { share: 0.25, vocabulary }, random(1), 0).map((e, i) => ({
    ...e,
    ...tokensOf(e, i),
  }));
  const [all, hidden] = [grouped.length * 8, masked.flatMap((e) => [...e.ids]).filter((id) => id === 4).length];
  expect(Math.abs(hidden / all - 0.25)).toBeLessThan(0.04);
  expect(masked.every((e) => e.ids[0] === 2 && e.ids.at(-1) === 3 && e.label === 1)).toBe(true);
  expect(maskedTokens(examples, { share: 0.25, vocabulary }, random(1), 0)).toEqual(masked);
  expect(maskedTokens(examples, { share: 0.25, vocabulary }, random(1), 1)).not.toEqual(masked);
});

test("a run ends with the mean of its last steps' weights, also when it was interrupted", async () => {
  const own = tinyJob({ epochs: 2, average: 0.5 });
  const whole = (await outcome(own)).weights;
  const last = (await outcome(tinyJob({ epochs: 2 }))).weights;
  expect(whole.get("classifier.weight")!.data).not.toEqual(last.get("classifier.weight")!.data);
  const make = () =>
    createTrainer({
      model: tinyModel(),
      weights: own.weights,
      examples: own.examples,
      runtime: cpuRuntime,
      threads: 1,
      options: own.options,
    });
  const [first, second] = [await make(), await make()];
  const seen: Float32Array[] = [];
  while (first.step < first.steps) {
    await first.run();
    if (first.step === 33) second.restore(structuredClone(first.save()));
    if (first.step > 20 && first.step % 10 === 0) seen.push(first.weights().get("classifier.weight")!.data.slice());
  }
  while (second.step < second.steps) await second.run();
  expect(second.averaged()).toEqual(first.averaged());
  expect(first.averaged()!.get("classifier.weight")!.data).toEqual(whole.get("classifier.weight")!.data);
  const mean = seen[0]!.map((_, i) => seen.reduce((sum, w) => sum + w[i]!, 0) / seen.length);
  for (const [i, x] of mean.entries()) expect(whole.get("classifier.weight")!.data[i]).toBeCloseTo(x, 6);
  await Promise.all([first.dispose(), second.dispose()]);
});

test("the head trains alone, or with the encoder at a lower rate", async () => {
  const own = tinyJob({ epochs: 1, weightDecay: 0, dropout: false });
  const heads = new Set(
    tinyModel()
      .parameters.filter((p) => p.head)
      .map((p) => p.name),
  );
  const moved = (after: ReadonlyMap<string, HostArray<"float32">>) => (name: string) => {
    const before = own.weights.get(name)!.data as Float32Array;
    return Math.max(...after.get(name)!.data.map((x, i) => Math.abs(x - before[i]!)));
  };
  const names = [...own.weights.keys()].filter((n) => !n.endsWith("key.bias")); // of no effect on attention
  const alone = moved((await outcome({ ...own, trains: "head" })).weights);
  for (const name of names) expect(alone(name) > 0, name).toBe(heads.has(name));
  const [slow, full] = [
    moved((await outcome({ ...own, options: { ...own.options, encoderRate: 0.1 } })).weights),
    moved((await outcome(own)).weights),
  ];
  expect(slow("bert.encoder.layer.0.output.dense.weight")).toBeLessThan(
    0.3 * full("bert.encoder.layer.0.output.dense.weight"),
  );
  expect(slow("classifier.weight")).toBeGreaterThan(0.3 * full("classifier.weight"));
});
