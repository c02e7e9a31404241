// Exponentiated gradient (Agarwal 2018, arXiv:1803.02453): a fair mixture of linear heads from a learner that knows nothing of fairness.
// The definitions are fairlearn's without its linear programs; several classes are a generalisation. Knows no model.
import { ConcordError } from "../base/index.ts";
import { checkColumns } from "../eval/index.ts";
import type { FairRate, GroupedRows } from "../fairness/index.ts";
import { type Constraints, constraintsOf, type Multipliers } from "./reduction-constraints.ts";
import { answersOf, type LinearHead, softmaxRegression } from "./softmax-regression.ts";

export interface ReductionRows extends GroupedRows {
  /** What the head reads of each row [N, H]. */
  readonly inputs: ArrayLike<number>;
  readonly classes: number;
}

export interface ReductionOptions {
  /** Shares that are made equal; of two classes one label is enough. */
  readonly rates: readonly FairRate[];
  /** Largest difference of a group's share to that of all, 0 … 1. Default 0.01. */
  readonly bound?: number;
  /** Multipliers sum to at most 1/eps: how far the bound may be missed. Default 0.01. */
  readonly eps?: number;
  /** Of the learner: λ of λ/2·|W|². Default 1; for two classes as scikit-learn counts it. */
  readonly penalty?: number;
  /** Default 50. */
  readonly iterations?: number;
  /** Steps of the learner in one response. Default 200. */
  readonly learnerIterations?: number;
  readonly onIteration?: (done: number) => void;
}

/** A mixture of heads: to answer, one is drawn with these weights. */
export interface Reduction {
  readonly heads: readonly LinearHead[];
  /** They sum to 1. */
  readonly weights: readonly number[];
  /** Of the mixture, on the rows. */
  readonly error: number;
  /** Largest difference of a group's share to that of all. */
  readonly violation: number;
  /** Duality gap: how far from the best mixture at most. */
  readonly gap: number;
  readonly iterations: number;
}

interface Response {
  readonly head: LinearHead;
  readonly error: number;
  readonly gamma: Multipliers;
}

/**
 * Finds the mixture.
 *
 * With several classes a row's cost of answering y is 1[y ≠ truth] + Σ λ·(its part in the rates of y), and the learner is given the weight
 * max cost − cost(y) for y; with two classes that is the weighted label of the paper.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example exponentiatedGradient(rows, { rates: fairRates("demographic-parity", [1]), bound: 0.02 }).violation
 */
export function exponentiatedGradient(rows: ReductionRows, options: ReductionOptions): Reduction {
  checkColumns("exponentiated gradient", { truth: rows.truth, groupOf: rows.groupOf });
  if (!Number.isInteger(rows.inputs.length / rows.truth.length))
    throw new ConcordError("E_SHAPE", { operation: "exponentiated gradient", problem: "inputs are not [N, H]" });
  const { eps = 0.01, bound = 0.01, iterations = 50, rates, onIteration } = options;
  const constraints = constraintsOf(rates, rows);
  const B = 1 / eps;
  const game = newGame(rows, constraints, options, B, bound);
  const theta = constraints.zeros();
  const sum = constraints.zeros();
  const counts: number[] = [];
  const gaps: number[] = [];
  const mixtures: number[][] = [];
  let [nu, eta, lastChecked, lastGap] = [0, 2 / B, 5, Number.POSITIVE_INFINITY];
  for (let t = 0; t < iterations; t++) {
    const powers = theta.map(Math.exp);
    const total = 1 + powers.reduce((a, b) => a + b, 0);
    const lambda = powers.map((x) => (B * x) / total);
    for (const [i, x] of lambda.entries()) sum[i]! += x;
    const picked = game.respond(lambda);
    if (t === 0) nu = game.precision(picked);
    counts[picked] = (counts[picked] ?? 0) + 1;
    const mixture = Array.from(counts, (n = 0) => n / (t + 1));
    const gap = game.gap(
      mixture,
      sum.map((x) => x / (t + 1)),
      nu,
    );
    gaps.push(gap);
    mixtures.push(mixture);
    onIteration?.(t + 1);
    if (gap < nu && t >= 5) break;
    if (t >= lastChecked * 1.6) {
      const best = Math.min(...gaps);
      if (best > lastGap * 0.8) eta *= 0.8;
      [lastChecked, lastGap] = [t, best];
    }
    const { gamma } = game.heads[picked]!;
    for (let i = 0; i < theta.length; i++) theta[i]! += eta * (gamma[i]! - bound);
  }
  const least = Math.min(...gaps);
  const best = gaps.findLastIndex((gap) => gap <= least + precision);
  const weights = game.heads.map((_, i) => mixtures[best]![i] ?? 0);
  const { error, gamma } = game.mixed(weights);
  return {
    heads: game.heads.map((h) => h.head),
    weights,
    error,
    violation: Math.max(...gamma),
    gap: gaps[best]!,
    iterations: gaps.length,
  };
}

const precision = 1e-8;

/** The heads found so far, and the Lagrangian between them and the multipliers. */
function newGame(
  rows: ReductionRows,
  constraints: Constraints,
  { penalty = 1, learnerIterations = 200 }: ReductionOptions,
  B: number,
  bound: number,
) {
  const heads: Response[] = [];
  const count = rows.truth.length;
  let last: LinearHead | undefined;
  const learn = (lambda: Multipliers): LinearHead => {
    const wanted = constraints.wanted(lambda, rows);
    const only = soleClass(wanted, rows.classes);
    if (only >= 0) return constantHead(only, rows.classes, rows.inputs.length / count);
    const mass = wanted.reduce((a, b) => a + b, 0);
    for (let i = 0; i < wanted.length; i++) wanted[i]! *= count / mass;
    last = softmaxRegression(
      { inputs: rows.inputs, wanted, rows: count },
      { penalty: rows.classes === 2 ? 2 * penalty : penalty, start: last, iterations: learnerIterations },
    );
    return last;
  };
  /** The best answer to the multipliers, among new and known heads. */
  const respond = (lambda: Multipliers): number => {
    const head = learn(lambda);
    const answers = answersOf(head, rows.inputs, count);
    const error = answers.reduce((n, y, i) => n + Number(y !== rows.truth[i]), 0) / count;
    const gamma = constraints.gamma(answers, rows);
    const scoreOf = (r: { error: number; gamma: Multipliers }) => r.error + dot(r.gamma, lambda);
    const values = heads.map(scoreOf);
    const best = values.length ? Math.min(...values) : Number.POSITIVE_INFINITY;
    if (scoreOf({ error, gamma }) < best - precision) return heads.push({ head, error, gamma }) - 1;
    return values.indexOf(best);
  };
  const mixed = (weights: readonly number[]) => {
    const gamma = constraints.zeros();
    let error = 0;
    for (const [i, w] of weights.entries()) {
      if (!w) continue;
      error += w * heads[i]!.error;
      for (let k = 0; k < gamma.length; k++) gamma[k]! += w * heads[i]!.gamma[k]!;
    }
    return { error, gamma };
  };
  const lagrangian = ({ error, gamma }: { error: number; gamma: Multipliers }, lambda: Multipliers) =>
    error + gamma.reduce((sum, x, k) => sum + lambda[k]! * (x - bound), 0);
  const gap = (weights: readonly number[], lambda: Multipliers, nu: number): number => {
    const mixture = mixed(weights);
    const shown = constraints.project(lambda);
    const value = lagrangian(mixture, shown);
    const high = mixture.error + B * Math.max(0, Math.max(...mixture.gamma) - bound);
    let low = value;
    for (const times of [1, 2, 5, 10]) {
      const response = heads[respond(lambda.map((x) => times * x))]!;
      low = Math.min(low, lagrangian(response, shown));
      if (Math.max(value - low, high - value) > nu + precision) break;
    }
    return Math.max(value - low, high - value);
  };
  /** Half the standard error of the first head's error: what rows of this number can tell. */
  const precisionOf = (which: number): number => {
    const { error } = heads[which]!;
    return (0.5 * Math.sqrt((error * (1 - error) * count) / Math.max(1, count - 1))) / Math.sqrt(count);
  };
  return { heads, respond, mixed, gap, precision: precisionOf };
}

const dot = (a: Multipliers, b: Multipliers): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

/** The class that every row wants most, or −1. */
function soleClass(wanted: Float64Array, classes: number): number {
  const best = (i: number) => {
    let top = 0;
    for (let y = 1; y < classes; y++) if (wanted[i * classes + y]! > wanted[i * classes + top]!) top = y;
    return top;
  };
  const first = best(0);
  for (let i = 1; i < wanted.length / classes; i++) if (best(i) !== first) return -1;
  return first;
}

const constantHead = (label: number, classes: number, width: number): LinearHead => ({
  weight: new Float64Array(classes * width),
  bias: Float64Array.from({ length: classes }, (_, y) => Number(y === label)),
});

/** The mixture's mean head: one linear head for all texts, which answers by the mean of the mixture's scores. */
export const meanHead = ({ heads, weights }: Pick<Reduction, "heads" | "weights">): LinearHead =>
  weightedHead(heads, weights);

/**
 * Single heads that a mixture offers to who must answer each text in one way: its mean, its heads, and heads on the way from the first,
 * which was learned without multipliers, to each of these.
 * @example const [mean] = singleHeads(exponentiatedGradient(rows, options));
 */
export function singleHeads(found: Pick<Reduction, "heads" | "weights">): LinearHead[] {
  const ends = [meanHead(found), ...found.heads];
  const [, free] = ends;
  return ends.flatMap((end) => [
    end,
    ...[1, 2, 3, 4, 5, 6, 7].map((k) => weightedHead([free!, end], [1 - k / 8, k / 8])),
  ]);
}

function weightedHead(heads: readonly LinearHead[], weights: readonly number[]): LinearHead {
  const mean = (of: (head: LinearHead) => Float64Array) =>
    of(heads[0]!).map((_, k) => heads.reduce((sum, head, i) => sum + weights[i]! * of(head)[k]!, 0));
  return { weight: mean((h) => h.weight), bias: mean((h) => h.bias) };
}
