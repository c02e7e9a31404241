// Which regular expressions are refused, and what matching gives.
import { describe, expect, test } from "vitest";
import { checkRegex, matcher } from "./patterns.ts";

describe("an expression is refused when it", () => {
  test.each([
    ["repeats a repetition", "(a+)+$"],
    ["repeats a choice", "(a|a)*b"],
    ["repeats a nested choice", "((a|b)c)+x"],
    ["repeats something optional a fixed number of times", "(a?){30}a{30}"],
    ["repeats a repetition directly", "a{2,}{3}"],
    ["has many optional parts in a row", `${"a?".repeat(13)}b`],
    ["has many repetitions in a row", "\\s*\\s*\\s*\\s*\\s*x"],
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

test.each([
  ["GPT-2", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"],
  [
    "Llama 3",
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  ["BLOOM", " ?[^(\\s|[.,!?…。，、।۔،])]+"],
  ["CLIP", "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"],
])("the expression of %s is accepted", (_, source) => {
  expect(checkRegex(source, "p")).toBeGreaterThan(0);
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
