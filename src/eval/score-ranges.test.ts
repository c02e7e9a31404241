// Intervals of shares and correlations end where their values do.
import { expect, test } from "vitest";
import { intervalOf } from "./row-scores.ts";
import { namedInterval, rangeOf } from "./score-ranges.ts";

const rows = Array.from({ length: 12 }, () => ({}));
const right = (picked: Int32Array) => picked.filter((i) => i !== 0).length / picked.length;
const draws = { seed: 1, resamples: 500 };

test("few rows' widened percentiles pass 1, and a share's interval does not", () => {
  expect(intervalOf(draws, rows, right).high).toBeGreaterThan(1);
  const { value, low, high } = namedInterval(draws, rows, "preferenceAccuracy", right);
  expect([value, high]).toEqual([11 / 12, 1]);
  expect(low).toBe(intervalOf(draws, rows, right).low);
});

test("a score without a range of its own, such as a reward, keeps the widened interval", () => {
  expect(namedInterval(draws, rows, "reward", right)).toEqual(intervalOf(draws, rows, right));
  expect(rangeOf("topic.macroF1")).toEqual([0, 1]);
  expect(rangeOf("r2")).toEqual([-Infinity, 1]);
});
