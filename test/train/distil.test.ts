// Distillation: each loss and its gradients as PyTorch computes them; what a student learns; resuming and accumulation hold; private training
// and teachers that do not fit are refused.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HostArray, random, sizeOf } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, type Model, modelOf, withHead } from "../../src/models/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import {
  batchFeeds,
  createTrainer,
  type DistilSettings,
  distil,
  objectiveOf,
  type TextExample,
  type TrainerOptions,
  trainingProgram,
  uniformLayers,
} from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { openTeacher } from "../../src/train/teacher.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyConfig, tinyExamples, tinyModel } from "./tiny.ts";

const golden = JSON.parse(readFileSync(join(import.meta.dirname, "../golden/distil/distil.json"), "utf8")) as {
  temperature: number;
  layers: [number, number][];
  texts: number[][];
  labels: number[];
  sizes: Record<"teacher" | "student", Record<string, number>>;
  losses: Record<string, number[]>;
  grads: Record<string, number[]>;
};

/** Weights as make.py makes them. */
function sines(shape: readonly number[], seed: number, scale: number, offset = 0): HostArray<"float32"> {
  const data = Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => offset + scale * Math.sin(1.7 * i + 3.1 * seed + 0.3),
  );
  return { dtype: "float32", shape, data };
}
const goldenModel = (kind: "teacher" | "student") => {
  const sizes = {
    vocab_size: 14,
    num_attention_heads: 2,
    max_position_embeddings: 8,
    type_vocab_size: 2,
    layer_norm_eps: 1e-12,
  };
  const quiet = { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, pad_token_id: 0 };
  const config = { model_type: "bert", ...sizes, ...quiet, ...golden.sizes[kind] };
  return modelOf(configOf(withHead(config, "Bert", "single-label", ["a", "b", "c"]), kind));
};
const goldenWeights = ({ parameters }: Model, seed: number) =>
  new Map(
    parameters
      .map(({ name, shape }) => ({ name, shape }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, shape }, k) => {
        const norm = name.endsWith("LayerNorm.weight");
        return [name, sines(shape, seed + k, norm || shape.length === 1 ? 0.1 : 0.5, norm ? 1 : 0)] as const;
      }),
  );
const [teacher, student] = [goldenModel("teacher"), goldenModel("student")];
const teacherWeights = goldenWeights(teacher, 100);
const goldenExamples: TextExample[] = golden.texts.map((ids, i) => ({
  ids: Int32Array.from(ids),
  label: golden.labels[i]!,
}));
const none = { labels: 0, logits: 0, cosine: 0, hidden: 0, attention: 0, embedding: 0 };

/** Losses and gradients by the interpreter, in float64. */
async function goldenStep(weights: Partial<DistilSettings>) {
  const settings = { teacher: teacher.config, temperature: golden.temperature, layers: golden.layers };
  const objective = distil({ ...settings, ...none, ...weights });
  const program = trainingProgram(student, { objective, dropout: false });
  const open = await openTeacher({ model: student, objective, teacher: teacherWeights, runtime: referenceRuntime });
  const feeds = batchFeeds(student, goldenExamples, { divisor: goldenExamples.length }, objective);
  const projections = {
    "distil.hidden.weight": sines([12, 8], 50, 0.4),
    "distil.embeddings.weight": sines([12, 8], 60, 0.4),
  };
  const step = await referenceRuntime.compile(program.graph);
  const given = {
    ...Object.fromEntries(goldenWeights(student, 7)),
    ...projections,
    ...feeds,
    ...(await open!.feeds(goldenExamples, feeds)),
  };
  const results = await step.run(
    Object.fromEntries(program.graph.inputs.map(([name]) => [name, given[name as keyof typeof given]!])),
  );
  return { program, results };
}

test.each(Object.keys(golden.losses))(
  "the loss of %s is PyTorch's, for texts of unequal length in one batch",
  async (name) => {
    const { results } = await goldenStep({ [name]: 1 });
    const losses = [...results.losses!.data].map(Number);
    for (const [i, wanted] of golden.losses[name]!.entries()) expect(losses[i]).toBeCloseTo(wanted, 5);
    const { results: half } = await goldenStep({ [name]: 0.5 });
    expect(Number(half.losses!.data[0])).toBeCloseTo(losses[0]! / 2, 5);
  },
);

test("gradients of all losses together are PyTorch's, those of the projections among them", async () => {
  const { program, results } = await goldenStep(
    Object.fromEntries(Object.keys(golden.losses).map((name) => [name, 1])),
  );
  for (const [name, wanted] of Object.entries(golden.grads)) {
    const { dense } = program.gradients.find((g) => g.parameter === name)!;
    const largest = Math.max(...wanted.map(Math.abs));
    const apart = [...results[dense!]!.data].map((x, i) => Math.abs(Number(x) - wanted[i]!));
    expect(Math.max(...apart) / largest, name).toBeLessThan(2e-5);
  }
});

test("layers are paired evenly, from the embeddings to the last", () => {
  expect(uniformLayers(3, 6)).toEqual([
    [0, 0],
    [1, 2],
    [2, 4],
    [3, 6],
  ]);
  expect(uniformLayers(4, 6)).toEqual([
    [0, 0],
    [1, 2],
    [2, 3],
    [3, 5],
    [4, 6],
  ]);
});

const examples = tinyExamples(48);
const model = tinyModel({ ...tinyConfig, num_hidden_layers: 1 });
const large = tinyModel({ ...tinyConfig, num_hidden_layers: 2, hidden_size: 24 });
const largeWeights = initialise(large, random(4));
const make = (settings: Partial<DistilSettings> = {}, options: Partial<TrainerOptions> = {}, given = examples) =>
  createTrainer({
    model,
    weights: initialise(model, random(1)),
    teacher: largeWeights,
    runtime: cpuRuntime,
    examples: given,
    threads: 1,
    objective: distil({
      teacher: large.config,
      logits: 1,
      labels: 0,
      hidden: 1,
      attention: 1,
      embedding: 1,
      ...settings,
    }),
    options: { epochs: 2, batchSize: 16, learningRate: 3e-3, dropout: false, seed: 3, ...options },
  });
const finish = async (trainer: Awaited<ReturnType<typeof make>>) => {
  const losses: number[] = [];
  while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
  const weights = trainer.weights();
  const flat = [...weights.values()].flatMap(({ data }) => [...data]);
  await trainer.dispose();
  return { losses, flat, names: [...weights.keys()] };
};

test("a student comes nearer to its teacher, and its projections are not among the weights", async () => {
  const { losses, names } = await finish(await make({}, { epochs: 12 }));
  expect(losses.at(-1)!).toBeLessThan(0.6 * losses[0]!);
  expect(names).toEqual(model.parameters.map((p) => p.name));
});

test("accumulated batches make the update of the large batch, and a restored run ends with the same bits", async () => {
  const whole = await finish(await make());
  const parts = await finish(await make({}, { accumulate: 2 }));
  expect(Math.max(...whole.flat.map((x, i) => Math.abs(x - parts.flat[i]!)))).toBeLessThan(1e-3);
  const first = await make();
  for (let k = 0; k < 3; k++) await first.run();
  const saved = structuredClone(first.save());
  await first.dispose();
  const second = await make();
  second.restore(saved);
  expect((await finish(second)).flat).toEqual(whole.flat);
});

test("with a trimmed vocabulary the teacher reads its own ids, and a text of its own where one is given", async () => {
  const small = tinyModel({ ...tinyConfig, vocab_size: 150 });
  const vocabulary = Array.from({ length: 150 }, (_, i) => i + 50);
  const objective = distil({ teacher: large.config, labels: 0, logits: 1, vocabulary });
  const open = (await openTeacher({ model: small, objective, teacher: largeWeights, runtime: cpuRuntime }))!;
  const [ids, moved] = [Int32Array.of(1, 2, 3), Int32Array.of(51, 52, 53)];
  const given = await open.feeds([{ ids, label: 0 }], {});
  const own = await open.feeds([{ ids: Int32Array.of(9), taught: { ids: moved }, label: 0 }], {});
  expect(own["teacher.logits"]!.data).toEqual(given["teacher.logits"]!.data);
  await open.dispose();
  const rows = distil({ teacher: large.config, hidden: 1, vocabulary }).teacher!(small);
  expect(() => rows.reads({ ids, taught: { ids: moved } })).toThrow("their rows cannot be compared");
});

test("in a worker thread the teacher is data of the job; without its weights the job is refused", async () => {
  const job = {
    config: model.config,
    weights: initialise(model, random(1)),
    examples,
    teacher: largeWeights,
    frozen: "int8" as const,
    objective: { name: "distil" as const, settings: { teacher: large.config, hidden: 1 } },
    options: { epochs: 1, batchSize: 16 },
    threads: 1,
  };
  const result = await train(job);
  expect(result.finished && [...result.weights.keys()]).toEqual(model.parameters.map((p) => p.name));
  await expect(train({ ...job, teacher: undefined })).rejects.toThrow("its weights are missing");
  await expect(train({ ...job, teacher: initialise(model, random(1)) })).rejects.toThrow("of the teacher is");
});

test("private training is refused by name", async () => {
  await expect(make({}, { privacy: { epsilon: 8, delta: 1e-5 } })).rejects.toThrow(
    "the objective distil cannot be trained privately",
  );
});

test.each<[string, Partial<DistilSettings>, string]>([
  ["a temperature of 0", { temperature: 0 }, "distil.temperature is wrong"],
  ["a negative weight", { hidden: -1 }, "distil.hidden is wrong"],
  ["no loss at all", none, "distil has no loss"],
  ["a layer that there is not", { layers: [[1, 3]] }, "names a layer that there is not"],
  [
    "other labels",
    { teacher: withHead(large.config, "Bert", "single-label", ["odd", "even"]) },
    "the teacher answers something else",
  ],
  ["another vocabulary", { teacher: { ...large.config, vocab_size: 300 } }, "the teacher has another vocabulary"],
  [
    "a vocabulary of other tokens",
    { teacher: { ...large.config, vocab_size: 300 }, vocabulary: [0, 999] },
    "distil.vocabulary does not fit",
  ],
  [
    "other heads",
    { teacher: { ...large.config, num_attention_heads: 4 }, attention: 1 },
    "attention of another number of heads",
  ],
])("%s is refused", (_, settings, problem) => {
  const objective = objectiveOf({ name: "distil", settings: { teacher: large.config, ...settings } });
  expect(fault("E_CONFIG", () => objective.inputs(model)).facts.problem).toContain(problem);
});
