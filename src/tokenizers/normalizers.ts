// Runs the normalizers of a tokenizer on an aligned text. Knows no file and no model.

import type { NormalizerConfig } from "../tokenizer-files/index.ts";
import { type CharsMap, matcher, readCharsMap, type TranslateRegex } from "../tokenizer-files/index.ts";
import { type AlignedText, mapCharacters, prepend, replaceMatches, strip, transform } from "./aligned-text.ts";
import { byteCharacters } from "./byte-characters.ts";
import { isCombiningMark, isDropped, isIdeograph, isNonspacingMark, isWhitespace } from "./characters.ts";
import { normalizeForm } from "./normalization-forms.ts";

/** Text in, normalised text out; offsets into the original are kept. */
export type Normalize = (text: AlignedText) => AlignedText;

/** Makes the function of a checked normalizer (identity for null). */
export function normalizer(part: NormalizerConfig | null, translate: TranslateRegex, path = "normalizer"): Normalize {
  if (part === null) return (text) => text;
  switch (part.type) {
    case "Sequence": {
      const steps = part.normalizers.map((p, i) => normalizer(p, translate, `${path}.normalizers[${i}]`));
      return (text) => steps.reduce((current, step) => step(current), text);
    }
    case "BertNormalizer":
      return bert(part);
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return (text) => normalizeForm(text, part.type);
    case "Lowercase":
      return lowercase;
    case "Nmt":
      return (text) => mapCharacters(text, nmtCharacter);
    case "StripAccents":
      return (text) => mapCharacters(text, (c) => (c >= 0x300 && isCombiningMark(c) ? "" : undefined));
    case "ByteLevel":
      return (text) => mapCharacters(text, byteCharacters);
    case "Strip":
      return (text) => stripSpace(text, part.strip_left, part.strip_right);
    case "Replace": {
      const matches = matcher(part.pattern, translate, `${path}.pattern`);
      return (text) => replaceMatches(text, matches(text.text), part.content);
    }
    case "Prepend":
      return (text) => prepend(text, part.prepend);
    case "Precompiled": {
      const map = readCharsMap(part.precompiled_charsmap, path);
      return (text) => applyCharsMap(text, map);
    }
  }
}

/** clean_text, spaces around ideographs, accents off (default: with lowercase), lowercase, in this order. */
function bert(part: Extract<NormalizerConfig, { type: "BertNormalizer" }>): Normalize {
  const steps: Normalize[] = [];
  if (part.clean_text) steps.push((text) => mapCharacters(text, cleanCharacter));
  if (part.handle_chinese_chars)
    steps.push((text) => mapCharacters(text, (c) => (isIdeograph(c) ? ` ${String.fromCodePoint(c)} ` : undefined)));
  if (part.strip_accents ?? part.lowercase)
    steps.push((text) =>
      mapCharacters(normalizeForm(text, "NFD"), (c) => (c >= 0x300 && isNonspacingMark(c) ? "" : undefined)),
    );
  if (part.lowercase) steps.push(lowercase);
  return (text) => steps.reduce((current, step) => step(current), text);
}

function cleanCharacter(c: number): string | undefined {
  if (c > 0x20 && c < 0x7f) return undefined;
  if (isDropped(c)) return "";
  return c !== 0x20 && isWhitespace(c) ? " " : undefined;
}

/** Per character, without context: a final sigma becomes σ. */
function lowercase(text: AlignedText): AlignedText {
  return mapCharacters(text, (c) => {
    if (c < 0x80) return c >= 0x41 && c <= 0x5a ? String.fromCharCode(c + 32) : undefined;
    const self = String.fromCodePoint(c);
    const lower = self.toLowerCase();
    return lower === self ? undefined : lower;
  });
}

/** Control characters off, odd spaces to spaces (SentencePiece's "nmt" rules). */
function nmtCharacter(c: number): string | undefined {
  if (c > 0x20 && c < 0x7f) return undefined;
  if ((c >= 1 && c <= 8) || c === 0xb || (c >= 0xe && c <= 0x1f) || c === 0x7f || c === 0x8f || c === 0x9f) return "";
  if (c === 9 || c === 0xa || c === 0xc || c === 0xd) return " ";
  if (c === 0x1680 || (c >= 0x200b && c <= 0x200f) || c === 0x2028 || c === 0x2029) return " ";
  return c === 0x2581 || c === 0xfeff || c === 0xfffd ? " " : undefined;
}

function stripSpace(source: AlignedText, left: boolean, right: boolean): AlignedText {
  const { text } = source;
  let from = 0;
  let to = text.length;
  if (left) while (from < to && isWhitespace(text.charCodeAt(from))) from++; // all of White_Space is in the basic plane
  if (right) while (to > from && isWhitespace(text.charCodeAt(to - 1))) to--;
  return from === 0 && to === text.length ? source : strip(source, from, to);
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** Clusters of up to five UTF-8 bytes are looked up whole, all else character by character. */
function applyCharsMap(source: AlignedText, map: CharsMap): AlignedText {
  const codePoints: number[] = [];
  const changes: number[] = [];
  let changed = false;
  const replace = (old: string, replacement: string) => {
    changed = true;
    const added = Array.from(replacement, (c) => c.codePointAt(0)!);
    const difference = added.length - Array.from(old).length;
    added.forEach((c, i) => {
      codePoints.push(c);
      changes.push(i >= added.length - difference ? 1 : 0);
    });
    if (difference < 0 && changes.length > 0) changes[changes.length - 1]! += difference;
  };
  for (const { segment } of graphemes.segment(source.text)) {
    const whole = utf8Length(segment) < 6 ? map(segment) : undefined;
    if (whole !== undefined) {
      replace(segment, whole);
      continue;
    }
    for (const part of segment) {
      const replacement = map(part);
      if (replacement !== undefined) replace(part, replacement);
      else {
        codePoints.push(part.codePointAt(0)!);
        changes.push(0);
      }
    }
  }
  return changed ? transform(source, codePoints, changes) : source;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : (c & 0xf800) === 0xd800 ? 2 : 3;
  }
  return bytes;
}
