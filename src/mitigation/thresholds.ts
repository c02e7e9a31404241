// Thresholds per group that make a rate equal between groups at the best accuracy (Hardt 2016, arXiv:1610.02413), as
// fairlearn's ThresholdOptimizer: answers are probabilities, for two thresholds of a group may be mixed.
import { groupBy } from "../base/index.ts";
import { checkColumns, checkFinite } from "../eval/index.ts";
import { type Mixture, onGrid, type TradedRate, tradedRate, tradeOffHull } from "./threshold-curve.ts";

/** What must be equal between groups. */
export type ThresholdConstraint =
  | "demographic-parity"
  | "equalized-odds"
  | "true-positive-rate-parity"
  | "false-positive-rate-parity";

export interface ThresholdOptions {
  readonly constraint: ThresholdConstraint;
  /** Default accuracy. */
  readonly objective?: "accuracy" | "balancedAccuracy";
  /** Steps of the grid on the rate that is made equal. Default 1000. */
  readonly gridSize?: number;
  /** Whether a group may be answered 1 below a threshold. Default false. */
  readonly flip?: boolean;
}

/** How a group is answered: the mixture, and the share of rows (`ignore`) that get the constant instead. */
export interface GroupRule extends Omit<Mixture, "y"> {
  readonly ignore: number;
  readonly constant: number;
}

const tradedBy = {
  "demographic-parity": "selectionRate",
  "equalized-odds": "falsePositiveRate",
  "true-positive-rate-parity": "truePositiveRate",
  "false-positive-rate-parity": "falsePositiveRate",
} as const satisfies Record<ThresholdConstraint, TradedRate>;

/**
 * Finds the rule of each group.
 * @param truth 0 or 1 [N] @param scores higher means more likely 1 [N] @param group of each row [N]
 * @throws E_SHAPE, E_DATA for columns that do not fit, or a group without both labels
 * @example optimizeThresholds(truth, scores, group, { constraint: "equalized-odds" }).get("a")!.first.threshold
 */
export function optimizeThresholds(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  group: ArrayLike<string>,
  { constraint, objective = "accuracy", gridSize = 1000, flip }: ThresholdOptions,
): ReadonlyMap<string, GroupRule> {
  checkColumns("thresholds", { truth, scores, group });
  checkFinite("thresholds", "scores", scores);
  const grid = Array.from({ length: gridSize + 1 }, (_, i) => (i === gridSize ? 1 : i * (1 / gridSize)));
  const odds = constraint === "equalized-odds";
  const rates = { x: tradedBy[constraint], y: odds ? ("truePositiveRate" as const) : objective, flip };
  const rowsOf = groupBy(Array(truth.length).keys(), (row) => group[row]!);
  const names = [...rowsOf.keys()].sort();
  const curves = names.map((name) => {
    const rows = rowsOf.get(name)!;
    const hull = tradeOffHull(
      rows.map((row) => truth[row]!),
      rows.map((row) => scores[row]!),
      rates,
    );
    return onGrid(hull, grid);
  });
  if (!odds) {
    const share = names.map((name) => rowsOf.get(name)!.length / truth.length);
    const best = firstBest(grid.map((_, i) => curves.reduce((sum, curve, g) => sum + share[g]! * curve[i]!.y, 0)));
    return new Map(names.map((name, g) => [name, { ...curves[g]![best]!, ignore: 0, constant: 0 }]));
  }
  const lowest = grid.map((_, i) => Math.min(...curves.map((curve) => curve[i]!.y)));
  const best = firstBest(oddsObjective(truth, grid, lowest, objective));
  return new Map(
    names.map((name, g) => {
      const point = curves[g]![best]!;
      const ignore = point.y === grid[best] ? 0 : (point.y - lowest[best]!) / (point.y - grid[best]!);
      return [name, { ...point, ignore, constant: grid[best]! }];
    }),
  );
}

/** The objective of all rows at each false positive rate, when every group has the true positive rate that all can reach. */
function oddsObjective(
  truth: ArrayLike<number>,
  grid: readonly number[],
  reached: readonly number[],
  objective: "accuracy" | "balancedAccuracy",
): number[] {
  const positives = Array.from(truth).reduce((n, t) => n + t, 0);
  const negatives = truth.length - positives;
  return grid.map((x, i) => {
    const y = reached[i]!;
    const decisions = {
      falsePositives: negatives * x,
      trueNegatives: negatives * (1 - x),
      truePositives: positives * y,
      falseNegatives: positives * (1 - y),
    };
    return Math.round(tradedRate(objective, decisions) * 1e15) / 1e15;
  });
}

const firstBest = (values: readonly number[]) => values.indexOf(Math.max(...values));

/**
 * Probability of answering 1.
 * @example positiveProbability(rules.get("a")!, 0.7)
 */
export function positiveProbability({ p0, p1, first, second, ignore, constant }: GroupRule, score: number): number {
  const says = ({ operator, threshold }: GroupRule["first"]) =>
    Number(operator === ">" ? score > threshold : score < threshold);
  return ignore * constant + (1 - ignore) * (p0 * says(first) + p1 * says(second));
}
