// Options of a tokenizer: each changes something, impossible ones are refused; roles, fast ids, vocab.txt, files on disk.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test, vi } from "vitest";
import { fuzzRuns, fuzzSeed } from "../../test/fuzz.ts";
import { sharedPath } from "../../test/golden.ts";
import { readTokenizerFile, readVocabTxt } from "../tokenizer-files/index.ts";
import { jsTokenizer } from "./js-tokenizers.ts";
import { openTokenizer } from "./node/open-tokenizer.ts";
import { rustTokenizer } from "./node/rust-tokenizers.ts";

const words = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "a",
  "sore",
  "throat",
  "##s",
  "hurt",
  "。",
  "头",
  "痛",
  "don",
  "'",
  "t",
];
const vocabTxt = `${words.join("\n")}\n`;
const file = readVocabTxt(vocabTxt);
const tokenizer = await jsTokenizer(file);
const text = "A sore throat hurts 头痛";
const special = [2, 3];

describe("truncation", () => {
  const cut = async (truncation: Parameters<typeof tokenizer.encode>[1]) =>
    (await tokenizer.encode(text, truncation)).tokens;

  test("keeps the special tokens inside the limit, on either side", async () => {
    expect(await cut({ truncation: { maxLength: 5 } })).toEqual(["[CLS]", "a", "sore", "throat", "[SEP]"]);
    expect(await cut({ truncation: { maxLength: 5, direction: "left" } })).toEqual([
      "[CLS]",
      "##s",
      "头",
      "痛",
      "[SEP]",
    ]);
  });

  test("gives overlapping windows only when asked", async () => {
    const windows = await tokenizer.encode(text, { truncation: { maxLength: 5, stride: 1, returnOverflowing: true } });
    expect(windows.overflowing.map((w) => w.tokens.slice(1, -1))).toEqual([
      ["throat", "hurt", "##s"],
      ["##s", "头", "痛"],
    ]);
    expect((await tokenizer.encode(text, { truncation: { maxLength: 5 } })).overflowing).toEqual([]);
  });

  test("with room for nothing but special tokens leaves only these", async () => {
    expect(await cut({ truncation: { maxLength: 2 } })).toEqual(["[CLS]", "[SEP]"]);
  });

  test.each([
    ["no room for the special tokens", { maxLength: 1 }, "E_ARGUMENT"],
    ["a negative length", { maxLength: -1 }, "E_ARGUMENT"],
    ["a length that is not whole", { maxLength: 2.5 }, "E_ARGUMENT"],
    ["a stride as long as the window", { maxLength: 5, stride: 3 }, "E_ARGUMENT"],
    ["an unknown strategy", { maxLength: 5, strategy: "shortest" as never }, "E_ARGUMENT"],
    ["a second text that is not there", { maxLength: 5, strategy: "only_second" as const }, "E_TOKENIZER"],
  ])("with %s is refused", async (_, truncation, code) => {
    await expect(tokenizer.encode(text, { truncation })).rejects.toMatchObject({ code });
  });

  test("that would give millions of windows is refused", async () => {
    const long = "a ".repeat(70_000);
    const truncation = { maxLength: 3, returnOverflowing: true };
    await expect(tokenizer.encode(long, { truncation })).rejects.toMatchObject({ code: "E_TOKENIZER" });
  });
});

describe("padding", () => {
  test("fills up to the longest, a fixed length or a multiple, on either side", async () => {
    const lengths = async (padding: object) =>
      (await tokenizer.encodeBatch(["a", text], { padding })).map((e) => e.ids.length);
    expect(await lengths({})).toEqual([10, 10].map(() => expect.any(Number)));
    expect(new Set(await lengths({})).size).toBe(1);
    expect(await lengths({ multipleOf: 16 })).toEqual([16, 16]);
    const [right] = await tokenizer.encodeBatch(["a"], { padding: { length: 5, typeId: 1 } });
    const [left] = await tokenizer.encodeBatch(["a"], { padding: { length: 5, side: "left" } });
    expect([right!.ids, right!.typeIds]).toEqual([
      [2, 5, 3, 0, 0],
      [0, 0, 0, 1, 1],
    ]);
    expect([left!.ids, left!.attentionMask]).toEqual([
      [0, 0, 2, 5, 3],
      [0, 0, 1, 1, 1],
    ]);
  });

  test("without a padding token is refused, and can be given one", async () => {
    const bare = await jsTokenizer(readVocabTxt("[UNK]\n[CLS]\n[SEP]\na\n"));
    await expect(bare.encode("a", { padding: { length: 8 } })).rejects.toMatchObject({ code: "E_ARGUMENT" });
    const padded = await bare.encode("a", { padding: { length: 5, token: "[SEP]", id: 2 } });
    expect(padded.ids).toEqual([1, 3, 2, 2, 2]);
  });

  test("to an absurd length is refused", async () => {
    await expect(tokenizer.encode("a", { padding: { length: 1e12 } })).rejects.toMatchObject({ code: "E_ARGUMENT" });
  });
});

describe("ids alone", () => {
  test("are those of the full encoding, cut on the right, with or without special tokens", async () => {
    const full = (await tokenizer.encode(text)).ids;
    const ids = async (options?: object) => Array.from((await tokenizer.encodeIds([text], options))[0]!);
    expect(await ids()).toEqual(full);
    expect(await ids({ addSpecialTokens: false })).toEqual(full.slice(1, -1));
    expect(await ids({ maxLength: 4 })).toEqual([special[0], ...full.slice(1, 3), special[1]]);
    expect(await ids({ maxLength: 2 })).toEqual(special);
    await expect(ids({ maxLength: 1 })).rejects.toMatchObject({ code: "E_ARGUMENT" });
  });

  test("of any text are those of the full encoding, whatever was remembered before", async () => {
    const pieces = fc.constantFrom(
      ...words,
      " ",
      "\n",
      "\u00a0",
      "\u0301",
      "\u0000",
      "，",
      "カ",
      "𠮷",
      "😀",
      "é",
      "İ",
      "S",
      "[",
      "\u0085",
      "\u3000",
      "\u0958",
    );
    const anyText = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(""));
    const settings = { numRuns: Math.ceil(Math.min(fuzzRuns, 20_000) * 0.3), seed: fuzzSeed };
    const property = fc.asyncProperty(
      fc.array(anyText, { maxLength: 4 }),
      fc.integer({ min: 2, max: 20 }),
      async (texts, maxLength) => {
        const rows = await tokenizer.encodeIds(texts, { maxLength });
        const full = await tokenizer.encodeBatch(texts, { truncation: { maxLength } });
        expect(rows.map((row) => Array.from(row))).toEqual(full.map((encoding) => encoding.ids));
      },
    );
    await fc.assert(property, settings);
  });

  test("of no text are nothing, and what is no text is refused", async () => {
    expect(await tokenizer.encodeIds([])).toEqual([]);
    await expect(tokenizer.encodeIds([7 as never])).rejects.toMatchObject({ code: "E_ARGUMENT" });
  });
});

describe("special tokens", () => {
  test("are found by role, with names as given", async () => {
    expect(tokenizer.special).toEqual({
      pad: { token: "[PAD]", id: 0 },
      unk: { token: "[UNK]", id: 1 },
      cls: { token: "[CLS]", id: 2 },
      sep: { token: "[SEP]", id: 3 },
      mask: { token: "[MASK]", id: 4 },
    });
    const renamed = await jsTokenizer(file, { special: { mask: "sore" } });
    expect(renamed.special.mask).toEqual({ token: "sore", id: 6 });
    await expect(jsTokenizer(file, { special: { mask: "☃" } })).rejects.toMatchObject({ code: "E_TOKENIZER" });
  });

  test("in a text are themselves, and decoding leaves them out or in", async () => {
    const { ids } = await tokenizer.encode("a [MASK]", { addSpecialTokens: true });
    expect(ids).toEqual([2, 5, 4, 3]);
    expect(await tokenizer.decode(ids)).toBe("a");
    expect(await tokenizer.decode(ids, { skipSpecialTokens: false })).toBe("[CLS] a [MASK] [SEP]");
    expect(await tokenizer.decode([5, 999])).toBe("a");
    await expect(tokenizer.decode([-1])).rejects.toMatchObject({ code: "E_ARGUMENT" });
  });

  test("ids and tokens lead to each other", () => {
    words.forEach((token, id) => {
      expect([tokenizer.tokenToId(token), tokenizer.idToToken(id)]).toEqual([id, token]);
    });
    expect([tokenizer.tokenToId("☃"), tokenizer.idToToken(99)]).toEqual([undefined, undefined]);
  });
});

describe("a vocab.txt", () => {
  test("makes the tokenizer of its tokenizer.json", async (context) => {
    const folder = sharedPath("models", "minilm-l6");
    if (folder === undefined) return context.skip("../shared/models/minilm-l6 is absent");
    const fromJson = await jsTokenizer(readFileSync(join(folder, "tokenizer.json")));
    const fromTxt = await jsTokenizer(readVocabTxt(readFileSync(join(folder, "vocab.txt"))));
    const texts = ["Sore throats — 38.5°C, naïve 头痛 [MASK]!", "", "don't\u0000 stop"];
    expect(await fromTxt.encodeBatch(texts)).toEqual(await fromJson.encodeBatch(texts));
  });

  test("keeps case, accents and ideographs as its options say", async () => {
    const tokens = async (options: object) =>
      (await (await jsTokenizer(readVocabTxt(vocabTxt, options))).encode("A 头痛", { addSpecialTokens: false })).tokens;
    expect(await tokens({})).toEqual(["a", "头", "痛"]);
    expect(await tokens({ lowercase: false })).toEqual(["[UNK]", "头", "痛"]);
    expect(await tokens({ handleChineseChars: false })).toEqual(["a", "[UNK]"]);
    const accents = await jsTokenizer(readVocabTxt(vocabTxt, { stripAccents: false }));
    expect((await accents.encode("á", { addSpecialTokens: false })).tokens).toEqual(["[UNK]"]);
  });

  test.each([
    ["the same token twice", "[UNK]\n[CLS]\n[SEP]\na\na\n", "line 5"],
    ["no token for unknown words", "[CLS]\n[SEP]\na\n", "[UNK]"],
    ["no separator", "[UNK]\n[CLS]\na\n", "[SEP]"],
  ])("with %s is refused", (_, content, message) => {
    expect(() => readVocabTxt(content)).toThrow(message);
  });

  test("that is not UTF-8 is refused", () => {
    expect(() => readVocabTxt(Uint8Array.of(0xff, 0xfe))).toThrow("not UTF-8");
  });
});

describe("a tokenizer on disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-tokenizer-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test("opens from its folder or its file, on either implementation", async () => {
    written("vocab.txt", vocabTxt);
    const path = written("tokenizer.json", JSON.stringify(file));
    for (const opened of [await openTokenizer(folder), await openTokenizer(path, { implementation: "rust" })])
      expect(await opened.encode(text)).toEqual(await tokenizer.encode(text));
    const cased = await openTokenizer(join(folder, "vocab.txt"), { vocabTxt: { lowercase: false } });
    expect((await cased.encode("A")).ids).toEqual([2, 1, 3]);
  });

  test("that is absent or broken is refused with its path", async () => {
    await expect(openTokenizer(join(folder, "none"))).rejects.toMatchObject({ code: "E_IO" });
    const broken = written("broken.json", JSON.stringify({ ...file, normalizer: { type: "NFQ" } }));
    const fault = openTokenizer(broken);
    await expect(fault).rejects.toMatchObject({ code: "E_TOKENIZER" });
    await expect(fault).rejects.toThrow(`${broken}: normalizer.type`);
  });
});

test("a checked file survives JSON, and is not checked twice", () => {
  expect(readTokenizerFile(JSON.stringify(file))).toEqual(file);
  expect(readTokenizerFile(file)).toBe(file);
});

const splitBy = (Regex: string) => ({
  ...file,
  pre_tokenizer: { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false },
});

test.each(["a*a*b|a", "a{1,16}+b|a", "a{1,16}?b|a", "[ab]*a+c|a"])(
  "the Rust binding is not given %s, which it could be stalled or ended with; the TypeScript tokenizer takes it or refuses it",
  async (source) => {
    const given = JSON.stringify(splitBy(source));
    await expect(rustTokenizer(given)).rejects.toMatchObject({ code: "E_TOKENIZER" });
    const own = await jsTokenizer(given).catch(() => undefined);
    if (own) expect((await own.encode("a".repeat(2000))).ids.length).toBeGreaterThan(0);
  },
);

const qwen =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

test("Qwen's expression splits alike in Rust and in TypeScript", async () => {
  const given = JSON.stringify(splitBy(qwen));
  const [rust, own] = [await rustTokenizer(given), await jsTokenizer(given)];
  for (const words of [
    "It's 2026，天气 很好!\r\n\r\n  WE'LL go😀😀  ",
    "  \t\n x1234567y\u0301 don't//\n",
    "中文字123４５６。。。  \n",
  ])
    expect(await rust.encode(words)).toEqual(await own.encode(words));
});

test("without the Rust package, asking for it names the install command", async () => {
  vi.resetModules();
  vi.doMock("tokenizers", () => {
    throw new Error("Cannot find module");
  });
  const { rustTokenizer: fresh } = await import("./node/rust-tokenizers.ts");
  await expect(fresh(JSON.stringify(file))).rejects.toMatchObject({ code: "E_DEPENDENCY" });
  vi.doUnmock("tokenizers");
  expect((await rustTokenizer(file)).implementation).toBe("rust");
});
