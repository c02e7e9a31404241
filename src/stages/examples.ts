// Rows as a training job takes them: token ids and targets; and the dev score of an epoch from its logits.
import { ConcordError } from "../base/index.ts";
import { modelText, type Row, splitWords, type TextRow, type WordedText, wordWindows } from "../data/index.ts";
import type { Processor } from "../modalities/index.ts";
import { isTextProcessor } from "../modalities/node/index.ts";
import type { TaskHead } from "../models/index.ts";
import { chained, chainOf, gatherWords } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { isWhole, type RowTask, type Task, taskOf, type WordTask } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { type Example, ignoredLabel } from "../train/index.ts";
import { chosenExamples } from "./chosen-texts.ts";
import { forecastExamples } from "./forecasts.ts";
import type { ExampleLogits, PartExamples } from "./part-examples.ts";
import { quotedExamples } from "./quoted-texts.ts";
import { rankedExamples } from "./reward-model.ts";
import { severalExamples } from "./several-tasks.ts";
import { type OutputScale, scaled, type TargetScale, unscaled } from "./target-scale.ts";
import { vectorExamples } from "./text-vectors.ts";
import { writtenExamples } from "./written-texts.ts";

type Rows = readonly TextRow[];

/** Names of the head's outputs; none for a number. @param classes labels or entity types that the data has */
export const headLabels = ({ task, data }: Recipe, classes: readonly string[]): string[] | undefined =>
  taskOf(task).headLabels(classes, data.scheme);

/** Texts from which a vocabulary is learned, as the model will read them. */
export const textsToRead = ({ task }: Recipe, rows: Rows): string[] =>
  taskOf(task).words
    ? rows.map((row) => modelText(worded(row)).text)
    : rows.map(({ text, pair, rejected, choices = [] }) =>
        readsAnswers(taskOf(task))
          ? [text, pair, rejected, ...choices].filter((part) => part !== undefined).join("\n")
          : text,
      );

/** Whether both texts of a row are read one by one, and not as a pair. */
const readsAnswers = ({ writes, ranks, embeds, quotes, chooses }: Task): boolean =>
  writes === true || ranks === true || embeds === true || quotes === true || chooses === true;

/** Rows from which a model is made anew: texts as the model will read them. */
export const rowsToRead = (recipe: Recipe, rows: readonly Row[]): Row[] => {
  const task = taskOf(recipe.task);
  if (!task.words && !readsAnswers(task)) return [...rows];
  const textRows = rows as Rows;
  return textsToRead(recipe, textRows).map((text, i): TextRow => ({ ...textRows[i]!, text }));
};

/** Words as in answering, whatever words the data came in. */
const worded = ({ text }: TextRow): WordedText => ({ text, words: splitWords(text) });

/** @param processor that cuts texts where the recipe says @param labels of the head @param scales on which numbers are learned. Default their own unit @param heads of several tasks */
export function examplesOf(
  recipe: Recipe,
  processor: Processor,
  labels: readonly string[],
  rows: readonly Row[],
  scales: readonly OutputScale[] = [],
  heads: readonly TaskHead[] = [],
): Promise<PartExamples> {
  const task = taskOf(recipe.task);
  if (isWhole(task)) return wholeExamples(task, processor, labels, rows, scales[0]);
  if (task.forecasts) return forecastExamples(task, processor, recipe, rows);
  if (task.several) return severalExamples(task, heads, processor, rows, scales);
  if (!isTextProcessor(processor)) throw wordless(recipe);
  if (task.ranks) return rankedExamples(task, recipe, processor.tokenizer, rows as Rows);
  if (task.quotes) return quotedExamples(task, recipe, processor, rows as Rows);
  if (task.chooses) return chosenExamples(task, processor, rows as Rows);
  if (task.embeds) return vectorExamples(task, recipe, processor, rows as Rows);
  if (task.writes) return writtenExamples(task, recipe, processor.tokenizer, rows as Rows);
  return wordExamples(task, recipe, processor.tokenizer, labels, rows as Rows);
}

/** Recipes of other data refuse tasks about words before anything is read. */
export const wordless = ({ task, modality }: Recipe): ConcordError =>
  new ConcordError("E_CONFIG", {
    operation: "train",
    problem: "the task labels words, and rows are no texts",
    got: `${task} of ${modality}`,
    path: "task",
  });

/** One example a row. */
async function wholeExamples(
  task: RowTask,
  processor: Processor,
  labels: readonly string[],
  rows: readonly Row[],
  scale: TargetScale = { mean: 0, std: 1, from: "recipe" },
): Promise<PartExamples> {
  const read = await processor.examples(rows);
  const target = (row: Row): number | Float32Array => {
    const targetValue = task.target(row, labels);
    if (typeof targetValue === "number") return targetValue;
    return Float32Array.from(targetValue, task.numeric ? (y) => scaled(scale, y) : undefined);
  };
  const examples = rows.map((row, i) => ({ ...read[i]!, label: target(row) }));
  const of = (logits: readonly ExampleLogits[]) =>
    task.scored(
      rows,
      labels,
      logits.map(({ data }) => (task.numeric ? Array.from(data, (z) => unscaled(scale, z)) : data)),
    );
  return { examples, score: { ...task.devScore, of } };
}

/** One example a window; each word has its tag at the token that begins it, all other tokens count for nothing. */
async function wordExamples(
  task: WordTask,
  { model, data }: Recipe,
  tokenizer: Tokenizer,
  labels: readonly string[],
  rows: Rows,
): Promise<PartExamples> {
  const texts = rows.map(worded);
  const windows = await wordWindows(tokenizer, texts, model.maxLength);
  const tags = rows.map((row, i) => task.tags(row, texts[i]!.words, data.scheme));
  const examples = windows.map(({ row, ids, words }): Example => {
    const label = new Int32Array(ids.length).fill(ignoredLabel);
    for (const { word, token, continued } of words) if (!continued) label[token] = labels.indexOf(tags[row]![word]!);
    return { ids: Int32Array.from(ids), label, unit: row };
  });
  const of = (logits: readonly ExampleLogits[]) => {
    const words = gatherWords(
      texts,
      windows,
      logits.map((l) => l.data),
      labels.length,
    );
    const chain = chainAfter(logits[0]?.data, windows[0]?.ids.length, labels);
    return task.scored(rows, labels, chain ? words.map((row) => chained(row, chain)) : words);
  };
  return { examples, score: { ...task.devScore, of } };
}

/** The chain of a model whose transitions follow the logits of a window's tokens, as training gives them. */
function chainAfter(data: ArrayLike<number> | undefined, tokens: number | undefined, labels: readonly string[]) {
  const after = (labels.length + 2) * labels.length;
  if (data === undefined || data.length !== tokens! * labels.length + after) return undefined;
  return chainOf(labels, Array.from(data).slice(-after));
}
