// Membership inference as a measurement: how well scores tell training rows from rows that training never saw. Pure.
import { ConcordError } from "../../base/index.ts";
import { clopperPearson, type Interval, normalQuantile } from "../../eval/index.ts";

/** Scores of rows that were trained on and of rows that were not; higher says "was trained on". */
export interface MembershipScores {
  readonly members: ArrayLike<number>;
  readonly others: ArrayLike<number>;
}

/** What an attacker gains. */
export interface MembershipReport {
  readonly members: number;
  readonly others: number;
  /** Area under the ROC curve: 0.5 is chance. */
  readonly auc: Interval;
  /** Share of members found while at most this share of others is accused: by that share. */
  readonly tprAtFpr: Readonly<Record<string, Interval>>;
  /** No (ε, δ) below this fits what was seen, with 95 % confidence; 0 when nothing was seen. */
  readonly epsilonLower: number;
}

/** Shares of false alarms at which attacks are compared (Carlini 2022, arXiv:2112.03570). */
export const falseAlarms = [0.001, 0.01, 0.1] as const;

/**
 * Judges an attack by its scores.
 * @param delta the δ of the ε lower bound. Default 0
 * @throws E_DATA with fewer than 20 rows on a side; E_ARGUMENT for a score that is NaN
 * @example membershipReport({ members: [2, 3, 4, …], others: [0, 1, 2, …] }).auc.estimate
 */
export function membershipReport(scores: MembershipScores, delta = 0): MembershipReport {
  const [members, others] = [scores.members, scores.others].map((side) => Float64Array.from(side)) as [
    Float64Array,
    Float64Array,
  ];
  if (members.length < 20 || others.length < 20)
    throw new ConcordError("E_DATA", {
      operation: "membership inference",
      problem: "too few rows to tell anything",
      expected: "at least 20 rows that were trained on, and 20 that were not",
      got: `${members.length} and ${others.length}`,
    });
  if (members.some(Number.isNaN) || others.some(Number.isNaN))
    throw new ConcordError("E_ARGUMENT", { operation: "membership inference", problem: "a score is NaN" });
  const sorted = { members: members.slice().sort(), others: others.slice().sort() };
  const tprAtFpr = falseAlarms.map((most) => {
    const threshold = thresholdAt(sorted.others, most);
    return [String(most), clopperPearson(above(sorted.members, threshold), members.length)] as const;
  });
  return {
    members: members.length,
    others: others.length,
    auc: deLong(members, others),
    tprAtFpr: Object.fromEntries(tprAtFpr),
    epsilonLower: epsilonLowerBound({ members, others }, delta),
  };
}

/** The least threshold that at most this share of the (ascending) others exceeds. */
function thresholdAt(others: Float64Array, most: number): number {
  const allowed = Math.floor(most * others.length + 1e-9);
  return allowed >= others.length ? Number.NEGATIVE_INFINITY : others[others.length - 1 - allowed]!;
}

/** How many of the ascending values exceed a threshold. */
function above(sorted: Float64Array, threshold: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > threshold) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

/** AUC with the interval of DeLong 1988 (by mid-ranks, Sun & Xu 2014). */
export function deLong(positives: Float64Array, negatives: Float64Array, confidence = 0.95): Interval {
  const [m, n] = [positives.length, negatives.length];
  const all = midranks(Float64Array.from([...positives, ...negatives]));
  const [own, foreign] = [midranks(positives), midranks(negatives)];
  const v10 = own.map((rank, i) => (all[i]! - rank) / n);
  const v01 = foreign.map((rank, j) => 1 - (all[m + j]! - rank) / m);
  const mean = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / x.length;
  const auc = mean(v10);
  const variance = (x: Float64Array) => x.reduce((a, b) => a + (b - auc) ** 2, 0) / Math.max(1, x.length - 1);
  const half = normalQuantile(0.5 + confidence / 2) * Math.sqrt(variance(v10) / m + variance(v01) / n);
  return { estimate: auc, low: Math.max(0, auc - half), high: Math.min(1, auc + half), confidence };
}

/** Ranks from 1; equal values share their mean. */
function midranks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) ranks[order[k]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/**
 * Lower bound on ε from an attack (Jagielski 2020, arXiv:2006.07709): every (ε, δ)-private training keeps TPR ≤ e^ε·FPR + δ and
 * TNR ≤ e^ε·FNR + δ. The threshold is chosen on one half of the rows and judged on the other; the two rates have Clopper–Pearson
 * bounds of 97.5 % each, so that the bound holds with 95 % confidence.
 */
export function epsilonLowerBound({ members, others }: MembershipScores, delta = 0): number {
  const half = (values: ArrayLike<number>, odd: 0 | 1) =>
    Float64Array.from(values)
      .filter((_, i) => i % 2 === odd)
      .sort();
  const choose = { members: half(members, 0), others: half(others, 0) };
  const judge = { members: half(members, 1), others: half(others, 1) };
  const bound = (side: typeof judge, threshold: number): [number, number] => {
    const [hits, alarms] = [above(side.members, threshold), above(side.others, threshold)];
    const [m, n] = [side.members.length, side.others.length];
    const ends = (k: number, of: number) => clopperPearson(k, of, 0.95); // each end leaves 2.5 % out
    const found = Math.log((ends(hits, m).low - delta) / ends(alarms, n).high);
    const cleared = Math.log((ends(n - alarms, n).low - delta) / ends(m - hits, m).high);
    return [found, cleared];
  };
  const candidates = quantiles([...choose.members, ...choose.others], 64);
  let [best, threshold, which] = [Number.NEGATIVE_INFINITY, 0, 0];
  for (const candidate of candidates)
    for (const [k, value] of bound(choose, candidate).entries())
      if (value > best) [best, threshold, which] = [value, candidate, k];
  return Math.max(0, bound(judge, threshold)[which]! || 0);
}

function quantiles(values: readonly number[], count: number): number[] {
  const sorted = Float64Array.from(values).sort();
  const picked = Array.from({ length: count }, (_, i) => sorted[Math.floor((i * (sorted.length - 1)) / (count - 1))]!);
  return [...new Set(picked)];
}
