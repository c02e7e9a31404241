// What a study says about its settings: how the best grew, which keys mattered, which trials no other one beats. Numbers only; knows no page.
import { hasCosts, importance, paretoFront, type Trial } from "../search/index.ts";
import { signOf } from "./measure-trial.ts";
import type { StudyTrials } from "./optuna-trials.ts";
import type { StudyTrial } from "./study-store.ts";

/** Finished trials with their costs. */
export const finishedOf = (trials: readonly StudyTrial[]) => trials.filter(hasCosts);

/** Of each finished trial: its value of the first objective, and the best until then. */
export function historyOf({ recipe, search, trials }: StudyTrials) {
  const sign = signOf(recipe, search.objectives[0]!);
  let best = Number.POSITIVE_INFINITY;
  return finishedOf(trials).map(({ number, costs }) => {
    best = Math.min(best, costs[0]!);
    return { number, value: sign * costs[0]!, best: sign * best };
  });
}

/** Finished trials from which importance is told. */
export const leastImportance = 8;

/** Shares of the variance that keys explain, the largest first; undefined for fewer trials than they can be told from. */
export const importanceOf = ({ recipe, space, trials }: StudyTrials) =>
  finishedOf(trials).length < leastImportance ? undefined : importance(space, trials, { seed: recipe.seed });

/** Finished trials of the front over all objectives; none where there is one objective. */
export function frontOf({ search, trials }: StudyTrials): (Trial & { readonly costs: readonly number[] })[] {
  if (search.objectives.length < 2) return [];
  const finished = finishedOf(trials);
  return paretoFront(finished.map(({ costs }) => costs)).map((i) => finished[i]!);
}
