// Private training step by step: what it reads from the key stream, what it adds, and that every setting changes something.
import { describe, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { initialiseAdapter, loraLayout } from "../../src/nn/index.ts";
import { aesNoise } from "../../src/privacy/node/aes.ts";
import { createTrainer, type PrivacyOptions, privatePlan, type TrainerSetup } from "../../src/train/index.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyExamples, tinyModel } from "../train/tiny.ts";
import { clippedApart } from "./clipped.ts";
import { tinyPrivacy, tinyPrivateJob } from "./tiny-private.ts";

const key = (n: number) => new Uint8Array(32).fill(n);
const job = tinyPrivateJob();
const setup = (privacy: PrivacyOptions, options: Partial<TrainerSetup["options"]> = {}): TrainerSetup => ({
  model: tinyModel(),
  weights: job.weights,
  runtime: cpuRuntime,
  examples: job.examples,
  threads: 1,
  noise: aesNoise(key(1)),
  options: { ...job.options, privacy, dropout: false, ...options },
});

async function after(steps: number, given: TrainerSetup): Promise<Map<string, Float32Array>> {
  const trainer = await createTrainer(given);
  for (let i = 0; i < steps; i++) await trainer.run();
  const weights = new Map([...trainer.weights()].map(([name, a]) => [name, a.data.slice()]));
  await trainer.dispose();
  return weights;
}
const fixed: PrivacyOptions = { noiseMultiplier: 1, delta: 1e-3, clip: 0.5, microBatch: 4 };
const base = await after(3, setup(fixed));
const same = (a: ReadonlyMap<string, Float32Array>, b: ReadonlyMap<string, Float32Array>) =>
  [...a].every(([name, data]) => data.every((v, i) => v === b.get(name)![i]));

test("one key gives one run, another key another run", async () => {
  expect(same(await after(3, setup(fixed)), base)).toBe(true);
  expect(same(await after(3, { ...setup(fixed), noise: aesNoise(key(2)) }), base)).toBe(false);
});

test.each<PrivacyOptions>([
  { clip: 0.1 },
  { noiseMultiplier: 3 },
  { sampling: "fixed" },
  { clipping: "per-layer" },
  { tables: "freeze" },
  { draws: 1 },
])("%o changes the run", async (changes) => {
  expect(same(await after(3, setup({ ...fixed, ...changes })), base)).toBe(false);
});

test("a smaller budget and a smaller δ ask for more noise", () => {
  const run = { examples: 160, batchSize: 8, steps: 40 };
  const noise = (changes: PrivacyOptions) =>
    privatePlan({ ...tinyPrivacy, sampling: "fixed", ...changes }, run).mechanism.noiseMultiplier;
  expect(noise({ epsilon: 4 })).toBeGreaterThan(noise({}));
  expect(noise({ delta: 1e-4 })).toBeGreaterThan(noise({}));
  expect(privatePlan({ epsilon: 8, sampling: "fixed" }, run).budget).toEqual({ epsilon: 8, delta: 160 ** -1.1 });
});

test("runs of 4 or of 160 examples make the same step but for rounding: a batch is one batch", async () => {
  const plain = { optimizer: "sgd", learningRate: 0.1 } as const;
  const [few, many] = await Promise.all([4, 160].map((microBatch) => after(2, setup({ ...fixed, microBatch }, plain))));
  for (const [name, data] of few!)
    for (const [i, v] of data.entries()) expect(Math.abs(v - many!.get(name)![i]!)).toBeLessThan(1e-5);
});

test("with next to no noise a step of SGD moves by the sum of clipped gradients over the expected batch", async () => {
  const privacy = { noiseMultiplier: 1e-9, clip: 0.5, sampling: "fixed" } as const;
  const all = { batchSize: 160, weightDecay: 0, optimizer: "sgd", learningRate: 0.5, warmupRatio: 0 } as const;
  const moved = await after(1, setup(privacy, all));
  const { sums } = await clippedApart(
    { runtime: cpuRuntime, model: tinyModel(), weights: job.weights, examples: job.examples },
    { clip: 0.5, clipping: "flat" },
  );
  for (const [name, sum] of sums)
    for (const [i, g] of sum.entries()) {
      const want = (job.weights.get(name) as HostArray<"float32">).data[i]! - (0.5 * g) / 160;
      expect(Math.abs(moved.get(name)![i]! - want), name).toBeLessThan(1e-6);
    }
});

test("the noise has deviation σ·C over the expected batch in every tensor, rows of tables that nobody used too", async () => {
  const privacy = { noiseMultiplier: 200, clip: 0.5 };
  const options = { weightDecay: 0, optimizer: "sgd", learningRate: 1, warmupRatio: 0, schedule: "constant" } as const;
  const moved = await after(1, setup(privacy, options));
  for (const name of ["bert.embeddings.word_embeddings.weight", "bert.encoder.layer.0.intermediate.dense.weight"]) {
    const start = (job.weights.get(name) as HostArray<"float32">).data;
    const steps = moved.get(name)!.map((v, i) => v - start[i]!);
    const deviation = Math.sqrt(steps.reduce((s, v) => s + v * v, 0) / steps.length);
    expect(deviation / ((200 * 0.5) / 8), name).toBeCloseTo(1, 1);
  }
});

test("a Poisson batch may be empty, and is a step of noise alone", async () => {
  const sparse = { ...setup({ noiseMultiplier: 1 }, { batchSize: 1 }), examples: tinyExamples(3) };
  const trainer = await createTrainer(sparse);
  const sizes: number[] = [];
  while (trainer.step < trainer.steps) sizes.push((await trainer.run()).examples);
  await trainer.dispose();
  const empty = sizes.indexOf(0);
  expect(empty).toBeGreaterThanOrEqual(0);
  expect(same(await after(empty, sparse), await after(empty + 1, sparse))).toBe(false);
});

test("an adapter on a base in 8-bit integers makes the same step in runs of 1, 4 or 160 examples, but for rounding", async () => {
  const { model, weights } = setup(fixed);
  const adapter = loraLayout(model.parameters, { targets: "all-linear", rank: 2, trainWhole: ["classifier"] });
  const all = new Map<string, HostArray>([...weights, ...initialiseAdapter(adapter, random(3))]);
  const plain = { optimizer: "sgd", learningRate: 0.1 } as const;
  const [one, few, many] = await Promise.all(
    [1, 4, 160].map((microBatch) =>
      after(2, { ...setup({ ...fixed, microBatch }, plain), adapter, weights: all, frozen: "int8" }),
    ),
  );
  const float = await after(2, { ...setup(fixed, plain), adapter, weights: all });
  for (const name of [...adapter.parameters.map((p) => p.name), "classifier.weight"])
    for (const other of [one!, few!])
      other.get(name)!.forEach((v, i) => {
        expect(Math.abs(v - many!.get(name)![i]!), name).toBeLessThan(1e-5);
      });
  expect(same(few!, float)).toBe(false);
});

describe("refuses", () => {
  const refusal = async (given: TrainerSetup) =>
    await createTrainer(given).then(
      () => "nothing",
      (error: Error) => error.message,
    );
  test.each<[string, PrivacyOptions, RegExp]>([
    ["ε of 0", { epsilon: 0 }, /epsilon: out of range/],
    ["ε below 0", { epsilon: -1 }, /epsilon: out of range/],
    ["δ of 1", { epsilon: 8, delta: 1 }, /delta: out of range/],
    ["no budget and no noise", {}, /neither a budget nor noise/],
    ["a bound of 0", { epsilon: 8, clip: 0 }, /clip: out of range/],
    ["noise of 0", { noiseMultiplier: 0 }, /noise: out of range/],
    ["noise of two draws", { epsilon: 8, draws: 2 as 1 }, /draws: out of range/],
    ["runs of half an example", { epsilon: 8, microBatch: 0.5 }, /microBatch: out of range/],
  ])("%s", async (_name, privacy, words) => {
    expect(await refusal(setup(privacy))).toMatch(words);
  });
  test("a batch above the data", async () => {
    expect(await refusal(setup(fixed, { batchSize: 161 }))).toMatch(/more examples than there are/);
  });
  test("a run without a key", async () => {
    expect(await refusal({ ...setup(fixed), noise: undefined })).toMatch(/no key/);
  });
});
