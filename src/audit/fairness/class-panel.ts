// Measures of several classes (each against the rest, and their means) and of numbers.
import { calibrationBin, calibrationBins, calibrationSums, groupSums, type Panel, quantileBins } from "./panel.ts";

const perClass = ["truePositiveRate", "falsePositiveRate", "precision", "selectionRate"] as const;

/**
 * Classes: accuracy, macro means over the classes that occur, and rates of each class against the rest.
 * @param truth class number [N] @param predicted class number [N] @param names of the classes
 */
export function classPanel(truth: ArrayLike<number>, predicted: ArrayLike<number>, names: readonly string[]): Panel {
  const classes = names.length;
  const means = ["accuracy", "macroF1", "macroTruePositiveRate", "macroFalsePositiveRate"];
  const measures = [...means, ...names.flatMap((name) => perClass.map((rate) => `${name}.${rate}`))];
  return {
    kindOf: Int32Array.from(truth, (t, row) => t * classes + predicted[row]!),
    kindCount: classes * classes,
    measures,
    evaluate(own, _all, out) {
      const [actual, guessed] = [new Float64Array(classes), new Float64Array(classes)];
      let [rows, right] = [0, 0];
      for (let t = 0, kind = 0; t < classes; t++)
        for (let p = 0; p < classes; p++, kind++) {
          const n = own[kind]!;
          actual[t]! += n;
          guessed[p]! += n;
          rows += n;
          if (t === p) right += n;
        }
      const [f1, tpr, fpr] = [newMean(), newMean(), newMean()];
      for (let k = 0; k < classes; k++) {
        const hits = own[k * classes + k]!;
        const recall = hits / actual[k]!;
        const alarm = (guessed[k]! - hits) / (rows - actual[k]!);
        f1.add((2 * hits) / (actual[k]! + guessed[k]!));
        tpr.add(recall);
        fpr.add(alarm);
        out.set([recall, alarm, hits / guessed[k]!, guessed[k]! / rows], means.length + perClass.length * k);
      }
      out.set([right / rows, f1.value(), tpr.value(), fpr.value()]);
    },
  };
}

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
export function confidencePanel(
  confidence: ArrayLike<number>,
  right: ArrayLike<number>,
  bins = Number.POSITIVE_INFINITY,
): Panel {
  const { binOf, means, exact } = quantileBins(confidence, bins);
  return {
    kindOf: Int32Array.from(binOf, (bin, row) => 2 * bin + right[row]!),
    kindCount: 2 * means.length,
    measures: ["calibrationError", "meanConfidence"],
    evaluate(own, _all, out) {
      const excess = new Float64Array(calibrationBins);
      let [rows, total] = [0, 0];
      for (let bin = 0; bin < means.length; bin++) {
        const here = own[2 * bin]! + own[2 * bin + 1]!;
        excess[calibrationBin(means[bin]!)]! += own[2 * bin + 1]! - here * means[bin]!;
        rows += here;
        total += here * means[bin]!;
      }
      out[0] = excess.reduce((sum, x) => sum + Math.abs(x), 0) / rows;
      out[1] = total / rows;
    },
    refine: exact
      ? undefined
      : (groupOf, groups) => {
          const sums = calibrationSums(confidence, right, groupOf, groups);
          return (which, g, out) => out.set(sums(which, g));
        },
  };
}

/** Errors of numbers. @param truth [N] @param predicted [N] */
export function numberPanel(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  bins = Number.POSITIVE_INFINITY,
): Panel {
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
    evaluate(own, _all, out) {
      const sums = [0, 0, 0];
      let rows = 0;
      for (let bin = 0; bin < means.length; bin++) {
        const n = own[bin]!;
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
export const countPanel = (wrong: ArrayLike<number>, labels: number): Panel => ({
  kindOf: Int32Array.from(wrong),
  kindCount: labels + 1,
  measures: ["exactMatch", "hammingLoss"],
  evaluate(own, _all, out) {
    let [rows, misses] = [0, 0];
    for (let n = 0; n < own.length; n++) {
      rows += own[n]!;
      misses += n * own[n]!;
    }
    out[0] = own[0]! / rows;
    out[1] = misses / (rows * labels);
  },
});
