// What a model does: one word into tokens. Makes the function of each kind of model; knows no text beyond one word.
import { bpe } from "./bpe.ts";
import type { ModelPart } from "./file-format.ts";
import { unigram } from "./unigram.ts";
import { wordLevel, wordPiece } from "./wordpiece.ts";

/** Tokens of one or more words: ids, their texts, and where each lies in its word (UTF-16 units). */
export interface Tokens {
  readonly ids: number[];
  readonly values: string[];
  readonly starts: number[];
  readonly ends: number[];
}

/** Appends the tokens of one word. @throws ConcordError E_TOKENIZER where the word has none. */
export type TokenizeWord = (word: string, out: Tokens) => void;

/** The function of a checked model. */
export function wordTokenizer(model: ModelPart): TokenizeWord {
  switch (model.type) {
    case "WordPiece":
      return wordPiece(model);
    case "WordLevel":
      return wordLevel(model);
    case "BPE":
      return bpe(model);
    case "Unigram":
      return unigram(model);
  }
}
