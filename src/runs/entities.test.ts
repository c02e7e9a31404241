// Entity recognition from a recipe, in two scripts, with the real runtime: learned, scored, saved, reopened, answered.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { hostArray, random } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { exportGraph, type Model, modelOf } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import { observedAnswers } from "../predict/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { openModel } from "../stages/open-model.ts";
import { binned, type Profile } from "../watch/index.ts";
import { noBin, numberNames } from "../watch/profile.ts";
import { auditRun } from "./audit-run.ts";
import { evaluateRun } from "./evaluate-run.ts";
import { explainRun } from "./explain-run.ts";
import { runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-entities-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const rng = random(8);
const pick = <T>(list: readonly T[]): T => list[rng.int(list.length)]!;
const drugs = ["aspirin", "ibuprofen", "insulin", "Beta Blocker", "阿司匹林", "胰岛素"];
const places = ["Rome", "New York", "Lima", "北京", "上海"];
/** A message and its entities, places by code points. */
function message(i: number) {
  const [drug, place] = [pick(drugs), pick(places)];
  const parts = pick([
    ["😀 took ", drug, " in ", place, ` on day ${i}`],
    [`day ${i}: no `, drug, " since ", place],
    ["我在", place, "吃了", drug, `，第${i}天`],
    [`nothing to say on day ${i}`],
  ]);
  const spans: [number, number, string][] = [];
  let text = "";
  for (const part of parts) {
    const type = drugs.includes(part) ? "drug" : places.includes(part) ? "place" : undefined;
    if (type) spans.push([[...text].length, [...(text + part)].length, type]);
    text += part;
  }
  return { text, spans, sex: i % 2 ? "f" : "m" };
}
const table = (name: string, count: number, first: number) => {
  const rows = Array.from({ length: count }, (_, i) => JSON.stringify(message(first + i)));
  writeFileSync(join(home, name), `${rows.join("\n")}\n`);
};

const recipe = readRecipe(
  `
version: 1
name: drugs
task: entities
data:
  file: train.jsonl
  attributes: [sex]
  similarity: 1
  split: { dev: 0.1, files: { test: test.jsonl } }
model: { scratch: { vocabulary: 300, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 }
adapt: { epochs: 8, batchSize: 16, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 50 }
`,
  "recipe.yaml",
);
const folder = join(home, "run");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

beforeAll(async () => {
  table("train.jsonl", 300, 0);
  table("test.jsonl", 80, 1000);
  const trained = readFileSync(join(home, "train.jsonl"), "utf8").split("\n");
  appendFileSync(join(home, "test.jsonl"), `${[...trained.slice(0, 5), trained[0]].join("\n")}\n`);
  await runRecipe(recipe, { home, folder });
}, 60_000);

test("the given file is the test part, and everything is counted", () => {
  const { rows, parts, entities, labels, duplicates } = JSON.parse(read("data/data-report.json"));
  expect(rows).toEqual({ in: 386, kept: 386, dropped: 0, quarantined: 0, excluded: 0 });
  expect(parts.test).toBe(86);
  expect(duplicates.kept.test.training + duplicates.kept.dev.training).toBeGreaterThan(3); // a tenth of train became dev
  expect(duplicates.kept.test.own).toBe(1);
  expect(Object.keys(labels)).toEqual(["drug", "place"]);
  expect(entities.overlapping).toBe(0);
});

test("test rows that are in training stay, and the scores without them stand beside", () => {
  const { notInTraining, f1 } = JSON.parse(read("metrics.json"));
  const lines = read("data/test.jsonl").trim().split("\n");
  const untrained = lines.filter((line) => !JSON.parse(line).inTraining);
  expect(notInTraining).toMatchObject({
    rows: untrained.length,
    leftOut: 86 - untrained.length,
    f1: { low: expect.any(Number) },
  });
  expect(notInTraining.f1).not.toEqual(f1);
  const page = read("report.html");
  expect(page).toMatch(/<li>\d of 86 test rows are also in training; 1 of 86 test rows repeat another test row/);
  expect(page).toContain(`Without the ${86 - untrained.length} test rows that are also in training`);
});

test("the entities are found, by type, by group and as tags", () => {
  const metrics = JSON.parse(read("metrics.json"));
  expect(metrics.f1.value).toBeGreaterThan(0.9);
  expect(metrics.f1.low).toBeLessThanOrEqual(metrics.f1.value);
  expect(metrics.classes.map((c: { label: string }) => c.label)).toEqual(["drug", "place"]);
  expect(metrics.groups.sex.f.f1.value).toBeGreaterThan(0.8);
  expect(Object.keys(metrics.tokens)).toEqual(
    expect.arrayContaining(["B-drug", "I-drug", "micro avg", "macro avg", "weighted avg"]),
  );
  expect(metrics.entities["micro avg"]["f1-score"]).toBeCloseTo(metrics.f1.value, 12); // seqeval's reading and ours
  expect(metrics.tagAccuracy).toBeGreaterThan(0.9);
  expect(metrics.calibration).toMatchObject({ of: "entities" });
  expect(metrics.calibration.ece).toBeLessThan(0.2);
  expect(metrics.uncalibrated.ece).not.toBe(metrics.calibration.ece);
  expect(metrics.calibrationError.low).toBeLessThanOrEqual(metrics.calibrationError.value);
  expect(read("report.html")).toMatch(/Counted over the \d+ predicted entities/);
});

test("predictions quote places as the data does", () => {
  const lines = read("predictions.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const given = readFileSync(join(home, "test.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const [i, { truth, text }] of lines.entries()) {
    expect(text).toBe(given[i].text);
    expect(truth.map((s: { start: number; end: number; type: string }) => [s.start, s.end, s.type])).toEqual(
      given[i].spans,
    );
  }
});

test("the saved model answers new texts with the same entities, however long the text is", async () => {
  const { predictor, temperature } = await openModel(folder);
  expect(temperature).toBeGreaterThan(0);
  const long = "😀 took insulin in Lima on day 7 ".repeat(12);
  const answers = await predictor.answers(["我在北京吃了胰岛素，第3天", long, ""], { temperature });
  const found = answers.map((a) => (a.kind === "entities" ? a.entities.map((e) => `${e.text}:${e.type}`) : []));
  expect(found[0]).toEqual(["北京:place", "胰岛素:drug"]);
  expect(found[1]).toHaveLength(24); // windows overlap, entities do not
  expect(found[2]).toEqual([]);
  await expect(predictor.logits(["x"])).rejects.toThrow(/does not predict whole texts/);
  await expect(predictor.answers([["a", "b"]])).rejects.toThrow(/does not predict pairs/);
  await predictor.dispose();
});

test("another table is scored the same way; a type that the head lacks is refused", async () => {
  const again = await evaluateRun(folder, { data: join(home, "test.jsonl") });
  expect(again.record.f1).toEqual(JSON.parse(read("metrics.json")).f1);
  writeFileSync(join(home, "odd.jsonl"), `${JSON.stringify({ text: "a b", spans: [[0, 1, "virus"]] })}\n`);
  await expect(evaluateRun(folder, { data: join(home, "odd.jsonl") })).rejects.toThrow(
    /expected +one of 2: drug, place[\s\S]*virus/,
  );
});

const methods = ["integratedGradients", "gradientInput", "saliency", "rollout", "occlusion", "shap"] as const;

test.each(methods)("an entity is explained by the words of its text: %s", async (method) => {
  const text = "day 7: no insulin since Lima";
  const { explanation, answer } = await explainRun(folder, text, { method });
  const { place, words, logit, label } = explanation!;
  expect(answer.kind).toBe("entities");
  const likeliest =
    answer.kind === "entities" && answer.entities.reduce((a, b) => (b.probability > a.probability ? b : a));
  expect(place!.entity).toMatchObject({ text: (likeliest as { text: string }).text });
  expect(label).toBe(`B-${place!.entity!.type}`);
  expect(explanation!.logits[explanation!.target]).toBe(logit);
  for (const { start, end, word } of words) expect(text.slice(start, end)).toBe(word);
  const sizes = words.map((w) => Math.abs(w.value));
  if (method !== "rollout") expect(words[sizes.indexOf(Math.max(...sizes))]!.word).toBe(place!.entity!.text);
});

test("watched answers are the same, with the mean of the encoder's last hidden states over the text's tokens", async () => {
  const profile = JSON.parse(read("profile.json")) as Profile;
  expect(profile.projection).toMatchObject({ width: 32 });
  const { predictor } = await openModel(folder);
  const texts = ["day 7: no insulin since Lima", `${"nothing to say on day 7 ".repeat(9)}took aspirin`, "took aspirin"];
  const seen = await observedAnswers(predictor, texts, { temperature: 2 });
  expect(seen.map(({ answer }) => answer)).toEqual(await predictor.answers(texts, { temperature: 2 }));
  const alone = await observedAnswers(predictor, [texts[0]!]);
  for (const [h, x] of seen[0]!.features!.entries()) expect(alone[0]!.features![h]).toBeCloseTo(x, 5); // no padding in it
  const bins = binned(profile);
  const numbers = { "input.tokens": 8, "input.unknown": 0, "answer.entities": 2 };
  const places = numberNames(profile).flatMap((name, at) => (name.startsWith("embedding.") ? [at] : []));
  expect(places).toHaveLength(16);
  for (const { features } of seen) {
    const found = bins({ numbers, features });
    for (const at of places) expect(found[at]).not.toBe(noBin);
  }
  const { model: loaded, weights } = await loadModel(join(folder, "model"));
  const bare = modelOf(configOf({ ...loaded.config, architectures: ["BertModel"] }, "bare"));
  const own = new Map([...weights].map(([name, array]) => [name.replace(/^bert\./, ""), array]));
  const graph = exportGraph(bare);
  const bind = Object.fromEntries(
    bare.parameters.map(({ name }) => [
      name,
      { kind: "initializer" as const, array: own.get(name) ?? zerosOf(bare, name) },
    ]),
  );
  const executable = await cpuRuntime.compile(graph, { bind, threads: 1 });
  const { ids, typeIds } = (await predictor.tokenizer.encodeBatch([texts[2]!], {}))[0]!;
  const row = (values: ArrayLike<number>) => ({
    dtype: "int64" as const,
    shape: [1, ids.length],
    data: BigInt64Array.from(values as number[], BigInt),
  });
  const { last_hidden_state } = await executable.run({
    input_ids: row(ids),
    attention_mask: row(ids.map(() => 1)),
    token_type_ids: row(typeIds),
  });
  const last = last_hidden_state!.data as Float32Array;
  for (const [h, x] of seen[2]!.features!.entries()) {
    const mean = ids.reduce((sum, _, t) => sum + last[t * 32 + h]!, 0) / ids.length;
    expect(x).toBeCloseTo(mean, 5);
  }
  await executable.dispose();
  await predictor.dispose();
});

/** The pooler that a model for tokens does not have; nothing here reads it. */
const zerosOf = ({ parameters }: Model, name: string) => {
  const { shape } = parameters.find((one) => one.name === name)!;
  return hostArray("float32", [...shape], new Float32Array(shape.reduce((a, b) => a * b, 1)));
};

test("what its words add is the change of the logit of the word's own token", async () => {
  const text = "day 7: no insulin since Lima";
  const { explanation } = await explainRun(folder, text, { word: "Lima" });
  const { predictor } = await openModel(folder);
  const [logits] = await predictor.wordLogits([text]);
  const own = logits!.find(({ range }) => text.slice(...range) === "Lima")!.logits;
  await predictor.dispose();
  for (const [k, x] of own.entries()) expect(explanation!.logits[k]).toBeCloseTo(x, 4);
  const total = explanation!.words.reduce((sum, w) => sum + w.value, 0);
  expect(total).toBeCloseTo(explanation!.logit - explanation!.baselineLogit!, 1);
  expect(explanation!.missed).toBeLessThan(0.05);
});

test("an entity in a long text is explained in its own window, and the rest is said not to be seen", async () => {
  const text = `${"nothing to say on day 7 ".repeat(9)}took aspirin`;
  const { explanation } = await explainRun(folder, text, { method: "occlusion" });
  expect(explanation!.place!.entity!.text).toBe("aspirin");
  expect(explanation!.words[explanation!.place!.word]!.word).toBe("aspirin");
  expect(explanation!.unseen).toEqual([{ part: 0, start: 0, end: expect.any(Number) }]);
  expect(explanation!.words[0]!.start).toBeGreaterThan(100);
});

test("concord explain asks about another type or word, and says what it cannot answer", async () => {
  const text = "day 7: no insulin since Lima";
  const ask = (...more: string[]) => concord(["explain", folder, text, "--method", "occlusion", ...more]);
  expect((await ask("--label", "place")).out).toMatch(/^Lima: place 0\.\d+/);
  expect((await ask("--label", "B-drug")).out).toMatch(/^insulin: drug 0\.\d+/);
  expect((await ask("--word", "since")).out).toMatch(/^since: O 0\.\d+/);
  expect((await ask("--word", "since", "--label", "place")).out).toMatch(/^since: [BI]-place 0\.\d+/);
  expect((await ask("--label", "plce")).err).toMatch(/did you mean place/);
  expect((await ask("--word", "Rome")).err).toMatch(/no such word/);
  expect((await concord(["explain", folder, "nothing to say on day 8"])).err).toMatch(/finds no entity/);
  expect((await concord(["explain", folder, text, "--method", "flip"])).err).toMatch(
    /only labels of whole texts can flip/,
  );
});

test("fairness, explanation and privacy of a run of entities are audited", async () => {
  const explanation = { rows: 10, classRows: 20, support: 2, evaluations: 30, steps: 8 };
  const settings = { fairness: { resamples: 200 }, explanation, privacy: { rows: 40 } };
  const records = await auditRun(folder, { parts: ["fairness", "privacy", "explanation"], settings });
  expect(Object.keys(records)).toEqual(["fairness", "privacy", "explanation"]);
  const { membership, values } = JSON.parse(read("audit/privacy.json"));
  expect(membership.attacks.threshold.members).toBe(membership.attacks.threshold.others);
  expect(values["privacy.membership.threshold.auc"].low).toBeLessThan(0.6); // nothing to learn by heart: both sides are drawn alike
  const fairness = JSON.parse(read("audit/fairness.json"));
  const metrics = JSON.parse(read("metrics.json"));
  expect(fairness.groupings[0].overall.f1.value).toBeCloseTo(metrics.f1.value, 12);
  expect(fairness.groupings[0].groups.f.measures.f1.value).toBeCloseTo(metrics.groups.sex.f.f1.value, 12);
  expect(fairness.groupings[0].groups.f.measures.f1.low).toBeLessThanOrEqual(metrics.groups.sex.f.f1.value);
  expect(fairness.groupings[0].gaps[0].measure).toBe("f1");
  expect(Object.keys(fairness.values)).toEqual(
    expect.arrayContaining([
      "fairness.sex.f1.difference",
      "fairness.sex.group.m.recall",
      "fairness.sex.drug.f1.difference",
      "fairness.sex.gap.f1",
    ]),
  );
  const found = JSON.parse(read("audit/explanation.json"));
  expect(found.values["explanation.shap.aboveRandom"].low).toBeGreaterThan(0);
  expect(found.values["explanation.occlusion.comprehensiveness"].value).toBeGreaterThan(0.2);
  expect(found.values["explanation.flip.rate"]).toBeUndefined();
  expect(Object.keys(found.words)).toEqual(expect.arrayContaining(["drug", "place"]));
  expect(found.words.drug.map((w: { word: string }) => w.word)).toEqual(expect.arrayContaining(["insulin"]));
});

test("settings that make no sense for entities, and an empty part, are refused", async () => {
  expect(() => readRecipe(read("recipe.yaml"), "recipe.yaml", ["data.pair=other"])).toThrow(
    /entities are found in one text/,
  );
  expect(() => readRecipe(read("recipe.yaml"), "recipe.yaml", ["adapt.labelSmoothing=0.1"])).toThrow(/not smoothed/);
  expect(() => readRecipe(read("recipe.yaml"), "recipe.yaml", ["data.split.column=part"])).toThrow(
    /by a column or by files/,
  );
  writeFileSync(join(home, "empty.jsonl"), "\n");
  const other = readRecipe(read("recipe.yaml"), "recipe.yaml", ["data.split.files.test=empty.jsonl"]);
  await expect(runRecipe(other, { home, folder: join(home, "other") })).rejects.toThrow(/E_DATA/);
});
