// Words, tags, spans and windows: what goes in comes back, in both scripts and in every scheme that corpora use.
import { describe, expect, test } from "vitest";
import { random } from "../../base/index.ts";
import { jsTokenizer, trainWordPiece } from "../../tokenizers/index.ts";
import { inCodePoints, schemeOfTags, spansOfTags, tagSet, tagsOfSpans, typesOfTags } from "./spans.ts";
import { wordWindows } from "./windows.ts";
import { joinWords, modelText, splitWords } from "./words.ts";

const wordsOf = (text: string) => splitWords(text).map(([start, end]) => text.slice(start, end));

test("words are runs of letters or digits, single signs, and single characters of scripts without spaces", () => {
  expect(wordsOf("2017年 in Rome, U.S. café 東京へ")).toEqual([
    "2017",
    "年",
    "in",
    "Rome",
    ",",
    "U",
    ".",
    "S",
    ".",
    "café",
    "東",
    "京",
    "へ",
  ]);
  expect(wordsOf(" \u00a0\n")).toEqual([]);
  expect(wordsOf("😀a𠮷b")).toEqual(["😀", "a", "𠮷", "b"]); // astral characters stay whole
});

test("words that came apart are joined with spaces, except between Chinese or Japanese characters", () => {
  expect(joinWords(["EU", "rejects", "call", "."])).toEqual({
    text: "EU rejects call .",
    words: [
      [0, 2],
      [3, 10],
      [11, 15],
      [16, 17],
    ],
  });
  expect(joinWords(["北", "京", "ABC", "市"]).text).toBe("北京 ABC 市");
});

test("what a model reads is cleaned word by word, and each word knows its place", () => {
  const given = "Ｒome\u00a0 is①x";
  const { text, words } = modelText({ text: given, words: splitWords(given) });
  expect(text).toBe("Ｒome is①x"); // characters keep their form: the tokenizer decides
  expect(words.map(([a, b]) => text.slice(a, b)).join("|")).toBe("Ｒome|is|①|x");
});

describe("tags and spans", () => {
  const words = splitWords("Ann Lee flew to New York City today");
  const spans = [
    { start: 0, end: 7, type: "PER" },
    { start: 16, end: 29, type: "LOC" },
    { start: 30, end: 35, type: "TIME" },
  ];
  const written = {
    IOB2: "B-PER I-PER O O B-LOC I-LOC I-LOC B-TIME",
    IOBES: "B-PER E-PER O O B-LOC I-LOC E-LOC S-TIME",
  } as const;

  test.each(["IOB2", "IOBES"] as const)("%s is written and read back", (scheme) => {
    expect(tagsOfSpans(words, spans, scheme).join(" ")).toBe(written[scheme]);
    expect(spansOfTags(words, written[scheme].split(" "), scheme)).toEqual(spans);
  });

  test.each([
    ["IOB1", "I-PER I-PER O O I-LOC I-LOC I-LOC I-TIME"],
    ["BILOU", "B-PER L-PER O O B-LOC I-LOC L-LOC U-TIME"],
    ["BMES", "B-PER E-PER O O B-LOC M-LOC E-LOC S-TIME"],
    ["BMEWO", "B-PER E-PER O O B-LOC M-LOC E-LOC W-TIME"],
  ])("%s is read too", (_, tags) => expect(spansOfTags(words, tags.split(" "), "IOB2")).toEqual(spans));

  test("neighbours of one type stay two entities", () => {
    const two = [
      { start: 0, end: 3, type: "PER" },
      { start: 4, end: 7, type: "PER" },
    ];
    for (const scheme of ["IOB2", "IOBES"] as const)
      expect(spansOfTags(words, tagsOfSpans(words, two, scheme), scheme)).toEqual(two);
  });

  test("a span that cuts a word takes it whole; of two in one word the first has it; one between words has none", () => {
    expect(
      tagsOfSpans(
        words,
        [
          { start: 1, end: 2, type: "X" },
          { start: 2, end: 5, type: "Y" },
        ],
        "IOB2",
      ).slice(0, 3),
    ).toEqual(["B-X", "I-Y", "O"]);
    expect(tagsOfSpans(words, [{ start: 3, end: 4, type: "X" }], "IOB2").every((tag) => tag === "O")).toBe(true);
  });

  test("without prefixes every word has a class of its own", () => {
    const tags = ["N", "N", "O", "O", "O", "O", "O", "O"];
    expect(spansOfTags(words, tags, "none")).toEqual([
      { start: 0, end: 3, type: "N" },
      { start: 4, end: 7, type: "N" },
    ]);
    expect(tagsOfSpans(words, spansOfTags(words, tags, "none"), "none")).toEqual(tags);
  });

  test("random spans survive both schemes", () => {
    const rng = random(3);
    for (let trial = 0; trial < 200; trial++) {
      const found: { start: number; end: number; type: string }[] = [];
      for (let at = 0; at < words.length; ) {
        const last = Math.min(words.length - 1, at + rng.int(3));
        if (rng.int(2)) found.push({ start: words[at]![0], end: words[last]![1], type: "AB"[rng.int(2)]! });
        at = last + 1;
      }
      for (const scheme of ["IOB2", "IOBES"] as const)
        expect(spansOfTags(words, tagsOfSpans(words, found, scheme), scheme)).toEqual(found);
    }
  });

  test("a head's labels tell their types and whether they have prefixes", () => {
    expect(tagSet(["A", "B"], "IOBES")).toEqual(["O", "B-A", "I-A", "E-A", "S-A", "B-B", "I-B", "E-B", "S-B"]);
    expect([typesOfTags(tagSet(["A", "B"], "IOBES")), schemeOfTags(tagSet(["A"], "IOBES"))]).toEqual([
      ["A", "B"],
      "IOB2",
    ]);
    expect([typesOfTags(["O", "NOUN", "VERB"]), schemeOfTags(["NOUN", "VERB"])]).toEqual([["NOUN", "VERB"], "none"]);
  });

  test("places by code points", () =>
    expect(
      inCodePoints("😀 Rome 😀", [
        { start: 3, end: 7, type: "L" },
        { start: 8, end: 10, type: "E" },
      ]),
    ).toEqual([
      { start: 2, end: 6, type: "L" },
      { start: 7, end: 8, type: "E" },
    ]));
});

describe("windows", async () => {
  const texts = [
    "the patient in Rome had fever and 2 days of cough",
    "北京的病人发烧三天 in Rome",
    "cough \u200b of fever",
  ];
  const tokenizer = await jsTokenizer(trainWordPiece(texts, { vocabSize: 120 }));
  const worded = (text: string) => ({ text, words: splitWords(text) });

  test("every word with a token is labelled exactly once, however short the windows are", async () => {
    const rows = [worded(texts.join(" ").repeat(4)), worded(texts[1]!)];
    for (const maxLength of [8, 12, 33, 500]) {
      const windows = await wordWindows(tokenizer, rows, maxLength);
      expect(Math.max(...windows.map((w) => w.ids.length))).toBeLessThanOrEqual(maxLength);
      for (const [row, { text, words }] of rows.entries()) {
        const seen = windows.filter((w) => w.row === row).flatMap((w) => w.words.map((p) => p.word));
        const visible = words.flatMap(([a, b], i) => (text.slice(a, b) === "\u200b" ? [] : [i]));
        expect(
          seen.sort((a, b) => a - b),
          `${maxLength}`,
        ).toEqual(visible);
      }
    }
  });

  test("a word is read at the token that begins it, in the window that shows most around it", async () => {
    const row = worded(texts[0]!.repeat(3));
    const windows = await wordWindows(tokenizer, [row], 16);
    expect(windows.length).toBeGreaterThan(2);
    for (const { ids, words } of windows)
      for (const { word, token } of words) {
        const first = tokenizer.idToToken(ids[token]!)!.replace("##", "");
        const [a, b] = row.words[word]!;
        expect(row.text.slice(a, b).toLowerCase().startsWith(first) || first === "[UNK]").toBe(true);
        expect(token).toBeGreaterThan(0);
        expect(token).toBeLessThan(ids.length - 1);
      }
  });
});
