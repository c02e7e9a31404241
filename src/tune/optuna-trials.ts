// The trials of a study as Optuna has them: names of states, values in their own direction, distributions. Opens no file.
import type { Recipe, SearchSection } from "../recipe/index.ts";
import { hasCosts, type Range, type Space, type Value } from "../search/index.ts";
import { type Objective, signOf, valuesOf } from "./measure-trial.ts";
import type { StudyTrial } from "./study-store.ts";

/** What is told of a study. */
export interface StudyTrials {
  readonly recipe: Recipe;
  readonly search: SearchSection;
  readonly space: Space;
  readonly trials: readonly StudyTrial[];
}

/** A value of an Optuna categorical: lists and objects are none there, and are their JSON. */
export type OptunaValue = string | number | boolean | null;

/** A trial as Optuna has it. Times in milliseconds since 1970. */
export interface OptunaTrial {
  readonly number: number;
  readonly state: "COMPLETE" | "PRUNED" | "FAIL" | "RUNNING";
  /** By objective; of complete trials, and a pruned one's last value where there is one objective. */
  readonly values: Readonly<Partial<Record<Objective, number>>>;
  readonly params: ReadonlyMap<string, OptunaValue>;
  /** First objective by step; NaN where it was no number. */
  readonly intermediate: readonly { readonly step: number; readonly value: number }[];
  readonly started?: number;
  readonly ended?: number;
  readonly problem?: string;
}

/** Optuna's direction of an objective. */
export const directionOf = (recipe: Recipe, objective: Objective): "MAXIMIZE" | "MINIMIZE" =>
  signOf(recipe, objective) === -1 ? "MAXIMIZE" : "MINIMIZE";

/** The trials of a study as Optuna would have them. A trial without a number as its value has failed there. */
export const optunaTrials = ({ recipe, search, space, trials }: StudyTrials): OptunaTrial[] =>
  trials.map((trial): OptunaTrial => {
    const { number, state, point, curve, started, ended, problem } = trial;
    const sign = signOf(recipe, search.objectives[0]!);
    const intermediate = curve.map(({ step, cost }) => ({ step, value: 0 + sign * cost }));
    const last = intermediate.at(-1)?.value;
    const values = hasCosts(trial)
      ? valuesOf(recipe, search.objectives, trial.costs)
      : state === "pruned" && search.objectives.length === 1 && Number.isFinite(last)
        ? { [search.objectives[0]!]: last }
        : {};
    return {
      number,
      state: state === "finished" ? (hasCosts(trial) ? "COMPLETE" : "FAIL") : otherStates[state],
      values,
      params: new Map(space.flatMap(({ name }) => (name in point ? [[name, optunaValue(point[name]!)]] : []))),
      intermediate,
      ...(started !== undefined && { started }),
      ...(ended !== undefined && { ended }),
      ...(problem !== undefined && { problem }),
    };
  });

const otherStates = { pruned: "PRUNED", failed: "FAIL", running: "RUNNING" } as const;

const optunaValue = (value: Value): OptunaValue =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : value;

/** A range as Optuna's JSON of a distribution, and how a value is kept in it: itself, or the place of a choice. */
export function distributionOf(range: Range): { readonly json: string; kept(value: OptunaValue): number } {
  const json = (name: string, attributes: object) => JSON.stringify({ name, attributes });
  if (range.kind === "choice") {
    const choices = range.values.map(optunaValue);
    return { json: json("CategoricalDistribution", { choices }), kept: (value) => choices.indexOf(value) };
  }
  const { low, high, log, kind } = range;
  const whole = kind === "integer";
  return {
    json: json(whole ? "IntDistribution" : "FloatDistribution", { low, high, log, step: whole ? 1 : null }),
    kept: Number,
  };
}
