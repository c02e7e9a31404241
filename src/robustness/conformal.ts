// Conformal prediction sets: several labels, or an interval, that hold the truth with a promised probability over texts like those
// of calibration (Vovk 2005; LAC: Sadinle 2019, arXiv:1609.00451; APS: Romano 2020, arXiv:2006.02544). Pure.
import { ConcordError } from "../base/index.ts";

/**
 * How strange an answer would be. `lac`: 1 − its probability, gives the smallest sets. `aps`: the probability of all labels down to
 * it, gives larger sets where the model is unsure. `residual`: distance of a number from the predicted one.
 */
export const strangenessNames = ["lac", "aps", "residual"] as const;
export type Strangeness = (typeof strangenessNames)[number];

/** What calibration leaves: how strange the truth was, rising; by label where each label keeps its own. */
export interface ConformalScores {
  readonly by: Strangeness;
  readonly all: readonly number[];
  readonly labels?: Readonly<Record<string, readonly number[]>>;
}

/** Strangeness of every label of one row of probabilities. @example strangeness("lac", [0.7, 0.3]) // [0.3, 0.7] */
export function strangeness(by: "lac" | "aps", probabilities: ArrayLike<number>): number[] {
  if (by === "lac") return Array.from(probabilities, (p) => 1 - p);
  const order = Array.from(probabilities, (_, k) => k).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const out = new Array<number>(order.length);
  let sum = 0;
  for (const k of order) out[k] = sum += probabilities[k]!;
  return out;
}

/**
 * Calibrates on rows that the model has not learned from.
 * @param truth label number of each row
 * @param labels names, to keep scores of each label by itself (class-conditional coverage); default together
 * @throws E_DATA for no rows
 * @example const scores = conformalScores("lac", probabilities, truth);
 */
export function conformalScores(
  by: "lac" | "aps",
  probabilities: readonly ArrayLike<number>[],
  truth: readonly number[],
  labels?: readonly string[],
): ConformalScores {
  checkRows(truth.length, probabilities.length);
  const scores = probabilities.map((row, i) => strangeness(by, row)[truth[i]!]!);
  const byLabel =
    labels &&
    Object.fromEntries(labels.map((name, k) => [name, rising(scores.filter((_, i) => truth[i] === k))] as const));
  return { by, all: rising(scores), ...(byLabel ? { labels: byLabel } : {}) };
}

/** Calibrates the distance of predicted numbers from the true ones. @throws E_DATA for no rows */
export function residualScores(predicted: readonly number[], truth: readonly number[]): ConformalScores {
  checkRows(truth.length, predicted.length);
  return { by: "residual", all: rising(predicted.map((p, i) => Math.abs(p - truth[i]!))) };
}

const rising = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

function checkRows(truth: number, rows: number): void {
  if (truth > 0 && truth === rows) return;
  throw new ConcordError("E_DATA", {
    operation: "conformal sets",
    problem: "rows and their labels do not fit",
    expected: "one label per row, at least one row",
    got: `${rows} rows, ${truth} labels`,
  });
}

/**
 * The strangeness up to which labels are in a set: the ⌈(n + 1)·coverage⌉-th smallest of n, infinite where n is too small to promise.
 * @throws E_ARGUMENT for a coverage that is not between 0 and 1
 * @example threshold([0.1, 0.2, 0.3, 0.4], 0.5) // 0.3
 */
export function threshold(scores: readonly number[], coverage: number): number {
  if (!(coverage > 0 && coverage < 1))
    throw new ConcordError("E_ARGUMENT", {
      operation: "conformal sets",
      problem: "the coverage is out of range",
      expected: "0 < coverage < 1",
      got: String(coverage),
    });
  // a rounding error of the product must not ask for one more
  const rank = Math.ceil((scores.length + 1) * coverage - 1e-9);
  return scores[rank - 1] ?? Number.POSITIVE_INFINITY;
}

/**
 * The labels that are not too strange, likeliest first. May be empty: then no label is like what calibration saw.
 * @param labels names, in the order of the probabilities
 * @example predictionSet(scores, [0.6, 0.3, 0.1], ["a", "b", "c"], 0.9) // ["a", "b"]
 */
export function predictionSet(
  scores: ConformalScores,
  probabilities: ArrayLike<number>,
  labels: readonly string[],
  coverage: number,
): string[] {
  const strange = strangeness(scores.by as "lac" | "aps", probabilities);
  const common = threshold(scores.all, coverage);
  return labels
    .map((name, k) => ({ name, k }))
    .filter(({ name, k }) => strange[k]! <= (scores.labels ? threshold(scores.labels[name] ?? [], coverage) : common))
    .sort((a, b) => probabilities[b.k]! - probabilities[a.k]! || a.k - b.k)
    .map(({ name }) => name);
}

/** The interval around a predicted number. @example predictionInterval(scores, 2, 0.9) // [1.2, 2.8] */
export function predictionInterval(
  scores: ConformalScores,
  predicted: number,
  coverage: number,
): [low: number, high: number] {
  const reach = threshold(scores.all, coverage);
  return [predicted - reach, predicted + reach];
}
