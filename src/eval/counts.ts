// Counts that classification metrics are made of: per-class true positives, predictions and members, and the confusion
// matrix. Knows no averages and no text.
import { ConcordError } from "../base/index.ts";
import { checkColumns, type Label, sortedLabels } from "./labels.ts";

/** A column of classes, or for multi-label a row of 0/1 for each example. */
export type Labels = ArrayLike<Label> | readonly ArrayLike<number>[];

export interface CountOptions {
  /** Classes to report, in this order. Default all that occur, sorted (multi-label: the column numbers). */
  readonly labels?: readonly Label[];
  /** [N] Default 1 each. */
  readonly sampleWeight?: ArrayLike<number>;
}

/** Per-class counts (sums of weights). */
export interface ClassCounts {
  readonly labels: readonly Label[];
  readonly hits: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
  readonly multilabel: boolean;
  /** True when `labels` holds every class that occurs. */
  readonly complete: boolean;
  /** True when scikit-learn's counts are floats and so print with a decimal point. */
  readonly floats: boolean;
}

/** True for rows of 0/1. */
export const isMultilabel = (labels: Labels): labels is readonly ArrayLike<number>[] =>
  labels.length > 0 && typeof labels[0] === "object";

/**
 * Counts hits, predictions and members of each class.
 * @throws E_SHAPE for unequal lengths, E_DATA for no rows, mixed types or entries other than 0/1
 */
export function countClasses(truth: Labels, predicted: Labels, options: CountOptions = {}): ClassCounts {
  const { sampleWeight } = options;
  checkColumns("count classes", { truth, predicted, sampleWeight });
  if (isMultilabel(truth) !== isMultilabel(predicted))
    throw new ConcordError("E_DATA", {
      operation: "count classes",
      problem: "one column is multi-label, the other is not",
    });
  return isMultilabel(truth)
    ? countMultilabel(truth, predicted as readonly ArrayLike<number>[], options)
    : countMulticlass(truth, predicted as ArrayLike<Label>, options);
}

function countMulticlass(truth: ArrayLike<Label>, predicted: ArrayLike<Label>, options: CountOptions): ClassCounts {
  const present = sortedLabels(truth, predicted);
  const labels = options.labels ?? present;
  const index = new Map(labels.map((label, i) => [label, i]));
  const [hits, guesses, actual] = [0, 1, 2].map(() => new Float64Array(labels.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let anyHit = false;
  for (let i = 0; i < truth.length; i++) {
    const weight = options.sampleWeight?.[i] ?? 1;
    const [t, p] = [index.get(truth[i]!), index.get(predicted[i]!)];
    if (t !== undefined) actual[t]! += weight;
    if (p !== undefined) guesses[p]! += weight;
    if (truth[i] !== predicted[i]) continue;
    anyHit = true;
    if (t !== undefined) hits[t]! += weight;
  }
  const complete = options.labels === undefined || present.every((label) => index.has(label));
  const floats = options.sampleWeight !== undefined || !anyHit;
  return { ...viaErrors(hits, guesses, actual), labels, multilabel: false, complete, floats };
}

function countMultilabel(
  truth: readonly ArrayLike<number>[],
  predicted: readonly ArrayLike<number>[],
  options: CountOptions,
): ClassCounts {
  const width = truth[0]!.length;
  const all = Array.from({ length: width }, (_, c) => c);
  const labels = (options.labels ?? all) as readonly number[];
  for (const rows of [truth, predicted]) checkIndicators(rows, width);
  const wrong = labels.find((label) => !all.includes(label));
  if (wrong !== undefined)
    throw new ConcordError("E_ARGUMENT", {
      operation: "count classes",
      problem: "a label is not a column",
      expected: `0 … ${width - 1}`,
      got: String(wrong),
    });
  const sum = (count: (row: number, column: number) => number) =>
    Float64Array.from(labels, (column) =>
      truth.reduce((total, _, row) => total + (count(row, column) ? (options.sampleWeight?.[row] ?? 1) : 0), 0),
    );
  const hits = sum((row, column) => truth[row]![column]! * predicted[row]![column]!);
  const guesses = sum((row, column) => predicted[row]![column]!);
  const actual = sum((row, column) => truth[row]![column]!);
  const floats = options.sampleWeight !== undefined;
  return { ...viaErrors(hits, guesses, actual), labels, multilabel: true, complete: labels.length >= width, floats };
}

/** Throws unless every row has `width` entries that are 0 or 1. */
export function checkIndicators(rows: readonly ArrayLike<number>[], width: number): void {
  for (const [i, row] of rows.entries()) {
    if (row.length !== width)
      throw new ConcordError("E_SHAPE", {
        operation: "multi-label rows",
        problem: "a row has another length than the first",
        expected: String(width),
        got: `${row.length} at row ${i}`,
      });
    for (let c = 0; c < width; c++)
      if (row[c] !== 0 && row[c] !== 1)
        throw new ConcordError("E_DATA", {
          operation: "multi-label rows",
          problem: "an entry is neither 0 nor 1",
          got: `${row[c]} at row ${i}, column ${c}`,
        });
  }
}

/** Predictions and members as hits plus errors: the rounding that scikit-learn's sums of weights have. */
function viaErrors(hits: Float64Array, predicted: Float64Array, actual: Float64Array) {
  return {
    hits,
    predicted: predicted.map((sum, i) => hits[i]! + (sum - hits[i]!)),
    actual: actual.map((sum, i) => hits[i]! + (sum - hits[i]!)),
  };
}

/**
 * Confusion matrix: rows are true classes, columns predicted ones, in the order of `labels` (default all, sorted).
 * Rows whose class is not in `labels` are left out.
 * @throws E_SHAPE for unequal lengths, E_DATA for no rows or when no given label occurs in the truth
 * @example confusionMatrix([0, 1, 1], [0, 0, 1]).matrix // [[1, 0], [1, 1]]
 */
export function confusionMatrix(
  truth: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  options: CountOptions = {},
): { labels: readonly Label[]; matrix: number[][] } {
  checkColumns("confusionMatrix", { truth, predicted, sampleWeight: options.sampleWeight });
  const labels = options.labels ?? sortedLabels(truth, predicted);
  const index = new Map(labels.map((label, i) => [label, i]));
  const matrix = labels.map(() => labels.map(() => 0));
  let known = false;
  for (let i = 0; i < truth.length; i++) {
    const [t, p] = [index.get(truth[i]!), index.get(predicted[i]!)];
    known ||= t !== undefined;
    if (t !== undefined && p !== undefined) matrix[t]![p]! += options.sampleWeight?.[i] ?? 1;
  }
  if (!known)
    throw new ConcordError("E_DATA", {
      operation: "confusionMatrix",
      problem: "none of the given labels occurs among the true labels",
      expected: `one of ${labels.slice(0, 8).join(", ")}`,
    });
  return { labels, matrix };
}
