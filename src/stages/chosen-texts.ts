// Questions with choices: examples of a training job, what a model chooses, and simple choosers beside it.
import { mostFrequent } from "../base/index.ts";
import { textLikeness } from "../baseline/index.ts";
import { choiceName, type TextRow } from "../data/index.ts";
import type { TextProcessor } from "../modalities/node/index.ts";
import { type ChoiceInput, type Chooser, choicePairs } from "../predict/index.ts";
import type { ChoiceTask, Chosen } from "../tasks/index.ts";
import type { Example } from "../train/index.ts";
import type { PartExamples } from "./part-examples.ts";

/** A row as a chooser takes it: each choice goes on from the second text, where there is one. */
export const choiceInput = ({ text, pair, choices = [] }: Pick<TextRow, "text" | "pair" | "choices">): ChoiceInput => ({
  prompt: text,
  choices: pair === undefined ? choices : choices.map((choice) => `${pair} ${choice}`),
});

/** One example a row: the text with its first choice, and as counterparts the text with each of the others. */
export async function chosenExamples(
  task: ChoiceTask,
  { tokenizer, maxLength }: TextProcessor,
  rows: readonly TextRow[],
): Promise<PartExamples> {
  const pairs = rows.flatMap((row) => choicePairs(choiceInput(row)));
  const encodings = await tokenizer.encodeBatch(pairs, maxLength === undefined ? {} : { truncation: { maxLength } });
  const all = encodings.map(
    ({ ids, typeIds }): Example => ({ ids: Int32Array.from(ids), types: Int32Array.from(typeIds) }),
  );
  const ofRows = inRows(rows, all);
  return {
    examples: ofRows.map(([first, ...counterparts], i) => ({ ...first!, counterparts, label: rows[i]!.chosen! })),
    judged: all,
    score: {
      ...task.devScore,
      of: (logits) =>
        task.scored(
          rows,
          inRows(rows, logits).map((own) => largest(own.map(({ data }) => data[0]!))),
        ),
    },
  };
}

/** What belongs to the choices of each row, of what belongs to all choices. */
function inRows<T>(rows: readonly TextRow[], all: readonly T[]): T[][] {
  let next = 0;
  return rows.map(({ choices }) => {
    const start = next;
    next += choices!.length;
    return all.slice(start, next);
  });
}

/** The first place of the largest. */
const largest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** What a model chooses. */
export const chosenRows = async (chooser: Chooser, rows: readonly TextRow[]): Promise<Chosen> => ({
  test: rows,
  choices: await chooser.choose(rows.map(choiceInput)),
});

/** The place that is right most often in training; of a row with fewer choices the first. */
export function usualChoices(train: readonly TextRow[], rows: readonly TextRow[]): string[] {
  const usual = mostFrequent(train.map(({ chosen }) => choiceName(chosen!)))!;
  return rows.map(({ choices }) => (choices!.some((_, k) => choiceName(k) === usual) ? usual : choiceName(0)));
}

/** Question and what each choice goes on from, as one text. */
const asked = ({ text, pair }: TextRow): string => (pair === undefined ? text : `${text} ${pair}`);

/** The choice most like the question by TF-IDF of character n-grams, the first of several. @param train rows whose texts weigh the n-grams */
export function similarChoices(train: readonly TextRow[], rows: readonly TextRow[]): string[] {
  const likeness = textLikeness(
    train.flatMap((row) => [asked(row), ...row.choices!]),
    rows.flatMap((row) => row.choices!.map((choice) => [asked(row), choice] as const)),
  );
  return inRows(rows, likeness).map((own) => choiceName(largest(own)));
}
