// evaluate: calibrates the model on dev, then says how good it is on test: scores with intervals, per class and per group.
import { join } from "node:path";
import { random } from "../../base/index.ts";
import { partNames, type TextRow } from "../../data/index.ts";
import { openTokenizer } from "../../data/node/index.ts";
import {
  accuracy,
  averageScores,
  bootstrap,
  calibration,
  classificationReport,
  confusionMatrix,
  meanAbsoluteError,
  onRows,
  pearson,
  r2,
  renderReport,
  reportRecord,
  rootMeanSquaredError,
} from "../../eval/index.ts";
import { loadModel } from "../../models/node/index.ts";
import { fitTemperature, softmax, textPredictor } from "../../predict/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import type { Recipe } from "../recipe.ts";
import type { Stage } from "../stage.ts";
import { readJsonLines, writeJson, writeJsonLines } from "./files.ts";

type Rows = readonly TextRow[];
type Logits = readonly Float32Array[];

export const evaluate: Stage = {
  name: "evaluate",
  version: 1,
  after: ["prepare", "adapt"],
  wanted: () => true,
  inputs: async ({ task, evaluate, model, data }) => ({
    task,
    evaluate,
    maxLength: model.maxLength,
    attributes: data.attributes,
  }),
  async work({ recipe, run, scratch, emit }) {
    const { model, weights } = await loadModel(join(run, "model"));
    const tokenizer = await openTokenizer(join(run, "model"));
    const predictor = await textPredictor(model, weights, tokenizer, cpuRuntime, { maxLength: recipe.model.maxLength });
    try {
      const [, dev, test] = await Promise.all(
        partNames.map((part) => (part === "train" ? [] : readJsonLines<TextRow>(join(run, "data", `${part}.jsonl`)))),
      );
      const logitsOf = (rows: Rows) =>
        predictor.logits(rows.map((r) => (r.pair === undefined ? r.text : [r.text, r.pair])));
      const [devLogits, testLogits] = [await logitsOf(dev!), await logitsOf(test!)];
      const labels = model.labels?.names ?? [];
      const metrics =
        recipe.task === "regression"
          ? regressionMetrics(recipe, test!, testLogits)
          : recipe.task === "multi-label"
            ? multiLabelMetrics(recipe, labels, test!, testLogits)
            : classMetrics(recipe, labels, { dev: dev!, devLogits, test: test!, testLogits });
      await writeJson(join(scratch, "metrics.json"), {
        format: "concord-metrics",
        version: 1,
        task: recipe.task,
        ...metrics.record,
      });
      await writeJsonLines(join(scratch, "predictions.jsonl"), metrics.predictions);
      if (metrics.text) emit({ kind: "note", stage: "evaluate", text: metrics.text });
      return { outputs: ["metrics.json", "predictions.jsonl"], summary: metrics.summary };
    } finally {
      await predictor.dispose();
    }
  },
};

interface Metrics {
  readonly record: Record<string, unknown>;
  readonly predictions: readonly Record<string, unknown>[];
  readonly summary: Record<string, unknown>;
  readonly text?: string;
}

/** Interval of a metric over test rows; all rows of one group are redrawn together. */
function intervalOf(recipe: Recipe, rows: Rows, metric: (rows: Int32Array) => number) {
  const clusters = rows.some((r) => r.group !== undefined) ? rows.map((r, i) => r.group ?? `row ${i}`) : undefined;
  const { estimate, low, high } = bootstrap(metric, rows.length, {
    random: random(`evaluate ${recipe.seed}`),
    resamples: recipe.evaluate.resamples,
    method: "percentile",
    clusters,
  });
  return { value: estimate, low, high };
}

function classMetrics(
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

function multiLabelMetrics(recipe: Recipe, labels: readonly string[], test: Rows, logits: Logits): Metrics {
  const truth = test.map((r) => labels.map((l) => Number(r.labels.includes(l))));
  const predicted = logits.map((row) => Array.from(row, (x) => Number(x > 0)));
  const macroF1 = intervalOf(
    recipe,
    test,
    onRows((t, p) => averageScores(t, p, "macro").fScore, truth, predicted),
  );
  const microF1 = intervalOf(
    recipe,
    test,
    onRows((t, p) => averageScores(t, p, "micro").fScore, truth, predicted),
  );
  const predictions = test.map((row, i) => ({
    place: row.place,
    truth: row.labels,
    predicted: labels.filter((_, k) => predicted[i]![k] === 1),
    probabilities: Object.fromEntries(labels.map((label, k) => [label, 1 / (1 + Math.exp(-logits[i]![k]!))])),
  }));
  return { record: { macroF1, microF1 }, predictions, summary: { macroF1, microF1 } };
}

function regressionMetrics(recipe: Recipe, test: Rows, logits: Logits): Metrics {
  const truth = test.map((r) => r.value!);
  const predicted = logits.map((row) => row[0]!);
  const of = (metric: (t: number[], p: number[]) => number) =>
    intervalOf(recipe, test, onRows(metric, truth, predicted));
  const summary = { mae: of(meanAbsoluteError), rmse: of(rootMeanSquaredError), r2: of(r2), pearson: of(pearson) };
  return {
    record: summary,
    predictions: test.map((row, i) => ({ place: row.place, truth: truth[i], predicted: predicted[i] })),
    summary,
  };
}
