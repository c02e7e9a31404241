// How good probabilities are: log loss, Brier score, calibration, top-k accuracy. Knows no model.
import { ConcordError } from "../base/index.ts";
import { checkRows, oneHot } from "./curves.ts";
import { checkColumns, checkFinite, type Label, sortedLabels } from "./labels.ts";
import { mean, pairwiseSum } from "./sums.ts";

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

/** One bin of a calibration table: means are 0 where it is empty. */
export interface CalibrationBin {
  readonly count: number;
  readonly accuracy: number;
  readonly confidence: number;
}

/** How far confidence is from accuracy. */
export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error Σ n_b/n · |accuracy − confidence|. */
  readonly ece: number;
  /** Largest |accuracy − confidence| of a bin that is not empty. */
  readonly mce: number;
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
 * The same from the largest probability of each row and whether it was that of the true class.
 * @param confidences [N] 0 … 1 @param rights [N] 0 or 1 @param bins default 15
 * @throws E_ARGUMENT for bins
 * @example reliability([0.9, 0.8], [1, 1]).ece // 0.15
 */
export function reliability(confidences: ArrayLike<number>, rights: ArrayLike<number>, bins = 15): Calibration {
  if (!(Number.isInteger(bins) && bins > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "calibration",
      problem: "bins is not a whole number > 0",
      got: String(bins),
    });
  const members = Array.from({ length: bins }, (): { confidence: number; right: number }[] => []);
  for (let i = 0; i < confidences.length; i++) {
    const [confidence, right] = [confidences[i]!, rights[i]!];
    let bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    // The product may round across an edge: the edges decide.
    if (bin > 0 && confidence <= bin / bins) bin--;
    else if (bin < bins - 1 && confidence > (bin + 1) / bins) bin++;
    members[bin]!.push({ confidence, right });
  }
  const table = members.map((rows): CalibrationBin => {
    const average = (of: (row: (typeof rows)[0]) => number) => (rows.length ? mean(rows.map(of)) : 0);
    return { count: rows.length, accuracy: average((row) => row.right), confidence: average((row) => row.confidence) };
  });
  const gaps = table.map((bin) => Math.abs(bin.accuracy - bin.confidence));
  const ece = pairwiseSum(gaps.map((gap, b) => (table[b]!.count / confidences.length) * gap));
  return { bins: table, ece, mce: Math.max(...gaps) };
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
