// A mean over rows of independent units, with an interval by Student's t.

import type { Interval } from "./intervals.ts";
import { checkColumns, type Label } from "./labels.ts";
import { tQuantile } from "./student.ts";

/**
 * Mean of values, with an interval that knows which rows are of one unit: the linearised variance of the ratio of sums over units, by
 * Student's t with one degree of freedom less than units (Cochran 1977, chapter 6). With one unit the interval is the whole line.
 * @param values [N], N > 0 @param clusters [N] unit of each row. Default each row by itself
 * @example meanInterval([0.1, 0.2, 0.3], ["p1", "p1", "p2"]).low
 */
export function meanInterval(values: ArrayLike<number>, clusters?: ArrayLike<Label>, confidence = 0.95): Interval {
  checkColumns("mean", { values, clusters });
  const count = values.length;
  const estimate = Array.from(values).reduce((sum, value) => sum + value, 0) / count;
  const byUnit = new Map<Label, number>();
  for (let i = 0; i < count; i++) {
    const unit = clusters ? clusters[i]! : i;
    byUnit.set(unit, (byUnit.get(unit) ?? 0) + values[i]! - estimate);
  }
  const units = byUnit.size;
  if (units < 2) return { estimate, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, confidence };
  const squares = [...byUnit.values()].reduce((sum, off) => sum + off * off, 0);
  const half = (tQuantile((1 + confidence) / 2, units - 1) * Math.sqrt((units / (units - 1)) * squares)) / count;
  return { estimate, low: estimate - half, high: estimate + half, confidence };
}
