// baseline: what simple models answer on the test rows, fitted on the same training rows. Evaluation puts their scores beside the model's.
import { join } from "node:path";
import { mostFrequent } from "../../base/index.ts";
import { ngramFeatures, wordTags } from "../../baseline/index.ts";
import { type EntitySpan, spansOfTags, splitWords, type TextRow, tagsOfSpans } from "../../data/index.ts";
import type { Recipe } from "../recipe.ts";
import type { Stage } from "../stage.ts";
import { readJsonLines, writeJson } from "./files.ts";
import { fitSimple, rowsToFit, type SimpleAnswer, sampleRows } from "./simple-models.ts";

/** What a baseline answers for one row. */
export type BaselineAnswer = SimpleAnswer | readonly EntitySpan[];

/** One simple model and its answers. */
export interface Baseline {
  /** `majority`: the most frequent label, or the mean; `linear`: of character n-grams; `lookup`: each word's usual tag. */
  readonly name: "majority" | "linear" | "lookup";
  /** Training rows that it was fitted on. */
  readonly rows: number;
  /** Of the linear one: `regression` or `centroid`, its n-grams and C. */
  readonly kind?: "regression" | "centroid";
  readonly features?: number;
  readonly strength?: number;
  /** One for each test row. */
  readonly answers: readonly BaselineAnswer[];
}

/** baselines.json. */
export interface BaselineFile {
  readonly format: "concord-baselines";
  readonly version: 1;
  readonly baselines: readonly Baseline[];
}

export const baseline: Stage = {
  name: "baseline",
  version: 1,
  after: ["prepare"],
  wanted: () => true,
  inputs: async ({ task, data }) => ({ task, scheme: data.scheme, pair: data.pair }),
  async work({ recipe, run, scratch, before }) {
    const [train, dev, test] = await Promise.all(
      ["train", "dev", "test"].map((part) => readJsonLines<TextRow>(join(run, "data", `${part}.jsonl`))),
    );
    const labels = before.prepare!.summary.labels as string[];
    const baselines = fitBaselines(recipe, labels, train!, dev!, test!);
    const file: BaselineFile = { format: "concord-baselines", version: 1, baselines };
    await writeJson(join(scratch, "baselines.json"), file);
    return { outputs: ["baselines.json"], summary: { baselines: baselines.map(({ answers: _, ...facts }) => facts) } };
  },
};

/** Fits the baselines of a recipe's task. @param labels classes that the training rows have @param rows to be answered */
export function fitBaselines(
  recipe: Recipe,
  labels: readonly string[],
  train: readonly TextRow[],
  dev: readonly TextRow[],
  rows: readonly TextRow[],
): Baseline[] {
  if (recipe.task === "entities") return [lookupBaseline(recipe, train, rows)];
  return [majorityBaseline(recipe, labels, train, rows), linearBaseline(recipe, labels, train, dev, rows)];
}

function majorityBaseline(
  { task }: Recipe,
  labels: readonly string[],
  train: readonly TextRow[],
  rows: readonly TextRow[],
): Baseline {
  const answer =
    task === "regression"
      ? train.reduce((sum, r) => sum + r.value!, 0) / train.length
      : task === "single-label"
        ? mostFrequent(train.map((r) => r.labels[0]!))!
        : labels.filter((l) => 2 * train.filter((r) => r.labels.includes(l)).length > train.length);
  return { name: "majority", rows: train.length, answers: rows.map(() => answer) };
}

/** Both texts of a pair, one after the other. */
const textOf = ({ text, pair }: TextRow): string => (pair === undefined ? text : `${text}\n${pair}`);

/** n-grams of a text, roughly: as many of each length as it has characters, each once. */
const meanValues = (rows: readonly TextRow[]): number =>
  Math.max(20, (2.5 * rows.reduce((n, r) => n + textOf(r).length, 0)) / Math.max(1, rows.length));

function linearBaseline(
  { task, seed }: Recipe,
  labels: readonly string[],
  train: readonly TextRow[],
  dev: readonly TextRow[],
  rows: readonly TextRow[],
): Baseline {
  const outputs = task === "regression" ? 1 : labels.length;
  const fitted = sampleRows(train, rowsToFit(train.length, meanValues(train), outputs), seed);
  const features = ngramFeatures(fitted.map(textOf), {
    most: Math.min(50_000, Math.max(2000, Math.floor(4e6 / outputs))),
  });
  const of = (part: readonly TextRow[]) => ({ rows: part, features: features.rows(part.map(textOf)) });
  const { kind, strength, answers } = fitSimple(task, labels, of(fitted), of(dev));
  return {
    name: "linear",
    rows: fitted.length,
    kind,
    features: features.width,
    strength,
    answers: answers(of(rows).features),
  };
}

/** Each word gets the tag that it usually had. Words are those that the rows came in, where they did. */
function lookupBaseline({ data: { scheme } }: Recipe, train: readonly TextRow[], rows: readonly TextRow[]): Baseline {
  const rangesOf = (row: TextRow) => row.words ?? splitWords(row.text);
  const wordsOf = (row: TextRow) => rangesOf(row).map(([start, end]) => row.text.slice(start, end));
  const usual = wordTags(
    train.map(wordsOf),
    train.map((row) => tagsOfSpans(rangesOf(row), row.spans!, scheme)),
  );
  const answers = rows.map((row) => spansOfTags(rangesOf(row), usual(wordsOf(row)), scheme));
  return { name: "lookup", rows: train.length, answers };
}
