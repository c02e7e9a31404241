// Scores of forecasts: WQL, MASE, sMAPE, coverage and width of the interval, with intervals over origins; by horizon, and by group.
import { namedInterval, type RowMetric, type Score } from "../../eval/index.ts";
import {
  coverage,
  type ForecastSums,
  forecastSums,
  meanAbsoluteScaledError,
  relativeWidth,
  symmetricError,
  weightedQuantileLoss,
} from "../../series/index.ts";
import {
  type Comparison,
  drawnScore,
  groupScores,
  type Metrics,
  type RowAnswer,
  type Rows,
  type Scoring,
} from "../scoring.ts";
import type { Forecasted, FutureRow } from "../task.ts";

const numberOf = (value: number | null): number => value ?? Number.NaN;

/** What a row's steps to come were; rows of other kinds have none. */
export const futureOf = (row: Rows[number]): FutureRow => row as FutureRow;

/** Sums of each row's forecast. @param forecasts [steps · levels] of each row */
export const forecastSumsOf = (
  rows: Rows,
  levels: readonly number[],
  forecasts: readonly ArrayLike<number>[],
): ForecastSums[] =>
  rows.map((row, i) =>
    forecastSums(levels, {
      truth: futureOf(row).target.map(numberOf),
      quantiles: forecasts[i]!,
    }),
  );

export const weightedLoss = weightedQuantileLoss;

const names = ["wql", "mase", "smape", "coverage", "width"] as const;
type Name = (typeof names)[number];

/** Each score as a function of the forecasts of some rows. */
function metricOf(name: Name, rows: Rows, sums: readonly ForecastSums[]): RowMetric {
  const scales = rows.map((row) => numberOf(futureOf(row).scale));
  const of: Readonly<Record<Name, (sums: readonly ForecastSums[], scales: readonly number[]) => number>> = {
    wql: weightedQuantileLoss,
    mase: meanAbsoluteScaledError,
    smape: symmetricError,
    coverage,
    width: relativeWidth,
  };
  return (picked) => {
    const chosen = Array.from(picked, (i) => sums[i]!);
    return of[name](
      chosen,
      Array.from(picked, (i) => scales[i]!),
    );
  };
}

/** Scores of forecasts, whoever gave them; the verdict's stands first. @param levels of the quantiles */
export const forecastScores = (rows: Rows, levels: readonly number[]): Comparison["scores"] =>
  Object.fromEntries(
    names.map((name) => [
      name,
      (answers: readonly RowAnswer[]) =>
        metricOf(name, rows, forecastSumsOf(rows, levels, answers as readonly (readonly number[])[])),
    ]),
  );

/** Mean scaled error of each step to come, over rows whose scale is known. */
function errorsByStep(rows: Rows, levels: readonly number[], forecasts: readonly ArrayLike<number>[]): number[] {
  const middle = levels.indexOf(0.5);
  const steps = futureOf(rows[0]!).target.length;
  return Array.from({ length: steps }, (_, k) => {
    const errors = rows.flatMap((row, i) => {
      const { target, scale } = futureOf(row);
      const y = target[k]!;
      return y === null || scale === null || scale === 0
        ? []
        : [Math.abs(y - forecasts[i]![k * levels.length + middle]!) / scale];
    });
    return errors.reduce((a, b) => a + b, 0) / Math.max(1, errors.length);
  });
}

export function forecastMetrics(scoring: Scoring, { test, levels, forecasts }: Forecasted): Metrics {
  const sums = forecastSumsOf(test, levels, forecasts);
  const every = Int32Array.from(test.keys());
  /** Null where the rows define no score: MASE of series that never change. */
  const scoreOf = (name: Name, metric: RowMetric): Score | null =>
    test.length < 2 || !Number.isFinite(metric(every)) ? null : namedInterval(scoring, test, name, metric);
  const summary = Object.fromEntries(names.map((name) => [name, scoreOf(name, metricOf(name, test, sums))]));
  const interval = [levels[0]!, levels.at(-1)!];
  return {
    record: {
      ...summary,
      levels,
      interval: { from: interval[0], to: interval[1], nominal: interval[1]! - interval[0]! },
      errorByStep: errorsByStep(test, levels, forecasts),
      groups: groupScores(scoring, test, "wql", drawnScore(scoring, test, "wql", metricOf("wql", test, sums))),
    },
    predictions: test.map((row, i) => forecastLine(row, levels, forecasts[i]!, sums[i]!)),
    summary,
    text: "",
    // values that are all 0 have no loss relative to their size, and nothing to compare
    comparison: summary.wql
      ? {
          answers: forecasts.map((f) => Array.from(f)),
          isError: true,
          scores: forecastScores(test, levels),
          scoreOf: (name, metric) => scoreOf(name as Name, metric),
          lines: names,
        }
      : undefined,
  };
}

/** A line of predictions.jsonl: truth and quantiles by step, and the forecast's loss over the size of its truth. */
function forecastLine(
  row: Rows[number],
  levels: readonly number[],
  forecast: ArrayLike<number>,
  { loss, size }: ForecastSums,
) {
  const { series, next, target } = futureOf(row);
  const steps = target.map((_, k) => levels.map((_, q) => forecast[k * levels.length + q]!));
  const middle = levels.indexOf(0.5);
  return {
    place: row.place,
    ...(series && { series }),
    next,
    truth: target,
    predicted: steps.map((step) => step[middle]!),
    levels,
    quantiles: steps,
    loss: size > 0 ? loss / size : loss,
    attributes: row.attributes,
  };
}
