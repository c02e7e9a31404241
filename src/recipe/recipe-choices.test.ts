// What recipes of multiple choice may not ask, and what only they may ask: each refused at its key.
import { expect, test } from "vitest";
import { recipeSchema } from "./recipe.ts";

const exam = { version: 1, name: "a", task: "multiple-choice", data: { file: "a.csv", choices: ["A", "B"] } };
const from = { from: "x" };
const faultAt = (recipe: object) =>
  recipeSchema.safeParse({ model: from, ...recipe }).error?.issues.map(({ path }) => path.join("."));

test("a recipe with a question and choices is whole, with a text before the choices too", () => {
  expect(faultAt(exam)).toBeUndefined();
  expect(faultAt({ ...exam, data: { file: "a.csv", choices: "options", pair: "question" } })).toBeUndefined();
});

test.each([
  [{ data: { file: "a.csv" } }, "data.choices"],
  [{ data: { file: "a.csv", choices: ["only"] } }, "data.choices"],
  [{ data: { ...exam.data, labels: ["a", "b"] } }, "data.labels"],
  [{ model: { ...from, pooling: "mean" } }, "model.pooling"],
  [{ model: { ...from, head: "mlp" } }, "model.head"],
  [{ adapt: { labelSmoothing: 0.1 } }, "adapt.labelSmoothing"],
  [{ adapt: { imbalance: { focal: 2 } } }, "adapt.imbalance.focal"],
  [{ adapt: { privacy: { epsilon: 1 } } }, "adapt.privacy"],
  [{ adapt: { mitigation: { weighting: "reweighing", attribute: "sex" } } }, "adapt.mitigation"],
  [{ audit: { fairness: {} } }, "audit"],
  [{ compress: {} }, "compress"],
])("multiple choice refuses %j at its key", (more, key) => {
  expect(faultAt({ ...exam, ...more })).toContain(key);
});

test("other tasks refuse choices", () => {
  expect(faultAt({ ...exam, task: "single-label" })).toContain("data.choices");
});
