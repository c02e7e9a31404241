// Intervals of the best of many: how much wider, and that all hold together.
import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { simultaneous, simultaneousLevel } from "./simultaneous.ts";

test("one candidate leaves the interval as it is", () => {
  const score = { value: 0.9, low: 0.86, high: 0.93 };
  const { low, high } = simultaneous(score, { candidates: 1 });
  expect(low).toBeCloseTo(0.86, 12);
  expect(high).toBeCloseTo(0.93, 12);
});

test("twenty candidates move each end out by 3.023 / 1.960", () => {
  const { low, high } = simultaneous({ value: 0.9, low: 0.86, high: 0.93 }, { candidates: 20 });
  expect(low).toBeCloseTo(0.9 - 0.04 * (3.0233414 / 1.959964), 6);
  expect(high).toBeCloseTo(0.9 + 0.03 * (3.0233414 / 1.959964), 6);
  expect(simultaneousLevel(20)).toBe(0.9975);
});

test("ends stay where the score can be", () => {
  const { low, high } = simultaneous({ value: 0.02, low: 0, high: 0.99 }, { candidates: 100, bounds: [0, 1] });
  expect([low, high]).toEqual([0, 1]);
});

test("none of 20 normal means leaves its interval in 95 % of the draws, where 95 % intervals alone fail in most", () => {
  const stream = random(1);
  let [alone, together] = [0, 0];
  for (let draw = 0; draw < 2000; draw++) {
    const means = Array.from({ length: 20 }, () => stream.normal());
    const holds = (wider: boolean) =>
      means.every((value) => {
        const own = { value, low: value - 1.959964, high: value + 1.959964 };
        const { low, high } = wider ? simultaneous(own, { candidates: 20 }) : own;
        return low <= 0 && 0 <= high;
      });
    alone += Number(holds(false));
    together += Number(holds(true));
  }
  expect(alone / 2000).toBeLessThan(0.42); // 0.95²⁰ = 0.358
  expect(together / 2000).toBeGreaterThan(0.935);
  expect(together / 2000).toBeLessThan(0.97);
});

test("no candidates are refused", () => {
  expect(() => simultaneous({ value: 0, low: 0, high: 0 }, { candidates: 0 })).toThrow(/counted from 1/);
});
