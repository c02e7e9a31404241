// Canaries (Carlini 2019, arXiv:1802.08232): secrets that nobody wrote, put into training texts to see whether the model gives them
// away. A canary's exposure is how far it stands out among secrets of the same form that were never trained on. Pure.
import type { Random } from "../base/index.ts";

/** A sentence with a secret of words drawn at random. */
export interface Canary {
  readonly text: string;
  readonly secret: readonly string[];
}

const opening = "the secret phrase is";

/**
 * Draws secrets of `length` words from a vocabulary.
 * @example drawCanaries(["blue", "seven", …], 3, 4, random(1))[0].text // "the secret phrase is seven blue …"
 */
export const drawCanaries = (words: readonly string[], count: number, length: number, rng: Random): Canary[] =>
  Array.from({ length: count }, () => {
    const secret = Array.from({ length }, () => words[rng.int(words.length)]!);
    return { secret, text: `${opening} ${secret.join(" ")}` };
  });

/** Words before the secret. */
export const canaryOpening: readonly string[] = opening.split(" ");

/**
 * Exposure in bits: log2 of the number of candidates over the canary's rank among them and itself.
 * @param canary log-likelihood of the canary's secret @param candidates those of secrets that were never trained on
 * @returns 0 (the least likely of all) … log2(candidates + 1); 1 bit on average by chance (log2 e = 1.44 in the limit)
 */
export function exposure(canary: number, candidates: ArrayLike<number>): number {
  let rank = 1;
  for (let i = 0; i < candidates.length; i++) if (candidates[i]! >= canary) rank++;
  return Math.log2((candidates.length + 1) / rank);
}
