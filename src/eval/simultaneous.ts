// Intervals that hold for all of several candidates at once, for a score of the one that was chosen. Pure.
import { ConcordError } from "../base/index.ts";
import { normalQuantile } from "./normal.ts";

/** Ends of an interval, and what it is around. */
interface Limits {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface SimultaneousOptions {
  /** Candidates that could have been chosen. */
  readonly candidates: number;
  /** Smallest and largest value that the score can have. Default none. */
  readonly bounds?: readonly [low: number, high: number];
}

/** Level of each of k intervals that hold together at 95 %: 1 − 0.05/k (Bonferroni; Dunn 1961, J. Am. Stat. Assoc. 56). */
export const simultaneousLevel = (candidates: number): number => 1 - 0.05 / candidates;

/**
 * Moves both ends of a 95 % interval out by z(1 − 0.05/2k) / z(0.975): what the quantiles of a normal distribution say, from ends that may
 * lie unevenly. Percentiles of a bootstrap at such levels would need tens of thousands of resamples.
 * @throws E_ARGUMENT for fewer than one candidate
 * @example simultaneous({ value: 0.9, low: 0.86, high: 0.93 }, { candidates: 20 }) // { value: 0.9, low: 0.838…, high: 0.946… }
 */
export function simultaneous({ value, low, high }: Limits, { candidates, bounds }: SimultaneousOptions): Limits {
  if (!(Number.isInteger(candidates) && candidates >= 1))
    throw new ConcordError("E_ARGUMENT", {
      operation: "simultaneous interval",
      problem: "candidates are counted from 1",
      expected: "a whole number ≥ 1",
      got: `${candidates}`,
    });
  const wider = normalQuantile(1 - 0.025 / candidates) / normalQuantile(0.975);
  const [least, most] = bounds ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    value,
    low: Math.max(least, value - wider * (value - low)),
    high: Math.min(most, value + wider * (high - value)),
  };
}
