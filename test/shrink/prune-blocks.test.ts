// Structured pruning: importance is the derivative of the loss by a mask of a part, and a cut model answers as the whole one with the cut
// parts' columns at zero.
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { initialise, type Model } from "../../src/models/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import { importanceOf, pruneBlocks } from "../../src/shrink/index.ts";
import { batchFeeds, evaluationProgram, trainingProgram } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyConfig, tinyExamples, tinyModel } from "../train/tiny.ts";

type Weights = ReadonlyMap<string, HostArray<"float32">>;
const model = tinyModel({ ...tinyConfig, num_attention_heads: 4 });
const weights = new Map(
  [...initialise(model, random(1))].map(([name, a]) => [
    name,
    { ...a, data: a.data.map((x) => (name.includes("LayerNorm") ? x : 8 * x)) },
  ]),
);
const examples = tinyExamples(6);
const layer = (i: number) => `bert.encoder.layer.${i}`;

/** Columns of a matrix times factors. */
const scaled = (all: Weights, name: string, factor: (column: number) => number): Weights => {
  const { shape, data, ...rest } = all.get(name)!;
  return new Map([...all, [name, { ...rest, shape, data: data.map((x, i) => x * factor(i % shape[1]!)) }]]);
};
async function lossOf(all: Weights, example: (typeof examples)[number]): Promise<number> {
  const { graph } = trainingProgram(model, { dropout: false, trainable: (name) => name === "classifier.bias" });
  const executable = await referenceRuntime.compile(graph);
  const { losses } = await executable.run({ ...Object.fromEntries(all), ...batchFeeds(model, [example], {}) });
  return Number(losses!.data[0]);
}
async function logits(of: Model, all: Weights): Promise<number[]> {
  const executable = await cpuRuntime.compile(evaluationProgram(of), { threads: 1 });
  const { logits: out } = await executable.run({ ...Object.fromEntries(all), ...batchFeeds(of, examples, undefined) });
  await executable.dispose();
  return [...(out!.data as Float32Array)];
}

test("importance is the size of the loss's derivative by a mask, by finite differences", async () => {
  const { heads, inner } = await importanceOf(model, weights, examples.slice(0, 2), cpuRuntime, 1);
  const step = 1e-2;
  const derivative = async (name: string, isOf: (column: number) => boolean) => {
    let sum = 0;
    for (const example of examples.slice(0, 2)) {
      const at = (by: number) =>
        lossOf(
          scaled(weights, name, (c) => (isOf(c) ? 1 + by : 1)),
          example,
        );
      sum += Math.abs((await at(step)) - (await at(-step))) / (2 * step);
    }
    return sum;
  };
  for (const [i, h] of [
    [0, 2],
    [1, 3],
  ] as const) {
    const wanted = await derivative(`${layer(i)}.attention.output.dense.weight`, (c) => Math.floor(c / 4) === h);
    expect(Math.abs(heads[i]![h]! - wanted)).toBeLessThan(2e-3 * Math.max(...heads[i]!));
    const unit = await derivative(`${layer(i)}.output.dense.weight`, (c) => c === 5 + h);
    expect(Math.abs(inner[i]![5 + h]! - unit)).toBeLessThan(2e-3 * Math.max(...inner[i]!));
  }
});

test("a cut model is smaller and answers as the whole one without the least important parts", async () => {
  const importance = await importanceOf(model, weights, examples, cpuRuntime, 1);
  const smaller = pruneBlocks(model, weights, importance, { heads: 0.5, width: 0.75 });
  expect(smaller.model.config.intermediate_size).toBe(8);
  expect(smaller.weights.get(`${layer(0)}.attention.self.query.weight`)!.shape).toEqual([8, 16]);
  const rank = (numbers: Float64Array, at: number) => [...numbers].filter((x) => x > numbers[at]!).length;
  const masked = [0, 1].reduce<Weights>((all, i) => {
    const heads = scaled(all, `${layer(i)}.attention.output.dense.weight`, (c) =>
      rank(importance.heads[i]!, Math.floor(c / 4)) < 2 ? 1 : 0,
    );
    return scaled(heads, `${layer(i)}.output.dense.weight`, (c) => (rank(importance.inner[i]!, c) < 8 ? 1 : 0));
  }, weights);
  const [cut, wanted, whole] = [
    await logits(smaller.model, smaller.weights),
    await logits(model, masked),
    await logits(model, weights),
  ];
  expect(Math.max(...cut.map((x, i) => Math.abs(x - wanted[i]!)))).toBeLessThan(1e-5);
  expect(Math.max(...cut.map((x, i) => Math.abs(x - whole[i]!)))).toBeGreaterThan(1e-3);
});

test("a model whose heads were cut is cut again, and its config names the heads of the first model", async () => {
  const once = pruneBlocks(model, weights, await importanceOf(model, weights, examples, cpuRuntime, 1), {
    heads: 0.25,
  });
  const twice = pruneBlocks(
    once.model,
    once.weights,
    await importanceOf(once.model, once.weights, examples, cpuRuntime, 1),
    { heads: 1 / 3 },
  );
  const gone = (m: Model, i: number) => (m.config.pruned_heads as Record<string, number[]>)[i]!;
  for (const i of [0, 1]) {
    expect(gone(once.model, i)).toHaveLength(1);
    expect(gone(twice.model, i)).toHaveLength(2);
    expect(gone(twice.model, i)).toContain(gone(once.model, i)[0]);
  }
  expect((await logits(twice.model, twice.weights)).every(Number.isFinite)).toBe(true);
});

test("shares out of range, and pruned_heads that do not fit, are refused", async () => {
  const importance = await importanceOf(model, weights, examples.slice(0, 1), cpuRuntime, 1);
  expect(fault("E_ARGUMENT", () => pruneBlocks(model, weights, importance, { heads: 1 })).facts.problem).toBe(
    "prune.heads is wrong",
  );
  expect(fault("E_MODEL", () => tinyModel({ ...tinyConfig, pruned_heads: { 0: [0, 1] } })).facts.problem).toBe(
    "pruned_heads does not fit the model",
  );
  expect(fault("E_CONFIG", () => tinyModel({ ...tinyConfig, pruned_heads: { 0: [1, 1] } })).facts.problem).toBe(
    "pruned_heads is wrong",
  );
});
