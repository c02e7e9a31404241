// Any number of classes for each row, each decided by itself.
import { fitLabels } from "../baseline/index.ts";
import { averageScores } from "../eval/index.ts";
import { answeringHeads } from "../predict/index.ts";
import { decisionsAbout, differing, hot, macroF1OfSets } from "./decisions.ts";
import { multiLabelMetrics, multiLabelScores } from "./scores/multi-label.ts";
import type { RowTask } from "./task.ts";

export const multiLabel: RowTask<"multi-label"> = {
  name: "multi-label",
  head: "multi-label",
  reads: "labels",
  numeric: false,
  exclusive: false,
  separated: true,
  calibrated: false,
  shown: {
    classes: ["report.classes", "report.class"],
    worst: "report.worst",
    number: "report.probability",
  },
  wrongMeans: "error",
  devScore: { name: "macroF1", tracked: "dev_score", better: "higher" },
  headLabels: (classes) => [...classes],
  classesOf: (labels) => labels,
  positives: (labels) => labels,
  judged({ predictions, labels, positive }) {
    if (positive !== undefined) return decisionsAbout(positive, predictions);
    return {
      kind: "labels",
      names: labels,
      truth: predictions.map((p) => hot(labels, p.truth as string[])),
      predicted: predictions.map((p) => hot(labels, p.predicted as string[])),
    };
  },
  compared: ({ predictions, labels, test }) => ({
    answers: predictions.map(({ predicted }) => (Array.isArray(predicted) ? predicted.map(String) : [])),
    scores: multiLabelScores(labels, test),
  }),
  wrong: differing,
  target: (row, labels) => hot(labels, row.labels),
  scored: (rows, labels, outputs) =>
    averageScores(
      rows.map((row) => hot(labels, row.labels)),
      outputs.map((logits) => Array.from(logits, (x) => Number(x > 0))),
      "macro",
    ).fScore,
  outputs: answeringHeads["multi-label"].outputs,
  answerText: (logits, labels) => labels.filter((_, k) => logits[k]! > 0).join(";"),
  sureness: (logits, row, labels) =>
    labels.reduce((sum, label, k) => {
      const x = row.labels.includes(label) ? logits[k]! : -logits[k]!;
      return sum - Math.log1p(Math.exp(-x)); // log-likelihood of each answer, yes or no
    }, 0),
  constants: {
    majority: (rows, labels) =>
      labels.filter((label) => 2 * rows.filter((r) => r.labels.includes(label)).length > rows.length),
  },
  linear(labels, { rows, features }) {
    const targets = rows.map((r) => Float64Array.from(hot(labels, r.labels)));
    return {
      learn: (strength, start) => fitLabels(features, targets, { strength, start }),
      decode: (scores) => labels.filter((_, k) => scores[k]! > 0),
    };
  },
  linearScore: macroF1OfSets,
  firstLook: { name: "macroF1", of: macroF1OfSets },
  metrics: multiLabelMetrics,
};
