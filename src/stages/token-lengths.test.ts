// Lengths in tokens, against a tokenizer whose tokens can be counted by eye.
import { expect, test } from "vitest";
import { readRecipe } from "../recipe/read-recipe.ts";
import { jsTokenizer, trainWordPiece } from "../tokenizers/index.ts";
import { cutWarning, tokenLengths } from "./token-lengths.ts";

const recipe = (task: string) =>
  readRecipe(
    `version: 1\nname: x\ntask: ${task}\ndata: { file: x.csv }\nmodel: { scratch: {}, maxLength: 8 }\n`,
    "recipe.yaml",
  );
const row = (text: string, pair?: string) => ({ place: "x:1", text, pair, labels: [], attributes: {} });
const letters = (count: number) => Array.from({ length: count }, () => "a").join(" ");

test("lengths hold the special tokens, and say what the limit cuts off", async () => {
  const tokenizer = await jsTokenizer(trainWordPiece([letters(9)], { vocabSize: 30 }));
  const rows = [row(letters(2)), row(letters(4)), row(letters(6)), row(letters(16))];
  const lengths = await tokenLengths(recipe("single-label"), tokenizer, rows);
  expect(lengths).toEqual({ limit: 8, median: 6, percentile95: 18, longest: 18, longRows: 1, beyond: 10 / 36 });
  expect(cutWarning(recipe("single-label"), lengths, 4, "en")).toMatch(/1 of 4 .*8 tokens.*27\.8 %/);
  expect(cutWarning(recipe("single-label"), lengths, 4, "zh")).toMatch(/27\.8/);
  expect(cutWarning(recipe("single-label"), lengths, 100, "en")).toBeUndefined();
  expect(cutWarning(recipe("entities"), lengths, 4, "en")).toBeUndefined();
  const pairs = await tokenLengths(recipe("single-label"), tokenizer, [row(letters(2), letters(3))]);
  expect([pairs.longest, pairs.longRows, pairs.beyond]).toEqual([8, 0, 0]);
});
