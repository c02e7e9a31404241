// The words of a text, for tasks that label words: where they lie, and the text that a model reads. Pure.
import { cleanText } from "../prepare/clean.ts";

/** Start and end of a stretch of text, in UTF-16 code units as `String.slice` takes. */
export type Range = readonly [start: number, end: number];

/** A text and where its words lie in it. */
export interface WordedText {
  readonly text: string;
  readonly words: readonly Range[];
}

// scripts written without spaces go by the character; other letters and digits by runs; every sign stands alone
const unspaced =
  "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";
const word = new RegExp(`[${unspaced}]|(?:(?![${unspaced}])[\\p{L}\\p{M}])+|\\p{N}+|[^\\s\\p{L}\\p{M}\\p{N}]`, "gu");

/**
 * The words of a text: Chinese by the character, other scripts by runs of letters and runs of digits, signs one by one.
 * @example splitWords("2017年 in Rome") // [0, 4] "2017", [4, 5] "年", [6, 8] "in", [9, 13] "Rome"
 */
export const splitWords = (text: string): Range[] =>
  [...text.matchAll(word)].map((found) => [found.index, found.index + found[0].length]);

const joined = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/** One text of words that came apart (a CoNLL file): spaces between them, none between Chinese or Japanese characters. */
export function joinWords(tokens: readonly string[]): WordedText {
  let text = "";
  const words = tokens.map((token): Range => {
    if (text && !(joined.test(text.at(-1)!) && joined.test(token[0] ?? ""))) text += " ";
    const start = text.length;
    text += token;
    return [start, text.length];
  });
  return { text, words };
}

/** What a model reads of a text: each word cleaned, single spaces where there was space; and where each word went. */
export function modelText({ text, words }: WordedText): WordedText {
  let out = "";
  let before = 0;
  const places = words.map(([start, end]): Range => {
    if (out && /\s/.test(text.slice(before, start))) out += " ";
    const at = out.length;
    out += cleanText(text.slice(start, end));
    before = end;
    return [at, out.length];
  });
  return { text: out, words: places };
}
