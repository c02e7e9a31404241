// tokenizer.json: text or bytes → a checked TokenizerFile. The only way in for untrusted tokenizer files; everything
// behind it may trust what it gets. Opens no file and tokenizes nothing.
import { array, brief, entry, fault, flag, integer, object, oneOf, optional, text } from "./checked-json.ts";
import type { AddedToken, StoredPadding, StoredTruncation, TokenizerFile, TokenModelConfig } from "./file-format.ts";
import { readModel, vocabularyLimit } from "./read-model.ts";
import { readDecoder, readNormalizer, readPostProcessor, readPreTokenizer } from "./read-parts.ts";

const sizeLimit = 1 << 27; // characters of JSON; the largest in use have a quarter of it
const checked = new WeakSet<object>();

/**
 * Checks a `tokenizer.json` given as text, bytes (UTF-8) or an already parsed value.
 * @throws ConcordError E_TOKENIZER naming the key, for anything that is not a usable tokenizer.
 * @example
 * const file = readTokenizerFile(await (await fetch("tokenizer.json")).text());
 */
export function readTokenizerFile(input: string | Uint8Array | object): TokenizerFile {
  if (typeof input === "object" && checked.has(input)) return input as TokenizerFile;
  const from = object(
    typeof input === "string" || input instanceof Uint8Array ? parse(input) : input,
    "tokenizer.json",
  );
  const version = entry(from, "version");
  if (version !== undefined && version !== "1.0")
    throw fault("version", "unknown version", { expected: "1.0", got: brief(version) });
  const model = readModel(entry(from, "model"), "model");
  const added = readAddedTokens(entry(from, "added_tokens"), model);
  const size = vocabularySize(model, added);
  const file: TokenizerFile = {
    version: "1.0",
    truncation: optional(entry(from, "truncation"), readTruncation),
    padding: optional(entry(from, "padding"), readPadding),
    added_tokens: added,
    normalizer: optional(entry(from, "normalizer"), (v) => readNormalizer(v, "normalizer")),
    pre_tokenizer: optional(entry(from, "pre_tokenizer"), (v) => readPreTokenizer(v, "pre_tokenizer")),
    post_processor: optional(entry(from, "post_processor"), (v) => readPostProcessor(v, "post_processor", size)),
    decoder: optional(entry(from, "decoder"), (v) => readDecoder(v, "decoder")),
    model,
  };
  checked.add(file);
  return file;
}

function parse(input: string | Uint8Array): unknown {
  if (input.length > sizeLimit)
    throw fault("tokenizer.json", "absurd size", { expected: `at most ${sizeLimit}`, got: String(input.length) });
  try {
    return JSON.parse(typeof input === "string" ? input : new TextDecoder("utf-8", { fatal: true }).decode(input));
  } catch (cause) {
    throw fault("tokenizer.json", `not JSON: ${(cause as Error).message.slice(0, 200)}`);
  }
}

/** Number of tokens of a model alone. */
export function modelSize(model: TokenModelConfig): number {
  return model.type === "Unigram" ? model.vocab.length : Object.keys(model.vocab).length;
}

/** Number of ids with added tokens. */
export function vocabularySize(model: TokenModelConfig, added: readonly AddedToken[]): number {
  const size = modelSize(model);
  let more = 0;
  for (const token of added) if (token.id >= size) more++;
  return size + more;
}

/** Id of a token in the model alone: a look-up made once for many calls. */
export function modelIds(model: TokenModelConfig): (token: string) => number | undefined {
  if (model.type === "Unigram") {
    const ids = new Map(model.vocab.map(([token], id) => [token, id]));
    return (token) => ids.get(token);
  }
  const vocab = model.vocab;
  return (token) => (Object.hasOwn(vocab, token) ? vocab[token] : undefined);
}

/** Added tokens: one that the model has keeps its id; new ones are numbered on, in order. */
function readAddedTokens(value: unknown, model: TokenModelConfig): AddedToken[] {
  if (value === undefined) return [];
  const ids = modelIds(model);
  let next = modelSize(model);
  const seen = new Set<string>();
  return array(value, "added_tokens", 1 << 16).map((item, i): AddedToken => {
    const path = `added_tokens[${i}]`;
    const from = object(item, path);
    const isSet = (key: string) => flag(entry(from, key), `${path}.${key}`);
    const content = text(entry(from, "content"), `${path}.content`);
    if (content === "") throw fault(`${path}.content`, "an empty token");
    if (seen.has(content)) throw fault(`${path}.content`, "the same token twice", { got: brief(content) });
    seen.add(content);
    const id = integer(entry(from, "id"), `${path}.id`, 0, vocabularyLimit + (1 << 16));
    const expected = ids(content) ?? next++;
    if (id !== expected)
      throw fault(`${path}.id`, "id does not fit: a token of the model keeps its id, new ones are numbered on", {
        expected: String(expected),
        got: String(id),
      });
    return {
      id,
      content,
      single_word: isSet("single_word"),
      lstrip: isSet("lstrip"),
      rstrip: isSet("rstrip"),
      normalized: isSet("normalized"),
      special: isSet("special"),
    };
  });
}

const longestResult = 1 << 24;

function readTruncation(value: unknown): StoredTruncation {
  const from = object(value, "truncation");
  return {
    direction: oneOf(entry(from, "direction") ?? "Right", "truncation.direction", ["Left", "Right"]),
    max_length: integer(entry(from, "max_length"), "truncation.max_length", 0, Number.MAX_SAFE_INTEGER),
    strategy: oneOf(entry(from, "strategy"), "truncation.strategy", ["LongestFirst", "OnlyFirst", "OnlySecond"]),
    stride: integer(entry(from, "stride"), "truncation.stride", 0, longestResult),
  };
}

function readPadding(value: unknown): StoredPadding {
  const from = object(value, "padding");
  const strategy = entry(from, "strategy");
  const fixed = typeof strategy === "object" && strategy !== null ? object(strategy, "padding.strategy") : undefined;
  return {
    strategy:
      fixed === undefined
        ? oneOf(strategy, "padding.strategy", ["BatchLongest"])
        : { Fixed: integer(entry(fixed, "Fixed"), "padding.strategy.Fixed", 0, longestResult) },
    direction: oneOf(entry(from, "direction"), "padding.direction", ["Left", "Right"]),
    pad_to_multiple_of: optional(entry(from, "pad_to_multiple_of"), (v) =>
      integer(v, "padding.pad_to_multiple_of", 0, longestResult),
    ),
    pad_id: integer(entry(from, "pad_id"), "padding.pad_id", 0, 0xffffffff),
    pad_type_id: integer(entry(from, "pad_type_id"), "padding.pad_type_id", 0, 0xffffffff),
    pad_token: text(entry(from, "pad_token"), "padding.pad_token"),
  };
}
