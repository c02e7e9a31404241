// What thresholds on a score can reach in one group: trade-offs between two rates, their upper convex hull, and mixtures of
// two thresholds on a grid (Hardt 2016; the definitions of fairlearn's ThresholdOptimizer). Knows one group only.
import { ConcordError } from "../base/index.ts";
import type { Decisions } from "../fairness/index.ts";

/** Rates that thresholds trade. */
export type TradedRate = "selectionRate" | "truePositiveRate" | "falsePositiveRate" | "accuracy" | "balancedAccuracy";

/** A trade-off: x and y of answering 1 above a threshold (`>`) or below it (`<`). */
export interface TradeOff {
  readonly x: number;
  readonly y: number;
  readonly operator: ">" | "<";
  readonly threshold: number;
}

/** A mixture at one x of the grid: the first threshold with probability p0, else the second. */
export interface Mixture {
  readonly y: number;
  readonly p0: number;
  readonly p1: number;
  readonly first: TradeOff;
  readonly second: TradeOff;
}

/** One of the rates that a threshold trades, of counted decisions; NaN where nothing was counted for it. */
export const tradedRate = (rate: TradedRate, d: Decisions): number => {
  const positives = d.truePositives + d.falseNegatives;
  const negatives = d.trueNegatives + d.falsePositives;
  if (rate === "selectionRate") return (d.truePositives + d.falsePositives) / (positives + negatives);
  if (rate === "truePositiveRate") return d.truePositives / positives;
  if (rate === "falsePositiveRate") return d.falsePositives / negatives;
  if (rate === "accuracy") return (d.truePositives + d.trueNegatives) / (positives + negatives);
  return (0.5 * d.truePositives) / positives + (0.5 * d.trueNegatives) / negatives;
};

/**
 * Upper convex hull of the trade-offs of every threshold.
 * @param flip also answers 1 below a threshold
 * @throws E_DATA when the rows do not have both labels
 */
export function tradeOffHull(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  rates: { readonly x: TradedRate; readonly y: TradedRate; readonly flip?: boolean },
): TradeOff[] {
  const hull: TradeOff[] = [];
  const points = tradeOffs(truth, scores, rates).sort((a, b) => a.x - b.x || a.y - b.y);
  for (const next of points) {
    while (hull.length >= 2) {
      const [before, last] = [hull.at(-2)!, hull.at(-1)!];
      if ((last.y - before.y) * (next.x - before.x) > (next.y - before.y) * (last.x - before.x)) break;
      hull.pop();
    }
    hull.push(next);
  }
  return hull;
}

function tradeOffs(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  { x, y, flip = false }: { readonly x: TradedRate; readonly y: TradedRate; readonly flip?: boolean },
): TradeOff[] {
  const order = Int32Array.from({ length: truth.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const positives = order.reduce((n, row) => n + truth[row]!, 0);
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0)
    throw new ConcordError("E_DATA", {
      operation: "thresholds",
      problem: "a group has rows of one label only",
      expected: "rows of both",
      got: `${positives} of 1, ${negatives} of 0`,
    });
  const points: TradeOff[] = [];
  let [hits, misses] = [0, 0];
  const add = (operator: ">" | "<", threshold: number, tp: number, fp: number) => {
    const decisions = {
      truePositives: tp,
      falsePositives: fp,
      trueNegatives: negatives - fp,
      falseNegatives: positives - tp,
    };
    points.push({ x: tradedRate(x, decisions), y: tradedRate(y, decisions), operator, threshold });
  };
  for (let i = 0; i < order.length || points.length === 0; ) {
    let threshold = Number.POSITIVE_INFINITY;
    if (points.length) {
      const score = scores[order[i]!]!;
      for (; i < order.length && scores[order[i]!] === score; i++)
        if (truth[order[i]!]) hits++;
        else misses++;
      threshold = (score + (i < order.length ? scores[order[i]!]! : Number.NEGATIVE_INFINITY)) / 2;
    }
    add(">", threshold, hits, misses);
    if (flip) add("<", threshold, positives - hits, negatives - misses);
  }
  return points;
}

/** The hull at each x of a grid from 0 to 1, as mixtures of the two trade-offs around it. */
export function onGrid(hull: readonly TradeOff[], grid: readonly number[]): Mixture[] {
  let at = 0;
  return grid.map((x, i) => {
    while (at + 1 < hull.length && hull[at + 1]!.x <= x) at++;
    const left = i > 0 && hull[at]!.x === x && at > 0 ? at - 1 : at;
    const [first, second] = [hull[left]!, hull[left + 1]!];
    const p0 = (second.x - x) / (second.x - first.x);
    const p1 = 1 - p0;
    return { y: p0 * first.y + p1 * second.y, p0, p1, first, second };
  });
}
