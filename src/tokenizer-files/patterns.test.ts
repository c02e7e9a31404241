// Which regular expressions are refused, and what matching gives.
import { describe, expect, test } from "vitest";
import { linearSearch, type Search } from "../patterns/index.ts";
import { checkRegex, matcher, searchOf } from "./patterns.ts";

describe("an expression is refused when it", () => {
  test.each([
    ["repeats a repetition", "(a+)+$"],
    ["repeats a choice", "(a|a)*b"],
    ["repeats a nested choice", "((a|b)c)+x"],
    ["repeats something optional a fixed number of times", "(a?){30}a{30}"],
    ["repeats a repetition directly", "a{2,}{3}"],
    ["has many optional parts in a row", `${"a?".repeat(13)}b`],
    ["has many repetitions in a row", "\\s*\\s*\\s*\\s*\\s*x"],
    ["has three repetitions in a row", "a*a*a*b"],
    ["has many long repeats by number in a row", "a{0,300}a{0,300}a{0,300}b"],
    ["has many short repeats by number in a row", "a{0,9}a{0,9}a{0,9}a{0,9}a{0,9}b"],
    ["repeats a part absurdly often", "a{1,100000}"],
    ["refers back", "(a)\\1"],
    ["is not balanced", "(a"],
    ["has an open class", "[a"],
    ["is empty", ""],
    ["is absurdly long", "a".repeat(10_000)],
    ["is nested absurdly deep", `${"(".repeat(100)}a${")".repeat(100)}`],
  ])("%s", (_, source) => {
    expect(() => checkRegex(source, "p")).toThrow("E_TOKENIZER");
  });
});

const known = [
  ["GPT-2", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"],
  [
    "Llama 3",
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  ["BLOOM", " ?[^(\\s|[.,!?…。，、।۔،])]+"],
  [
    "o200k",
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  [
    "DeepSeek V3",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  ["CLIP", "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"],
] as const;
const translated = async (source: string) => {
  const library: unknown = await import("@huggingface/tokenizers"); // its type files name no extensions
  const { SplitPreTokenizer } = library as { SplitPreTokenizer: new (part: object) => { pattern: RegExp } };
  const part = { type: "Split", pattern: { Regex: source }, behavior: "Isolated", invert: false };
  return new SplitPreTokenizer(part).pattern;
};

test.each(known)(
  "the expression of %s is accepted, and searched for by the engine itself in linear time",
  async (_, source) => {
    expect(checkRegex(source, "p")).toBeGreaterThan(0);
    const regex = await translated(source);
    const [own, slow] = [searchOf(regex), linearSearch(regex)];
    expect(own("a")).not.toBe(slow("a"));
    const pieces = ["A", "a", " ", "\n", "1", "!", "\u0301", "中", "'s", "/", "  ", "Aa"];
    for (const piece of [...pieces, ...pieces.flatMap((a) => pieces.map((b) => a + b))]) {
      const text = piece.repeat(100_000);
      const search = own(text);
      const start = performance.now();
      let count = 0;
      for (let from = 0, match = search(0); match && count < 3000; count++, match = search(from)) from = match[1];
      expect(performance.now() - start, `${JSON.stringify(piece)} many times`).toBeLessThan(1000);
    }
  },
  120_000,
);

test.each(known)("the linear search splits as the engine does by the expression of %s", async (_, source) => {
  const regex = await translated(source);
  const [own, slow] = [searchOf(regex), linearSearch(regex)];
  const text = "Hello WORLD's  naïve\r\n\r\n  x=1234567;\t\t中文字 e\u0301A\u0301b don't//\n END   ";
  const all = (find: Search) => {
    const found: (readonly number[])[] = [];
    for (let from = 0, match = find(0); match; match = find(from)) {
      found.push(match);
      from = match[1];
    }
    return found;
  };
  expect(all(slow(text))).toEqual(all(own(text)));
});

test("an expression that reads far and matches little is searched for in linear time", () => {
  const find = matcher({ Regex: "a*a*b|a" }, (source) => new RegExp(source, "gu"), "p");
  const start = performance.now();
  expect(find("a".repeat(50_000)).length).toBe(100_000);
  expect(performance.now() - start).toBeLessThan(3000);
});

test("the fewest characters of a match are known", () => {
  const fewest = (source: string) => checkRegex(source, "p");
  expect([fewest("x*"), fewest("(?=x)"), fewest("^a?$"), fewest("a|b*"), fewest("\\b")]).toEqual([0, 0, 0, 0, 0]);
  expect([fewest("x+"), fewest("a|bc"), fewest("(?:'s)?a"), fewest("[ab] {2,}")]).toEqual([1, 1, 1, 2]);
});

test("an empty match right behind a match is skipped", () => {
  const find = matcher({ Regex: "a*" }, (source) => new RegExp(source, "gu"), "p");
  expect(find("aab😀")).toEqual([0, 2, 3, 3, 5, 5]);
});

test("a literal is found without overlap", () => {
  const find = matcher({ String: "aa" }, () => /./gu, "p");
  expect(find("aaaab")).toEqual([0, 2, 2, 4]);
});
