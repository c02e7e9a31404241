// Rows as a training job takes them: token ids and targets; and the dev score of an epoch from its logits.
import {
  modelText,
  type Row,
  splitWords,
  type TextRow,
  type Tokenizer,
  tagSet,
  tagsOfSpans,
  type WordedText,
  wordWindows,
} from "../data/index.ts";
import { averageScores, meanAbsoluteError } from "../eval/index.ts";
import type { Processor } from "../modalities/index.ts";
import { isTextProcessor } from "../modalities/node/index.ts";
import { entitiesOf, gatherWords } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { type Example, ignoredLabel } from "../train/index.ts";
import { entityF1 } from "./scores/entity-counts.ts";
import { scaled, type TargetScale, unscaled } from "./target-scale.ts";

type Rows = readonly TextRow[];

/** Logits of one example: [labels], or [tokens, labels] where words are labelled. */
type ExampleLogits = { readonly data: Float32Array };

/** Examples of one part, and how good their logits are. */
export interface PartExamples {
  readonly examples: Example[];
  readonly score: PartScore;
}

/** How good logits of a part are: macro F1, the micro F1 of entities, or the mean absolute error in the unit of the targets. */
export interface PartScore {
  readonly name: "macroF1" | "f1" | "mae";
  of(logits: readonly ExampleLogits[]): number;
}

/** Names of the head's outputs; none for a number. @param classes labels or entity types that the data has */
export const headLabels = ({ task, data }: Recipe, classes: readonly string[]): string[] | undefined =>
  task === "regression" ? undefined : task === "entities" ? tagSet(classes, data.scheme) : [...classes];

/** Texts from which a vocabulary is learned, as the model will read them. */
export const textsToRead = ({ task }: Recipe, rows: Rows): string[] =>
  rows.map((row) => (task === "entities" ? modelText(worded(row)).text : row.text));

/** Rows from which a model is made anew: texts as the model will read them. */
export const rowsToRead = (recipe: Recipe, rows: readonly Row[]): Row[] => {
  if (recipe.task !== "entities") return [...rows];
  const own = rows as Rows;
  return textsToRead(recipe, own).map((text, i): TextRow => ({ ...own[i]!, text }));
};

/** Words as in answering, whatever words the data came in. */
const worded = ({ text }: TextRow): WordedText => ({ text, words: splitWords(text) });

/** @param processor that cuts texts where the recipe says @param labels of the head @param scale on which numbers are learned. Default their own unit */
export const examplesOf = (
  recipe: Recipe,
  processor: Processor,
  labels: readonly string[],
  rows: readonly Row[],
  scale?: TargetScale,
): Promise<PartExamples> =>
  recipe.task === "entities" && isTextProcessor(processor)
    ? wordExamples(recipe, processor.tokenizer, labels, rows as Rows)
    : wholeExamples(recipe, processor, labels, rows, scale);

/** One example a row. */
async function wholeExamples(
  { task }: Recipe,
  processor: Processor,
  labels: readonly string[],
  rows: readonly Row[],
  scale: TargetScale = { mean: 0, std: 1, from: "recipe" },
): Promise<PartExamples> {
  const read = await processor.examples(rows);
  const target = (row: Row): number | Float32Array =>
    task === "single-label"
      ? labels.indexOf(row.labels[0]!)
      : task === "multi-label"
        ? Float32Array.from(labels, (label) => Number(row.labels.includes(label)))
        : Float32Array.of(scaled(scale, row.value!));
  const examples = rows.map((row, i) => ({ ...read[i]!, label: target(row) }));
  const several = (logits: readonly ExampleLogits[]) =>
    averageScores(
      examples.map((e) => Array.from(e.label as Float32Array)), // as target made them for this task
      logits.map(({ data }) => Array.from(data, (x) => Number(x > 0))),
      "macro",
    ).fScore;
  const one = (logits: readonly ExampleLogits[]) =>
    averageScores(
      examples.map((e) => e.label as number),
      logits.map(({ data }) => data.indexOf(Math.max(...data))),
      "macro",
    ).fScore;
  const number = (logits: readonly ExampleLogits[]) =>
    meanAbsoluteError(
      rows.map((r) => r.value!),
      logits.map(({ data }) => unscaled(scale, data[0]!)),
    );
  if (task === "regression") return { examples, score: { name: "mae", of: number } };
  return { examples, score: { name: "macroF1", of: task === "single-label" ? one : several } };
}

/** One example a window; each word has its tag at the token that begins it, all other tokens count for nothing. */
async function wordExamples(
  { model, data }: Recipe,
  tokenizer: Tokenizer,
  labels: readonly string[],
  rows: Rows,
): Promise<PartExamples> {
  const texts = rows.map(worded);
  const windows = await wordWindows(tokenizer, texts, model.maxLength);
  const tags = rows.map((row, i) => tagsOfSpans(texts[i]!.words, row.spans!, data.scheme));
  const examples = windows.map(({ row, ids, words }): Example => {
    const label = new Int32Array(ids.length).fill(ignoredLabel);
    for (const { word, token, continued } of words) if (!continued) label[token] = labels.indexOf(tags[row]![word]!);
    return { ids: Int32Array.from(ids), label };
  });
  const f1 = (logits: readonly ExampleLogits[]) => {
    const words = gatherWords(
      texts,
      windows,
      logits.map((l) => l.data),
      labels.length,
    );
    return entityF1(
      rows.map((r) => r.spans!),
      rows.map((r, i) => entitiesOf(r.text, labels, words[i]!, {})),
    );
  };
  return { examples, score: { name: "f1", of: f1 } };
}
