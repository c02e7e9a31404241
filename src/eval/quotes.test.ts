// Scores of answers against the official SQuAD functions (tools/quotes-golden.py), and CMRC 2018's definitions worked by hand.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { answerCharacters, answerScore, answerWords } from "./quotes.ts";

interface Case {
  readonly answer: string;
  readonly truth: string;
  readonly words: readonly string[];
  readonly exact: number;
  readonly f1: number;
}
const golden = JSON.parse(readFileSync("test/golden/quotes.json", "utf8")) as { readonly cases: readonly Case[] };

test.each(golden.cases)(
  "$answer against $truth is scored as SQuAD's own script does",
  ({ answer, truth, words, exact, f1 }) => {
    expect(answerWords(answer)).toEqual(words);
    const score = answerScore(answer, [truth]);
    expect(score.exact).toBe(exact);
    expect(score.f1).toBeCloseTo(f1, 12);
  },
);

test("the best of several true answers counts, and without one the empty answer is right", () => {
  expect(answerScore("Paris", ["Rome", "in Paris"])).toEqual({ exact: 0, f1: 2 / 3 });
  expect(answerScore("", [])).toEqual({ exact: 1, f1: 1 });
  expect(answerScore("Paris", [])).toEqual({ exact: 0, f1: 0 });
  expect(answerScore("", ["the"])).toEqual({ exact: 1, f1: 1 }); // nothing is left of it
});

test("Chinese answers are compared by characters: the longest shared run, without punctuation", () => {
  expect(answerCharacters("2018年，春 天ABC cd")).toEqual(["2018", "年", "春", "天", "abc", "cd"]);
  expect(answerScore("北京市", ["北京"])).toEqual({ exact: 0, f1: (2 * 2) / 5 });
  expect(answerScore("《红楼梦》", ["红楼梦"])).toEqual({ exact: 1, f1: 1 });
  expect(answerScore("红梦楼", ["红楼梦"]).f1).toBeCloseTo(1 / 3); // in another order only one character is a run
  expect(answerScore("南", ["北京"])).toEqual({ exact: 0, f1: 0 });
});
