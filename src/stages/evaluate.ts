// evaluate: calibrates the model on dev, then says how good it is on test: scores with intervals, per class and per group.

import type { Baseline, EpochSelection } from "../artifacts/index.ts";
import { baselines, classTable, facts, metrics, model, predictions, rows, rowsFolder } from "../artifacts/index.ts";
import { rowsOfTexts, type TextRow } from "../data/index.ts";
import { classesCsv, mostListed, type Score } from "../eval/index.ts";
import type { Language } from "../messages/index.ts";
import type { Processor } from "../modalities/index.ts";
import { isTextProcessor, modalities } from "../modalities/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { isTextPredictor, type Predictor, textChooser, textEmbedder, textQuoter, undecided } from "../predict/index.ts";
import { hasTestSplit, type Recipe, scoresPairs, selectsEpoch } from "../recipe/index.ts";
import { type BaselineRecord, isScore, scoreLines, timeTestText } from "../report/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import {
  answeringTaskOf,
  type ChoiceTask,
  type JudgedRows,
  judgedMetrics,
  type Metrics,
  pairMetrics,
  type QuoteTask,
  type Rows,
  type TextTask,
  taskOf,
  type VectorTask,
} from "../tasks/index.ts";
import { chosenRows } from "./chosen-texts.ts";
import { wordless } from "./examples.ts";
import { levelsOf, testInTime } from "./forecasts.ts";
import { judgedValues } from "./judged-values.ts";
import { quotedRows } from "./quoted-texts.ts";
import { groupsOfRows, withDecisions } from "./read-decisions.ts";
import { rankedMargins } from "./reward-model.ts";
import { scoringOf, withBaselines, withText, withTried, withUntrained } from "./scored-rows.ts";
import { joinedMetrics, severalMetrics } from "./several-tasks.ts";
import { defineStage, type EventScore, type StageContext } from "./stage.ts";
import { pairCosines, rankedRows, rankedWithWords } from "./text-vectors.ts";
import { foretell, type Writer } from "./written-texts.ts";

export const evaluate = defineStage({
  name: "evaluate",
  version: 10,
  reads: [rows.dev, rows.test, model, baselines, facts.adapt],
  makes: [metrics, predictions, classTable],
  facts: facts.evaluate,
  supports: hasTestSplit,
  settings: async ({ task, tasks, evaluate, model, data, audit, report, adapt }) => ({
    ...(report.outside && { outside: true }),
    ...(adapt.objective !== "supervised" && {
      judged: { objective: adapt.objective, beta: adapt.beta, rewards: adapt.rewards, rollouts: adapt.rollouts },
    }),
    ...(taskOf(task).quotes && { quoting: adapt.quoting }),
    ...(scoresPairs({ task, adapt }) && { scored: true }),
    task,
    ...(tasks && { tasks }),
    evaluate,
    maxLength: model.maxLength,
    attributes: data.attributes,
    positive: audit?.fairness ? audit.fairness.positive : undefined,
  }),
  async work({ recipe, home, read, find, write, emit, language }) {
    const folder = await read(model);
    const { model: loaded, weights } = await loadModel(folder);
    const options = { home: rowsFolder(recipe, home), maxLength: recipe.model.maxLength };
    const processor = await modalities[recipe.modality].open(folder, loaded, options);
    const task = taskOf(recipe.task);
    if (task.writes || task.embeds || task.quotes || task.chooses) {
      if (!isTextProcessor(processor)) throw wordless(recipe);
      const [test, { baselines: simple }] = [rowsOfTexts(await read(rows.test)), await read(baselines)];
      const writer = { model: loaded, weights, tokenizer: processor.tokenizer };
      const measured = task.writes
        ? await withJudgement(
            recipe,
            home,
            writer,
            test,
            await measureWriting(task, recipe, writer, test, language),
            language,
          )
        : task.quotes
          ? await measureQuotes(task, recipe, writer, test, language)
          : task.chooses
            ? await measureChoices(task, recipe, writer, test, language)
            : await measureVectors(task, recipe, writer, rowsOfTexts(await read(rows.dev)), test, language);
      const found = withTried(recipe, withBaselines(recipe, test, measured, simple, language), language);
      await writeMetrics(write, recipe, found);
      emit({ kind: "metrics", stage: "evaluate", rows: "test", values: scoresIn(found.summary) });
      emit({ kind: "note", stage: "evaluate", text: found.text });
      return found.summary;
    }
    const unadjusted = await processor.predictor(loaded, weights, cpuRuntime);
    if (task.ranks) {
      if (!isTextProcessor(processor)) throw wordless(recipe);
      const [test, { baselines: simple }] = [rowsOfTexts(await read(rows.test)), await read(baselines)];
      const values = await rankedMargins(recipe, { predictor: unadjusted, processor }, test).finally(() =>
        unadjusted.dispose(),
      );
      const measured = judgedRows(recipe, test, values, "preferenceAccuracy", language);
      const found = withTried(recipe, withBaselines(recipe, test, measured, simple, language), language);
      await writeMetrics(write, recipe, found);
      emit({ kind: "metrics", stage: "evaluate", rows: "test", values: scoresIn(found.summary) });
      emit({ kind: "note", stage: "evaluate", text: found.text });
      return found.summary;
    }
    const predictor = await withDecisions<unknown, Predictor<unknown>>(folder, unadjusted);
    try {
      const [dev, test] = [await read(rows.dev), await read(rows.test)];
      const { timed, seconds } = stopwatch(predictor);
      const { baselines: simple } = await read(baselines);
      const measured = await measure(recipe, { predictor: timed, processor }, dev, test, language);
      const found = beside(recipe, test, measured, simple, language);
      const textsPerSecond = (dev.length + test.length) / seconds();
      const validation = validationOf(recipe, dev.length, {
        decisions: predictor.decisions !== undefined,
        baseline: simple.length > 0 && !recipe.adapt.privacy,
        selection: (await find(facts.adapt))?.selection, // none where a release is recomputed
      });
      await writeMetrics(write, recipe, { ...found, record: { ...found.record, validation } });
      emit({ kind: "metrics", stage: "evaluate", rows: "test", values: scoresIn(found.summary) });
      emit({ kind: "note", stage: "evaluate", text: found.text });
      return { ...found.summary, textsPerSecond };
    } finally {
      await predictor.dispose();
    }
  },
});

const scoresIn = (summary: Metrics["summary"]): Record<string, EventScore> =>
  Object.fromEntries(
    Object.entries(summary).flatMap(([name, score]) =>
      isScore(score) ? [[name, { value: score.value, low: score.low, high: score.high }]] : [],
    ),
  );

/** Whether a head of several has a temperature. */
const anyCalibrated = ({ tasks = {} }: Recipe): boolean =>
  Object.values(tasks).some(({ task }) => taskOf(task).calibrated);

/** What dev rows fitted or chose; of a baseline its strength. */
function validationOf(
  recipe: Recipe,
  rows: number,
  {
    selection,
    ...also
  }: { readonly decisions: boolean; readonly baseline: boolean; readonly selection?: EpochSelection },
) {
  const fitted = {
    epoch: selectsEpoch(recipe),
    temperature: taskOf(recipe.task).calibrated || anyCalibrated(recipe),
    ...also,
  };
  return {
    rows,
    fitted: rows ? Object.entries(fitted).flatMap(([name, was]) => (was ? [name] : [])) : [],
    ...(selection && { selection }),
  };
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
  const [several, { heads }] = [taskOf(recipe.task), predictor.model];
  if (several.several && heads) {
    const [devLogits, testLogits] = [await logitsOfRows(measured, dev), await logitsOfRows(measured, test)];
    return severalMetrics(recipe, heads, { dev, devLogits, test, testLogits }, language);
  }
  const scoring = scoringOf(recipe, test, language);
  if (several.forecasts) {
    const [levels, forecasts] = [levelsOf(predictor.model), await logitsOfRows(measured, test)];
    return withUntrained(recipe, scoring, test, (scoring, picked) =>
      several.metrics(scoring, {
        test: picked.map((i) => test[i]!),
        levels,
        forecasts: picked.map((i) => forecasts[i]!),
      }),
    );
  }
  const task = answeringTaskOf(recipe.task);
  if (task.words) {
    if (!isTextPredictor(predictor)) throw wordless(recipe);
    const [devRows, testRows] = [rowsOfTexts(dev), rowsOfTexts(test)];
    const wordsOf = (rows: readonly TextRow[]) => predictor.wordLogits(rows.map((r) => r.text));
    const [devWords, testWords] = [await wordsOf(devRows), await wordsOf(testRows)];
    return withUntrained(recipe, scoring, testRows, (scoring, picked) =>
      task.metrics(scoring, labels, {
        dev: devRows,
        devWords,
        test: picked.map((i) => testRows[i]!),
        testWords: picked.map((i) => testWords[i]!),
      }),
    );
  }
  const logitsOf = (rows: Rows) => logitsOfRows(measured, rows);
  const [devLogits, testLogits] = [await logitsOf(dev), await logitsOf(test)];
  const scored = withUntrained(recipe, scoring, test, (scoring, picked) =>
    task.metrics(scoring, labels, {
      dev,
      devLogits,
      test: picked.map((i) => test[i]!),
      testLogits: picked.map((i) => testLogits[i]!),
    }),
  );
  const { lines } = scored.comparison ?? {};
  const metrics = lines
    ? { ...scored, text: withText(scoreLines(scored.summary, lines, undefined, language), scored.untrained, language) }
    : scored;
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

const logitsOfRows = (measured: Measured, rows: Rows): Promise<Float32Array[]> =>
  ofRows(measured, rows, (inputs, part) => measured.predictor.logits(inputs, groupsOfRows(measured.predictor, part)));

/** Scores beside baselines, and of settings that a search chose; of several tasks those of each. */
function beside(
  recipe: Recipe,
  test: Rows,
  metrics: Metrics,
  baselines: readonly Baseline[],
  language: Language,
): Metrics {
  if (!metrics.parts) {
    const found = withTried(recipe, withBaselines(recipe, test, metrics, baselines, language), language);
    return taskOf(recipe.task).forecasts ? withTimeTest(found, test, baselines, language) : found;
  }
  const parts = metrics.parts.map(({ head, rows, metrics }) => {
    const own = baselines.flatMap(({ task, ...one }) => (task === head.name ? [one] : []));
    return { head, rows, metrics: beside({ ...recipe, task: head.task }, rows, metrics, own, language) };
  });
  return joinedMetrics(parts, test, metrics.record.meanScore as Score | null, language);
}

/** Scores of forecasts with a test of their losses in time against the best baseline. */
function withTimeTest(found: Metrics, test: Rows, baselines: readonly Baseline[], language: Language): Metrics {
  const { record, comparison } = found;
  const best = baselines.find(({ name }) => name === (record.baselines as BaselineRecord | undefined)?.best);
  const tested = best && comparison && testInTime(test, record.levels as readonly number[], comparison.answers, best);
  if (!tested) return found;
  return {
    ...found,
    record: { ...record, dieboldMariano: tested },
    text: `${found.text}\n${timeTestText(tested, language)}`,
  };
}

/** Scores of a model that writes on texts of people. */
async function measureWriting(
  task: TextTask,
  recipe: Recipe,
  writer: Writer,
  rows: readonly TextRow[],
  language: Language,
): Promise<Metrics> {
  const { test, losses, tokens } = await foretell(recipe, writer, rows);
  return withUntrained(recipe, scoringOf(recipe, test, language), test, (scoring, picked) => {
    const of = <T>(all: readonly T[]) => picked.map((i) => all[i]!);
    return task.metrics(scoring, { test: of(test), losses: of(losses), tokens: of(tokens) });
  });
}

/** Scores of a model that makes vectors: what each test row's text finds. */
async function measureVectors(
  task: VectorTask,
  recipe: Recipe,
  { model, weights, tokenizer }: Writer,
  dev: readonly TextRow[],
  rows: readonly TextRow[],
  language: Language,
): Promise<Metrics> {
  const { maxLength } = recipe.model;
  const embedder = await textEmbedder(model, weights, tokenizer, cpuRuntime, { maxLength });
  if (scoresPairs(recipe)) {
    const cosines = await pairCosines(embedder, rows).finally(() => embedder.dispose());
    return withUntrained(recipe, scoringOf(recipe, rows, language), rows, (scoring, picked) =>
      pairMetrics(
        scoring,
        picked.map((i) => rows[i]!),
        picked.map((i) => cosines[i]!),
      ),
    );
  }
  const search = recipe.evaluate.words ? rankedWithWords(task, embedder, dev, rows) : rankedRows(embedder, rows);
  const ranked = await search.finally(() => embedder.dispose());
  return withUntrained(recipe, scoringOf(recipe, rows, language), rows, (scoring, picked) =>
    task.metrics(scoring, {
      ...ranked,
      test: picked.map((i) => rows[i]!),
      ranks: picked.map((i) => ranked.ranks[i]!),
      words: ranked.words && { ...ranked.words, alone: picked.map((i) => ranked.words!.alone[i]!) },
    }),
  );
}

/** Scores of a model that finds answers in texts. */
async function measureQuotes(
  task: QuoteTask,
  recipe: Recipe,
  { model, weights, tokenizer }: Writer,
  rows: readonly TextRow[],
  language: Language,
): Promise<Metrics> {
  const options = { maxLength: recipe.model.maxLength, ...recipe.adapt.quoting };
  const quoter = await textQuoter(model, weights, tokenizer, cpuRuntime, options);
  const { quotes } = await quotedRows(quoter, rows).finally(() => quoter.dispose());
  return withUntrained(recipe, scoringOf(recipe, rows, language), rows, (scoring, picked) =>
    task.metrics(scoring, { test: picked.map((i) => rows[i]!), quotes: picked.map((i) => quotes[i]!) }),
  );
}

/** Scores of a model that chooses among answers. */
async function measureChoices(
  task: ChoiceTask,
  recipe: Recipe,
  { model, weights, tokenizer }: Writer,
  rows: readonly TextRow[],
  language: Language,
): Promise<Metrics> {
  const chooser = await textChooser(model, weights, tokenizer, cpuRuntime, { maxLength: recipe.model.maxLength });
  const { choices } = await chosenRows(chooser, rows).finally(() => chooser.dispose());
  return withUntrained(recipe, scoringOf(recipe, rows, language), rows, (scoring, picked) =>
    task.metrics(scoring, { test: picked.map((i) => rows[i]!), choices: picked.map((i) => choices[i]!) }),
  );
}

/** Margins or rewards of test rows, as scores. */
const judgedRows = (
  recipe: Recipe,
  test: readonly TextRow[],
  values: readonly number[],
  score: JudgedRows["score"],
  language: Language,
): Metrics =>
  withUntrained(recipe, scoringOf(recipe, test, language), test, (scoring, picked) =>
    judgedMetrics(scoring, { test: picked.map((i) => test[i]!), values: picked.map((i) => values[i]!), score }),
  );

/** What people preferred or rewards gave, before what the texts cost; that alone where a model learned answers. */
async function withJudgement(
  recipe: Recipe,
  home: string,
  writer: Writer,
  test: readonly TextRow[],
  written: Metrics,
  language: Language,
): Promise<Metrics> {
  const found = await judgedValues(recipe, home, writer, test);
  if (!found) return written;
  const { values, score } = found;
  const judged = judgedRows(recipe, test, values, score, language);
  const name = { reward: "reward", preferenceAccuracy: "margin" }[score];
  return {
    ...judged,
    record: { ...written.record, ...judged.record },
    predictions: written.predictions.map((one, i) => ({ ...one, [name]: values[i] })),
    summary: { ...judged.summary, ...written.summary },
    text: `${judged.text}\n${written.text}`,
  };
}

/** Writes the scores, the answers, and a table of classes where the scores have only some of them. @param write of a stage, or of a folder */
export async function writeMetrics(
  write: StageContext<never, typeof metrics | typeof predictions | typeof classTable>["write"],
  { task }: Recipe,
  { record, predictions: answers, classes = [] }: Metrics,
): Promise<void> {
  await write(metrics, { task, ...record });
  await write(predictions, answers);
  if (classes.length > mostListed) await write(classTable, classesCsv(classes));
}
