// What a pruner is: whether a trial that has reached a step should stop there, as a function of the other trials' curves.
import type { Trial } from "../trials.ts";

/** Asked each time that a trial has a new last cost. The same arguments give the same answer. */
export type Pruner = (trial: Trial, others: readonly Trial[]) => boolean;

/** Lowest cost of a trial up to a step, or undefined where it has none. NaN counts as the worst. */
export function bestUntil({ curve }: Trial, step: number): number | undefined {
  const costs = curve
    .filter((at) => at.step <= step)
    .map(({ cost }) => (Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost));
  return costs.length ? Math.min(...costs) : undefined;
}

/** The last step of a trial. */
export const lastStep = ({ curve }: Trial): number => curve.at(-1)?.step ?? 0;
