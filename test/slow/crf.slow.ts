// A CRF over tags, from a recipe: trained, scored beside the baseline, saved, exported, reopened, and answered the same way by each.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { loadModel } from "../../src/models/node/index.ts";
import { predictorOf, type TextPredictor } from "../../src/predict/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { openOnnx } from "../../src/runtime/node/ort.ts";
import { openModel } from "../../src/stages/open-model.ts";

const home = mkdtempSync(join(tmpdir(), "concord-crf-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(3);
const pick = <T>(list: readonly T[]): T => list[rng.int(list.length)]!;
/** Names of two words, of which the second alone says nothing. */
function message(i: number) {
  const place = `${pick(["New", "Old", "Great"])} ${pick(["York", "Salem", "Harbour", "Bridge"])}`;
  const person = `${pick(["Ann", "Bob", "Eve"])} ${pick(["York", "Salem", "Harbour", "Bridge"])}`;
  const before = pick(["I saw", "on day", "so"]);
  const text = `${before} ${person} of ${place} ${i}`;
  const at = (name: string, type: string) => [text.indexOf(name), text.indexOf(name) + name.length, type];
  return { text, label: [at(person, "person"), at(place, "place")] };
}
const recipe = readRecipe(
  `
version: 1
name: names
task: entities
data: { file: rows.jsonl, similarity: 1 }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24, head: crf }
adapt: { epochs: 6, batchSize: 16, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 50 }
`,
  "recipe.yaml",
);
const folder = join(home, "run");
let opened: TextPredictor;
beforeAll(async () => {
  writeFileSync(join(home, "rows.jsonl"), Array.from({ length: 400 }, (_, i) => JSON.stringify(message(i))).join("\n"));
  await runRecipe(recipe, { home, folder });
  const { predictor } = await openModel(folder);
  opened = predictor as TextPredictor;
}, 120_000);
afterAll(() => opened?.dispose());

test("entities are found, better than the usual tag of each word, and every I follows its own type", async () => {
  const { f1, baselines } = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
  console.log("crf: F1", f1, JSON.stringify(baselines).slice(0, 300));
  expect(f1.value).toBeGreaterThan(0.9);
  const labels = opened.model.labels!.names;
  const [words] = await opened.wordLogits(["I saw Ann York of New Bridge 7"]);
  const tags = words!.map((w) => labels[w.chosen!]!);
  for (const [i, tag] of tags.entries()) if (tag.startsWith("I-")) expect(tags[i - 1]?.slice(2)).toBe(tag.slice(2));
});

test("the folder has the transitions, learned, and the config says so", async () => {
  const { model, weights, fresh } = await loadModel(join(folder, "model"));
  expect(fresh).toEqual([]);
  expect(model.config.token_head).toBe("crf");
  const learned = [...weights.get("crf.transitions")!.data];
  expect(learned.some((x) => Math.abs(x) > 0.01)).toBe(true);
});

test("the exported file answers as the folder does", async () => {
  const file = await openOnnx(readFileSync(join(folder, "onnx/model.onnx")));
  const exported = predictorOf(file, opened.model, opened.tokenizer);
  const texts = Array.from({ length: 20 }, (_, i) => message(1000 + i).text);
  expect(await exported.answers(texts)).toEqual(await opened.answers(texts));
  await exported.dispose();
});
