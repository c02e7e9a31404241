// Character classes as the reference tokenizers see them (fixed tables, not those of the JavaScript engine).
// Knows code points only, no texts.
import * as tables from "./unicode-tables.gen.ts";

type Predicate = (codePoint: number) => boolean;

/** Ranges of a table: [first, last] pairs in ascending order, flattened; `values` holds the part after ":". */
function parseRanges(table: string): { bounds: number[]; values: number[] } {
  const bounds: number[] = [];
  const values: number[] = [];
  let position = 0;
  for (const entry of table.split(" ")) {
    const [range, value] = entry.split(":");
    const [gap, length] = range!.split(".");
    const first = position + Number.parseInt(gap!, 36);
    position = first + (length === undefined ? 0 : Number.parseInt(length, 36));
    bounds.push(first, position);
    values.push(value === undefined ? 1 : Number.parseInt(value, 36));
  }
  return { bounds, values };
}

/** Look-up of a table: a byte per code point of the basic plane, binary search above it. Built at the first call. */
function lookUp(table: string): (codePoint: number) => number {
  let basic: Uint8Array | undefined;
  let bounds: number[] = [];
  let values: number[] = [];
  return (codePoint) => {
    if (basic === undefined) {
      ({ bounds, values } = parseRanges(table));
      basic = new Uint8Array(65536);
      for (let i = 0; i < values.length; i++) basic.fill(values[i]!, bounds[2 * i]!, bounds[2 * i + 1]! + 1);
    }
    if (codePoint < 65536) return basic[codePoint]!;
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[2 * middle + 1]! < codePoint) low = middle + 1;
      else high = middle;
    }
    return low < values.length && bounds[2 * low]! <= codePoint ? values[low]! : 0;
  };
}

function predicate(table: string): Predicate {
  const value = lookUp(table);
  return (codePoint) => value(codePoint) !== 0;
}

/** U+0000, U+FFFD and control, format and private-use characters, which `clean_text` drops. */
export const isDropped: Predicate = predicate(tables.cleanRemoved);
/** ASCII punctuation and Unicode P*. */
export const isPunctuation: Predicate = predicate(tables.punctuation);
/** Mn: what accent stripping of BERT removes after decomposition. */
export const isNonspacingMark: Predicate = predicate(tables.nonspacingMarks);
/** M*: what StripAccents removes. */
export const isCombiningMark: Predicate = predicate(tables.combiningMarks);
/** Characters whose decomposition is newer than the reference tables. */
export const isUndecomposed: Predicate = predicate(tables.undecomposed);
/** `\p{L}`. */
export const isLetter: Predicate = predicate(tables.letters);
/** `\p{N}`. */
export const isNumber: Predicate = predicate(tables.numbers);
/** Numeric in the sense of the Digits pre-tokenizer. */
export const isNumeric: Predicate = predicate(tables.digits);
/** `\w`. */
export const isWordCharacter: Predicate = predicate(tables.word);
/** Canonical combining class (0 for starters). */
export const combiningClass: (codePoint: number) => number = lookUp(tables.combiningClasses);

/** White_Space. */
export function isWhitespace(c: number): boolean {
  if (c < 0x80) return c === 0x20 || (c >= 9 && c <= 13);
  if (c < 0x1680) return c === 0x85 || c === 0xa0;
  if (c === 0x1680 || (c >= 0x2000 && c <= 0x200a)) return true;
  return c === 0x2028 || c === 0x2029 || c === 0x202f || c === 0x205f || c === 0x3000;
}

/** Ideographs that BERT treats as one word each (CJK blocks, extensions A–E and compatibility; no kana, no hangul). */
export function isIdeograph(c: number): boolean {
  if (c < 0x3400) return false;
  if (c <= 0x9fff) return c <= 0x4dbf || c >= 0x4e00;
  if (c < 0x20000) return c >= 0xf900 && c <= 0xfaff;
  if (c <= 0x2b81f) return c <= 0x2a6df || c >= 0x2a700;
  return (c >= 0x2b920 && c <= 0x2ceaf) || (c >= 0x2f800 && c <= 0x2fa1f);
}
