// Artifacts come back as they were written; a file that somebody edited is refused by its place.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stages } from "../pipeline/index.ts";
import { afterOf } from "../stages/index.ts";
import { artifactsIn, audits, facts, metrics, predictions, rows, textRows, trainingCurves } from "./run-artifacts.ts";

const run = mkdtempSync(join(tmpdir(), "concord-artifacts-"));
afterAll(() => rmSync(run, { recursive: true, force: true }));
const edit = (path: string, from: string | RegExp, to: string) =>
  writeFileSync(join(run, path), readFileSync(join(run, path), "utf8").replace(from, to));

test("what is written is read, and what is no number in JSON is one again", async () => {
  const row = { place: "a.csv:2", text: "fever", labels: ["flu"], attributes: { sex: "f" } };
  await rows.train.write(run, [row]);
  expect(await rows.train.read(run)).toEqual([row]);
  await trainingCurves.write(run, { loss: [1, Number.NaN], learningRate: [1, 1], epochs: [{ step: 2 }] });
  expect(await trainingCurves.read(run)).toMatchObject({ loss: [1, Number.NaN], epochs: [{ step: 2 }] });
});

test("an edited file is refused with its place", async () => {
  await rows.test.write(run, [{ place: "a.csv:3", labels: ["flu"], attributes: {} }]);
  await expect(textRows.test.read(run)).rejects.toThrow(/E_FORMAT[\s\S]*at text[\s\S]*test\.jsonl:1/);
  edit("data/test.jsonl", '["flu"]', '"flu"');
  await expect(rows.test.read(run)).rejects.toThrow(/at labels/);
  await predictions.write(run, [{ truth: "flu", predicted: "flu", probabilities: { flu: "1" } }]);
  await expect(predictions.read(run)).rejects.toThrow(/at probabilities\.flu/);
  await metrics.write(run, { accuracy: 1 });
  edit("metrics.json", '"version": 1', '"version": 2');
  await expect(metrics.read(run)).rejects.toThrow(/E_VERSION/);
  edit("metrics.json", "concord-metrics", "concord-curves");
  await expect(metrics.read(run)).rejects.toThrow(/E_FORMAT[\s\S]*at format/);
  await audits.robustness.found.write(run, {
    part: "robustness",
    values: {},
    sets: { scores: { by: "lac", all: [1] } },
  });
  expect((await audits.robustness.found.read(run)).sets!.scores.all).toEqual([1]);
  edit("audit/robustness.json", '"lac"', '"lc"');
  await expect(audits.robustness.found.read(run)).rejects.toThrow(/at sets\.scores\.by/);
});

test("only what a stage that stands has made is found", async () => {
  const record = { format: "concord-stage", version: 1, key: "", inputs: {}, finished: "", seconds: 1 } as const;
  const evaluate = { ...record, stage: "evaluate", outputs: ["metrics.json"], summary: { temperature: 2 } };
  await metrics.write(run, { accuracy: 1 });
  expect(await artifactsIn(run, {}).find(metrics)).toBeUndefined();
  expect(await artifactsIn(run, { evaluate }).find(metrics)).toMatchObject({ accuracy: 1 });
  expect(facts.evaluate.of(evaluate).temperature).toBe(2);
  expect(() => facts.evaluate.of({ ...evaluate, summary: { temperature: "2" } })).toThrow(/at temperature/);
});

test("stages run after those whose artifacts they read", () => {
  const after = Object.fromEntries(stages.map((stage) => [stage.name, afterOf(stages, stage)]));
  expect(after).toMatchObject({
    prepare: [],
    pretrain: ["prepare"],
    adapt: ["prepare", "pretrain"],
    baseline: ["prepare"],
    evaluate: ["prepare", "adapt", "baseline"],
    "audit-fairness": ["prepare", "adapt", "evaluate"],
    "audit-privacy": ["prepare", "pretrain", "adapt", "evaluate"],
    profile: ["prepare", "adapt", "evaluate"],
    export: ["adapt", "evaluate"],
  });
  expect(after.report).toEqual(stages.map(({ name }) => name).filter((name) => !["report", "profile"].includes(name)));
  const names = stages.map(({ name }) => name);
  for (const [name, before] of Object.entries(after))
    expect(Math.max(-1, ...before.map((one) => names.indexOf(one)))).toBeLessThan(names.indexOf(name));
});
