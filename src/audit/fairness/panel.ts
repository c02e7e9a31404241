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
}

/** Bins of equal share over the distinct values, and the mean value of each bin; exact where there are at most `most` values. */
export function quantileBins(values: ArrayLike<number>, most: number): { binOf: Int32Array; means: Float64Array } {
  const sorted = Float64Array.from(values).sort();
  const edges: number[] = [];
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) edges.push(sorted[i]!);
  const kept =
    edges.length <= most
      ? Float64Array.from(edges)
      : Float64Array.from(
          new Set(Array.from({ length: most }, (_, b) => sorted[Math.floor((b * sorted.length) / most)]!)),
        );
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
  return { binOf, means: edges.length <= most ? kept : sums.map((sum, b) => sum / counts[b]!) };
}

/** Probabilities are compared with shares in ten bins of equal width. */
export const calibrationBins = 10;

export const calibrationBin = (probability: number): number =>
  Math.min(calibrationBins - 1, Math.max(0, Math.floor(probability * calibrationBins)));
