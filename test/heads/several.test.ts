// Several heads on one encoder against torch: logits, losses with labels that are missing, and the gradient of every weight; saved, opened
// by what it says, learned, and what does not fit. Numbers: test/golden/several.json (tools/several-golden.py: torch 2.15.0,
// transformers 5.24.0, whose folder test/golden/several is).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hostArray, random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf, type TaskHead, withHead } from "../../src/models/index.ts";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { decodeAnswer, exportOnnx, headsAnswers } from "../../src/predict/index.ts";
import { cpuRuntime, openOnnx } from "../../src/runtime/node/ort.ts";
import { batchFeeds, createTrainer, type Example, stepGradients, trainingProgram } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { goldenJson } from "../golden.ts";
import { tinyConfig } from "../train/tiny.ts";

interface Row {
  readonly ids: readonly number[];
  readonly disease: number | null;
  readonly signs: readonly number[] | null;
  readonly days: number | null;
  readonly logits: readonly number[];
  readonly loss: number;
}
const golden = goldenJson<{ rows: readonly Row[]; loss: number; norms: Record<string, number> }>("several.json");
const home = mkdtempSync(join(tmpdir(), "concord-several-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const open = () => loadModel("test/golden/several");

const none = (count: number) => new Array<number>(count).fill(Number.NaN);
const exampleOf = ({ ids, disease, signs, days }: Row): Example => ({
  ids: Int32Array.from(ids),
  label: Float32Array.of(
    ...(disease === null ? none(3) : [0, 1, 2].map((k) => Number(k === disease))),
    ...(signs ?? none(2)),
    days ?? Number.NaN,
  ),
});
const examples = golden.rows.map(exampleOf);

test("the folder says what its heads are, and the exported file has Transformers' logits", async () => {
  const { model, weights, fresh, unused } = await open();
  expect([model.task, fresh, unused]).toEqual(["multi-task", [], []]);
  expect(model.heads!.map(({ name, task, weight }) => [name, task, weight])).toEqual([
    ["disease", "single-label", 1],
    ["signs", "multi-label", 0.5],
    ["days", "regression", 0.25],
  ]);
  const session = await openOnnx(exportOnnx(model, weights));
  for (const { ids, logits } of golden.rows) {
    const tensor = (data: readonly number[]) => hostArray("int64", [1, data.length], BigInt64Array.from(data, BigInt));
    const feeds = {
      input_ids: tensor(ids),
      attention_mask: tensor(ids.map(() => 1)),
      token_type_ids: tensor(ids.map(() => 0)),
    };
    const got = await session.run(feeds);
    for (const [k, x] of logits.entries()) expect(got.logits!.data[k]).toBeCloseTo(x, 4);
  }
  await session.dispose();
});

test("losses with labels missing, weighed by head, and the gradient of every weight are torch's", async () => {
  const { model, weights } = await open();
  const program = trainingProgram(model, { dropout: false });
  const exe = await cpuRuntime.compile(program.graph);
  const feeds = batchFeeds(model, examples, {});
  const got = await exe.run({ ...Object.fromEntries(weights), ...feeds });
  await exe.dispose();
  for (const [i, { loss }] of golden.rows.entries()) expect(got.losses!.data[i]).toBeCloseTo(loss, 4);
  expect(got.losses!.data[3]).toBe(0);
  const found = stepGradients(program, got, feeds, new Set(), (weight) => weights.get(weight)!.data.length);
  expect(found.map(([weight]) => weight).sort()).toEqual(Object.keys(golden.norms).sort());
  for (const [weight, g] of found) {
    const norm = Math.hypot(...(g as Float32Array));
    expect(Math.abs(norm - golden.norms[weight]!), weight).toBeLessThan(1e-4 * (1 + golden.norms[weight]!));
  }
});

test("answers go by the names of heads, each as its own task gives them", async () => {
  const { model } = await open();
  const { disease, signs, days } = headsAnswers(model, [0, 2, 1, 3, -3, 4.5]);
  expect(disease).toMatchObject({ kind: "label", label: "flu" });
  expect(signs).toMatchObject({ kind: "labels", labels: ["fever"] });
  expect(days).toEqual({ kind: "value", value: 4.5 });
  expect(headsAnswers(model, [0, 2, 1, 3, -3, 4.5], { abstain: 0.9 }).disease).toMatchObject({ label: null });
  const own = fault("E_MODEL", () => decodeAnswer(model.task, [], [0, 1]));
  expect(own.facts.problem).toMatch(/several heads/);
  const single = modelOf(configOf(withHead(tinyConfig, "Bert", "single-label", ["a", "b"]), "test"));
  expect(fault("E_MODEL", () => headsAnswers(single, [0, 1])).facts.problem).toMatch(/has one head/);
});

const heads: readonly TaskHead[] = [
  { name: "first", task: "single-label", labels: ["low", "high"], weight: 1 },
  { name: "size", task: "regression", labels: [], weight: 0.5 },
];

test.each([
  ["the architecture's own layer", {}],
  ["an MLP over attention", { text: { layer: "mlp", pooling: "attention", hidden: 12 } }],
] as const)("both heads of %s learn from rows that have one label or both", async (name, form) => {
  const model = modelOf(configOf(withHead(tinyConfig, "Bert", "multi-task", undefined, { ...form, heads }), "test"));
  expect(model.labels!.names).toEqual(["first: low", "first: high", "size"]);
  const rows = Array.from({ length: 24 }, (_, i): Example => {
    const bit = i % 2;
    const first = i % 3 === 0 ? none(2) : [1 - bit, bit];
    return {
      ids: Int32Array.of(5, 10 + bit, 20 + (i % 4), 6),
      label: Float32Array.of(...first, i % 3 === 1 ? Number.NaN : bit),
    };
  });
  const options = { epochs: 20, batchSize: 8, learningRate: 5e-3, dropout: false } as const;
  const setup = { model, weights: initialise(model, random(2)), runtime: cpuRuntime, threads: 1, examples: rows };
  const trainer = await createTrainer({ ...setup, options });
  while (trainer.step < trainer.steps) await trainer.run();
  const logits = await trainer.predict(rows);
  for (const [i, { data }] of logits.entries()) {
    const { first, size } = headsAnswers(model, data);
    expect(first).toMatchObject({ label: i % 2 ? "high" : "low" });
    expect(Math.abs((size as { value: number }).value - (i % 2))).toBeLessThan(0.3);
  }
  const folder = join(home, name.replaceAll(" ", "-"));
  await saveModel(folder, model, trainer.trained());
  await trainer.dispose();
  const again = await loadModel(folder);
  expect(again.model.heads).toEqual(heads);
  expect(again.fresh).toEqual([]);
});

test.each([
  [[heads[0]!], /heads are wrong/],
  [[heads[0]!, { ...heads[1]!, name: "first" }], /heads are wrong/],
  [[heads[0]!, { ...heads[1]!, labels: ["a"] }], /task_heads/],
  [[{ ...heads[0]!, labels: ["low"] }, heads[1]!], /task_heads/],
  [[{ ...heads[0]!, weight: 0 }, heads[1]!], /task_heads/],
])("heads %j are refused", (wrong, problem) => {
  const { facts } = fault("E_CONFIG", () => withHead(tinyConfig, "Bert", "multi-task", undefined, { heads: wrong }));
  expect(`${facts.problem} ${facts.path}`).toMatch(problem);
});

test("labels that are not the heads' are refused, in a config as in an example", async () => {
  const made = withHead(tinyConfig, "Bert", "multi-task", ["a", "b", "c"], { heads });
  expect(fault("E_CONFIG", () => modelOf(configOf(made, "test"))).facts.expected).toContain("first: low");
  const { model } = await open();
  const feeds = (label: Example["label"]) => () => batchFeeds(model, [{ ids: Int32Array.of(2, 3), label }], {});
  for (const label of [1, Float32Array.of(1, 0), Float32Array.of(1, 1, 0, 0, 0, 0), Float32Array.of(1, 0, 0, 2, 0, 0)])
    expect(fault("E_DATA", feeds(label)).facts.problem).toMatch(/not that of the model's heads/);
});
