// From what a recipe says of its search to samplers and pruners. Knows no trial.

import type { SearchSection } from "../recipe/index.ts";
import {
  gaussianProcessSampler,
  gridSampler,
  halvingPruner,
  hyperbandPruner,
  medianPruner,
  type Pruner,
  randomSampler,
  type Sampler,
  tpeSampler,
} from "../search/index.ts";

export const samplerOf = ({ sampler, startup, gridValues }: SearchSection): Sampler =>
  ({
    tpe: () => tpeSampler({ startup }),
    "gaussian-process": () => gaussianProcessSampler({ startup }),
    random: () => randomSampler(),
    grid: () => gridSampler({ values: gridValues }),
  })[sampler]();

/** @param epochs that a trial trains */
export const prunerOf = ({ pruner }: SearchSection, epochs: number): Pruner =>
  ({
    none: (): Pruner => () => false,
    median: () => medianPruner(),
    halving: () => halvingPruner(),
    hyperband: () => hyperbandPruner({ most: epochs }),
  })[pruner]();
