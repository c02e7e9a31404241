// Differences, ratios and extremes from what is known of each number.
import { expect, test } from "vitest";
import { clopperPearson, wilson } from "../eval/index.ts";
import { differenceOf, type Known, knownBySpread, knownShare, ratioOf, unknown } from "./known.ts";
import { extremeOf, spreadsOf } from "./spreads.ts";

const byWilson = (right: number, rows: number): Known => ({
  value: right / rows,
  centre: right / rows,
  units: rows,
  cases: rows,
  limits: (confidence) => {
    const { low, high } = wilson(right, rows, confidence);
    return [low, high];
  },
});
const share = (right: number, rows: number): Known =>
  knownShare({ value: right / rows, trials: rows, units: rows, effective: rows });

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
  const got = differenceOf(byWilson(right, rows), byWilson(right2, rows2), 0.95);
  expect(got.value).toBeCloseTo(right / rows - right2 / rows2, 12);
  expect(got.low).toBeCloseTo(low, 4);
  expect(got.high).toBeCloseTo(high, 4);
});

test("of two shares of which one is of very many rows, the difference is as exact as the other", () => {
  const { low, high } = differenceOf(share(7, 10), share(900_000, 1_000_000), 0.95);
  const own = clopperPearson(7, 10);
  expect(low).toBeCloseTo(own.low - 0.9, 2);
  expect(high).toBeCloseTo(own.high - 0.9, 2);
});

test("a ratio has 1 inside its interval where the shares are alike, and infinity above one over nothing", () => {
  const { value, low, high } = ratioOf(share(40, 50), share(82, 100), 0.95);
  expect(value).toBeCloseTo(0.8 / 0.82);
  expect([low < 1, high > 1]).toEqual([true, true]);
  expect(ratioOf(share(40, 50), share(0, 100), 0.95).high).toBe(Number.POSITIVE_INFINITY);
  expect(ratioOf(share(400, 500), share(200, 500), 0.95).low).toBeGreaterThan(1.7);
});

test("the largest of many differences is large by chance: its interval reaches 0 where groups are alike, and not where they are not", () => {
  const alike = [38, 41, 35, 44, 39, 40, 46, 37].map((right) => share(right, 50));
  const { difference, ratio, min, max } = spreadsOf(alike, share(320, 400), 0.95);
  expect(difference.value).toBeCloseTo(11 / 50);
  expect(difference.low).toBe(0);
  expect(ratio.high).toBe(1);
  expect(min.high).toBeGreaterThan(0.8);
  expect(max.low).toBeLessThan(0.8);
  const apart = extremeOf([[share(450, 500), share(300, 500), share(440, 500)]], "difference", 0.95);
  expect(apart.low).toBeGreaterThan(0.2);
  expect(apart.high).toBeGreaterThan(apart.value);
});

test("what is not known counts nowhere", () => {
  expect(spreadsOf([share(3, 10), unknown], share(3, 10), 0.95).difference.value).toBeNaN();
  expect(spreadsOf([share(3, 10), unknown, share(8, 10)], share(11, 20), 0.95).difference.value).toBeCloseTo(0.5);
  expect(extremeOf([[unknown, unknown]], "ratio", 0.95).value).toBeNaN();
  expect(extremeOf([[share(0, 50), share(0, 50)]], "ratio", 0.95).value).toBeNaN();
});

test("few units have Student's t, one has no interval, and none leaves the range", () => {
  const by = (units: number) =>
    knownBySpread(0.9, { centre: 0.9, standardError: 0.05, units, cases: 100 }, [0, 1]).limits(0.95);
  expect(by(1000)[0]).toBeCloseTo(0.9 - 1.962 * 0.05, 3);
  expect(by(4)[0]).toBeCloseTo(0.9 - 3.182 * 0.05, 3);
  expect(by(4)[1]).toBe(1);
  expect(by(1)).toEqual([0, 1]);
});
