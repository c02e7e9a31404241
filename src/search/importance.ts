// How much of a cost's variance each parameter explains alone: functional ANOVA over a random forest (Hutter 2014, ICML). Knows no run.
import { ConcordError, random as stream } from "../base/index.ts";
import { forest, type Leaf } from "./forest.ts";
import type { Parameter, Space } from "./space.ts";
import { hasCosts, type Trial } from "./trials.ts";
import { toUnit } from "./unit.ts";

export interface Importance {
  readonly parameter: string;
  /** Share of the variance that the parameter explains by itself, 0 … 1; what is left of 1 lies in interactions. */
  readonly share: number;
}

export interface ImportanceOptions {
  /** Default 64. */
  readonly trees?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Number of the objective. Default 0. */
  readonly objective?: number;
}

/**
 * Parameters by their importance, the largest first. Choices are ordered by their mean cost; a parameter that a trial does not have is
 * drawn at random there, for it changes nothing.
 * @throws E_DATA with fewer than four finished trials
 * @example importance(space, trials)[0] // { parameter: "adapt.learningRate", share: 0.71 }
 */
export function importance(
  space: Space,
  trials: readonly Trial[],
  { trees = 64, seed = 0, objective = 0 }: ImportanceOptions = {},
): Importance[] {
  const finished = trials.filter(hasCosts);
  if (finished.length < 4)
    throw new ConcordError("E_DATA", {
      operation: "importance",
      problem: "there are too few finished trials",
      expected: "at least 4",
      got: `${finished.length}`,
    });
  const costs = finished.map((trial) => trial.costs[objective]!);
  const random = stream(seed);
  const places = space.map((parameter) => placesOf(parameter, finished, costs));
  const rows = finished.map((trial) =>
    Float64Array.from(space, ({ name }, i) => (trial.point[name] === undefined ? random.float() : places[i]!(trial))),
  );
  const grown = forest(rows, costs, random, { trees });
  return space
    .map(({ name }, i) => ({
      parameter: name,
      share: grown.reduce((sum, leaves) => sum + explained(leaves, i), 0) / grown.length,
    }))
    .sort((a, b) => b.share - a.share);
}

/** Places of a parameter's values in [0, 1]; choices in the order of their mean costs, so that one cut divides good from bad. */
function placesOf(
  { name, range }: Parameter,
  trials: readonly Trial[],
  costs: readonly number[],
): (trial: Trial) => number {
  const unit = ({ point }: Trial) => toUnit(range, point[name]!);
  if (range.kind !== "choice") return unit;
  const count = range.values.length;
  const cells = trials.map((trial) => (trial.point[name] === undefined ? -1 : Math.floor(unit(trial) * count)));
  const all = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  const means = range.values.map((_, cell) => {
    const own = costs.filter((_cost, i) => cells[i] === cell);
    return own.length ? own.reduce((sum, cost) => sum + cost, 0) / own.length : all;
  });
  const order = [...means.keys()].sort((a, b) => means[a]! - means[b]!);
  return (trial) => (order.indexOf(Math.floor(unit(trial) * count)) + 0.5) / count;
}

/** Share of one tree's variance over the cube that a dimension explains: Var of the marginal mean / Var of the tree. */
function explained(leaves: readonly Leaf[], dimension: number): number {
  const volume = ({ low, high }: Leaf, without = -1) =>
    low.reduce((product, from, d) => (d === without ? product : product * (high[d]! - from)), 1);
  const mean = leaves.reduce((sum, leaf) => sum + volume(leaf) * leaf.value, 0);
  const variance = leaves.reduce((sum, leaf) => sum + volume(leaf) * (leaf.value - mean) ** 2, 0);
  if (!(variance > 0)) return 0;
  const cuts = [...new Set(leaves.flatMap(({ low, high }) => [low[dimension]!, high[dimension]!]))].sort(
    (a, b) => a - b,
  );
  let own = 0;
  for (let i = 1; i < cuts.length; i++) {
    const middle = (cuts[i - 1]! + cuts[i]!) / 2;
    const marginal = leaves
      .filter(({ low, high }) => low[dimension]! <= middle && middle < high[dimension]!)
      .reduce((sum, leaf) => sum + volume(leaf, dimension) * leaf.value, 0);
    own += (cuts[i]! - cuts[i - 1]!) * (marginal - mean) ** 2;
  }
  return own / variance;
}
