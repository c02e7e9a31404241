// Quantiles against SciPy 1.17.1 (stats.t.ppf, stats.chi2.ppf).
import { expect, test } from "vitest";
import { chiSquareQuantile, tQuantile } from "./student.ts";

test.each([
  [0.975, 1, 12.706204736432095],
  [0.975, 4, 2.7764451051977987],
  [0.99875, 3, 9.464899663536398],
  [0.025, 30, -2.0422724563012373],
  [0.9, 2.5, 1.7302509288071766],
])("t at %f with %f degrees of freedom", (share, freedom, want) => {
  expect(Math.abs(tQuantile(share, freedom) / want - 1)).toBeLessThan(1e-9);
});

test("few degrees of freedom end in infinity, many in the normal distribution", () => {
  expect(tQuantile(0.975, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(tQuantile(0.975, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 9);
  expect(tQuantile(0.5, 3)).toBe(0);
});

test.each([
  [0.95, 10, 18.307038053275146],
  [0.99, 3, 11.344866730144373],
])("χ² at %f with %f degrees of freedom, to one percent", (share, freedom, want) => {
  expect(Math.abs(chiSquareQuantile(share, freedom) / want - 1)).toBeLessThan(0.01);
});
