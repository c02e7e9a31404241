import { expect, test } from "vitest";
import { readRecipe } from "../../read-recipe.ts";
import { classRecords, groupScores, type Rows } from "./metrics.ts";

const recipe = readRecipe(
  "{ version: 1, name: t, data: { file: t.csv, attributes: [sex] }, model: { from: m }, evaluate: { resamples: 200 } }",
  "t.yaml",
);
const rows: Rows = Array.from({ length: 60 }, (_, i) => ({
  place: `t:${i}`,
  text: `${i}`,
  labels: [i % 2 ? "b" : "a"],
  group: `p${i >> 1}`,
  attributes: { sex: i < 5 ? "x" : "f" },
}));
const hot = (classOf: (i: number) => number) => rows.map((_, i) => [0, 1, 2].map((k) => Number(k === classOf(i))));

test("a class has precision, recall and F1 with intervals around them; a class without rows has no recall", () => {
  const records = classRecords(
    recipe,
    rows,
    ["a", "b", "never"],
    hot((i) => i % 2),
    hot((i) => (i % 6 === 0 ? 1 : i % 2)),
  );
  const [a, b, never] = records;
  expect([a!.support, b!.support]).toEqual([30, 30]);
  expect(a!.precision).toEqual({ value: 1, low: 1, high: 1 });
  expect(a!.recall!.value).toBeCloseTo(20 / 30);
  expect(a!.recall!.low).toBeGreaterThan(0.4);
  expect(a!.recall!.low).toBeLessThan(20 / 30);
  expect(a!.recall!.high).toBeLessThan(0.9);
  expect(b!.f1!.value).toBeCloseTo((2 * 30) / (40 + 30));
  expect(never).toEqual({ label: "never", precision: null, recall: null, f1: null, support: 0 });
});

test("a group with few rows says only that it is small", () => {
  const share = (picked: Int32Array) => picked.filter((i) => i % 2).length / picked.length;
  const { sex } = groupScores(recipe, rows, "accuracy", share);
  expect(sex!.x).toEqual({ rows: "under 10" });
  expect(sex!.f).toMatchObject({ rows: 55, accuracy: { value: 28 / 55 } });
});
