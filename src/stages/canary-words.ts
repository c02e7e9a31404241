// Which secrets a run plants into its pretraining texts: the same function of the seed when pretraining and when auditing.
import { type Canary, drawCanaries } from "../attacks/index.ts";
import { ConcordError, random } from "../base/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";

/** Words of a secret. */
export const secretLength = 5;

/** Whole words of the vocabulary, each one token: letters only, at least three. */
export function wordsOfVocabulary(tokenizer: Tokenizer): string[] {
  const words = Array.from({ length: tokenizer.vocabSize }, (_, id) => tokenizer.idToToken(id) ?? "");
  const whole = words.filter((word) => /^\p{L}{3,}$/u.test(word));
  if (whole.length >= 50) return whole;
  throw new ConcordError("E_TOKENIZER", {
    operation: "plant canaries",
    problem: "the vocabulary has too few whole words to make secrets of",
    expected: "at least 50 words of three letters or more",
    got: String(whole.length),
    hint: "leave out pretrain.canaries, or learn a larger vocabulary",
  });
}

/** The secrets of a run. */
export const plantedCanaries = (tokenizer: Tokenizer, count: number, seed: number): Canary[] =>
  drawCanaries(wordsOfVocabulary(tokenizer), count, secretLength, random(`canaries ${seed}`));
