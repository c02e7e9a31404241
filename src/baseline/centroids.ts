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
    const own = sums[labels[i]!]!;
    for (let k = starts[i]!; k < starts[i + 1]!; k++) own.set(columns[k]!, (own.get(columns[k]!) ?? 0) + values[k]!);
  }
  const byFeature = Array.from({ length: width }, (): [number, number][] => []);
  for (const [label, own] of sums.entries()) {
    const length = Math.sqrt([...own.values()].reduce((sum, v) => sum + v * v, 0)) || 1;
    for (const [column, v] of own) byFeature[column]!.push([label, v / length]);
  }
  const most = mostOf(labels, classes);
  return (given) => {
    const scores = new Float64Array(classes);
    return Int32Array.from({ length: given.rows }, (_, i) => {
      scores.fill(0);
      for (let k = given.starts[i]!; k < given.starts[i + 1]!; k++)
        for (const [label, v] of byFeature[given.columns[k]!]!) scores[label]! += v * given.values[k]!;
      const best = scores.reduce((top, s, c) => (s > scores[top]! ? c : top), 0);
      return scores[best]! > 0 ? best : most; // nothing known in it: the most frequent class
    });
  };
}

function mostOf(labels: ArrayLike<number>, classes: number): number {
  const counts = new Int32Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  return counts.indexOf(Math.max(...counts));
}
