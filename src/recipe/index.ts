// Recipes: what a run does, as data; and what a table suggests for one.

export { distinctLimit, lookAtTable, type TableFacts } from "./look-at-table.ts";
export { readRecipe, recipeText } from "./read-recipe.ts";
export { type Recipe, recipeSchema } from "./recipe.ts";
export type { AdapterRecipe } from "./recipe-adapter.ts";
export { type AuditName, type AuditSettings, auditNames, auditSchema } from "./recipe-audit.ts";
export {
  type CompressSettings,
  type CompressStepSettings,
  compressSchema,
  type QuantiseSettings,
} from "./recipe-compress.ts";
export { hasTestSplit, labellingOf, otherReading, readingOf, type TableWriting } from "./recipe-data.ts";
export { scoresPairs } from "./recipe-embedding.ts";
export { keyNamed } from "./recipe-keys.ts";
export {
  needsOf,
  type ObjectiveNeeds,
  type RecipeReward,
  rolloutsOf,
  type ValidationScore,
  validationScoreOf,
  type WritingObjective,
} from "./recipe-preferences.ts";
export { parametersOf, type SearchSection } from "./recipe-search.ts";
export { selectsEpoch } from "./recipe-selection.ts";
export { seriesReading } from "./recipe-series.ts";
export type {
  DistilStepSettings,
  LearningSettings,
  PruneSettings,
  PruningSettings,
  TrimSettings,
} from "./recipe-shrink.ts";
export { headsOf, taskColumns } from "./recipe-tasks.ts";
export { type ColumnFacts, likelyTask } from "./table-roles.ts";
