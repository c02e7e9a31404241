// The words of a text as a model that labels words reads them: in overlapping windows where the text is long, and the token at which
// each word is labelled. Pure.

import { modelText, splitWords } from "../data/index.ts";
import type { Encoding, Tokenizer } from "../tokenizer-files/index.ts";
import { type ReadText, type SeenWord, unseenAround, wordsOfTokens } from "./read-text.ts";

/** A word and where it is labelled. */
export interface LabelledWord {
  readonly seen: ReadText;
  /** Its position in `seen.words`. */
  readonly word: number;
  /** The token that begins it. */
  readonly token: number;
}

/**
 * The window in which a model labels the word that begins at `start`: the one that shows most of what stands around it, as
 * `wordWindows` chooses it. Everything outside that window is unseen.
 * @param limit longest window in tokens
 * @returns undefined when no word with a token of its own begins there
 * @example (await readWord(tokenizer, "we met in Rome", 10, 128))?.seen.words[3]?.word // "Rome"
 */
export async function readWord(
  tokenizer: Tokenizer,
  text: string,
  start: number,
  limit: number,
): Promise<LabelledWord | undefined> {
  const wordRanges = splitWords(text);
  const read = modelText({ text, words: wordRanges });
  const truncation = { maxLength: limit, returnOverflowing: true, stride: Math.floor(limit / 4) };
  const first = await tokenizer.encode(read.text, { truncation });
  const wanted = wordRanges.findIndex((range) => range[0] === start);
  if (wanted < 0) return undefined;
  const shown = [first, ...first.overflowing].flatMap((encoding) => {
    const token = tokenAt(encoding, read.words[wanted]!);
    return token === undefined ? [] : [{ encoding, token, margin: Math.min(token, encoding.ids.length - 1 - token) }];
  });
  if (shown.length === 0) return undefined;
  const best = shown.reduce((a, b) => (b.margin > a.margin ? b : a));
  const { encoding, token } = best;
  const tokens = wordsOfTokens(encoding, read.words);
  const words = wordRanges.flatMap(([from, end], w): SeenWord[] =>
    tokens[w]!.length ? [{ part: 0, start: from, end, word: text.slice(from, end), tokens: tokens[w]! }] : [],
  );
  const seen = {
    texts: [text],
    ids: encoding.ids,
    typeIds: encoding.typeIds,
    words,
    unseen: unseenAround(wordRanges, tokens),
  };
  return { seen, word: words.findIndex((w) => w.start === start), token };
}

/** The token that begins a word: none where the word's first token lies in another window, or is shared with the word before. */
function tokenAt(
  { offsets, specialTokensMask }: Encoding,
  [start, end]: readonly [number, number],
): number | undefined {
  const token = offsets.findIndex(([, last], t) => specialTokensMask[t] !== 1 && last > start);
  if (token < 0 || offsets[token]![0] >= end || offsets[token]![0] < start) return undefined;
  return token;
}
