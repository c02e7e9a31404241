// Precision, recall, F-beta and Jaccard, per class and averaged, by scikit-learn's definitions. Knows no text.
import { ConcordError } from "../base/index.ts";
import { type ClassCounts, type CountOptions, countClasses, isMultilabel, type Labels } from "./counts.ts";
import type { Label } from "./labels.ts";
import { meanOfDefined, pairwiseSum } from "./sums.ts";

/** `micro` pools all classes; `macro` is the mean over classes; `weighted` by members; `samples` over multi-label rows. */
export type Average = "micro" | "macro" | "weighted" | "samples";

/** What 0/0 counts as. NaN is left out of averages. */
export type ZeroDivision = 0 | 1 | typeof Number.NaN;

export interface ScoreOptions extends CountOptions {
  /** Weight of recall beside precision. Default 1. */
  readonly beta?: number;
  /** Default 0. */
  readonly zeroDivision?: ZeroDivision;
}

/** Scores of one class or one average. */
export interface Scores {
  readonly precision: number;
  readonly recall: number;
  /** F-beta, F1 by default. */
  readonly fScore: number;
}

/** Scores of a class with the (weighted) number of its members. */
export interface ClassScores extends Scores {
  readonly label: Label;
  readonly support: number;
}

const divide = (numerator: number, denominator: number, zeroDivision: number) =>
  denominator === 0 ? zeroDivision : numerator / denominator;

/** Precision, recall and F-beta of counts. F-beta = (1 + β²)·hits / (β²·actual + predicted). */
export function scoresOf(hits: number, predicted: number, actual: number, zeroDivision: number, beta = 1): Scores {
  const precision = divide(hits, predicted, zeroDivision);
  const recall = divide(hits, actual, zeroDivision);
  const fScore =
    beta === Infinity
      ? recall
      : beta === 0
        ? precision
        : divide((1 + beta ** 2) * hits, beta ** 2 * actual + predicted, zeroDivision);
  return { precision, recall, fScore };
}

/**
 * Scores of each class.
 * @param truth classes [N], or rows of 0/1 [N, C]
 * @param predicted the same kind
 * @throws E_SHAPE, E_DATA for columns that do not fit; E_ARGUMENT for a negative beta
 * @example classScores(["a", "b", "b"], ["a", "a", "b"])[1] // { label: "b", precision: 1, recall: 0.5, … support: 2 }
 */
export function classScores(truth: Labels, predicted: Labels, options: ScoreOptions = {}): ClassScores[] {
  return perClass(countClasses(truth, predicted, options), options);
}

/** Scores of each class from counts. */
export function perClass(counts: ClassCounts, { beta, zeroDivision = 0 }: ScoreOptions): ClassScores[] {
  checkBeta(beta);
  return counts.labels.map((label, i) => ({
    label,
    ...scoresOf(counts.hits[i]!, counts.predicted[i]!, counts.actual[i]!, zeroDivision, beta),
    support: counts.actual[i]!,
  }));
}

/**
 * Averaged scores.
 * @param average see {@link Average}
 * @throws E_ARGUMENT for `samples` outside multi-label; else as {@link classScores}
 * @example averageScores([0, 1, 1], [0, 0, 1], "macro").fScore // 0.666…
 */
export function averageScores(truth: Labels, predicted: Labels, average: Average, options: ScoreOptions = {}): Scores {
  if (average === "samples") return averageOf(sampleScores(truth, predicted, options), options.sampleWeight);
  return averageCounts(countClasses(truth, predicted, options), average, options);
}

/** Averaged scores from counts. */
export function averageCounts(
  counts: ClassCounts,
  average: Exclude<Average, "samples">,
  options: ScoreOptions,
): Scores {
  const { beta, zeroDivision = 0 } = options;
  if (average !== "micro")
    return averageOf(perClass(counts, options), average === "weighted" ? counts.actual : undefined);
  checkBeta(beta);
  const [hits, predicted, actual] = [counts.hits, counts.predicted, counts.actual].map((each) => pairwiseSum(each)) as [
    number,
    number,
    number,
  ];
  return scoresOf(hits, predicted, actual, zeroDivision, beta);
}

/**
 * Scores of one class taken as the positive one, as scikit-learn's `average="binary"`.
 * @param positive the positive class
 * @throws E_ARGUMENT when the class occurs in neither column
 * @example binaryScores([0, 1, 1], [0, 0, 1], 1).recall // 0.5
 */
export function binaryScores(
  truth: ArrayLike<Label>,
  predicted: ArrayLike<Label>,
  positive: Label,
  options: Omit<ScoreOptions, "labels"> = {},
): Scores {
  const counts = countClasses(truth, predicted, options);
  const i = counts.labels.indexOf(positive);
  if (i < 0)
    throw new ConcordError("E_ARGUMENT", {
      operation: "binaryScores",
      problem: "the positive class does not occur",
      expected: `one of ${counts.labels.slice(0, 8).join(", ")}`,
      got: String(positive),
    });
  return perClass(counts, options)[i]!;
}

/** Mean F-beta (F1) in one call. @example f1([0, 1, 1], [0, 0, 1], "macro") */
export const f1 = (truth: Labels, predicted: Labels, average: Average = "macro", options: ScoreOptions = {}): number =>
  averageScores(truth, predicted, average, options).fScore;

/**
 * Jaccard index hits / (predicted + actual − hits), averaged; 0/0 counts as `zeroDivision`.
 * @example jaccard([0, 1, 1], [0, 0, 1], "macro") // 0.5
 */
export function jaccard(truth: Labels, predicted: Labels, average: Average, options: ScoreOptions = {}): number {
  const { zeroDivision = 0 } = options;
  const index = (hits: number, guesses: number, actual: number) => divide(hits, guesses + actual - hits, zeroDivision);
  if (average === "samples") {
    const rows = sampleCounts(truth, predicted, options).map((row) => index(row.hits, row.predicted, row.actual));
    return meanOfDefined(rows, options.sampleWeight);
  }
  const { hits, predicted: guesses, actual } = countClasses(truth, predicted, options);
  if (average === "micro") return index(pairwiseSum(hits), pairwiseSum(guesses), pairwiseSum(actual));
  return meanOfDefined(
    [...hits].map((hit, i) => index(hit, guesses[i]!, actual[i]!)),
    average === "weighted" ? actual : undefined,
  );
}

/** Scores of each multi-label row. */
export function sampleScores(truth: Labels, predicted: Labels, options: ScoreOptions): Scores[] {
  checkBeta(options.beta);
  return sampleCounts(truth, predicted, options).map((row) =>
    scoresOf(row.hits, row.predicted, row.actual, options.zeroDivision ?? 0, options.beta),
  );
}

function sampleCounts(truth: Labels, predicted: Labels, options: CountOptions) {
  const { labels } = countClasses(truth, predicted, options); // checks the rows too
  if (!isMultilabel(truth))
    throw new ConcordError("E_ARGUMENT", {
      operation: "average over samples",
      problem: "only multi-label rows have an average over samples",
    });
  return truth.map((row, i) => {
    const sum = (of: (column: number) => number) =>
      labels.reduce<number>((total, column) => total + of(column as number), 0);
    const guess = (predicted as readonly ArrayLike<number>[])[i]!;
    return { hits: sum((c) => row[c]! * guess[c]!), predicted: sum((c) => guess[c]!), actual: sum((c) => row[c]!) };
  });
}

/** Mean of each score over classes or rows. */
export function averageOf(scores: readonly Scores[], weights?: ArrayLike<number>): Scores {
  const average = (of: (scores: Scores) => number) => meanOfDefined(scores.map(of), weights);
  return { precision: average((s) => s.precision), recall: average((s) => s.recall), fScore: average((s) => s.fScore) };
}

function checkBeta(beta = 1): void {
  if (!(beta >= 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "F-beta",
      problem: "beta is not a number ≥ 0",
      got: String(beta),
    });
}
