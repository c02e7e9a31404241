// Scores of single-label classification: per class and per group, calibrated on dev. Never holds rows × classes beyond the logits.

import {
  accuracy,
  averageScores,
  classificationReport,
  confusionMatrix,
  confusionsOf,
  keptConfusions,
  listedProbabilities,
  macroF1Score,
  mostListed,
  onRows,
  type StatedProbabilities,
  shareScore,
  sparseClassRecords,
} from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import { fitTemperature } from "../../predict/index.ts";
import { type Comparison, groupScores, type Logits, type Metrics, type Rows, type Scoring } from "../scoring.ts";
import type { Answered } from "../task.ts";
import { classesRecord, classTable, intervalText } from "./class-table.ts";
import { calibrationRecord } from "./stated.ts";

export function singleLabelMetrics(
  scoring: Scoring,
  labels: readonly string[],
  { dev, devLogits, test, testLogits }: Answered,
): Metrics {
  const { language } = scoring;
  const at = new Map(labels.map((label, k) => [label, k]));
  const { temperature, rows: calibrated } = temperatureOf(
    dev.map((r) => at.get(r.labels[0]!)!),
    devLogits,
  );
  const truth = test.map((r) => r.labels[0]!);
  const truthNumbers = truth.map((label) => at.get(label) ?? -1);
  const answers = testLogits.map((row) => answerOf(row, temperature));
  const numbers = answers.map((a) => a.best);
  const predicted = numbers.map((k) => labels[k]!);
  const rights = numbers.map((k, i) => Number(k === truthNumbers[i]));
  const occurring = new Set([...truth, ...predicted]);
  const report = classificationReport(truth, predicted, { labels: labels.filter((label) => occurring.has(label)) });
  const right = shareScore(test, (i) => rights[i]!);
  const eventsOf = (i: number): [number, 0 | 1][] =>
    rights[i] ? [[numbers[i]!, 1]] : [truthNumbers[i]!, numbers[i]!].map((k) => [k, 0]);
  const every = Int32Array.from(test.keys());
  const [accuracyScore, macroF1] = [right(every), macroF1Score(test, labels.length, eventsOf)(every)];
  const stated: StatedProbabilities = (i, put) => put(answers[i]!.confidence, rights[i]!);
  const honest = calibrationRecord(test, "answers", stated, (i, put) =>
    put(answerOf(testLogits[i]!, 1).confidence, rights[i]!),
  )!; // rows are there, and each has an answer
  const classes = sparseClassRecords(
    test,
    labels,
    truthNumbers.map((k) => [k]),
    numbers.map((k) => [k]),
  );
  const positive = positiveOf(scoring, at);
  return {
    record: {
      temperature,
      accuracy: accuracyScore,
      macroF1,
      ...honest,
      ...classesRecord(classes, report),
      confusion: confusionRecord(labels, truthNumbers, numbers),
      groups: groupScores(scoring, test, "accuracy", right),
    },
    classes,
    predictions: test.map((row, i) => ({
      place: row.place,
      truth: truth[i],
      predicted: predicted[i],
      probabilities: listedProbabilities(labels, testLogits[i]!, answers[i]!.probability, [
        truthNumbers[i]!,
        ...positive,
      ]),
      attributes: row.attributes,
    })),
    comparison: {
      answers: predicted,
      scores: singleLabelScores(test),
    },
    stated,
    summary: { temperature, accuracy: accuracyScore, macroF1, ece: honest.calibration.ece },
    text: `${classTable(report, language)}\n${say(language, "evaluate.single", {
      accuracy: intervalText(accuracyScore),
      macroF1: intervalText(macroF1),
      error: intervalText(honest.calibrationError),
      temperature: temperature.toFixed(2),
      rows: calibrated,
    })}`,
  };
}

/** Scores of answers to rows, whoever gave them. */
export function singleLabelScores(rows: Rows): Comparison["scores"] {
  const truth = rows.map((row) => row.labels[0]!);
  return {
    macroF1: (given) => onRows((t, p) => averageScores(t, p, "macro").fScore, truth, given.map(String)),
    accuracy: (given) => onRows((t, p) => accuracy(t, p), truth, given.map(String)),
  };
}

/** Most logits that a temperature is fitted on: more rows would change it by less than its own uncertainty. */
const mostLogits = 2e7;

function temperatureOf(truth: readonly number[], logits: Logits): { temperature: number; rows: number } {
  if (!truth.length) return { temperature: 1, rows: 0 };
  const step = Math.ceil((truth.length * logits[0]!.length) / mostLogits);
  const some = <T>(all: readonly T[]) => all.filter((_, i) => i % step === 0);
  return { temperature: fitTemperature(some(logits), some(truth)), rows: some(truth).length };
}

/** The likeliest class of a row, its probability, and what makes a probability of a logit. */
function answerOf(row: Float32Array, temperature: number) {
  let best = 0;
  for (let k = 1; k < row.length; k++) if (row[k]! > row[best]!) best = k;
  const largest = row[best]! / temperature;
  const sum = row.reduce((all, x) => all + Math.exp(x / temperature - largest), 0);
  return { best, confidence: 1 / sum, probability: (x: number) => Math.exp(x / temperature - largest) / sum };
}

/** The label whose decisions the audit of fairness compares: its probability is kept for every row. */
function positiveOf({ positive }: Scoring, at: ReadonlyMap<string, number>): number[] {
  const k = positive === undefined ? undefined : at.get(positive);
  return k === undefined ? [] : [k];
}

/** The matrix, or of many classes the most frequent confusions. */
function confusionRecord(labels: readonly string[], truth: readonly number[], predicted: readonly number[]) {
  if (labels.length <= mostListed) {
    const { matrix } = confusionMatrix(truth, predicted, { labels: [...labels.keys()] });
    return { labels, counts: matrix };
  }
  const found = confusionsOf(labels, truth, predicted);
  const right = truth.reduce((n, t, i) => n + Number(t === predicted[i]), 0);
  return { rows: truth.length, right, kinds: found.length, most: found.slice(0, keptConfusions) };
}
