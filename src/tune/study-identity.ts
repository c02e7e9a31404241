// What makes a study the same study: whatever determines its suggestions and scores. Its budgets may change.
import { canonicalJson } from "../base/index.ts";
import { type Recipe, recipeSchema, type SearchSection, validationScoreOf } from "../recipe/index.ts";
import { prepare } from "../stages/index.ts";
import { hashOf } from "../store/index.ts";
import { taskOf } from "../tasks/index.ts";

/** Parts of a recipe that determine a trial's model, besides the rows. */
const partsOf = ({ model, pretrain, adapt, seed, task, tasks, modality }: Recipe) => ({
  model,
  pretrain,
  adapt,
  seed,
  task,
  tasks,
  modality,
});

const asText = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)));

/** A study's settings as text; equal texts are of one study. */
export async function identityOf(recipe: Recipe, search: SearchSection, home: string): Promise<string> {
  const { space, sampler, startup, gridValues, pruner, objectives, seeds, first } = search;
  const rows = hashOf(await prepare.settings(recipe, home));
  const { name: score } = validationScoreOf(recipe);
  const judged = score !== taskOf(recipe.task).devScore.name && { score };
  const searched = { space, sampler, startup, gridValues, pruner, objectives, seeds, first };
  return asText({ ...partsOf(recipe), rows, ...judged, search: searched });
}

/**
 * Settings that an earlier version kept, as this one would: keys of the recipe that came since have their defaults. As they are where they
 * make no recipe.
 */
export function withDefaults({ name, version, data }: Recipe, kept: string): string {
  const { search, rows, score, ...parts } = JSON.parse(kept) as Readonly<Record<string, unknown>>;
  const found = recipeSchema.safeParse({ version, name, data, ...parts });
  if (!found.success) return kept;
  return asText({ ...partsOf(found.data), rows, ...(score !== undefined && { score }), search });
}
