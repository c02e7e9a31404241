// A panel: what is measured in a group, as functions of how many of its rows are of each kind (a decision at a score, a
// true and a predicted class, an error). Knows no groups and no draws.

/** Measures of some rows from their kinds. */
export interface Panel {
  /** Kind of each row [N], 0 … kindCount − 1. */
  readonly kindOf: Int32Array;
  readonly kindCount: number;
  readonly measures: readonly string[];
  /**
   * @param own rows of each kind in the group [kinds] @param all the same of all rows
   * @param out where the values go [measures]; NaN where a measure has no cases
   */
  evaluate(own: Float64Array, all: Float64Array, out: Float64Array): void;
  /** Where kinds are coarser than rows: the measures that differ, from the rows themselves. */
  refine?(groupOf: Int32Array, groups: number): Refined;
}

/** Which rows: those of a group, all others, or all. */
export type Which = "own" | "rest" | "all";

/** Overwrites values with those of the rows themselves. @param g group; of no meaning for all rows */
export type Refined = (which: Which, g: number, out: Float64Array) => void;

/** Bins of equal share over the distinct values, and the mean value of each; `exact` where every distinct value has a bin. */
export function quantileBins(
  values: ArrayLike<number>,
  most: number,
): { binOf: Int32Array; means: Float64Array; exact: boolean } {
  const sorted = Float64Array.from(values).sort();
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++;
  const exact = distinct <= most;
  const edges = exact
    ? sorted
    : Float64Array.from({ length: most }, (_, b) => sorted[Math.floor((b * sorted.length) / most)]!);
  const kept = edges.filter((x, i) => i === 0 || x !== edges[i - 1]);
  const binOf = new Int32Array(values.length);
  const [sums, counts] = [new Float64Array(kept.length), new Float64Array(kept.length)];
  for (let row = 0; row < values.length; row++) {
    let [low, high] = [0, kept.length - 1]; // the last edge that is not above the value
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (kept[middle]! <= values[row]!) low = middle;
      else high = middle - 1;
    }
    binOf[row] = low;
    sums[low]! += values[row]!;
    counts[low]!++;
  }
  return { binOf, means: exact ? kept : sums.map((sum, b) => sum / counts[b]!), exact };
}

/**
 * Sums of columns over the rows of each group, of all rows, and of all but a group.
 * @param columnOf number of the sum that a row adds to @param valueOf what it adds
 */
export function groupSums(
  groupOf: Int32Array,
  groups: number,
  width: number,
  add: (row: number, sums: Float64Array) => void,
): (which: Which, g: number) => Float64Array {
  const own = Array.from({ length: groups }, () => new Float64Array(width));
  for (let row = 0; row < groupOf.length; row++) add(row, own[groupOf[row]!]!);
  const all = new Float64Array(width);
  for (const sums of own) for (let k = 0; k < width; k++) all[k]! += sums[k]!;
  return (which, g) => (which === "all" ? all : which === "own" ? own[g]! : all.map((x, k) => x - own[g]![k]!));
}

/** Probabilities are compared with shares in ten bins of equal width. */
export const calibrationBins = 10;

export const calibrationBin = (probability: number): number =>
  Math.min(calibrationBins - 1, Math.max(0, Math.floor(probability * calibrationBins)));

/** Expected calibration error and mean probability of each group from the rows: Σ |rows of 1 − Σ probability| over bins, by rows. */
export function calibrationSums(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  groupOf: Int32Array,
  groups: number,
): (which: Which, g: number) => [error: number, mean: number] {
  const sums = groupSums(groupOf, groups, calibrationBins + 2, (row, out) => {
    const p = probabilities[row]!;
    out[calibrationBin(p)]! += truth[row]! - p;
    out[calibrationBins]!++;
    out[calibrationBins + 1]! += p;
  });
  return (which, g) => {
    const found = sums(which, g);
    const rows = found[calibrationBins]!;
    let excess = 0;
    for (let bin = 0; bin < calibrationBins; bin++) excess += Math.abs(found[bin]!);
    return [excess / rows, found[calibrationBins + 1]! / rows];
  };
}
