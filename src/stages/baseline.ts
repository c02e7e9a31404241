// baseline: what simple models answer on the test rows, fitted on the same training rows. Evaluation puts their scores beside the model's.

import type { Baseline } from "../artifacts/index.ts";
import { baselines, facts, modelFingerprint, rows, rowsFolder } from "../artifacts/index.ts";
import { random, shuffle } from "../base/index.ts";
import { fitBm25, fitByteNgrams, textLikeness, wordTags } from "../baseline/index.ts";
import { type Row, rowsOfTexts, splitWords, type TextRow } from "../data/index.ts";
import { ranksOf } from "../eval/index.ts";
import { modalities } from "../modalities/node/index.ts";
import { hasTestSplit, headsOf, needsOf, type Recipe, scoresPairs } from "../recipe/index.ts";
import {
  documentsOf,
  type RowAnswer,
  type RowTask,
  taskOf,
  taskOfHead,
  type WordTask,
  writtenParts,
} from "../tasks/index.ts";
import { similarChoices, usualChoices } from "./chosen-texts.ts";
import { forecastBaselines } from "./forecasts.ts";
import { startFolder } from "./model.ts";
import { lengthMargins, openStartWriter, preferenceMargins, verdictMargins } from "./preferences.ts";
import { nearestSentences } from "./quoted-texts.ts";
import { earnedRewards } from "./rewarded.ts";
import { severalBaselines } from "./several-tasks.ts";
import { fitSimple, rowsToFit, sampleRows } from "./simple-models.ts";
import { defineStage } from "./stage.ts";

export const baseline = defineStage({
  name: "baseline",
  version: 1,
  reads: [rows.train, rows.dev, rows.test, facts.prepare],
  makes: [baselines],
  facts: facts.baseline,
  supports: hasTestSplit,
  settings: async (recipe, home) => {
    const { task, data, adapt, model } = recipe;
    const { pairs, verdicts, rollouts } = needsOf(recipe);
    const folder = pairs || rollouts ? startFolder(recipe, home) : undefined;
    return {
      task,
      ...(recipe.tasks && { tasks: recipe.tasks }),
      scheme: data.scheme,
      pair: data.pair,
      answer: data.answer,
      ...(scoresPairs(recipe) && { scored: true }),
      ...((pairs || verdicts || rollouts) && { adapt, maxLength: model.maxLength }),
      ...(folder && { start: await modelFingerprint(folder, model.from) }),
    };
  },
  async work({ recipe, home, read, write }) {
    const [train, dev, test] = [await read(rows.train), await read(rows.dev), await read(rows.test)];
    const { labels, tasks } = await read(facts.prepare);
    const parts = { train, dev, test };
    const fitted = tasks
      ? await severalBaselines(headsOf(recipe, tasks), parts, (head, own) =>
          rowBaselines(taskOfHead(head), recipe, home, head.labels, own),
        )
      : await fitBaselines(recipe, home, labels, parts);
    await write(baselines, { baselines: fitted });
    return { baselines: fitted.map(({ answers: _, ...about }) => about) };
  },
});

/** Rows by part; those of `test` are answered. */
type Parts = Readonly<Record<"train" | "dev" | "test", readonly Row[]>>;

/** Fits the baselines of a recipe's task. @param labels classes that the training rows have @param home of the recipe's paths */
export async function fitBaselines(
  recipe: Recipe,
  home: string,
  labels: readonly string[],
  parts: Parts,
): Promise<Baseline[]> {
  const task = taskOf(recipe.task);
  if (task.ranks) return [longerBaseline(parts)];
  if (task.writes) return await writingBaselines(recipe, home, parts);
  if (scoresPairs(recipe)) return [likenessBaseline(rowsOfTexts(parts.train), rowsOfTexts(parts.test))];
  if (task.embeds) return [searchBaseline(rowsOfTexts(parts.test))];
  if (task.quotes) return [sentenceBaseline(rowsOfTexts(parts.test))];
  if (task.chooses) return choiceBaselines(rowsOfTexts(parts.train), rowsOfTexts(parts.test));
  if (task.words) return [lookupBaseline(task, recipe, rowsOfTexts(parts.train), rowsOfTexts(parts.test))];
  if (task.several) return [];
  if (task.forecasts) return forecastBaselines(recipe, parts);
  return await rowBaselines(task, recipe, home, labels, parts);
}

/** A constant answer, and a linear model. */
const rowBaselines = async (
  task: RowTask,
  recipe: Recipe,
  home: string,
  labels: readonly string[],
  parts: Parts,
): Promise<Baseline[]> =>
  parts.test.length === 0
    ? []
    : [...constantBaselines(task, labels, parts), await linearBaseline(task, recipe, home, labels, parts)];

/** What people preferred is compared with length, verdicts with the usual one, and all but plain answers with the model before tuning. */
async function writingBaselines(recipe: Recipe, home: string, parts: Parts): Promise<Baseline[]> {
  const { pairs, verdicts, rollouts } = needsOf(recipe);
  const { train, test } = parts;
  if (verdicts) return [{ name: "majority", rows: train.length, answers: verdictMargins(train, test) }];
  if (!pairs && !rollouts) return [ngramBaseline(recipe, parts)];
  const start = recipe.model.from === undefined ? undefined : await openStartWriter(recipe, home);
  const answers =
    start &&
    (await (rollouts ? earnedRewards(recipe, home, start, test) : preferenceMargins(recipe, start, test, undefined)));
  return [
    ...(pairs ? [longerBaseline(parts)] : []),
    ...(answers ? [{ name: "start" as const, rows: 0, answers }] : []),
  ];
}

const longerBaseline = ({ test }: Parts): Baseline => ({ name: "longer", rows: 0, answers: lengthMargins(test) });

/** What each test row costs in bits by counts of bytes. */
function ngramBaseline({ seed }: Recipe, { train, dev, test }: Parts): Baseline {
  const given = (rows: readonly Row[]) => rowsOfTexts(rows).map(writtenParts);
  const shuffled = shuffle([...given(train)], random(seed).split("n-grams"));
  const { rows, order, bits } = fitByteNgrams(shuffled, given(dev));
  return { name: "ngram", rows, order, answers: given(test).map(bits) };
}

/** The rank of each row's second text where a search goes by shared words. */
function searchBaseline(test: readonly TextRow[]): Baseline {
  const found = documentsOf(test);
  const search = fitBm25(found.documents);
  return { name: "bm25", rows: test.length, answers: ranksOf(found, (row) => search.scores(test[row]!.text)) };
}

/** How alike the texts of each pair are by their characters. */
const likenessBaseline = (train: readonly TextRow[], test: readonly TextRow[]): Baseline => ({
  name: "tfidf",
  rows: train.length,
  answers: textLikeness(
    train.flatMap(({ text, pair = "" }) => [text, pair]),
    test.map(({ text, pair = "" }) => [text, pair]),
  ),
});

/** The sentence that shares most words with each question. */
const sentenceBaseline = (test: readonly TextRow[]): Baseline => ({
  name: "sentence",
  rows: test.length,
  answers: nearestSentences(test),
});

/** The place that is right most often, and the choice most like the question. */
const choiceBaselines = (train: readonly TextRow[], test: readonly TextRow[]): Baseline[] => [
  { name: "place", rows: train.length, answers: usualChoices(train, test) },
  { name: "similar", rows: train.length, answers: similarChoices(train, test) },
];

function constantBaselines({ constants }: RowTask, labels: readonly string[], { train, test }: Parts): Baseline[] {
  const of = (name: "majority" | "median", answer: RowAnswer): Baseline => ({
    name,
    rows: train.length,
    answers: test.map(() => answer),
  });
  const { majority, median } = constants;
  return [of("majority", majority(train, labels)), ...(median ? [of("median", median(train, labels))] : [])];
}

async function linearBaseline(
  task: RowTask,
  recipe: Recipe,
  home: string,
  labels: readonly string[],
  { train, dev, test: rows }: Parts,
): Promise<Baseline> {
  const { seed, modality } = recipe;
  const outputs = task.numeric ? 1 : labels.length;
  const { linear, linearName, linearValues } = modalities[modality];
  const fitted = sampleRows(train, rowsToFit(train.length, linearValues(train), outputs), seed);
  const features = await linear(fitted, {
    most: Math.min(50_000, Math.max(2000, Math.floor(4e6 / outputs))),
    home: rowsFolder(recipe, home),
  });
  const of = async (part: readonly Row[]) => ({ rows: part, features: await features.rows(part) });
  const { kind, strength, answers } = fitSimple(task, labels, await of(fitted), await of(dev));
  return {
    name: linearName,
    rows: fitted.length,
    kind,
    features: features.width,
    strength,
    answers: answers((await of(rows)).features),
  };
}

/** Each word gets the tag that it usually had. Words are those that the rows came in, where they did. */
function lookupBaseline(
  task: WordTask,
  { data: { scheme } }: Recipe,
  train: readonly TextRow[],
  rows: readonly TextRow[],
): Baseline {
  const rangesOf = (row: TextRow) => row.words ?? splitWords(row.text);
  const wordsOf = (row: TextRow) => rangesOf(row).map(([start, end]) => row.text.slice(start, end));
  const usual = wordTags(
    train.map(wordsOf),
    train.map((row) => task.tags(row, rangesOf(row), scheme)),
  );
  const answers = rows.map((row) => task.answer(rangesOf(row), usual(wordsOf(row)), scheme));
  return { name: "lookup", rows: train.length, answers };
}
