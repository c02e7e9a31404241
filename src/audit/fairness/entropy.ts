// Generalised entropy of benefits: one number for how unequally errors fall on people, and how much of it lies between groups
// (Speicher 2018, arXiv:1807.00787).
import { ConcordError } from "../../base/index.ts";

/**
 * GE(α) of benefits: 1/(n·α·(α−1))·Σ[(b/μ)^α − 1]; α = 1 is Theil's index, α = 0 the mean log deviation.
 * @param benefits at least 0 [N]; with decisions, predicted − truth + 1
 * @param alpha default 2, half the squared coefficient of variation
 * @throws E_DATA for a negative benefit, or for one of 0 where α = 0
 * @example generalisedEntropy([1, 1, 1]) // 0
 */
export function generalisedEntropy(benefits: ArrayLike<number>, alpha = 2): number {
  const n = benefits.length;
  let mean = 0;
  for (let i = 0; i < n; i++) {
    if (!(benefits[i]! >= 0))
      throw new ConcordError("E_DATA", {
        operation: "generalised entropy",
        problem: "a benefit is below 0",
        got: `${benefits[i]} at row ${i}`,
      });
    mean += benefits[i]! / n;
  }
  if (mean === 0) return 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const r = benefits[i]! / mean;
    if (alpha === 1) sum += r === 0 ? 0 : r * Math.log(r);
    else if (alpha === 0) sum -= Math.log(r);
    else sum += (r ** alpha - 1) / (alpha * (alpha - 1));
  }
  return sum / n;
}

/**
 * The part of the entropy that lies between groups: of every row's benefit replaced by its group's mean.
 * @example betweenGroupEntropy([1, 1, 2, 2], ["a", "a", "b", "b"]) // equals generalisedEntropy of the benefits
 */
export function betweenGroupEntropy(benefits: ArrayLike<number>, group: ArrayLike<string>, alpha = 2): number {
  const sums = new Map<string, [sum: number, rows: number]>();
  for (let i = 0; i < benefits.length; i++) {
    const own = sums.get(group[i]!) ?? [0, 0];
    sums.set(group[i]!, [own[0] + benefits[i]!, own[1] + 1]);
  }
  const means = new Map([...sums].map(([name, [sum, rows]]) => [name, sum / rows]));
  return generalisedEntropy(
    Float64Array.from({ length: benefits.length }, (_, i) => means.get(group[i]!)!),
    alpha,
  );
}
