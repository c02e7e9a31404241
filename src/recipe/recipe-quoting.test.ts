// What recipes of question answering may not ask, and what only they may ask: each refused at its key.
import { expect, test } from "vitest";
import { recipeSchema } from "./recipe.ts";

const quotes = { version: 1, name: "a", task: "question-answering", data: { file: "a.csv", pair: "b", answer: "c" } };
const from = { from: "x" };
const faultAt = (recipe: object) =>
  recipeSchema.safeParse({ model: from, ...recipe }).error?.issues.map(({ path }) => path.join("."));

test("a recipe with a question, a text and answers is whole", () => {
  expect(faultAt(quotes)).toBeUndefined();
});

test.each([
  [{ data: { file: "a.csv", answer: "c" } }, "data.pair"],
  [{ data: { file: "a.csv", pair: "b" } }, "data.answer"],
  [{ data: { ...quotes.data, rename: { a: "b" } } }, "data.rename"],
  [{ adapt: { labelSmoothing: 0.1 } }, "adapt.labelSmoothing"],
  [{ adapt: { tokenMasking: 0.1 } }, "adapt.tokenMasking"],
  [{ adapt: { privacy: { epsilon: 1 } } }, "adapt.privacy"],
  [{ audit: { fairness: {} } }, "audit"],
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
