// What a recipe of a model that writes may not ask, and what only it may ask: each refused at its key.
import { expect, test } from "vitest";
import { recipeSchema } from "./recipe.ts";

const base = { version: 1, name: "x", data: { file: "a.csv" }, model: { scratch: {} } };
const faultPaths = (recipe: object) => {
  const read = recipeSchema.safeParse({ ...base, ...recipe });
  return read.success ? [] : read.error.issues.map(({ path }) => path.join("."));
};
const writes = { task: "text-generation" };

test.each([
  [{ data: { file: "a.csv", pair: "b" } }, "data.pair"],
  [{ data: { file: "a.csv", labels: ["a", "b"] } }, "data.labels"],
  [{ data: { file: "a.csv", exclude: ["a"] } }, "data.exclude"],
  [{ data: { file: "a.csv", rename: { a: "b" } } }, "data.rename"],
  [{ model: { scratch: {}, pooling: "cls" } }, "model.pooling"],
  [{ pretrain: {} }, "pretrain"],
  [{ adapt: { headFirst: {} } }, "adapt.headFirst"],
  [{ adapt: { encoderRate: 0.5 } }, "adapt.encoderRate"],
  [{ adapt: { privacy: { epsilon: 8 } } }, "adapt.privacy"],
  [{ adapt: { tokenMasking: 0.1 } }, "adapt.tokenMasking"],
  [{ adapt: { mitigation: { augment: true } } }, "adapt.mitigation"],
  [{ audit: {} }, "audit"],
  [{ compress: { steps: [{ quantise: "int8" }] } }, "compress"],
])("%j is refused where a model writes", (recipe, path) => {
  expect(faultPaths({ ...writes, ...recipe })).toContain(path);
});

test.each([
  [{ data: { file: "a.csv", answer: "b" } }, "data.answer"],
  [{ model: { scratch: { decoder: "llama" } } }, "model.scratch.decoder"],
  [{ evaluate: { stride: 5 } }, "evaluate.stride"],
])("%j is refused where none writes, and read where one does", (recipe, path) => {
  expect(faultPaths(recipe)).toContain(path);
  expect(faultPaths({ ...writes, ...recipe })).toEqual([]);
});
