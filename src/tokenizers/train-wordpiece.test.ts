// Learning a WordPiece vocabulary: small cases by hand, laws on random corpora, and files that both implementations load.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzzRuns, fuzzSeed } from "../../test/fuzz.ts";
import { jsTokenizer } from "./js-tokenizers.ts";
import { rustTokenizer } from "./node/rust-tokenizers.ts";
import { type TrainWordPieceOptions, trainWordPiece } from "./train-wordpiece.ts";

/** Tokens in the order of their ids, without the five special ones. */
function learned(texts: Iterable<string>, options?: TrainWordPieceOptions): string[] {
  const { model } = trainWordPiece(texts, options);
  return Object.entries(model.vocab as Record<string, number>)
    .sort(([, a], [, b]) => a - b)
    .map(([token]) => token)
    .slice(5);
}

const english = ["the fever rose", "the fevers fell", "The Fever, the cough", "cough and fever"];
const chinese = ["头痛，发热", "我头痛", "发热三天", "头热"];

test("the most frequent pair becomes a token first, ties by spelling", () => {
  const tokens = learned(["ab ab ab abc abc bc"], { minFrequency: 1 });
  expect(tokens.slice(0, 4)).toEqual(["##b", "##c", "a", "b"]);
  expect(tokens.slice(4)).toEqual(["ab", "abc", "bc"]);
  expect(learned(["xy ab"], { minFrequency: 1 }).slice(-2)).toEqual(["ab", "xy"]);
});

test("a repeated letter is merged from the left", () => {
  const tokens = learned(["aaaaa ".repeat(4)]);
  expect(tokens).toEqual(["##a", "a", "##aa", "##aaaa", "aaaaa"]);
});

test("English words and Chinese characters become tokens, and their text comes back", async () => {
  const file = trainWordPiece([...english, ...chinese], { vocabSize: 120 });
  for (const tokenizer of [await jsTokenizer(file), await rustTokenizer(file)]) {
    const { tokens } = await tokenizer.encode("The FEVER 头痛", { addSpecialTokens: false });
    expect(tokens).toEqual(["the", "fever", "头", "痛"]);
    expect(await tokenizer.decode((await tokenizer.encode("the cough")).ids)).toBe("the cough");
  }
});

test("every ideograph is a word: no token joins two of them", () => {
  expect(learned(chinese, { minFrequency: 1 }).filter((token) => Array.from(token).length > 1)).toEqual([]);
  expect(learned(chinese, { minFrequency: 1, handleChineseChars: false })).toContain("头痛");
});

describe("an option changes the vocabulary:", () => {
  test("vocabSize bounds it", () => {
    for (const vocabSize of [6, 12, 20, 30])
      expect(learned(english, { vocabSize }).length).toBeLessThanOrEqual(vocabSize - 5);
    expect(learned(english, { vocabSize: 20 })).toHaveLength(15);
  });
  test("minFrequency drops rare pairs and characters", () => {
    expect(learned(["zz aa aa aa"], { minFrequency: 3 })).toEqual(["##a", "a", "aa"]);
    expect(learned(["zz aa aa aa"], { minFrequency: 1 })).toContain("zz");
  });
  test("lowercase and stripAccents fold", () => {
    expect(learned(["Été été"], { minFrequency: 1 })).toContain("ete");
    expect(learned(["Été été"], { minFrequency: 1, stripAccents: false })).toContain("été");
    expect(learned(["Été Été"], { lowercase: false })).toContain("Été");
  });
  test("alphabetLimit keeps the most frequent characters", () => {
    expect(learned(["aa aa aa bb bb"], { alphabetLimit: 1 })).toEqual(["##a", "a", "aa"]);
  });
  test("special tokens have the names given, further ones come after", async () => {
    const file = trainWordPiece(english, { special: { mask: "<mask>" }, moreSpecialTokens: ["<entity>"] });
    const tokenizer = await jsTokenizer(file);
    expect(tokenizer.special.mask).toEqual({ token: "<mask>", id: 4 });
    expect((await tokenizer.encode("<entity> fever", { addSpecialTokens: false })).ids[0]).toBe(5);
  });
});

describe("training is refused", () => {
  test.each([
    ["without a word", [" ", "\n"], {}, "E_DATA"],
    ["without room for a single token", english, { vocabSize: 5 }, "E_ARGUMENT"],
    ["with a size that is no number", english, { vocabSize: Number.NaN }, "E_ARGUMENT"],
    ["with a frequency of 0", english, { minFrequency: 0 }, "E_ARGUMENT"],
    ["on what is no text", [1 as never], {}, "E_ARGUMENT"],
  ])("%s", (_, texts, options, code) => {
    expect(() => trainWordPiece(texts, options)).toThrow(code);
  });
});

const syllables = fc.constantFrom("ba", "na", "ka", "s", "the", "头", "痛", "é", "😀", ".", "X", "aa");
const corpora = fc.array(
  fc
    .array(
      fc.array(syllables, { minLength: 1, maxLength: 4 }).map((s) => s.join("")),
      { maxLength: 12 },
    )
    .map((w) => w.join(" ")),
  { minLength: 1, maxLength: 12 },
);

test("the vocabulary does not depend on the order of the texts, and every word of them has tokens", async () => {
  const property = fc.asyncProperty(corpora, fc.integer({ min: 10, max: 60 }), async (texts, vocabSize) => {
    fc.pre(texts.some((text) => text.trim() !== ""));
    const options = { vocabSize, minFrequency: 1 };
    const file = trainWordPiece(texts, options);
    expect(trainWordPiece([...texts].reverse(), options)).toEqual(file);
    if (vocabSize < 40) return; // room for every character of these corpora
    const tokenizer = await jsTokenizer(file);
    for (const row of await tokenizer.encodeIds(texts)) expect(Array.from(row)).not.toContain(1);
  });
  await fc.assert(property, { numRuns: Math.ceil(Math.min(fuzzRuns, 5000) * 0.15), seed: fuzzSeed });
});

test("the count of each merge equals a slow recount", () => {
  // The slow twin: recounts all pairs after each merge.
  const slow = (texts: string[], merges: number): string[] => {
    const words = texts
      .flatMap((text) => text.split(" "))
      .map((word) => [word[0]!, ...Array.from(word.slice(1), (c) => `##${c}`)]);
    const made: string[] = [];
    while (made.length < merges) {
      const counts = new Map<string, number>();
      for (const word of words)
        for (let i = 0; i + 1 < word.length; i++) {
          const pair = `${word[i]} ${word[i + 1]}`;
          counts.set(pair, (counts.get(pair) ?? 0) + 1);
        }
      const best = [...counts].sort(([a, n], [b, m]) => m - n || (a.split(" ") < b.split(" ") ? -1 : 1))[0];
      if (best === undefined) break;
      const [left, right] = best[0].split(" ") as [string, string];
      const token = left + right.slice(2);
      if (!made.includes(token)) made.push(token);
      for (const word of words)
        for (let i = 0; i + 1 < word.length; i++)
          if (word[i] === left && word[i + 1] === right) word.splice(i, 2, token);
    }
    return made;
  };
  const texts = ["banana bandana ban anna nab", "abab baba aabb abba banban", "nana naan anan banana"];
  const tokens = learned(texts, { minFrequency: 1 });
  const alphabet = tokens.filter((token) => token.replace("##", "").length === 1).length;
  expect(tokens.slice(alphabet)).toEqual(slow(texts, 1000));
});
