// What recipes of question answering may not ask, and what only they may ask: each refused at its key.
import { expect, test } from "vitest";
import { recipeSchema } from "./recipe.ts";

const quotes = { version: 1, name: "a", task: "question-answering", data: { file: "a.csv", pair: "b", answer: "c" } };
const from = { from: "x" };
const faultAt = (recipe: object) =>
  recipeSchema.safeParse({ model: from, ...recipe }).error?.issues.map(({ path }) => path.join("."));

test("a recipe with a question, a text and answers is whole", () => {
  expect(faultAt(quotes)).toBeUndefined();
  expect(faultAt({ ...quotes, audit: {} })).toBeUndefined(); // of groups and of changed questions
  expect(faultAt({ ...quotes, audit: { robustness: { typos: [0.2] }, privacy: false } })).toBeUndefined();
});

test.each([
  [{ data: { file: "a.csv", answer: "c" } }, "data.pair"],
  [{ data: { file: "a.csv", pair: "b" } }, "data.answer"],
  [{ data: { ...quotes.data, rename: { a: "b" } } }, "data.rename"],
  [{ adapt: { labelSmoothing: 0.1 } }, "adapt.labelSmoothing"],
  [{ adapt: { tokenMasking: 0.1 } }, "adapt.tokenMasking"],
  [{ adapt: { privacy: { epsilon: 1 } } }, "adapt.privacy"],
  [{ audit: { fairness: { positive: "a" } } }, "audit.fairness.positive"],
  [{ audit: { fairness: { baseline: "runs/a" } } }, "audit.fairness.baseline"],
  [{ audit: { privacy: { references: 2 } } }, "audit.privacy"],
  [{ audit: { explanation: { rows: 3 } } }, "audit.explanation"],
  [{ audit: { robustness: { perLabel: true } } }, "audit.robustness.perLabel"],
  [{ audit: { robustness: { perGroup: "sex" } } }, "audit.robustness.perGroup"],
  [{ compress: {} }, "compress"],
])("question answering refuses %j at its key", (more, key) => {
  expect(faultAt({ ...quotes, ...more })).toContain(key);
});

test.each([
  [{ data: { file: "a.csv", start: "s" } }, "data.start"],
  [{ adapt: { quoting: { longest: 5 } } }, "adapt.quoting"],
])("other tasks refuse %j", (more, key) => {
  expect(faultAt({ version: 1, name: "a", data: { file: "a.csv" }, ...more })).toContain(key);
});
