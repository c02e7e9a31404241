// Scores of forecasts against GluonTS (test/golden/forecasts.json), and for each a mutation that must fail.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  coverage,
  type ForecastSums,
  forecastSums,
  meanAbsoluteScaledError,
  symmetricError,
  weightedQuantileLoss,
} from "./index.ts";

interface Case {
  readonly truth: readonly (readonly (number | null)[])[];
  readonly quantiles: readonly (readonly number[])[];
  readonly scale: readonly number[];
  readonly wql: number;
  readonly mase: number;
  readonly smape: number;
  readonly below: Readonly<Record<"0.1" | "0.9", number>>;
}
const golden = JSON.parse(readFileSync("test/golden/forecasts.json", "utf8")) as {
  readonly levels: readonly number[];
  readonly cases: readonly Case[];
};

describe.each(golden.cases.map((one, i) => [i, one] as const))(
  "case %i",
  (_, { truth, quantiles, scale, ...wanted }) => {
    const sumsOf = (levels: readonly number[], shift = 0): ForecastSums[] =>
      truth.map((row, i) =>
        forecastSums(levels, {
          truth: row.map((y) => y ?? Number.NaN),
          quantiles: quantiles[i]!.map((q) => q + shift),
        }),
      );
    const sums = sumsOf(golden.levels);

    test("WQL, MASE and sMAPE are GluonTS's, with and without missing values", () => {
      expect(weightedQuantileLoss(sums)).toBeCloseTo(wanted.wql, 12);
      expect(meanAbsoluteScaledError(sums, scale)).toBeCloseTo(wanted.mase, 12);
      expect(symmetricError(sums)).toBeCloseTo(wanted.smape, 12);
      expect(coverage(sums)).toBeCloseTo(wanted.below["0.9"] - wanted.below["0.1"], 12);
    });

    test("quantiles that are moved, and another scale, give other scores", () => {
      const moved = sumsOf(golden.levels, 0.01);
      expect(Math.abs(weightedQuantileLoss(moved) - wanted.wql)).toBeGreaterThan(1e-6);
      expect(Math.abs(symmetricError(moved) - wanted.smape)).toBeGreaterThan(1e-6);
      const others = scale.map((s, i) => s * (i ? 1 : 1.01));
      expect(Math.abs(meanAbsoluteScaledError(sums, others) - wanted.mase)).toBeGreaterThan(1e-6);
    });
  },
);
