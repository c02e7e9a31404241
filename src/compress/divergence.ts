// How far the answers of one model are from those of another. Pure.
import type { HeadAnswers } from "../predict/index.ts";

/** A probability that is taken for the least: logarithms stay finite. */
const least = 1e-12;

const term = (p: number, q: number): number => (p > 0 ? p * Math.log(p / Math.max(q, least)) : 0);

/**
 * Mean over rows: the Kullback-Leibler divergence of the second model's probabilities from the first's, in nats; of labels that are decided
 * each by itself the sum over labels; of numbers the squared difference.
 * @param head of both @param before logits of each row @param after logits of the same rows
 * @example divergence(head, [Float32Array.of(0, 0)], [Float32Array.of(0, 0)]) // 0
 */
export function divergence(head: HeadAnswers, before: readonly Float32Array[], after: readonly Float32Array[]): number {
  const ofRow = (a: Float32Array, b: Float32Array): number => {
    const [p, q] = [head.outputs(a), head.outputs(b)];
    if (head.numeric) return (p[0]! - q[0]!) ** 2;
    return p.reduce((sum, x, k) => sum + term(x, q[k]!) + (head.several ? term(1 - x, 1 - q[k]!) : 0), 0);
  };
  return before.reduce((sum, row, i) => sum + ofRow(row, after[i]!), 0) / Math.max(1, before.length);
}
