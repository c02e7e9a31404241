// Forecasts from a recipe: series of a table learned, reported beside simple forecasts, exported and scored again; and tables that are refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { faultLater } from "../../test/fault.ts";
import { random } from "../base/index.ts";
import { readConfig } from "../formats/index.ts";
import { seriesPredictorOf, seriesProcessor } from "../modalities/index.ts";
import { loadModel } from "../models/node/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { openOnnx } from "../runtime/node/ort.ts";
import { openAnyModel } from "../stages/open-model.ts";
import { runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-series-run-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const run = join(home, "run");
const hour = 3_600_000;
const start = Date.UTC(2023, 0, 2);

/** A day's wave whose height a covariate known in advance decides; two stations, one of them larger. */
function table(): string {
  const rng = random(9).split("table");
  const lines = ["time,station,region,load,open,wind"];
  for (let t = 0; t < 24 * 40; t++) {
    const open = Math.floor(t / 24) % 3 === 0 ? 0 : 1;
    for (const [station, size] of [
      ["a", 10],
      ["b", 300],
    ] as const) {
      const value = size * (2 + open * Math.sin((2 * Math.PI * t) / 24) + 0.05 * rng.normal());
      const stamp = new Date(start + t * hour).toISOString().slice(0, 16);
      const shown = rng.float() < 0.02 ? "NA" : value.toFixed(3);
      lines.push(
        `${stamp},${station},${station === "a" ? "north" : "south"},${shown},${open},${rng.float().toFixed(2)}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

const recipeOf = (series: string, more = "") => `
version: 1
name: load
modality: series
task: forecasting
data:
  file: load.csv
  missing: [NA]
  attributes: [region]
  series: { id: station, value: load, ${series} }
  split: { dev: 0.15, test: 0.25 }
model: { scratch: { width: 16, layers: 1, heads: 2, inner: 32, patch: 6, scale: 0.1, dropout: 0 } }
adapt: { epochs: 4, batchSize: 32, learningRate: 1e-2, threads: 1, keep: best }
evaluate: { resamples: 50 }
${more}`;
const whole = "known: [open], past: [wind], horizon: 12, context: 48, minimum: 0";

beforeAll(async () => {
  writeFileSync(join(home, "load.csv"), table());
  await runRecipe(readRecipe(recipeOf(whole), "recipe.yaml"), { home, folder: run });
});

const json = (name: string) => JSON.parse(readFileSync(join(run, name), "utf8"));
const lines = (name: string) =>
  readFileSync(join(run, name), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("it learns what only the covariate known in advance tells, and simple forecasts stand beside it", () => {
  const metrics = json("metrics.json");
  expect(Object.keys(metrics.baselines.models)).toEqual(["naive", "seasonal-naive", "drift", "lags"]);
  expect(metrics.baselines.verdict).toBe("better");
  expect(metrics.wql.value).toBeLessThan(0.6 * metrics.baselines.models["seasonal-naive"].wql.value);
  expect(metrics.coverage.value).toBeGreaterThan(0.5);
  expect(Object.keys(metrics.groups.region)).toEqual(["north", "south"]);
  expect(metrics.errorByStep).toHaveLength(12);
  const { against, difference, low, p, n } = metrics.dieboldMariano;
  expect([against, difference > 0, low > 0, p < 0.05]).toEqual([metrics.baselines.best, true, true, true]);
  expect(n).toBe(new Set(lines("data/test.jsonl").map(({ next }) => next)).size);
});

test("predictions have truth and quantiles of each step, ascending and not below the minimum", () => {
  const all = lines("predictions.jsonl");
  for (const { truth, quantiles, predicted, levels } of all) {
    expect([truth.length, quantiles.length, predicted.length, levels.length]).toEqual([12, 12, 12, 9]);
    for (const step of quantiles) {
      expect(step.every((q: number, i: number) => q >= 0 && (i === 0 || q >= step[i - 1]))).toBe(true);
    }
  }
});

test("no training window holds a value of validation, and none of validation one of test", () => {
  const last = (row: { next: string; target: unknown[] }) =>
    Date.parse(`${row.next.replace(" ", "T")}Z`.replace(/(\d{4}-\d\d-\d\d)Z/, "$1T00:00Z")) +
    (row.target.length - 1) * hour;
  const firstOf = (part: string) =>
    Math.min(...lines(`data/${part}.jsonl`).map((row) => last({ ...row, target: [0] })));
  const lastOf = (part: string) => Math.max(...lines(`data/${part}.jsonl`).map(last));
  expect(lastOf("train")).toBeLessThan(firstOf("dev"));
  expect(lastOf("dev")).toBeLessThan(firstOf("test"));
});

test("the report shows forecasts as charts and how the error grows", () => {
  const page = readFileSync(join(run, "report.html"), "utf8");
  expect(page).toContain('id="forecasts"');
  expect(page).toContain("Diebold-Mariano test against");
  expect(page.match(/<svg/g)!.length).toBeGreaterThanOrEqual(4);
});

test("the exported file forecasts as the model folder does", async () => {
  const { model } = await loadModel(join(run, "model"));
  const processor = seriesProcessor(
    readConfig(readFileSync(join(run, "model/series_config.json")), "series_config.json"),
  );
  const opened = await openAnyModel(run);
  const rows = lines("data/test.jsonl").slice(0, 5);
  const inputs = await opened.processor.inputs(rows);
  const session = await openOnnx(readFileSync(join(run, "onnx/model.onnx")));
  const exported = seriesPredictorOf(session, model, processor);
  const [own, other] = [await opened.predictor.logits(inputs), await exported.logits(inputs as never)];
  for (const [i, row] of own.entries())
    for (const [k, q] of row.entries())
      expect(Math.abs(q - other[i]![k]!)).toBeLessThan(1e-3 * Math.max(1, Math.abs(q)));
  const saved = lines("predictions.jsonl")[0].quantiles.flat();
  expect(own[0]!.every((q, k) => Math.abs(q - saved[k]) < 1e-3 * Math.max(1, Math.abs(q)))).toBe(true);
  await session.dispose();
  await opened.predictor.dispose();
});

test("serving it, its audit and a text instead of a table are refused by name; a table's end is forecast", async () => {
  expect((await concord(["serve", run, "--port", "0", "--unsigned"])).err).toMatch(
    /not served so far[\s\S]*concord predict/,
  );
  expect((await concord(["audit", run])).code).not.toBe(0);
  expect((await concord(["predict", run, "hello"])).err).toMatch(/needs the history/);
  const table = readFileSync(join(home, "load.csv"), "utf8").trim().split("\n");
  // what is known in advance ends with the history: half a day of it is asked for
  writeFileSync(join(home, "short.csv"), `${table.join("\n")}\n`);
  expect((await concord(["predict", run, "--file", join(home, "short.csv")])).err).toMatch(
    /open ends before the steps/,
  );
  const known = table.map((line, i) => (i > table.length - 25 ? line.replace(/(,[ab],[a-z]+),[^,]*/, "$1,") : line));
  writeFileSync(join(home, "known.csv"), `${known.join("\n")}\n`);
  const { code, out } = await concord(["--json", "predict", run, "--file", join(home, "known.csv")]);
  const found = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect([code, found.map(({ series }) => series)]).toEqual([0, ["a", "b"]]);
  for (const { steps, quantiles, last } of found) {
    expect([steps.length, quantiles.length]).toEqual([12, 12]);
    expect(Date.parse(`${steps[0]}Z`.replace(/^(.{10})Z/, "$1T00:00Z"))).toBeGreaterThan(
      Date.parse(`${last}Z`.replace(/^(.{10})Z/, "$1T00:00Z")),
    );
  }
});

const refusals: [string, string, string, RegExp][] = [
  ["two values at one time", "load.csv", "id: [], horizon: 12", /two records at one time/],
  ["no such column", "load.csv", "id: station, value: power, horizon: 12", /no column|column power/],
  ["no time", "load.csv", "time: station, horizon: 12", /no time that can be read/],
  ["no room for a window", "load.csv", "horizon: 2000", /no series has room/],
  ["a word in the value", "words.csv", "horizon: 2", /no numbers/],
  ["another step", "load.csv", "horizon: 12, frequency: 7 hours", /between two steps/],
];
test.each(refusals)("a table with %s is refused by name", async (_, file, series, expected) => {
  const many = Array.from(
    { length: 60 },
    (_, t) => `${new Date(start + t * hour).toISOString()},a,${t % 3 ? "much" : 3}`,
  );
  writeFileSync(join(home, "words.csv"), `time,station,load\n${many.join("\n")}\n`);
  const text = recipeOf("", "")
    .replace("load.csv", file)
    .replace("attributes: [region]", "attributes: []")
    .replace(
      "{ id: station, value: load,  }",
      `{ ${series.includes("id:") ? "" : "id: station, "}${series.includes("value:") ? "" : "value: load, "}${series} }`,
    );
  const error = await faultLater("E_DATA", () =>
    runRecipe(readRecipe(text, "recipe.yaml"), { home, folder: join(home, "refused") }),
  );
  expect(error.facts.problem).toMatch(expected);
});

test("constant and zero series are forecast, and have no MASE", async () => {
  for (const value of [0, 7]) {
    const flat = Array.from({ length: 400 }, (_, t) => `${new Date(start + t * hour).toISOString()},a,${value}`);
    writeFileSync(join(home, "flat.csv"), `time,station,load\n${flat.join("\n")}\n`);
    const text = recipeOf("horizon: 12, context: 24")
      .replace("load.csv", "flat.csv")
      .replace("attributes: [region]", "attributes: []");
    const folder = join(home, `flat-${value}`);
    await runRecipe(readRecipe(text, "recipe.yaml"), { home, folder });
    const metrics = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
    expect(metrics.mase).toBeNull();
    if (value) expect(metrics.baselines.models.naive.coverage.value).toBe(1);
    else expect([metrics.wql, metrics.baselines]).toEqual([null, undefined]);
  }
});

test.each([
  ["task: forecasting", "task: regression", /task: forecasting/],
  ["evaluate:", "audit: {}\nevaluate:", /audits look at/],
  ["keep: best", "keep: best, privacy: { epsilon: 3 }", /many windows/],
  ["series: {", "group: station\n  series: {", /leave it out/],
  ["modality: series\n", "", /modality: series/],
])("a recipe with %s as %s is refused", (from, to, expected) => {
  expect(() => readRecipe(recipeOf(whole).replace(from, to), "recipe.yaml")).toThrow(expected);
});
