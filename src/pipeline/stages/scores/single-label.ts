// Scores of single-label classification: per class and per group, calibrated on dev.
import { random } from "../../../base/index.ts";
import {
  accuracy,
  averageScores,
  bootstrap,
  calibration,
  classificationReport,
  confusionMatrix,
  onRows,
  renderReport,
  reportRecord,
} from "../../../eval/index.ts";
import { fitTemperature, softmax } from "../../../predict/index.ts";
import type { Recipe } from "../../recipe.ts";
import { intervalOf, type Logits, type Metrics, type Rows } from "./metrics.ts";

export function singleLabelMetrics(
  recipe: Recipe,
  labels: readonly string[],
  { dev, devLogits, test, testLogits }: { dev: Rows; devLogits: Logits; test: Rows; testLogits: Logits },
): Metrics {
  const indexOf = (rows: Rows) => rows.map((r) => labels.indexOf(r.labels[0]!));
  const temperature = dev.length ? fitTemperature(devLogits, indexOf(dev)) : 1;
  const probabilities = testLogits.map((row) => softmax(row, temperature));
  const truth = test.map((r) => r.labels[0]!);
  const predicted = probabilities.map((p) => labels[p.indexOf(Math.max(...p))]!);
  const report = classificationReport(truth, predicted);
  const macro = onRows((t, p) => averageScores(t, p, "macro").fScore, truth, predicted);
  const right = onRows((t, p) => accuracy(t, p), truth, predicted);
  const [accuracyInterval, macroInterval] = [intervalOf(recipe, test, right), intervalOf(recipe, test, macro)];
  const reliability = calibration(indexOf(test), probabilities, { labels: labels.map((_, i) => i) });
  const table = renderReport(report, { digits: 3 });
  const shown = ({ value, low, high }: typeof macroInterval) =>
    `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  return {
    record: {
      temperature,
      accuracy: accuracyInterval,
      macroF1: macroInterval,
      calibration: reliability,
      report: reportRecord(report),
      confusion: { labels, counts: confusionMatrix(truth, predicted, { labels: [...labels] }) },
      groups: groupScores(recipe, test, truth, predicted),
    },
    predictions: test.map((row, i) => ({
      place: row.place,
      truth: truth[i],
      predicted: predicted[i],
      probabilities: Object.fromEntries(labels.map((label, k) => [label, Number(probabilities[i]![k]!.toFixed(6))])),
      attributes: row.attributes,
    })),
    summary: { temperature, accuracy: accuracyInterval, macroF1: macroInterval, ece: reliability.ece },
    text: `${table}\naccuracy ${shown(accuracyInterval)}, macro F1 ${shown(macroInterval)} (95 % intervals), calibration error ${reliability.ece.toFixed(3)} at temperature ${temperature.toFixed(2)}`,
  };
}

/** Accuracy of each value of each attribute, with its interval; small groups are not shown. */
function groupScores(
  { data, evaluate, seed }: Recipe,
  rows: Rows,
  truth: readonly string[],
  predicted: readonly string[],
) {
  const scores: Record<string, Record<string, unknown>> = {};
  for (const name of data.attributes) {
    const values = [...new Set(rows.map((r) => r.attributes[name] || "(none)"))].sort();
    scores[name] = Object.fromEntries(
      values.map((value) => {
        const own = rows.flatMap((r, i) => ((r.attributes[name] || "(none)") === value ? [i] : []));
        if (own.length < evaluate.smallestCell) return [value, { rows: `under ${evaluate.smallestCell}` }];
        const hit = Int32Array.from(own, (i) => Number(truth[i] === predicted[i]));
        const { estimate, low, high } = bootstrap(
          (picked) => picked.reduce((n, i) => n + hit[i]!, 0) / picked.length,
          own.length,
          {
            random: random(`group ${seed} ${name} ${value}`),
            resamples: evaluate.resamples,
            method: "percentile",
          },
        );
        return [value, { rows: own.length, accuracy: { value: estimate, low, high } }];
      }),
    );
  }
  return scores;
}
