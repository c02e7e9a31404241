// Scores of multi-label classification.
import { averageScores, onRows } from "../../../eval/index.ts";
import type { Recipe } from "../../recipe.ts";
import { classRecords, groupScores, intervalOf, type Logits, type Metrics, type Rows } from "./metrics.ts";

export function multiLabelMetrics(recipe: Recipe, labels: readonly string[], test: Rows, logits: Logits): Metrics {
  const truth = test.map((r) => labels.map((l) => Number(r.labels.includes(l))));
  const predicted = logits.map((row) => Array.from(row, (x) => Number(x > 0)));
  const macroF1 = intervalOf(
    recipe,
    test,
    onRows((t, p) => averageScores(t, p, "macro").fScore, truth, predicted),
  );
  const micro = onRows((t, p) => averageScores(t, p, "micro").fScore, truth, predicted);
  const microF1 = intervalOf(recipe, test, micro);
  const predictions = test.map((row, i) => ({
    place: row.place,
    truth: row.labels,
    predicted: labels.filter((_, k) => predicted[i]![k] === 1),
    probabilities: Object.fromEntries(labels.map((label, k) => [label, 1 / (1 + Math.exp(-logits[i]![k]!))])),
    attributes: row.attributes,
  }));
  const record = {
    macroF1,
    microF1,
    classes: classRecords(recipe, test, labels, truth, predicted),
    groups: groupScores(recipe, test, "microF1", micro),
  };
  return { record, predictions, summary: { macroF1, microF1 } };
}
