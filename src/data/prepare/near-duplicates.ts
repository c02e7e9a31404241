// Texts that are nearly the same, found without comparing all pairs: MinHash (Broder 1997) with one permutation (Li 2012) and
// optimal densification (Shrivastava 2017), banded look-up, then each candidate pair compared itself: long texts by the Jaccard
// similarity of their shingles; texts of few characters by edits, for there one changed character changes most shingles; texts in Chinese
// characters by their pairs of characters. Digits are not compared where enough is said beside them. Pure.
import { ConcordError } from "../../base/index.ts";
import { type Clusters, clusters } from "./clusters.ts";

export interface NearDuplicateOptions {
  /** Least Jaccard similarity of two texts' shingles, 0 … 1; of a short text a quarter of the rest may be edited. Default 0.8. */
  readonly threshold?: number;
  /** Characters (UTF-16 units) of a shingle. Default 5. */
  readonly shingle?: number;
}

/** One way to look for candidates: shingles of a size, and how many bins of a signature a band has. */
interface Search {
  readonly shingle: number;
  readonly bandSize: number;
  /** Which texts take part. */
  takes(plain: string, index: number): boolean;
  alike(a: number, b: number): boolean;
}

const bins = 64; // of a signature; 16 bands of 4: a pair of similarity 0.8 meets in some band with probability 0.9998
const empty = 0xffffffff;
/** Members of one bucket that a text is compared with; more are the same few clusters over again. */
const comparedMost = 32;
/** Texts of at most so many characters are compared by edits. */
const shortText = 60;

/**
 * Clusters of texts that are nearly the same as some other member.
 * @param texts any texts; case, punctuation, widths and spaces are not compared, nor (below a threshold of 1) digits beside at
 * least eight letters
 * @returns union-find over their indices
 * @throws E_ARGUMENT for a threshold or shingle out of range
 * @example nearDuplicates(["my head hurts a lot", "My head hurts a lot!", "fever"]).rootOf(1) // 0
 */
export function nearDuplicates(texts: readonly string[], options: NearDuplicateOptions = {}): Clusters {
  const { threshold = 0.8, shingle = 5 } = options;
  if (!(threshold > 0 && threshold <= 1) || !(Number.isInteger(shingle) && shingle > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "near-duplicates",
      problem: "a setting is out of range",
      expected: "0 < threshold ≤ 1, shingle a whole number from 1",
      got: `threshold ${threshold}, shingle ${shingle}`,
    });
  const found = clusters(texts.length);
  const { plain, numbers } = comparedTexts(texts, threshold < 1);
  const byShingles = (size: number) => (a: number, b: number) =>
    jaccard(shinglesOf(plain[a]!, size), shinglesOf(plain[b]!, size)) >= threshold;
  join(plain, found, { shingle, bandSize: 4, takes: () => true, alike: byShingles(shingle) }, threshold - 0.2);
  if (threshold === 1) return found; // nothing may differ
  const pairs = byShingles(2);
  const inChinese = plain.map(isChinese);
  const alike = (a: number, b: number) => {
    if (numbers[a] !== numbers[b]) return false;
    const [x, y] = [plain[a]!, plain[b]!];
    return (inChinese[a] && inChinese[b] && pairs(a, b)) || editsWithin(x, y, editsAllowed(x, y, threshold));
  };
  const takes = (text: string, i: number) => text.length <= shortText || inChinese[i]!;
  join(plain, found, { shingle: 2, bandSize: 3, takes, alike }, 0.3);
  return found;
}

/**
 * What is compared: digits are masked, except in a template, a text of which more than eight rows (and a fiftieth of all) are the same but
 * for their numbers: there the numbers are what is said, and must be the same.
 */
function comparedTexts(texts: readonly string[], masksDigits: boolean) {
  const plain = texts.map((text) => plainText(text, masksDigits));
  const rows = new Map<string, number>();
  if (masksDigits) for (const text of plain) rows.set(text, (rows.get(text) ?? 0) + 1);
  const most = Math.max(8, texts.length / 50);
  const numbers = texts.map((text, i) => {
    if (!masksDigits || rows.get(plain[i]!)! <= most) return "";
    plain[i] = plainText(text, false);
    return plain[i]!.replace(/\P{Nd}+/gu, " ");
  });
  return { plain, numbers };
}

function join(plain: readonly string[], found: Clusters, { shingle, bandSize, takes, alike }: Search, least: number) {
  const signatures = new Uint32Array(plain.length * bins);
  const comparable = new Uint8Array(plain.length); // a text of punctuation only resembles nothing
  for (const [i, text] of plain.entries())
    if (takes(text, i))
      comparable[i] = sign(shinglesOf(text, shingle), signatures.subarray(i * bins, (i + 1) * bins)) ? 1 : 0;
  const same = (a: number, b: number) => agreement(signatures, a, b) >= least && alike(a, b);
  for (let band = 0; band + bandSize <= bins; band += bandSize)
    for (const bucket of buckets(signatures, comparable, band, bandSize)) joinAlike(bucket, found, same);
}

/** Edits that two short texts may differ by: one from eight characters on, a twentieth of the characters at the default threshold. */
function editsAllowed(a: string, b: string, threshold: number): number {
  const [shorter, longer] = [Math.min(a.length, b.length), Math.max(a.length, b.length)];
  if (longer > shortText) return 0;
  const rate = (1 - threshold) / 4;
  return shorter < 8 ? Math.floor(rate * shorter) : Math.max(1, Math.floor(rate * shorter));
}

/** Whether so many insertions, deletions and replacements turn one text into the other (Ukkonen's band around the diagonal). */
function editsWithin(a: string, b: string, most: number): boolean {
  if (Math.abs(a.length - b.length) > most) return false;
  let start = 0; // what both begin and end with needs no edit
  let [endA, endB] = [a.length, b.length];
  while (start < endA && start < endB && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1))
    [endA, endB] = [endA - 1, endB - 1];
  const [rows, columns] = [endA - start, endB - start];
  if (most <= 1 || rows === 0 || columns === 0) return Math.max(rows, columns) <= most;
  let before = Uint8Array.from({ length: columns + 1 }, (_, j) => j);
  let row = new Uint8Array(columns + 1);
  for (let i = 1; i <= rows; i++) {
    row.fill(most + 1);
    row[0] = i;
    let least = i;
    for (let j = Math.max(1, i - most); j <= Math.min(columns, i + most); j++) {
      const replaced = before[j - 1]! + Number(a.charCodeAt(start + i - 1) !== b.charCodeAt(start + j - 1));
      const edits = Math.min(replaced, before[j]! + 1, row[j - 1]! + 1);
      row[j] = edits;
      least = Math.min(least, edits);
    }
    if (least > most) return false;
    [before, row] = [row, before];
  }
  return before[columns]! <= most;
}

const chinese = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** Whether at least half of the letters are Chinese characters (or kana): words of one or two characters, without spaces. */
function isChinese(plain: string): boolean {
  const characters = plain.match(chinese)?.length ?? 0;
  return characters > 0 && 2 * characters >= plain.replace(/[^\p{L}]/gu, "").length;
}

/** What of a text is compared: letters in lower case, one space for whatever stands between them, digits as 0 where much else is said. */
function plainText(text: string, masksDigits: boolean): string {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]+/gu, " ")
    .trim();
  if (!masksDigits || !/\p{Nd}/u.test(plain)) return plain;
  const letters = plain.replace(/[^\p{L}]/gu, "");
  const size = letters.length + (letters.match(chinese)?.length ?? 0); // a Chinese character says as much as two letters
  return size >= 8 ? plain.replace(/\p{Nd}+/gu, "0") : plain;
}

/** Joins each member of a bucket to the first one that it resembles. */
function joinAlike(bucket: Uint32Array, found: Clusters, alike: (a: number, b: number) => boolean): void {
  const representatives: number[] = [];
  for (const member of bucket) {
    if (representatives.some((r) => found.rootOf(r) === found.rootOf(member))) continue;
    const like = representatives.find((r) => alike(r, member));
    if (like !== undefined) found.join(like, member);
    else if (representatives.length < comparedMost) representatives.push(member);
  }
}

/** Hashes of a text's shingles, 32 bits each, in order, with repeats. */
export const shingles = (text: string, size: number): Uint32Array => shinglesOf(plainText(text, true), size);

function shinglesOf(plain: string, size: number): Uint32Array {
  const count = plain === "" ? 0 : Math.max(1, plain.length - size + 1);
  const out = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    let hash = 0x811c9dc5; // FNV-1a over code units, then a finaliser that spreads its low bits
    const end = Math.min(plain.length, i + size);
    for (let j = i; j < end; j++) hash = Math.imul(hash ^ plain.charCodeAt(j), 0x01000193);
    out[i] = mix(hash);
  }
  return out;
}

/** Murmur3's finaliser. */
function mix(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Writes the signature: the least hash of each bin; an empty bin copies one that is not. False for no shingles. */
function sign(hashes: Uint32Array, into: Uint32Array): boolean {
  into.fill(empty);
  for (const hash of hashes) {
    const bin = hash >>> 26;
    const value = mix(hash ^ 0x9e3779b9);
    if (value < into[bin]!) into[bin] = value;
  }
  if (hashes.length === 0) return false;
  const filled = into.slice();
  for (let bin = 0; bin < bins; bin++)
    for (let attempt = 1; into[bin] === empty; attempt++) into[bin] = filled[mix(bin * 7919 + attempt) % bins]!;
  return true;
}

/** Share of equal bins: an estimate of the similarity, standard deviation at most 1/16. */
function agreement(signatures: Uint32Array, a: number, b: number): number {
  let equal = 0;
  for (let k = 0; k < bins; k++) if (signatures[a * bins + k] === signatures[b * bins + k]) equal++;
  return equal / bins;
}

function jaccard(a: Uint32Array, b: Uint32Array): number {
  const left = new Set(a);
  const right = new Set(b);
  let shared = 0;
  for (const x of right) if (left.has(x)) shared++;
  return shared / (left.size + right.size - shared);
}

/** Groups of two or more texts that agree in one band, members ascending. */
function* buckets(
  signatures: Uint32Array,
  comparable: Uint8Array,
  band: number,
  bandSize: number,
): Generator<Uint32Array> {
  const count = comparable.length;
  const indexBits = Math.ceil(Math.log2(count + 1));
  const factor = 2 ** indexBits;
  const keyLimit = 2 ** Math.min(32, 53 - indexBits);
  // key and index in one number: one numeric sort instead of a map of a million lists
  const sorted = new Float64Array(count);
  let used = 0;
  for (let i = 0; i < count; i++) {
    if (!comparable[i]) continue;
    let key = band;
    for (let k = band; k < band + bandSize; k++) key = mix(key ^ signatures[i * bins + k]!);
    sorted[used++] = (key % keyLimit) * factor + i;
  }
  const keys = sorted.subarray(0, used).sort();
  for (let start = 0; start < used; ) {
    const key = Math.floor(keys[start]! / factor);
    let end = start + 1;
    while (end < used && Math.floor(keys[end]! / factor) === key) end++;
    if (end - start > 1) yield Uint32Array.from(keys.subarray(start, end), (x) => x % factor);
    start = end;
  }
}
