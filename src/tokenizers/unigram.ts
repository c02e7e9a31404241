// Unigram (Kudo 2018, arXiv:1804.10959): the segmentation with the highest sum of scores, by dynamic programming.

import type { TokenModelConfig } from "../tokenizer-files/index.ts";
import { byteTokens } from "./bpe.ts";
import { noUnknownToken, type TokenizeWord } from "./word-tokens.ts";

const unknownPenalty = 10;

/** Tokenizes by the best path; neighbouring unknown characters become one token. */
export function unigram(model: Extract<TokenModelConfig, { type: "Unigram" }>): TokenizeWord {
  const scores = Float64Array.from(model.vocab, ([, score]) => score);
  const ids = new Map(model.vocab.map(([token], id) => [token, id]));
  const unknownScore =
    scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - unknownPenalty;
  const { step, tokenAt } = buildTrie(ids);
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
      let node = 0;
      for (let end = start; end < word.length; ) {
        node = step(node, word.charCodeAt(end++));
        if (node < 0) break;
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

/** Trie of tokens over UTF-16 units; its edges are in an open-addressing hash table, several times as fast as a Map. */
function buildTrie(ids: ReadonlyMap<string, number>) {
  let units = 1;
  for (const token of ids.keys()) units += token.length;
  const bits = Math.ceil(Math.log2(2 * units + 2));
  const mask = 2 ** bits - 1;
  const parents = new Int32Array(mask + 1).fill(-1);
  const labels = new Uint16Array(mask + 1);
  const nodes = new Int32Array(mask + 1);
  const tokenAt: number[] = [-1]; // id of the token that ends at a node
  const slot = (node: number, unit: number) => {
    let at = (Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) & mask;
    while (parents[at] !== -1 && (parents[at] !== node || labels[at] !== unit)) at = (at + 1) & mask;
    return at;
  };
  for (const [token, id] of ids) {
    let node = 0;
    for (let i = 0; i < token.length; i++) {
      const at = slot(node, token.charCodeAt(i));
      if (parents[at] === -1) {
        parents[at] = node;
        labels[at] = token.charCodeAt(i);
        nodes[at] = tokenAt.push(-1) - 1;
      }
      node = nodes[at]!;
    }
    if (node !== 0) tokenAt[node] = id;
  }
  const step = (node: number, unit: number) => {
    const at = slot(node, unit);
    return parents[at] === -1 ? -1 : nodes[at]!;
  };
  return { step, tokenAt };
}
