// Quantisation-aware training: rounding passes gradients straight through within its range, the forward pass in training is the stored
// model's, and a model trained so answers better once it is stored.
import { expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { input, makeGraph, mul, scalar, sum } from "../../src/graph/index.ts";
import { exportGraph, initialise, type Model, modelOf, withHead } from "../../src/models/index.ts";
import { fromBlocks, quantiseBlocks } from "../../src/onnx/index.ts";
import { exportOnnx } from "../../src/predict/index.ts";
import {
  boundAgain,
  inBlocks,
  observations,
  observing,
  onGrid,
  type QuantiseScheme,
  storedAs,
  storedModel,
  uncalibratedInt8,
} from "../../src/quantise/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import { batchFeeds, createTrainer, evaluationProgram, type TextExample } from "../../src/train/index.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";
import { tinyConfig, tinyExamples, tinyModel } from "./tiny.ts";

type Weights = ReadonlyMap<string, HostArray<"float32">>;
const vector = (numbers: readonly number[]) => hostArray("float32", [numbers.length], numbers);
const numbersOf = (array: HostArray | undefined) => [...(array!.data as Float32Array)];

test("a number becomes the nearest of its grid; its gradient is 1 where the grid reaches, and 0 beyond", async () => {
  const [x, g] = [input("x", "float32", [7]), input("g", "float32", [7])];
  const y = onGrid(x, { scale: scalar(0.5), zero: 2, low: 0, high: 7 }); // −1 … 2.5 in steps of 0.5
  const [dx] = gradients([sum(mul(y, g))], [x]);
  const executable = await referenceRuntime.compile(makeGraph({ x, g }, { y, dx: dx! }));
  const feeds = { x: vector([-9, -1.26, -1.24, 0.3, 2.5, 2.74, 2.76]), g: vector([1, 2, 3, 4, 5, 6, 7]) };
  const out = await executable.run(feeds);
  expect(numbersOf(out.y)).toEqual([-1, -1, -1, 0.5, 2.5, 2.5, 2.5]);
  expect(numbersOf(out.dx)).toEqual([0, 0, 3, 4, 5, 6, 0]);
});

test.each([
  [4, true, 70],
  [4, false, 64],
  [8, true, 48],
] as const)(
  "blocks of %i bits, symmetric %s, are those that are stored, a last short one too",
  async (bits, symmetric, columns) => {
    const rng = random("blocks");
    const weight = hostArray(
      "float32",
      [3, columns],
      Float32Array.from({ length: 3 * columns }, (_, i) => (i < 32 ? 0 : rng.normal() + 0.3)),
    );
    const w = input("w", "float32", [3, columns]);
    const settings = { bits, blockSize: 32, symmetric };
    const executable = await cpuRuntime.compile(makeGraph({ w }, { y: inBlocks(w, settings) }));
    const got = numbersOf((await executable.run({ w: weight })).y);
    const wanted = numbersOf(fromBlocks(quantiseBlocks(weight, settings), columns));
    expect(Math.max(...got.map((v, i) => Math.abs(v - wanted[i]!)))).toBeLessThan(1e-6);
    await executable.dispose();
  },
);

const headed = (config: JsonRecord, family: string) =>
  modelOf(configOf(withHead(config, family, "single-label", ["a", "b", "c"]), "test"));
const models: Record<string, Model> = {
  BERT: headed(
    {
      model_type: "bert",
      vocab_size: 200,
      hidden_size: 32,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      intermediate_size: 64,
      max_position_embeddings: 40,
    },
    "Bert",
  ),
  "GPT-2": headed(
    { model_type: "gpt2", vocab_size: 200, n_embd: 32, n_layer: 2, n_head: 4, n_positions: 40, pad_token_id: 0 },
    "GPT2",
  ),
};
const weightsOf = (model: Model): Weights =>
  new Map(
    [...initialise(model, random(3))].map(([name, a]) => [
      name,
      a.shape.length === 2 ? { ...a, data: a.data.map((x) => 4 * x) } : a, // answers that differ
    ]),
  );
const rng = random("texts");
const texts: TextExample[] = Array.from({ length: 6 }, () => ({
  ids: Int32Array.from({ length: 3 + rng.int(20) }, () => 1 + rng.int(199)),
}));
const padded = ({ ids }: TextExample) => {
  const row = (of: (id: number) => number) =>
    hostArray(
      "int64",
      [1, ids.length],
      BigInt64Array.from(ids, (id) => BigInt(of(id))),
    );
  return { input_ids: row((id) => id), attention_mask: row(() => 1), token_type_ids: row(() => 0) };
};

const exported = (model: Model) => {
  const graph = exportGraph(model);
  const names = new Set(graph.inputs.map(([name]) => name));
  const inputsOf = (text: TextExample) =>
    Object.fromEntries(Object.entries(padded(text)).filter(([name]) => names.has(name)));
  return { graph, inputsOf };
};

async function observed(model: Model, weights: Weights) {
  const { seen, observe } = observations();
  const { graph, inputsOf } = exported(model);
  const names = model.parameters.map((p) => p.name);
  const bind = Object.fromEntries(names.map((n) => [n, { kind: "initializer" as const, array: weights.get(n)! }]));
  const session = await observing(cpuRuntime, names, observe).compile(graph, { bind });
  for (const text of texts) await session.run(inputsOf(text));
  await session.dispose();
  return seen;
}

const static8: QuantiseScheme = { ...uncalibratedInt8, activations: "static" };
const schemes: Record<string, QuantiseScheme> = {
  "int8, static": static8,
  "int8, static, smooth": { ...static8, smooth: 0.5 },
  "int8, row": { ...uncalibratedInt8, activations: "row" },
};

test.each([
  ["BERT", "int8, static"],
  ["BERT", "int8, row"],
  ["BERT", "int8, static, smooth"],
  ["GPT-2", "int8, static, smooth"],
])("%s in training, %s, computes what its exported file does", async (name, scheme) => {
  const model = models[name]!;
  const weights = weightsOf(model);
  const { inputsOf } = exported(model);
  const { bind } = storedModel(model, weights, schemes[scheme]!, await observed(model, weights));
  const file = await openOnnx(exportOnnx(model, weights, bind));
  const training = await cpuRuntime.compile(evaluationProgram(model, { stored: storedAs(bind) }), { threads: 1 });
  const floats = await cpuRuntime.compile(evaluationProgram(model), { threads: 1 });
  let [apart, rounding] = [0, 0];
  for (const text of texts) {
    const feeds = { ...Object.fromEntries(weights), ...batchFeeds(model, [text], undefined) };
    const wanted = numbersOf((await file.run(inputsOf(text))).logits);
    const [trained, plain] = [await training.run(feeds), await floats.run(feeds)].map((out) => numbersOf(out.logits));
    apart = Math.max(apart, ...wanted.map((x, i) => Math.abs(x - trained![i]!)));
    rounding = Math.max(rounding, ...wanted.map((x, i) => Math.abs(x - plain![i]!)));
  }
  for (const one of [file, training, floats]) await one.dispose();
  expect(rounding).toBeGreaterThan(2e-3);
  expect(apart).toBeLessThan(0.1 * rounding); // a sum in another order moves a number across the edge of a step
});

test("a model that is trained to be stored in 4 bits answers more surely than one that is only stored so", async () => {
  const model = tinyModel({ ...tinyConfig, hidden_size: 32, intermediate_size: 64 });
  const examples = tinyExamples(48);
  const run = async (weights: Weights, options: object, stored?: ReturnType<typeof storedAs>) => {
    const trainer = await createTrainer({ model, weights, runtime: cpuRuntime, examples, threads: 1, stored, options });
    const losses: number[] = [];
    while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
    const out = new Map([...trainer.weights()].map(([name, a]) => [name, { ...a, data: a.data.slice() }]));
    await trainer.dispose();
    return { losses, weights: out };
  };
  const options = { batchSize: 48, dropout: false, seed: 1 };
  const float = await run(initialise(model, random(1)), { ...options, epochs: 40, learningRate: 3e-3 });
  const { bind } = storedModel(model, float.weights, { ...uncalibratedInt8, to: "int4" });
  const loss = async (weights: Weights) =>
    (await run(weights, { ...options, epochs: 1, learningRate: 0 }, storedAs(bind))).losses[0]!;
  const before = await loss(float.weights);
  const trained = await run(float.weights, { ...options, epochs: 12, learningRate: 1e-3 }, storedAs(bind));
  expect(trained.losses[0]).toBeCloseTo(before, 5);
  expect(await loss(trained.weights)).toBeLessThan(0.8 * before);
  const again = boundAgain(bind, trained.weights);
  expect(again["classifier.bias"]).toMatchObject({ array: trained.weights.get("classifier.bias") });
  expect(Object.keys(again)).toEqual(Object.keys(bind));
});
