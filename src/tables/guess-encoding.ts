// Tells encodings apart that bytes alone do not: Chinese (GB18030, Big5), Japanese, Korean, Cyrillic, Greek, Latin with accents, or
// UTF-8 with a few bad bytes. Pure.

import { type AsianGuess, guessAsian } from "./guess-asian.ts";
import { guessLatin, type LatinEncoding } from "./guess-latin.ts";
import { guessLetters, type LettersGuess } from "./guess-letters.ts";

/** What the bytes look like, and why. */
export interface EncodingGuess {
  /** None where nothing fits. */
  readonly encoding?: "utf-8" | "gb18030" | AsianGuess["encoding"] | LettersGuess["encoding"] | LatinEncoding;
  /** A clause for people: what was counted. */
  readonly why: string;
}

/**
 * Guesses the encoding of bytes that are not UTF-8 throughout.
 * @param head bytes of a text, some tens of kilobytes; a character cut at the end is forgiven
 * @example guessEncoding(Uint8Array.of(0x66, 0xfc, 0x72)).encoding // "windows-1252" (für)
 */
export function guessEncoding(head: Uint8Array): EncodingGuess {
  const utf8 = countUtf8(head);
  if (utf8.good > 0 && utf8.good >= 4 * utf8.bad)
    return { encoding: "utf-8", why: `${utf8.good} characters are UTF-8, ${utf8.bad} bytes are not` };
  const asian = guessAsian(head);
  if (asian) return asian;
  const letters = guessLetters(head);
  if (letters) return letters;
  const chinese = countChinese(head);
  if (chinese && chinese.all > 0 && chinese.plausible / chinese.all >= 0.7)
    return {
      encoding: "gb18030",
      why: `${percent(chinese.plausible, chinese.all)} of its double bytes are usual Chinese characters`,
    };
  const { high, plain } = countLetters(head);
  if (high <= 0.4 * (high + plain)) {
    const { encoding, why } = guessLatin(head);
    return { encoding, why: `its bytes above ASCII are accents and marks among ${plain} Latin letters, and ${why}` };
  }
  return { why: "the bytes fit none of the encodings that are told apart by their bytes" };
}

const percent = (n: number, of: number): string => `${((100 * n) / Math.max(1, of)).toFixed(0)} %`;

/** Whole characters of several bytes, and bytes that belong to none. */
function countUtf8(bytes: Uint8Array): { good: number; bad: number } {
  let [good, bad] = [0, 0];
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i]!;
    const length =
      lead < 0x80
        ? 1
        : lead >= 0xc2 && lead < 0xe0
          ? 2
          : lead >= 0xe0 && lead < 0xf0
            ? 3
            : lead >= 0xf0 && lead < 0xf5
              ? 4
              : 0;
    if (length > 1 && i + length > bytes.length) break; // cut at the end
    let whole = length > 0;
    for (let k = 1; k < length; k++) whole &&= (bytes[i + k]! & 0xc0) === 0x80;
    if (whole && length > 1) good++;
    else if (!whole) bad++;
    i += whole ? length : 1;
  }
  return { good, bad };
}

/**
 * Double bytes of GBK: `plausible` are the 3,755 most usual characters and the marks of GB/T 2312, and characters of the extension that
 * stand beside another Chinese character. Undefined where the bytes are no GB18030.
 */
function countChinese(bytes: Uint8Array): { all: number; plausible: number } | undefined {
  let [all, plausible] = [0, 0];
  let before = false; // the character before was a double byte
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i]!;
    if (lead < 0x80) {
      before = false;
      i++;
      continue;
    }
    if (i + 1 >= bytes.length) break; // cut at the end
    const trail = bytes[i + 1]!;
    if (lead === 0x80 || lead === 0xff) return undefined;
    if (trail >= 0x30 && trail <= 0x39) {
      if (i + 3 >= bytes.length) break;
      if (bytes[i + 2]! < 0x81 || bytes[i + 3]! < 0x30 || bytes[i + 3]! > 0x39) return undefined;
      i += 4; // rare characters and emoji: no evidence
      continue;
    }
    if (trail < 0x40 || trail === 0x7f || trail === 0xff) return undefined;
    const after = i + 2 < bytes.length && bytes[i + 2]! >= 0x81;
    const common = trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3));
    if (common || (trail < 0xa1 && (before || after))) plausible++;
    all++;
    before = true;
    i += 2;
  }
  return { all, plausible };
}

/** Bytes that are letters above ASCII in Latin encodings, and ASCII letters. */
function countLetters(bytes: Uint8Array): { high: number; plain: number } {
  const counts = { high: 0, plain: 0 };
  for (const byte of bytes) {
    const lower = byte | 0x20;
    if (lower >= 0x61 && lower <= 0x7a && byte < 0x80) counts.plain++;
    else if (byte >= 0xc0) counts.high++;
  }
  return counts;
}
