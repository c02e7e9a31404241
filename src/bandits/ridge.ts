// A linear model of the reward of one action: ridge regression, which is the posterior of a linear Gaussian model with precision A.
import type { Random } from "../base/index.ts";
import { cholesky, dot, solveLower, solveUpper } from "./matrix.ts";

/** What is known of one action. θ = A⁻¹·b, A = λI + Σ x·xᵀ, b = Σ r·x. */
export interface Ridge {
  /** Factor of A, [n·n]. */
  readonly factor: Float64Array;
  readonly theta: Float64Array;
}

/**
 * Fits the rewards of one action.
 * @param contexts [rows][n] @param rewards [rows] @param lambda λ above 0: how strongly θ is held to 0
 */
export function fitRidge(
  contexts: readonly Float64Array[],
  rewards: readonly number[],
  n: number,
  lambda: number,
): Ridge {
  const a = new Float64Array(n * n);
  const b = new Float64Array(n);
  for (let i = 0; i < n; i++) a[i * n + i] = lambda;
  contexts.forEach((x, row) => {
    for (let i = 0; i < n; i++) {
      b[i]! += rewards[row]! * x[i]!;
      for (let j = 0; j < n; j++) a[i * n + j]! += x[i]! * x[j]!;
    }
  });
  const factor = cholesky(a, n);
  return { factor, theta: solveUpper(factor, solveLower(factor, b)) };
}

/** θᵀx. */
export const meanReward = ({ theta }: Ridge, x: Float64Array): number => dot(theta, x);

/** √(xᵀA⁻¹x): how little is known at x. */
export function uncertainty({ factor }: Ridge, x: Float64Array): number {
  const z = solveLower(factor, x);
  return Math.sqrt(dot(z, z));
}

/** θ drawn from N(θ, scale²·A⁻¹). */
export function drawTheta({ factor, theta }: Ridge, scale: number, rng: Random): Float64Array {
  const z = Float64Array.from(theta, () => rng.normal());
  const step = solveUpper(factor, z); // L⁻ᵀz has covariance A⁻¹
  return theta.map((mean, i) => mean + scale * step[i]!);
}
