// Generalised entropy of benefits: one number for how unequally errors fall on people, and how much of it lies between groups
// (Speicher 2018, arXiv:1807.00787).
import { ConcordError } from "../base/index.ts";

/**
 * GE(α) of benefits: 1/(n·α·(α−1))·Σ[(b/μ)^α − 1]; α = 1 is Theil's index, α = 0 the mean log deviation.
 * @param benefits at least 0 [N]; with decisions, predicted − truth + 1
 * @param alpha default 2, half the squared coefficient of variation
 * @param weights how many have each benefit. Default 1 each
 * @throws E_DATA for a negative benefit, or for one of 0 where α = 0
 * @example generalisedEntropy([1, 1, 1]) // 0
 */
export function generalisedEntropy(benefits: ArrayLike<number>, alpha = 2, weights?: ArrayLike<number>): number {
  const weight = (i: number) => weights?.[i] ?? 1;
  let [n, total] = [0, 0];
  for (let i = 0; i < benefits.length; i++) {
    if (!(benefits[i]! >= 0))
      throw new ConcordError("E_DATA", {
        operation: "generalised entropy",
        problem: "a benefit is below 0",
        got: `${benefits[i]} at row ${i}`,
      });
    n += weight(i);
    total += weight(i) * benefits[i]!;
  }
  const mean = total / n;
  if (mean === 0) return 0;
  let sum = 0;
  for (let i = 0; i < benefits.length; i++) {
    const r = benefits[i]! / mean;
    const values =
      alpha === 1
        ? r === 0
          ? 0
          : r * Math.log(r)
        : alpha === 0
          ? -Math.log(r)
          : (r ** alpha - 1) / (alpha * (alpha - 1));
    sum += weight(i) * values;
  }
  return sum / n;
}

/**
 * The part of the entropy that lies between groups: of every row's benefit replaced by its group's mean.
 * @example betweenGroupEntropy([1, 1, 2, 2], ["a", "a", "b", "b"]) // equals generalisedEntropy of the benefits
 */
export function betweenGroupEntropy(benefits: ArrayLike<number>, group: ArrayLike<string | number>, alpha = 2): number {
  const sums = new Map<string | number, [sum: number, rows: number]>();
  for (let i = 0; i < benefits.length; i++) {
    const groupSum = sums.get(group[i]!);
    if (groupSum) {
      groupSum[0] += benefits[i]!;
      groupSum[1]++;
    } else sums.set(group[i]!, [benefits[i]!, 1]);
  }
  const groups = [...sums.values()];
  return generalisedEntropy(
    groups.map(([sum, rows]) => sum / rows),
    alpha,
    groups.map(([, rows]) => rows),
  );
}
