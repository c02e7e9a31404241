// The median rule (Golovin 2017, Vizier): a trial stops when its best cost is above the median of the others' best costs up to the same step.
import { bestUntil, lastStep, type Pruner } from "./pruner.ts";

export interface MedianOptions {
  /** Finished trials before any is stopped. Default 5. */
  readonly startup?: number;
  /** Steps that every trial may take. Default 1. */
  readonly least?: number;
}

/** @example const stop = medianPruner({ startup: 5 })(trial, others); */
export const medianPruner =
  ({ startup = 5, least = 1 }: MedianOptions = {}): Pruner =>
  (trial, others) => {
    const step = lastStep(trial);
    const finished = others.filter(({ state, number }) => state === "finished" && number !== trial.number);
    if (step < least || finished.length < startup) return false;
    const costs = finished.flatMap((other) => bestUntil(other, step) ?? []).sort((a, b) => a - b);
    const own = bestUntil(trial, step);
    if (costs.length === 0 || own === undefined) return false;
    const middle = costs.length / 2;
    const median = costs.length % 2 ? costs[Math.floor(middle)]! : (costs[middle - 1]! + costs[middle]!) / 2;
    return own > median;
  };
