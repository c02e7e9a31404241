import { expect, test } from "vitest";
import { entities } from "./entities.ts";

const labels = ["O", "B-LOC", "I-LOC"];
const row = {
  place: "t:1",
  text: "in Rome",
  labels: ["LOC"],
  attributes: {},
  spans: [{ start: 3, end: 7, type: "LOC" }],
};
/** The true tags have these logits, all others 0. */
const sureness = (outside: number, inside: number) =>
  entities.words &&
  entities.sureness(
    [
      { range: [0, 2], logits: Float32Array.of(outside, 0, 0) },
      { range: [3, 7], logits: Float32Array.of(0, inside, 0) },
    ],
    row,
    labels,
    "IOB2",
  );

test("how sure a model is of a sentence is the log-odds of e^(−mean cross-entropy) of its words' own tags", () => {
  const loss = (Math.log1p(2 * Math.exp(-3)) + Math.log1p(2 * Math.exp(-1))) / 2;
  const p = Math.exp(-loss);
  expect(sureness(3, 1)).toBeCloseTo(Math.log(p / (1 - p)), 6);
  expect(sureness(3, -1)).toBeLessThan(sureness(3, 1)!); // a word that it has wrong counts
  expect(sureness(60, 60)).toBeGreaterThan(sureness(20, 20)!);
  expect(sureness(1e4, 1e4)).toBeLessThan(100); // certain, and still a number
});
