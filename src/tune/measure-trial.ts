// What a trial's model costs, on validation rows only: a search sees no test row. Reads a run folder whose last stage is adapt.
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { artifacts, rowsFolder } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { rowsOfTexts } from "../data/index.ts";
import type { Language } from "../messages/index.ts";
import { isTextProcessor, modalities } from "../modalities/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { type Predictor, textChooser, textEmbedder, textQuoter } from "../predict/index.ts";
import { type Recipe, type SearchSection, scoresPairs, validationScoreOf } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import {
  attributeGroupsOf,
  chosenRows,
  foretell,
  judgedValues,
  type Measured,
  mainScore,
  pairCosines,
  quotedRows,
  rankedMargins,
  rankedRows,
  withDecisions,
} from "../stages/index.ts";
import { type JudgedRows, judgedScore, pairsAgree, taskOf } from "../tasks/index.ts";

export type Objective = SearchSection["objectives"][number];

/** Rows that are timed one by one. */
const timedRows = 50;

/** A model with what is asked of it. */
interface Asked {
  readonly recipe: Recipe;
  readonly objectives: readonly Objective[];
  readonly language: Language;
}

/** A score of some of the rows, by their numbers. */
type Scoring = (rows: Int32Array) => number;

/**
 * Values of a run's model by objective: the score as the task has it, bytes, milliseconds, the largest difference between groups.
 * @throws E_DATA without validation rows
 */
export async function measureTrial(
  run: string,
  { home, ...asked }: Asked & { readonly home: string },
): Promise<Record<Objective, number>> {
  const { recipe, objectives } = asked;
  const dev = await artifacts.rows.dev.read(run);
  if (dev.length < 2) throw noValidation(recipe);
  const folder = await artifacts.model.read(run);
  const { model, weights } = await loadModel(folder);
  const options = { home: rowsFolder(recipe, resolve(home)), maxLength: recipe.model.maxLength };
  const processor = await modalities[recipe.modality].open(folder, model, options);
  const { size } = await stat(join(folder, "model.safetensors"));
  const valued = (of: Scoring, latency: number) => ({
    score: of(Int32Array.from(dev.keys())),
    size,
    latency,
    gap: objectives.includes("gap") ? gapOf(recipe, dev, of) : Number.NaN,
  });
  const task = taskOf(recipe.task);
  if (task.writes && isTextProcessor(processor)) {
    const writer = { model, weights, tokenizer: processor.tokenizer };
    const judged = await judgedValues(recipe, resolve(home), writer, dev);
    if (judged) return valued(judgedBy(judged), Number.NaN);
    const { losses, tokens } = await foretell(recipe, writer, rowsOfTexts(dev));
    const of = (rows: Int32Array) =>
      task.scored(
        Array.from(rows, (i) => losses[i]!),
        rows.reduce((sum, i) => sum + tokens[i]!, 0),
      );
    return valued(of, Number.NaN);
  }
  if (task.embeds && isTextProcessor(processor)) {
    const embedder = await textEmbedder(model, weights, processor.tokenizer, cpuRuntime, options);
    if (scoresPairs(recipe)) {
      const cosines = await pairCosines(embedder, rowsOfTexts(dev)).finally(() => embedder.dispose());
      const of = (rows: Int32Array) =>
        pairsAgree(
          Array.from(rows, (i) => dev[i]!),
          Array.from(rows, (i) => cosines[i]!),
        );
      return valued(of, Number.NaN);
    }
    const { ranks } = await rankedRows(embedder, rowsOfTexts(dev)).finally(() => embedder.dispose());
    return valued((rows) => task.scored(Array.from(rows, (i) => ranks[i]!)), Number.NaN);
  }
  if (task.quotes && isTextProcessor(processor)) {
    const quoting = { ...options, ...recipe.adapt.quoting };
    const quoter = await textQuoter(model, weights, processor.tokenizer, cpuRuntime, quoting);
    const texts = rowsOfTexts(dev);
    const { quotes } = await quotedRows(quoter, texts).finally(() => quoter.dispose());
    const of = (rows: Int32Array) =>
      task.scored(
        Array.from(rows, (i) => texts[i]!),
        Array.from(rows, (i) => quotes[i]!.text),
      );
    return valued(of, Number.NaN);
  }
  if (task.chooses && isTextProcessor(processor)) {
    const chooser = await textChooser(model, weights, processor.tokenizer, cpuRuntime, options);
    const texts = rowsOfTexts(dev);
    const { choices } = await chosenRows(chooser, texts).finally(() => chooser.dispose());
    const of = (rows: Int32Array) =>
      task.scored(
        Array.from(rows, (i) => texts[i]!),
        Array.from(rows, (i) => choices[i]!.choice),
      );
    return valued(of, Number.NaN);
  }
  const predictor = await withDecisions<unknown, Predictor<unknown>>(
    folder,
    await processor.predictor(model, weights, cpuRuntime),
  );
  try {
    if (task.ranks && isTextProcessor(processor)) {
      const values = await rankedMargins(recipe, { predictor, processor }, rowsOfTexts(dev));
      return valued(judgedBy({ values, score: "preferenceAccuracy" }), Number.NaN);
    }
    const measured = { predictor, processor };
    const { of } = await mainScore(recipe, measured, dev, asked.language);
    return valued(of, objectives.includes("latency") ? await latencyOf(measured, dev) : Number.NaN);
  } finally {
    await predictor.dispose();
  }
}

/** The score of some rows, from a number of each. */
const judgedBy =
  ({ values, score }: Omit<JudgedRows, "test">): Scoring =>
  (rows) =>
    judgedScore(
      score,
      Array.from(rows, (i) => values[i]!),
    );

type Rows = Parameters<Measured["processor"]["inputs"]>[0];

/** Median milliseconds of one row after the other. */
async function latencyOf({ predictor, processor }: Measured, rows: Rows): Promise<number> {
  const times: number[] = [];
  for (const row of rows.slice(0, timedRows)) {
    const inputs = await processor.inputs([row]);
    const start = performance.now();
    await predictor.logits(inputs);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

/** Largest difference of the score between two groups of an attribute that have enough rows; 0 where there are no two. */
function gapOf(recipe: Recipe, rows: Rows, score: (rows: Int32Array) => number): number {
  const least = recipe.evaluate.smallestCell;
  const gaps = Object.values(attributeGroupsOf(recipe, rows)).map(({ groups }) => {
    const members = new Map<string, number[]>();
    for (const [i, group] of groups.entries()) if (group !== "") members.set(group, [...(members.get(group) ?? []), i]);
    const scores = [...members.values()].filter((own) => own.length >= least).map((own) => score(Int32Array.from(own)));
    return scores.length < 2 ? 0 : Math.max(...scores) - Math.min(...scores);
  });
  return Math.max(0, ...gaps);
}

/** What says which score validation rows have. */
type Scored = Parameters<typeof validationScoreOf>[0];

/** Lower is better of all: a score of which more is better is negated. */
export const costsOf = (
  recipe: Scored,
  objectives: readonly Objective[],
  values: Readonly<Record<Objective, number>>,
): number[] => objectives.map((name) => signOf(recipe, name) * values[name]);

/** −1 where more is better. */
export const signOf = (recipe: Scored, objective: Objective): 1 | -1 =>
  objective === "score" && validationScoreOf(recipe).better === "higher" ? -1 : 1;

/** Values by objective, in their own direction. */
export const valuesOf = (
  recipe: Scored,
  objectives: readonly Objective[],
  costs: readonly number[],
): Partial<Record<Objective, number>> =>
  Object.fromEntries(objectives.map((name, i) => [name, 0 + signOf(recipe, name) * costs[i]!]));

const noValidation = ({ data }: Recipe): ConcordError =>
  new ConcordError("E_DATA", {
    operation: "search",
    problem: "settings are compared on validation rows, and there are none",
    expected: "data.split.dev above 0",
    path: data.file,
  });
