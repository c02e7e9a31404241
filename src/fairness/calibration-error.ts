// How far probabilities are from what comes true, by group: the root mean square over ten bins of (share − mean probability), less what
// chance alone makes of it (the debiased estimator of Kumar 2019, arXiv:1909.10155): about 0 for an honest model, however few the rows,
// where the plain calibration error of 20 rows is 0.2. Its interval: the norm of the bins' errors is off by at most the norm of their
// noise, whose square is a weighted sum of χ² (Satterthwaite). Units' rows share noise. Knows no group.
import { chiSquareQuantile, normalQuantile, type StatedProbabilities, tQuantile } from "../eval/index.ts";
import { type Estimate, estimateOf, type Known, unknown } from "./known.ts";
import type { FormulaMeasure } from "./measures.ts";
import { clusterNumbers } from "./resample.ts";

const bins = 10;
const binOf = (probability: number): number => Math.min(bins - 1, Math.max(0, Math.floor(probability * bins)));

/** @param probabilities [N] @param truth 0 or 1: whether what had that probability came true [N] */
export const calibrationMeasure = (probabilities: ArrayLike<number>, truth: ArrayLike<number>): FormulaMeasure => ({
  name: "calibrationError",
  known: (rows, clusters) => calibrationOf(oneEach(probabilities, truth), rows, clusters),
});

/**
 * Debiased calibration error of all rows, with its 95 % interval.
 * @param probabilities [N] @param truth 0 or 1 [N] @param units of the rows (patients). Default each row by itself
 * @example calibrationError([0.9, 0.9, …], [1, 0, …]) // { value: 0.31, low: 0.2, high: 0.43 }
 */
export function calibrationError(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  units?: readonly string[],
): Estimate {
  const rows = Int32Array.from({ length: truth.length }, (_, row) => row);
  return estimateOf(calibrationOf(oneEach(probabilities, truth), rows, units && clusterNumbers(units)?.of), 0.95);
}

/**
 * The same of rows that state any number of probabilities (labels, entities): those of a row share noise. NaN where nothing is stated.
 * @param count of the rows @param units of the rows (patients). Default each row by itself
 * @example calibrationErrorOfRows(rows.length, (row, put) => labels.forEach((_, k) => put(probabilities[row][k], truth[row][k])))
 */
export function calibrationErrorOfRows(
  count: number,
  stated: StatedProbabilities,
  units?: readonly string[],
): Estimate {
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  return estimateOf(calibrationOf(stated, rows, (units && clusterNumbers(units)?.of) ?? rows), 0.95);
}

const oneEach =
  (probabilities: ArrayLike<number>, truth: ArrayLike<number>): StatedProbabilities =>
  (row, put) =>
    put(probabilities[row]!, truth[row]!);

/** @param clusters unit of each row; none where each row is one and states one probability */
function calibrationOf(stated: StatedProbabilities, rows: Int32Array, clusters: Int32Array | undefined): Known {
  const [counts, excess, least] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  const noise = Array.from({ length: bins }, () => new Float64Array(bins));
  const byUnit = new Map<number, Float64Array>();
  let cases = 0;
  for (const row of rows)
    stated(row, (p, came) => {
      const bin = binOf(p);
      const off = came - p;
      cases++;
      counts[bin]!++;
      excess[bin]! += off;
      least[bin]! += p * (1 - p);
      if (!clusters) {
        noise[bin]![bin]! += off * off;
        return;
      }
      const sums = byUnit.get(clusters[row]!) ?? new Float64Array(bins);
      byUnit.set(clusters[row]!, sums);
      sums[bin]! += off;
    });
  if (cases === 0) return unknown;
  addUnits(noise, byUnit.values());
  for (let a = 0; a < bins; a++) noise[a]![a] = Math.max(noise[a]![a]!, least[a]!); // at least that of honest, independent rows
  const weight = counts.map((n) => (n ? 1 / (n * cases) : 0));
  let [square, mean, variance] = [0, 0, 0];
  for (let a = 0; a < bins; a++) {
    square += weight[a]! * excess[a]! ** 2;
    mean += weight[a]! * noise[a]![a]!;
    for (let b = 0; b < bins; b++) variance += 2 * weight[a]! * weight[b]! * noise[a]![b]! ** 2;
  }
  const value = Math.sqrt(Math.max(0, square - mean));
  const freedom = variance > 0 ? (2 * mean ** 2) / variance : 1;
  const units = clusters ? byUnit.size : cases;
  const limits = (confidence: number): readonly [number, number] => {
    const share = (1 + confidence) / 2;
    const few = tQuantile(share, units - 1) / normalQuantile(share);
    const reach = few * Math.sqrt((mean * chiSquareQuantile(share, freedom)) / freedom);
    const norm = Math.sqrt(square);
    return [Math.max(0, norm - reach) || 0, Math.min(1, norm + reach)];
  };
  return { value, centre: value, units, cases, limits };
}

/** Adds the covariance of the bins' sums of truth − probability between units. */
function addUnits(noise: readonly Float64Array[], units: Iterable<Float64Array>): void {
  for (const sums of units)
    for (let a = 0; a < bins; a++) if (sums[a]) for (let b = 0; b < bins; b++) noise[a]![b]! += sums[a]! * sums[b]!;
}
