// Scores from summed counts: small cells that cannot be worked out from what is shown.
import fc from "fast-check";
import { expect, test } from "vitest";
import { groupScores, rowsOf } from "../../src/studies/scores.ts";

/** Two labels; a quarter of the answers is wrong. */
const group = (name: string, rows: number) => {
  const wrong = Math.floor(rows / 4);
  return { name, confusion: [rows - wrong, wrong, 0, 0] };
};
const options = { smallestCell: 10 };
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
