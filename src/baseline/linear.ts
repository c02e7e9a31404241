// Linear models of sparse features: softmax and logistic regression, ridge regression. Fitted by L-BFGS. Knows no text.
import { minimise } from "../base/index.ts";
import { rowProducts } from "./kernels/products.ts";
import type { SparseRows } from "./sparse.ts";

/** One score a row and output: W·x + b. */
export interface LinearModel {
  readonly outputs: number;
  /** [F, K] */
  readonly weight: Float64Array;
  /** [K] */
  readonly bias: Float64Array;
}

/** How a linear model is fitted. */
export interface LinearOptions {
  /** Weight of the losses beside ½|W|², as scikit-learn's C. Default 1. */
  readonly strength?: number;
  /** A model to start from, such as that of another strength. Default zeros. */
  readonly start?: LinearModel;
  /** Most steps. Default 100. */
  readonly iterations?: number;
  /** Largest part of the mean loss's gradient at which it is done. Default 1e-4, as scikit-learn's. */
  readonly tolerance?: number;
}

/** Turns the scores of a row into d loss / d score and gives the loss. @param target what the row has */
type RowLoss<Target> = (scores: Float64Array, target: Target) => number;

/**
 * Softmax regression: minimises C·Σ −ln softmax(W·x + b)[label] + ½|W|².
 * @param labels class number of each row, 0 … classes − 1
 * @example const model = fitClasses(rows, labels, 26, { strength: 10 });
 */
export const fitClasses = (rows: SparseRows, labels: ArrayLike<number>, classes: number, options?: LinearOptions) =>
  fitted(rows, classes, (i) => labels[i]!, softmaxLoss, options);

/** Logistic regression of each label by itself. @param targets [N][K] 0 or 1 */
export const fitLabels = (rows: SparseRows, targets: readonly ArrayLike<number>[], options?: LinearOptions) =>
  fitted(rows, targets[0]!.length, (i) => targets[i]!, logisticLoss, options);

/** Ridge regression: minimises C·Σ ½(W·x + b − value)² + ½|W|². */
export const fitNumber = (rows: SparseRows, values: ArrayLike<number>, options?: LinearOptions) =>
  fitted(rows, 1, (i) => values[i]!, squaredLoss, options);

/** Scores of each row, [N][K]. */
export function scoresOf({ outputs, weight, bias }: LinearModel, rows: SparseRows): Float64Array[] {
  return Array.from({ length: rows.rows }, (_, i) => {
    const scores = new Float64Array(outputs);
    scoresInto(scores, weight, bias, rows, i);
    return scores;
  });
}

function softmaxLoss(scores: Float64Array, label: number): number {
  const top = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const margin = scores[label]! - top;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += scores[k] = Math.exp(scores[k]! - top);
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
  scores[label]! -= 1;
  return Math.log(sum) - margin;
}

function logisticLoss(scores: Float64Array, target: ArrayLike<number>): number {
  let loss = 0;
  for (let k = 0; k < scores.length; k++) {
    const [x, y] = [scores[k]!, target[k]!];
    loss += Math.max(x, 0) - x * y + Math.log1p(Math.exp(-Math.abs(x)));
    scores[k] = 1 / (1 + Math.exp(-x)) - y;
  }
  return loss;
}

function squaredLoss(scores: Float64Array, value: number): number {
  scores[0]! -= value;
  return 0.5 * scores[0]! ** 2;
}

function scoresInto(scores: Float64Array, weight: Float64Array, bias: Float64Array, rows: SparseRows, i: number): void {
  const { starts, columns, values } = rows;
  const outputs = scores.length;
  scores.set(bias);
  for (let k = starts[i]!; k < starts[i + 1]!; k++) {
    const value = values[k]!;
    for (let c = 0, w = columns[k]! * outputs; c < outputs; c++) scores[c]! += value * weight[w++]!;
  }
}

function fitted<Target>(
  rows: SparseRows,
  outputs: number,
  targetOf: (row: number) => Target,
  lossOf: RowLoss<Target>,
  { strength = 1, start, iterations = 100, tolerance = 1e-4 }: LinearOptions = {},
): LinearModel {
  const size = rows.width * outputs;
  const scale = 1 / rows.rows;
  const pull = scale / strength; // of ½|W|², beside the mean loss
  const { weight, gradient: slopes, scores, score, add } = rowProducts(rows, outputs);
  const f = (x: Float64Array, gradient: Float64Array): number => {
    weight.set(x.subarray(0, size));
    slopes.fill(0);
    gradient.fill(0, size);
    let [loss, norm] = [0, 0];
    for (let i = 0; i < rows.rows; i++) {
      for (let c = 0; c < outputs; c++) scores[c] = x[size + c]!;
      score(i);
      loss += lossOf(scores, targetOf(i));
      add(i, scale);
      for (let c = 0; c < outputs; c++) gradient[size + c]! += scale * scores[c]!;
    }
    for (let w = 0; w < size; w++) {
      norm += x[w]! ** 2;
      gradient[w] = pull * x[w]! + slopes[w]!;
    }
    return scale * loss + (pull / 2) * norm;
  };
  const from = new Float64Array(size + outputs);
  if (start) {
    from.set(start.weight);
    from.set(start.bias, size);
  }
  const found = minimise(f, from, { iterations, tolerance, pairs: 6 });
  return { outputs, weight: found.slice(0, size), bias: found.slice(size) };
}
