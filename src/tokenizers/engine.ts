// What an implementation has to provide, and the rest of a tokenizer around it: options, truncation, template, padding,
// offsets in UTF-16. Both implementations share all of this; it knows neither.
import { ConcordError } from "../base/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import type {
  EncodeIdsOptions,
  EncodeOptions,
  Encoding,
  Padding,
  SpecialTokens,
  Tokenizer,
  TokenizerFile,
  Truncation,
} from "../tokenizer-files/index.ts";
import { findSpecialTokens, modelIds, rolesOf, vocabularySize } from "../tokenizer-files/index.ts";
import {
  addedCount,
  type Draft,
  emptyDraft,
  frame,
  padDraft,
  sequenceIds,
  type TruncationPlan,
  truncateDrafts,
} from "./post-processing.ts";

/** What is told of a tokenizer beside its file. */
export interface TokenizerOptions {
  /** Tokens by role; each must exist. Default: as the settings say, else found in the file. */
  readonly special?: Partial<Record<keyof SpecialTokens, string>>;
  /** The content of tokenizer_config.json and what belongs to it. Default: none. */
  readonly settings?: JsonRecord;
}

/** Tokens of one text before anything is added; offsets in code points. */
export interface RawTokens {
  readonly ids: number[];
  readonly tokens: string[];
  readonly words: number[];
  readonly starts: number[];
  readonly ends: number[];
}

/** One implementation of tokenization proper. Texts are free of lone surrogates. */
export interface Engine {
  readonly implementation: "rust" | "js";
  tokenize(texts: readonly string[]): Promise<RawTokens[]>;
  /** Ids alone. `most`: ids beyond are not needed (more may be returned). */
  ids(texts: readonly string[], most: number): Promise<(readonly number[] | Int32Array)[]>;
  decode(ids: readonly number[], skipSpecialTokens: boolean): Promise<string>;
}

/** Longest result that options may ask for. */
const lengthLimit = 1 << 24;

/** A tokenizer around an engine. `special` overrides what the file and its settings tell about special tokens. */
export function tokenizerAround(
  engine: Engine,
  source: TokenizerFile,
  { special: roles = {}, settings = {} }: TokenizerOptions = {},
): Tokenizer {
  const { added_tokens: added, model, post_processor: processor } = source;
  const vocabSize = vocabularySize(model, added);
  const modelId = modelIds(model);
  const addedIds = new Map(added.map((token) => [token.content, token.id]));
  const tokenToId = (token: string) => addedIds.get(token) ?? modelId(token);
  const special = findSpecialTokens(source, tokenToId, roles, rolesOf(settings));
  let tokensOfIds: string[] | undefined;
  const idToToken = (id: number) => {
    tokensOfIds ??= tokenList(source);
    return tokensOfIds[id];
  };

  const encodeAll = async (
    inputs: readonly (string | readonly [string, string])[],
    options: Omit<EncodeOptions, "pair">,
  ): Promise<Encoding[]> => {
    const addSpecial = options.addSpecialTokens ?? true;
    const padding = options.padding && paddingPlan(options.padding, special);
    const texts: string[] = [];
    for (const input of inputs)
      for (const text of typeof input === "string" ? [input] : input) texts.push(wellFormed(text));
    const raw = await engine.tokenize(texts);
    let next = 0;
    const drafts = inputs.map((input) => {
      const pair = typeof input !== "string";
      const encodings = (pair ? [0, 1] : [0]).map((i) => fromRaw(raw[next + i]!, i));
      next += encodings.length;
      const plan =
        options.truncation && truncationPlan(options.truncation, addSpecial ? addedCount(processor, pair) : 0);
      return frame(plan ? truncateDrafts(encodings, plan) : encodings, processor, addSpecial);
    });
    let length = 0;
    if (padding) {
      length = padding.length ?? drafts.reduce((longest, draft) => Math.max(longest, draft.ids.length), 0);
      length = Math.ceil(length / padding.multipleOf) * padding.multipleOf;
    }
    const overflow = options.truncation?.returnOverflowing ?? false;
    next = 0;
    return drafts.map((draft, i) => {
      const pairTexts = typeof inputs[i] === "string" ? [texts[next++]!] : [texts[next++]!, texts[next++]!];
      const { side, token, id, typeId } = padding ?? { side: "right" as const, token: "", id: 0, typeId: 0 };
      return finish(
        padding ? padDraft(draft, length, side, token, id, typeId) : draft,
        pairTexts.map(utf16Positions),
        overflow,
      );
    });
  };

  return {
    implementation: engine.implementation,
    vocabSize,
    special,
    source,
    settings,
    tokenToId,
    idToToken,
    encode: async (text, options = {}) => {
      const { pair, ...rest } = options;
      return (await encodeAll([pair === undefined ? text : [text, pair]], rest))[0]!;
    },
    encodeBatch: (inputs, options = {}) => encodeAll(inputs, options),
    encodeIds: (texts, options = {}) => encodeIds(engine, source, texts, options),
    decode: async (ids, options = {}) => engine.decode(checkedIds(ids), options.skipSpecialTokens ?? true),
  };
}

/** Lone surrogates become U+FFFD; lengths stay. */
function wellFormed(text: unknown): string {
  if (typeof text !== "string")
    throw new ConcordError("E_ARGUMENT", {
      operation: "encode",
      problem: "not a text",
      expected: "a string",
      got: typeof text,
    });
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

function checkedIds(ids: ArrayLike<number>): number[] {
  return Array.from(ids, (id) => {
    if (!Number.isInteger(id) || id < 0 || id > 0xffffffff)
      throw new ConcordError("E_ARGUMENT", {
        operation: "decode",
        problem: "not a token id",
        expected: "whole numbers from 0",
        got: String(id),
      });
    return id;
  });
}

function fromRaw(raw: RawTokens, index: number): Draft {
  const same = (value: number) => new Array<number>(raw.ids.length).fill(value);
  return { ...emptyDraft(), ...raw, typeIds: same(index), special: same(0), attention: same(1) };
}

/** UTF-16 position of each code point of a text, or undefined where they are the same. */
function utf16Positions(text: string): number[] | undefined {
  if (!/[\ud800-\udfff]/.test(text)) return undefined;
  const positions: number[] = [];
  for (let i = 0; i < text.length; i += text.codePointAt(i)! > 0xffff ? 2 : 1) positions.push(i);
  positions.push(text.length);
  return positions;
}

/** Plain data out of a finished draft. */
function finish(draft: Draft, positions: readonly (number[] | undefined)[], overflow: boolean): Encoding {
  const sequences = sequenceIds(draft);
  return {
    ids: draft.ids,
    tokens: draft.tokens,
    typeIds: draft.typeIds,
    attentionMask: draft.attention,
    specialTokensMask: draft.special,
    wordIds: draft.words,
    sequenceIds: sequences,
    offsets: draft.starts.map((start, i) => {
      const map = positions[sequences[i] ?? 0];
      return [map?.[start] ?? start, map?.[draft.ends[i]!] ?? draft.ends[i]!];
    }),
    overflowing: overflow ? draft.overflowing.map((window) => finish(window, positions, true)) : [],
  };
}

function count(value: number | undefined, name: string, least: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= lengthLimit)) return value;
  throw new ConcordError("E_ARGUMENT", {
    operation: "encode",
    problem: `${name} is not a possible number of tokens`,
    expected: `a whole number, ${least} … ${lengthLimit}`,
    got: String(value),
  });
}

function choice<T extends string>(value: T | undefined, name: string, known: readonly T[]): T {
  if (value === undefined) return known[0]!;
  if (known.includes(value)) return value;
  throw new ConcordError("E_ARGUMENT", {
    operation: "encode",
    problem: `unknown ${name}`,
    expected: known.join(", "),
    got: String(value),
  });
}

/** What is left for the texts when `added` special tokens have their place. */
function room(maxLength: number, added: number): number {
  if (maxLength >= added) return maxLength - added;
  throw new ConcordError("E_ARGUMENT", {
    operation: "encode",
    problem: "maxLength leaves no room for the special tokens",
    expected: `at least ${added}`,
    got: String(maxLength),
  });
}

function truncationPlan(options: Truncation, added: number): TruncationPlan {
  return {
    most: room(count(options.maxLength, "truncation.maxLength", 0) ?? lengthLimit, added),
    strategy: choice(options.strategy, "truncation.strategy", ["longest_first", "only_first", "only_second"]),
    direction: choice(options.direction, "truncation.direction", ["right", "left"]),
    stride: count(options.stride, "truncation.stride", 0) ?? 0,
  };
}

function paddingPlan(options: Padding, special: SpecialTokens) {
  const token = options.token ?? special.pad?.token;
  const id = options.id ?? (options.token === undefined ? special.pad?.id : undefined);
  if (token === undefined || id === undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "encode",
      problem: "the tokenizer has no padding token",
      hint: "give padding.token and padding.id",
    });
  return {
    length: count(options.length, "padding.length", 0),
    multipleOf: count(options.multipleOf, "padding.multipleOf", 1) ?? 1,
    side: choice(options.side, "padding.side", ["right", "left"]),
    token,
    id: count(id, "padding.id", 0)!,
    typeId: count(options.typeId, "padding.typeId", 0) ?? 0,
  };
}

/** Added tokens win over those of the model. */
function tokenList({ model, added_tokens: added }: TokenizerFile): string[] {
  const tokens: string[] = [];
  if (model.type === "Unigram") for (const [token] of model.vocab) tokens.push(token);
  else for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token;
  for (const token of added) tokens[token.id] = token.content;
  return tokens;
}

/** Ids only: the special tokens around a single text are found once, by framing a marker. */
async function encodeIds(
  engine: Engine,
  source: TokenizerFile,
  texts: readonly string[],
  options: EncodeIdsOptions,
): Promise<Int32Array[]> {
  const processor = source.post_processor;
  const addSpecial = options.addSpecialTokens ?? true;
  const added = addSpecial ? addedCount(processor, false) : 0;
  const maxLength = count(options.maxLength, "maxLength", 0);
  const most = maxLength === undefined ? lengthLimit : room(maxLength, added);
  const marker = fromRaw({ ids: [-1], tokens: [""], words: [0], starts: [0], ends: [0] }, 0);
  const framed = frame([marker], processor, addSpecial).ids;
  const rows = await engine.ids(texts.map(wellFormed), most);
  return rows.map((row) => {
    const length = Math.min(row.length, most);
    const kept = row instanceof Int32Array ? row.subarray(0, length) : row.slice(0, length);
    const marks = framed.reduce((sum, id) => sum + (id === -1 ? 1 : 0), 0);
    const out = new Int32Array(framed.length - marks + marks * length);
    let at = 0;
    for (const id of framed) {
      if (id !== -1) out[at++] = id;
      else {
        out.set(kept, at);
        at += length;
      }
    }
    return out;
  });
}
