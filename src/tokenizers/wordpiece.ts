// WordPiece (Schuster & Nakajima 2012): the longest token that fits, again and again; and word level, a plain look-up.
import type { TokenModelConfig } from "../tokenizer-files/index.ts";
import { noUnknownToken, type TokenizeWord } from "./word-tokens.ts";

/** Tokenizes words by longest match from the left; a word that cannot be covered is one unknown token. */
export function wordPiece(model: Extract<TokenModelConfig, { type: "WordPiece" }>): TokenizeWord {
  const prefix = model.continuing_subword_prefix;
  const whole = new Map<string, number>();
  const inner = new Map<string, number>(); // tokens inside a word, without the prefix
  let longest = 0;
  for (const [token, id] of Object.entries(model.vocab)) {
    whole.set(token, id);
    if (token.startsWith(prefix)) inner.set(token.slice(prefix.length), id);
    longest = Math.max(longest, token.length);
  }
  const unknown = whole.get(model.unk_token);
  return (word, out) => {
    const before = out.ids.length;
    let start = countCharacters(word) > model.max_input_chars_per_word ? -1 : 0;
    while (start >= 0 && start < word.length) {
      const vocab = start === 0 ? whole : inner;
      let end = Math.min(word.length, start + longest);
      let id: number | undefined;
      for (; end > start; end--) {
        if (end < word.length && isTrailing(word, end)) continue;
        id = vocab.get(word.slice(start, end));
        if (id !== undefined) break;
      }
      if (id === undefined) {
        start = -1;
        break;
      }
      out.ids.push(id);
      out.values.push(start === 0 ? word.slice(0, end) : prefix + word.slice(start, end));
      out.starts.push(start);
      out.ends.push(end);
      start = end;
    }
    if (start >= 0) return;
    for (const column of [out.ids, out.values, out.starts, out.ends]) column.length = before;
    if (unknown === undefined) throw noUnknownToken(word, model.unk_token);
    out.ids.push(unknown);
    out.values.push(model.unk_token);
    out.starts.push(0);
    out.ends.push(word.length);
  };
}

/** True inside a surrogate pair. */
function isTrailing(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

function countCharacters(word: string): number {
  let count = 0;
  for (let i = 0; i < word.length; i++) if (!isTrailing(word, i)) count++;
  return count;
}

/** One token per word. */
export function wordLevel(model: Extract<TokenModelConfig, { type: "WordLevel" }>): TokenizeWord {
  const vocab = new Map(Object.entries(model.vocab));
  return (word, out) => {
    const value = vocab.has(word) ? word : model.unk_token;
    const id = vocab.get(value);
    if (id === undefined) throw noUnknownToken(word, model.unk_token);
    out.ids.push(id);
    out.values.push(value);
    out.starts.push(0);
    out.ends.push(word.length);
  };
}
