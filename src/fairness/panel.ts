// A panel: what is measured in a group, as functions of how many of its rows are of each kind (a decision at a score, a
// true and a predicted class, an error), for measures that are drawn. Knows no groups and no draws.

/** Measures of some rows from their kinds. */
export interface Panel {
  /** Kind of each row [N], 0 … kindCount − 1. */
  readonly kindOf: Int32Array;
  readonly kindCount: number;
  readonly measures: readonly string[];
  /** Of each measure: the least and the most that it can be. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Of areas: whether a row is a positive one. */
  sideOf?(m: number): ((row: number) => boolean) | undefined;
  /**
   * @param group rows of each kind in the group [kinds] @param all the same of all rows
   * @param out where the values go [measures]; NaN where a measure has no cases
   */
  evaluate(group: Float64Array, all: Float64Array, out: Float64Array): void;
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
  const counts = Array.from({ length: groups }, () => new Float64Array(width));
  for (let row = 0; row < groupOf.length; row++) add(row, counts[groupOf[row]!]!);
  const all = new Float64Array(width);
  for (const sums of counts) for (let k = 0; k < width; k++) all[k]! += sums[k]!;
  return (which, g) => (which === "all" ? all : which === "own" ? counts[g]! : all.map((x, k) => x - counts[g]![k]!));
}

/** The range of shares and areas. */
export const unitRange = [0, 1] as const;
