import { expect, test } from "vitest";
import { random } from "../../base/index.ts";
import {
  classesCsv,
  confusionsOf,
  keptProbabilities,
  largest,
  listedProbabilities,
  mostClasses,
  mostListed,
} from "../../eval/index.ts";
import { softmax } from "../../predict/index.ts";
import type { Rows, Scoring } from "../scoring.ts";
import { multiLabelMetrics } from "./multi-label.ts";
import { singleLabelMetrics } from "./single-label.ts";

test("the largest values are those of sorting, of equal ones the earlier", () => {
  const rng = random(5);
  const values = Array.from({ length: 500 }, () => rng.int(60));
  const sorted = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
  for (const k of [1, 7, 20, 600]) expect(largest(values, k)).toEqual(sorted.slice(0, k));
});

const names = (count: number) => Array.from({ length: count }, (_, k) => `c${k}`);

test.each([mostListed, mostListed + 1])(
  "%d classes: all probabilities, or the likeliest and those asked for",
  (count) => {
    const logits = Float32Array.from({ length: count }, (_, k) => k / 10);
    const own = listedProbabilities(names(count), logits, (x) => x, [3]);
    expect(Object.keys(own)).toHaveLength(count <= mostListed ? count : keptProbabilities + 1);
    expect(own.c3).toBeCloseTo(0.3);
    expect(own[`c${count - 1}`]).toBeCloseTo((count - 1) / 10);
  },
);

test("confusions are counted, the most frequent first; a name with a comma is quoted", () => {
  expect(confusionsOf(["a", "b"], [0, 0, 1, 0], [1, 1, 0, 0])).toEqual([
    { truth: "a", predicted: "b", count: 2 },
    { truth: "b", predicted: "a", count: 1 },
  ]);
  const csv = classesCsv([
    { label: 'x, "y"', support: 2, precision: null, recall: { value: 0.5, low: 0, high: 1 }, f1: null },
  ]);
  expect(csv.split("\n")[1]).toBe('"x, ""y""",2,,,,0.500000,0.000000,1.000000,,,');
});

const scoring: Scoring = {
  language: "en",
  seed: 0,
  resamples: 20,
  smallestCell: 10,
  groups: {},
  scheme: "IOB2",
  offsets: "code-points",
};
const rowsOf = (count: number): Rows =>
  names(count).map((label, i) => ({ place: `t:${i}`, text: `${i}`, labels: [label], attributes: {} }));
const logitsOf = (count: number) =>
  names(count).map((_, i) => Float32Array.from({ length: count }, (_, k) => (k === i - (i % 2) ? 9 : k % 7)));

test("files of very many classes are bounded, and say the same as for few", () => {
  const measured = (count: number) =>
    singleLabelMetrics(scoring, names(count), {
      dev: [],
      devLogits: [],
      test: rowsOf(count),
      testLogits: logitsOf(count),
    });
  const [few, many] = [measured(100), measured(400)];
  expect([few.record.classes, many.record.classes].map((c) => (c as unknown[]).length)).toEqual([100, mostClasses]);
  expect(many.classes).toHaveLength(400);
  expect(many.record.classCount).toBe(400);
  expect(many.record.confusion).toMatchObject({ rows: 400, right: 200, kinds: 200 });
  expect(JSON.stringify(many.record).length).toBeLessThan(60_000);
  const { counts } = few.record.confusion as { counts: number[][] };
  expect([counts[0]![0], counts[1]![0], counts[1]![1]]).toEqual([1, 1, 0]);
  expect(many.predictions[1]!.probabilities).toHaveProperty("c1"); // the truth, though not among the likeliest
  expect(Object.keys(many.predictions[1]!.probabilities as object)).toHaveLength(keptProbabilities + 1);
  const p = softmax(logitsOf(100)[4]!);
  expect((few.predictions[4]!.probabilities as Record<string, number>).c4).toBeCloseTo(p[4]!, 6);
  expect(many.text).toContain("20 of 400 classes");
  const several = multiLabelMetrics(scoring, names(400), {
    test: rowsOf(400),
    testLogits: logitsOf(400).map((l) => l.map((x) => x - 8)),
  });
  expect(several.record.classes).toHaveLength(mostClasses);
  expect(several.record.microF1).toMatchObject({ value: 0.5 });
});
