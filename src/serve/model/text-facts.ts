// What the server knows of a model that reads texts and gives no labels of its own.
import type { Model } from "../../models/index.ts";
import type { Recipe } from "../../recipe/index.ts";
import type { ModelFacts } from "./facts.ts";

/** @param more what it answers, and what else is its own */
export const textFacts = (
  model: Model,
  recipe: Pick<Recipe, "data"> | undefined,
  more: Pick<ModelFacts, "answers"> & Partial<ModelFacts>,
): ModelFacts => ({
  architecture: model.architecture,
  task: model.task,
  words: false,
  numeric: false,
  labels: [],
  reads: model.reads,
  pair: false,
  longestText: recipe?.data.longestText ?? 100_000,
  maxTokens: model.tokens!.maxLength,
  vocabulary: model.tokens!.vocabulary,
  segments: model.tokens!.types,
  offsets: "code-points",
  explains: false,
  ...more,
});
