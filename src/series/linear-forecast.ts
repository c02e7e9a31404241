// A linear forecast of every step from the last values (as DLinear, Zeng 2022, arXiv:2205.13504, without its decomposition): ridge
// regression in closed form on windows less their mean, divided by their spread. Quantiles are those of its errors on other windows.
import { positiveSolve } from "./positive-solve.ts";

/** A window: history and what came after it, NaN where there is no value. */
export interface LearnedWindow {
  readonly history: Float64Array;
  readonly target: Float64Array;
}

/** A fitted linear forecast. */
export interface LinearForecast {
  /** Ridge penalty that was chosen, in units of the number of windows. */
  readonly penalty: number;
  /** Quantiles of the next steps, [horizon · levels]. */
  quantiles(history: Float64Array): Float64Array;
}

const penalties = [1e-3, 1e-2, 1e-1, 1];

/** A history on its own scale, gaps filled with the value before them; and how to come back. */
function scaled(history: Float64Array, length: number) {
  const seen = history.filter((v) => !Number.isNaN(v));
  const mean = seen.reduce((a, b) => a + b, 0) / Math.max(1, seen.length);
  const std = Math.sqrt(seen.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, seen.length)) || 1;
  const values = new Float64Array(length);
  let before = 0;
  for (let i = 0; i < length; i++) {
    const value = history[history.length - length + i] ?? Number.NaN;
    if (!Number.isNaN(value)) before = (value - mean) / std;
    values[i] = before;
  }
  return { values, mean, std };
}

/**
 * Fits a linear forecast of each step.
 * @param train windows it is fitted on @param held windows that choose the penalty and give the errors; without any, the training windows
 * @param levels of the quantiles, ascending
 * @throws E_ARGUMENT for no windows
 */
export function fitLinearForecast(
  train: readonly LearnedWindow[],
  held: readonly LearnedWindow[],
  levels: readonly number[],
): LinearForecast {
  const length = Math.max(...train.map((w) => w.history.length));
  const horizon = train[0]!.target.length;
  const judged = held.length ? held : train;
  const products = momentsOf(train, length, horizon);
  const tried = penalties.map((penalty) => {
    const weights = solveSteps(products, penalty * train.length);
    const errors = errorsOf(weights, judged, length, horizon);
    const size = errors.flat().reduce((sum, e) => sum + Math.abs(e), 0);
    return { penalty, weights, errors, size };
  });
  const best = tried.reduce((a, b) => (b.size < a.size ? b : a));
  const offsets = best.errors.map((step) =>
    levels.map((level) =>
      quantileOf(
        step.sort((a, b) => a - b),
        level,
      ),
    ),
  );
  return {
    penalty: best.penalty,
    quantiles(history) {
      const { values, mean, std } = scaled(history, length);
      const out = new Float64Array(horizon * levels.length);
      for (let k = 0; k < horizon; k++) {
        const middle = stepValue(best.weights[k]!, values);
        for (let q = 0; q < levels.length; q++) out[k * levels.length + q] = mean + std * (middle + offsets[k]![q]!);
      }
      return out;
    },
  };
}

interface Moments {
  /** XᵀX of each step's windows, [horizon][size · size]; one array where no target is missing. */
  readonly inner: readonly Float64Array[];
  readonly outer: readonly Float64Array[];
}

/** Sums of products, with a constant as last input. Steps without gaps share XᵀX. */
function momentsOf(train: readonly LearnedWindow[], length: number, horizon: number): Moments {
  const size = length + 1;
  const whole = new Float64Array(size * size);
  const less = Array.from({ length: horizon }, () => undefined as Float64Array | undefined);
  const outer = Array.from({ length: horizon }, () => new Float64Array(size));
  const x = new Float64Array(size);
  for (const { history, target } of train) {
    const { values, mean, std } = scaled(history, length);
    x.set(values);
    x[length] = 1;
    addProducts(whole, x, 1);
    for (let k = 0; k < horizon; k++) {
      const y = (target[k]! - mean) / std;
      if (Number.isNaN(y)) {
        less[k] ??= new Float64Array(size * size);
        addProducts(less[k]!, x, 1);
      } else for (let i = 0; i < size; i++) outer[k]![i]! += y * x[i]!;
    }
  }
  return { inner: less.map((missing) => (missing ? whole.map((v, i) => v - missing[i]!) : whole)), outer };
}

function addProducts(into: Float64Array, x: Float64Array, weight: number): void {
  const size = x.length;
  for (let i = 0; i < size; i++) {
    const xi = weight * x[i]!;
    if (xi === 0) continue;
    for (let j = 0; j <= i; j++) into[i * size + j]! += xi * x[j]!;
  }
}

function solveSteps({ inner, outer }: Moments, penalty: number): Float64Array[] {
  let [last, solve]: [Float64Array | undefined, ((b: Float64Array) => Float64Array) | undefined] = [
    undefined,
    undefined,
  ];
  return outer.map((b, k) => {
    if (inner[k] !== last || !solve) [last, solve] = [inner[k], positiveSolve(inner[k]!, b.length, penalty)];
    return solve!(b);
  });
}

const stepValue = (weights: Float64Array, values: Float64Array): number => {
  let sum = weights[values.length]!;
  for (let i = 0; i < values.length; i++) sum += weights[i]! * values[i]!;
  return sum;
};

/** Errors of each step on the windows' own scale. */
function errorsOf(
  weights: readonly Float64Array[],
  windows: readonly LearnedWindow[],
  length: number,
  horizon: number,
): number[][] {
  const errors: number[][] = Array.from({ length: horizon }, () => []);
  for (const { history, target } of windows) {
    const { values, mean, std } = scaled(history, length);
    for (let k = 0; k < horizon; k++) {
      const y = (target[k]! - mean) / std;
      if (!Number.isNaN(y)) errors[k]!.push(y - stepValue(weights[k]!, values));
    }
  }
  return errors;
}

/** Quantile by linear interpolation. @param sorted ascending @returns 0 for none */
export function quantileOf(sorted: readonly number[], level: number): number {
  if (sorted.length === 0) return 0;
  const at = level * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}
