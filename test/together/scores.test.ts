// Scores from summed counts: intervals of published figures, and small cells that cannot be worked out from what is shown.
import fc from "fast-check";
import { expect, test } from "vitest";
import { groupScores, newcombe, rowsOf } from "../../src/pipeline/together/scores.ts";

// Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven methods, Statistics in Medicine
// 17 (1998) 873–890, table II, method 10 ("square-and-add", Wilson, without continuity correction), contrasts (a) to (h).
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
])("the difference of %i/%i and %i/%i has Newcombe's published interval", (right, rows, right2, rows2, low, high) => {
  const got = newcombe({ rows, right }, { rows: rows2, right: right2 });
  expect(got.value).toBeCloseTo(right / rows - right2 / rows2, 12);
  expect(got.low).toBeCloseTo(low, 4);
  expect(got.high).toBeCloseTo(high, 4);
});

/** Two labels; a quarter of the answers is wrong. */
const group = (name: string, rows: number) => {
  const wrong = Math.floor(rows / 4);
  return { name, confusion: [rows - wrong, wrong, 0, 0] };
};
const options = { smallestCell: 10, seed: 1, resamples: 20 };
const shownOf = (groups: ReturnType<typeof group>[]) => {
  const { scores, gap } = groupScores(groups, options);
  const shown = Object.entries(scores).filter(([, own]) => "accuracy" in (own as object));
  return { scores, gap, shown: shown.map(([name]) => name) };
};

test("a group under the smallest cell is not shown, nor the next smallest, nor their part in a gap", () => {
  const { scores, gap, shown } = shownOf([group("a", 40), group("b", 9), group("c", 12), group("d", 80)]);
  expect(shown).toEqual(["a", "d"]);
  expect(scores.b).toEqual({ rows: "under 10" });
  expect(scores.c).toEqual({ rows: "withheld" });
  expect(gap!.value).toBeCloseTo(0, 12);
  expect(shownOf([group("a", 40), group("b", 9)])).toMatchObject({ shown: [], gap: undefined });
  expect(shownOf([group("a", 40), group("b", 10)]).shown).toEqual(["a", "b"]);
});

test("groups that are small together are not a cell that the whole gives away", () => {
  const { scores, shown } = shownOf([group("a", 40), group("b", 1), group("c", 2), group("d", 80)]);
  expect(shown).toEqual(["d"]);
  expect(scores.a).toEqual({ rows: "withheld" });
});

test("whatever the sizes, the whole less what is shown is nothing, or two groups or more with enough rows between them", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }), (sizes) => {
      const groups = sizes.map((rows, i) => group(`g${i}`, rows)).filter(({ confusion }) => rowsOf(confusion) > 0);
      const { shown } = shownOf(groups);
      const hidden = groups.filter(({ name }) => !shown.includes(name));
      for (const { name, confusion } of groups)
        if (rowsOf(confusion) < options.smallestCell) expect(shown).not.toContain(name);
      if (hidden.length === 0 || shown.length === 0) return;
      expect(hidden.length).toBeGreaterThan(1);
      const rows = hidden.reduce((n, { confusion }) => n + rowsOf(confusion), 0);
      expect(rows).toBeGreaterThanOrEqual(options.smallestCell);
    }),
    { numRuns: 100 },
  );
});
