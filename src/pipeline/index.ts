// Recipes and the stages that carry them out.
export { readRecipe } from "./read-recipe.ts";
export { type Recipe, recipeJsonSchema, recipeSchema } from "./recipe.ts";
export { type PlannedStage, planRecipe, type RunOptions, runRecipe } from "./run.ts";
export type { RunEvent } from "./stage.ts";
