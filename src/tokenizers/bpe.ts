// Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): characters, then the merge of the lowest rank first.
// Positions are counted in UTF-8 bytes, as the reference does, and turned into UTF-16 units at the end.
import type { TokenModelConfig } from "../tokenizer-files/index.ts";
import { noUnknownToken, type TokenizeWord } from "./word-tokens.ts";

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

/** Tokenizes words by merging. */
export function bpe(model: Extract<TokenModelConfig, { type: "BPE" }>): TokenizeWord {
  const ids = new Map(Object.entries(model.vocab));
  const tokens: string[] = [];
  for (const [token, id] of ids) tokens[id] = token;
  const merges = mergeTable(model, ids);
  const split = splitter(model, ids);
  return (word, out) => {
    const direct = model.ignore_merges ? ids.get(word) : undefined;
    if (direct !== undefined) {
      out.ids.push(direct);
      out.values.push(word);
      out.starts.push(0);
      out.ends.push(word.length);
      return;
    }
    const symbols = split(word);
    mergeAll(symbols, merges);
    const units = unitsOfBytes(word);
    let at = 0;
    for (let i = 0; i < symbols.ids.length; i++) {
      const bytes = symbols.bytes[i]!;
      if (bytes === 0) continue;
      out.ids.push(symbols.ids[i]!);
      out.values.push(tokens[symbols.ids[i]!]!);
      out.starts.push(units.starts[at] ?? word.length);
      out.ends.push(units.ends[at + bytes - 1] ?? word.length);
      at += bytes;
    }
  };
}

function mergeTable(model: Extract<TokenModelConfig, { type: "BPE" }>, ids: ReadonlyMap<string, number>): Merges {
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
function splitter(model: Extract<TokenModelConfig, { type: "BPE" }>, ids: ReadonlyMap<string, number>) {
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
      const bytes = utf8Length(c);
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
  const heap: number[] = []; // rank · 2^31 + position
  const rankAt = (at: number, right: number) =>
    merges.ranks.get(symbols.ids[at]! * merges.vocabSize + symbols.ids[right]!);
  const offer = (at: number) => {
    const right = at < 0 ? -1 : symbols.next[at]!;
    const rank = right < 0 ? undefined : rankAt(at, right);
    if (rank !== undefined) pushHeap(heap, rank * 0x80000000 + at);
  };
  for (let i = 0; i + 1 < symbols.ids.length; i++) offer(i);
  while (heap.length > 0) {
    const top = popHeap(heap);
    const rank = Math.floor(top / 0x80000000);
    const at = top - rank * 0x80000000;
    const right = symbols.next[at]!;
    if (symbols.bytes[at] === 0 || right < 0) continue;
    const now = rankAt(at, right);
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

function pushHeap(heap: number[], entry: number): void {
  let i = heap.push(entry) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (entry >= heap[parent]!) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = entry;
}

function popHeap(heap: number[]): number {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= last) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}

/** For each UTF-8 byte of a word: first and last UTF-16 unit of the character that it belongs to. */
function unitsOfBytes(word: string): { starts: number[]; ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < word.length; ) {
    const c = word.codePointAt(i)!;
    const end = i + (c > 0xffff ? 2 : 1);
    for (let b = utf8Length(c); b > 0; b--) {
      starts.push(i);
      ends.push(end);
    }
    i = end;
  }
  return { starts, ends };
}

function utf8Length(c: number): number {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}
