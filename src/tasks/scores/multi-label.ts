// Scores of multi-label classification. Holds the labels of a row as their numbers, never rows × labels beyond the logits.
import {
  averageScores,
  type ClassificationReport,
  classificationReport,
  listedProbabilities,
  macroF1Score,
  onRows,
  pooledF1Score,
  type StatedProbabilities,
  sparseClassRecords,
} from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import { type Comparison, groupScores, type Metrics, type RowAnswer, type Rows, type Scoring } from "../scoring.ts";
import type { Answered } from "../task.ts";
import { classesRecord, classTable, intervalText } from "./class-table.ts";
import { calibrationRecord, calibrationText } from "./stated.ts";

export function multiLabelMetrics(
  scoring: Scoring,
  labels: readonly string[],
  { test, testLogits: logits }: Pick<Answered, "test" | "testLogits">,
): Metrics {
  const { language } = scoring;
  const at = new Map(labels.map((label, k) => [label, k]));
  const numbersOf = (names: readonly string[]) => names.flatMap((name) => at.get(name) ?? []);
  const hot = (numbers: readonly number[]) => hotOf(numbers, labels.length);
  const truth = test.map((r) => numbersOf(r.labels));
  const predicted = logits.map((row) => numbersAbove(row, 0));
  /** Labels that a row has or is given: hits, and labels missed or given wrongly. */
  const events = test.map((_, i) => {
    const [actual, given] = [new Set(truth[i]), new Set(predicted[i])];
    return [...new Set([...actual, ...given])].map((k): [number, 0 | 1] => [k, actual.has(k) && given.has(k) ? 1 : 0]);
  });
  const micro = pooledF1Score(
    test,
    (i) => events[i]!.filter(([, hit]) => hit).length,
    (i) => events[i]!.length,
  );
  /** Each label of a row is a decision of its own: its probability, and whether the row has it. */
  const stated: StatedProbabilities = (i, put) => {
    const has = hot(truth[i]!);
    for (let k = 0; k < labels.length; k++) put(sigmoid(logits[i]![k]!), has[k]!);
  };
  const honest = calibrationRecord(test, "labels", stated);
  const every = Int32Array.from(test.keys());
  const macroF1 = macroF1Score(test, labels.length, (i) => events[i]!)(every);
  const microF1 = micro(every);
  const report: ClassificationReport = classificationReport(truth.map(hot), predicted.map(hot), { names: labels });
  const classes = sparseClassRecords(test, labels, truth, predicted);
  const predictions = test.map((row, i) => ({
    place: row.place,
    truth: row.labels,
    predicted: predicted[i]!.map((k) => labels[k]!),
    probabilities: listedProbabilities(labels, logits[i]!, sigmoid, [...truth[i]!, ...predicted[i]!]),
    attributes: row.attributes,
  }));
  return {
    record: {
      macroF1,
      microF1,
      ...honest,
      ...classesRecord(classes, report),
      groups: groupScores(scoring, test, "microF1", micro),
    },
    classes,
    predictions,
    stated,
    summary: { macroF1, microF1, ...(honest && { ece: honest.calibration.ece }) },
    text: `${classTable(report, language)}
${say(language, "evaluate.several", { macroF1: intervalText(macroF1), microF1: intervalText(microF1) })}${calibrationText(honest, language)}`,
    comparison: {
      answers: predictions.map((p) => p.predicted),
      scores: multiLabelScores(labels, test),
    },
  };
}

/** Scores of answers to rows, whoever gave them. */
export function multiLabelScores(labels: readonly string[], rows: Rows): Comparison["scores"] {
  const at = new Map(labels.map((label, k) => [label, k]));
  const hot = (names: readonly unknown[]) =>
    hotOf(
      names.flatMap((name) => at.get(String(name)) ?? []),
      labels.length,
    );
  const truth = rows.map((row) => hot(row.labels));
  const by = (average: "macro" | "micro") => (answers: readonly RowAnswer[]) =>
    onRows(
      (t, p) => averageScores(t, p, average).fScore,
      truth,
      answers.map((answer) => hot(Array.isArray(answer) ? answer : [])),
    );
  return { macroF1: by("macro"), microF1: by("micro") };
}

function hotOf(numbers: readonly number[], width: number): Uint8Array {
  const row = new Uint8Array(width);
  for (const k of numbers) row[k] = 1;
  return row;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function numbersAbove(row: ArrayLike<number>, least: number): number[] {
  const found: number[] = [];
  for (let k = 0; k < row.length; k++) if (row[k]! > least) found.push(k);
  return found;
}
