// A text under normalisation that remembers where each of its characters came from. Knows no normaliser.

/** For each UTF-16 unit of a changed text: the range of code points of the original text that it stands for. */
export interface Alignment {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** A text, where it came from (absent when nobody will ask for offsets), and where its piece of the original begins. */
export interface AlignedText {
  readonly text: string;
  readonly alignment: Alignment | undefined;
  readonly shift: number;
}

/** A fresh text. `track`: offsets will be asked for. */
export function alignedText(text: string, track: boolean): AlignedText {
  if (!track) return { text, alignment: undefined, shift: 0 };
  const starts: number[] = [];
  const ends: number[] = [];
  let codePoint = -1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff || i === 0 || (text.charCodeAt(i - 1) & 0xfc00) !== 0xd800) codePoint++;
    starts.push(codePoint);
    ends.push(codePoint + 1);
  }
  return { text, alignment: { starts, ends }, shift: 0 };
}

/** The part [from, to) in UTF-16 units, as a piece of its own. */
export function slice(source: AlignedText, from: number, to: number): AlignedText {
  const a = source.alignment;
  if (from === 0 && to === source.text.length) return a && to > 0 ? { ...source, shift: a.starts[0]! } : source;
  return {
    text: source.text.slice(from, to),
    alignment: a && { starts: a.starts.slice(from, to), ends: a.ends.slice(from, to) },
    shift: a && from < to ? a.starts[from]! : source.shift,
  };
}

/** The same piece of the original with fewer characters at its ends. */
export function strip(source: AlignedText, from: number, to: number): AlignedText {
  return { ...slice(source, from, to), shift: source.shift };
}

/** Replaces each character by zero or more, all of which stand for it. `undefined` from `f` keeps the character. */
export function mapCharacters(source: AlignedText, f: (codePoint: number) => string | undefined): AlignedText {
  const { text, alignment } = source;
  let out = "";
  let kept = 0; // start of the run that is copied as it is
  let changed = false;
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < text.length; ) {
    const codePoint = text.codePointAt(i)!;
    const width = codePoint > 0xffff ? 2 : 1;
    const mapped = f(codePoint);
    if (mapped !== undefined) {
      changed = true;
      out += text.slice(kept, i) + mapped;
      if (alignment) {
        for (let j = kept; j < i; j++) {
          starts.push(alignment.starts[j]!);
          ends.push(alignment.ends[j]!);
        }
        for (let j = 0; j < mapped.length; j++) {
          starts.push(alignment.starts[i]!);
          ends.push(alignment.ends[i]!);
        }
      }
      kept = i + width;
    }
    i += width;
  }
  if (!changed) return source;
  if (alignment)
    for (let j = kept; j < text.length; j++) {
      starts.push(alignment.starts[j]!);
      ends.push(alignment.ends[j]!);
    }
  return { text: out + text.slice(kept), alignment: alignment && { starts, ends }, shift: source.shift };
}

/** Puts `prefix` in front; it stands for what the first character stands for. An empty text stays empty. */
export function prepend(source: AlignedText, prefix: string): AlignedText {
  if (source.text === "") return source;
  const a = source.alignment;
  const fill = (from: readonly number[]) => new Array<number>(prefix.length).fill(from[0]!).concat(from);
  return {
    text: prefix + source.text,
    alignment: a && { starts: fill(a.starts), ends: fill(a.ends) },
    shift: source.shift,
  };
}

/** Replaces each match ([start, end] pairs, flattened) by `content`, which stands for the last character of the match. */
export function replaceMatches(source: AlignedText, matches: readonly number[], content: string): AlignedText {
  if (matches.length === 0) return source;
  const { text, alignment, shift } = source;
  let out = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let last = 0;
  const copyUpTo = (end: number) => {
    out += text.slice(last, end);
    if (alignment)
      for (let j = last; j < end; j++) {
        starts.push(alignment.starts[j]!);
        ends.push(alignment.ends[j]!);
      }
  };
  for (let m = 0; m < matches.length; m += 2) {
    copyUpTo(matches[m]!);
    const end = matches[m + 1]!;
    out += content;
    if (alignment)
      for (let j = 0; j < content.length; j++) {
        starts.push(end < 1 ? shift : alignment.starts[end - 1]!);
        ends.push(end < 1 ? shift : alignment.ends[end - 1]!);
      }
    last = end;
  }
  copyUpTo(text.length);
  return { text: out, alignment: alignment && { starts, ends }, shift };
}

/**
 * General edit, character by character: `changes[i]` says how `codePoints[i]` relates to the old text: 0 replaces the next
 * old character, -n replaces it and drops n more, 1 is inserted and stands for what the character before stands for.
 */
export function transform(source: AlignedText, codePoints: readonly number[], changes: readonly number[]): AlignedText {
  const text = joinCodePoints(codePoints);
  const a = source.alignment;
  if (a === undefined) return { text, alignment: undefined, shift: source.shift };
  const unitOf: number[] = []; // UTF-16 position of each old character
  for (let i = 0; i < source.text.length; i += source.text.codePointAt(i)! > 0xffff ? 2 : 1) unitOf.push(i);
  const starts: number[] = [];
  const ends: number[] = [];
  let old = 0;
  for (let i = 0; i < codePoints.length; i++) {
    const change = changes[i]!;
    const from = change > 0 ? old - 1 : old;
    const start = from < 0 ? source.shift : a.starts[unitOf[from]!]!;
    const end = from < 0 ? source.shift : a.ends[unitOf[from]!]!;
    starts.push(start);
    ends.push(end);
    if (codePoints[i]! > 0xffff) {
      starts.push(start);
      ends.push(end);
    }
    if (change <= 0) old += 1 - change;
  }
  return { text, alignment: { starts, ends }, shift: source.shift };
}

function joinCodePoints(codePoints: readonly number[]): string {
  let out = "";
  for (const codePoint of codePoints) out += String.fromCodePoint(codePoint);
  return out;
}
