// Classes in an order from a recipe, with the real runtime: learned, scored, saved, reopened, answered, audited.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { prepareTexts } from "../../src/data/index.ts";
import { loadModel } from "../../src/models/node/index.ts";
import { recipeSchema } from "../../src/recipe/recipe.ts";
import { runRecipe } from "../../src/runs/index.ts";
import { openModel } from "../../src/stages/open-model.ts";
import { withOrderedStart } from "../../src/stages/ordered-start.ts";
import { concord } from "../command-line.ts";
import { faultLater } from "../fault.ts";

const home = mkdtempSync(join(tmpdir(), "concord-ordinal-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const order = ["none", "mild", "moderate", "severe"] as const;
const words: Readonly<Record<(typeof order)[number], readonly string[]>> = {
  none: ["fine", "well", "rested"],
  mild: ["so so", "slightly sore", "a bit stiff"],
  moderate: ["tired", "sore", "achy"],
  severe: ["awful", "terrible", "in agony"],
};
const rng = random(4);
const table = Array.from({ length: 400 }, (_, i) => {
  const degree = order[Math.min(3, Math.floor(rng.int(8) / 2))]!;
  return `day ${i} felt ${words[degree][rng.int(3)]} and ${words[degree][rng.int(3)]},${degree},${i % 2 ? "f" : "m"}`;
});

const given = {
  version: 1,
  name: "pain",
  task: "ordinal",
  data: { file: "rows.csv", text: "text", label: "degree", labels: [...order], attributes: ["sex"] },
  model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 },
  adapt: { epochs: 12, batchSize: 16, learningRate: 3e-3, threads: 1 },
  evaluate: { resamples: 50 },
  audit: { fairness: {}, privacy: {}, robustness: {} },
};
const folder = join(home, "run");
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));

beforeAll(async () => {
  writeFileSync(join(home, "rows.csv"), ["text,degree,sex", ...table].join("\n"));
  await runRecipe(recipeSchema.parse(given), { home, folder });
}, 120_000);

test("classes keep the order of the recipe, in the model and in its scores", () => {
  expect(Object.values(read("model/config.json").id2label)).toEqual(order);
  const metrics = read("metrics.json");
  expect(metrics.confusion.labels).toEqual(order);
  expect(metrics.classes.map((row: { label: string }) => row.label)).toEqual(order);
});

test("answers are scored by ranks beside labels; majority, median and a linear model stand beside them", () => {
  const { rankMae, quadraticKappa, withinOne, accuracy, macroF1, baselines, groups } = read("metrics.json");
  const answers = readFileSync(join(folder, "predictions.jsonl"), "utf8").trim().split("\n");
  const apart = answers.map((line) => {
    const { truth, predicted } = JSON.parse(line);
    return Math.abs(order.indexOf(truth) - order.indexOf(predicted));
  });
  expect(rankMae.value).toBeCloseTo(apart.reduce((a, b) => a + b, 0) / apart.length, 9);
  expect(withinOne.value).toBeCloseTo(apart.filter((ranks) => ranks <= 1).length / apart.length, 9);
  expect(withinOne.low).toBeLessThan(1);
  expect(rankMae.value).toBeLessThan(0.4);
  expect(quadraticKappa.value).toBeGreaterThan(0.8);
  expect(accuracy.value).toBeGreaterThan(0.6);
  expect(macroF1.value).toBeGreaterThan(0.5);
  expect(Object.keys(baselines.models)).toEqual(["majority", "median", "linear"]);
  expect(baselines.score).toBe("rankMae");
  const { majority, median } = baselines.models;
  expect(median.rankMae).toBeLessThanOrEqual(majority.rankMae);
  expect(median.quadraticKappa).toBe(0);
  expect(groups.sex.f.rankMae.value).toBeGreaterThanOrEqual(0);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("quadratic weighted kappa");
});

test("a saved model is opened again; its probabilities add up to 1, and thresholds grow", async () => {
  const { model, weights } = await loadModel(join(folder, "model"));
  expect(model.task).toBe("ordinal");
  expect(weights.get("ordinal.gaps")!.shape).toEqual([2]);
  const { predictor } = await openModel(folder);
  const texts = ["day 1 felt fine and well", "day 2 felt sore and tired", "day 3 felt awful and in agony"];
  const answers = await predictor.answers(texts);
  const ranks = answers.map((answer) => (answer.kind === "label" ? order.indexOf(answer.label as never) : -1));
  expect(ranks[0]).toBeLessThanOrEqual(1);
  expect(ranks[2]).toBe(3);
  for (const answer of answers) {
    const sum = answer.kind === "label" ? answer.ranked.reduce((all, { probability }) => all + probability, 0) : 0;
    expect(sum).toBeCloseTo(1, 5);
  }
  await predictor.dispose();
});

test("the command line answers as for single labels", async () => {
  const { out, code } = await concord(["predict", folder, "day 3 felt awful and in agony", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(out).label).toBe("severe");
});

const rowsOf = async function* (labels: readonly string[]) {
  for (const [i, label] of labels.entries()) yield { file: "x", line: i, fields: { text: `text ${i}`, label } };
};
const options = {
  kind: "label",
  ordered: true,
  columns: { text: "text", label: "label" },
  shares: { train: 1, dev: 0, test: 0 },
} as const;

test("numbers are ordered by their size; names need a list, of which absent classes stay and others are renamed or left out", async () => {
  const numbers = await prepareTexts(rowsOf(["10", "9", "2", "9", "10", "2"]), options);
  expect(numbers.labels).toEqual(["2", "9", "10"]);
  const names = ["low", "high", "low", "high", "odd"];
  const error = await faultLater("E_DATA", () => prepareTexts(rowsOf(names), options));
  expect(error.facts).toMatchObject({ problem: expect.stringMatching(/no order/), path: "data.labels" });
  const listed = await prepareTexts(rowsOf(names), {
    ...options,
    labelNames: ["odd", "low", "middle", "high"],
    rename: { high: "strong" },
    exclude: ["odd"],
  });
  expect(listed.labels).toEqual(["low", "middle", "strong"]);
});

test.each([
  [{ adapt: { mitigation: { decisions: "exponentiated-gradient" } } }, "adapt.mitigation.decisions"],
  [{ together: { members: 3 } }, "task"],
])("%j is refused by name", (more, path) => {
  const checked = recipeSchema.safeParse({ ...given, ...more });
  expect(checked.error?.issues.map((issue) => issue.path.join("."))).toContain(path);
});

test("thresholds start at the rows' shares of the classes, but not in private training or in a head that was learned", async () => {
  const { model, weights } = await loadModel(join(folder, "model"));
  const examples = [0, 0, 0, 1, 2, 3, 3].map((label) => ({ ids: Int32Array.of(1), label }));
  const started = (fresh: readonly string[], adapt = {}) =>
    withOrderedStart(recipeSchema.parse({ ...given, adapt }), model, weights, fresh, examples);
  const [fresh, names] = [started(["ordinal.first"]), ["ordinal.first"]];
  expect((fresh.get("ordinal.first")!.data as Float32Array)[0]).toBeCloseTo(Math.log(3.5 / 5.5), 5);
  expect(started([])).toBe(weights);
  expect(started(names, { privacy: { epsilon: 8 } })).toBe(weights);
});
