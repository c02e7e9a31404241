// How far values of groups lie apart: the differences and ratios of fairlearn's MetricFrame. Knows no metric.

/** How groups are compared: with each other, or each with all rows. */
export type Comparison = "between-groups" | "to-overall";

const defined = (values: readonly number[]) => values.filter((value) => !Number.isNaN(value));
const least = (values: readonly number[]) => defined(values).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]) => defined(values).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const orNaN = (value: number, values: readonly number[]) => (defined(values).length ? value : Number.NaN);

/** Smallest value of a group; groups without a value (NaN) are left out. */
export const groupMin = (values: readonly number[]): number => orNaN(least(values), values);

/** Largest value of a group. */
export const groupMax = (values: readonly number[]): number => orNaN(most(values), values);

/**
 * Largest difference: max − min over groups, or the largest |group − overall|.
 * @param overall value of all rows, needed for `to-overall`
 * @example difference([0.5, 0.8, NaN]) // 0.3
 */
export function difference(values: readonly number[], overall?: number): number {
  if (overall === undefined) return groupMax(values) - groupMin(values);
  return groupMax(values.map((value) => Math.abs(value - overall)));
}

/**
 * Smallest ratio: min / max over groups, or the smallest of group / overall and overall / group. 0/0 is NaN.
 * @example ratio([0.4, 0.8]) // 0.5
 */
export function ratio(values: readonly number[], overall?: number): number {
  if (overall === undefined) return groupMin(values) / groupMax(values);
  return groupMin(values.flatMap((value) => [value / overall, overall / value]));
}

/** Equalized odds joins the two rates that must be equal, true and false positive: the worse of both, or their mean. */
export type OddsAggregation = "worst-case" | "mean";

/**
 * Equalized odds difference (Hardt 2016) from the differences of the two rates.
 * @example equalizedOddsDifference(0.2, 0.1) // 0.2
 */
export const equalizedOddsDifference = (
  truePositiveRate: number,
  falsePositiveRate: number,
  by: OddsAggregation = "worst-case",
): number =>
  by === "mean" ? meanOfDefined(truePositiveRate, falsePositiveRate) : laterIf(truePositiveRate, falsePositiveRate, 1);

/** Equalized odds ratio from the ratios of the two rates. */
export const equalizedOddsRatio = (
  truePositiveRate: number,
  falsePositiveRate: number,
  by: OddsAggregation = "worst-case",
): number =>
  by === "mean" ? meanOfDefined(truePositiveRate, falsePositiveRate) : laterIf(truePositiveRate, falsePositiveRate, -1);

/** The second where it is further in a direction, else the first: NaN first stays, as in fairlearn. */
const laterIf = (first: number, second: number, sign: 1 | -1) => (sign * second > sign * first ? second : first);

const meanOfDefined = (...values: number[]) => {
  const kept = defined(values);
  return kept.reduce((a, b) => a + b, 0) / kept.length;
};
