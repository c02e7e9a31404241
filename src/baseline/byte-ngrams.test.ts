// Counting bytes: the formula by hand, probabilities that add up to 1, and contexts that help.
import { expect, test } from "vitest";
import { byteNgrams } from "./byte-ngrams.ts";

test("a text costs what Witten and Bell's formula says, worked out by hand", () => {
  // "ab": without context a, b and the end were each seen once of 3, and 3 kinds leave 3 of 6 to 1/257
  const p = (1 + 3 / 257) / 6;
  expect(byteNgrams([{ text: "ab" }], { order: 0 }).bits("a")).toBeCloseTo(-2 * Math.log2(p), 10);
  // after a, b was seen once of 1, and 1 kind leaves half to the shorter context; the end after b likewise
  const after = (1 + p) / 2;
  expect(byteNgrams([{ text: "ab" }], { order: 1 }).bits("ab")).toBeCloseTo(-Math.log2(p * after * after), 10);
});

test("probabilities of all next symbols add up to 1", () => {
  const model = byteNgrams([{ text: "the cat sat on the mat" }, { text: "the dog" }], { order: 4 });
  const ends = 2 ** -model.bits("", "the ");
  let sum = ends;
  // one byte and then the end, over the end after that byte
  for (let byte = 0; byte < 128; byte++) {
    const text = String.fromCharCode(byte);
    sum += 2 ** (model.bits("", `the ${text}`) - model.bits(text, "the "));
  }
  expect(sum).toBeGreaterThan(0.99);
  expect(sum).toBeLessThanOrEqual(1 + 1e-9);
});

test("longer contexts foretell a repeated text better, and what stands before costs nothing", () => {
  const texts = [{ text: "to be or not to be" }];
  const [short, long] = [1, 5].map((order) => byteNgrams(texts, { order }).bits("to be or not to be"));
  expect(long!).toBeLessThan(short!);
  const model = byteNgrams([{ before: "2 + 2 = ", text: "4" }], { order: 6 });
  expect(model.bits("4", "2 + 2 = ")).toBeLessThan(model.bits("5", "2 + 2 = "));
  expect(model.bits("4", "2 + 2 = ")).toBeLessThan(model.bits("2 + 2 = 4"));
});
