// How far probabilities are from what comes true, by group: the root mean square over ten bins of (share − mean probability), less what
// chance alone makes of it (the debiased estimator of Kumar 2019, arXiv:1909.10155): about 0 for an honest model, however few the rows,
// where the plain calibration error of 20 rows is 0.2. Its interval: the norm of the bins' errors is off by at most the norm of their
// noise, whose square is a weighted sum of χ² (Satterthwaite). Units' rows share noise. Knows no group.
import { chiSquareQuantile, normalQuantile, tQuantile } from "../../eval/index.ts";
import { type Known, unknown } from "./known.ts";
import type { FormulaMeasure } from "./measures.ts";

const bins = 10;
const binOf = (probability: number): number => Math.min(bins - 1, Math.max(0, Math.floor(probability * bins)));

/** @param probabilities [N] @param truth 0 or 1: whether what had that probability came true [N] */
export const calibrationMeasure = (probabilities: ArrayLike<number>, truth: ArrayLike<number>): FormulaMeasure => ({
  name: "calibrationError",
  known: (rows, clusters) => calibrationOf(probabilities, truth, rows, clusters),
});

function calibrationOf(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  rows: Int32Array,
  clusters: Int32Array | undefined,
): Known {
  if (rows.length === 0) return unknown;
  const [counts, excess, least] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  const byUnit = new Map<number, Float64Array>();
  for (const row of rows) {
    const p = probabilities[row]!;
    const bin = binOf(p);
    const unit = clusters ? clusters[row]! : row;
    const own = byUnit.get(unit) ?? new Float64Array(bins);
    byUnit.set(unit, own);
    own[bin]! += truth[row]! - p;
    counts[bin]!++;
    excess[bin]! += truth[row]! - p;
    least[bin]! += p * (1 - p);
  }
  const noise = covarianceOf([...byUnit.values()], least);
  const weight = counts.map((n) => (n ? 1 / (n * rows.length) : 0));
  let [square, mean, variance] = [0, 0, 0];
  for (let a = 0; a < bins; a++) {
    square += weight[a]! * excess[a]! ** 2;
    mean += weight[a]! * noise[a]![a]!;
    for (let b = 0; b < bins; b++) variance += 2 * weight[a]! * weight[b]! * noise[a]![b]! ** 2;
  }
  const value = Math.sqrt(Math.max(0, square - mean));
  const freedom = variance > 0 ? (2 * mean ** 2) / variance : 1;
  const units = byUnit.size;
  const limits = (confidence: number): readonly [number, number] => {
    const share = (1 + confidence) / 2;
    const few = tQuantile(share, units - 1) / normalQuantile(share);
    const reach = few * Math.sqrt((mean * chiSquareQuantile(share, freedom)) / freedom);
    const norm = Math.sqrt(square);
    return [Math.max(0, norm - reach) || 0, Math.min(1, norm + reach)];
  };
  return { value, centre: value, units, cases: rows.length, limits };
}

/** Of the bins' sums of truth − probability: between units; at least that of honest, independent rows. */
function covarianceOf(units: readonly Float64Array[], least: Float64Array): Float64Array[] {
  const found = Array.from(least, () => new Float64Array(bins));
  for (const own of units)
    for (let a = 0; a < bins; a++) if (own[a]) for (let b = 0; b < bins; b++) found[a]![b]! += own[a]! * own[b]!;
  for (let a = 0; a < bins; a++) found[a]![a] = Math.max(found[a]![a]!, least[a]!);
  return found;
}
