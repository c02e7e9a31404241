// The training machine: every option changes something, parts equal the whole, bad numbers stop it and leave the weights alone.
import { expect, test } from "vitest";
import { isConcordError, random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import {
  checkMemory,
  createTrainer,
  estimateMemory,
  type StepReport,
  type TrainerOptions,
  trainingProgram,
} from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyExamples, tinyJob, tinyModel } from "./tiny.ts";

const model = tinyModel();
const start = initialise(model, random(1));
const examples = tinyExamples(48);
const base: Partial<TrainerOptions> = { epochs: 1, batchSize: 8, learningRate: 1e-2, seed: 3 };

async function run(
  options: Partial<TrainerOptions>,
): Promise<{ reports: StepReport[]; weights: Map<string, Float32Array> }> {
  const trainer = await createTrainer({
    model,
    weights: start,
    runtime: cpuRuntime,
    examples,
    threads: 1,
    options: { ...base, ...options },
  });
  const reports: StepReport[] = [];
  while (trainer.step < trainer.steps) reports.push(await trainer.run());
  const weights = new Map([...trainer.weights()].map(([name, { data }]) => [name, data.slice()]));
  await trainer.dispose();
  return { reports, weights };
}

/** Largest difference over all weights, relative to the largest weight. */
function difference(a: Map<string, Float32Array>, b: Map<string, Float32Array>): number {
  let [worst, scale] = [0, 0];
  for (const [name, x] of a) {
    const y = b.get(name)!;
    for (let i = 0; i < x.length; i++) {
      worst = Math.max(worst, Math.abs(x[i]! - y[i]!));
      scale = Math.max(scale, Math.abs(x[i]!));
    }
  }
  return worst / scale;
}

const plain = await run({});

test("the same seed gives the same bits", async () => {
  expect(difference(plain.weights, (await run({})).weights)).toBe(0);
});

test.each<[string, Partial<TrainerOptions>]>([
  ["seed", { seed: 4 }],
  ["batchSize", { batchSize: 12 }],
  ["learningRate", { learningRate: 5e-3 }],
  ["schedule", { schedule: "cosine" }],
  ["warmupRatio", { warmupRatio: 0.5 }],
  ["minimumRatio", { schedule: "cosine_with_min_lr", minimumRatio: 0.5 }],
  ["decayRatio", { schedule: "warmup_stable_decay", decayRatio: 0.5 }],
  ["weightDecay", { weightDecay: 0.5 }],
  ["maxGradNorm", { maxGradNorm: 0.01, optimizer: "sgd" }],
  ["dropout", { dropout: false }],
  ["grouping", { grouping: "length" }],
  ["labelSmoothing", { labelSmoothing: 0.2 }],
  ["classWeights", { classWeights: [1, 3] }],
  ["optimizer", { optimizer: "lion" }],
  ["optimizerOptions", { optimizerOptions: { betas: [0.5, 0.9] } }],
  ["epochs", { epochs: 2 }],
])("option %s changes the weights", async (_name, options) => {
  expect(difference(plain.weights, (await run(options)).weights)).toBeGreaterThan(1e-4);
});

test("gradients summed over four parts make the large batch's update", async () => {
  const options = { dropout: false, optimizer: "sgd" as const, learningRate: 0.1 };
  const whole = await run(options);
  const parts = await run({ ...options, accumulate: 4 });
  for (const [i, r] of parts.reports.entries()) expect(Math.abs(r.loss - whole.reports[i]!.loss)).toBeLessThan(1e-5);
  expect(difference(whole.weights, parts.weights)).toBeLessThan(2e-5);
});

test("a row weight of zero takes an example out of the update, and weight two counts it twice", async () => {
  const step = async (rows: typeof examples) => {
    const trainer = await createTrainer({
      model,
      weights: start,
      runtime: cpuRuntime,
      examples: rows,
      threads: 1,
      options: { epochs: 1, batchSize: 64, dropout: false },
    });
    const report = await trainer.run();
    await trainer.dispose();
    return report;
  };
  const five = examples.slice(0, 5);
  const without = await step([...five, { ...examples[5]!, weight: 0 }]);
  expect(without.loss).toBeCloseTo((await step(five)).loss, 5);
  const twice = await step([...five, { ...examples[5]!, weight: 2 }]);
  expect(twice.gradientNorm).toBeCloseTo((await step([...five, examples[5]!, examples[5]!])).gradientNorm, 5);
});

test("an infinite weight stops the run with step and tensor, and nothing is updated", async () => {
  const broken = new Map(start);
  const name = "bert.encoder.layer.1.output.dense.weight";
  broken.set(name, {
    ...start.get(name)!,
    data: start.get(name)!.data.map((x, i) => (i === 3 ? Number.POSITIVE_INFINITY : x)),
  });
  const trainer = await createTrainer({
    model,
    weights: broken,
    runtime: cpuRuntime,
    examples,
    threads: 1,
    options: base,
  });
  const error = await trainer.run().catch((e: unknown) => e);
  if (!isConcordError(error, "E_DIVERGED")) throw error;
  expect(error.facts.operation).toBe("training step 1");
  expect(error.facts.got).toMatch(/first in the gradient of /);
  expect(trainer.step).toBe(0);
  expect(trainer.weights().get("classifier.weight")!.data).toEqual(start.get("classifier.weight")!.data);
  await trainer.dispose();
});

test("a rate far too high ends a job with E_DIVERGED across the thread border", async () => {
  await expect(
    train(tinyJob({ learningRate: 1e3, maxGradNorm: 0, optimizer: "sgd", warmupRatio: 0 })),
  ).rejects.toMatchObject({ code: "E_DIVERGED" });
});

test.each<[Partial<TrainerOptions>, RegExp]>([
  [{ batchSize: 0 }, /batchSize is wrong/],
  [{ epochs: 1.5 }, /epochs is wrong/],
  [{ labelSmoothing: 2 }, /labelSmoothing is wrong/],
  [{ optimizer: "adamv" as never }, /did you mean adam/],
  [{ schedule: "cosin" as never }, /did you mean cosine/],
])("bad settings are refused: %o", async (options, message) => {
  await expect(run(options)).rejects.toThrow(message);
});

test("missing, misshapen weights and empty data are refused by name", async () => {
  const make = (weights: typeof start, rows = examples) =>
    createTrainer({ model, weights, runtime: cpuRuntime, examples: rows });
  const without = new Map(start);
  without.delete("classifier.bias");
  await expect(make(without)).rejects.toThrow(/classifier.bias is missing/);
  await expect(make(start, [])).rejects.toThrow(/E_DATA/);
  const trainer = await make(start, [{ ids: Int32Array.of(500), label: 0 }]);
  await expect(trainer.run()).rejects.toThrow(/0 … 199/);
  await trainer.dispose();
});

test("a step that does not fit the machine is refused before it starts, with a batch that does", () => {
  const program = trainingProgram(model);
  const need = estimateMemory(program, { examples: 64, tokens: 64 * 20, longest: 20 });
  expect(need.total).toBeGreaterThan(need.parameters + need.training + need.activations);
  expect(() => checkMemory(program, { examples: 4096, tokens: 4096 * 24, longest: 24 }, 4e8)).toThrow(
    /accumulate \d+ runs \d+ examples at a time/,
  );
  expect(() => checkMemory(program, { examples: 1, tokens: 1, longest: 1 }, 1e6)).toThrow(
    /even one example does not fit/,
  );
});
