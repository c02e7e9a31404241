// Makes the function of each kind of model and remembers what it made of short words. Knows no text beyond one word.

import type { TokenModelConfig } from "../tokenizer-files/index.ts";
import { bpe } from "./bpe.ts";
import { detached } from "./detached.ts";
import { unigram } from "./unigram.ts";
import type { TokenizeWord, Tokens } from "./word-tokens.ts";
import { wordLevel, wordPiece } from "./wordpiece.ts";

const cacheLimit = 1 << 16; // words
const longestCached = 64; // UTF-16 units

/** The function of a checked model; what it makes of short words is remembered. */
export function wordTokenizer(model: TokenModelConfig): TokenizeWord {
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

function fresh(model: TokenModelConfig): TokenizeWord {
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
