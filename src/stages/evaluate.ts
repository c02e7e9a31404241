// evaluate: calibrates the model on dev, then says how good it is on test: scores with intervals, per class and per group.
import { join } from "node:path";
import { partNames, type Row, type TextRow } from "../data/index.ts";
import { classesCsv, mostListed } from "../eval/index.ts";
import { writeFileAtomically } from "../formats/node/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Processor } from "../modalities/index.ts";
import { modalities } from "../modalities/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { isTextPredictor, type Predictor, undecided } from "../predict/index.ts";
import { hasTestPart, type Recipe } from "../recipe/index.ts";
import { baselineList, baselineVerdict, numberAlarms, scoreLines } from "../report/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { type Metrics, type Rows, type Scoring, taskOf } from "../tasks/index.ts";
import { groupsOfRows as attributeGroupsOf } from "./attribute-groups.ts";
import type { Baseline, BaselineFile } from "./baseline.ts";
import { besideBaselines } from "./beside-baselines.ts";
import { wordless } from "./examples.ts";
import { readJson, readJsonLines, rowsFolder, writeJson, writeJsonLines } from "./files.ts";
import { groupsOfRows, withDecisions } from "./read-decisions.ts";
import type { Stage } from "./stage.ts";

export const evaluate: Stage = {
  name: "evaluate",
  version: 8,
  after: ["prepare", "adapt", "baseline"],
  wanted: hasTestPart,
  inputs: async ({ task, evaluate, model, data, audit }) => ({
    task,
    evaluate,
    maxLength: model.maxLength,
    attributes: data.attributes,
    positive: audit?.fairness ? audit.fairness.positive : undefined,
  }),
  async work({ recipe, home, run, scratch, emit, language }) {
    const folder = join(run, "model");
    const { model, weights } = await loadModel(folder);
    const options = { home: rowsFolder(recipe, home), maxLength: recipe.model.maxLength };
    const processor = await modalities[recipe.modality].open(folder, model, options);
    const own = await processor.predictor(model, weights, cpuRuntime);
    const predictor = await withDecisions<unknown, Predictor<unknown>>(folder, own);
    try {
      const [, dev, test] = await Promise.all(
        partNames.map((part) => (part === "train" ? [] : readJsonLines<Row>(join(run, "data", `${part}.jsonl`)))),
      );
      const { timed, seconds } = stopwatch(predictor);
      const { baselines } = await readJson<BaselineFile>(join(run, "baselines.json"));
      const metrics = withBaselines(
        recipe,
        test!,
        await measure(recipe, { predictor: timed, processor }, dev!, test!, language),
        baselines,
        language,
      );
      const textsPerSecond = (dev!.length + test!.length) / seconds();
      const validation = validationOf(recipe, dev!.length, {
        decisions: predictor.decisions !== undefined,
        baseline: baselines.length > 0 && !recipe.adapt.privacy,
      });
      const outputs = await writeMetrics(scratch, recipe, { ...metrics, record: { ...metrics.record, validation } });
      emit({ kind: "note", stage: "evaluate", text: metrics.text });
      return { outputs, summary: { ...metrics.summary, textsPerSecond } };
    } finally {
      await predictor.dispose();
    }
  },
};

/** What dev rows fitted: no epoch, for training always ends with its last one; of a baseline its strength. */
function validationOf(
  { task }: Recipe,
  rows: number,
  also: { readonly decisions: boolean; readonly baseline: boolean },
) {
  const fitted = { temperature: taskOf(task).calibrated, ...also };
  return { rows, fitted: rows ? Object.entries(fitted).flatMap(([name, was]) => (was ? [name] : [])) : [] };
}

/** The predictor, and the seconds that it has spent answering. */
function stopwatch(predictor: Predictor<unknown>): { timed: Predictor<unknown>; seconds: () => number } {
  let spent = 0;
  const timing =
    <A extends unknown[], R>(work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      const start = performance.now();
      const result = await work(...given);
      spent += performance.now() - start;
      return result;
    };
  const words = isTextPredictor(predictor) ? { wordLogits: timing(predictor.wordLogits) } : {};
  return { timed: { ...predictor, ...words, logits: timing(predictor.logits) }, seconds: () => spent / 1000 };
}

/** A model that answers, and what makes its inputs of rows. */
export interface Measured {
  readonly predictor: Predictor<unknown>;
  readonly processor: Processor;
}

/** Something of each row, a bounded number of inputs at a time. */
async function ofRows<T>(
  { processor }: Measured,
  rows: Rows,
  work: (inputs: unknown[], rows: Rows) => Promise<T[]>,
): Promise<T[]> {
  const { atOnce = Math.max(1, rows.length) } = processor;
  const out: T[] = [];
  for (let start = 0; start < rows.length; start += atOnce) {
    const part = rows.slice(start, start + atOnce);
    for (const one of await work(await processor.inputs(part), part)) out.push(one);
  }
  return out;
}

/** What a recipe asks of scores. @param test rows that are scored */
export const scoringOf = ({ seed, data, evaluate, audit }: Recipe, test: Rows, language: Language): Scoring => ({
  language,
  seed,
  resamples: evaluate.resamples,
  smallestCell: evaluate.smallestCell,
  groups: attributeGroupsOf({ data, evaluate }, test),
  positive: audit?.fairness ? audit.fairness.positive : undefined,
  scheme: data.scheme,
  offsets: data.offsets,
});

/** Scores of a model on labelled rows; `dev` calibrates the probabilities. */
export async function measure(
  recipe: Recipe,
  measured: Measured,
  dev: Rows,
  test: Rows,
  language: Language,
): Promise<Metrics> {
  const { predictor } = measured;
  const labels = predictor.model.labels?.names ?? [];
  const task = taskOf(recipe.task);
  const scoring = scoringOf(recipe, test, language);
  if (task.words) {
    if (!isTextPredictor(predictor)) throw wordless(recipe);
    const [devRows, testRows] = [dev as readonly TextRow[], test as readonly TextRow[]];
    const wordsOf = (rows: readonly TextRow[]) => predictor.wordLogits(rows.map((r) => r.text));
    const [devWords, testWords] = [await wordsOf(devRows), await wordsOf(testRows)];
    return task.metrics(scoring, labels, { dev: devRows, devWords, test: testRows, testWords });
  }
  const logitsOf = (rows: Rows) =>
    ofRows(measured, rows, (inputs, part) => predictor.logits(inputs, groupsOfRows(predictor, part)));
  const [devLogits, testLogits] = [await logitsOf(dev), await logitsOf(test)];
  const scored = task.metrics(scoring, labels, { dev, devLogits, test, testLogits });
  const { lines } = scored.comparison ?? {};
  const metrics = lines ? { ...scored, text: scoreLines(scored.summary, lines, undefined, language) } : scored;
  if (!predictor.decisions) return metrics;
  const rule = predictor.decisions;
  const readings = await ofRows(measured, test, (inputs) => predictor.readings(inputs));
  const before = readings.map((reading) => labels[undecided(rule, reading)]!);
  return {
    ...metrics,
    record: { ...metrics.record, decided: true },
    predictions: metrics.predictions.map((p, i) => ({ ...p, undecided: before[i] })),
  };
}

/** Metrics with the baselines' scores beside them; a baseline that is not beaten is said first. */
function withBaselines(
  recipe: Recipe,
  test: Rows,
  metrics: Metrics,
  baselines: readonly Baseline[],
  language: Language,
): Metrics {
  const { comparison } = metrics;
  const beside = comparison && besideBaselines(recipe, test, comparison, baselines);
  const record = beside ? { ...metrics.record, baselines: beside } : metrics.record;
  const alarms = numberAlarms(record, language);
  if (!beside) return { ...metrics, text: [...alarms, metrics.text].join("\n") };
  const { lines } = comparison;
  const own = lines ? [scoreLines(metrics.summary, lines, beside, language)] : [metrics.text];
  const verdict = [
    baselineVerdict(beside, language),
    ...(lines ? [] : [baselineList(beside, language)]),
    ...(recipe.adapt.privacy ? [say(language, "baseline.private")] : []),
  ];
  return {
    ...metrics,
    // what a private run publishes must not tell what was learned without noise
    record: recipe.adapt.privacy ? metrics.record : record,
    summary: { ...metrics.summary, baselines: beside },
    text: [...alarms, ...(beside.verdict === "better" ? [...own, ...verdict] : [...verdict, ...own])].join("\n"),
  };
}

/** Writes metrics.json and predictions.jsonl, and classes.csv where metrics.json has only some classes. @returns their names */
export async function writeMetrics(
  folder: string,
  { task }: Recipe,
  { record, predictions, classes = [] }: Metrics,
): Promise<string[]> {
  await writeJson(join(folder, "metrics.json"), { format: "concord-metrics", version: 1, task, ...record });
  await writeJsonLines(join(folder, "predictions.jsonl"), predictions);
  if (classes.length <= mostListed) return ["metrics.json", "predictions.jsonl"];
  await writeFileAtomically(join(folder, "classes.csv"), [new TextEncoder().encode(classesCsv(classes))]);
  return ["metrics.json", "predictions.jsonl", "classes.csv"];
}
