// A tokenizer and a word table with fewer tokens: those that a corpus uses, and those that others are made of. Knows no corpus and no disk.
import { ConcordError, type HostArray } from "../base/index.ts";
import { configOf, type JsonRecord } from "../formats/index.ts";
import { headFactsOf, type Model, modelOf } from "../models/index.ts";
import {
  type PostProcessorConfig,
  readTokenizerFile,
  type TokenizerFile,
  type TokenModelConfig,
} from "../tokenizer-files/index.ts";
import type { SmallerModel } from "./smaller-model.ts";

/** Which tokens are kept. */
export interface TrimOptions {
  /** Tokens that occur less often are dropped. Default 1: every token that the corpus uses is kept. */
  readonly atLeast?: number;
  /** The most tokens that are kept, the most frequent first; whatever others need is kept beyond it. Default no limit. */
  readonly size?: number;
}

export interface TrimmedVocabulary {
  /** The tokenizer with new ids, checked. */
  readonly file: TokenizerFile;
  /** The old id of each new token, ascending: rows of the word table. */
  readonly kept: readonly number[];
}

/**
 * Drops tokens that a corpus does not use. Special tokens, single characters and bytes are always kept, and of merges whatever a kept token
 * is merged from: texts of kept tokens give the same pieces as before, others fall back to shorter ones.
 * @param counts how often each token of the corpus occurs, by id
 * @throws E_ARGUMENT for options out of range; E_TOKENIZER where the file has no tokens to drop
 * @example const { file, kept } = trimVocabulary(tokenizer.source, countTokens(encodings));
 */
export function trimVocabulary(
  file: TokenizerFile,
  counts: ReadonlyMap<number, number>,
  { atLeast = 1, size = Number.POSITIVE_INFINITY }: TrimOptions = {},
): TrimmedVocabulary {
  for (const [name, value] of Object.entries({ atLeast, size }))
    if (!(value >= 1))
      throw new ConcordError("E_ARGUMENT", {
        operation: "trim vocabulary",
        problem: `${name} is wrong`,
        expected: "a number from 1",
        got: String(value),
      });
  const tokens = tokensOf(file.model);
  const kept = new Set<number>(file.added_tokens.map(({ id }) => id));
  for (const [id, token] of tokens) if (isAlwaysKept(file.model, token, id)) kept.add(id);
  const used = [...counts].filter(([id, n]) => n >= atLeast && tokens.has(id));
  used.sort(([a, n], [b, m]) => m - n || a - b);
  for (const [id] of used) {
    if (kept.size >= size) break;
    for (const needed of neededFor(file.model, id, tokens)) kept.add(needed);
  }
  const ids = [...kept].sort((a, b) => a - b);
  return { file: renumbered(file, new Map(ids.map((old, id) => [old, id]))), kept: ids };
}

/** How often each id occurs. @example countTokens([[2, 9, 9, 3]]).get(9) // 2 */
export function countTokens(encodings: Iterable<{ readonly ids: ArrayLike<number> }>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { ids } of encodings)
    for (let i = 0; i < ids.length; i++) counts.set(ids[i]!, (counts.get(ids[i]!) ?? 0) + 1);
  return counts;
}

/**
 * The model with the rows of kept tokens: its word table, and what a head of words has for each token.
 * @param kept old ids in their new order, from {@link trimVocabulary}
 * @throws E_ARGUMENT for a model that reads no tokens, or an id that its table lacks
 */
export function trimEmbeddings(
  model: Model,
  weights: ReadonlyMap<string, HostArray<"float32">>,
  kept: readonly number[],
): SmallerModel {
  const { tokens } = model;
  const wrong = kept.find((id) => !(Number.isInteger(id) && id >= 0 && id < (tokens?.vocabulary ?? 0)));
  if (!tokens || wrong !== undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "trim vocabulary",
      problem: tokens ? "a kept token has no row in the word table" : "the model reads no tokens",
      expected: tokens ? `ids 0 … ${tokens.vocabulary - 1}` : "a model of texts",
      got: tokens ? String(wrong) : model.type,
    });
  const old = new Map(kept.map((id, at) => [id, at]));
  const config: JsonRecord = Object.fromEntries(
    Object.entries(model.config).map(([name, value]) => {
      if (name === "vocab_size") return [name, kept.length];
      return [name, /_token_id$/.test(name) && typeof value === "number" ? (old.get(value) ?? null) : value];
    }),
  );
  const smaller = modelOf(configOf(config, "trimmed"));
  const byToken = headFactsOf(model.task).vocabulary;
  const rowsOf = (name: string, array: HostArray<"float32">): HostArray<"float32"> => {
    const ofTable = name === tokens.tableNames.words;
    if (!ofTable && !(byToken && array.shape[0] === tokens.vocabulary)) return array;
    const width = array.data.length / tokens.vocabulary;
    const data = new Float32Array(kept.length * width);
    for (const [at, id] of kept.entries()) data.set(array.data.subarray(id * width, (id + 1) * width), at * width);
    return { dtype: "float32", shape: [kept.length, ...array.shape.slice(1)], data };
  };
  return { model: smaller, weights: new Map([...weights].map(([name, array]) => [name, rowsOf(name, array)])) };
}

/** Tokens of a model by id. */
function tokensOf(model: TokenModelConfig): Map<number, string> {
  if (model.type === "Unigram") return new Map(model.vocab.map(([token], id) => [id, token]));
  return new Map(Object.entries(model.vocab).map(([token, id]) => [id, token]));
}

const isByte = /^<0x[0-9A-F]{2}>$/;

/** Single characters, bytes and the unknown token: what everything falls back to. */
function isAlwaysKept(model: TokenModelConfig, token: string, id: number): boolean {
  if (model.type === "Unigram") return id === model.unk_id || [...token].length === 1 || isByte.test(token);
  if (token === model.unk_token) return true;
  if (model.type === "WordLevel") return false;
  if (isByte.test(token)) return true;
  const prefix = model.continuing_subword_prefix ?? "";
  const start = prefix && token.startsWith(prefix) ? token.slice(prefix.length) : token;
  const suffix = model.type === "BPE" ? (model.end_of_word_suffix ?? "") : "";
  const bare = suffix && start.endsWith(suffix) ? start.slice(0, -suffix.length) : start;
  return [...bare].length <= 1;
}

/** A token and whatever its merges pass through. */
function neededFor(model: TokenModelConfig, id: number, tokens: ReadonlyMap<number, string>): number[] {
  if (model.type !== "BPE") return [id];
  const parts = partsOf(model);
  const out = new Set<number>();
  const open = [tokens.get(id)!];
  while (open.length) {
    const token = open.pop()!;
    const at = model.vocab[token];
    if (at === undefined || out.has(at)) continue;
    out.add(at);
    open.push(...(parts.get(token) ?? []));
  }
  return [...out];
}

type Bpe = Extract<TokenModelConfig, { type: "BPE" }>;
const merged = (model: Bpe, left: string, right: string): string => {
  const prefix = model.continuing_subword_prefix ?? "";
  return left + (prefix && right.startsWith(prefix) ? right.slice(prefix.length) : right);
};
const known = new WeakMap<Bpe, Map<string, string[]>>();

/** What each token may be merged from. */
function partsOf(model: Bpe): Map<string, string[]> {
  const before = known.get(model);
  if (before) return before;
  const parts = new Map<string, string[]>();
  for (const [left, right] of model.merges) {
    const whole = merged(model, left, right);
    parts.set(whole, [...(parts.get(whole) ?? []), left, right]);
  }
  known.set(model, parts);
  return parts;
}

/** The file with new ids and without what has none. */
function renumbered(file: TokenizerFile, ids: ReadonlyMap<number, number>): TokenizerFile {
  return readTokenizerFile({
    ...file,
    padding: file.padding && { ...file.padding, pad_id: ids.get(file.padding.pad_id) ?? 0 },
    added_tokens: file.added_tokens.map((token) => ({ ...token, id: ids.get(token.id)! })),
    post_processor: file.post_processor && renumberedFrame(file.post_processor, ids),
    model: renumberedModel(file.model, ids),
  });
}

function renumberedModel(model: TokenModelConfig, ids: ReadonlyMap<number, number>): TokenModelConfig {
  if (model.type === "Unigram")
    return {
      ...model,
      unk_id: model.unk_id === null ? null : ids.get(model.unk_id)!,
      vocab: model.vocab.filter((_, id) => ids.has(id)),
    };
  const vocab = Object.fromEntries(
    Object.entries(model.vocab).flatMap(([token, id]) => (ids.has(id) ? [[token, ids.get(id)!]] : [])),
  );
  if (model.type !== "BPE") return { ...model, vocab };
  const has = (token: string) => Object.hasOwn(vocab, token);
  const merges = model.merges.filter(([l, r]) => has(l) && has(r) && has(merged(model, l, r)));
  return { ...model, vocab, merges };
}

function renumberedFrame(frame: PostProcessorConfig, ids: ReadonlyMap<number, number>): PostProcessorConfig {
  const pair = ([token, id]: readonly [string, number]) => [token, ids.get(id)!] as const;
  if (frame.type === "Sequence") return { ...frame, processors: frame.processors.map((p) => renumberedFrame(p, ids)) };
  if (frame.type === "BertProcessing" || frame.type === "RobertaProcessing")
    return { ...frame, sep: pair(frame.sep), cls: pair(frame.cls) };
  if (frame.type !== "TemplateProcessing") return frame;
  const named = Object.entries(frame.special_tokens).map(([name, token]) => [
    name,
    { ...token, ids: token.ids.map((id) => ids.get(id)!) },
  ]);
  return { ...frame, special_tokens: Object.fromEntries(named) };
}
