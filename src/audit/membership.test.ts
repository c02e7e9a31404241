import { expect, test } from "vitest";
import { referenceHalves } from "./membership.ts";

test("each attacked row is in half of the reference models, each model holds half, and a patient's rows stay together", () => {
  const units = Array.from({ length: 90 }, (_, i) => (i < 60 ? `p${i >> 1}` : i));
  const halves = referenceHalves(units, 6, 3);
  for (const [row, unit] of units.entries()) {
    expect(halves.reduce((n, half) => n + half[row]!, 0)).toBe(3);
    for (const half of halves) expect(half[row]).toBe(half[units.indexOf(unit)]);
  }
  for (const half of halves) expect(Math.abs(half.reduce((a, b) => a + b, 0) - 45)).toBeLessThan(15);
  expect(halves[0]).not.toEqual(halves[2]);
  expect(referenceHalves(units, 6, 4)[0]).not.toEqual(halves[0]);
  expect(referenceHalves(units, 6, 3)).toEqual(halves);
});
