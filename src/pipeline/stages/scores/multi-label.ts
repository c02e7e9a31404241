// Scores of multi-label classification.
import { averageScores, classificationReport, onRows } from "../../../eval/index.ts";
import { type Language, say } from "../../../messages/index.ts";
import type { Recipe } from "../../recipe.ts";
import { classTable, intervalText } from "./class-table.ts";
import {
  classRecords,
  groupScores,
  type Logits,
  type Metrics,
  macroF1Score,
  pooledF1Score,
  type Rows,
} from "./metrics.ts";

export function multiLabelMetrics(
  recipe: Recipe,
  labels: readonly string[],
  test: Rows,
  logits: Logits,
  language: Language,
): Metrics {
  const truth = test.map((r) => labels.map((l) => Number(r.labels.includes(l))));
  const predicted = logits.map((row) => Array.from(row, (x) => Number(x > 0)));
  /** Labels that a row has or is given: hits, and labels missed or given wrongly. */
  const events = test.map((_, i) =>
    labels.flatMap((_, k) => {
      const [t, p] = [truth[i]![k]!, predicted[i]![k]!];
      return t || p ? [[k, t && p ? 1 : 0] as [number, 0 | 1]] : [];
    }),
  );
  const micro = pooledF1Score(
    test,
    (i) => events[i]!.filter(([, hit]) => hit).length,
    (i) => events[i]!.length,
  );
  const every = Int32Array.from(test.keys());
  const macroF1 = macroF1Score(test, labels.length, (i) => events[i]!)(every);
  const microF1 = micro(every);
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
    classes: classRecords(test, labels, truth, predicted),
    groups: groupScores(recipe, test, "microF1", micro),
  };
  const hot = (answer: unknown) => labels.map((l) => Number((answer as readonly string[]).includes(l)));
  const by = (average: "macro" | "micro") => (answers: readonly unknown[]) =>
    onRows((t, p) => averageScores(t, p, average).fScore, truth, answers.map(hot));
  return {
    record,
    predictions,
    summary: { macroF1, microF1 },
    text: `${classTable(classificationReport(truth, predicted, { names: labels }), language)}
${say(language, "evaluate.several", { macroF1: intervalText(macroF1), microF1: intervalText(microF1) })}`,
    comparison: {
      answers: predictions.map((p) => p.predicted),
      scores: { macroF1: by("macro"), microF1: by("micro") },
    },
  };
}
