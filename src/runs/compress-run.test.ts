// Compressing a small run, with the real runtime: the folder answers by itself, what changed is measured, and a refusal leaves nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { artifacts, compressionRecord } from "../artifacts/index.ts";
import { isConcordError, random } from "../base/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { openAnyModel } from "../stages/open-model.ts";
import { compressRun } from "./compress-run.ts";
import { evaluateRun } from "./evaluate-run.ts";
import { explainRun } from "./explain-run.ts";
import { runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-compress-"));
const run = join(home, "run");
afterAll(() => rmSync(home, { recursive: true, force: true }));

const rng = random(5);
const pick = <T>(list: readonly T[]): T => list[rng.int(list.length)]!;
const words = { flu: ["fever", "shivers", "aching limbs"], cold: ["runny nose", "sneezing", "sore throat"] };
const lines = Array.from({ length: 240 }, (_, i) => {
  const label = pick(["flu", "cold"] as const);
  const other = rng.int(2) ? pick([...words.flu, ...words.cold]) : ""; // some rows are hard to tell
  return `"${pick(words[label])} ${other} ${pick(["since monday", "again", "at work", "every morning"])} ${i}",${label},${i % 3 ? "f" : "m"}`;
});

beforeAll(async () => {
  writeFileSync(join(home, "rows.csv"), `text,disease,sex\n${lines.join("\n")}\n`);
  const recipe = readRecipe(
    `
version: 1
name: symptoms
data: { file: rows.csv, label: disease, attributes: [sex], split: { dev: 0.2, test: 0.4 } }
model: { scratch: { vocabulary: 300, width: 64, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }
adapt: { epochs: 1, batchSize: 16, learningRate: 3e-4, threads: 1 } # barely learned: answers are near the edge
evaluate: { resamples: 20 }
`,
    "recipe.yaml",
    [],
  );
  await runRecipe(recipe, { home, folder: run });
}, 60_000);

const settings = (quantise: unknown, tolerances = {}) => ({
  steps: [{ quantise }],
  tolerances,
  resamples: 30,
  explained: 6,
});
const refusal = async (given: unknown) =>
  await compressRun(run, { settings: given }).then(
    () => undefined,
    (fault: unknown) => (isConcordError(fault) ? `${fault.code} ${fault.facts.problem}` : String(fault)),
  );

test("int8: the folder answers, evaluates and explains by itself, and its probabilities are calibrated in the file", async () => {
  const { folder, values } = await compressRun(run, { settings: settings("int8") });
  expect(readdirSync(folder).sort()).toEqual([
    "compression.json",
    "config.json",
    "onnx",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
  expect(readdirSync(join(folder, "onnx"))).toEqual(["model_quantized.onnx"]);
  const record = await compressionRecord.read(folder);
  expect(record).toMatchObject({ temperatureApplied: true, onnx: "model_quantized.onnx" });
  expect(record.steps).toMatchObject([{ step: "quantise", settings: { to: "int8", activations: "static" } }]);
  expect(record.size.after).toBeLessThan(0.4 * record.size.before);
  const texts = ["fever again", "sneezing at work"];
  const [a, b] = [await openAnyModel(run), await openAnyModel(folder)];
  const [x, y] = [
    await a.predictor.answers(texts, { temperature: a.temperature }),
    await b.predictor.answers(texts, { temperature: b.temperature }),
  ];
  await Promise.all([a.predictor.dispose(), b.predictor.dispose()]);
  expect([a.weights !== undefined, b.weights]).toEqual([true, undefined]);
  for (const [i, answer] of x.entries()) {
    const other = y[i]!;
    if (answer.kind !== "label" || other.kind !== "label") throw new Error("labels");
    if (answer.ranked[0]!.probability > 0.6) expect(other.label).toBe(answer.label);
    expect(other.ranked[0]!.probability).toBeCloseTo(answer.ranked[0]!.probability, 1);
  }
  const scored = await evaluateRun(folder);
  const after = values["compression.accuracy.after"]!;
  expect((scored.summary.accuracy as { value: number }).value).toBe(after.value);
  const explained = await explainRun(folder, "fever again");
  expect([explained.isCompressed, explained.explanation?.method]).toEqual([true, "shap"]);
  await expect(explainRun(folder, "fever again", { method: "saliency" })).rejects.toThrow(/no weights/);
}, 60_000);

test("what changed is measured with intervals, kept for gates, and shown in the report", async () => {
  const { values } = await artifacts.compression.read(run);
  const { before, after, change } = Object.fromEntries(
    ["before", "after", "change"].map((side) => [side, values[`compression.accuracy.${side}`]!]),
  );
  expect(change!.value).toBeCloseTo(after!.value - before!.value, 10);
  expect(change!.low!).toBeLessThanOrEqual(change!.value);
  for (const name of [
    "macroF1",
    "ece",
    "gap.sex.accuracy",
    "groups.sex.f.accuracy",
    "size.bytes",
    "latency.ms",
    "membership.auc",
    "faithfulness.occlusion",
  ])
    expect(Object.keys(values)).toContain(`compression.${name}.change`);
  expect(values["compression.size.bytes.after"]!.value).toBeLessThan(values["compression.size.bytes.before"]!.value);
  const report = readFileSync(join(run, "report.html"), "utf8");
  expect(report).toContain("quantise: to int8");
  expect(report).toContain("changed their answer");
});

test("an exceeded tolerance refuses and leaves what was there; so do wrong settings", async () => {
  const kept = readFileSync(join(run, "compressed/compression.json"), "utf8");
  expect(await refusal(settings({ to: "int4", blockSize: 256 }, { flips: 0 }))).toMatch(
    /^E_GATE the compressed model is refused: flips became worse by 0\.\d+, accepted 0$/,
  );
  expect(await refusal(settings({ to: "int8", rows: 1 }))).toMatch(/^E_DATA there are too few validation rows/);
  expect(await refusal(settings({ to: "int8", keep: ["bert.nothing"] }))).toMatch(
    /^E_ARGUMENT no parameter has this name/,
  );
  expect(await refusal({ steps: [{ quantise: "int2" }] })).toMatch(/^E_CONFIG /);
  expect(await refusal({ steps: [{ quantise: "fp16" }, { quantise: "int8" }] })).toMatch(
    /^E_CONFIG quantise comes last/,
  );
  expect(await refusal({ target: {} })).toMatch(/^E_CONFIG a target needs a limit/);
  expect(await refusal({})).toMatch(/^E_CONFIG there is nothing to do/);
  expect(await refusal({ target: { size: 0.5 }, steps: [{ quantise: "int8" }] })).toMatch(/^E_CONFIG a target chooses/);
  expect(readFileSync(join(run, "compressed/compression.json"), "utf8")).toBe(kept);
}, 60_000);

test("a target that nothing reaches names the nearest of all that was tried on validation rows", async () => {
  const fault: unknown = await compressRun(run, { settings: { target: { size: 0.01 }, minutes: 0 } }).catch(
    (error) => error,
  );
  if (!isConcordError(fault, "E_GATE")) throw fault;
  expect(fault.facts.problem).toBe("nothing that was tried reaches the target");
  expect(fault.facts.got).toMatch(/^nearest: int4 \(size 0\.\d+, latency .*, drop .*macroF1\)$/);
  const { tried } = fault.facts.details as { tried: { name: string; size: number }[] };
  expect(tried.map(({ name }) => name)).toEqual([
    "fp16",
    "int8-weights",
    "int8, row",
    "int4",
    "int4, asymmetric",
    "int8, static",
    "int8, static, smooth 0.7",
  ]);
  for (const { size } of tried) expect(size).toBeLessThan(0.7);
}, 60_000);

test("a model that is compressed already is refused by name", async () => {
  await expect(compressRun(join(run, "compressed"))).rejects.toThrow(/E_MODEL[\s\S]*compressed already/);
});
