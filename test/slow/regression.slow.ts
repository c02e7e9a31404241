// Runs that learn numbers of any size: learned on a scale, answered in their unit by the model folder, its adapter and whoever goes on from it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { initialise, type Model, modelOf, withHead } from "../../src/models/index.ts";
import { loadAdapter, loadModel } from "../../src/models/node/index.ts";
import { mergeAdapter } from "../../src/nn/index.ts";
import { textPredictor } from "../../src/predict/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { evaluateRun } from "../../src/runs/evaluate-run.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import type { RunEvent } from "../../src/stages/stage.ts";
import { inTargetUnit, onTargetScale, targetScale } from "../../src/stages/target-scale.ts";
import { openTokenizer } from "../../src/tokenizers/node/index.ts";

const home = mkdtempSync(join(tmpdir(), "concord-regression-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const worth: Record<string, number> = { villa: 200_000, pool: 120_000, flat: -40_000, damp: -90_000, garden: 60_000 };
const rng = random(3);
const words = [...Object.keys(worth), "street", "kitchen", "today", "near", "quiet", "north", "bus", "door"];
const lines = Array.from({ length: 240 }, (_, i) => {
  const own = Array.from({ length: 8 }, () => words[rng.int(words.length)]!);
  const price = 300_000 + own.reduce((sum, w) => sum + (worth[w] ?? 0), 0) + Math.round(5000 * rng.normal());
  return `${own.join(" ")} ${i},${price}`;
});
writeFileSync(join(home, "prices.csv"), `text,price\n${lines.join("\n")}\n`);

const text = `
version: 1
name: prices
task: regression
data: { file: prices.csv, label: price, similarity: 1 }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }
adapt: { epochs: 8, batchSize: 16, learningRate: 4e-3, threads: 1 }
evaluate: { resamples: 50 }
export: { onnx: false }
`;
const recipe = (...overrides: string[]): Recipe => readRecipe(text, "recipe.yaml", overrides);
const said: string[] = [];
const run = (folder: string, which: Recipe) =>
  runRecipe(which, {
    home,
    folder: join(home, folder),
    onEvent: (event: RunEvent) => {
      if (event.kind === "note") said.push(event.text);
    },
  });
const json = (...path: string[]) => JSON.parse(readFileSync(join(home, ...path), "utf8"));

async function answersOf(folder: string, model: Model, weights: ReadonlyMap<string, HostArray>, texts: string[]) {
  const predictor = await textPredictor(model, weights, await openTokenizer(folder), cpuRuntime, { maxLength: 32 });
  const logits = await predictor.logits(texts);
  await predictor.dispose();
  return logits.map((row) => row[0]!);
}

test("prices of hundreds of thousands are learned, and scored beside the mean and a linear model with intervals", async () => {
  await run("full", recipe());
  const metrics = json("full", "metrics.json");
  expect(metrics.r2.value).toBeGreaterThan(0.6);
  const { majority, linear } = metrics.baselines.models;
  expect(majority.r2.value).toBeLessThan(0.01);
  expect(majority.spearman).toBeNull(); // a constant has no order
  expect(linear.mae.low).toBeLessThan(linear.mae.value);
  expect(said.join("\n")).toMatch(
    /R²: this model 0\.\d+ \[.*mean of the training rows -?0\.\d+ \[.*ridge regression on character TF-IDF -?0\.\d+ \[/,
  );
  expect(said.join("\n")).toMatch(/Spearman/);
  const errors = said.flatMap(
    (text) => /^epoch \d+ {2}validation mean absolute error (\d+\.\d+)$/.exec(text)?.[1] ?? [],
  );
  expect(errors.length).toBeGreaterThan(1); // an error, not minus an error
  expect(json("full", "curves.json").epochs.map((e: { score: number }) => e.score.toFixed(4))).toEqual(errors);
  const { text: again, record } = await evaluateRun(join(home, "full"));
  expect(record.mae).toEqual(metrics.mae);
  expect(again).toContain("R²: this model");
  const german = lines.map((line) => line.replace(/(?<=\d)(?=(\d{3})+$)/g, ".").replace(/,(.+)$/, "\t$1,0"));
  writeFileSync(join(home, "german.tsv"), `text\tprice\n${german.join("\n")}\n`);
  const scored = (data: string, decimal?: ",") => evaluateRun(join(home, "full"), { data: join(home, data), decimal });
  expect((await scored("german.tsv", ",")).record.mae).toEqual((await scored("prices.csv")).record.mae);
  await expect(scored("german.tsv")).rejects.toThrow(/signs between thousands[\s\S]*--decimal/);
}, 60_000);

test("the saved folder is a plain model that answers in the unit; its adapter over the base answers the same", async () => {
  const { scratch: _, ...model } = recipe().model;
  const which = { ...recipe(), model: { ...model, from: join(home, "full", "model") } };
  await run("lora", { ...which, adapt: { ...which.adapt, method: "lora", epochs: 2 } });
  const base = await loadModel(join(home, "full", "model"));
  expect(base.model.labels?.names).toHaveLength(1); // one output, as Transformers writes it
  const adapter = await loadAdapter(join(home, "lora", "adapter"), base.model);
  const together = new Map([...base.weights, ...adapter.weights]);
  const merged = new Map([...together, ...mergeAdapter(adapter.layout, (name) => together.get(name)!)]);
  const saved = await loadModel(join(home, "lora", "model"));
  const texts = ["villa pool villa pool garden", "damp flat near the bus"];
  const [a, b] = [
    await answersOf(join(home, "lora", "model"), base.model, merged, texts),
    await answersOf(join(home, "lora", "model"), saved.model, saved.weights, texts),
  ];
  for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!)).toBeLessThan(1);
  expect(b[0]! - b[1]!).toBeGreaterThan(100_000);
  expect(json("lora", "metrics.json").r2.value).toBeGreaterThan(0.6); // went on from a head that knew the unit
}, 60_000);

const rows = [10, 20, 60].map((value, i) => ({ place: `${i}`, text: "a", labels: [], value, attributes: {} }));

const shape = { hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 8 };
const usual = { ...shape, vocab_size: 20, max_position_embeddings: 16 };
const configs: Record<string, JsonRecord> = {
  Bert: { model_type: "bert", ...usual },
  Roberta: { model_type: "roberta", ...usual },
  DistilBert: {
    model_type: "distilbert",
    vocab_size: 20,
    dim: 8,
    n_layers: 1,
    n_heads: 2,
    hidden_dim: 8,
    max_position_embeddings: 16,
  },
  GPT2: { model_type: "gpt2", vocab_size: 20, n_embd: 8, n_layer: 1, n_head: 2, n_positions: 16 },
  Llama: { model_type: "llama", ...usual },
};
const headed = (name: string): Model => modelOf(configOf(withHead(configs[name]!, name, "regression"), "config.json"));

test.each(Object.keys(configs))("%s: into the unit and back changes nothing", (name) => {
  const model = headed(name);
  const weights = initialise(model, random(1));
  const scale = targetScale(recipe(), model, rows)!;
  const without = name === "GPT2" || name === "Llama"; // no bias to hold the mean
  expect(scale.mean).toBeCloseTo(without ? 0 : 30);
  expect(scale.std).toBeCloseTo(Math.sqrt(without ? (100 + 400 + 3600) / 3 : (400 + 100 + 900) / 3));
  const unit = inTargetUnit(model, weights, scale);
  const changed = model.parameters.filter(({ name: p }) => unit.get(p) !== weights.get(p)).map((p) => p.name);
  expect(changed).toHaveLength(without ? 1 : 2);
  const back = onTargetScale(model, unit, [], scale);
  for (const p of changed)
    for (const [i, x] of (back.get(p)!.data as Float32Array).entries())
      expect(x).toBeCloseTo(Number(weights.get(p)!.data[i]), 5);
  expect(onTargetScale(model, weights, changed, scale)).toBe(weights); // a fresh head knows no unit
});

test("a private run must state its scale, other tasks have none, and what does not vary is refused", () => {
  expect(() => recipe("adapt.privacy.epsilon=3")).toThrow(/publicly known/);
  expect(recipe("adapt.privacy.epsilon=3", "adapt.targets.mean=5", "adapt.targets.std=2").adapt.targets?.std).toBe(2);
  expect(() => recipe("task=single-label", "adapt.targets.mean=5", "adapt.targets.std=2")).toThrow(/leave it out/);
  expect(() => recipe("adapt.targets.mean=5", "adapt.targets.std=0")).toThrow(/std/);
  const of =
    (...values: number[]) =>
    () =>
      targetScale(
        recipe(),
        headed("Bert"),
        values.map((value) => ({ ...rows[0]!, value })),
      );
  expect(of(5, 5, 5)).toThrow(/same number/);
  expect(of(1.7e9, 1.7e9 + 10, 1.7e9 + 20)).toThrow(/differ too little/);
  expect(of(1e31, 2e31)).toThrow(/too large/);
  expect(of(1990, 2000, 2020)).not.toThrow();
});
