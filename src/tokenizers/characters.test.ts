// The fixed character tables against the Rust binding, code point by code point.
import { bertNormalizer, stripAccentsNormalizer } from "tokenizers";
import { describe, expect, test } from "vitest";
import type { NormalizerConfig, PreTokenizerConfig } from "../tokenizer-files/file-format.ts";
import { alignedText } from "./aligned-text.ts";
import * as characters from "./characters.ts";
import { normalizer } from "./normalizers.ts";
import { preTokenizer } from "./pre-tokenizers.ts";

const binding = await import("tokenizers");
const noRegex = () => /./gu;

const blockSize = 0x100;
/** Without CONCORD_FUZZ: the blocks in which characters differ; the others hold only ideographs, hangul or nothing. */
const usual: readonly [number, number][] = [
  [0, 0x3500],
  [0x4d00, 0x4f00],
  [0x9f00, 0xad00],
  [0xd600, 0xd800],
  [0xf800, 0x13500],
  [0x16000, 0x17000],
  [0x1b000, 0x20100],
  [0x2f700, 0x2fb00],
];

/** Code points in blocks, without surrogates. */
function blocks(): number[][] {
  const ranges = process.env.CONCORD_FUZZ ? [[0, 0xd800] as const, [0xe000, 0x110000] as const] : usual;
  return ranges.flatMap(([from, to]) =>
    Array.from({ length: (to - from) / blockSize }, (_, block) =>
      Array.from({ length: blockSize }, (_, i) => from + block * blockSize + i),
    ),
  );
}

describe("each code point is normalised as by the binding:", () => {
  const bert = (part: Partial<Extract<NormalizerConfig, { type: "BertNormalizer" }>>) =>
    ({
      type: "BertNormalizer",
      clean_text: false,
      handle_chinese_chars: false,
      strip_accents: false,
      lowercase: false,
      ...part,
    }) as const;
  const off = { cleanText: false, handleChineseChars: false, stripAccents: false, lowercase: false };
  const cases: [string, NormalizerConfig, { normalizeString(text: string): string }][] = [
    ["clean_text", bert({ clean_text: true }), bertNormalizer({ ...off, cleanText: true })],
    [
      "handle_chinese_chars",
      bert({ handle_chinese_chars: true }),
      bertNormalizer({ ...off, handleChineseChars: true }),
    ],
    ["strip_accents", bert({ strip_accents: true }), bertNormalizer({ ...off, stripAccents: true })],
    ["lowercase", bert({ lowercase: true }), bertNormalizer({ ...off, lowercase: true })],
    ["StripAccents", { type: "StripAccents" }, stripAccentsNormalizer()],
    ["Nmt", { type: "Nmt" }, binding.nmt()],
    ["NFC", { type: "NFC" }, binding.nfcNormalizer()],
    ["NFD", { type: "NFD" }, binding.nfdNormalizer()],
    ["NFKC", { type: "NFKC" }, binding.nfkcNormalizer()],
    ["NFKD", { type: "NFKD" }, binding.nfkdNormalizer()],
  ];
  test.each(cases)("%s", (_, part, theirs) => {
    const ours = normalizer(part, noRegex);
    for (const block of blocks()) {
      const text = block.map((c) => `a${String.fromCodePoint(c)}`).join("");
      const expected = theirs.normalizeString(text);
      if (ours(alignedText(text, false)).text === expected) continue;
      for (const c of block) {
        const one = `a${String.fromCodePoint(c)}`;
        expect(ours(alignedText(one, false)).text, `U+${c.toString(16)}`).toBe(theirs.normalizeString(one));
      }
    }
  });
});

describe("each code point is split as by the binding:", () => {
  const cases: [string, PreTokenizerConfig, { preTokenizeString(text: string): [string, [number, number]][] }][] = [
    ["BertPreTokenizer", { type: "BertPreTokenizer" }, binding.bertPreTokenizer()],
    ["Punctuation", { type: "Punctuation", behavior: "Isolated" }, binding.punctuationPreTokenizer()],
    ["WhitespaceSplit", { type: "WhitespaceSplit" }, binding.whitespaceSplitPreTokenizer()],
    ["Whitespace", { type: "Whitespace" }, binding.whitespacePreTokenizer()],
    ["Digits", { type: "Digits", individual_digits: true }, binding.digitsPreTokenizer(true)],
    [
      "ByteLevel",
      { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      binding.byteLevelPreTokenizer(false),
    ],
  ];
  test.each(cases)("%s", (name, part, theirs) => {
    const ours = preTokenizer(part, noRegex);
    for (const block of blocks()) {
      const text = block.map((c) => `a${String.fromCodePoint(c)}1`).join("");
      const split = ours(alignedText(text, false)).map((piece) => piece.text);
      const expected = theirs.preTokenizeString(text).map(([piece]) => piece);
      if (split.join("\0") !== expected.join("\0"))
        expect(split, `${name} U+${block[0]!.toString(16)} …`).toEqual(expected);
    }
  });
});

test("white space and ideographs are what Unicode calls them", () => {
  for (let c = 0; c < 0x110000; c++)
    if (characters.isWhitespace(c) !== /\p{White_Space}/u.test(String.fromCodePoint(c)))
      throw new Error(`U+${c.toString(16)}`);
  expect([0x4e00, 0x9fff, 0x3400, 0x20000, 0xf900].every(characters.isIdeograph)).toBe(true);
  expect([0x3042, 0xac00, 0x3001, 0x61].some(characters.isIdeograph)).toBe(false);
});
