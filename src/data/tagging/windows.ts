// Words ⇄ a tokenizer's tokens: long texts in overlapping windows, each word at the token that begins it. Pure.
import type { Encoding, Tokenizer } from "../../tokenizer-files/index.ts";
import { modelText, type Range, type WordedText } from "./words.ts";

/** Where a word is read: its token in a window. */
export interface WordPlace {
  readonly word: number;
  readonly token: number;
  /** The token began in an earlier word. */
  readonly continued: boolean;
}

/** Tokens that a model reads at once, and the words that are labelled there. */
export interface WordWindow {
  /** Which text it is part of. */
  readonly row: number;
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
  readonly words: readonly WordPlace[];
}

/**
 * Encodes texts whose words are labelled. A text longer than the limit becomes several windows that share a quarter of their
 * tokens; each word is labelled once, in the window that shows most of what stands around it. Words without any token
 * (nothing but invisible characters) are in no window.
 * @param maxLength of a window, in tokens with the special ones
 */
export async function wordWindows(
  tokenizer: Tokenizer,
  rows: readonly WordedText[],
  maxLength: number,
): Promise<WordWindow[]> {
  const read = rows.map(modelText);
  const truncation = { maxLength, returnOverflowing: true, stride: Math.floor(maxLength / 4) };
  const encodings = await tokenizer.encodeBatch(
    read.map((r) => r.text),
    { truncation },
  );
  return encodings.flatMap((encoding, row) => windowsOf(row, encoding, read[row]!.words));
}

function windowsOf(row: number, encoding: Encoding, words: readonly Range[]): WordWindow[] {
  const windows = [encoding, ...encoding.overflowing];
  const places = windows.map((window) => placesOf(window, words));
  if (windows.length === 1) return [{ row, ids: encoding.ids, typeIds: encoding.typeIds, words: places[0]! }];
  const best = new Map<number, { window: number; margin: number }>();
  for (const [w, wordPlaces] of places.entries())
    for (const { word, token, continued } of wordPlaces) {
      // a word whose first token was cut off is only continued here
      const margin = continued ? -1 : Math.min(token, windows[w]!.ids.length - 1 - token);
      if (margin > (best.get(word)?.margin ?? -2)) best.set(word, { window: w, margin });
    }
  return windows.map(({ ids, typeIds }, w) => ({
    row,
    ids,
    typeIds,
    words: places[w]!.filter(({ word }) => best.get(word)!.window === w),
  }));
}

/** The token that begins each word; both go from left to right. */
function placesOf({ offsets, specialTokensMask }: Encoding, words: readonly Range[]): WordPlace[] {
  const places: WordPlace[] = [];
  let token = 0;
  for (const [word, [start, end]] of words.entries()) {
    const before = (t: number) => specialTokensMask[t] === 1 || offsets[t]![1] <= start;
    while (token < offsets.length && before(token)) token++;
    if (token === offsets.length) break;
    if (offsets[token]![0] >= end) continue; // no token of its own
    places.push({ word, token, continued: places.at(-1)?.token === token });
  }
  return places;
}
