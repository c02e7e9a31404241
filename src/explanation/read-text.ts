// The words of a text as a model reads it: where each lies in the text, which tokens it became, and what was cut off. Pure.

import type { Range } from "../data/index.ts";
import { cleanText, modelText, splitWords } from "../data/index.ts";
import type { TextInput } from "../predict/index.ts";
import type { Encoding, Tokenizer } from "../tokenizer-files/index.ts";

/** A word that the model sees. */
export interface SeenWord {
  /** 0, or 1 for the second text of a pair. */
  readonly part: 0 | 1;
  /** Where it lies in its text, in UTF-16 code units as `String.slice` takes. */
  readonly start: number;
  readonly end: number;
  readonly word: string;
  /** Which tokens of the input it became. */
  readonly tokens: readonly number[];
}

/** A stretch of text that the model does not see because the input is too long. */
export interface Unseen {
  readonly part: 0 | 1;
  readonly start: number;
  readonly end: number;
}

/** A text, or a pair, with its tokens and words. */
export interface ReadText {
  /** One or two texts, in which all offsets count. */
  readonly texts: readonly string[];
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
  readonly words: readonly SeenWord[];
  readonly unseen: readonly Unseen[];
}

/**
 * Tokens and words of an input. Words are those of `splitWords`: Chinese by the character, other scripts by runs of letters.
 * Offsets count in the text as given, or in its cleaned form where cleaning moved characters over the edges of words.
 * @param limit longest input in tokens
 * @example (await readText(tokenizer, "a sore throat", 128)).words[1] // { start: 2, end: 6, word: "sore", tokens: [2], part: 0 }
 */
export async function readText(tokenizer: Tokenizer, input: TextInput, limit: number): Promise<ReadText> {
  const parts = (typeof input === "string" ? [input] : input).map(worded);
  const [first, second] = parts.map((p) => p.read);
  const encoding = await tokenizer.encode(first!, { pair: second, truncation: { maxLength: limit } });
  const words: SeenWord[] = [];
  const unseen: Unseen[] = [];
  for (const [part, { text, ranges, places }] of parts.entries()) {
    const tokens = places.map((): number[] => []);
    let last = 0;
    for (const [t, [start, end]] of encoding.offsets.entries()) {
      if (encoding.sequenceIds[t] !== part) continue;
      const word = places.findIndex((place) => place[0] < end && place[1] > start);
      if (word >= 0) tokens[word]!.push(t);
      last = Math.max(last, end);
    }
    const which = part as 0 | 1;
    for (const [w, [start, end]] of ranges.entries())
      if (tokens[w]!.length) words.push({ part: which, start, end, word: text.slice(start, end), tokens: tokens[w]! });
    const cut = ranges.filter((_, w) => !tokens[w]!.length && places[w]![0] >= last && places[w]![1] > places[w]![0]);
    if (cut.length) unseen.push({ part: which, start: cut[0]![0], end: cut.at(-1)![1] });
  }
  return { texts: parts.map((p) => p.text), ids: encoding.ids, typeIds: encoding.typeIds, words, unseen };
}

/** Tokens of each word of a text that is read alone. @param places of the words in what is read */
export function wordsOfTokens(
  encoding: Pick<Encoding, "offsets" | "specialTokensMask">,
  places: readonly Range[],
): number[][] {
  const tokens = places.map((): number[] => []);
  for (const [t, [start, end]] of encoding.offsets.entries()) {
    if (encoding.specialTokensMask[t] === 1) continue;
    const word = places.findIndex((place) => place[0] < end && place[1] > start);
    if (word >= 0) tokens[word]!.push(t);
  }
  return tokens;
}

/** Stretches before the first and after the last word that has tokens. */
export function unseenAround(words: readonly Range[], tokens: readonly (readonly number[])[]): Unseen[] {
  const first = tokens.findIndex((ids) => ids.length > 0);
  const last = tokens.findLastIndex((ids) => ids.length > 0);
  const stretch = (from: number, to: number): Unseen[] =>
    from > to || first < 0 ? [] : [{ part: 0, start: words[from]![0], end: words[to]![1] }];
  return [...stretch(0, first - 1), ...stretch(last + 1, words.length - 1)];
}

/** A text, its words, and the cleaned text that is read with their places in it. */
function worded(given: string): { text: string; ranges: readonly Range[]; read: string; places: readonly Range[] } {
  const ranges = splitWords(given);
  const clean = cleanText(given);
  const read = modelText({ text: given, words: ranges });
  if (read.text === clean) return { text: given, ranges, read: clean, places: read.words };
  const places = splitWords(clean);
  return { text: clean, ranges: places, read: clean, places };
}

/** Token ids with the words of `hidden` (1: hidden) replaced by one id each token. */
export function withHidden(
  read: ReadText,
  hidden: Uint8Array,
  id: number,
): { ids: number[]; typeIds: readonly number[] } {
  const ids = [...read.ids];
  read.words.forEach((word, w) => {
    if (hidden[w]) for (const t of word.tokens) ids[t] = id;
  });
  return { ids, typeIds: read.typeIds };
}

/** Token ids without the tokens of the words of `hidden` (1: left out). */
export function withoutHidden(read: ReadText, hidden: Uint8Array): { ids: number[]; typeIds: number[] } {
  const gone = new Set(read.words.flatMap((word, w) => (hidden[w] ? word.tokens : [])));
  const kept = <T>(values: readonly T[]) => values.filter((_, t) => !gone.has(t));
  return { ids: kept(read.ids), typeIds: kept(read.typeIds) };
}

/** The texts without the words of `hidden` (1: left out), as a person would write them. */
export function textsWithout(read: ReadText, hidden: Uint8Array): string[] {
  return read.texts.map((text, part) => {
    let out = "";
    let from = 0;
    read.words.forEach((word, w) => {
      if (!hidden[w] || word.part !== part) return;
      out += text.slice(from, word.start);
      from = word.end;
    });
    return cleanText(out + text.slice(from));
  });
}
