// Nearest centroid: the class whose mean row is closest in angle (Rocchio; Manning 2008, "Introduction to Information Retrieval", §14.2).
// One pass over the rows: the linear baseline where there are too many classes for regression.
import type { SparseRows } from "./sparse.ts";

/** Class of each row. */
export type Centroids = (rows: SparseRows) => Int32Array;

/** @param labels class number of each row, 0 … classes − 1 */
export function fitCentroids(
  { rows, width, starts, columns, values }: SparseRows,
  labels: ArrayLike<number>,
  classes: number,
): Centroids {
  const sums = Array.from({ length: classes }, () => new Map<number, number>());
  for (let i = 0; i < rows; i++) {
    const sum = sums[labels[i]!]!;
    for (let k = starts[i]!; k < starts[i + 1]!; k++) sum.set(columns[k]!, (sum.get(columns[k]!) ?? 0) + values[k]!);
  }
  const { from, label, weight } = byFeature(sums, width);
  const most = mostOf(labels, classes);
  return (given) => {
    const scores = new Float64Array(classes);
    return Int32Array.from({ length: given.rows }, (_, i) => {
      scores.fill(0);
      for (let k = given.starts[i]!; k < given.starts[i + 1]!; k++) {
        const [column, value] = [given.columns[k]!, given.values[k]!];
        for (let e = from[column]!; e < from[column + 1]!; e++) scores[label[e]!]! += weight[e]! * value;
      }
      const best = scores.reduce((top, s, c) => (s > scores[top]! ? c : top), 0);
      return scores[best]! > 0 ? best : most; // nothing known in it: the most frequent class
    });
  };
}

/** Centroids of length 1 by feature, in flat arrays: entries `from[f]` to `from[f + 1]` are feature f's. */
function byFeature(sums: readonly ReadonlyMap<number, number>[], width: number) {
  const from = new Int32Array(width + 1);
  for (const sum of sums) for (const column of sum.keys()) from[column + 1]!++;
  for (let f = 0; f < width; f++) from[f + 1]! += from[f]!;
  const next = from.slice();
  const [label, weight] = [new Int32Array(from[width]!), new Float64Array(from[width]!)];
  for (const [k, sum] of sums.entries()) {
    let squares = 0;
    for (const v of sum.values()) squares += v * v;
    const length = Math.sqrt(squares) || 1;
    for (const [column, v] of sum) {
      const at = next[column]!++;
      label[at] = k;
      weight[at] = v / length;
    }
  }
  return { from, label, weight };
}

function mostOf(labels: ArrayLike<number>, classes: number): number {
  const counts = new Int32Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  return counts.indexOf(Math.max(...counts));
}
