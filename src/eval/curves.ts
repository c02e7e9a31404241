// Ranking quality of scores against two classes: ROC and precision-recall curves, their areas, and averages over classes,
// by scikit-learn's definitions. Knows no thresholds of yours.
import { ConcordError } from "../base/index.ts";
import { checkIndicators } from "./counts.ts";
import { checkColumns, checkFinite, type Label, sortedLabels } from "./labels.ts";
import { mean } from "./sums.ts";

interface Weighted {
  /** [N] Default 1 each. */
  readonly sampleWeight?: ArrayLike<number>;
}

/** Points of a ROC curve, from (0, 0) at threshold Infinity to (1, 1). */
export interface RocCurve {
  readonly falsePositiveRate: number[];
  readonly truePositiveRate: number[];
  readonly thresholds: number[];
}

/** Points of a precision-recall curve by rising threshold; a last point (1, 0) has no threshold. */
export interface PrecisionRecallCurve {
  readonly precision: number[];
  readonly recall: number[];
  readonly thresholds: number[];
}

/** Weighted true and false positives at every distinct score, from the highest. */
function cumulate(
  operation: string,
  truth: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { sampleWeight }: Weighted,
) {
  checkColumns(operation, { truth, scores, sampleWeight });
  checkFinite(operation, "scores", scores);
  const kept = Int32Array.from({ length: scores.length }, (_, i) => i).filter((i) => sampleWeight?.[i] !== 0);
  const order = kept.sort((a, b) => scores[b]! - scores[a]! || b - a);
  if (order.length === 0) throw new ConcordError("E_DATA", { operation, problem: "every weight is 0" });
  const [hits, misses, thresholds]: [number[], number[], number[]] = [[], [], []];
  let hit = 0;
  let miss = 0;
  for (const [k, i] of order.entries()) {
    const weight = sampleWeight?.[i] ?? 1;
    if (Number(truth[i]) === 1) hit += weight;
    else if (Number(truth[i]) === 0) miss += weight;
    else
      throw new ConcordError("E_DATA", {
        operation,
        problem: "the true labels have an entry that is neither 0 nor 1",
        got: `${truth[i]} at row ${i}`,
      });
    if (k + 1 < order.length && scores[order[k + 1]!] === scores[i]) continue;
    hits.push(hit);
    misses.push(miss);
    thresholds.push(scores[i]!);
  }
  return { hits, misses, thresholds };
}

/**
 * Receiver operating characteristic.
 * @param truth 0 or 1 [N]
 * @param scores higher means more likely 1 [N]
 * @param options `dropIntermediate` (default true) leaves out points on a straight line
 * @returns rates that are NaN where a class is absent
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example rocCurve([0, 1], [0.2, 0.9]).truePositiveRate // [0, 1, 1]
 */
export function rocCurve(
  truth: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  { dropIntermediate = true, ...weighted }: Weighted & { readonly dropIntermediate?: boolean } = {},
): RocCurve {
  const { hits, misses, thresholds } = cumulate("rocCurve", truth, scores, weighted);
  const bends = (x: readonly number[], i: number) => x[i + 1]! - x[i]! !== x[i]! - x[i - 1]!;
  const last = thresholds.length - 1;
  const kept = thresholds
    .map((_, i) => i)
    .filter((i) => !dropIntermediate || last < 2 || i === 0 || i === last || bends(hits, i) || bends(misses, i));
  const rates = (x: readonly number[]) =>
    [0, ...kept.map((i) => x[i]!)].map((value) => (x[last]! > 0 ? value / x[last]! : Number.NaN));
  return {
    falsePositiveRate: rates(misses),
    truePositiveRate: rates(hits),
    thresholds: [Infinity, ...kept.map((i) => thresholds[i]!)],
  };
}

/** Area under a line through points, by trapezoids; x rises. @example area([0, 1], [0, 1]) // 0.5 */
export function area(x: readonly number[], y: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return sum;
}

/**
 * Area under the ROC curve of two classes; NaN where one is absent.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.75
 */
export function rocAuc(truth: ArrayLike<number | boolean>, scores: ArrayLike<number>, options: Weighted = {}): number {
  const { falsePositiveRate, truePositiveRate } = rocCurve(truth, scores, options);
  return area(falsePositiveRate, truePositiveRate);
}

/**
 * Precision and recall at every threshold. Recall is 1 throughout when there is no positive.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 */
export function precisionRecallCurve(
  truth: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  options: Weighted = {},
): PrecisionRecallCurve {
  const { hits, misses, thresholds } = cumulate("precisionRecallCurve", truth, scores, options);
  const all = hits.at(-1)!;
  const precision = hits.map((hit, i) => (hit + misses[i]! === 0 ? 0 : hit / (hit + misses[i]!)));
  const recall = hits.map((hit) => (all === 0 ? 1 : hit / all));
  return { precision: [...precision.reverse(), 1], recall: [...recall.reverse(), 0], thresholds: thresholds.reverse() };
}

/**
 * Average precision Σ (Rₙ − Rₙ₋₁)·Pₙ of two classes; 0 without positives.
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // 0.833…
 */
export function averagePrecision(
  truth: ArrayLike<number | boolean>,
  scores: ArrayLike<number>,
  options: Weighted = {},
): number {
  const { precision, recall } = precisionRecallCurve(truth, scores, options);
  let sum = 0;
  for (let i = 0; i + 1 < recall.length; i++) sum -= (recall[i + 1]! - recall[i]!) * precision[i]!;
  return Math.max(0, sum);
}

/** `micro` pools all entries, `macro` is the mean over columns, `weighted` by positives. */
export type ColumnAverage = "micro" | "macro" | "weighted";

/** A metric of one 0/1 column and its scores. */
export type ColumnMetric = (truth: ArrayLike<number>, scores: ArrayLike<number>, options: Weighted) => number;

/**
 * Averages a two-class metric such as {@link rocAuc} over the columns of multi-label rows.
 * @param metric rocAuc or averagePrecision
 * @param truth rows of 0/1 [N, C]
 * @param scores [N, C]
 * @throws E_SHAPE, E_DATA for rows that do not fit
 * @example averageColumns(rocAuc, [[0, 1], [1, 0]], [[0.2, 0.9], [0.7, 0.1]], "macro") // 1
 */
export function averageColumns(
  metric: ColumnMetric,
  truth: readonly ArrayLike<number>[],
  scores: readonly ArrayLike<number>[],
  average: ColumnAverage,
  { sampleWeight }: Weighted = {},
): number {
  checkColumns("averageColumns", { truth, scores, sampleWeight });
  const width = truth[0]!.length;
  checkIndicators(truth, width);
  checkRows("averageColumns", scores, width);
  const column = (rows: readonly ArrayLike<number>[], c: number) => rows.map((row) => row[c]!);
  if (average === "micro") {
    const repeated = sampleWeight && Array.from(sampleWeight).flatMap((weight) => Array<number>(width).fill(weight));
    return metric(
      truth.flatMap((row) => Array.from(row)),
      scores.flatMap((row) => Array.from(row)),
      { sampleWeight: repeated },
    );
  }
  const positives = Array.from({ length: width }, (_, c) =>
    truth.reduce((sum, row, i) => sum + row[c]! * (sampleWeight?.[i] ?? 1), 0),
  );
  if (average === "weighted" && positives.every((sum) => sum === 0)) return 0;
  const values = positives.map((_, c) => metric(column(truth, c), column(scores, c), { sampleWeight }));
  return mean(values, average === "weighted" ? positives : undefined);
}

/**
 * ROC area for several classes: each class against the rest (`ovr`) or each pair (`ovo`, Hand & Till 2001).
 * @param truth classes [N]
 * @param probabilities [N, C], columns in the order of `labels` (default sorted)
 * @param options mode (default "ovr"), average "macro" (default) or "weighted" by prevalence
 * @returns NaN where a class of `labels` is absent
 * @throws E_SHAPE, E_DATA for columns that do not fit
 */
export function rocAucMulticlass(
  truth: ArrayLike<Label>,
  probabilities: readonly ArrayLike<number>[],
  { mode = "ovr", average = "macro", labels = sortedLabels(truth) }: MulticlassAucOptions = {},
): number {
  checkColumns("rocAucMulticlass", { truth, probabilities });
  checkRows("rocAucMulticlass", probabilities, labels.length);
  if (mode === "ovr") return averageColumns(rocAuc, oneHot(truth, labels), probabilities, average);
  const values: number[] = [];
  const prevalences: number[] = [];
  for (const [a, first] of labels.entries())
    for (const [b, second] of labels.entries()) {
      if (b <= a) continue;
      const rows = Array.from(truth, (_, i) => i).filter((i) => truth[i] === first || truth[i] === second);
      const auc = (label: Label, c: number) =>
        rows.length
          ? rocAuc(
              rows.map((i) => (truth[i] === label ? 1 : 0)),
              rows.map((i) => probabilities[i]![c]!),
            )
          : Number.NaN;
      values.push((auc(first, a) + auc(second, b)) / 2);
      prevalences.push(rows.length / truth.length);
    }
  return mean(values, average === "weighted" ? prevalences : undefined);
}

export interface MulticlassAucOptions {
  readonly mode?: "ovr" | "ovo";
  readonly average?: "macro" | "weighted";
  /** Classes in the order of the columns. Default all of the truth, sorted. */
  readonly labels?: readonly Label[];
}

/** Rows of 0/1 [N, C] for classes. @throws E_DATA for a class outside `labels` */
export function oneHot(truth: ArrayLike<Label>, labels: readonly Label[]): number[][] {
  return Array.from(truth, (label, i) => {
    if (!labels.includes(label))
      throw new ConcordError("E_DATA", {
        operation: "one-hot rows",
        problem: "a class is not among the labels",
        expected: `one of ${labels.slice(0, 8).join(", ")}`,
        got: `${label} at row ${i}`,
      });
    return labels.map((each) => (each === label ? 1 : 0));
  });
}

/** Throws E_SHAPE unless every row has `width` entries. */
export function checkRows(operation: string, rows: readonly ArrayLike<number>[], width: number): void {
  const i = rows.findIndex((row) => row.length !== width);
  if (i >= 0)
    throw new ConcordError("E_SHAPE", {
      operation,
      problem: "a row has the wrong number of columns",
      expected: String(width),
      got: `${rows[i]!.length} at row ${i}`,
    });
}
