// Words gathered from windows, and the entities that their logits say.
import { expect, test } from "vitest";
import { entitiesOf, gatherWords } from "./word-logits.ts";

const labels = ["O", "B-LOC", "I-LOC"];
const row = {
  text: "to New York",
  words: [
    [0, 2],
    [3, 6],
    [7, 11],
  ] as const,
};
const window = (words: { word: number; token: number; continued: boolean }[]) => ({
  row: 0,
  ids: [1, 2, 3, 4],
  typeIds: [],
  words,
});
const at = (word: number, token: number, continued = false) => ({ word, token, continued });

test("words come from their own windows in the order of the text, padding and special tokens left out", () => {
  const logits = [Float32Array.from({ length: 15 }, (_, i) => i), Float32Array.from({ length: 12 }, (_, i) => 100 + i)];
  const [words] = gatherWords([row], [window([at(2, 1)]), window([at(0, 1), at(1, 2)])], logits, 3);
  expect(words!.map((w) => [...w.range, ...w.logits])).toEqual([
    [0, 2, 103, 104, 105],
    [3, 6, 106, 107, 108],
    [7, 11, 3, 4, 5],
  ]);
});

test("words that share a token are read as one stretch", () => {
  const [words] = gatherWords([row], [window([at(0, 1), at(1, 2), at(2, 2, true)])], [new Float32Array(12)], 3);
  expect(words!.map((w) => w.range)).toEqual([
    [0, 2],
    [3, 11],
  ]);
});

const said = (...best: number[]) =>
  best.map((label, i) => ({
    range: row.words[i]!,
    logits: Float32Array.from(labels, (_, k) => (k === label ? 2 : 0)),
  }));

test("an entity's probability is the mean of its words', calibrated; those below the threshold are left out", () => {
  const one = Math.exp(2) / (Math.exp(2) + 2);
  const [found, ...others] = entitiesOf(row.text, labels, said(0, 1, 2), {});
  expect(found).toEqual({ start: 3, end: 11, type: "LOC", text: "New York", probability: expect.closeTo(one, 9) });
  expect(others).toEqual([]);
  const [cooler] = entitiesOf(row.text, labels, said(0, 1, 2), { temperature: 2 });
  expect(cooler!.probability).toBeCloseTo(Math.exp(1) / (Math.exp(1) + 2), 9);
  expect(entitiesOf(row.text, labels, said(0, 1, 2), { abstain: 0.9 })).toEqual([]);
});

test("I- without B- starts an entity; B- after B- starts another", () => {
  const texts = (...best: number[]) => entitiesOf(row.text, labels, said(...best), {}).map((e) => e.text);
  expect([texts(0, 0, 2), texts(0, 1, 1), texts(0, 0, 0)]).toEqual([["York"], ["New", "York"], []]);
});

test("labels without prefixes give one answer a word", () =>
  expect(entitiesOf(row.text, ["O", "N", "V"], said(0, 1, 1), {}).map((e) => `${e.text}:${e.type}`)).toEqual([
    "New:N",
    "York:N",
  ]));
