// One of several classes for each row.
import { logitOfLabel } from "../attacks/index.ts";
import { mostFrequent } from "../base/index.ts";
import { fitClasses } from "../baseline/index.ts";
import { averageScores, mostListed } from "../eval/index.ts";
import { answeringHeads } from "../predict/index.ts";
import { decisionsAbout, differing, macroF1OfLabels } from "./decisions.ts";
import { singleLabelMetrics, singleLabelScores } from "./scores/single-label.ts";
import type { RowTask } from "./task.ts";

/** The number of the largest value. */
export const best = (values: ArrayLike<number>): number => {
  const all = Array.from(values);
  return all.indexOf(Math.max(...all));
};

export const singleLabel: RowTask<"single-label"> = {
  name: "single-label",
  head: "single-label",
  reads: "label",
  numeric: false,
  exclusive: true,
  separated: false,
  calibrated: true,
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
      kind: "classes",
      names: labels,
      truth: predictions.map((p) => labels.indexOf(String(p.truth))),
      predicted: predictions.map((p) => labels.indexOf(String(p.predicted))),
      // of very many classes predictions.jsonl has the likeliest probabilities only: what needs all is not measured
      probabilities:
        labels.length > mostListed
          ? undefined
          : predictions.map((p) => labels.map((label) => p.probabilities?.[label] ?? Number.NaN)),
    };
  },
  compared: ({ predictions, test }) => ({
    answers: predictions.map((p) => String(p.predicted)),
    scores: singleLabelScores(test),
  }),
  wrong: differing,
  target: (row, labels) => labels.indexOf(row.labels[0]!),
  scored: (rows, labels, outputs) =>
    averageScores(
      rows.map((row) => labels.indexOf(row.labels[0]!)),
      outputs.map(best),
      "macro",
    ).fScore,
  outputs: answeringHeads["single-label"].outputs,
  answerText: (logits, labels) => labels[best(logits)]!,
  sureness: (logits, row, labels) => logitOfLabel(logits, labels.indexOf(row.labels[0]!)),
  constants: { majority: (rows) => mostFrequent(rows.map((r) => r.labels[0]!))! },
  linear(labels, { rows, features }) {
    const at = new Map(labels.map((label, i) => [label, i]));
    const numbers = rows.map((r) => at.get(r.labels[0]!)!);
    return {
      learn: (strength, start) => fitClasses(features, numbers, labels.length, { strength, start }),
      decode: (scores) => labels[best(scores)]!,
    };
  },
  linearScore: macroF1OfLabels,
  firstLook: { name: "macroF1", of: macroF1OfLabels },
  metrics: singleLabelMetrics,
};
