// RMSprop, Adagrad and Adafactor by torch's definitions, in plain TypeScript over whole arrays (not hot: tens of
// nanoseconds an element). Knows no parameter names, no kernels and no schedule.
import { sizeOf } from "../base/index.ts";
import { checkOptions, leastPositive, type Optimizer, type StepScalars, type WholeParameter } from "./optimizer.ts";

const { fround, sqrt } = Math;

export interface RmspropOptions {
  /** Default 0.01. */
  readonly learningRate?: number;
  /** Decay of the running mean of g². Default 0.99. */
  readonly alpha?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Added to the gradient (L2). Default 0. */
  readonly weightDecay?: number;
  /** Default 0. */
  readonly momentum?: number;
  /** Divide by the standard deviation instead of the root mean square. Default false. */
  readonly centered?: boolean;
}

/**
 * RMSprop (Hinton 2012; centered: Graves 2013, arXiv:1308.0850). State: `square_avg`, `momentum_buffer`, `grad_avg`.
 * @throws E_ARGUMENT for an option out of range
 * @example rmsprop({ learningRate: 0.01, momentum: 0.5 })
 */
export function rmsprop(given: RmspropOptions = {}): Optimizer {
  const defaults = { learningRate: 0.01, alpha: 0.99, epsilon: 1e-8, weightDecay: 0, momentum: 0, centered: false };
  const options = { ...defaults, ...given };
  const nonNegative = [0, Infinity] as const;
  checkOptions("rmsprop", options, {
    learningRate: nonNegative,
    alpha: [0, 1],
    epsilon: nonNegative,
    weightDecay: nonNegative,
    momentum: nonNegative,
  });
  const { alpha, epsilon, momentum, centered } = options;
  const names = ["square_avg", ...(momentum > 0 ? ["momentum_buffer"] : []), ...(centered ? ["grad_avg"] : [])];
  const update = (target: WholeParameter, { learningRate, weightDecay, gradientScale }: StepScalars) => {
    const { parameter, gradient, slots } = target;
    const square = slots[0]!;
    const buffer = momentum > 0 ? slots[1]! : undefined;
    const mean = centered ? slots.at(-1)! : undefined;
    for (let i = 0; i < parameter.length; i++) {
      const x = parameter[i]!;
      const g = fround(gradient[i]! * gradientScale + weightDecay * x);
      square[i] = alpha * square[i]! + (1 - alpha) * g * g;
      let variance = square[i]!;
      if (mean) {
        mean[i] = mean[i]! + (1 - alpha) * (g - mean[i]!);
        variance = fround(variance - mean[i]! ** 2);
      }
      let direction = g / (fround(sqrt(variance)) + epsilon);
      if (buffer) {
        buffer[i] = momentum * buffer[i]! + direction;
        direction = buffer[i]!;
      }
      parameter[i] = x - learningRate * direction;
    }
  };
  return wholeOptimizer("rmsprop", options, (shape) => names.map((name) => ({ name, shape })), update);
}

export interface AdagradOptions {
  /** Default 0.01. */
  readonly learningRate?: number;
  /** learningRate / (1 + (step − 1)·decay). Default 0. */
  readonly learningRateDecay?: number;
  /** Default 1e-10. */
  readonly epsilon?: number;
  /** Added to the gradient (L2). Default 0. */
  readonly weightDecay?: number;
  /** Start of the sum of squares. Default 0. */
  readonly initialSum?: number;
}

/**
 * Adagrad (Duchi 2011). State: `sum`.
 * @throws E_ARGUMENT for an option out of range
 * @example adagrad({ learningRate: 0.1 })
 */
export function adagrad(given: AdagradOptions = {}): Optimizer {
  const defaults = { learningRate: 0.01, learningRateDecay: 0, epsilon: 1e-10, weightDecay: 0, initialSum: 0 };
  const options = { ...defaults, ...given };
  const ranges = Object.fromEntries(Object.keys(defaults).map((name) => [name, [0, Infinity] as const]));
  checkOptions("adagrad", options, ranges);
  const { learningRateDecay, epsilon, initialSum } = options;
  const update = (target: WholeParameter, { step, learningRate, weightDecay, gradientScale }: StepScalars) => {
    const { parameter, gradient, slots } = target;
    const sum = slots[0]!;
    const rate = learningRate / (1 + (step - 1) * learningRateDecay);
    for (let i = 0; i < parameter.length; i++) {
      const x = parameter[i]!;
      const g = fround(gradient[i]! * gradientScale + weightDecay * x);
      sum[i] = sum[i]! + g * g;
      parameter[i] = x - (rate * g) / (fround(sqrt(sum[i]!)) + epsilon);
    }
  };
  return wholeOptimizer("adagrad", options, (shape) => [{ name: "sum", shape, initial: initialSum }], update);
}

export interface AdafactorOptions {
  /** Upper bound of the relative step min(learningRate, 1/√step). Default 0.01. */
  readonly learningRate?: number;
  /** The running means keep 1 − step^decay. Default -0.8. */
  readonly beta2Decay?: number;
  /** Floors: of the estimated variance (squared), of the parameter's root mean square. Default [2⁻²³, 1e-3]. */
  readonly epsilons?: readonly [number, number];
  /** Largest root mean square of an update. Default 1. */
  readonly clipThreshold?: number;
  /** Decoupled. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Adafactor (Shazeer & Stern 2018, arXiv:1804.04235) as torch has it: a matrix keeps only `row_var` [.., R, 1] and
 * `col_var` [.., 1, C]; a vector keeps `variance`.
 * @throws E_ARGUMENT for an option out of range
 * @example adafactor({ learningRate: 0.01 })
 */
export function adafactor(given: AdafactorOptions = {}): Optimizer {
  const epsilons = [2 ** -23, 1e-3] as const;
  const options = { learningRate: 0.01, beta2Decay: -0.8, epsilons, clipThreshold: 1, weightDecay: 0, ...given };
  checkOptions("adafactor", options, {
    learningRate: [0, Infinity],
    beta2Decay: [-Infinity, leastPositive],
    epsilons: [0, Infinity],
    clipThreshold: [1, Infinity],
    weightDecay: [0, Infinity],
  });
  const slots = (shape: readonly number[]) =>
    shape.length < 2
      ? [{ name: "variance", shape }]
      : [
          { name: "row_var", shape: [...shape.slice(0, -1), 1] },
          { name: "col_var", shape: [...shape.slice(0, -2), 1, shape.at(-1)!] },
        ];
  return wholeOptimizer("adafactor", options, slots, (target, scalars) => adafactorStep(target, scalars, options));
}

function adafactorStep(
  { shape, parameter, gradient, slots }: WholeParameter,
  { step, learningRate, weightDecay, gradientScale }: StepScalars,
  { beta2Decay, epsilons, clipThreshold }: Required<AdafactorOptions>,
): void {
  const rootMeanSquare = (x: Float32Array) => sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);
  const mix = step ** beta2Decay;
  const alpha = Math.max(epsilons[1], rootMeanSquare(parameter)) * Math.min(learningRate, 1 / sqrt(step));
  const scaled = gradientScale === 1 ? gradient : gradient.map((g) => g * gradientScale);
  const update = new Float32Array(parameter.length);
  if (shape.length < 2) {
    const variance = slots[0]!;
    for (let i = 0; i < update.length; i++) {
      variance[i] = variance[i]! + mix * (scaled[i]! ** 2 - variance[i]!);
      update[i] = variance[i]!;
    }
  } else {
    const [rows, columns] = shape.slice(-2) as [number, number];
    for (let b = 0; b < sizeOf(shape.slice(0, -2)); b++) {
      const part = (x: Float32Array, size: number) => x.subarray(b * size, (b + 1) * size);
      const [rowVar, columnVar] = [part(slots[0]!, rows), part(slots[1]!, columns)];
      blendMeans(part(scaled, rows * columns), rowVar, columnVar, mix);
      const mean = Math.max(rowVar.reduce((sum, v) => sum + v, 0) / rows, epsilons[0]);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          update[(b * rows + i) * columns + j] = fround(rowVar[i]! * columnVar[j]!) / mean;
    }
  }
  for (let i = 0; i < update.length; i++) update[i] = scaled[i]! / sqrt(Math.max(update[i]!, epsilons[0] ** 2));
  const rate = alpha / Math.max(1, rootMeanSquare(update) / clipThreshold);
  const decay = 1 - learningRate * weightDecay;
  for (let i = 0; i < parameter.length; i++) parameter[i] = fround(parameter[i]! * decay) - rate * update[i]!;
}

/** Moves the row and column means of g² towards those of this gradient [R, C] by `mix`. */
function blendMeans(gradient: Float32Array, rowVar: Float32Array, columnVar: Float32Array, mix: number): void {
  const columns = columnVar.length;
  const sums = new Float64Array(columns);
  for (let i = 0; i < rowVar.length; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const square = gradient[i * columns + j]! ** 2;
      sum += square;
      sums[j] = sums[j]! + square;
    }
    rowVar[i] = rowVar[i]! + mix * (sum / columns - rowVar[i]!);
  }
  for (let j = 0; j < columns; j++) columnVar[j] = columnVar[j]! + mix * (sums[j]! / rowVar.length - columnVar[j]!);
}

function wholeOptimizer(
  name: string,
  options: Optimizer["options"] & { readonly learningRate: number; readonly weightDecay: number },
  stateSlots: Optimizer["stateSlots"],
  update: (target: WholeParameter, scalars: StepScalars) => void,
): Optimizer {
  const { learningRate, weightDecay } = options;
  return { name, options, learningRate, weightDecay, stateSlots, rule: { kind: "whole", update } };
}
