// Membership inference as a measurement: how well scores tell training rows from rows that training never saw. Pure.
import { ConcordError } from "../base/index.ts";
import { clopperPearson, type Interval, type Label, shareInterval } from "../eval/index.ts";
import { deLong } from "./area.ts";

/** Scores of rows that were trained on and of rows that were not; higher says "was trained on". */
export interface MembershipScores {
  readonly members: ArrayLike<number>;
  readonly others: ArrayLike<number>;
  /** Unit (patient) of each row: rows of one are not independent. Default each row by itself. */
  readonly memberUnits?: ArrayLike<Label>;
  readonly otherUnits?: ArrayLike<Label>;
}

/** What an attacker gains. */
export interface MembershipReport {
  readonly members: number;
  readonly others: number;
  /** Area under the ROC curve: 0.5 is chance. */
  readonly auc: Interval;
  /** Share of members found while at most this share of others is accused: by that share. */
  readonly tprAtFpr: Readonly<Record<string, Interval>>;
  /** No (ε, δ) below this fits what was seen, with the confidence asked for; 0 when nothing was seen. */
  readonly epsilonLower: number;
  /** Units on each side, where they are fewer than rows. */
  readonly units?: { readonly members: number; readonly others: number };
}

/** Shares of false alarms at which attacks are compared (Carlini 2022, arXiv:2112.03570). */
export const falseAlarms = [0.001, 0.01, 0.1] as const;

/**
 * Judges an attack by its scores. Intervals know which rows are of one unit (patient); ε is bounded by one row of each.
 * @param delta the δ of the ε lower bound. Default 0
 * @param confidence of each interval and bound. Default 0.95; of the strongest of several attacks give 1 − 0.05 / attacks
 * @throws E_DATA with fewer than 20 rows on a side; E_ARGUMENT for a score that is NaN; E_SHAPE for units that do not fit
 * @example membershipReport({ members: [2, 3, 4, …], others: [0, 1, 2, …] }).auc.estimate
 */
export function membershipReport(scores: MembershipScores, delta = 0, confidence = 0.95): MembershipReport {
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
  const { memberUnits, otherUnits } = scores;
  checkUnits(members, memberUnits);
  checkUnits(others, otherUnits);
  const sorted = others.slice().sort();
  const tprAtFpr = falseAlarms.map((most) => {
    const threshold = thresholdAt(sorted, most);
    const hits = Uint8Array.from(members, (score) => Number(score > threshold));
    return [String(most), shareInterval(hits, memberUnits, confidence)] as const;
  });
  const units = { members: countOf(memberUnits, members), others: countOf(otherUnits, others) };
  const one = { members: oneEach(members, memberUnits), others: oneEach(others, otherUnits) };
  return {
    members: members.length,
    others: others.length,
    auc: deLong(members, others, confidence, { positives: memberUnits, negatives: otherUnits }),
    tprAtFpr: Object.fromEntries(tprAtFpr),
    epsilonLower: epsilonLowerBound(one, delta, confidence),
    ...(units.members + units.others < members.length + others.length && { units }),
  };
}

function checkUnits(scores: Float64Array, units: ArrayLike<Label> | undefined): void {
  if (units && units.length !== scores.length)
    throw new ConcordError("E_SHAPE", {
      operation: "membership inference",
      problem: "not every row has a unit",
      expected: `${scores.length} units`,
      got: String(units.length),
    });
}

const countOf = (units: ArrayLike<Label> | undefined, scores: Float64Array): number =>
  units ? new Set(Array.from(units)).size : scores.length;

/** The first row of each unit. */
function oneEach(scores: Float64Array, units: ArrayLike<Label> | undefined): Float64Array {
  if (!units) return scores;
  const seen = new Set<Label>();
  return scores.filter((_, row) => !seen.has(units[row]!) && seen.add(units[row]!));
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

/**
 * Lower bound on ε from an attack (Jagielski 2020, arXiv:2006.07709): every (ε, δ)-private training keeps TPR ≤ e^ε·FPR + δ and
 * TNR ≤ e^ε·FNR + δ. Of many thresholds one is chosen on one half of the rows and judged on the other, so that the choice needs no
 * correction; the two rates have Clopper–Pearson bounds that hold together with the confidence.
 * @param scores of independent rows: one of each unit
 */
export function epsilonLowerBound({ members, others }: MembershipScores, delta = 0, confidence = 0.95): number {
  const half = (values: ArrayLike<number>, odd: 0 | 1) =>
    Float64Array.from(values)
      .filter((_, i) => i % 2 === odd)
      .sort();
  const choose = { members: half(members, 0), others: half(others, 0) };
  const judge = { members: half(members, 1), others: half(others, 1) };
  const bound = (side: typeof judge, threshold: number): [number, number] => {
    const [hits, alarms] = [above(side.members, threshold), above(side.others, threshold)];
    const [m, n] = [side.members.length, side.others.length];
    const ends = (k: number, of: number) => clopperPearson(k, of, confidence); // each end leaves half of the rest out
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
