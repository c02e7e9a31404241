// Scores of single-label classification: per class and per group, calibrated on dev.
import { calibrationError } from "../../../audit/index.ts";
import {
  accuracy,
  averageScores,
  calibration,
  classificationReport,
  confusionMatrix,
  onRows,
  reportRecord,
} from "../../../eval/index.ts";
import { type Language, say } from "../../../messages/index.ts";
import { fitTemperature, softmax } from "../../../predict/index.ts";
import type { Recipe } from "../../recipe.ts";
import { classTable, intervalText } from "./class-table.ts";
import {
  classRecords,
  groupScores,
  type Logits,
  type Metrics,
  macroF1Score,
  type Rows,
  shareScore,
  unitNames,
} from "./metrics.ts";

export function singleLabelMetrics(
  recipe: Recipe,
  labels: readonly string[],
  { dev, devLogits, test, testLogits }: { dev: Rows; devLogits: Logits; test: Rows; testLogits: Logits },
  language: Language,
): Metrics {
  const indexOf = (rows: Rows) => rows.map((r) => labels.indexOf(r.labels[0]!));
  const temperature = dev.length ? fitTemperature(devLogits, indexOf(dev)) : 1;
  const probabilities = testLogits.map((row) => softmax(row, temperature));
  const truth = test.map((r) => r.labels[0]!);
  const predicted = probabilities.map((p) => labels[p.indexOf(Math.max(...p))]!);
  const report = classificationReport(truth, predicted);
  const right = shareScore(test, (i) => Number(truth[i] === predicted[i]));
  const at = new Map(labels.map((label, k) => [label, k]));
  const macro = macroF1Score(test, labels.length, (i) =>
    truth[i] === predicted[i] ? [[at.get(truth[i]!)!, 1]] : [truth[i]!, predicted[i]!].map((l) => [at.get(l)!, 0]),
  );
  const every = Int32Array.from(test.keys());
  const [accuracyInterval, macroInterval] = [right(every), macro(every)];
  const reliabilityOf = (rows: readonly number[][]) =>
    calibration(indexOf(test), rows, { labels: labels.map((_, i) => i) });
  const reliability = reliabilityOf(probabilities);
  const calibrationScore = calibrationError(
    probabilities.map((p) => Math.max(...p)),
    truth.map((t, i) => Number(t === predicted[i])),
    unitNames(test),
  );
  const hot = (names: readonly string[]) => names.map((name) => labels.map((l) => Number(l === name)));
  const scores = {
    accuracy: intervalText(accuracyInterval),
    macroF1: intervalText(macroInterval),
    error: intervalText(calibrationScore),
    temperature: temperature.toFixed(2),
    rows: dev.length,
  };
  return {
    record: {
      temperature,
      accuracy: accuracyInterval,
      macroF1: macroInterval,
      calibrationError: calibrationScore,
      calibration: reliability,
      uncalibrated: reliabilityOf(testLogits.map((row) => softmax(row))),
      classes: classRecords(test, labels, hot(truth), hot(predicted)),
      report: reportRecord(report),
      confusion: { labels, counts: confusionMatrix(truth, predicted, { labels: [...labels] }).matrix },
      groups: groupScores(recipe, test, "accuracy", right),
    },
    predictions: test.map((row, i) => ({
      place: row.place,
      truth: truth[i],
      predicted: predicted[i],
      probabilities: Object.fromEntries(labels.map((label, k) => [label, Number(probabilities[i]![k]!.toFixed(6))])),
      attributes: row.attributes,
    })),
    comparison: {
      answers: predicted,
      scores: {
        macroF1: (answers) => onRows((t, p) => averageScores(t, p, "macro").fScore, truth, answers as string[]),
        accuracy: (answers) => onRows((t, p) => accuracy(t, p), truth, answers as string[]),
      },
    },
    summary: { temperature, accuracy: accuracyInterval, macroF1: macroInterval, ece: reliability.ece },
    text: `${classTable(report, language)}\n${say(language, "evaluate.single", scores)}`,
  };
}
