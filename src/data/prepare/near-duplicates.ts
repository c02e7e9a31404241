// Texts that are nearly the same, found without comparing all pairs: MinHash (Broder 1997) with one permutation (Li 2012) and
// optimal densification (Shrivastava 2017), banded look-up, then the exact Jaccard similarity of each candidate pair. Pure.
import { ConcordError } from "../../base/index.ts";
import { type Clusters, clusters } from "./clusters.ts";

export interface NearDuplicateOptions {
  /** Least Jaccard similarity of two texts' shingles, 0 … 1. Default 0.8. */
  readonly threshold?: number;
  /** Characters (UTF-16 units) of a shingle. Default 5. */
  readonly shingle?: number;
}

const bins = 64; // of a signature; 16 bands of 4: a pair of similarity 0.8 meets in some band with probability 0.9998
const bandSize = 4;
const empty = 0xffffffff;
/** Members of one bucket that a text is compared with; more are the same few clusters over again. */
const comparedMost = 32;

/**
 * Clusters of texts whose shingles overlap by at least the threshold with some other member.
 * @param texts any texts; case, punctuation, widths and spaces are not compared
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
  const signatures = new Uint32Array(texts.length * bins);
  const comparable = new Uint8Array(texts.length); // a text of punctuation only resembles nothing
  for (const [i, text] of texts.entries())
    comparable[i] = sign(shingles(text, shingle), signatures.subarray(i * bins, (i + 1) * bins)) ? 1 : 0;
  const alike = (a: number, b: number) =>
    agreement(signatures, a, b) >= threshold - 0.2 &&
    jaccard(shingles(texts[a]!, shingle), shingles(texts[b]!, shingle)) >= threshold;
  for (let band = 0; band < bins; band += bandSize)
    for (const bucket of buckets(signatures, comparable, band)) joinAlike(bucket, found, alike);
  return found;
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
export function shingles(text: string, size: number): Uint32Array {
  const plain = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]+/gu, " ")
    .trim();
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
function* buckets(signatures: Uint32Array, comparable: Uint8Array, band: number): Generator<Uint32Array> {
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
