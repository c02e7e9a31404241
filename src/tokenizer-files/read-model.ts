// The `model` of a tokenizer.json, checked: ids are 0 … n-1 without doubles or holes, merges make tokens that exist.
// Knows what the reference implementation would crash on; tokenizes nothing.
import { array, brief, entry, fault, finite, flag, integer, object, oneOf, optional, text } from "./checked-json.ts";
import type { TokenModelConfig, Vocabulary } from "./file-format.ts";

/** Most tokens of a vocabulary, and most merges; the largest in use are about a quarter of it. */
export const vocabularyLimit = 1 << 22;

/** Most characters of all tokens of a Unigram model together: they are kept in a trie. */
const unigramTextLimit = 1 << 23;

/** Reads a model; `path` is that of the model. */
export function readModel(value: unknown, path: string): TokenModelConfig {
  const from = object(value, path);
  const kind = entry(from, "type") === undefined ? guessKind(from) : entry(from, "type");
  const type = oneOf(kind, `${path}.type`, ["WordPiece", "BPE", "Unigram", "WordLevel"]);
  if (type === "WordPiece") return readWordPiece(from, path);
  if (type === "BPE") return readBpe(from, path);
  if (type === "Unigram") return readUnigram(from, path);
  return {
    type,
    unk_token: text(entry(from, "unk_token"), `${path}.unk_token`),
    vocab: readVocabulary(entry(from, "vocab"), `${path}.vocab`),
  };
}

/** Old files leave the type out; it follows from the other keys, as in the reference implementation. */
function guessKind(from: Record<string, unknown>): string {
  if (Object.hasOwn(from, "merges")) return "BPE";
  if (Array.isArray(entry(from, "vocab"))) return "Unigram";
  return Object.hasOwn(from, "continuing_subword_prefix") ? "WordPiece" : "WordLevel";
}

function readWordPiece(from: Record<string, unknown>, path: string): TokenModelConfig {
  return {
    type: "WordPiece",
    unk_token: text(entry(from, "unk_token"), `${path}.unk_token`),
    continuing_subword_prefix: text(entry(from, "continuing_subword_prefix"), `${path}.continuing_subword_prefix`, 64),
    max_input_chars_per_word: integer(
      entry(from, "max_input_chars_per_word"),
      `${path}.max_input_chars_per_word`,
      0,
      1000,
    ),
    vocab: readVocabulary(entry(from, "vocab"), `${path}.vocab`),
  };
}

/** Token → id, with ids 0 … n-1, each once. */
function readVocabulary(value: unknown, path: string): Vocabulary {
  const from = object(value, path);
  const tokens = Object.keys(from);
  if (tokens.length > vocabularyLimit)
    throw fault(path, "absurd size", { expected: `at most ${vocabularyLimit} tokens`, got: String(tokens.length) });
  const seen = new Uint8Array(tokens.length);
  for (const token of tokens) {
    const at = `${path}[${JSON.stringify(token.slice(0, 60))}]`;
    text(token, at);
    const id = from[token];
    if (typeof id !== "number" || !Number.isInteger(id))
      throw fault(at, "wrong type", { expected: "a whole number", got: brief(id) });
    if (id < 0 || id >= tokens.length)
      throw fault(at, "id out of range: the ids of n tokens are 0 … n-1", {
        expected: `0 … ${tokens.length - 1}`,
        got: String(id),
      });
    if (seen[id]) throw fault(at, "two tokens have the same id", { got: String(id) });
    seen[id] = 1;
  }
  return from as Vocabulary;
}

function readBpe(from: Record<string, unknown>, path: string): TokenModelConfig {
  const dropout = optional(entry(from, "dropout"), (v) => finite(v, `${path}.dropout`));
  if (dropout)
    throw fault(`${path}.dropout`, "tokens would depend on chance", {
      expected: "null or 0",
      got: String(dropout),
      hint: "set dropout to null",
    });
  const vocab = readVocabulary(entry(from, "vocab"), `${path}.vocab`);
  const word = (key: string) => optional(entry(from, key), (v) => text(v, `${path}.${key}`, 64));
  const prefix = word("continuing_subword_prefix");
  return {
    type: "BPE",
    dropout: null,
    unk_token: optional(entry(from, "unk_token"), (v) => text(v, `${path}.unk_token`)),
    continuing_subword_prefix: prefix,
    end_of_word_suffix: word("end_of_word_suffix"),
    fuse_unk: flag(entry(from, "fuse_unk") ?? false, `${path}.fuse_unk`),
    byte_fallback: flag(entry(from, "byte_fallback") ?? false, `${path}.byte_fallback`),
    ignore_merges: flag(entry(from, "ignore_merges") ?? false, `${path}.ignore_merges`),
    vocab,
    merges: readMerges(entry(from, "merges"), `${path}.merges`, vocab, prefix ?? ""),
  };
}

/** Merges as pairs ("a b" in old files), each of two tokens whose union is a token. */
function readMerges(value: unknown, path: string, vocab: Vocabulary, prefix: string): [string, string][] {
  const merges: [string, string][] = [];
  array(value, path, vocabularyLimit).forEach((item, index) => {
    const at = `${path}[${index}]`;
    if (typeof item === "string" && item.startsWith("#version")) return;
    const pair = typeof item === "string" ? item.split(" ") : item;
    if (!Array.isArray(pair) || pair.length !== 2)
      throw fault(at, "not a merge", { expected: "two tokens", got: brief(item) });
    const [first, second] = [text(pair[0], `${at}[0]`), text(pair[1], `${at}[1]`)];
    for (const token of [first, second])
      if (!Object.hasOwn(vocab, token))
        throw fault(at, "a merge of a token that does not exist", { got: brief(token) });
    if (!second.startsWith(prefix))
      throw fault(at, "the second part of a merge lacks the continuing prefix", {
        expected: prefix,
        got: brief(second),
      });
    const merged = first + second.slice(prefix.length);
    if (!Object.hasOwn(vocab, merged))
      throw fault(at, "a merge makes a token that does not exist", { got: brief(merged) });
    merges.push([first, second]);
  });
  return merges;
}

function readUnigram(from: Record<string, unknown>, path: string): TokenModelConfig {
  const seen = new Set<string>();
  let units = 0;
  const vocab = array(entry(from, "vocab"), `${path}.vocab`, vocabularyLimit).map((item, id): [string, number] => {
    const at = `${path}.vocab[${id}]`;
    const pair = array(item, at, 2);
    const token = text(pair[0], `${at}[0]`);
    if (seen.has(token)) throw fault(at, "the same token twice", { got: brief(token) });
    seen.add(token);
    units += token.length;
    if (units > unigramTextLimit)
      throw fault(`${path}.vocab`, "absurd size", { expected: `at most ${unigramTextLimit} characters in all` });
    return [token, finite(pair[1], `${at}[1]`)];
  });
  const unk = optional(entry(from, "unk_id"), (v) => integer(v, `${path}.unk_id`, 0, vocab.length - 1));
  return {
    type: "Unigram",
    unk_id: unk,
    vocab,
    byte_fallback: flag(entry(from, "byte_fallback") ?? false, `${path}.byte_fallback`),
  };
}
