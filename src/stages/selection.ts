// Choosing an epoch by the validation score in a run: what the recipe asks for, what is said of it, and its record.
import type { EpochSelection } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { say } from "../messages/index.ts";
import { type Recipe, selectsEpoch } from "../recipe/index.ts";
import type { Selected, SelectionOptions } from "../train/index.ts";
import type { PartScore } from "./part-examples.ts";
import type { StageContext } from "./stage.ts";

/** With fewer validation rows the choice of an epoch is largely chance. */
const fewRows = 30;

/**
 * Refuses a recipe that chooses an epoch where its table gives no validation rows, before anything is trained.
 * @param rows of the validation set
 * @throws E_CONFIG
 */
export function requireValidation(recipe: Recipe, rows: number): void {
  if (rows > 0 || !selectsEpoch(recipe)) return;
  const key = recipe.adapt.patience === undefined ? "adapt.keep" : "adapt.patience";
  throw new ConcordError("E_CONFIG", {
    operation: "read recipe",
    problem: `${key} needs validation rows, and the table gives none`,
    expected: "rows in the validation set",
    got: "0 rows",
    hint: `set data.split.dev or mark rows as dev in the split column, or leave out ${key}`,
    path: key,
  });
}

/** What a training job is told; undefined where every epoch runs and the last one is kept. */
export const selectionFor = (recipe: Recipe, { better }: PartScore): SelectionOptions | undefined =>
  selectsEpoch(recipe) ? { patience: recipe.adapt.patience, keep: recipe.adapt.keep ?? "last", better } : undefined;

/** Refuses as {@link requireValidation}, and warns of what makes the choice weak. @param rows of the validation set */
export function checkSelectionRows({ recipe, language, emit }: StageContext, rows: number): void {
  requireValidation(recipe, rows);
  if (!selectsEpoch(recipe)) return;
  const { patience, epochs } = recipe.adapt;
  const warn = (text: string) => emit({ kind: "warning", stage: "adapt", text });
  if (rows < fewRows) warn(say(language, "run.fewChoose", { rows }));
  if (patience !== undefined && patience >= epochs) warn(say(language, "run.neverStops", { patience, epochs }));
}

/** The record of a selection, as facts, metrics and the passport keep it. */
export function selectionRecord({ adapt }: Recipe, { name, better }: PartScore, selected: Selected): EpochSelection {
  const { best, ...rest } = selected;
  return {
    score: name,
    better,
    ...(adapt.patience !== undefined && { patience: adapt.patience }),
    keep: adapt.keep ?? "last",
    planned: adapt.epochs,
    ...rest,
    best: { epoch: best.epoch, score: Number.isNaN(best.score) ? null : best.score },
  };
}

/** Which epoch is kept, in words; undefined where it is the last. */
export function keptText(
  { recipe, language }: Pick<StageContext, "recipe" | "language">,
  score: PartScore,
  { best, kept, epochs }: Selected,
) {
  if (recipe.adapt.keep !== "best") return undefined;
  const name = say(language, `report.devScore.${score.name}`);
  return say(language, "run.keptBest", { kept, epochs, name, score: best.score.toFixed(4) });
}
