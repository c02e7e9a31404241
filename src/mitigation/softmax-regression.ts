// Softmax regression on given features with a weight for every row and class, by L-BFGS (Liu & Nocedal 1989). Knows no fairness.
import { minimise } from "../base/index.ts";
import { checkFinite } from "../eval/index.ts";

/** z = W·x + b. */
export interface LinearHead {
  /** [K, H] */
  readonly weight: Float64Array;
  /** [K] */
  readonly bias: Float64Array;
}

export interface WeightedRows {
  /** [N, H] */
  readonly inputs: ArrayLike<number>;
  /** How much row n wants to be class k [N, K]; a row of one class and weight 1 has a single 1. */
  readonly wanted: Float64Array;
  readonly rows: number;
}

export interface RegressionOptions {
  /** λ of λ/2·|W|²; constants are not penalised. scikit-learn's C is 1/λ, and 2/λ for two classes. */
  readonly penalty: number;
  /** Where to start; default zeros. */
  readonly start?: LinearHead;
  /** Default 200. */
  readonly iterations?: number;
  /** Largest part of the gradient at which it is done, over the rows. Default 1e-6. */
  readonly tolerance?: number;
}

/**
 * The head that minimises Σ wanted·(−log softmax(z)) + penalty/2·|W|².
 * @throws E_DATA for features that are not numbers
 * @example const head = softmaxRegression({ inputs, wanted, rows }, { penalty: 1 });
 */
export function softmaxRegression(
  { inputs, wanted, rows }: WeightedRows,
  { penalty, start, iterations = 200, tolerance = 1e-6 }: RegressionOptions,
): LinearHead {
  checkFinite("softmax regression", "features", inputs);
  const [width, classes] = [inputs.length / rows, wanted.length / rows];
  const at = new Float64Array(classes * (width + 1));
  if (start) {
    at.set(start.weight);
    at.set(start.bias, classes * width);
  }
  const scale = 1 / rows; // steps are then alike whatever the number of rows
  const values = inputs instanceof Float64Array ? inputs : Float64Array.from(inputs); // one kind of array: the loops stay fast
  const lossAt = (x: Float64Array, gradient: Float64Array) =>
    scale * lossOf(x, gradient, { inputs: values, wanted, rows, width, classes, penalty, scale });
  const found = minimise(lossAt, at, { iterations, tolerance });
  return { weight: found.slice(0, classes * width), bias: found.slice(classes * width) };
}

/** Class of the highest score for each row [N]. */
export function answersOf({ weight, bias }: LinearHead, inputs: ArrayLike<number>, rows: number): Int32Array {
  const [width, classes] = [inputs.length / rows, bias.length];
  const z = new Float64Array(classes);
  return Int32Array.from({ length: rows }, (_, i) => {
    scoresInto(z, weight, bias, inputs, i * width, width);
    let best = 0;
    for (let k = 1; k < classes; k++) if (z[k]! > z[best]!) best = k;
    return best;
  });
}

function scoresInto(
  z: Float64Array,
  weight: Float64Array,
  bias: Float64Array,
  inputs: ArrayLike<number>,
  from: number,
  width: number,
): void {
  for (let k = 0, w = 0; k < z.length; k++) {
    let sum = bias[k]!;
    for (let h = 0; h < width; h++) sum += weight[w++]! * inputs[from + h]!;
    z[k] = sum;
  }
}

interface Problem extends WeightedRows {
  readonly inputs: Float64Array;
  readonly width: number;
  readonly classes: number;
  readonly penalty: number;
  readonly scale: number;
}

function lossOf(
  x: Float64Array,
  gradient: Float64Array,
  { inputs, wanted, rows, width, classes, penalty, scale }: Problem,
): number {
  const weight = x.subarray(0, classes * width);
  const bias = x.subarray(classes * width);
  const z = new Float64Array(classes);
  let loss = 0;
  for (let i = 0; i < weight.length; i++) {
    loss += 0.5 * penalty * weight[i]! ** 2;
    gradient[i] = scale * penalty * weight[i]!;
  }
  gradient.fill(0, weight.length);
  for (let i = 0; i < rows; i++) {
    scoresInto(z, weight, bias, inputs, i * width, width);
    let [top, sum, mass] = [Number.NEGATIVE_INFINITY, 0, 0];
    for (let k = 0; k < classes; k++) top = Math.max(top, z[k]!);
    for (let k = 0; k < classes; k++) {
      const target = wanted[i * classes + k]!;
      mass += target;
      loss -= target * (z[k]! - top);
      z[k] = Math.exp(z[k]! - top);
      sum += z[k]!;
    }
    loss += mass * Math.log(sum);
    for (let k = 0; k < classes; k++) {
      const g = scale * ((mass * z[k]!) / sum - wanted[i * classes + k]!);
      if (g === 0) continue;
      gradient[weight.length + k]! += g;
      for (let h = 0, w = k * width, at = i * width; h < width; h++) gradient[w++]! += g * inputs[at++]!;
    }
  }
  return loss;
}
