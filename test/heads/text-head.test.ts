// Heads of whole texts that a recipe chooses: made, learned, saved, opened again, beside an adapter and on a decoder; what is refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import type { Graph } from "../../src/graph/index.ts";
import { architectures, initialise, modelOf, withHead } from "../../src/models/index.ts";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { recipeSchema } from "../../src/recipe/recipe.ts";
import { runRecipe } from "../../src/runs/index.ts";
import { openModel } from "../../src/stages/open-model.ts";
import { evaluationProgram } from "../../src/train/index.ts";
import { fault, faultLater } from "../fault.ts";
import { savedCases } from "../models/saved.ts";
import { tinyConfig } from "../train/tiny.ts";

const home = mkdtempSync(join(tmpdir(), "concord-text-head-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const given = {
  version: 1,
  name: "moods",
  data: { file: "rows.csv", text: "text", label: "label" },
  model: { scratch: { vocabulary: 120, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 },
  adapt: { epochs: 6, batchSize: 16, learningRate: 3e-3, threads: 1 },
  evaluate: { resamples: 50 },
};
const rng = random(4);
const words = { glad: ["fine", "well", "happy"], sad: ["awful", "low", "tired"] };
const rows = Array.from({ length: 200 }, (_, i) => {
  const label = (["glad", "sad"] as const)[rng.int(2)]!;
  return `day ${i} felt ${words[label][rng.int(3)]} and ${words[label][rng.int(3)]},${label}`;
});
writeFileSync(join(home, "rows.csv"), ["text,label", ...rows].join("\n"));

const run = async (name: string, more: object) => {
  const folder = join(home, name);
  await runRecipe(recipeSchema.parse({ ...given, ...more }), { home, folder });
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  return { folder, config: read("model/config.json"), metrics: read("metrics.json") };
};

test("a recipe's pooling and MLP are learned, saved with the model and kept by whoever trains it further", async () => {
  const head = { layer: "mlp", hidden: 20, activation: "relu", dropout: 0.2 };
  const first = await run("first", { model: { ...given.model, pooling: "attention", head } });
  expect(first.config.text_head).toEqual({ ...head, pooling: "attention" });
  expect(first.metrics.accuracy.value).toBeGreaterThan(0.9);
  const { weights } = await loadModel(join(first.folder, "model"));
  expect(weights.get("text_head.dense.weight")!.shape).toEqual([20, 32]);
  const { predictor } = await openModel(first.folder);
  const [answer] = await predictor.answers(["day 1 felt happy and well"]);
  expect(answer).toMatchObject({ kind: "label", label: "glad" });
  await predictor.dispose();

  const from = { from: join(first.folder, "model"), maxLength: 24 };
  const adapt = { ...given.adapt, epochs: 1, learningRate: 1e-4, method: "lora" };
  const again = await run("again", { model: from, adapt });
  expect(again.config.text_head).toEqual(first.config.text_head);
  expect(again.metrics.accuracy.value).toBeGreaterThan(0.9);
  const other = await run("other", { model: { ...from, pooling: "max" }, adapt });
  expect(other.config.text_head).toMatchObject({ pooling: "max", hidden: 20 });
});

test("a head for words or none leaves the entry out", () => {
  const own = withHead(tinyConfig, "Bert", "single-label", ["a", "b"], { text: { layer: "mlp" } });
  expect(withHead(own, "Bert", "token", ["a"])).not.toHaveProperty("text_head");
  expect(withHead(own, "Bert", "features")).not.toHaveProperty("text_head");
  expect(withHead(own, "Bert", "regression")).toHaveProperty("text_head");
});

test("a folder keeps every weight of the head", async () => {
  const config = withHead(tinyConfig, "Bert", "single-label", ["a", "b"], {
    text: { pooling: "attention", layer: "mlp" },
  });
  const model = modelOf(configOf(config, "test"));
  const weights = initialise(model, random(1));
  await saveModel(join(home, "folder"), model, weights);
  const opened = await loadModel(join(home, "folder"));
  expect(opened.fresh).toEqual([]);
  for (const [name, { data }] of weights) expect(opened.weights.get(name)!.data).toEqual(data);
});

test("an entry that is none is refused with its place, and so is the first token of a model that looks back only", () => {
  const read = (text_head: object, more = {}) =>
    modelOf(configOf({ ...tinyConfig, text_head: text_head as never, ...more }, "config.json"));
  for (const wrong of [{ pooling: "most" }, { layer: "deep" }, { hidden: 0 }, { dropout: 1 }, { width: 3 }])
    expect(fault("E_CONFIG", () => read(wrong)).facts.path).toMatch(/text_head/);
  const words = { architectures: ["BertForTokenClassification"] };
  expect(fault("E_MODEL", () => read({}, words)).facts.problem).toMatch(/answer about whole texts/);
  const gpt2 = { model_type: "gpt2", vocab_size: 60, n_positions: 20, n_embd: 16, n_layer: 1, n_head: 2 };
  const causal = (pooling: "cls" | "mean") =>
    modelOf(configOf(withHead(gpt2, "GPT2", "single-label", ["a", "b"], { text: { pooling } }), "config.json"));
  expect(fault("E_MODEL", () => causal("cls")).facts.problem).toMatch(/first token of this model/);
  expect(
    causal("mean")
      .parameters.filter(({ head }) => head)
      .map(({ name }) => name),
  ).toEqual(["text_head.out.weight", "text_head.out.bias"]);
});

test.each([
  [{ task: "entities", model: { scratch: {}, head: "mlp" } }, "model.head"],
  [{ model: { scratch: {}, head: "crf" } }, "model.head"],
  [{ task: "embeddings", data: { file: "a.csv", pair: "b" }, model: { scratch: {}, head: "mlp" } }, "model.head"],
  [
    { task: "embeddings", data: { file: "a.csv", pair: "b" }, model: { scratch: {}, pooling: "attention" } },
    "model.pooling",
  ],
  [{ modality: "image", model: { scratch: { side: 28 }, head: "linear" } }, "model.head"],
])("%j is refused by name", (more, path) => {
  const checked = recipeSchema.safeParse({ ...given, ...more });
  expect(checked.error?.issues.map((issue) => issue.path.join("."))).toContain(path);
});

test("a pooling for the architecture's own head is still refused where that has none", async () => {
  const error = await faultLater("E_CONFIG", () =>
    loadModel(join(home, "folder"), { head: { task: "token", labels: ["a"], pooling: "max" } }),
  );
  expect(error.facts.problem).toMatch(/no pooling to choose/);
});

test("the head is as wide as each architecture's rows, also where a config leaves the width to its default", () => {
  const cases = savedCases().filter(({ name, model }) => name.endsWith("-single-label") && model.tokens);
  expect(cases.length).toBeGreaterThan(10);
  for (const { name, model } of cases) {
    const config = withHead(model.config, architectures[model.type]!.name, "single-label", ["a", "b"], { text: {} });
    expect(outputOf(evaluationProgram(modelOf(configOf(config, name))), "logits"), name).toEqual(["B", 2]);
  }
  const plain = { model_type: "gpt2", n_layer: 1, n_head: 2, vocab_size: 40, n_positions: 16 };
  const bare = modelOf(configOf(withHead(plain, "GPT2", "single-label", ["a", "b"], { text: {} }), "gpt2"));
  expect(bare.parameters.find((p) => p.name === "text_head.out.weight")!.shape).toEqual([2, 768]);
});

const outputOf = ({ outputs }: Graph, name: string) => outputs.find(([one]) => one === name)![1].shape;
