// How far stated probabilities are from what comes true, in equal bins of probability (Guo 2017, arXiv:1706.04599): of one probability a
// row, or of several (labels, entities). Knows no model and no task.
import { ConcordError } from "../base/index.ts";
import type { RowMetric } from "./intervals.ts";

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

/** Calls `put` with each probability that the answer to a row states, 0 … 1, and whether it came true, 0 or 1. */
export type StatedProbabilities = (row: number, put: (probability: number, came: number) => void) => void;

/**
 * Calibration in equal bins (lower edge, upper edge] from the largest probability of each row and whether it was that of the true class.
 * @param confidences [N] 0 … 1 @param rights [N] 0 or 1 @param bins default 15
 * @throws E_ARGUMENT for bins
 * @example reliability([0.9, 0.8], [1, 1]).ece // 0.15
 */
export const reliability = (confidences: ArrayLike<number>, rights: ArrayLike<number>, bins = 15): Calibration =>
  reliabilityOfRows(confidences.length, (row, put) => put(confidences[row]!, rights[row]!), bins);

/**
 * The same of rows that state any number of probabilities: all count alike, whichever row they are of.
 * @param rows N @param bins default 15
 * @throws E_ARGUMENT for bins
 * @example reliabilityOfRows(2, (row, put) => labels.forEach((_, k) => put(probabilities[row][k], truth[row][k]))).ece
 */
export function reliabilityOfRows(rows: number, stated: StatedProbabilities, bins = 15): Calibration {
  const sums = emptySums(bins);
  for (let row = 0; row < rows; row++) stated(row, (p, came) => addTo(sums, p, came));
  const table = Array.from(sums.count, (count, b): CalibrationBin => {
    const average = (sum: Float64Array) => (count ? sum[b]! / count : 0);
    return { count, accuracy: average(sums.came), confidence: average(sums.stated) };
  });
  return { bins: table, ece: errorOf(sums), mce: Math.max(...table.map((b) => Math.abs(b.accuracy - b.confidence))) };
}

/**
 * The expected calibration error of any of the rows, for the bootstrap: NaN where those state nothing. Keeps sums of each row, not its
 * probabilities.
 * @param rows N @param bins default 15
 * @throws E_ARGUMENT for bins
 * @example bootstrap(eceOfRows(rows.length, stated), rows.length, { random: random(1) })
 */
export function eceOfRows(rows: number, stated: StatedProbabilities, bins = 15): RowMetric {
  const found = { bin: [] as number[], count: [] as number[], excess: [] as number[] };
  const start = new Uint32Array(rows + 1);
  const of = emptySums(bins);
  for (let row = 0; row < rows; row++) {
    for (const sums of [of.count, of.came, of.stated]) sums.fill(0);
    stated(row, (p, came) => addTo(of, p, came));
    for (let b = 0; b < bins; b++)
      if (of.count[b]) {
        found.bin.push(b);
        found.count.push(of.count[b]!);
        found.excess.push(of.came[b]! - of.stated[b]!);
      }
    start[row + 1] = found.bin.length;
  }
  return (picked) => {
    const excess = new Float64Array(bins);
    let all = 0;
    for (const row of picked)
      for (let i = start[row]!; i < start[row + 1]!; i++) {
        excess[found.bin[i]!]! += found.excess[i]!;
        all += found.count[i]!;
      }
    return excess.reduce((sum, off) => sum + Math.abs(off), 0) / all;
  };
}

interface Sums {
  readonly count: Float64Array;
  readonly came: Float64Array;
  readonly stated: Float64Array;
}

function emptySums(bins: number): Sums {
  if (!(Number.isInteger(bins) && bins > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "calibration",
      problem: "bins is not a whole number > 0",
      got: String(bins),
    });
  return { count: new Float64Array(bins), came: new Float64Array(bins), stated: new Float64Array(bins) };
}

function addTo({ count, came, stated }: Sums, probability: number, right: number): void {
  const bins = count.length;
  let bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1));
  // The product may round across an edge: the edges decide.
  if (bin > 0 && probability <= bin / bins) bin--;
  else if (bin < bins - 1 && probability > (bin + 1) / bins) bin++;
  count[bin]!++;
  came[bin]! += right;
  stated[bin]! += probability;
}

const errorOf = ({ count, came, stated }: Sums): number =>
  stated.reduce((sum, of, b) => sum + Math.abs(came[b]! - of), 0) / count.reduce((sum, n) => sum + n, 0);
