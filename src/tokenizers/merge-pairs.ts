// Byte-pair merging (Sennrich 2016, arXiv:1508.07909): the most frequent pair of neighbours becomes a token, again and again. Knows
// words as token ids with their counts; not how texts come apart.
import { PairQueue } from "./pair-queue.ts";

/** What {@link mergePairs} starts from. */
export interface Spelled {
  /** Each word as ids of {@link Spelled.alphabet}. */
  readonly symbols: Int32Array[];
  /** How often each word occurs. */
  readonly counts: readonly number[];
  readonly alphabet: readonly string[];
  /** Most tokens, the alphabet included. */
  readonly size: number;
  /** A pair must occur this often. */
  readonly minFrequency: number;
  /** The spelling of two tokens together. */
  join(left: string, right: string): string;
}

/** The alphabet and the merged tokens in the order in which they were made, and which two each came of. */
export function mergePairs({ symbols, counts, alphabet, size, minFrequency, join }: Spelled): {
  tokens: string[];
  merges: (readonly [string, string])[];
} {
  const tokens = [...alphabet];
  const merges: (readonly [string, string])[] = [];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const queue = new PairQueue(tokens, minFrequency);
  symbols.forEach((word, index) => {
    for (let i = 0; i + 1 < word.length; i++) queue.change(word[i]!, word[i + 1]!, counts[index]!, index);
  });
  queue.settle();
  for (let best = queue.take(); best !== undefined && tokens.length < size; best = queue.take()) {
    const { left, right, places } = best;
    const text = join(tokens[left]!, tokens[right]!);
    let merged = ids.get(text);
    if (merged === undefined) {
      merged = tokens.push(text) - 1;
      ids.set(text, merged);
    }
    merges.push([tokens[left]!, tokens[right]!]);
    for (const index of places)
      symbols[index] = mergeIn(symbols[index]!, left, right, merged, counts[index]!, index, queue);
    queue.settle();
  }
  return { tokens, merges };
}

/** Replaces the pair in one word and tells the queue which neighbours came and went. */
function mergeIn(
  word: Int32Array,
  left: number,
  right: number,
  merged: number,
  count: number,
  index: number,
  queue: PairQueue,
): Int32Array {
  let length = 0;
  const out = new Int32Array(word.length);
  for (let i = 0; i < word.length; i++) {
    const pair = word[i] === left && i + 1 < word.length && word[i + 1] === right;
    out[length++] = pair ? merged : word[i]!;
    if (pair) i++;
  }
  if (length === word.length) return word;
  for (let i = 0; i + 1 < word.length; i++) queue.change(word[i]!, word[i + 1]!, -count, -1);
  for (let i = 0; i + 1 < length; i++) queue.change(out[i]!, out[i + 1]!, count, index);
  return out.slice(0, length);
}
