// The model before and after, beside each other on the same rows, and numbers that change from one to the other with paired intervals.
import { random } from "../../base/index.ts";
import { bootstrapMany, type RowMetric, unitNames } from "../../eval/index.ts";
import type { Processor } from "../../modalities/index.ts";
import type { Measured } from "../../passport/index.ts";
import type { Predictor } from "../../predict/index.ts";
import type { Rows } from "../../tasks/index.ts";

/** One of the two models. */
export interface Side {
  /** As it answers: by its decisions, where it has some. */
  readonly predictor: Predictor<unknown>;
  /** The model by itself, which explanations are about. */
  readonly unadjusted: Predictor<unknown>;
  readonly processor: Processor;
}

/** A number of the model before, after, and after less before; intervals are of the same draws of rows. */
export interface Change {
  readonly before: Measured;
  readonly after: Measured;
  readonly change: Measured;
}

/** How intervals are drawn. */
export interface PairedDraws {
  readonly seed: number;
  readonly resamples: number;
}

/**
 * A metric of both models by the paired bootstrap: 95 % intervals, rows of one group drawn together.
 * @returns undefined where the metric is not defined on all rows
 */
export function pairedChange(
  name: string,
  before: RowMetric,
  after: RowMetric,
  rows: Rows,
  { seed, resamples }: PairedDraws,
): Change | undefined {
  if (rows.length < 2) return undefined;
  const [a, b, c] = bootstrapMany(
    (picked) => {
      const [x, y] = [before(picked), after(picked)];
      return [x, y, y - x];
    },
    rows.length,
    { random: random(`compression ${seed} ${name}`), resamples, clusters: unitNames(rows) },
  ).map(({ estimate, low, high }): Measured => ({ value: estimate, low, high }));
  if (!Number.isFinite(c!.value)) return undefined;
  return { before: a!, after: b!, change: c! };
}

/** Numbers without an interval. */
export const plainChange = (before: number, after: number): Change => ({
  before: { value: before },
  after: { value: after },
  change: { value: after - before },
});

/** Values by the names that gates give them. */
export const valuesOf = (changes: Readonly<Record<string, Change>>): Record<string, Measured> =>
  Object.fromEntries(
    Object.entries(changes).flatMap(([name, { before, after, change }]) => [
      [`compression.${name}.before`, before],
      [`compression.${name}.after`, after],
      [`compression.${name}.change`, change],
    ]),
  );
