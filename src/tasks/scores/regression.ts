// Scores of regression: how far off the numbers are, how much of their spread is explained, whether their order is right.
import {
  meanAbsoluteError,
  namedInterval,
  onRows,
  pearson,
  type RowMetric,
  r2,
  rootMeanSquaredError,
  type Score,
  spearman,
} from "../../eval/index.ts";
import {
  type Comparison,
  drawnScore,
  groupScores,
  type Metrics,
  type RowAnswer,
  type Rows,
  type Scoring,
} from "../scoring.ts";
import type { Answered } from "../task.ts";

/** R² of answers to numbers that differ. */
const r2Of = (truth: readonly number[], predicted: readonly number[]): number =>
  truth.every((y) => y === truth[0]) ? Number.NaN : r2(truth, predicted);

const metrics = {
  r2: r2Of,
  mae: meanAbsoluteError,
  rmse: rootMeanSquaredError,
  spearman,
  pearson,
} as const;
type Name = keyof typeof metrics;

/** Scores that are shown, the model's beside the baselines'. */
const shown = ["r2", "mae", "rmse", "spearman"] as const satisfies readonly Name[];

/** Scores of answers to rows, whoever gave them; the verdict's stands first. */
export function regressionScores(rows: Rows): Comparison["scores"] {
  const truth = rows.map((row) => row.value!);
  const names = ["mae", ...shown.filter((name) => name !== "mae")] as const;
  return Object.fromEntries(
    names.map((name) => [name, (answers: readonly RowAnswer[]) => onRows(metrics[name], truth, answers.map(Number))]),
  );
}

export function regressionMetrics(
  scoring: Scoring,
  { test, testLogits: logits }: Pick<Answered, "test" | "testLogits">,
): Metrics {
  const truth = test.map((r) => r.value!);
  const predicted = logits.map((row) => row[0]!);
  const every = Int32Array.from(test.keys());
  const of = (name: Name, answers: readonly unknown[]) => onRows(metrics[name], truth, answers as readonly number[]);
  /** Null where the rows define no score, such as the correlation of a constant. */
  const scoreOf = (name: Name, metric: RowMetric): Score | null => {
    if (test.length < 2 || !Number.isFinite(metric(every))) return null;
    return namedInterval(scoring, test, name, metric);
  };
  const names = Object.keys(metrics) as Name[];
  const summary = Object.fromEntries(names.map((name) => [name, scoreOf(name, of(name, predicted))]));
  return {
    record: {
      ...summary,
      groups: groupScores(scoring, test, "mae", drawnScore(scoring, test, "mae", of("mae", predicted))),
    },
    predictions: test.map((row, i) => ({
      place: row.place,
      truth: truth[i],
      predicted: predicted[i],
      attributes: row.attributes,
    })),
    summary,
    text: "",
    comparison: {
      answers: predicted,
      isError: true,
      scores: regressionScores(test),
      scoreOf: (name, metric) => scoreOf(name as Name, metric),
      lines: shown,
    },
  };
}
