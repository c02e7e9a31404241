// Probabilities from logits, and the one number that makes them honest: temperature scaling (Guo 2017, arXiv:1706.04599). Pure.
import { ConcordError } from "../base/index.ts";

/** Probabilities of one row: softmax(logits / temperature). @example softmax([0, 0]) // [0.5, 0.5] */
export function softmax(logits: ArrayLike<number>, temperature = 1): number[] {
  const scaled = Array.from(logits, (x) => x / temperature);
  const largest = Math.max(...scaled);
  const powers = scaled.map((x) => Math.exp(x - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

/** Standard deviation of log temperature that is expected before any row was seen: most models need 0.4 … 2.7. */
const expectedSpread = 0.5;

/**
 * The temperature that makes the given rows most likely, drawn towards 1 by what is expected of models (log T is normal, deviation 0.5): a
 * handful of rows moves it little, a hundred decide. Targets are smoothed as Platt 1999 does: a row is its own class with
 * (N + 1) / (N + 2) only, so that a few rows which are all right do not make the model certain.
 * @param logits rows that were not trained on
 * @param truth class number of each
 * @returns 0.05 … 20, reached from many rows only
 * @throws E_DATA for no rows
 * @example fitTemperature([[4, 0], [4, 0]], [0, 1]) // 1.9: a sure model that is right half of the time, in two rows
 */
export function fitTemperature(logits: readonly ArrayLike<number>[], truth: readonly number[]): number {
  if (logits.length === 0 || logits.length !== truth.length)
    throw new ConcordError("E_DATA", {
      operation: "calibrate",
      problem: "rows and their classes do not fit",
      expected: "one class per row, at least one row",
      got: `${logits.length} rows, ${truth.length} classes`,
    });
  const classes = logits[0]!.length;
  const doubt = 1 / ((logits.length + 2) * Math.max(1, classes - 1)); // of each other class
  const loss = (logTemperature: number): number => {
    const temperature = Math.exp(logTemperature);
    let sum = 0;
    for (const [i, row] of logits.entries()) {
      const largest = Math.max(...Array.from(row));
      let [total, all] = [0, 0];
      for (let k = 0; k < classes; k++) {
        total += Math.exp((row[k]! - largest) / temperature);
        all += row[k]! - largest;
      }
      const wanted = (1 - doubt * classes) * (row[truth[i]!]! - largest) + doubt * all;
      sum += Math.log(total) - wanted / temperature;
    }
    return sum + 0.5 * (logTemperature / expectedSpread) ** 2;
  };
  return Math.exp(goldenSection(loss, Math.log(0.05), Math.log(20)));
}

/** Minimum of a function with one valley, to 1e-6. */
function goldenSection(f: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  while (high - low > 1e-6)
    if (fa < fb) {
      [high, b, fb] = [b, a, fa];
      a = high - ratio * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + ratio * (high - low);
      fb = f(b);
    }
  return (low + high) / 2;
}
