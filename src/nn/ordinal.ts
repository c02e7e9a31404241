// Classes in an order: the cumulative-link (proportional odds) model of one score and growing thresholds (McCullagh 1980, "Regression
// models for ordinal data", equation 2.1). Pure functions over values; no parameters, no files. Shapes: B examples, K classes.
import { hostArray } from "../base/index.ts";
import { add, broadcastTo, constant, linear, neg, pad, softplus, sub, type Value } from "../graph/index.ts";
import { logSigmoid } from "./functional.ts";

/**
 * Log-probabilities of K ordered classes: P(y ≤ k) = σ(θ_k − s), with θ_1 = `first` and θ_{k+1} = θ_k + softplus(gap_k). Thresholds grow
 * whatever the parameters are, so cumulative probabilities do too.
 *
 * ln P(y = k) = ln σ(θ_k − s) + ln σ(s − θ_{k−1}) + ln σ(gap_{k−1}): as (σ(b) − σ(a)) = σ(b)·σ(−a)·(1 − e^{a−b}), nothing cancels.
 * @param score s, [B, 1] @param first [1] @param gaps [K − 2]; none for two classes
 * @returns [B, K], whose softmax is itself
 * @example const logits = orderedLogits(score, weight(p, "first"), weight(p, "gaps"));
 */
export function orderedLogits(score: Value, first: Value, gaps: Value | undefined): Value {
  const batch = score.shape[0]!;
  const start = broadcastTo(first, [batch, 1]);
  const count = (gaps?.shape[0] as number | undefined) ?? 0;
  const free = gaps && broadcastTo(gaps, [batch, count]);
  const thresholds = free ? add(start, linear(softplus(free), sumsBefore(count))) : start; // [B, K − 1]
  const below = logSigmoid(sub(thresholds, score)); // ln P(y ≤ k)
  const above = logSigmoid(sub(score, thresholds)); // ln P(y > k)
  const ends = add(pad(below, 1, 0, 1), pad(above, 1, 1, 0));
  return free ? sub(ends, pad(softplus(neg(free)), 1, 1, 1)) : ends;
}

/** [n + 1, n]: row k adds the first k of n numbers. */
const sumsBefore = (n: number): Value =>
  constant(
    hostArray(
      "float32",
      [n + 1, n],
      Float32Array.from({ length: (n + 1) * n }, (_, at) => Number(at % n < Math.floor(at / n))),
    ),
  );

/**
 * Parameters under which a score of 0 has these shares of the classes.
 * @param shares of each class, K positive numbers that add up to 1
 * @example orderedStart([0.5, 0.25, 0.25]) // { first: 0, gaps: [0.693…] }: thresholds 0 and ln 3
 */
export function orderedStart(shares: readonly number[]): { readonly first: number; readonly gaps: readonly number[] } {
  let sum = 0;
  const thresholds = shares.slice(0, -1).map((share) => {
    sum += share;
    return Math.log(sum / (1 - sum));
  });
  const gaps = thresholds.slice(1).map((t, k) => Math.log(Math.expm1(t - thresholds[k]!)));
  return { first: thresholds[0]!, gaps };
}
