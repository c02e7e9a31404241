// evaluate: calibrates the model on dev, then says how good it is on test: scores with intervals, per class and per group.
import { join } from "node:path";
import { partNames, type TextRow } from "../../data/index.ts";
import { openTokenizer } from "../../data/node/index.ts";
import { loadModel } from "../../models/node/index.ts";
import { type TextPredictor, textPredictor } from "../../predict/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import type { Recipe } from "../recipe.ts";
import type { Stage } from "../stage.ts";
import { readJsonLines, writeJson, writeJsonLines } from "./files.ts";
import { entityMetrics } from "./scores/entities.ts";
import type { Metrics, Rows } from "./scores/metrics.ts";
import { multiLabelMetrics } from "./scores/multi-label.ts";
import { regressionMetrics } from "./scores/regression.ts";
import { singleLabelMetrics } from "./scores/single-label.ts";

export const evaluate: Stage = {
  name: "evaluate",
  version: 3,
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
      const { timed, seconds } = stopwatch(predictor);
      const metrics = await measure(recipe, timed, dev!, test!);
      const textsPerSecond = (dev!.length + test!.length) / seconds();
      await writeMetrics(scratch, recipe, metrics);
      if (metrics.text) emit({ kind: "note", stage: "evaluate", text: metrics.text });
      return { outputs: ["metrics.json", "predictions.jsonl"], summary: { ...metrics.summary, textsPerSecond } };
    } finally {
      await predictor.dispose();
    }
  },
};

/** The predictor, and the seconds that it has spent answering. */
function stopwatch(predictor: TextPredictor): { timed: TextPredictor; seconds: () => number } {
  let spent = 0;
  const timing =
    <A, R>(work: (inputs: A) => Promise<R>) =>
    async (inputs: A): Promise<R> => {
      const start = performance.now();
      const result = await work(inputs);
      spent += performance.now() - start;
      return result;
    };
  const timed = { ...predictor, logits: timing(predictor.logits), wordLogits: timing(predictor.wordLogits) };
  return { timed, seconds: () => spent / 1000 };
}

/** Scores of a model on labelled rows; `dev` calibrates the probabilities. */
export async function measure(recipe: Recipe, predictor: TextPredictor, dev: Rows, test: Rows): Promise<Metrics> {
  const labels = predictor.model.labels?.names ?? [];
  if (recipe.task === "entities") {
    const wordsOf = (rows: Rows) => predictor.wordLogits(rows.map((r) => r.text));
    const [devWords, testWords] = [await wordsOf(dev), await wordsOf(test)];
    return entityMetrics(recipe, labels, { dev, devWords, test, testWords });
  }
  const logitsOf = (rows: Rows) =>
    predictor.logits(rows.map((r) => (r.pair === undefined ? r.text : [r.text, r.pair])));
  const [devLogits, testLogits] = [await logitsOf(dev), await logitsOf(test)];
  if (recipe.task === "regression") return regressionMetrics(recipe, test, testLogits);
  if (recipe.task === "multi-label") return multiLabelMetrics(recipe, labels, test, testLogits);
  return singleLabelMetrics(recipe, labels, { dev, devLogits, test, testLogits });
}

/** Writes metrics.json and predictions.jsonl. */
export async function writeMetrics(folder: string, { task }: Recipe, { record, predictions }: Metrics): Promise<void> {
  await writeJson(join(folder, "metrics.json"), { format: "concord-metrics", version: 1, task, ...record });
  await writeJsonLines(join(folder, "predictions.jsonl"), predictions);
}
