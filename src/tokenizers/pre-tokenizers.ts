// Runs the pre-tokenizers of a tokenizer: aligned texts into aligned pieces ("words"). Knows no file and no model.

import type { PreTokenizerConfig, SplitBehavior } from "../tokenizer-files/index.ts";
import { matcher, type TranslateRegex } from "../tokenizer-files/index.ts";
import { type AlignedText, mapCharacters, prepend, replaceMatches, slice } from "./aligned-text.ts";
import { byteCharacters } from "./byte-characters.ts";
import { isLetter, isNumber, isNumeric, isPunctuation, isWhitespace, isWordCharacter } from "./characters.ts";

/** One piece into pieces; empty ones may be among them. */
export type PreTokenize = (piece: AlignedText) => AlignedText[];

/** Makes the function of a checked pre-tokenizer (null: the text is one piece). */
export function preTokenizer(
  part: PreTokenizerConfig | null,
  translate: TranslateRegex,
  path = "pre_tokenizer",
): PreTokenize {
  if (part === null) return (piece) => [piece];
  switch (part.type) {
    case "Sequence": {
      const steps = part.pretokenizers.map((p, i) => preTokenizer(p, translate, `${path}.pretokenizers[${i}]`));
      return (piece) => steps.reduce((pieces, step) => pieces.flatMap(step).filter(notEmpty), [piece]);
    }
    case "BertPreTokenizer":
      return bertWords;
    case "WhitespaceSplit":
      return (piece) => split(piece, characterMatches(piece.text, isWhitespace), "Removed");
    case "Whitespace":
      return (piece) => split(piece, wordOrSymbolRuns(piece.text), "Removed", true);
    case "Punctuation":
      return (piece) => split(piece, characterMatches(piece.text, isPunctuation), part.behavior);
    case "Digits": {
      const behavior = part.individual_digits ? "Isolated" : "Contiguous";
      return (piece) => split(piece, characterMatches(piece.text, isNumeric), behavior);
    }
    case "CharDelimiterSplit": {
      const delimiter = part.delimiter.codePointAt(0)!;
      return (piece) =>
        split(
          piece,
          characterMatches(piece.text, (c) => c === delimiter),
          "Removed",
        );
    }
    case "FixedLength":
      return (piece) => fixedLength(piece, part.length);
    case "Split": {
      const matches = matcher(part.pattern, translate, `${path}.pattern`);
      return (piece) => split(piece, matches(piece.text), part.behavior, part.invert);
    }
    case "ByteLevel":
      return (piece) => {
        const start = part.add_prefix_space && !piece.text.startsWith(" ") ? prepend(piece, " ") : piece;
        const words = part.use_regex ? split(start, gpt2Words(start.text), "Isolated") : [start];
        return words.map((word) => mapCharacters(word, byteCharacters));
      };
    case "Metaspace":
      return metaspace(part);
  }
}

const notEmpty = (piece: AlignedText) => piece.text !== "";

function bertWords(piece: AlignedText): AlignedText[] {
  return split(piece, characterMatches(piece.text, isWhitespace), "Removed").flatMap((word) =>
    split(word, characterMatches(word.text, isPunctuation), "Isolated"),
  );
}

function metaspace(part: Extract<PreTokenizerConfig, { type: "Metaspace" }>): PreTokenize {
  const mark = part.replacement;
  const codePoint = mark.codePointAt(0)!;
  return (piece) => {
    let marked = replaceMatches(
      piece,
      characterMatches(piece.text, (c) => c === 0x20),
      mark,
    );
    const first = part.prepend_scheme === "first" && marked.shift === 0;
    if ((part.prepend_scheme === "always" || first) && !marked.text.startsWith(mark)) marked = prepend(marked, mark);
    if (!part.split) return [marked];
    const marks = characterMatches(marked.text, (c) => c === codePoint);
    return split(marked, marks, "MergedWithNext");
  };
}

function fixedLength(piece: AlignedText, length: number): AlignedText[] {
  const pieces: AlignedText[] = [];
  let start = 0;
  let count = 0;
  for (let i = 0; i < piece.text.length; ) {
    i += piece.text.codePointAt(i)! > 0xffff ? 2 : 1;
    if (++count % length !== 0 && i < piece.text.length) continue;
    pieces.push(slice(piece, start, i));
    start = i;
  }
  return pieces;
}

/** Each character that satisfies `is`, as a match of its own. */
function characterMatches(text: string, is: (codePoint: number) => boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < text.length; ) {
    const c = text.codePointAt(i)!;
    const end = i + (c > 0xffff ? 2 : 1);
    if (is(c)) found.push(i, end);
    i = end;
  }
  return found;
}

/** Runs of word characters and runs of what is neither word nor space: `\w+|[^\w\s]+`. */
function wordOrSymbolRuns(text: string): number[] {
  const found: number[] = [];
  let start = 0;
  let kind = 0; // 0 space, 1 word, 2 symbol
  for (let i = 0; i <= text.length; ) {
    const c = i < text.length ? text.codePointAt(i)! : 0x20;
    const charKind = isWordCharacter(c) ? 1 : isWhitespace(c) ? 0 : 2;
    if (charKind !== kind) {
      if (kind !== 0) found.push(start, i);
      start = i;
      kind = charKind;
    }
    i += c > 0xffff ? 2 : 1;
  }
  return found;
}

/** Cuts a piece at its matches ([start, end] pairs, flattened). `invert`: what lies between the matches counts as match. */
function split(piece: AlignedText, matches: readonly number[], behavior: SplitBehavior, invert = false): AlignedText[] {
  const spans: { from: number; to: number; match: boolean }[] = [];
  let last = 0;
  for (let m = 0; m < matches.length; m += 2) {
    const [from, to] = [matches[m]!, matches[m + 1]!];
    if (from > last) spans.push({ from: last, to: from, match: invert });
    spans.push({ from, to, match: !invert });
    last = to;
  }
  if (last < piece.text.length) spans.push({ from: last, to: piece.text.length, match: invert });
  const joined: typeof spans = [];
  const take = behavior === "MergedWithNext" ? spans.reverse() : spans;
  let previous = false; // was the span before a match?
  for (const span of take) {
    const open = joined.at(-1);
    const joins =
      behavior === "Contiguous" ? span.match === previous : behavior.startsWith("Merged") && span.match && !previous;
    if (joins && open) {
      open.from = Math.min(open.from, span.from);
      open.to = Math.max(open.to, span.to);
    } else joined.push({ ...span });
    previous = span.match;
  }
  if (behavior === "MergedWithNext") joined.reverse();
  const kept = behavior === "Removed" ? joined.filter((span) => !span.match) : joined;
  return kept.filter((span) => span.from < span.to).map((span) => slice(piece, span.from, span.to));
}

const contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

/** GPT-2's words: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, by hand. */
export function gpt2Words(text: string): number[] {
  const kindAt = (i: number) => {
    const c = text.codePointAt(i)!;
    return isWhitespace(c) ? 0 : isLetter(c) ? 1 : isNumber(c) ? 2 : 3;
  };
  const widthAt = (i: number) => (text.codePointAt(i)! > 0xffff ? 2 : 1);
  const found: number[] = [];
  let i = 0;
  while (i < text.length) {
    const start = i;
    const contraction = text[i] === "'" ? contractions.find((c) => text.startsWith(c, start)) : undefined;
    if (contraction !== undefined) i += contraction.length;
    else {
      const word = text[i] === " " && i + 1 < text.length && kindAt(i + 1) !== 0 ? i + 1 : i;
      const kind = kindAt(word);
      i = word + widthAt(word);
      let lastStart = word; // of the run's last character
      while (i < text.length && kindAt(i) === kind) {
        lastStart = i;
        i += widthAt(i);
      }
      // White space before a word leaves its last character to the word.
      if (kind === 0 && i < text.length && lastStart > start) i = lastStart;
    }
    found.push(start, i);
  }
  return found;
}
