// What a model does: one word into tokens. Makes the function of each kind of model; knows no text beyond one word.
import { bpe } from "./bpe.ts";
import { detached } from "./detached.ts";
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

const cacheLimit = 1 << 16; // words
const longestCached = 64; // UTF-16 units

/** The function of a checked model; what it makes of short words is remembered. */
export function wordTokenizer(model: ModelPart): TokenizeWord {
  const tokenize = fresh(model);
  const cache = new Map<string, Tokens>();
  return (word, out) => {
    if (word.length > longestCached) {
      tokenize(word, out);
      return;
    }
    let tokens = cache.get(word);
    if (tokens === undefined) {
      tokens = { ids: [], values: [], starts: [], ends: [] };
      tokenize(word, tokens);
      if (cache.size >= cacheLimit) cache.clear();
      cache.set(detached(word), tokens);
    }
    for (let i = 0; i < tokens.ids.length; i++) {
      out.ids.push(tokens.ids[i]!);
      out.values.push(tokens.values[i]!);
      out.starts.push(tokens.starts[i]!);
      out.ends.push(tokens.ends[i]!);
    }
  };
}

function fresh(model: ModelPart): TokenizeWord {
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
