// What recipes of embeddings and of a CRF may not ask, and what only they may ask: each refused at its key.
import { expect, test } from "vitest";
import { recipeSchema } from "./recipe.ts";

const base = { version: 1, name: "x", data: { file: "a.csv" }, model: { scratch: {} } };
const faultPaths = (recipe: object) => {
  const read = recipeSchema.safeParse({ ...base, ...recipe });
  return read.success ? [] : read.error.issues.map(({ path }) => path.join("."));
};
const embeds = { task: "embeddings", data: { file: "a.csv", pair: "b" } };

test.each([
  [{ data: { file: "a.csv" } }, "data.pair"],
  [{ data: { file: "a.csv", pair: "b", labels: ["a", "b"] } }, "data.labels"],
  [{ adapt: { embedding: { loss: "triplet" } } }, "data.negative"],
  [{ adapt: { headFirst: {} } }, "adapt.headFirst"],
  [{ adapt: { encoderRate: 0 } }, "adapt.encoderRate"],
  [{ adapt: { labelSmoothing: 0.1 } }, "adapt.labelSmoothing"],
  [{ adapt: { privacy: { epsilon: 8 } } }, "adapt.privacy"],
  [{ adapt: { mitigation: { augment: true } } }, "adapt.mitigation"],
  [{ adapt: { embedding: { range: [0, 5] } } }, "adapt.embedding.range"],
  [{ adapt: { embedding: { loss: "cosine", range: [5, 0] } } }, "adapt.embedding.range"],
  [{ data: { file: "a.csv", pair: "b", negative: "c" }, adapt: { embedding: { loss: "cosent" } } }, "data.negative"],
  [{ adapt: { accumulate: 2, embedding: { loss: "cosent" } } }, "adapt.accumulate"],
  [{ evaluate: { words: true }, adapt: { embedding: { loss: "cosine" } } }, "evaluate.words"],
  [{ audit: {} }, "audit"],
  [{ compress: { steps: [{ quantise: "int8" }] } }, "compress"],
  [{ modality: "image" }, "task"],
])("%j is refused where a model makes vectors", (recipe, path) => {
  expect(faultPaths(embeds)).toEqual([]);
  expect(faultPaths({ ...embeds, ...recipe })).toContain(path);
});

test.each([
  [{ data: { file: "a.csv", pair: "b", negative: "c" } }, "data.negative"],
  [{ model: { scratch: {}, pooling: "last" } }, "model.pooling"],
  [{ adapt: { embedding: { scale: 10 } } }, "adapt.embedding"],
])("%j is refused where none makes vectors, and read where one does", (recipe, path) => {
  expect(faultPaths(recipe)).toContain(path);
  expect(faultPaths({ ...embeds, ...recipe })).toEqual([]);
});

test("a CRF is for entities, and is refused in private training and in studies", () => {
  const crf = { model: { scratch: {}, head: "crf" } };
  expect(faultPaths({ ...crf, task: "entities" })).toEqual([]);
  expect(faultPaths(crf)).toContain("model.head");
  expect(faultPaths({ ...crf, task: "entities", adapt: { privacy: { epsilon: 8 } } })).toContain("model.head");
});
