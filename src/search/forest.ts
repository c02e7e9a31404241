// Regression trees on the unit cube, grown on bootstraps of the points. Knows no parameter.
import type { Random } from "../base/index.ts";

/** A box of the cube and the mean of its points. */
export interface Leaf {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly value: number;
}

export interface ForestOptions {
  /** Default 64. */
  readonly trees?: number;
  /** Points in a leaf at least. Default 2. */
  readonly leaf?: number;
}

/** The leaves of each tree. @param rows [n][dimensions] in [0, 1] @param values [n] */
export const forest = (
  rows: readonly Float64Array[],
  values: readonly number[],
  random: Random,
  { trees = 64, leaf = 2 }: ForestOptions = {},
): Leaf[][] =>
  Array.from({ length: trees }, () => {
    const drawn = rows.map(() => random.int(rows.length));
    const dimensions = rows[0]!.length;
    const [low, high] = [new Float64Array(dimensions), new Float64Array(dimensions).fill(1)];
    return grown({ rows, values, leaf }, drawn, low, high);
  });

interface Data {
  readonly rows: readonly Float64Array[];
  readonly values: readonly number[];
  readonly leaf: number;
}

function grown(data: Data, among: readonly number[], low: Float64Array, high: Float64Array): Leaf[] {
  const split = bestSplit(data, among);
  if (!split) return [{ low, high, value: among.reduce((sum, i) => sum + data.values[i]!, 0) / among.length }];
  const { dimension, at } = split;
  const [under, over] = [high.slice(), low.slice()];
  under[dimension] = at;
  over[dimension] = at;
  const isUnder = (i: number) => data.rows[i]![dimension]! <= at;
  return [
    ...grown(data, among.filter(isUnder), low, under),
    ...grown(
      data,
      among.filter((i) => !isUnder(i)),
      over,
      high,
    ),
  ];
}

/** The split that leaves the least squared error. */
function bestSplit(
  { rows, values, leaf }: Data,
  among: readonly number[],
): { dimension: number; at: number } | undefined {
  let best: { dimension: number; at: number } | undefined;
  const sum = among.reduce((all, i) => all + values[i]!, 0);
  let most = sum ** 2 / among.length + 1e-12 * (1 + Math.abs(sum));
  for (let dimension = 0; dimension < rows[0]!.length; dimension++) {
    const sorted = [...among].sort((a, b) => rows[a]![dimension]! - rows[b]![dimension]!);
    let left = 0;
    for (let k = 1; k < sorted.length; k++) {
      left += values[sorted[k - 1]!]!;
      const [a, b] = [rows[sorted[k - 1]!]![dimension]!, rows[sorted[k]!]![dimension]!];
      if (a === b || k < leaf || sorted.length - k < leaf) continue;
      const gain = left ** 2 / k + (sum - left) ** 2 / (sorted.length - k);
      if (gain > most) [best, most] = [{ dimension, at: (a + b) / 2 }, gain];
    }
  }
  return best;
}
