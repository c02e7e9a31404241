// A number for each row, in its own unit.
import { fitNumber } from "../baseline/index.ts";
import { meanAbsoluteError, r2 } from "../eval/index.ts";
import { answeringHeads } from "../predict/index.ts";
import { regressionMetrics, regressionScores } from "./scores/regression.ts";
import type { Rows } from "./scoring.ts";
import type { RowTask } from "./task.ts";

const truthOf = (rows: Rows): number[] => rows.map((r) => r.value!);

export const regression: RowTask<"regression"> = {
  name: "regression",
  head: "regression",
  reads: "value",
  numeric: true,
  exclusive: false,
  separated: false,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst.errors",
    number: "report.error",
  },
  wrongMeans: "furthest tenth",
  devScore: { name: "mae", tracked: "dev_mae", better: "lower" },
  headLabels: () => undefined,
  classesOf: (labels) => labels,
  positives: () => [],
  judged: ({ predictions }) => ({
    kind: "numbers",
    truth: predictions.map((p) => Number(p.truth)),
    predicted: predictions.map((p) => Number(p.predicted)),
  }),
  compared: ({ predictions, test }) => ({
    answers: predictions.map((p) => Number(p.predicted)),
    scores: regressionScores(test),
    isError: true,
  }),
  wrong(predictions) {
    const misses = predictions.map((p) => Math.abs(Number(p.predicted) - Number(p.truth)));
    const limit = [...misses].sort((a, b) => a - b)[Math.floor(0.9 * misses.length)]!;
    return misses.map((m) => Number(m > limit));
  },
  target: (row) => [row.value!],
  scored: (rows, _, outputs) =>
    meanAbsoluteError(
      truthOf(rows),
      outputs.map((output) => output[0]!),
    ),
  outputs: answeringHeads.regression.outputs,
  answerText: (logits) => String(logits[0]),
  sureness: (logits, row, _, unit) => -(((logits[0]! - row.value!) / unit) ** 2), // without unit, as a log-likelihood
  constants: { majority: (rows) => rows.reduce((sum, r) => sum + r.value!, 0) / rows.length },
  /** Targets are standardised while fitting. */
  linear(_, { rows, features }) {
    const values = truthOf(rows);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) || 1;
    const scaled = values.map((v) => (v - mean) / std);
    return {
      learn: (strength, start) => fitNumber(features, scaled, { strength, start }),
      decode: (scores) => mean + std * scores[0]!,
    };
  },
  linearScore: (_, rows, answers) => -meanAbsoluteError(truthOf(rows), answers as readonly number[]),
  firstLook: { name: "r2", of: (_, rows, answers) => r2(truthOf(rows), answers as readonly number[]) },
  metrics: (scoring, _, answered) => regressionMetrics(scoring, answered),
};
