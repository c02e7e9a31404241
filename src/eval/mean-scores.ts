// Means of rows with bootstrap intervals: the form in which audits give numbers. Pure.
import type { Random } from "../base/index.ts";
import { bootstrapMany } from "./intervals.ts";

/** A mean with its 95 % interval. */
export interface MeanScore {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean of each column over the same resampled rows; NaN entries do not count.
 * @param columns as many rows each, at least one
 * @example meansOf([[0, 1, 1]], { resamples: 1000, random: random(1) })[0] // { value: 0.667, low: 0, high: 1 }
 */
export function meansOf(
  columns: readonly ArrayLike<number>[],
  { resamples, random }: { readonly resamples: number; readonly random: Random },
): MeanScore[] {
  const rows = columns[0]?.length ?? 0;
  const missing = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  if (rows === 0) return columns.map(() => missing);
  const means = (picked: Int32Array) =>
    columns.map((column) => {
      let [sum, count] = [0, 0];
      for (const row of picked) {
        const x = column[row]!;
        if (!Number.isNaN(x)) [sum, count] = [sum + x, count + 1];
      }
      return sum / count;
    });
  return bootstrapMany(means, rows, { resamples, random }).map(({ estimate, low, high }) => ({
    value: estimate,
    low,
    high,
  }));
}
