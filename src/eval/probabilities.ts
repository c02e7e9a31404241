// How good probabilities are: log loss, Brier score, calibration of the largest, top-k accuracy. Knows no model.
import { ConcordError } from "../base/index.ts";
import { checkRows, oneHot } from "./curves.ts";
import { checkColumns, checkFinite, type Label, sortedLabels } from "./labels.ts";
import { type Calibration, reliability } from "./reliability.ts";
import { mean } from "./sums.ts";

export interface ProbabilityOptions {
  /** Classes in the order of the columns; for two classes the second is the positive one. Default sorted. */
  readonly labels?: readonly Label[];
  /** [N] Default 1 each. */
  readonly sampleWeight?: ArrayLike<number>;
}

/** P(second class) [N], or a row of probabilities for each example [N, C]. */
export type Probabilities = ArrayLike<number> | readonly ArrayLike<number>[];

/** Probabilities as rows, and the classes of their columns. */
function asRows(operation: string, truth: ArrayLike<Label>, probabilities: Probabilities, options: ProbabilityOptions) {
  const { labels = sortedLabels(truth), sampleWeight } = options;
  checkColumns(operation, { truth, probabilities, sampleWeight });
  const rows =
    typeof probabilities[0] === "number"
      ? Array.from(probabilities as ArrayLike<number>, (p) => [1 - p, p])
      : (probabilities as readonly ArrayLike<number>[]);
  checkRows(operation, rows, labels.length);
  for (const row of rows) {
    checkFinite(operation, "probabilities", row);
    for (let c = 0; c < row.length; c++)
      if (row[c]! < 0 || row[c]! > 1)
        throw new ConcordError("E_DATA", { operation, problem: "a probability is outside 0 … 1", got: String(row[c]) });
  }
  return { labels, rows };
}

/**
 * Mean of −log P(true class); probabilities are limited to [ε, 1 − ε], ε = 2⁻⁵².
 * @throws E_SHAPE, E_DATA for columns that do not fit or values that are not probabilities
 * @example logLoss([0, 1], [0.1, 0.8]) // 0.164…
 */
export function logLoss(
  truth: ArrayLike<Label>,
  probabilities: Probabilities,
  options: ProbabilityOptions = {},
): number {
  const { labels, rows } = asRows("logLoss", truth, probabilities, options);
  const losses = oneHot(truth, labels).map((hot, i) => {
    const p = rows[i]![hot.indexOf(1)]!;
    return -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p)));
  });
  return mean(losses, options.sampleWeight);
}

/**
 * Brier score. Two classes with P(second class): mean (p − y)². Rows: mean over examples of Σ over classes (p − y)².
 * @throws E_SHAPE, E_DATA for columns that do not fit or values that are not probabilities
 * @example brierScore([0, 1], [0.1, 0.8]) // 0.025
 */
export function brierScore(
  truth: ArrayLike<Label>,
  probabilities: Probabilities,
  options: ProbabilityOptions = {},
): number {
  const { labels, rows } = asRows("brierScore", truth, probabilities, options);
  const half = typeof probabilities[0] === "number" ? 0.5 : 1; // both columns of [1 − p, p] are off by the same
  const scores = oneHot(truth, labels).map(
    (hot, i) => half * hot.reduce((sum, y, c) => sum + (rows[i]![c]! - y) ** 2, 0),
  );
  return mean(scores, options.sampleWeight);
}

/**
 * Calibration of the largest probability, in equal bins (lower edge, upper edge] (Guo 2017, arXiv:1706.04599).
 * @param options `bins` default 15
 * @throws E_SHAPE, E_DATA for columns that do not fit or values that are not probabilities
 * @example calibration([0, 1], [[0.9, 0.1], [0.2, 0.8]]).ece // 0.15
 */
export function calibration(
  truth: ArrayLike<Label>,
  probabilities: Probabilities,
  { bins = 15, ...options }: ProbabilityOptions & { readonly bins?: number } = {},
): Calibration {
  const { labels, rows } = asRows("calibration", truth, probabilities, options);
  const confidences = rows.map((row) => {
    let most = 0;
    for (let c = 0; c < row.length; c++) most = Math.max(most, row[c]!);
    return most;
  });
  const rights = rows.map((row, i) => (labels[Array.prototype.indexOf.call(row, confidences[i])] === truth[i] ? 1 : 0));
  return reliability(confidences, rights, bins);
}

/**
 * Share of examples whose class is among the k best scored; of equal scores the later column counts as better.
 * @throws E_SHAPE, E_DATA for columns that do not fit; E_ARGUMENT for k < 1
 * @example topKAccuracy([2], [[0.2, 0.5, 0.3]], 2) // 1
 */
export function topKAccuracy(
  truth: ArrayLike<Label>,
  scores: readonly ArrayLike<number>[],
  k: number,
  options: ProbabilityOptions = {},
): number {
  const { labels = sortedLabels(truth), sampleWeight } = options;
  checkColumns("topKAccuracy", { truth, scores, sampleWeight });
  checkRows("topKAccuracy", scores, labels.length);
  if (!(Number.isInteger(k) && k > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "topKAccuracy",
      problem: "k is not a whole number > 0",
      got: String(k),
    });
  const hits = oneHot(truth, labels).map((hot, i) => {
    const trueClass = hot.indexOf(1);
    const row = Array.from(scores[i]!);
    const better = row.filter(
      (score, c) => score > row[trueClass]! || (score === row[trueClass] && c > trueClass),
    ).length;
    return better < k ? 1 : 0;
  });
  return mean(hits, sampleWeight);
}
