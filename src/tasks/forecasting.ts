// Quantiles of the steps to come of a series. Judged by the weighted quantile loss, beside forecasts that need no model.
import { forecastMetrics, forecastScores, forecastSumsOf, weightedLoss } from "./scores/forecasting.ts";
import type { ForecastTask } from "./task.ts";

export const forecasting: ForecastTask<"forecasting"> = {
  name: "forecasting",
  head: "quantiles",
  reads: "future",
  forecasts: true,
  numeric: false,
  exclusive: false,
  separated: false,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst.errors",
    number: "report.error",
  },
  wrongMeans: "furthest tenth",
  devScore: { name: "wql", tracked: "dev_wql", better: "lower" },
  headLabels: () => undefined,
  classesOf: () => [],
  positives: () => [],
  compared: ({ predictions, test }) => {
    const levels = (predictions[0]?.levels as readonly number[] | undefined) ?? [0.5];
    return {
      answers: predictions.map((p) => (p.quantiles as readonly (readonly number[])[]).flat()),
      scores: forecastScores(test, levels),
      isError: true,
    };
  },
  /** Forecasts whose loss in units of the naive one's is in the highest tenth. */
  wrong(predictions) {
    const losses = predictions.map((p) => Number(p.loss));
    const limit = [...losses].sort((a, b) => a - b)[Math.floor(0.9 * losses.length)]!;
    return losses.map((loss) => Number(loss > limit));
  },
  scored: (rows, levels, forecasts) => weightedLoss(forecastSumsOf(rows, levels, forecasts)),
  metrics: forecastMetrics,
};
