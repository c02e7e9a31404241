import { expect, test } from "vitest";
import { averageScores } from "../eval/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { baselineVerdict } from "../report/index.ts";
import type { RowAnswer, Rows } from "../tasks/index.ts";
import { besideBaselines } from "./beside-baselines.ts";

const recipe = readRecipe(
  "{ version: 1, name: t, data: { file: t.csv }, model: { from: m }, evaluate: { resamples: 60 } }",
  "t.yaml",
);

/** A model that is right in half of the rows beside one that is right in a tenth; so many classes, with as many rows each. */
function compared(classes: number, each: number) {
  const truth = Array.from({ length: classes * each }, (_, i) => `c${i % classes}`);
  const rows: Rows = truth.map((label, i) => ({ place: `t:${i}`, text: "", labels: [label], attributes: {} }));
  const answers = (share: number) =>
    truth.map((label, i) => ((i * 7) % 10 < 10 * share ? label : `c${(i * 3) % classes}`));
  const macroF1 = (said: readonly RowAnswer[]) => (picked: Int32Array) =>
    averageScores(
      Array.from(picked, (i) => truth[i]!),
      Array.from(picked, (i) => String(said[i])),
      "macro",
    ).fScore;
  const baseline = { name: "linear", rows: 9, answers: answers(0.1) } as const;
  return besideBaselines(recipe, rows, { answers: answers(0.5), scores: { macroF1 } }, [baseline])!;
}

test("with a test row per class the interval that lies beside its own estimate is withheld, with the reason", () => {
  const found = compared(600, 1);
  expect(found.difference).toMatchObject({ low: Number.NaN, high: Number.NaN, withheld: "redrawn" });
  expect(found.difference.value).toBeGreaterThan(0.1);
  expect(found.verdict).toBe("untold");
  expect(baselineVerdict(found, "en")).toMatch(/There is no interval, because some classes/);
  expect(baselineVerdict(found, "zh")).toContain("无法给出区间");
});

test.each([
  [3, 40],
  [10, 20],
])("%i classes of %i rows have an interval that holds its estimate", (classes, each) => {
  const { difference, verdict } = compared(classes, each);
  expect(difference.low).toBeLessThan(difference.value);
  expect(difference.high).toBeGreaterThan(difference.value);
  expect(verdict).toBe("better");
});
