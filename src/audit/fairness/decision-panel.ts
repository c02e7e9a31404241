// Measures of two-class decisions, with or without scores: rates, AUC of the group and across its border (Borkan 2019,
// arXiv:1903.04561), calibration.
import { groupAreas } from "./areas.ts";
import { calibrationBin, calibrationBins, calibrationSums, type Panel, quantileBins } from "./panel.ts";

const rates = [
  "accuracy",
  "precision",
  "truePositiveRate",
  "falsePositiveRate",
  "trueNegativeRate",
  "falseNegativeRate",
  "selectionRate",
  "f1",
] as const;
const scored = ["auc", "bpsnAuc", "bnspAuc", "calibrationError", "meanScore"] as const;

export interface DecisionOptions {
  /** [N] Higher means more likely 1. */
  readonly scores?: ArrayLike<number>;
  /** Whether scores are probabilities, so that calibration can be measured. Default false. */
  readonly probabilities?: boolean;
  /** Most distinct scores that are kept apart. Default Infinity. */
  readonly bins?: number;
}

/** @param truth 0 or 1 [N] @param predicted 0 or 1 [N] */
export function decisionPanel(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { scores, probabilities = false, bins = Number.POSITIVE_INFINITY }: DecisionOptions = {},
): Panel {
  const one = { binOf: new Int32Array(truth.length), means: new Float64Array(1), exact: true };
  const { binOf, means, exact } = scores ? quantileBins(scores, bins) : one;
  const calibrated = Int32Array.from(means, calibrationBin);
  return {
    kindOf: binOf.map((bin, row) => 4 * bin + 2 * truth[row]! + predicted[row]!),
    kindCount: 4 * means.length,
    measures: scores ? [...rates, ...scored.slice(0, probabilities ? 5 : 3)] : rates,
    evaluate(own, all, out) {
      let [tn, fp, fn, tp] = [0, 0, 0, 0];
      for (let kind = 0; kind < own.length; kind += 4) {
        tn += own[kind]!;
        fp += own[kind + 1]!;
        fn += own[kind + 2]!;
        tp += own[kind + 3]!;
      }
      fillRates(tn, fp, fn, tp, out);
      if (!scores) return;
      fillAreas(own, all, out);
      if (probabilities) fillCalibration(own, means, calibrated, out);
    },
    refine: exact || !scores ? undefined : refinement(truth, scores, probabilities),
  };
}

/** Areas and calibration from the rows. */
function refinement(truth: ArrayLike<number>, scores: ArrayLike<number>, probabilities: boolean): Panel["refine"] {
  const order = rowsByScore(scores);
  return (groupOf, groups) => {
    const areas = groupAreas(order, truth, scores, groupOf, groups);
    const calibration = probabilities ? calibrationSums(scores, truth, groupOf, groups) : undefined;
    return (which, g, out) => {
      out.set(areas(which, g), rates.length);
      if (calibration) out.set(calibration(which, g), rates.length + 3);
    };
  };
}

const rowsByScore = (scores: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);

function fillRates(tn: number, fp: number, fn: number, tp: number, out: Float64Array): void {
  const rows = tn + fp + fn + tp;
  out[0] = (tp + tn) / rows; // 0/0 is NaN: not defined
  out[1] = tp / (tp + fp);
  out[2] = tp / (tp + fn);
  out[3] = fp / (fp + tn);
  out[4] = tn / (fp + tn);
  out[5] = fn / (tp + fn);
  out[6] = (tp + fp) / rows;
  out[7] = (2 * tp) / (2 * tp + fp + fn);
}

/** Areas as shares of pairs (positive, negative) in the right order, ties half: within, and with the other side outside. */
function fillAreas(own: Float64Array, all: Float64Array, out: Float64Array): void {
  let [below, belowRest] = [0, 0]; // negatives with a lower score, in the group and outside
  let [within, crossPositive, crossNegative] = [0, 0, 0];
  let [positives, restPositives] = [0, 0];
  for (let kind = 0; kind < own.length; kind += 4) {
    const negative = own[kind]! + own[kind + 1]!;
    const positive = own[kind + 2]! + own[kind + 3]!;
    const restNegative = all[kind]! + all[kind + 1]! - negative;
    const restPositive = all[kind + 2]! + all[kind + 3]! - positive;
    within += positive * (below + negative / 2);
    crossPositive += restPositive * (below + negative / 2);
    crossNegative += positive * (belowRest + restNegative / 2);
    below += negative;
    belowRest += restNegative;
    positives += positive;
    restPositives += restPositive;
  }
  out[8] = within / (positives * below);
  out[9] = crossPositive / (restPositives * below);
  out[10] = crossNegative / (positives * belowRest);
}

/** Expected calibration error: Σ |rows of 1 − Σ probability| over bins, by rows; and the mean probability. */
function fillCalibration(own: Float64Array, means: Float64Array, binOf: Int32Array, out: Float64Array): void {
  const excess = new Float64Array(calibrationBins);
  let [rows, total] = [0, 0];
  for (let bin = 0; bin < means.length; bin++) {
    const positive = own[4 * bin + 2]! + own[4 * bin + 3]!;
    const here = own[4 * bin]! + own[4 * bin + 1]! + positive;
    excess[binOf[bin]!]! += positive - here * means[bin]!;
    rows += here;
    total += here * means[bin]!;
  }
  out[11] = excess.reduce((sum, x) => sum + Math.abs(x), 0) / rows;
  out[12] = total / rows;
}

/**
 * Generalised mean of AUCs of groups, M_p = (mean of x^p)^(1/p); p = −5 leans to the worst (Borkan 2019).
 * @example generalisedMean([0.9, 0.6]) // 0.68…
 */
export function generalisedMean(values: readonly number[], power = -5): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return (defined.reduce((sum, value) => sum + value ** power, 0) / defined.length) ** (1 / power);
}
