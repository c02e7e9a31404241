// From beginnings and ends to answers.
import { expect, test } from "vitest";
import { quotesOf } from "./quotes.ts";

const context = "in Paris, France";
const window = {
  row: 0,
  ids: [],
  typeIds: [],
  first: 2,
  offsets: [
    [0, 2],
    [2, 8],
    [8, 9],
    [9, 16],
  ],
} as const;
/** Logits of the window's six tokens: [beginning, end] of each. */
const logits = [0, 0, 9, 9, 1, 0, 5, 4, 0, 0, 2, 5];

test("the likeliest span is exactly what stands in the text, and others follow", () => {
  const [first, second] = quotesOf(context, [window], [logits], 3);
  expect(first).toMatchObject({ text: "Paris, France", start: 3, end: 16, score: 10 });
  expect(second).toMatchObject({ text: "Paris", start: 3, end: 8, score: 9 });
  for (const { text, start, end } of quotesOf(context, [window], [logits], 99))
    expect(context.slice(start, end)).toBe(text);
});

test("an answer is no longer than asked, and never ends before it begins", () => {
  expect(quotesOf(context, [window], [logits], 1, { longest: 1 })[0]!.text).toBe("Paris");
  const backwards = [0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0];
  expect(quotesOf(context, [window], [backwards], 99).every(({ start, end }) => end >= start)).toBe(true);
});

test("there is no answer where every window says so more surely, unless there has to be one", () => {
  const silent = [20, 20, ...logits.slice(2)];
  expect(quotesOf(context, [window], [silent], 1)).toMatchObject([{ text: "", start: 0, end: 0, score: 40 }]);
  expect(quotesOf(context, [window], [silent], 1, { none: false })[0]!.text).toBe("Paris, France");
  expect(quotesOf(context, [window, window], [silent, logits], 1)[0]!.text).toBe("Paris, France");
  expect(quotesOf("", [{ ...window, offsets: [] }], [silent], 1, { none: false })[0]!.text).toBe("");
});

test("a probability is that of the beginning times that of the end, among the text's tokens and the first, which stands for none", () => {
  const share = (k: 0 | 1, token: number) => {
    const powers = [0, 2, 3, 4, 5].map((t) => Math.exp(logits[2 * t + k]!)); // the second token is of the question
    return Math.exp(logits[2 * token + k]!) / powers.reduce((a, b) => a + b);
  };
  const found = quotesOf(context, [window], [logits], 99);
  expect(found[0]!.probability).toBeCloseTo(share(0, 3) * share(1, 5), 12);
  expect(found.find(({ text }) => text === "")!.probability).toBeCloseTo(share(0, 0) * share(1, 0), 12);
  expect(found.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThan(1);
});
