// Constraints of a reduction: in each event, each group's share of answers differs from that of all by no more than a bound, in both
// directions. Knows no learner.
import { eventCounts, type FairRate, type GroupedRows, inEvent } from "../fairness/index.ts";

/** One number for each sign, rate and group: [2][rates][groups], flat. */
export type Multipliers = Float64Array;

export interface Constraints {
  zeros(): Multipliers;
  /** How far answers are from equal shares: + where a group's is higher than that of all, − where it is lower (fairlearn's signs). */
  gamma(answers: ArrayLike<number>, rows: GroupedRows): Multipliers;
  /** How much each row wants to be each class [N, K]: its largest cost less the cost of the class. */
  wanted(lambda: Multipliers, rows: GroupedRows & { readonly classes: number }): Float64Array;
  /** Multipliers of the same meaning with the smallest sum. */
  project(lambda: Multipliers): Multipliers;
}

/** @example constraintsOf(fairRates("demographic-parity", [1]), rows).gamma(answers, rows) */
export function constraintsOf(rates: readonly FairRate[], rows: GroupedRows): Constraints {
  const { groups } = rows;
  const counts = eventCounts(rates, rows);
  const totals = counts.map((cells) => cells.reduce((a, b) => a + b, 0));
  const size = rates.length * groups;
  const signed = (lambda: Multipliers, m: number, g: number) =>
    lambda[m * groups + g]! - lambda[size + m * groups + g]!;
  return {
    zeros: () => new Float64Array(2 * size),
    gamma(answers, { truth, groupOf }) {
      const hits = rates.map(() => new Float64Array(groups));
      for (let i = 0; i < answers.length; i++)
        for (const [m, rate] of rates.entries())
          if (groupOf[i]! >= 0 && answers[i] === rate.label && inEvent(rate, truth[i]!)) hits[m]![groupOf[i]!]!++;
      const out = new Float64Array(2 * size);
      for (const [m, cells] of hits.entries()) {
        const all = cells.reduce((a, b) => a + b, 0) / totals[m]!;
        for (let g = 0; g < groups; g++) {
          const less = counts[m]![g] ? all - cells[g]! / counts[m]![g]! : 0;
          out[m * groups + g] = -less;
          out[size + m * groups + g] = less;
        }
      }
      return out;
    },
    wanted(lambda, { truth, groupOf, classes }) {
      const n = truth.length;
      const sums = rates.map((_, m) => counts[m]!.reduce((sum, _c, g) => sum + signed(lambda, m, g), 0));
      const out = new Float64Array(n * classes);
      for (let i = 0; i < n; i++) {
        const g = groupOf[i]!;
        for (let y = 0; y < classes; y++) out[i * classes + y] = Number(y !== truth[i]);
        for (const [m, rate] of rates.entries())
          if (g >= 0 && inEvent(rate, truth[i]!))
            out[i * classes + rate.label]! += n * (signed(lambda, m, g) / counts[m]![g]! - sums[m]! / totals[m]!);
        let most = Number.NEGATIVE_INFINITY;
        for (let y = 0; y < classes; y++) most = Math.max(most, out[i * classes + y]!);
        for (let y = 0; y < classes; y++) out[i * classes + y] = most - out[i * classes + y]!;
      }
      return out;
    },
    project(lambda) {
      const out = new Float64Array(2 * size);
      for (const [m, cells] of counts.entries()) {
        const share = Array.from(cells, (c) => c / totals[m]!);
        const relative = share.map((p, g) => (p ? signed(lambda, m, g) / p : 0));
        const middle = weightedMedian(relative, share);
        for (const [g, p] of share.entries()) {
          const value = signed(lambda, m, g) - p * middle;
          out[m * groups + g] = Math.max(0, value);
          out[size + m * groups + g] = Math.max(0, -value);
        }
      }
      return out;
    },
  };
}

function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = [...values.keys()].filter((g) => weights[g]! > 0).sort((a, b) => values[a]! - values[b]! || a - b);
  let sum = 0;
  for (const g of order) {
    sum += weights[g]!;
    if (sum >= 0.5) return values[g]!;
  }
  return values[order.at(-1)!]!;
}
