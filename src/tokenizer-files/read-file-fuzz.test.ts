// Fuzzing of tokenizer files: whatever stands in one, the outcome is a tokenizer or a ConcordError.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { fuzz } from "../../test/fuzz.ts";
import { goldenPath } from "../../test/golden.ts";
import { jsTokenizer } from "../tokenizers/index.ts";
import { rustTokenizer } from "../tokenizers/node/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: files are broken on purpose, anywhere
type Json = any;

/** A reference file with a small vocabulary, so that a test can make many of them. */
function reducedFile(name: string): Json {
  const file = JSON.parse(readFileSync(goldenPath("tokenizers", name, "tokenizer.json"), "utf8"));
  const { model } = file;
  if (model.type === "Unigram") model.vocab = model.vocab.slice(0, 60);
  else {
    const most = model.type === "BPE" ? 300 : 60;
    model.vocab = Object.fromEntries(Object.entries<number>(model.vocab).filter(([, id]) => id < most));
    if (model.merges)
      model.merges = model.merges.filter((m: string[]) => [m[0]!, m[1]!, m.join("")].every((t) => t in model.vocab));
  }
  return file;
}

/** Names of the reference tokenizers. */
const referenceNames = readdirSync(goldenPath("tokenizers")).filter((name) => !name.includes("."));

/** Values that a hostile file may hold anywhere. */
const anyJson: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<Json>(
    null,
    true,
    -1,
    0,
    1,
    2,
    59,
    60,
    300,
    1e9,
    1e308,
    1.5,
    "",
    "a",
    "##",
    "Sequence",
    "ByteLevel",
    "[CLS]",
    "\ud800",
    "(a+)+",
  ),
  fc.constantFrom<Json>(
    { type: "Sequence", normalizers: [] },
    { type: "Whitespace" },
    { type: "NFKC" },
    { Regex: "\\s+" },
    { String: " " },
    [],
    {},
  ),
);

/** All places in a file, as lists of keys; of large objects only a few. */
function places(value: Json, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [at];
  const keys = Object.keys(value);
  const few = at[0] === "model" && at.length > 1 ? 2 : 12; // of vocabulary and merges
  return [at, ...keys.slice(0, few).flatMap((key) => places(value[key], [...at, key]))];
}

function mutate(file: Json, at: (string | number)[], how: string, value: Json): Json {
  if (at.length === 0) return value;
  let parent = file;
  for (const key of at.slice(0, -1)) parent = parent[key];
  const key = at.at(-1)!;
  if (how === "delete") delete parent[key];
  else if (how === "double" && Array.isArray(parent)) parent.push(structuredClone(parent[key as number]));
  else if (how === "wrap") parent[key] = [parent[key]];
  else parent[key] = value;
  return file;
}

const flag = fc.boolean();
const behavior = fc.constantFrom("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");
const pattern = fc.oneof(
  fc.constantFrom(" ", "e", "头", "<").map((literal) => ({ String: literal })),
  fc
    .constantFrom("\\s+", "\\p{L}+|\\s", "[^a-z]?[a-z]+", "(?i:the)|\\d{1,3}", "\\w+|[^\\w\\s]+", "$|^")
    .map((Regex) => ({ Regex })),
);
const mark = fc.constantFrom("▁", " ", "a", "😀");
const type = <T extends string>(...types: T[]) => fc.constantFrom(...types).map((type) => ({ type }));
const part = (type: string, keys: Record<string, fc.Arbitrary<Json>>) =>
  fc.record({ type: fc.constant(type), ...keys });
const byteLevel = part("ByteLevel", { add_prefix_space: flag, trim_offsets: flag, use_regex: flag });
const scheme = fc.constantFrom("always", "first", "never");
const metaspace = part("Metaspace", { replacement: mark, prepend_scheme: scheme, split: flag });
const inSequence = (key: string, item: fc.Arbitrary<Json>) =>
  fc.oneof(item, part("Sequence", { [key]: fc.array(item, { maxLength: 4 }) }));

/** Parts that are valid by themselves, in combinations that nobody wrote by hand. */
const parts: Record<string, fc.Arbitrary<Json>> = {
  normalizer: inSequence(
    "normalizers",
    fc.oneof(
      type("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Nmt", "StripAccents", "ByteLevel"),
      part("Strip", { strip_left: flag, strip_right: flag }),
      part("Replace", { pattern, content: fc.constantFrom("", "▁", "xyz") }),
      part("Prepend", { prepend: fc.oneof(mark, fc.constant("")) }),
      part("BertNormalizer", { clean_text: flag, handle_chinese_chars: flag, strip_accents: flag, lowercase: flag }),
    ),
  ),
  pre_tokenizer: inSequence(
    "pretokenizers",
    fc.oneof(
      type("BertPreTokenizer", "Whitespace", "WhitespaceSplit"),
      byteLevel,
      metaspace,
      part("Split", { pattern, behavior, invert: flag }),
      part("Punctuation", { behavior }),
      part("Digits", { individual_digits: flag }),
      part("CharDelimiterSplit", { delimiter: mark }),
      part("FixedLength", { length: fc.integer({ min: 1, max: 9 }) }),
    ),
  ),
  decoder: inSequence(
    "decoders",
    fc.oneof(
      type("Fuse", "ByteFallback"),
      byteLevel,
      metaspace,
      part("WordPiece", { prefix: fc.constantFrom("##", ""), cleanup: flag }),
      part("BPEDecoder", { suffix: fc.constantFrom("</w>", "##") }),
      part("CTC", { pad_token: mark, word_delimiter_token: fc.constantFrom("|", "a"), cleanup: flag }),
      part("Replace", { pattern, content: fc.constantFrom("", " ") }),
      part("Strip", { content: mark, start: fc.nat(3), stop: fc.nat(3) }),
    ),
  ),
};

const sources = referenceNames.map((name) => JSON.stringify(reducedFile(name)));
const edits = fc.oneof(
  fc.tuple(fc.nat(), fc.constantFrom("set", "set", "delete", "double", "wrap"), anyJson),
  ...Object.entries(parts).map(([key, values]) => fc.tuple(fc.constant(key), fc.constant("set"), values)),
);
const mutated = fc
  .tuple(fc.nat(sources.length - 1), fc.array(edits, { minLength: 1, maxLength: 3 }))
  .map(([source, changes]) => {
    let file = JSON.parse(sources[source]!);
    for (const [place, how, value] of changes) {
      const all = typeof place === "string" ? [[place]] : places(file);
      file = mutate(file, all[typeof place === "string" ? 0 : place % all.length]!, how, structuredClone(value));
      if (typeof file !== "object" || file === null) break;
    }
    return JSON.stringify(file) ?? "";
  });

const texts = ["The fever rose to 38.5 😀", "头痛 \u0000[MASK] e\u0301", "  don't  "];

/** Opens and uses a tokenizer. */
async function use(open: typeof jsTokenizer, file: string): Promise<void> {
  const tokenizer = await open(file);
  const [encoding] = await tokenizer.encodeBatch([texts[0]!, [texts[1]!, texts[2]!]], {
    padding: { id: 0, token: "" },
  });
  await tokenizer.encodeIds(texts, { maxLength: 300 });
  await tokenizer.decode([...encoding!.ids, 3, 59, 299], { skipSpecialTokens: false });
}

fuzz("a mutated tokenizer file, in TypeScript, ends in a tokenizer or a ConcordError", mutated, (file) =>
  use(jsTokenizer, file),
);
fuzz(
  "a mutated tokenizer file, on the Rust binding, ends in a tokenizer or a ConcordError",
  mutated,
  (file) => use(rustTokenizer, file),
  0.4,
);

const edit = fc.tuple(fc.nat(sources.length - 1), fc.nat(), fc.nat(40), fc.string({ unit: "binary", maxLength: 8 }));
fuzz(
  "a tokenizer file with characters changed anywhere ends in a tokenizer or a ConcordError",
  edit,
  ([source, at, drop, put]) => {
    const text = sources[source]!;
    const from = at % text.length;
    return use(jsTokenizer, text.slice(0, from) + put + text.slice(from + drop));
  },
  0.4,
);
