// Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): characters, then the merge of the lowest rank first.
// Positions are counted in UTF-8 bytes, as the reference does, and turned into UTF-16 units at the end.
import { detached } from "./detached.ts";
import type { ModelPart } from "./file-format.ts";
import type { TokenizeWord, Tokens } from "./models.ts";
import { noUnknownToken } from "./wordpiece.ts";

/** Byte tokens (`<0xE4>`) of a text, or undefined where the vocabulary lacks one of them. */
export function byteTokens(text: string, ids: ReadonlyMap<string, number>): [string, number][] | undefined {
  const found: [string, number][] = [];
  for (const byte of new TextEncoder().encode(text)) {
    const token = `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    const id = ids.get(token);
    if (id === undefined) return undefined;
    found.push([token, id]);
  }
  return found;
}

/** A word under merging: a linked list in arrays. A length of 0 marks a symbol that was merged away. */
interface Symbols {
  readonly ids: number[];
  readonly bytes: number[];
  readonly previous: number[];
  readonly next: number[];
}

interface Merges {
  /** (left id, right id) → rank. */
  readonly ranks: ReadonlyMap<number, number>;
  /** Token that the merge of a rank makes. */
  readonly results: Int32Array;
  readonly vocabSize: number;
}

const cacheLimit = 1 << 16; // words
const longestCached = 64; // UTF-16 units

/** Tokenizes words by merging; results of short words are remembered. */
export function bpe(model: Extract<ModelPart, { type: "BPE" }>): TokenizeWord {
  const ids = new Map(Object.entries(model.vocab));
  const tokens: string[] = [];
  for (const [token, id] of ids) tokens[id] = token;
  const merges = mergeTable(model, ids);
  const split = splitter(model, ids);
  const cache = new Map<string, Tokens>();
  const fresh = (word: string): Tokens => {
    const out: Tokens = { ids: [], values: [], starts: [], ends: [] };
    const symbols = split(word);
    mergeAll(symbols, merges);
    let at = 0;
    const kept = symbols.ids.flatMap((id, i) => (symbols.bytes[i]! > 0 ? [{ id, bytes: symbols.bytes[i]! }] : []));
    const toUnits = byteToUnit(word);
    for (const { id, bytes } of kept) {
      out.ids.push(id);
      out.values.push(tokens[id]!);
      const [start, end] = toUnits(at, at + bytes);
      out.starts.push(start);
      out.ends.push(end);
      at += bytes;
    }
    return out;
  };
  return (word, out) => {
    const direct = model.ignore_merges ? ids.get(word) : undefined;
    if (direct !== undefined) {
      append(out, { ids: [direct], values: [word], starts: [0], ends: [word.length] });
      return;
    }
    let result = cache.get(word);
    if (result === undefined) {
      result = fresh(word);
      if (word.length <= longestCached) {
        if (cache.size >= cacheLimit) cache.clear();
        cache.set(detached(word), result);
      }
    }
    append(out, result);
  };
}

function append(out: Tokens, more: Tokens): void {
  for (let i = 0; i < more.ids.length; i++) {
    out.ids.push(more.ids[i]!);
    out.values.push(more.values[i]!);
    out.starts.push(more.starts[i]!);
    out.ends.push(more.ends[i]!);
  }
}

function mergeTable(model: Extract<ModelPart, { type: "BPE" }>, ids: ReadonlyMap<string, number>): Merges {
  const ranks = new Map<number, number>();
  const results = new Int32Array(model.merges.length);
  const prefix = model.continuing_subword_prefix ?? "";
  model.merges.forEach(([first, second], rank) => {
    ranks.set(ids.get(first)! * ids.size + ids.get(second)!, rank);
    results[rank] = ids.get(first + second.slice(prefix.length))!;
  });
  return { ranks, results, vocabSize: ids.size };
}

/** Characters as symbols; unknown ones become byte tokens, the unknown token (fused or not), or nothing. */
function splitter(model: Extract<ModelPart, { type: "BPE" }>, ids: ReadonlyMap<string, number>) {
  const { unk_token: unknown, fuse_unk: fuse, byte_fallback: fallback } = model;
  const prefix = model.continuing_subword_prefix ?? "";
  const suffix = model.end_of_word_suffix ?? "";
  return (word: string): Symbols => {
    const symbols: Symbols = { ids: [], bytes: [], previous: [], next: [] };
    const add = (id: number, bytes: number) => {
      const index = symbols.ids.push(id) - 1;
      symbols.bytes.push(bytes);
      symbols.previous.push(index - 1);
      symbols.next.push(-1);
      if (index > 0) symbols.next[index - 1] = index;
    };
    let pending = 0; // bytes of an unknown token that is not added yet
    const flush = () => {
      if (pending > 0) add(ids.get(unknown!)!, pending);
      pending = 0;
    };
    for (let i = 0; i < word.length; ) {
      const c = word.codePointAt(i)!;
      const end = i + (c > 0xffff ? 2 : 1);
      const bytes = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      const piece = (i > 0 ? prefix : "") + word.slice(i, end) + (end === word.length ? suffix : "");
      i = end;
      const id = ids.get(piece);
      const parts = id === undefined && fallback ? byteTokens(piece, ids) : undefined;
      if (id !== undefined) {
        flush();
        add(id, bytes);
      } else if (parts !== undefined) for (const [, part] of parts) add(part, 1);
      else if (unknown !== null) {
        if (!ids.has(unknown)) throw noUnknownToken(word, unknown);
        if (!fuse) flush();
        pending += bytes;
      }
    }
    flush();
    return symbols;
  };
}

/** Merges neighbours, lowest rank first and leftmost among equals, with a heap: O(n log n). */
function mergeAll(symbols: Symbols, merges: Merges): void {
  const heap: { rank: number; at: number }[] = [];
  const offer = (at: number) => {
    const right = at < 0 ? -1 : symbols.next[at]!;
    if (right < 0) return;
    const rank = merges.ranks.get(symbols.ids[at]! * merges.vocabSize + symbols.ids[right]!);
    if (rank !== undefined) pushHeap(heap, { rank, at });
  };
  for (let i = 0; i + 1 < symbols.ids.length; i++) offer(i);
  while (heap.length > 0) {
    const { rank, at } = popHeap(heap);
    const right = symbols.next[at]!;
    if (symbols.bytes[at] === 0 || right < 0) continue;
    const now = merges.ranks.get(symbols.ids[at]! * merges.vocabSize + symbols.ids[right]!);
    if (now === undefined || merges.results[now] !== merges.results[rank]) continue; // an entry from before a merge
    symbols.ids[at] = merges.results[rank]!;
    symbols.bytes[at]! += symbols.bytes[right]!;
    symbols.bytes[right] = 0;
    symbols.next[at] = symbols.next[right]!;
    if (symbols.next[at]! >= 0) symbols.previous[symbols.next[at]!] = at;
    offer(symbols.previous[at]!);
    offer(at);
  }
}

type Entry = { rank: number; at: number };
const before = (a: Entry, b: Entry) => a.rank < b.rank || (a.rank === b.rank && a.at < b.at);

function pushHeap(heap: Entry[], entry: Entry): void {
  let i = heap.push(entry) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(entry, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = entry;
}

function popHeap(heap: Entry[]): Entry {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}

/** Turns a range of UTF-8 bytes of a word into the UTF-16 units of the characters that it touches. */
function byteToUnit(word: string): (start: number, end: number) => [number, number] {
  const startOf: number[] = []; // per byte: first unit of its character
  const endOf: number[] = [];
  for (let i = 0; i < word.length; ) {
    const c = word.codePointAt(i)!;
    const end = i + (c > 0xffff ? 2 : 1);
    for (let b = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; b > 0; b--) {
      startOf.push(i);
      endOf.push(end);
    }
    i = end;
  }
  return (start, end) => [startOf[start] ?? word.length, endOf[end - 1] ?? word.length];
}
