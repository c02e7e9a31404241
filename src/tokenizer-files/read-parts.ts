// Normalizer, pre-tokenizer, post-processor and decoder of a tokenizer.json, checked. Knows what each part may hold;
// runs none of them.
import { array, brief, character, entry, fault, flag, integer, object, oneOf, text } from "./checked-json.ts";
import type {
  DecoderConfig,
  NormalizerConfig,
  PatternConfig,
  PostProcessorConfig,
  PreTokenizerConfig,
  TemplatePiece,
  TemplateToken,
} from "./file-format.ts";
import { checkRegex } from "./patterns.ts";
import { readCharsMap } from "./precompiled.ts";

const deepest = 16; // sequences within sequences
const longest = 256; // entries of a sequence
const behaviors = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"] as const;
const maxUint32 = 0xffffffff;

type Source = Record<string, unknown>;

/** The entries of a sequence part, each read by `read`. */
function sequence<T>(
  from: Source,
  key: string,
  path: string,
  depth: number,
  read: (value: unknown, path: string, depth: number) => T,
): T[] {
  if (depth >= deepest) throw fault(path, "nested too deeply", { expected: `at most ${deepest} sequences` });
  const at = `${path}.${key}`;
  return array(entry(from, key), at, longest).map((item, i) => read(item, `${at}[${i}]`, depth + 1));
}

/** `replaced`: matches are replaced, so a match of nothing would insert text (the reference implementation crashes on it). */
function pattern(value: unknown, path: string, replaced = false): PatternConfig {
  const from = object(value, path);
  if (Object.hasOwn(from, "String")) {
    const literal = text(from.String, `${path}.String`);
    if (literal === "") throw fault(`${path}.String`, "an empty pattern matches everywhere");
    return { String: literal };
  }
  if (!Object.hasOwn(from, "Regex")) throw fault(path, "missing key", { expected: "String or Regex" });
  const Regex = text(from.Regex, `${path}.Regex`, 8192);
  if (checkRegex(Regex, `${path}.Regex`) === 0 && replaced)
    throw fault(`${path}.Regex`, "an expression that matches nothing cannot be replaced", { got: Regex.slice(0, 80) });
  return { Regex };
}

/** Reads a normalizer. */
export function readNormalizer(value: unknown, path: string, depth = 0): NormalizerConfig {
  const from = object(value, path);
  const type = oneOf(entry(from, "type"), `${path}.type`, [
    "BertNormalizer",
    "Sequence",
    "NFC",
    "NFD",
    "NFKC",
    "NFKD",
    "Lowercase",
    "Nmt",
    "StripAccents",
    "ByteLevel",
    "Strip",
    "Replace",
    "Prepend",
    "Precompiled",
  ]);
  const at = (key: string) => `${path}.${key}`;
  const isSet = (key: string) => flag(entry(from, key), at(key));
  switch (type) {
    case "BertNormalizer":
      return {
        type,
        clean_text: isSet("clean_text"),
        handle_chinese_chars: isSet("handle_chinese_chars"),
        strip_accents: (entry(from, "strip_accents") ?? null) === null ? null : isSet("strip_accents"),
        lowercase: isSet("lowercase"),
      };
    case "Sequence":
      return { type, normalizers: sequence(from, "normalizers", path, depth, readNormalizer) };
    case "Strip":
      return { type, strip_left: isSet("strip_left"), strip_right: isSet("strip_right") };
    case "Replace":
      return {
        type,
        pattern: pattern(entry(from, "pattern"), at("pattern"), true),
        content: text(entry(from, "content"), at("content"), 64),
      };
    case "Prepend": {
      const prepend = text(entry(from, "prepend"), at("prepend"), 64);
      if (prepend === "") throw fault(at("prepend"), "nothing to prepend"); // the Rust binding loses its places on it and aborts
      return { type, prepend };
    }
    case "Precompiled": {
      const map = text(entry(from, "precompiled_charsmap"), at("precompiled_charsmap"), 1 << 24);
      readCharsMap(map, at("precompiled_charsmap"));
      return { type, precompiled_charsmap: map };
    }
    default:
      return { type };
  }
}

/** Reads a pre-tokenizer. */
export function readPreTokenizer(value: unknown, path: string, depth = 0): PreTokenizerConfig {
  const from = object(value, path);
  const type = oneOf(entry(from, "type"), `${path}.type`, [
    "BertPreTokenizer",
    "Whitespace",
    "WhitespaceSplit",
    "Sequence",
    "ByteLevel",
    "Metaspace",
    "Split",
    "Punctuation",
    "Digits",
    "CharDelimiterSplit",
    "FixedLength",
  ]);
  const at = (key: string) => `${path}.${key}`;
  switch (type) {
    case "Sequence":
      return { type, pretokenizers: sequence(from, "pretokenizers", path, depth, readPreTokenizer) };
    case "ByteLevel":
      return { type, ...byteLevel(from, path) };
    case "Metaspace":
      return { type, ...metaspace(from, path) };
    case "Split":
      return {
        type,
        pattern: pattern(entry(from, "pattern"), at("pattern")),
        behavior: oneOf(entry(from, "behavior"), at("behavior"), behaviors),
        invert: flag(entry(from, "invert"), at("invert")),
      };
    case "Punctuation":
      return { type, behavior: oneOf(entry(from, "behavior") ?? "Isolated", at("behavior"), behaviors) };
    case "Digits":
      return { type, individual_digits: flag(entry(from, "individual_digits"), at("individual_digits")) };
    case "CharDelimiterSplit":
      return { type, delimiter: character(entry(from, "delimiter"), at("delimiter")) };
    case "FixedLength":
      return { type, length: integer(entry(from, "length") ?? 5, at("length"), 1, maxUint32) };
    default:
      return { type };
  }
}

function byteLevel(from: Source, path: string) {
  return {
    add_prefix_space: flag(entry(from, "add_prefix_space"), `${path}.add_prefix_space`),
    trim_offsets: flag(entry(from, "trim_offsets"), `${path}.trim_offsets`),
    use_regex: flag(entry(from, "use_regex"), `${path}.use_regex`, true),
  };
}

function metaspace(from: Source, path: string) {
  const scheme = oneOf(entry(from, "prepend_scheme") ?? "always", `${path}.prepend_scheme`, [
    "always",
    "first",
    "never",
  ]);
  const prefix = entry(from, "add_prefix_space") ?? null;
  const never = prefix !== null && !flag(prefix, `${path}.add_prefix_space`);
  if (never && Object.hasOwn(from, "prepend_scheme") && scheme !== "never")
    throw fault(`${path}.add_prefix_space`, "does not fit prepend_scheme", { expected: "true", got: "false" });
  return {
    replacement: character(entry(from, "replacement"), `${path}.replacement`),
    prepend_scheme: never ? ("never" as const) : scheme,
    split: flag(entry(from, "split") ?? true, `${path}.split`),
  };
}

/** Reads a post-processor; the ids that it adds must be below `vocabSize`. */
export function readPostProcessor(value: unknown, path: string, vocabSize: number, depth = 0): PostProcessorConfig {
  const from = object(value, path);
  const type = oneOf(entry(from, "type"), `${path}.type`, [
    "TemplateProcessing",
    "BertProcessing",
    "RobertaProcessing",
    "ByteLevel",
    "Sequence",
  ]);
  const token = (key: string): [string, number] => {
    const pair = array(entry(from, key), `${path}.${key}`, 2);
    return [text(pair[0], `${path}.${key}[0]`), integer(pair[1], `${path}.${key}[1]`, 0, vocabSize - 1)];
  };
  switch (type) {
    case "TemplateProcessing":
      return { type, ...template(from, path, vocabSize) };
    case "BertProcessing":
      return { type, sep: token("sep"), cls: token("cls") };
    case "RobertaProcessing":
      return {
        type,
        sep: token("sep"),
        cls: token("cls"),
        trim_offsets: flag(entry(from, "trim_offsets"), `${path}.trim_offsets`),
        add_prefix_space: flag(entry(from, "add_prefix_space"), `${path}.add_prefix_space`),
      };
    case "ByteLevel":
      return { type, ...byteLevel(from, path) };
    case "Sequence": {
      const read = (item: unknown, at: string, below: number) => readPostProcessor(item, at, vocabSize, below);
      const processors = sequence(from, "processors", path, depth, read);
      const framing = processors.slice(0, -1).findIndex((p) => p.type === "TemplateProcessing");
      if (framing >= 0)
        throw fault(`${path}.processors[${framing}]`, "a template must be the last processor of a sequence");
      return { type, processors };
    }
  }
}

function template(from: Source, path: string, vocabSize: number) {
  const names = object(entry(from, "special_tokens"), `${path}.special_tokens`);
  const special = Object.create(null) as Record<string, TemplateToken>;
  for (const name of Object.keys(names)) {
    const at = `${path}.special_tokens[${JSON.stringify(name.slice(0, 40))}]`;
    const item = object(names[name], at);
    const ids = array(entry(item, "ids"), `${at}.ids`, longest).map((id, i) =>
      integer(id, `${at}.ids[${i}]`, 0, vocabSize - 1),
    );
    const tokens = array(entry(item, "tokens"), `${at}.tokens`, longest).map((t, i) => text(t, `${at}.tokens[${i}]`));
    if (ids.length !== tokens.length)
      throw fault(at, "ids and tokens differ in number", { expected: String(ids.length), got: String(tokens.length) });
    special[text(name, at)] = { id: text(entry(item, "id"), `${at}.id`), ids, tokens };
  }
  return {
    single: pieces(entry(from, "single"), `${path}.single`, special, ["A"]),
    pair: pieces(entry(from, "pair"), `${path}.pair`, special, ["A", "B"]),
    special_tokens: special,
  };
}

function pieces(
  value: unknown,
  path: string,
  special: Record<string, TemplateToken>,
  sequences: readonly ("A" | "B")[],
): TemplatePiece[] {
  return array(value, path, longest).map((item, i): TemplatePiece => {
    const at = `${path}[${i}]`;
    const from = object(item, at);
    const kind = Object.hasOwn(from, "Sequence") ? "Sequence" : "SpecialToken";
    const inner = object(entry(from, kind), `${at}.${kind}`);
    const type_id = integer(entry(inner, "type_id"), `${at}.${kind}.type_id`, 0, 255);
    if (kind === "Sequence")
      return { Sequence: { id: oneOf(entry(inner, "id"), `${at}.Sequence.id`, sequences), type_id } };
    const id = text(entry(inner, "id"), `${at}.SpecialToken.id`);
    if (!(id in special))
      throw fault(`${at}.SpecialToken.id`, "not among special_tokens", {
        expected: Object.keys(special).slice(0, 20).join(", "),
        got: brief(id),
      });
    return { SpecialToken: { id, type_id } };
  });
}

/** Reads a decoder. */
export function readDecoder(value: unknown, path: string, depth = 0): DecoderConfig {
  const from = object(value, path);
  const type = oneOf(entry(from, "type"), `${path}.type`, [
    "WordPiece",
    "ByteLevel",
    "Metaspace",
    "BPEDecoder",
    "CTC",
    "Replace",
    "Strip",
    "Fuse",
    "ByteFallback",
    "Sequence",
  ]);
  const at = (key: string) => `${path}.${key}`;
  const word = (key: string) => text(entry(from, key), at(key), 64);
  switch (type) {
    case "WordPiece":
      return { type, prefix: word("prefix"), cleanup: flag(entry(from, "cleanup"), at("cleanup")) };
    case "ByteLevel":
      return { type, ...byteLevel(from, path) };
    case "Metaspace":
      return { type, ...metaspace(from, path) };
    case "BPEDecoder":
      return { type, suffix: word("suffix") };
    case "CTC":
      return {
        type,
        pad_token: word("pad_token"),
        word_delimiter_token: word("word_delimiter_token"),
        cleanup: flag(entry(from, "cleanup"), at("cleanup")),
      };
    case "Replace":
      return { type, pattern: pattern(entry(from, "pattern"), at("pattern"), true), content: word("content") };
    case "Strip":
      return {
        type,
        content: character(entry(from, "content"), at("content")),
        start: integer(entry(from, "start"), at("start"), 0, maxUint32),
        stop: integer(entry(from, "stop"), at("stop"), 0, maxUint32),
      };
    case "Sequence":
      return { type, decoders: sequence(from, "decoders", path, depth, readDecoder) };
    default:
      return { type };
  }
}
