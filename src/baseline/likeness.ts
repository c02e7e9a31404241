// How alike two texts are by their characters: the cosine of their TF-IDF. Knows no label.
import { ngramFeatures } from "./features.ts";
import type { SparseRows } from "./sparse.ts";

/**
 * Cosines of pairs of texts, 0 … 1, by {@link ngramFeatures}.
 * @param train texts that weigh the n-grams
 * @throws E_DATA where no text of `train` has a character
 * @example textLikeness(["a sore throat", "a fever"], [["a sore throat", "my throat"]])
 */
export function textLikeness(train: readonly string[], pairs: readonly (readonly [string, string])[]): number[] {
  const features = ngramFeatures(train);
  const [first, second] = [0, 1].map((side) => features.rows(pairs.map((pair) => pair[side]!)));
  return pairs.map((_, row) => dot(first!, second!, row));
}

/** Of the same row of both; columns of a row rise. */
function dot(a: SparseRows, b: SparseRows, row: number): number {
  let [i, j, sum] = [a.starts[row]!, b.starts[row]!, 0];
  while (i < a.starts[row + 1]! && j < b.starts[row + 1]!) {
    const apart = a.columns[i]! - b.columns[j]!;
    if (apart === 0) sum += a.values[i]! * b.values[j]!;
    if (apart <= 0) i++;
    if (apart >= 0) j++;
  }
  return sum;
}
