// Gaussian process regression with a Matérn 5/2 kernel, a length for each parameter (Rasmussen & Williams 2006, chapters 2, 4, 5). Knows no space.
import { minimise } from "../../base/index.ts";
import { cholesky, inverseOf, solveLower, solveUpper } from "./cholesky.ts";

/** Rows of features; `groups[f]` numbers the length that feature f is divided by. */
export interface Features {
  readonly rows: readonly Float64Array[];
  readonly groups: readonly number[];
}

export interface Posterior {
  /** Mean and standard deviation of the function, without noise. */
  at(row: Float64Array): { readonly mean: number; readonly std: number };
}

/** Logarithms of: the length of each group, the variance of the function, the variance of the noise. */
type Logs = Float64Array;

const root5 = Math.sqrt(5);
/** Most likely values beforehand, and how sure of them, of the logarithms. */
const priors = { length: [Math.log(0.5), 1], variance: [0, 1], noise: [Math.log(1e-4), 2] } as const;

const groupCount = (groups: readonly number[]): number => Math.max(...groups) + 1;
const priorOf = (i: number, groups: number) =>
  i < groups ? priors.length : i === groups ? priors.variance : priors.noise;

/** Squared distances of two rows along each group, divided by the squared lengths. */
function scaledDistances(a: Float64Array, b: Float64Array, groups: readonly number[], logs: Logs): Float64Array {
  const out = new Float64Array(logs.length - 2);
  for (let f = 0; f < a.length; f++) out[groups[f]!]! += (a[f]! - b[f]!) ** 2;
  for (let g = 0; g < out.length; g++) out[g]! *= Math.exp(-2 * logs[g]!);
  return out;
}

/** (1 + √5·r + 5r²/3)·e^(−√5·r) */
function matern(squared: number): number {
  const r = Math.sqrt(squared);
  return (1 + root5 * r + (5 * squared) / 3) * Math.exp(-root5 * r);
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Minus the log of the posterior of hyperparameters, up to a constant; writes its gradient. */
function lossOf({ rows, groups }: Features, y: Float64Array, logs: Logs, gradient: Float64Array): number {
  const [n, count] = [rows.length, logs.length - 2];
  const [variance, noise] = [Math.exp(logs[count]!), Math.exp(logs[count + 1]!) + 1e-8];
  const distances: Float64Array[] = [];
  const k = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const d = scaledDistances(rows[i]!, rows[j]!, groups, logs);
      distances.push(d);
      k[i * n + j] = variance * matern(total(d)) + (i === j ? noise : 0);
      k[j * n + i] = k[i * n + j]!;
    }
  const lower = cholesky(k, n);
  gradient.fill(0);
  if (!lower) return Number.POSITIVE_INFINITY;
  const alpha = solveUpper(lower, solveLower(lower, y));
  const inverse = inverseOf(lower, n);
  let loss = 0;
  for (let i = 0; i < n; i++) loss += 0.5 * y[i]! * alpha[i]! + Math.log(lower[i * n + i]!);
  for (let i = 0, at = 0; i < n; i++)
    for (let j = 0; j <= i; j++, at++) {
      const d = distances[at]!;
      const r = Math.sqrt(total(d));
      // ½·tr((K⁻¹ − ααᵀ)·∂K), both triangles at once
      const factor = (i === j ? 0.5 : 1) * (inverse[i * n + j]! - alpha[i]! * alpha[j]!);
      const slope = variance * (5 / 3) * (1 + root5 * r) * Math.exp(-root5 * r);
      for (let g = 0; g < count; g++) gradient[g]! += factor * slope * d[g]!;
      gradient[count]! += factor * variance * matern(r * r);
      if (i === j) gradient[count + 1]! += factor * (noise - 1e-8);
    }
  for (let i = 0; i < logs.length; i++) {
    const [mean, std] = priorOf(i, count);
    loss += 0.5 * ((logs[i]! - mean) / std) ** 2;
    gradient[i]! += (logs[i]! - mean) / std ** 2;
  }
  return loss;
}

/** Hyperparameters fitted from the most likely beforehand, by L-BFGS. */
export function fitted(features: Features, y: Float64Array): Logs {
  const count = groupCount(features.groups);
  const start = Float64Array.from({ length: count + 2 }, (_, i) => priorOf(i, count)[0]);
  return minimise((logs, gradient) => lossOf(features, y, logs, gradient), start, { iterations: 60, tolerance: 1e-3 });
}

/** The function given its values at rows. @param y [n], mean 0 and variance about 1 */
export function posterior({ rows, groups }: Features, y: Float64Array, logs: Logs): Posterior {
  const [n, count] = [rows.length, logs.length - 2];
  const variance = Math.exp(logs[count]!);
  const between = (a: Float64Array, b: Float64Array) => variance * matern(total(scaledDistances(a, b, groups, logs)));
  const factor = (noise: number): Float64Array => {
    const k = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) k[i * n + j] = between(rows[i]!, rows[j]!) + (i === j ? noise : 0);
    return cholesky(k, n) ?? factor(noise * 10); // equal rows: a little more noise
  };
  const lower = factor(Math.exp(logs[count + 1]!) + 1e-8);
  const alpha = solveUpper(lower, solveLower(lower, y));
  return {
    at(row) {
      const k = Float64Array.from(rows, (other) => between(row, other));
      const solved = solveLower(lower, k);
      const mean = k.reduce((sum, value, i) => sum + value * alpha[i]!, 0);
      return { mean, std: Math.sqrt(Math.max(1e-12, variance - solved.reduce((sum, value) => sum + value ** 2, 0))) };
    },
  };
}

/** ∂ of the loss by both ways, for tests of the gradient. */
export const hyperparameterLoss = lossOf;
