// Rates of a two-class decision from its four counts, as fairlearn and scikit-learn define them. Knows no groups.
import { ConcordError } from "../base/index.ts";

/** Counts (or sums of weights) of a decision. */
export interface Decisions {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** Names of the rates, in the order of {@link ratesOf}. */
export const rateNames = [
  "accuracy",
  "precision",
  "recall",
  "f1",
  "selectionRate",
  "truePositiveRate",
  "falsePositiveRate",
  "trueNegativeRate",
  "falseNegativeRate",
  "count",
] as const;
export type RateName = (typeof rateNames)[number];
export type Rates = Readonly<Record<RateName, number>>;

/**
 * All rates of some decisions. A rate without cases is `empty`: 0 as in fairlearn, or NaN to say that it is not defined.
 * @param rows what `count` reports where weights are not rows. Default the sum of the counts
 * @example ratesOf({ truePositives: 3, falsePositives: 1, trueNegatives: 4, falseNegatives: 0 }).precision // 0.75
 */
export function ratesOf(decisions: Decisions, { empty = 0, rows }: { empty?: number; rows?: number } = {}): Rates {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = decisions;
  const share = (part: number, all: number) => (all === 0 ? empty : part / all);
  const all = tp + fp + tn + fn;
  return {
    accuracy: all === 0 ? Number.NaN : (tp + tn) / all,
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
    selectionRate: all === 0 ? Number.NaN : (tp + fp) / all,
    truePositiveRate: share(tp, tp + fn),
    falsePositiveRate: share(fp, fp + tn),
    trueNegativeRate: share(tn, fp + tn),
    falseNegativeRate: share(fn, tp + fn),
    count: rows ?? all,
  };
}

/**
 * Counts of two-class decisions.
 * @param truth 0 or 1 [N]
 * @param predicted 0 or 1 [N]
 * @param rows which rows to count. Default all
 * @param weights [N] Default 1 each
 * @throws E_DATA for an entry that is neither 0 nor 1
 */
export function countDecisions(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  rows: Iterable<number> = Array.from({ length: truth.length }, (_, i) => i),
  weights?: ArrayLike<number>,
): Decisions {
  const sums = [0, 0, 0, 0];
  for (const row of rows) {
    const [t, p] = [truth[row]!, predicted[row]!];
    if ((t !== 0 && t !== 1) || (p !== 0 && p !== 1))
      throw new ConcordError("E_DATA", {
        operation: "fairness",
        problem: "a decision is neither 0 nor 1",
        got: `label ${t}, predicted ${p} at row ${row}`,
      });
    sums[2 * t + p]! += weights?.[row] ?? 1;
  }
  return { trueNegatives: sums[0]!, falsePositives: sums[1]!, falseNegatives: sums[2]!, truePositives: sums[3]! };
}
