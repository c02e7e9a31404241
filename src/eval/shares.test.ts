import { expect, test } from "vitest";
import { hiddenCells } from "../base/index.ts";
import { clopperPearson } from "./clopper-pearson.ts";
import { intraclass, shareInterval, shareOf } from "./shares.ts";

const repeat = <T>(values: readonly T[], times: number): T[] =>
  values.flatMap((v) => Array.from({ length: times }, () => v));

test("without clusters the interval is Clopper and Pearson's; clusters of one row are none", () => {
  const hits = [1, 1, 1, 0, 1, 1, 1, 1, 1, 1];
  const want = clopperPearson(9, 10);
  expect(shareInterval(hits)).toEqual(want);
  expect(shareInterval(hits, [...hits.keys()])).toEqual(want);
});

test("rows of a unit that are right or wrong together are worth one row", () => {
  const units = Array.from({ length: 12 }, (_, u) => Number(u % 4 !== 0));
  const [hits, clusters] = [repeat(units, 5), repeat([...units.keys()], 5)];
  expect(shareOf({ hits: units.map((h) => 5 * h), trials: units.map(() => 5) }).effective).toBeCloseTo(12);
  const [rows, together] = [shareInterval(hits), shareInterval(hits, clusters)];
  expect(together.estimate).toBe(rows.estimate);
  expect(together.low).toBeLessThan(clopperPearson(9, 12).low);
  expect(together.high).toBeGreaterThan(clopperPearson(9, 12).high);
});

test("with one unit nothing is known; all right says no more than the number of units does", () => {
  expect(shareInterval(repeat([1], 40), repeat(["p"], 40))).toMatchObject({ low: 0, high: 1 });
  const { low } = shareInterval(repeat([1], 40), repeat([0, 1, 2, 3], 10));
  expect(low).toBeLessThan(clopperPearson(4, 4).low);
});

test("the intraclass correlation is near 0 for rows alike by chance only, 1 for alike ones, and unknown for single rows", () => {
  const independent = { hits: repeat([1, 2, 1, 0, 1, 2, 1, 0], 50), trials: repeat([2], 400) };
  expect(intraclass([independent])).toBeLessThan(0.02);
  expect(intraclass([{ hits: repeat([2, 0], 100), trials: repeat([2], 200) }])).toBe(1);
  expect(intraclass([{ hits: [1, 0], trials: [1, 1] }])).toBeUndefined();
});

test("a small cell is hidden behind others until their sum is of two cells and not small", () => {
  expect([...hiddenCells([50, 40, 300], 10)]).toEqual([]);
  expect([...hiddenCells([5, 40, 300], 10)].sort()).toEqual([0, 1]);
  expect([...hiddenCells([5, 3, 300, 40], 10)].sort()).toEqual([0, 1, 3]);
  expect([...hiddenCells([6, 7, 300, 40], 10)].sort()).toEqual([0, 1]);
  expect([...hiddenCells([0, 40, 300], 10)]).toEqual([]);
  expect([...hiddenCells([5, 300], 10)].sort()).toEqual([0, 1]);
});
