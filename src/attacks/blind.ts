// The attack that never asks the model (Das 2024, arXiv:2406.16201): tells training texts from others by their words alone. Where it
// succeeds, the two sets of rows differ by themselves, and what other attacks find is not all the model's. Pure.
import { hashText } from "../base/index.ts";

const buckets = 2 ** 14;

/**
 * Scores of a naive Bayes classifier over words, each text scored by a classifier that was made without its half of the rows.
 * @param wordsOf words of a text
 * @returns [N] log odds that the text was trained on
 */
export function blindScores(
  texts: readonly string[],
  isMember: ArrayLike<boolean | number>,
  wordsOf: (text: string) => readonly string[],
): Float64Array {
  const features = texts.map((text) => [...new Set(wordsOf(text).map((word) => hashText(word) % buckets))]);
  const scores = new Float64Array(texts.length);
  for (const fold of [0, 1]) {
    const counts = [new Float64Array(buckets), new Float64Array(buckets)] as const;
    const sizes: [number, number] = [0, 0];
    for (const [i, found] of features.entries()) {
      if (foldOf(i) === fold) continue;
      const side = isMember[i] ? 1 : 0;
      sizes[side]++;
      for (const f of found) counts[side][f]!++;
    }
    for (const [i, found] of features.entries())
      if (foldOf(i) === fold)
        for (const f of found)
          scores[i]! +=
            Math.log((counts[1][f]! + 0.5) / (sizes[1] + 1)) - Math.log((counts[0][f]! + 0.5) / (sizes[0] + 1));
  }
  return scores;
}

/** Halves that do not depend on how members and others alternate. */
const foldOf = (row: number): number => (hashText(`fold ${row}`) >>> 7) & 1;
