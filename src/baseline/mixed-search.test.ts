import { expect, test } from "vitest";
import { mixedScores, wordShares } from "./mixed-search.ts";

test("each search is brought to 0 … 1, and the share says how much words count", () => {
  expect([...mixedScores([0.2, 0.9, 0.55], [3, 0, 1.5], 0.6)]).toEqual([
    expect.closeTo(0.6, 12),
    expect.closeTo(0.4, 12),
    expect.closeTo(0.5, 12),
  ]);
  expect([...mixedScores([-1, 1], [7, 2], 0)]).toEqual([0, 1]);
  expect([...mixedScores([-1, 1], [7, 2], 1)]).toEqual([1, 0]);
  expect(wordShares[0]).toBe(0);
  expect(wordShares.at(-1)).toBe(1);
});

test("where no document shares a word, vectors decide; of no documents there are no scores", () => {
  const scores = mixedScores([0.1, 0.3], [0, 0], 0.5);
  expect(scores[1]).toBeGreaterThan(scores[0]!);
  expect([...mixedScores([], [], 0.5)]).toEqual([]);
});
