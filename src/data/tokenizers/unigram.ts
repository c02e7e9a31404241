// Unigram (Kudo 2018, arXiv:1804.10959): the segmentation with the highest sum of scores, by dynamic programming.
import { byteTokens } from "./bpe.ts";
import type { ModelPart } from "./file-format.ts";
import type { TokenizeWord } from "./models.ts";
import { noUnknownToken } from "./wordpiece.ts";

const unknownPenalty = 10;

/** Tokenizes by the best path; neighbouring unknown characters become one token. */
export function unigram(model: Extract<ModelPart, { type: "Unigram" }>): TokenizeWord {
  const scores = Float64Array.from(model.vocab, ([, score]) => score);
  const ids = new Map(model.vocab.map(([token], id) => [token, id]));
  const unknownScore =
    scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - unknownPenalty;
  const children = new Map<number, number>(); // trie: (node, unit) → node
  const tokenAt: number[] = [-1]; // id of the token that ends at a node
  for (const [token, id] of ids) {
    let node = 0;
    for (let i = 0; i < token.length; i++) {
      const key = node * 65536 + token.charCodeAt(i);
      let child = children.get(key);
      if (child === undefined) {
        child = tokenAt.push(-1) - 1;
        children.set(key, child);
      }
      node = child;
    }
    if (node !== 0) tokenAt[node] = id;
  }
  const bestPath = (word: string) => {
    const best = new Float64Array(word.length + 1);
    const from = new Int32Array(word.length + 1).fill(-1);
    const piece = new Int32Array(word.length + 1);
    const offer = (start: number, end: number, id: number, score: number) => {
      if (from[end] !== -1 && score <= best[end]!) return;
      best[end] = score;
      from[end] = start;
      piece[end] = id;
    };
    for (let start = 0; start < word.length; ) {
      const width = word.codePointAt(start)! > 0xffff ? 2 : 1;
      let single = false;
      let node: number | undefined = 0;
      for (let end = start; end < word.length; ) {
        node = children.get(node * 65536 + word.charCodeAt(end++));
        if (node === undefined) break;
        const id = tokenAt[node]!;
        if (id < 0) continue;
        offer(start, end, id, scores[id]! + best[start]!);
        single ||= end - start === width;
      }
      if (!single) {
        const end = start + width;
        const score = unknownScore + best[start]!;
        if (model.unk_id !== null) offer(start, end, model.unk_id, score);
        else if (from[end] === -1 || score > best[end]!) throw noUnknownToken(word, null);
      }
      start += width;
    }
    return { from, piece };
  };
  return (word, out) => {
    const { from, piece } = bestPath(word);
    const cuts: number[] = []; // piece ends, last first
    for (let end = word.length; end > 0; ) {
      const unknown = piece[end] === model.unk_id;
      cuts.push(end);
      end = from[end]!;
      while (unknown && end > 0 && piece[end] === model.unk_id) end = from[end]!;
    }
    let start = 0;
    for (const end of cuts.reverse()) {
      const value = word.slice(start, end);
      const id = ids.get(value);
      const bytes = id === undefined && model.byte_fallback ? byteTokens(value, ids) : undefined;
      const known = bytes ?? [[value, id ?? model.unk_id] as const];
      for (const [token, tokenId] of known) {
        if (tokenId === null) throw noUnknownToken(value, null);
        out.ids.push(tokenId);
        out.values.push(token);
        out.starts.push(start);
        out.ends.push(end);
      }
      start = end;
    }
  };
}
