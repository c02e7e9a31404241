// Linear models for a recipe's task on given features: fitted on training rows, their strength chosen on dev. What baselines and probes
// share. Knows no text.
import { random, shuffle } from "../base/index.ts";
import {
  fitCentroids,
  fitClasses,
  fitLabels,
  fitNumber,
  type LinearModel,
  type SparseRows,
  scoresOf,
} from "../baseline/index.ts";
import type { Row } from "../data/index.ts";
import { averageScores, meanAbsoluteError } from "../eval/index.ts";
import type { Recipe } from "../recipe/index.ts";

type Rows = readonly Row[];

/** A label, several labels, or a number. */
export type SimpleAnswer = string | readonly string[] | number;

/** A fitted linear model. */
export interface SimpleModel {
  /** `centroid` where there are too many classes for regression. */
  readonly kind: "regression" | "centroid";
  /** C that dev chose. */
  readonly strength?: number;
  /** On dev: macro F1, or minus the mean absolute error. */
  readonly devScore?: number;
  answers(features: SparseRows): SimpleAnswer[];
}

/** Strengths that are tried, from the simplest model on. */
const strengths = [1, 10, 100];

/** Most classes for regression: beyond, a pass over the rows costs too much. */
export const mostClasses = 200;

/** Most products of values and outputs in one pass over the training rows; fewer rows are taken where there would be more. */
const mostProducts = 1e8;

/** How many training rows a linear model is fitted on. @param values of a row, on average */
export const rowsToFit = (rows: number, values: number, outputs: number): number =>
  outputs > mostClasses ? rows : Math.min(rows, Math.max(1000, Math.floor(mostProducts / (values * outputs))));

/** A seeded sample of rows, in their order. */
export function sampleRows<T>(rows: readonly T[], count: number, seed: number): readonly T[] {
  if (count >= rows.length) return rows;
  const chosen = new Set(shuffle([...rows.keys()], random(seed).split("baseline")).slice(0, count));
  return rows.filter((_, i) => chosen.has(i));
}

/**
 * Fits with each strength and keeps what is best on dev; without dev rows C is 10.
 * @param labels of single and several labels
 */
export function fitSimple(
  task: Recipe["task"],
  labels: readonly string[],
  train: { readonly rows: Rows; readonly features: SparseRows },
  dev: { readonly rows: Rows; readonly features: SparseRows },
): SimpleModel {
  if (task === "single-label" && labels.length > mostClasses) return centroidModel(labels, train);
  const { learn, decode } = task === "regression" ? numberFit(train) : labelFit(task, labels, train);
  const tried = dev.rows.length ? strengths : [10];
  let best: { model: LinearModel; strength: number; devScore?: number } | undefined;
  let start: LinearModel | undefined;
  for (const strength of tried) {
    start = learn(strength, start);
    if (!dev.rows.length) best = { model: start, strength };
    else {
      const devScore = scoreOf(task, labels, dev.rows, scoresOf(start, dev.features).map(decode));
      if (!best || devScore > best.devScore!) best = { model: start, strength, devScore };
    }
  }
  const { model, ...chosen } = best!;
  return { kind: "regression", ...chosen, answers: (features) => scoresOf(model, features).map(decode) };
}

interface Fit {
  learn(strength: number, start?: LinearModel): LinearModel;
  decode(scores: Float64Array): SimpleAnswer;
}

type Given = { readonly rows: Rows; readonly features: SparseRows };

function labelFit(task: Recipe["task"], labels: readonly string[], { rows, features }: Given): Fit {
  const at = new Map(labels.map((label, i) => [label, i]));
  if (task === "multi-label") {
    const targets = rows.map((r) => Float64Array.from(labels, (l) => Number(r.labels.includes(l))));
    return {
      learn: (strength, start) => fitLabels(features, targets, { strength, start }),
      decode: (scores) => labels.filter((_, k) => scores[k]! > 0),
    };
  }
  const numbers = rows.map((r) => at.get(r.labels[0]!)!);
  return {
    learn: (strength, start) => fitClasses(features, numbers, labels.length, { strength, start }),
    decode: (scores) => labels[scores.indexOf(Math.max(...scores))]!,
  };
}

/** Targets are standardised while fitting. */
function numberFit({ rows, features }: Given): Fit {
  const values = rows.map((r) => r.value!);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const std = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) || 1;
  const scaled = values.map((v) => (v - mean) / std);
  return {
    learn: (strength, start) => fitNumber(features, scaled, { strength, start }),
    decode: (scores) => mean + std * scores[0]!,
  };
}

function centroidModel(labels: readonly string[], { rows, features }: Given): SimpleModel {
  const at = new Map(labels.map((label, i) => [label, i]));
  const nearest = fitCentroids(
    features,
    rows.map((r) => at.get(r.labels[0]!)!),
    labels.length,
  );
  return { kind: "centroid", answers: (given) => Array.from(nearest(given), (k) => labels[k]!) };
}

function scoreOf(
  task: Recipe["task"],
  labels: readonly string[],
  rows: Rows,
  answers: readonly SimpleAnswer[],
): number {
  if (task === "regression")
    return -meanAbsoluteError(
      rows.map((r) => r.value!),
      answers as number[],
    );
  if (task === "single-label")
    return averageScores(
      rows.map((r) => r.labels[0]!),
      answers as string[],
      "macro",
    ).fScore;
  const hot = (given: readonly string[]) => labels.map((l) => Number(given.includes(l)));
  return averageScores(
    rows.map((r) => hot(r.labels)),
    (answers as string[][]).map(hot),
    "macro",
  ).fScore;
}
