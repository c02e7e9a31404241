// Whether two forecasts differ in what they lose (Diebold & Mariano 1995), with the correction for few forecasts of Harvey, Leybourne &
// Newbold (1997). Knows no model.
import { studentSurvival, tQuantile } from "../eval/index.ts";

/** A test of no difference in mean loss. */
export interface DieboldMariano {
  readonly statistic: number;
  /** Two-sided, against Student's t with n − 1 degrees of freedom. */
  readonly p: number;
  readonly n: number;
  /** Mean of the differences and its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * @param differences loss of the first less loss of the second, in the order of time
 * @param lags autocovariances that count: horizon − 1 for forecasts that overlap, else few. Default 0
 * @returns undefined for fewer than 4 differences, or where all are alike
 * @example dieboldMariano([1, 2, 1, 2, 1, 2]).p < 0.01 // true: the second loses less
 */
export function dieboldMariano(differences: readonly number[], lags = 0): DieboldMariano | undefined {
  const n = differences.length;
  if (n < 4) return undefined;
  const mean = differences.reduce((a, b) => a + b, 0) / n;
  const covariance = (lag: number) => {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (differences[t]! - mean) * (differences[t - lag]! - mean);
    return sum / n;
  };
  const own = covariance(0);
  if (!(own > 0)) return undefined;
  let [used, variance] = [Math.min(lags, n - 2), own];
  for (let lag = 1; lag <= used; lag++) variance += 2 * covariance(lag);
  if (!(variance > 0)) [used, variance] = [0, own]; // sums of few autocovariances may be negative
  const steps = used + 1;
  const correction = Math.sqrt((n + 1 - 2 * steps + (steps * (steps - 1)) / n) / n);
  const error = Math.sqrt(variance / n) / correction;
  const half = tQuantile(0.975, n - 1) * error;
  const statistic = mean / error;
  return {
    statistic,
    p: 2 * studentSurvival(Math.abs(statistic), n - 1),
    n,
    difference: mean,
    low: mean - half,
    high: mean + half,
  };
}
