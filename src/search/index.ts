// Search for good settings: spaces, samplers, pruners and what a history says. Pure: a suggestion is a function of seed and history.

export { type Importance, type ImportanceOptions, importance } from "./importance.ts";
export { crowding, dominates, paretoFront, ranksOf } from "./pareto.ts";
export { type HalvingOptions, type HyperbandOptions, halvingPruner, hyperbandPruner } from "./pruners/halving.ts";
export { type MedianOptions, medianPruner } from "./pruners/median.ts";
export type { Pruner } from "./pruners/pruner.ts";
export { type GaussianProcessOptions, gaussianProcessSampler } from "./samplers/gaussian-process.ts";
export { type GridOptions, gridPoints, gridSampler } from "./samplers/grid.ts";
export { randomSampler } from "./samplers/random.ts";
export type { Sampler } from "./samplers/sampler.ts";
export { type TpeOptions, tpeSampler } from "./samplers/tpe.ts";
export {
  type Condition,
  checkedPoint,
  checkedSpace,
  isActive,
  type Parameter,
  type Point,
  type Range,
  type Space,
  type Value,
} from "./space.ts";
export { type SearchSettings, suggest } from "./suggest.ts";
export { bestFirst, bestOf, hasCosts, type Trial } from "./trials.ts";
export { toUnit } from "./unit.ts";
