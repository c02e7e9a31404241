// Property tests: both implementations give the same results on any text, and offsets lead back into the text.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzzRuns, fuzzSeed } from "../../test/fuzz.ts";
import { goldenPath } from "../../test/golden.ts";
import type { NormalizerConfig, PreTokenizerConfig, TokenizerFile } from "../tokenizer-files/file-format.ts";
import { readTokenizerFile } from "../tokenizer-files/read-file.ts";
import type { EncodeOptions } from "../tokenizer-files/tokenizer.ts";
import { jsTokenizer } from "./js-tokenizers.ts";
import { rustTokenizer } from "./node/rust-tokenizers.ts";

const names = ["wordpiece-uncased", "wordpiece-cased", "bpe-gpt2", "bpe-roberta", "unigram"];
const golden = (name: string) => readTokenizerFile(readFileSync(goldenPath("tokenizers", name, "tokenizer.json")));

/** Characters that have gone wrong somewhere: emoji, marks, ligatures, jamo, controls, spaces, ideographs, special tokens. */
const odd = fc.constantFrom(
  ..."aAzZ09 .,'!-_#ßİıΣςǆﬁ①½²٣ñéö頭痛喉咙。，「」ー々カﾊ각가कािไทำשא".split(""),
  ...[
    "e\u0301",
    "\u0301",
    "\u0316\u0301",
    "a\u0323\u0302",
    "\u0344",
    "\u1100\u1161\u11a8",
    "\u212b",
    "\u0958",
    "\ufa0e",
  ],
  ...["😀", "👨‍👩‍👧‍👦", "🇨🇳", "👍🏿", "𠮷", "𝒳", "𐍈", "\u{2f800}", "\u{1d15e}", "\u{e0001}"],
  ...[
    "\u0000",
    "\u0007",
    "\u0085",
    "\u00a0",
    "\u00ad",
    "\u200b",
    "\u200d",
    "\u2028",
    "\u3000",
    "\ufeff",
    "\ufffd",
    "\t",
    "\n",
    "\r\n",
  ],
  ...[
    "[MASK]",
    "[CLS]",
    "<s>",
    "</s>",
    "<mask>",
    "<|endoftext|>",
    "##s",
    "▁",
    "Ġ",
    "hello",
    " the",
    "fever ",
    "头痛",
    "don't",
  ],
);
/** Characters of Unicode 16 and 17: Node takes them for letters, the Rust library's older tables do not. */
const newer =
  /[\u088f\u0c5c\u0cdc\u1c89\u1c8a\ua7cb-\ua7dc\ua7f1\u{10580}-\u{1cfff}\u{1e000}-\u{1efff}\u{1f8b0}-\u{1f8ff}\u{2b739}-\u{2b73f}\u{323b0}-\u{3347f}]/gu;

const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.array(odd, { maxLength: 24 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 24 }).map((text) => text.replace(newer, "")) }, // any code points
  {
    weight: 1,
    arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((u) => String.fromCharCode(...u)),
  },
);
const anyOptions: fc.Arbitrary<EncodeOptions> = fc.record(
  {
    pair: anyText,
    addSpecialTokens: fc.boolean(),
    truncation: fc.record(
      {
        maxLength: fc.integer({ min: 4, max: 20 }),
        strategy: fc.constantFrom("longest_first", "only_first", "only_second"),
        direction: fc.constantFrom("left", "right"),
        stride: fc.integer({ min: 0, max: 3 }),
        returnOverflowing: fc.boolean(),
      },
      { requiredKeys: ["maxLength"] },
    ),
  },
  { requiredKeys: [] },
);

/** Settings of a property: a share of CONCORD_FUZZ, bounded, for each run is a dozen calls. */
const settings = (share: number) => ({ numRuns: Math.ceil(Math.min(fuzzRuns, 10_000) * share), seed: fuzzSeed });

/** What a call gives: its result, or the words of its error. */
async function outcome<T>(call: Promise<T>): Promise<T | string> {
  return call.catch((error: Error) => error.message);
}

async function expectAgreement(file: TokenizerFile, share: number): Promise<void> {
  const js = await jsTokenizer(file);
  const rust = await rustTokenizer(file);
  await fc.assert(
    fc.asyncProperty(anyText, anyOptions, async (text, options) => {
      const ours = await outcome(js.encode(text, options));
      expect(ours).toEqual(await outcome(rust.encode(text, options)));
      if (typeof ours === "string") return;
      expect(await js.decode(ours.ids)).toBe(await rust.decode(ours.ids));
      const [ids, rustIds] = [await js.encodeIds([text]), await rust.encodeIds([text])];
      expect(ids).toEqual(rustIds);
      expect(Array.from(ids[0]!)).toEqual((await js.encode(text)).ids);
    }),
    settings(share),
  );
}

describe("both implementations agree on any text with", () => {
  test.each(names)("the reference tokenizer %s", (name) => expectAgreement(golden(name), 0.12));

  const bert: NormalizerConfig = {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: false,
    lowercase: true,
  };
  const normalizers: NormalizerConfig[] = [
    { type: "NFC" },
    { type: "NFD" },
    { type: "NFKC" },
    { type: "NFKD" },
    {
      type: "Sequence",
      normalizers: [{ type: "NFD" }, { type: "StripAccents" }, { type: "Lowercase" }, { type: "NFC" }],
    },
    {
      type: "Sequence",
      normalizers: [
        { type: "Strip", strip_left: true, strip_right: true },
        { type: "Prepend", prepend: "▁" },
      ],
    },
    { type: "Replace", pattern: { Regex: "\\s+|[0-9]{2}" }, content: "<n>" },
    {
      type: "Sequence",
      normalizers: [
        { type: "Nmt" },
        { type: "Replace", pattern: { String: " " }, content: "▁" },
        { type: "ByteLevel" },
      ],
    },
    bert,
    { ...bert, clean_text: false, strip_accents: true, lowercase: false, handle_chinese_chars: false },
  ];
  test.each(normalizers.map((part) => [JSON.stringify(part), part] as const))("the normalizer %s", (_, part) =>
    expectAgreement(readTokenizerFile({ ...golden("wordpiece-cased"), normalizer: part }), 0.04),
  );

  const preTokenizers: PreTokenizerConfig[] = [
    { type: "Whitespace" },
    { type: "Punctuation", behavior: "MergedWithPrevious" },
    { type: "Digits", individual_digits: false },
    { type: "FixedLength", length: 3 },
    { type: "CharDelimiterSplit", delimiter: "a" },
    { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: true },
    {
      type: "Split",
      pattern: { Regex: "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+" },
      behavior: "Isolated",
      invert: false,
    },
    { type: "Split", pattern: { Regex: "(?i:'s|'t)|\\d" }, behavior: "MergedWithNext", invert: false },
    { type: "Split", pattern: { String: "e" }, behavior: "Contiguous", invert: true },
    {
      type: "Sequence",
      pretokenizers: [
        { type: "WhitespaceSplit" },
        { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: false },
      ],
    },
  ];
  test.each(preTokenizers.map((part) => [JSON.stringify(part), part] as const))("the pre-tokenizer %s", (_, part) =>
    expectAgreement(readTokenizerFile({ ...golden("wordpiece-uncased"), pre_tokenizer: part }), 0.04),
  );
});

test.each(names)("offsets of %s are ordered, inside the text and on character boundaries", async (name) => {
  const tokenizer = await jsTokenizer(golden(name));
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const { offsets, sequenceIds } = await tokenizer.encode(text);
      const well = text.replace(/\p{Surrogate}/gu, "\ufffd");
      offsets.forEach(([start, end], i) => {
        if (sequenceIds[i] === null) return;
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(/\p{Surrogate}/u.test(well.slice(start, end))).toBe(false);
      });
    }),
    settings(0.12),
  );
});

test("the offsets of a plain word lead back to its letters", async () => {
  const tokenizer = await jsTokenizer(golden("wordpiece-uncased"));
  const text = "😀 The FEVER 头痛";
  const { tokens, offsets } = await tokenizer.encode(text, { addSpecialTokens: false });
  const letters = offsets.map(([start, end]) => text.slice(start, end).toLowerCase());
  expect(letters.join("")).toBe("😀thefever头痛");
  expect(tokens.slice(1).map((token) => token.replace("##", ""))).toEqual(letters.slice(1));
});

test("a lone surrogate is read as U+FFFD, on both implementations and without moving offsets", async () => {
  const file = golden("bpe-gpt2");
  for (const open of [jsTokenizer, rustTokenizer]) {
    const tokenizer = await open(file);
    expect(await tokenizer.encode("a\ud800b")).toEqual(await tokenizer.encode("a\ufffdb"));
    expect(await tokenizer.encodeIds(["\udc00"])).toEqual(await tokenizer.encodeIds(["\ufffd"]));
  }
});
