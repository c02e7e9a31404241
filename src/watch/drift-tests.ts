// Tests whether two sets of counts come from one distribution, and how far they are apart. Knows no model.
import { chiSquareQuantile, chiSquareSurvival } from "../eval/index.ts";

/** A difference of two distributions over the same bins. */
export interface Difference {
  /** Population stability index: Σ (q − p) ln(q / p). */
  readonly psi: number;
  /** PSI that chance alone exceeds in 5 % of cases, for these numbers of rows (Yurdakul 2018). */
  readonly psiByChance: number;
  /** Largest difference of the distribution functions; of categories the total variation distance. */
  readonly distance: number;
  /** Probability of a difference as large without drift. */
  readonly p: number;
}

/**
 * Difference of ordered bins by Kolmogorov and Smirnov's two-sample test. Values within a bin count as equal, so the test is conservative.
 * @param reference, current counts of the same bins
 * @throws nothing; NaN probabilities never arise: without rows p is 1
 * @example orderedDifference([50, 50], [10, 90]).p < 0.001
 */
export function orderedDifference(reference: readonly number[], current: readonly number[]): Difference {
  const [n, m] = [sum(reference), sum(current)];
  let [distance, below, belowNow] = [0, 0, 0];
  if (n > 0 && m > 0)
    for (let bin = 0; bin < reference.length; bin++) {
      below += reference[bin]! / n;
      belowNow += current[bin]! / m;
      distance = Math.max(distance, Math.abs(below - belowNow));
    }
  return { ...stability(reference, current), distance, p: kolmogorovP(distance, n, m) };
}

/**
 * Difference of categories by Pearson's χ² test of homogeneity; categories that fewer than five rows are expected in count together.
 * @example categoryDifference([50, 50], [10, 90]).p < 0.001
 */
export function categoryDifference(reference: readonly number[], current: readonly number[]): Difference {
  const [n, m] = [sum(reference), sum(current)];
  if (n === 0 || m === 0) return { ...stability(reference, current), distance: 0, p: 1 };
  const distance = sum(reference.map((count, k) => Math.abs(count / n - current[k]! / m))) / 2;
  const cells = pooled(reference, current, n, m);
  const statistic = sum(
    cells.map(([a, b]) => {
      const share = (a + b) / (n + m);
      return (a - share * n) ** 2 / (share * n) + (b - share * m) ** 2 / (share * m);
    }),
  );
  const p = cells.length < 2 ? 1 : chiSquareSurvival(statistic, cells.length - 1);
  return { ...stability(reference, current), distance, p };
}

/** Pairs of counts with at least five rows expected on both sides, the rare ones together. */
function pooled(reference: readonly number[], current: readonly number[], n: number, m: number): [number, number][] {
  const least = 5 / Math.min(n / (n + m), m / (n + m));
  const cells: [number, number][] = [];
  let rest: [number, number] = [0, 0];
  for (const [k, a] of reference.entries()) {
    const b = current[k]!;
    if (a + b >= least) cells.push([a, b]);
    else rest = [rest[0] + a, rest[1] + b];
  }
  if (rest[0] + rest[1] === 0) return cells;
  if (rest[0] + rest[1] >= least || cells.length === 0) return [...cells, rest];
  const smallest = cells.reduce((least, cell, k) => (sum(cell) < sum(cells[least]!) ? k : least), 0);
  return cells.map((cell, k) => (k === smallest ? [cell[0] + rest[0], cell[1] + rest[1]] : cell));
}

/** Half a row is added to each bin, so that an empty one has a logarithm. */
function stability(reference: readonly number[], current: readonly number[]): Pick<Difference, "psi" | "psiByChance"> {
  const [n, m] = [sum(reference), sum(current)];
  const bins = reference.length;
  if (bins < 2 || n === 0 || m === 0) return { psi: 0, psiByChance: 0 };
  const psi = sum(
    reference.map((count, k) => {
      const p = (count + 0.5) / (n + bins / 2);
      const q = (current[k]! + 0.5) / (m + bins / 2);
      return (q - p) * Math.log(q / p);
    }),
  );
  return { psi, psiByChance: chiSquareQuantile(0.95, bins - 1) * (1 / n + 1 / m) };
}

/** P(√(nm/(n+m)) D ≥ λ) of Kolmogorov's limit distribution, with Stephens' correction for few rows (1970). */
function kolmogorovP(distance: number, n: number, m: number): number {
  if (n === 0 || m === 0) return 1;
  const root = Math.sqrt((n * m) / (n + m));
  const lambda = (root + 0.12 + 0.11 / root) * distance;
  if (lambda < 0.2) return 1; // the series converges slowly there; the value is 1 within 1e-12
  let total = 0;
  for (let k = 1; k <= 100; k++) {
    const term = (k % 2 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda);
    total += term;
    if (Math.abs(term) < 1e-16) break;
  }
  return Math.min(1, Math.max(0, total));
}

/**
 * Probabilities adjusted for the number of tests: the share of false alarms among alarms stays below the limit they are compared with
 * (Benjamini & Yekutieli 2001, which holds for tests that depend on each other).
 * @example adjusted([0.001, 0.5]) // [0.003, 0.75]
 */
export function adjusted(probabilities: readonly number[]): number[] {
  const count = probabilities.length;
  const harmonic = probabilities.reduce((total, _, k) => total + 1 / (k + 1), 0);
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!);
  const out = new Array<number>(count);
  let least = 1;
  for (const [place, test] of order.entries()) {
    least = Math.min(least, (probabilities[test]! * count * harmonic) / (count - place));
    out[test] = least;
  }
  return out;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
