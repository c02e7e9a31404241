// Out-of-distribution scores: how foreign a text is to a model, by its largest probability (Hendrycks 2017, arXiv:1610.02136), its
// energy (Liu 2020, arXiv:2010.03759), or its distance from the classes it was trained on (Mahalanobis; Lee 2018, arXiv:1807.03888).
import { ConcordError } from "../base/index.ts";
import { softmax } from "../predict/index.ts";

/** 1 − largest probability: high for a foreign text. */
export const unsureness = (logits: ArrayLike<number>): number => 1 - Math.max(...softmax(logits));

/** −ln Σ e^logit: high for a foreign text. */
export function energy(logits: ArrayLike<number>): number {
  const top = Math.max(...Array.from(logits));
  return -(top + Math.log(Array.from(logits).reduce((sum, x) => sum + Math.exp(x - top), 0)));
}

/** Distances from the nearest class, in what the head reads. */
export interface ClassDistances {
  /** (x − μ)ᵀ Σ⁻¹ (x − μ) for the nearest class mean: high for a foreign text. */
  distance(features: ArrayLike<number>): number;
}

/**
 * Class means and the covariance they share, from training rows. The covariance is shrunk towards its mean diagonal by 10 %, so that
 * few rows do.
 * @param labels class of each row
 * @throws E_DATA for no rows, or rows that do not fit
 * @example const { distance } = classDistances(features, labels);
 */
export function classDistances(
  rows: readonly ArrayLike<number>[],
  labels: readonly (string | number)[],
): ClassDistances {
  if (rows.length === 0 || rows.length !== labels.length)
    throw new ConcordError("E_DATA", {
      operation: "class distances",
      problem: "rows and their classes do not fit",
      expected: "one class per row, at least one row",
      got: `${rows.length} rows, ${labels.length} classes`,
    });
  const width = rows[0]!.length;
  const means = new Map<string | number, { sum: Float64Array; count: number }>();
  for (const [i, row] of rows.entries()) {
    const classMean = means.get(labels[i]!) ?? { sum: new Float64Array(width), count: 0 };
    means.set(labels[i]!, classMean);
    for (let h = 0; h < width; h++) classMean.sum[h]! += row[h]!;
    classMean.count++;
  }
  for (const { sum, count } of means.values()) for (let h = 0; h < width; h++) sum[h]! /= count;
  const covariance = new Float64Array(width * width);
  const d = new Float64Array(width);
  for (const [i, row] of rows.entries()) {
    const { sum: mean } = means.get(labels[i]!)!;
    for (let h = 0; h < width; h++) d[h] = row[h]! - mean[h]!;
    for (let a = 0; a < width; a++)
      for (let b = 0; b <= a; b++) covariance[a * width + b]! += (d[a]! * d[b]!) / rows.length;
  }
  const factor = cholesky(shrunk(covariance, width), width);
  const centres = [...means.values()].map((m) => m.sum);
  return {
    distance: (features) =>
      Math.min(
        ...centres.map((mean) =>
          squaredLength(
            solve(
              factor,
              Float64Array.from(mean, (m, h) => features[h]! - m),
            ),
          ),
        ),
      ),
  };
}

function shrunk(covariance: Float64Array, width: number): Float64Array {
  let trace = 0;
  for (let h = 0; h < width; h++) trace += covariance[h * width + h]!;
  const middle = trace / width || 1;
  const out = covariance.map((x) => 0.9 * x);
  for (let h = 0; h < width; h++) out[h * width + h]! += 0.1 * middle;
  return out;
}

/** Lower factor L of a positive matrix, of which the lower half is given: L·Lᵀ. */
function cholesky(matrix: Float64Array, width: number): Float64Array {
  const l = new Float64Array(width * width);
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * width + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * width + k]! * l[j * width + k]!;
      l[i * width + j] = i === j ? Math.sqrt(sum) : sum / l[j * width + j]!;
    }
  return l;
}

/** y with L·y = x. */
function solve(l: Float64Array, x: Float64Array): Float64Array {
  const width = x.length;
  for (let i = 0; i < width; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * width + k]! * x[k]!;
    x[i] = sum / l[i * width + i]!;
  }
  return x;
}

const squaredLength = (x: Float64Array): number => x.reduce((sum, v) => sum + v * v, 0);
