// What every model gives: the tokens of a word, or the error for a word that has none. Knows no model.
import { ConcordError } from "../base/index.ts";

/** Tokens of one or more words: ids, their texts, and where each lies in its word (UTF-16 units). */
export interface Tokens {
  readonly ids: number[];
  readonly values: string[];
  readonly starts: number[];
  readonly ends: number[];
}

/** Appends the tokens of one word. @throws ConcordError E_TOKENIZER where the word has none. */
export type TokenizeWord = (word: string, out: Tokens) => void;

/** The error for a word that has no tokens. */
export function noUnknownToken(word: string, token: string | null): ConcordError {
  return new ConcordError("E_TOKENIZER", {
    operation: "encode",
    problem: "a word is not in the vocabulary, and neither is the token for unknown words",
    got: JSON.stringify(word.slice(0, 60)),
    ...(token === null ? {} : { expected: token }),
  });
}
