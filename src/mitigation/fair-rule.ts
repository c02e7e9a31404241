// Deterministic rules that answer by probabilities and groups so that rates are alike between groups, fitted on held-out rows. The
// group may be known, or only its probability. Knows no model and no text.
import { ConcordError } from "../base/index.ts";
import { checkColumns, checkFinite } from "../eval/index.ts";
import { eventCounts, type FairRate, fairDisparity, type GroupedRows, inEvent } from "../fairness/index.ts";

export interface FairRows extends GroupedRows {
  /** P(label | x) [N, K]. */
  readonly probabilities: Float64Array;
  /** P(group, label | x) [N, G, K], where the group is not known when answering; left out where it is. */
  readonly joint?: Float64Array;
}

export interface FairRuleOptions {
  /** Shares that are made equal: `fairRates`. */
  readonly rates: readonly FairRate[];
  /** Largest difference between groups that is aimed at, 0 … 1. */
  readonly tolerance: number;
  /** Accuracy that may be lost for it, 0 … 1. Default 1: any. */
  readonly cost?: number;
  /** Cells of fewer rows are not looked at. Default 10. */
  readonly smallestCell?: number;
  /** Of the search. Default 400. */
  readonly steps?: number;
}

/** Accuracy and the largest difference between groups. */
export interface FairScore {
  readonly accuracy: number;
  readonly disparity: number;
}

/** score(y) = p(y) − Σ_g (scale[g][y]·P(g, y) + shift[g][y]·P(g)); the label with the highest is answered. */
export interface FairWeights {
  readonly scale: readonly (readonly number[])[];
  readonly shift: readonly (readonly number[])[];
}

export interface FairRule extends FairWeights {
  /** On the rows it was fitted on. */
  readonly before: FairScore;
  readonly after: FairScore;
}

/**
 * The rule with the best accuracy whose rates differ by no more than the tolerance; where none is found within the cost, the one
 * whose rates differ least.
 *
 * Among all ways to answer, the most accurate one under such constraints has this form when the probabilities are right: thresholds per
 * group where the group is known (Hardt 2016, arXiv:1610.02413; several classes: Denis 2024, JMLR 25:130), and linear combinations of
 * P(group, label | x) where it is not (Xian & Zhao 2024, arXiv:2405.04025, "LinearPost"). Those authors solve a linear program; here its
 * dual is followed by projected gradient steps on softened answers that harden from step to step, and each step's hard answers are
 * scored on the rows themselves, so that wrong probabilities cost accuracy and not fairness. Nothing is drawn: one text, one answer.
 * @throws E_SHAPE, E_DATA for columns that do not fit; E_DATA when fewer than two groups have enough rows
 * @example fitFairRule(rows, { rates: fairRates("demographic-parity", [0, 1, 2]), tolerance: 0.02 }).after.disparity
 */
export function fitFairRule(rows: FairRows, options: FairRuleOptions): FairRule {
  const { rates, tolerance, cost = 1, smallestCell = 10, steps = 400 } = options;
  const classes = checked(rows);
  const counts = eventCounts(rates, rows);
  const live = counts.map((cells) => Array.from(cells, (n) => n >= Math.max(1, smallestCell)));
  if (!live.some((cells) => cells.filter(Boolean).length > 1))
    throw new ConcordError("E_DATA", {
      operation: "fair rule",
      problem: "no two groups have enough rows to make them alike",
      expected: `at least ${smallestCell} rows in each of two groups`,
      got: `at most ${Math.max(...counts.flatMap((cells) => [...cells]))}`,
      hint: "use a larger validation set, a coarser attribute, or criterion demographic-parity, which needs fewest rows",
    });
  const lambda = rates.map(() => new Float64Array(rows.groups));
  const first = passOver(rows, classes, rates, weightsOf(rates, lambda, classes), 0.1);
  const before = scoreOf(first, rows, rates, smallestCell);
  let best = { weights: weightsOf(rates, lambda, classes), score: before };
  const attempt = (part: number, soft: number): Pass => {
    const weights = weightsOf(rates, lambda, classes, part);
    const pass = passOver(rows, classes, rates, weights, soft);
    const score = scoreOf(pass, rows, rates, smallestCell);
    if (isBetter(score, best.score, tolerance, before.accuracy - cost)) best = { weights, score };
    return pass;
  };
  let shares = first.soft;
  for (let step = 0; step < steps; step++) {
    const soft = 0.1 * 0.03 ** (step / steps);
    const rate = 0.5 / Math.sqrt(1 + step / 10);
    for (const [m, multipliers] of lambda.entries())
      follow(multipliers, shares[m]!, counts[m]!, live[m]!, rate, tolerance);
    shares = attempt(1, soft).soft;
  }
  for (let k = 1; k < 64; k++) attempt(k / 64, 0.1); // part of the way, where the whole of it costs too much
  return { ...best.weights, before, after: best.score };
}

/** @returns the number of classes */
function checked({ truth, groupOf, groups, probabilities, joint }: FairRows): number {
  checkColumns("fair rule", { truth, groupOf });
  checkFinite("fair rule", "probabilities", probabilities);
  const classes = probabilities.length / truth.length;
  if (!Number.isInteger(classes) || (joint && joint.length !== groups * probabilities.length))
    throw new ConcordError("E_SHAPE", {
      operation: "fair rule",
      problem: "columns do not fit",
      expected: "probabilities [N, K], joint [N, G, K]",
      got: `${probabilities.length} for ${truth.length} rows${joint ? `, ${joint.length} for ${groups} groups` : ""}`,
    });
  return classes;
}

/** A gradient step of the dual on one rate: groups above the middle by more than half of the tolerance get dearer. Σ π·λ stays 0. */
function follow(
  multipliers: Float64Array,
  shares: ArrayLike<number>,
  counts: ArrayLike<number>,
  live: readonly boolean[],
  rate: number,
  tolerance: number,
): void {
  const groups = [...live.keys()].filter((g) => live[g]);
  if (groups.length < 2) return;
  const values = groups.map((g) => shares[g]!);
  const middle = (Math.max(...values) + Math.min(...values)) / 2;
  let [sum, weight] = [0, 0];
  for (const g of groups) {
    const excess = shares[g]! - middle;
    const allowed = 0.45 * tolerance; // a little inside: hard answers are coarser
    multipliers[g]! += rate * (excess - Math.max(-allowed, Math.min(allowed, excess)));
    sum += counts[g]! * multipliers[g]!;
    weight += counts[g]!;
  }
  for (const g of groups) multipliers[g]! -= sum / weight;
}

/** λ (or a part of it) of rates as weights of P(g, y) and P(g): an event of rows that are not of the label has P(g) − P(g, y). */
function weightsOf(
  rates: readonly FairRate[],
  lambda: readonly Float64Array[],
  classes: number,
  part = 1,
): FairWeights {
  const groups = lambda[0]!.length;
  const zeros = () => Array.from({ length: groups }, () => new Array<number>(classes).fill(0));
  const [scale, shift] = [zeros(), zeros()];
  for (const [m, { label, among }] of rates.entries())
    for (let g = 0; g < groups; g++) {
      const value = part * lambda[m]![g]!;
      if (among !== "all") scale[g]![label]! += among === "own" ? value : -value;
      if (among !== "own") shift[g]![label]! += value;
    }
  return { scale, shift };
}

interface Pass {
  readonly answers: Int32Array;
  /** Shares of softened answers [rates][groups]. */
  readonly soft: readonly Float64Array[];
}

function passOver(
  rows: FairRows,
  classes: number,
  rates: readonly FairRate[],
  weights: FairWeights,
  soft: number,
): Pass {
  const { truth, groupOf, groups } = rows;
  const answers = new Int32Array(truth.length);
  const sums = rates.map(() => new Float64Array(groups));
  const counts = rates.map(() => new Float64Array(groups));
  const scores = new Float64Array(classes);
  for (let i = 0; i < truth.length; i++) {
    scoresInto(scores, rows, weights, i, classes);
    let best = 0;
    for (let y = 1; y < classes; y++) if (scores[y]! > scores[best]!) best = y;
    answers[i] = best;
    const g = groupOf[i]!;
    if (g < 0) continue;
    let total = 0;
    const top = scores[best]!;
    for (let y = 0; y < classes; y++) {
      scores[y] = Math.exp((scores[y]! - top) / soft);
      total += scores[y]!;
    }
    for (let m = 0; m < rates.length; m++) {
      if (!inEvent(rates[m]!, truth[i]!)) continue;
      counts[m]![g]!++;
      sums[m]![g]! += scores[rates[m]!.label]! / total;
    }
  }
  return { answers, soft: sums.map((cells, m) => cells.map((sum, g) => sum / counts[m]![g]!)) };
}

function scoresInto(
  out: Float64Array,
  { probabilities, joint, groupOf, groups }: FairRows,
  { scale, shift }: FairWeights,
  i: number,
  classes: number,
): void {
  for (let y = 0; y < classes; y++) out[y] = probabilities[i * classes + y]!;
  if (!joint) {
    const g = groupOf[i]!;
    if (g >= 0) for (let y = 0; y < classes; y++) out[y]! -= scale[g]![y]! * out[y]! + shift[g]![y]!;
    return;
  }
  for (let g = 0; g < groups; g++) {
    const from = (i * groups + g) * classes;
    let whole = 0;
    for (let y = 0; y < classes; y++) whole += joint[from + y]!;
    for (let y = 0; y < classes; y++) out[y]! -= scale[g]![y]! * joint[from + y]! + shift[g]![y]! * whole;
  }
}

function scoreOf({ answers }: Pass, rows: FairRows, rates: readonly FairRate[], smallestCell: number): FairScore {
  let right = 0;
  for (let i = 0; i < answers.length; i++) right += Number(answers[i] === rows.truth[i]);
  return { accuracy: right / answers.length, disparity: fairDisparity(rates, rows, answers, smallestCell) };
}

/** Within the cost first, then within the tolerance; there by accuracy, else by disparity. */
export function isBetter(a: FairScore, b: FairScore, tolerance: number, leastAccuracy: number): boolean {
  if (a.accuracy < leastAccuracy) return false;
  const [reached, was] = [a.disparity <= tolerance, b.disparity <= tolerance];
  if (reached !== was) return reached;
  return reached
    ? a.accuracy > b.accuracy || (a.accuracy === b.accuracy && a.disparity < b.disparity)
    : a.disparity < b.disparity || (a.disparity === b.disparity && a.accuracy > b.accuracy);
}
