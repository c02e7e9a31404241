// Hostile and broken tokenizer files: each is refused with E_TOKENIZER and the path of the key, none does harm.
import { describe, expect, test } from "vitest";
import { type ConcordError, isConcordError } from "../base/index.ts";
import { jsTokenizer } from "../tokenizers/js-tokenizers.ts";
import { rustTokenizer } from "../tokenizers/node/rust-tokenizers.ts";
import { readTokenizerFile } from "./read-file.ts";

// biome-ignore lint/suspicious/noExplicitAny: files are broken on purpose, anywhere
type Json = any;

const added = (content: string, id: number) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});
const frame = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
const named = (id: string, number: number) => ({ id, ids: [number], tokens: [id] });
const vocabulary = (tokens: readonly string[]) => Object.fromEntries(tokens.map((token, id) => [token, id]));

const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const models: Record<string, Json> = {
  WordPiece: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: vocabulary([...special, "##0", "##1", "t", "##he", "hell", "##o", "world"]),
  },
  BPE: {
    type: "BPE",
    unk_token: "[UNK]",
    vocab: vocabulary([...special, "h", "e", "l", "o", "he", "ll", "hell", "!"]),
    merges: [
      ["h", "e"],
      ["l", "l"],
      ["he", "ll"],
    ],
  },
  Unigram: { type: "Unigram", unk_id: 1, vocab: [...special, "he", "ll", "o"].map((token, i) => [token, -i]) },
};

/** A small valid file around one of the models. */
function validFile(model = "WordPiece"): Json {
  return structuredClone({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special.map(added),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [frame("[CLS]"), { Sequence: { id: "A", type_id: 0 } }, frame("[SEP]")],
      pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
      special_tokens: { "[CLS]": named("[CLS]", 2), "[SEP]": named("[SEP]", 3) },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: models[model],
  });
}

/** The error that a file gives. */
function faultOf(file: unknown): ConcordError {
  try {
    readTokenizerFile(typeof file === "string" ? file : JSON.stringify(file));
  } catch (error) {
    if (isConcordError(error, "E_TOKENIZER")) return error;
    throw error;
  }
  throw new Error("the file was accepted");
}

const nested = (depth: number, inner: string, key: string) =>
  `${`{"type":"Sequence","${key}":[`.repeat(depth)}${inner}${"]}".repeat(depth)}`;
const base = () => validFile();
const withPart = (key: string, json: string) => JSON.stringify({ ...base(), [key]: "@" }).replace('"@"', () => json);
const changed = (change: (file: Json) => void, name = "WordPiece") => {
  const file = validFile(name);
  change(file);
  return file;
};
const cases: [string, Json, string, RegExp][] = [
  ["it is not JSON", "{", "tokenizer.json", /not JSON/],
  ["it is not an object", "[]", "tokenizer.json", /wrong type/],
  ["the version is unknown", changed((f) => (f.version = "2.0")), "version", /unknown version/],
  ["the model is missing", changed((f) => delete f.model), "model", /wrong type/],
  [
    "the model is of an unknown type",
    changed((f) => (f.model.type = "WordPeice")),
    "model.type",
    /did you mean WordPiece/,
  ],
  ["the vocabulary is an array", changed((f) => (f.model.vocab = [])), "model.vocab", /wrong type/],
  [
    "two tokens share an id",
    changed((f) => (f.model.vocab["##1"] = f.model.vocab["##0"])),
    'model.vocab["##1"]',
    /same id/,
  ],
  ["an id is out of range", changed((f) => (f.model.vocab["##1"] = 1e9)), 'model.vocab["##1"]', /out of range/],
  ["the ids have a hole", changed((f) => delete f.model.vocab["##1"]), "model.vocab", /out of range/],
  ["an id is not a whole number", changed((f) => (f.model.vocab["##1"] = 1.5)), 'model.vocab["##1"]', /whole number/],
  ["an id is negative", changed((f) => (f.model.vocab["##1"] = -1)), 'model.vocab["##1"]', /out of range/],
  [
    "a token holds a lone surrogate",
    changed((f) => (f.added_tokens[0].content = "\ud800")),
    "added_tokens[0].content",
    /surrogate/,
  ],
  [
    "an added token has another id than in the model",
    changed((f) => (f.added_tokens[1].id = 7)),
    "added_tokens[1].id",
    /does not fit/,
  ],
  [
    "a new added token leaves a hole",
    changed((f) => f.added_tokens.push({ ...f.added_tokens[0], content: "<new>", id: 999 })),
    "added_tokens[5].id",
    /does not fit/,
  ],
  [
    "an added token comes twice",
    changed((f) => f.added_tokens.push(f.added_tokens[0])),
    "added_tokens[5].content",
    /twice/,
  ],
  [
    "the words may be absurdly long",
    changed((f) => (f.model.max_input_chars_per_word = 1e15)),
    "model.max_input_chars_per_word",
    /out of range/,
  ],
  ["the unknown token is a number", changed((f) => (f.model.unk_token = 3)), "model.unk_token", /wrong type/],
  [
    "a normalizer is nested 100000 deep",
    withPart("normalizer", nested(100_000, '{"type":"NFC"}', "normalizers")),
    "normalizer",
    /nested too deeply/,
  ],
  [
    "a pre-tokenizer is nested 100000 deep",
    withPart("pre_tokenizer", nested(100_000, '{"type":"Whitespace"}', "pretokenizers")),
    "pre_tokenizer",
    /nested too deeply/,
  ],
  [
    "a decoder is nested 100000 deep",
    withPart("decoder", nested(100_000, '{"type":"Fuse"}', "decoders")),
    "decoder",
    /nested too deeply/,
  ],
  ["a normalizer is unknown", changed((f) => (f.normalizer.type = "constructor")), "normalizer.type", /unknown value/],
  ["a flag is a word", changed((f) => (f.normalizer.lowercase = "yes")), "normalizer.lowercase", /true or false/],
  [
    "an expression could take exponential time",
    changed((f) => (f.normalizer = { type: "Replace", pattern: { Regex: "(a+)+$" }, content: "" })),
    "normalizer.pattern.Regex",
    /exponential/,
  ],
  [
    "an expression matches nothing but is replaced",
    changed((f) => (f.normalizer = { type: "Replace", pattern: { Regex: "x*" }, content: "" })),
    "normalizer.pattern.Regex",
    /matches nothing/,
  ],
  [
    "nothing is prepended",
    changed((f) => (f.normalizer = { type: "Prepend", prepend: "" })),
    "normalizer.prepend",
    /nothing to prepend/,
  ],
  [
    "a pattern is empty",
    changed((f) => (f.pre_tokenizer = { type: "Split", pattern: { String: "" }, behavior: "Removed", invert: false })),
    "pre_tokenizer.pattern.String",
    /empty/,
  ],
  [
    "pieces have no length",
    changed((f) => (f.pre_tokenizer = { type: "FixedLength", length: 0 })),
    "pre_tokenizer.length",
    /out of range/,
  ],
  [
    "a template uses a token that it does not define",
    changed((f) => (f.post_processor.single[0].SpecialToken.id = "[X]")),
    "post_processor.single[0].SpecialToken.id",
    /not among/,
  ],
  [
    "a template for one text asks for a second",
    changed((f) => (f.post_processor.single[1].Sequence.id = "B")),
    "post_processor.single[1].Sequence.id",
    /unknown value/,
  ],
  [
    "a template adds an id outside the vocabulary",
    changed((f) => (f.post_processor.special_tokens["[CLS]"].ids = [12])),
    'post_processor.special_tokens["[CLS]"].ids[0]',
    /out of range/,
  ],
  [
    "a template names ids and tokens of different number",
    changed((f) => (f.post_processor.special_tokens["[CLS]"].ids = [1, 2])),
    'post_processor.special_tokens["[CLS]"]',
    /differ in number/,
  ],
  [
    "a merge is of a token that does not exist",
    changed((f) => (f.model.merges[0] = ["☃", "a"]), "BPE"),
    "model.merges[0]",
    /does not exist/,
  ],
  [
    "a merge makes a token that does not exist",
    changed((f) => (f.model.merges[0] = ["!", "!"]), "BPE"),
    "model.merges[0]",
    /does not exist/,
  ],
  ["a merge has three parts", changed((f) => (f.model.merges[0] = "a b c"), "BPE"), "model.merges[0]", /not a merge/],
  ["merges would be left to chance", changed((f) => (f.model.dropout = 0.1), "BPE"), "model.dropout", /chance/],
  [
    "a score is not a number",
    changed((f) => (f.model.vocab[3][1] = null), "Unigram"),
    "model.vocab[3][1]",
    /finite number/,
  ],
  [
    "a token of a Unigram model comes twice",
    changed((f) => (f.model.vocab[4][0] = f.model.vocab[3][0]), "Unigram"),
    "model.vocab[4]",
    /twice/,
  ],
  [
    "the unknown id is outside the vocabulary",
    changed((f) => (f.model.unk_id = 8), "Unigram"),
    "model.unk_id",
    /out of range/,
  ],
  [
    "a character map is not base64",
    changed((f) => (f.normalizer = { type: "Precompiled", precompiled_charsmap: "§" })),
    "normalizer.precompiled_charsmap",
    /base64/,
  ],
  [
    "a character map leads out of itself",
    changed((f) => (f.normalizer = { type: "Precompiled", precompiled_charsmap: btoa("\x04\0\0\0\0\xff\xff\xff") })),
    "normalizer.precompiled_charsmap",
    /broken/,
  ],
  [
    "stored padding is absurd",
    changed(
      (f) =>
        (f.padding = {
          strategy: { Fixed: 1e12 },
          direction: "Right",
          pad_to_multiple_of: null,
          pad_id: 0,
          pad_type_id: 0,
          pad_token: "",
        }),
    ),
    "padding.strategy.Fixed",
    /out of range/,
  ],
];

describe("a tokenizer file is refused, naming the key, when", () => {
  test.each(cases)("%s", (_, file, path, message) => {
    const fault = faultOf(file);
    expect(fault.facts.path?.startsWith(path), fault.message).toBe(true);
    expect(fault.message).toMatch(message);
    expect(fault.message.length).toBeLessThan(2000);
  });
});

test("keys that objects inherit are neither tokens nor parts", async () => {
  const file = validFile();
  const text = JSON.stringify(file).replace('"##1":', '"__proto__":');
  const tokenizer = await jsTokenizer(text);
  expect(tokenizer.tokenToId("constructor")).toBeUndefined();
  expect(tokenizer.tokenToId("__proto__")).toBe(file.model.vocab["##1"]);
  expect(tokenizer.vocabSize).toBe(12);
});

test("a file without a model type, with merges as text, is read as by the reference implementation", async () => {
  const file = validFile("BPE");
  const before = await (await jsTokenizer(JSON.stringify(file))).encode("hello the world");
  delete file.model.type;
  file.model.merges = file.model.merges.map((pair: string[]) => pair.join(" "));
  expect(await (await jsTokenizer(JSON.stringify(file))).encode("hello the world")).toEqual(before);
});

test("added tokens that normalisation makes empty or equal are refused by both implementations", async () => {
  const file = validFile();
  const token = { ...file.added_tokens[0], normalized: true, special: false };
  file.added_tokens.push({ ...token, content: "<X>", id: 12 }, { ...token, content: "<x>", id: 13 });
  for (const open of [jsTokenizer, rustTokenizer])
    await expect(open(JSON.stringify(file))).rejects.toMatchObject({ code: "E_TOKENIZER" });
});
