// Measures of two-class decisions, with or without scores: rates, AUC of the group and across its border (Borkan 2019,
// arXiv:1903.04561), calibration.
import { groupAreas } from "./areas.ts";
import { calibrationMeasure } from "./calibration-error.ts";
import { countingSampler } from "./group-draws.ts";
import { drawnMeasures, formulaMeasures, type Measures, type ShareMeasure, shareMeasures } from "./measures.ts";
import { groupSums, type Panel, quantileBins, unitRange } from "./panel.ts";

/** Rates by kind of a row, 2·truth + predicted: kinds that are cases, and which of them are hits. */
const rate = (name: string, cases: readonly number[], hits: readonly number[]): ShareMeasure => ({
  name,
  cases: (kind) => Number(cases.includes(kind)),
  hits: (kind) => Number(hits.includes(kind)),
});
const [tn, fp, fn, tp] = [0, 1, 2, 3];
const every = [tn, fp, fn, tp];
const rates: readonly ShareMeasure[] = [
  rate("accuracy", every, [tn, tp]),
  rate("precision", [fp, tp], [tp]),
  rate("truePositiveRate", [fn, tp], [tp]),
  rate("falsePositiveRate", [tn, fp], [fp]),
  rate("trueNegativeRate", [tn, fp], [tn]),
  rate("falseNegativeRate", [fn, tp], [fn]),
  rate("selectionRate", every, [fp, tp]),
  { ...rate("f1", [fp, fn, tp], [tp]), transform: (share) => (2 * share) / (1 + share) },
];
const scored = ["auc", "bpsnAuc", "bnspAuc", "meanScore"] as const;

export interface DecisionOptions {
  /** [N] Higher means more likely 1. */
  readonly scores?: ArrayLike<number>;
  /** Whether scores are probabilities, so that calibration can be measured. Default false. */
  readonly probabilities?: boolean;
  /** Most distinct scores that are kept apart. Default Infinity. */
  readonly bins?: number;
}

/** @param truth 0 or 1 [N] @param predicted 0 or 1 [N] */
export function decisionMeasures(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { scores, probabilities = false, bins = Number.POSITIVE_INFINITY }: DecisionOptions = {},
): Measures[] {
  const kindOf = Int32Array.from(truth, (t, row) => 2 * t + predicted[row]!);
  const counted = shareMeasures(kindOf, 4, rates);
  if (!scores) return [counted];
  const drawn = drawnMeasures(countingSampler(scorePanel(truth, scores, probabilities, bins)));
  return [counted, drawn, ...(probabilities ? [formulaMeasures([calibrationMeasure(scores, truth)])] : [])];
}

function scorePanel(truth: ArrayLike<number>, scores: ArrayLike<number>, probabilities: boolean, bins: number): Panel {
  const { binOf, means, exact } = quantileBins(scores, bins);
  const measures = scored.slice(0, probabilities ? 4 : 3);
  return {
    kindOf: binOf.map((bin, row) => 2 * bin + truth[row]!),
    kindCount: 2 * means.length,
    measures,
    ranges: measures.map(() => unitRange),
    sideOf: (m) => (m < 3 ? (row) => truth[row] === 1 : undefined),
    evaluate(group, all, out) {
      fillAreas(group, all, out);
      if (probabilities) fillMean(group, means, out);
    },
    refine: exact ? undefined : refinement(truth, scores, probabilities),
  };
}

/** Areas and the mean score from the rows. */
function refinement(truth: ArrayLike<number>, scores: ArrayLike<number>, probabilities: boolean): Panel["refine"] {
  const order = rowsByScore(scores);
  return (groupOf, groups) => {
    const areas = groupAreas(order, truth, scores, groupOf, groups);
    const sums = groupSums(groupOf, groups, 2, (row, into) => {
      into[0]! += scores[row]!;
      into[1]!++;
    });
    return (which, g, out) => {
      out.set(areas(which, g));
      if (!probabilities) return;
      const [sum, rows] = sums(which, g) as unknown as [number, number];
      out[3] = sum / rows;
    };
  };
}

const rowsByScore = (scores: ArrayLike<number>): Int32Array =>
  Int32Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);

/** Areas as shares of pairs (positive, negative) in the right order, ties half: within, and with the other side outside. */
function fillAreas(group: Float64Array, all: Float64Array, out: Float64Array): void {
  let [below, belowRest] = [0, 0]; // negatives with a lower score, in the group and outside
  let [within, crossPositive, crossNegative] = [0, 0, 0];
  let [positives, restPositives] = [0, 0];
  for (let kind = 0; kind < group.length; kind += 2) {
    const [negative, positive] = [group[kind]!, group[kind + 1]!];
    const restNegative = all[kind]! - negative;
    const restPositive = all[kind + 1]! - positive;
    within += positive * (below + negative / 2);
    crossPositive += restPositive * (below + negative / 2);
    crossNegative += positive * (belowRest + restNegative / 2);
    below += negative;
    belowRest += restNegative;
    positives += positive;
    restPositives += restPositive;
  }
  out[0] = within / (positives * below);
  out[1] = crossPositive / (restPositives * below);
  out[2] = crossNegative / (positives * belowRest);
}

/** The mean probability. */
function fillMean(group: Float64Array, means: Float64Array, out: Float64Array): void {
  let [rows, total] = [0, 0];
  for (let bin = 0; bin < means.length; bin++) {
    const here = group[2 * bin]! + group[2 * bin + 1]!;
    rows += here;
    total += here * means[bin]!;
  }
  out[3] = total / rows;
}

/**
 * Generalised mean of AUCs of groups, M_p = (mean of x^p)^(1/p); p = −5 leans to the worst (Borkan 2019).
 * @example generalisedMean([0.9, 0.6]) // 0.68…
 */
export function generalisedMean(values: readonly number[], power = -5): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return (defined.reduce((sum, value) => sum + value ** power, 0) / defined.length) ** (1 / power);
}
