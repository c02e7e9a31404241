// Linear models for a recipe's task on given features: fitted on training rows, their strength chosen on dev. What baselines and probes
// share. Knows no text.
import { random, shuffle } from "../base/index.ts";
import { fitCentroids, type LinearModel, type SparseRows, scoresOf } from "../baseline/index.ts";
import type { LinearGiven, RowAnswer, RowTask } from "../tasks/index.ts";

/** A fitted linear model. */
export interface SimpleModel {
  /** `centroid` where there are too many classes for regression. */
  readonly kind: "regression" | "centroid";
  /** C that dev chose. */
  readonly strength?: number;
  /** On dev, as the task chooses; higher is better. */
  readonly devScore?: number;
  answers(features: SparseRows): RowAnswer[];
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
export function fitSimple(task: RowTask, labels: readonly string[], train: LinearGiven, dev: LinearGiven): SimpleModel {
  if (task.exclusive && labels.length > mostClasses) return centroidModel(labels, train);
  const { learn, decode } = task.linear(labels, train);
  const tried = dev.rows.length ? strengths : [10];
  let best: { model: LinearModel; strength: number; devScore?: number } | undefined;
  let start: LinearModel | undefined;
  for (const strength of tried) {
    start = learn(strength, start);
    if (!dev.rows.length) best = { model: start, strength };
    else {
      const devScore = task.linearScore(labels, dev.rows, scoresOf(start, dev.features).map(decode));
      if (!best || devScore > best.devScore!) best = { model: start, strength, devScore };
    }
  }
  const { model, ...chosen } = best!;
  return { kind: "regression", ...chosen, answers: (features) => scoresOf(model, features).map(decode) };
}

function centroidModel(labels: readonly string[], { rows, features }: LinearGiven): SimpleModel {
  const at = new Map(labels.map((label, i) => [label, i]));
  const nearest = fitCentroids(
    features,
    rows.map((r) => at.get(r.labels[0]!)!),
    labels.length,
  );
  return { kind: "centroid", answers: (given) => Array.from(nearest(given), (k) => labels[k]!) };
}
