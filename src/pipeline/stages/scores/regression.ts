// Scores of regression.
import { meanAbsoluteError, onRows, pearson, r2, rootMeanSquaredError } from "../../../eval/index.ts";
import type { Recipe } from "../../recipe.ts";
import { drawnScore, groupScores, intervalOf, type Logits, type Metrics, type Rows } from "./metrics.ts";

export function regressionMetrics(recipe: Recipe, test: Rows, logits: Logits): Metrics {
  const truth = test.map((r) => r.value!);
  const predicted = logits.map((row) => row[0]!);
  const of = (metric: (t: number[], p: number[]) => number) =>
    intervalOf(recipe, test, onRows(metric, truth, predicted));
  const summary = { mae: of(meanAbsoluteError), rmse: of(rootMeanSquaredError), r2: of(r2), pearson: of(pearson) };
  return {
    record: {
      ...summary,
      groups: groupScores(recipe, test, "mae", drawnScore(recipe, test, onRows(meanAbsoluteError, truth, predicted))),
    },
    predictions: test.map((row, i) => ({
      place: row.place,
      truth: truth[i],
      predicted: predicted[i],
      attributes: row.attributes,
    })),
    summary,
    comparison: {
      answers: predicted,
      isError: true,
      scores: {
        mae: (answers) => onRows(meanAbsoluteError, truth, answers as number[]),
        r2: (answers) => onRows(r2, truth, answers as number[]),
      },
    },
  };
}
