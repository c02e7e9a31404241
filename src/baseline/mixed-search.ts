// A search by meaning and by words at once: both give each document a score, on one scale, and a share says how much each counts. Pure.

/** Shares of the words that are tried, from vectors alone to words alone. */
export const wordShares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

/**
 * Scores of documents for one text: `share` of the words' and the rest of the vectors', each from 0 (the lowest) to 1 (the highest): the
 * convex combination of Bruch 2022 (arXiv:2210.11934), which ranks better than fused ranks where the share can be chosen.
 * @param similarities cosine similarities @param words of BM25, in the same order
 * @param share of the words, 0 … 1
 * @returns scores from 0 to 1
 * @example mixedScores([0.2, 0.9], [3, 0], 0.6) // [0.6, 0.4]
 */
export function mixedScores(similarities: ArrayLike<number>, words: ArrayLike<number>, share: number): Float64Array {
  const [near, shared] = [onScale(similarities), onScale(words)];
  return near.map((x, d) => (1 - share) * x + share * shared[d]!);
}

/** From 0 to 1; all 0 where all are equal. */
function onScale(scores: ArrayLike<number>): Float64Array {
  const found = Float64Array.from(scores);
  const low = found.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = found.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return found.map((x) => (high > low ? (x - low) / (high - low) : 0));
}
