// The model's scores beside those of simple models on the same rows, and how far they lie apart. Knows no task.

import type { Baseline } from "../artifacts/index.ts";
import { random } from "../base/index.ts";
import { pairedBootstrap, type RowMetric, unitNames } from "../eval/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { BaselineRecord } from "../report/index.ts";
import type { Comparison, Rows } from "../tasks/index.ts";

/** @returns undefined without test rows or baselines */
export function besideBaselines(
  recipe: Recipe,
  rows: Rows,
  { answers, scores, isError = false, scoreOf: scored }: Comparison,
  baselines: readonly Baseline[],
): BaselineRecord | undefined {
  const [first] = Object.entries(scores);
  if (!first || !baselines.length || !rows.length) return undefined;
  const [score, scoreOf] = first;
  const every = Int32Array.from(rows.keys());
  const models = Object.fromEntries(
    baselines.map(({ name, answers: baselineAnswers, rows: fitted, ...facts }) => {
      const found = Object.entries(scores).map(
        ([key, of]) => [key, scored ? scored(key, of(baselineAnswers)) : of(baselineAnswers)(every)] as const,
      );
      return [name, { rows: fitted, ...definedOf(facts), ...Object.fromEntries(found) }];
    }),
  );
  const sign = isError ? -1 : 1;
  const value = (b: Baseline) => sign * scoreOf(b.answers)(every);
  const best = baselines.reduce((a, b) => (value(b) > value(a) ? b : a));
  const [left, other] = isError ? [best.answers, answers] : [answers, best.answers];
  const draws = { stream: `baselines ${recipe.seed}`, resamples: recipe.evaluate.resamples };
  return { score, models, best: best.name, ...pairedDifference(scoreOf(left), scoreOf(other), rows, draws) };
}

/** How far two scores lie apart on the same rows: the first less the second, by the paired bootstrap. */
export function pairedDifference(
  first: RowMetric,
  second: RowMetric,
  rows: Rows,
  { stream, resamples }: { readonly stream: string; readonly resamples: number },
): Pick<BaselineRecord, "difference" | "verdict"> {
  const { estimate, low, high, values, standardError } = pairedBootstrap(first, second, rows.length, {
    random: random(stream),
    resamples,
    method: "percentile",
    clusters: unitNames(rows),
  });
  const drawn = values.filter((x) => !Number.isNaN(x));
  const bias = Math.abs(drawn.reduce((sum, x) => sum + x, 0) / drawn.length - estimate);
  if (bias > mostBias * standardError + 1e-9) {
    const difference = { value: estimate, low: Number.NaN, high: Number.NaN, withheld: "redrawn" as const };
    return { difference, verdict: "untold" };
  }
  const verdict = low > 0 ? "better" : high < 0 ? "worse" : "no-difference";
  return { difference: { value: estimate, low, high }, verdict };
}

/**
 * Redrawn rows lose classes where classes have a row or two, so that their macro F1 is of other classes than that of all rows. Where draws lie
 * to one side by more standard errors than this, their percentiles are no interval (they may not even hold the estimate).
 */
const mostBias = 0.5;

const definedOf = (facts: Readonly<Record<string, number | string | undefined>>) =>
  Object.fromEntries(Object.entries(facts).filter((e): e is [string, number | string] => e[1] !== undefined));
