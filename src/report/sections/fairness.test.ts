import { expect, test } from "vitest";
import { textOf } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { fairnessSection } from "./fairness.ts";

const score = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
const shown = (facts: Record<string, unknown>, language: "en" | "zh" = "en"): string => {
  const groups = { a: { rows: 60, measures: {} }, b: { rows: 25, measures: {} }, c: { rows: "under 10" } };
  const grouping = { attributes: ["x"], groups, overall: { accuracy: score(0.7), mae: score(3) }, gaps: [] };
  const fairness = { rows: 90, kind: "classes", baseline: 0.4, smallestCell: 10, groupings: [grouping], ...facts };
  return textOf(fairnessSection({ language, audit: { fairness } } as unknown as ReportInput)!);
};

test("the score of all rows stands beside a constant answer's, and answers that are no better are called so", () => {
  expect(shown({})).toContain("accuracy 0.700. The majority-class baseline has 0.400.");
  expect(shown({})).not.toContain("no better");
  expect(shown({ baseline: 0.7 })).toContain("no better than this baseline");
  expect(shown({}, "zh")).toContain("多数类基线为 0.400");
  expect(shown({ kind: "numbers", baseline: 4 })).toContain("The mean baseline has 4.000.");
  expect(shown({ kind: "numbers", baseline: 4 })).not.toContain("no better");
  expect(shown({ kind: "numbers", baseline: 2 })).toContain("no better");
  expect(shown({ kind: "entities", baseline: undefined })).not.toContain("baseline has");
});

test("groups and rows that are not shown are counted", () => {
  expect(shown({})).toContain("1 groups with 5 rows in total are not shown. They have fewer than 10 rows");
  expect(shown({}, "zh")).toContain("1 个分组（共 5 行）不显示");
  const all = [{ attributes: ["x"], groups: { a: { rows: 90, measures: {} } }, overall: {}, gaps: [] }];
  expect(shown({ groupings: all })).not.toContain("not shown.");
});
