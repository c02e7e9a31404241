// The area under the ROC curve of two sets of scores, with an interval that holds for few units (patients) of unequal size. Knows no attack.
import { type Interval, type Label, tQuantile, wilson } from "../eval/index.ts";

/** What one side (positives or negatives) adds to the error of the area. */
interface Side {
  /** By unit: how far the area moves when the unit is left out, as the jackknife scales it. */
  readonly moved: ReadonlyMap<string, number>;
  readonly variance: number;
  /** 1 / Σ (share of rows)²: as many units of equal size would tell as much. */
  readonly effective: number;
}

/**
 * AUC with DeLong's components (1988; by mid-ranks, Sun & Xu 2014). Its variance is that of leaving out one unit after another (Obuchowski
 * 1997 sums rows by unit), Student's t has Welch's degrees of freedom from the effective units of both sides (Carter, Schnepel & Steigerwald
 * 2017), and the interval is made on the logit scale, which keeps it within 0 … 1. Neither the area nor its error comes closer to an end than
 * one pair of units in the wrong order would bring it: perfect separation of few units is no certainty. Where less than one unit of the
 * smaller side is in the wrong order, the normal approximation ends: the interval is then at least Wilson's for a share of as many units,
 * whose variance A·(1 − A)/n is the largest that an area can have (Birnbaum & Klose 1957). Chosen by test/slow/areas.slow.ts.
 * @param units of the rows of each side; a unit may lie on both. Default each row by itself
 * @returns [0, 1] as interval where a side has one unit
 */
export function deLong(
  positives: Float64Array,
  negatives: Float64Array,
  confidence = 0.95,
  units: { readonly positives?: ArrayLike<Label>; readonly negatives?: ArrayLike<Label> } = {},
): Interval {
  const [m, n] = [positives.length, negatives.length];
  const all = midranks(Float64Array.from([...positives, ...negatives]));
  const [ranks, foreign] = [midranks(positives), midranks(negatives)];
  const v10 = ranks.map((rank, i) => (all[i]! - rank) / n);
  const v01 = foreign.map((rank, j) => 1 - (all[m + j]! - rank) / m);
  const area = v10.reduce((a, b) => a + b, 0) / m;
  const [one, two] = [sideOf(v10, area, units.positives, "0"), sideOf(v01, area, units.negatives, "1")];
  const [low, high] = limits(area, one, two, confidence);
  return { estimate: area, low, high, confidence };
}

function sideOf(values: Float64Array, area: number, units: ArrayLike<Label> | undefined, name: string): Side {
  const sums = new Map<string, { off: number; rows: number }>();
  for (const [i, value] of values.entries()) {
    const unit = units ? `unit ${units[i]}` : `${name} ${i}`;
    const sum = sums.get(unit) ?? { off: 0, rows: 0 };
    sums.set(unit, { off: sum.off + value - area, rows: sum.rows + 1 });
  }
  const [count, rows] = [sums.size, values.length];
  const scale = Math.sqrt((count - 1) / count);
  const moved = new Map([...sums].map(([unit, sum]) => [unit, (scale * sum.off) / (rows - sum.rows)]));
  return {
    moved,
    variance: [...moved.values()].reduce((sum, x) => sum + x * x, 0),
    effective: rows ** 2 / [...sums.values()].reduce((sum, unit) => sum + unit.rows ** 2, 0),
  };
}

function limits(area: number, one: Side, two: Side, confidence: number): [low: number, high: number] {
  if (one.moved.size < 2 || two.moved.size < 2) return [0, 1];
  const pair = 1 / (one.effective * two.effective);
  const [a, b] = [one, two].map(({ variance }) => Math.max(variance, pair ** 2)) as [number, number];
  // a unit on both sides moves both at once
  const shared = [...one.moved.keys()].filter((unit) => two.moved.has(unit));
  const both = shared.reduce((sum, unit) => sum + 2 * one.moved.get(unit)! * two.moved.get(unit)!, 0);
  const error = Math.sqrt(Math.max(a + b + both, 2 * pair ** 2));
  const freedom = shared.length
    ? Math.min(one.effective, two.effective) - 1
    : (a + b) ** 2 / (a ** 2 / (one.effective - 1) + b ** 2 / (two.effective - 1));
  const middle = Math.min(1 - pair, Math.max(pair, area));
  const half = (tQuantile((1 + confidence) / 2, freedom) * error) / (middle * (1 - middle));
  const logit = Math.log(middle / (1 - middle));
  const share = (x: number) => 1 / (1 + Math.exp(-x));
  const [low, high] = [Math.min(area, share(logit - half)), Math.max(area, share(logit + half))];
  const fewest = Math.min(one.effective, two.effective);
  if (fewest * Math.min(area, 1 - area) >= 1) return [low, high];
  const widest = wilson(fewest * area, fewest, confidence);
  return [Math.min(low, widest.low), Math.max(high, widest.high)];
}

/** Ranks from 1; equal values share their mean. */
function midranks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) ranks[order[k]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
