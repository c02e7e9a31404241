// What tasks over labels share: answers as decisions about one label, and answers that differ from the truth. Pure.

import { averageScores } from "../eval/index.ts";
import type { Judged } from "../fairness/index.ts";
import type { RowAnswer, Rows } from "./scoring.ts";
import type { Prediction } from "./task.ts";

/** Whether rows have a label, and are given it. */
export function decisionsAbout(positive: string, predictions: readonly Prediction[]): Judged {
  const has = (value: unknown) => Number(Array.isArray(value) ? value.includes(positive) : value === positive);
  return {
    kind: "decisions",
    truth: predictions.map((p) => has(p.truth)),
    predicted: predictions.map((p) => has(p.predicted)),
    scores: predictions.map((p) => p.probabilities?.[positive] ?? Number.NaN),
  };
}

/** 1 where the answer is not the truth; the order of several labels says nothing. */
export const differing = (predictions: readonly Prediction[]): number[] =>
  predictions.map((p) => Number(JSON.stringify(sorted(p.truth)) !== JSON.stringify(sorted(p.predicted))));

const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);

/** 1 for each label that is given, else 0. */
export const hot = (labels: readonly string[], given: readonly string[]): number[] =>
  labels.map((label) => Number(given.includes(label)));

/** Macro F1 of answers with one label. */
export const macroF1OfLabels = (_: readonly string[], rows: Rows, answers: readonly RowAnswer[]): number =>
  averageScores(
    rows.map((r) => r.labels[0]!),
    answers as readonly string[],
    "macro",
  ).fScore;

/** Macro F1 of answers with several labels. */
export const macroF1OfSets = (labels: readonly string[], rows: Rows, answers: readonly RowAnswer[]): number =>
  averageScores(
    rows.map((r) => hot(labels, r.labels)),
    (answers as readonly (readonly string[])[]).map((given) => hot(labels, given)),
    "macro",
  ).fScore;
