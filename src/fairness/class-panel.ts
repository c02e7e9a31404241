// Measures of several classes (each against the rest, and their means) and of numbers.
import { eventsOfClasses, macroF1Of } from "../eval/index.ts";
import { calibrationMeasure } from "./calibration-error.ts";
import { countingSampler } from "./group-draws.ts";
import { knownMacroF1 } from "./known.ts";
import { drawnMeasures, formulaMeasures, type Measures, type ShareMeasure, shareMeasures } from "./measures.ts";
import { groupSums, type Panel, quantileBins, unitRange } from "./panel.ts";

/**
 * Classes: accuracy, macro means over the classes that occur, and rates of each class against the rest.
 * @param truth class number [N] @param predicted class number [N] @param names of the classes
 */
export function classMeasures(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  names: readonly string[],
): Measures[] {
  const classes = names.length;
  const kindOf = Int32Array.from(truth, (t, row) => t * classes + predicted[row]!);
  const actual = (kind: number) => Math.floor(kind / classes);
  const predictedOf = (kind: number) => kind % classes;
  const share = (name: string, cases: (kind: number) => boolean, hits: (kind: number) => boolean): ShareMeasure => ({
    name,
    cases: (kind) => Number(cases(kind)),
    hits: (kind) => Number(cases(kind) && hits(kind)),
  });
  const ofClass = (name: string, k: number) => [
    share(
      `${name}.truePositiveRate`,
      (kind) => actual(kind) === k,
      (kind) => predictedOf(kind) === k,
    ),
    share(
      `${name}.falsePositiveRate`,
      (kind) => actual(kind) !== k,
      (kind) => predictedOf(kind) === k,
    ),
    share(
      `${name}.precision`,
      (kind) => predictedOf(kind) === k,
      (kind) => actual(kind) === k,
    ),
    share(
      `${name}.selectionRate`,
      () => true,
      (kind) => predictedOf(kind) === k,
    ),
  ];
  const right = share(
    "accuracy",
    () => true,
    (kind) => actual(kind) === predictedOf(kind),
  );
  const macroF1 = {
    name: "macroF1",
    known: (rows: Int32Array, clusters: Int32Array | undefined) =>
      knownMacroF1(macroF1Of(eventsOfClasses(truth, predicted, classes, clusters, rows))),
  };
  return [
    shareMeasures(kindOf, classes * classes, [right, ...names.flatMap(ofClass)]),
    formulaMeasures([macroF1]),
    drawnMeasures(countingSampler(meanRates(kindOf, classes))),
  ];
}

/** Means over the classes that occur. */
const meanRates = (kindOf: Int32Array, classes: number): Panel => ({
  kindOf,
  kindCount: classes * classes,
  measures: ["macroTruePositiveRate", "macroFalsePositiveRate"],
  ranges: [unitRange, unitRange],
  evaluate(group, _all, out) {
    const [actual, guessed] = [new Float64Array(classes), new Float64Array(classes)];
    let rows = 0;
    for (let t = 0, kind = 0; t < classes; t++)
      for (let p = 0; p < classes; p++, kind++) {
        const n = group[kind]!;
        actual[t]! += n;
        guessed[p]! += n;
        rows += n;
      }
    const [tpr, fpr] = [newMean(), newMean()];
    for (let k = 0; k < classes; k++) {
      const hits = group[k * classes + k]!;
      tpr.add(hits / actual[k]!);
      fpr.add((guessed[k]! - hits) / (rows - actual[k]!));
    }
    out.set([tpr.value(), fpr.value()]);
  },
});

function newMean() {
  let [sum, count] = [0, 0];
  return {
    add(x: number) {
      if (Number.isNaN(x)) return;
      sum += x;
      count++;
    },
    value: () => sum / count,
  };
}

/** How honest the probability of the answer given is. @param confidence of it [N] @param right 0 or 1 [N] */
export function confidenceMeasures(confidence: ArrayLike<number>, right: ArrayLike<number>, bins: number): Measures[] {
  return [
    formulaMeasures([calibrationMeasure(confidence, right)]),
    drawnMeasures(countingSampler(meanPanel("meanConfidence", confidence, bins))),
  ];
}

/** Means of numbers of 0 … 1. */
export function meanPanel(name: string, values: ArrayLike<number>, most: number): Panel {
  const { binOf, means, exact } = quantileBins(values, most);
  return {
    kindOf: binOf,
    kindCount: means.length,
    measures: [name],
    ranges: [unitRange],
    evaluate(group, _all, out) {
      let [rows, total] = [0, 0];
      for (let bin = 0; bin < means.length; bin++) {
        rows += group[bin]!;
        total += group[bin]! * means[bin]!;
      }
      out[0] = total / rows;
    },
    refine: exact
      ? undefined
      : (groupOf, groups) => {
          const sums = groupSums(groupOf, groups, 2, (row, into) => {
            into[0]! += values[row]!;
            into[1]!++;
          });
          return (which, g, out) => {
            const [sum, rows] = sums(which, g) as unknown as [number, number];
            out[0] = sum / rows;
          };
        },
  };
}

/** Errors of numbers. @param truth [N] @param predicted [N] */
export const numberMeasures = (truth: ArrayLike<number>, predicted: ArrayLike<number>, bins: number): Measures[] => [
  drawnMeasures(countingSampler(numberPanel(truth, predicted, bins))),
];

function numberPanel(truth: ArrayLike<number>, predicted: ArrayLike<number>, bins = Number.POSITIVE_INFINITY): Panel {
  const errors = Float64Array.from(truth, (t, row) => predicted[row]! - t);
  const { binOf, means, exact } = quantileBins(errors, bins);
  const [sizes, squares, counts] = [means.map(() => 0), means.map(() => 0), means.map(() => 0)];
  for (let row = 0; row < errors.length; row++) {
    sizes[binOf[row]!]! += Math.abs(errors[row]!);
    squares[binOf[row]!]! += errors[row]! ** 2;
    counts[binOf[row]!]!++;
  }
  return {
    kindOf: binOf,
    kindCount: means.length,
    measures: ["mae", "mse", "meanError"],
    ranges: [
      [0, Number.POSITIVE_INFINITY],
      [0, Number.POSITIVE_INFINITY],
      [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ],
    evaluate(group, _all, out) {
      const sums = [0, 0, 0];
      let rows = 0;
      for (let bin = 0; bin < means.length; bin++) {
        const n = group[bin]!;
        rows += n;
        sums[0]! += (n * sizes[bin]!) / counts[bin]!;
        sums[1]! += (n * squares[bin]!) / counts[bin]!;
        sums[2]! += n * means[bin]!;
      }
      for (let k = 0; k < 3; k++) out[k] = sums[k]! / rows;
    },
    refine: exact
      ? undefined
      : (groupOf, groups) => {
          const sums = groupSums(groupOf, groups, 4, (row, into) => {
            const error = errors[row]!;
            into[0]! += Math.abs(error);
            into[1]! += error ** 2;
            into[2]! += error;
            into[3]!++;
          });
          return (which, g, out) => {
            const [size, square, sum, rows] = sums(which, g) as unknown as [number, number, number, number];
            out.set([size / rows, square / rows, sum / rows]);
          };
        },
  };
}

/** Several labels a row: whether all are right, and the share that is wrong. @param wrong labels of each row [N] */
export const labelMeasures = (wrong: ArrayLike<number>, labels: number): Measures[] => {
  const kindOf = Int32Array.from(wrong);
  const exact: ShareMeasure = { name: "exactMatch", cases: () => 1, hits: (kind) => Number(kind === 0) };
  const hamming: ShareMeasure = { name: "hammingLoss", cases: () => labels, hits: (kind) => kind };
  return [shareMeasures(kindOf, labels + 1, [exact, hamming])];
};
