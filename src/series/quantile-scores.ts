// How good forecasts are that state quantiles. Definitions as in GIFT-Eval (Aksu 2024, arXiv:2410.10393) and fev: WQL, MASE, sMAPE, coverage.
// Steps without a true value count for nothing. Knows no model.

/** A forecast beside what came. */
export interface Judged {
  /** True values by step; NaN where there is none. */
  readonly truth: ArrayLike<number>;
  /** [horizon · levels], all levels of the first step first. */
  readonly quantiles: ArrayLike<number>;
}

/** What values can be: a concentration is not below 0. */
export interface ValueRange {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A value, or the end of the range that it lies beyond. */
export const within = (value: number, { minimum = -Infinity, maximum = Infinity }: ValueRange): number =>
  value < minimum ? minimum : value > maximum ? maximum : value;

/** Quantile loss of one value: level · d for d = y − q ≥ 0, else (level − 1) · d (Koenker & Bassett 1978). */
export const pinball = (level: number, truth: number, quantile: number): number =>
  truth >= quantile ? level * (truth - quantile) : (level - 1) * (truth - quantile);

/** Sums over the steps of one forecast, from which all scores follow. */
export interface ForecastSums {
  /** Steps with a true value. */
  readonly steps: number;
  /** Σ 2 · pinball, mean over the levels: over all levels this is an approximation of the CRPS. */
  readonly loss: number;
  /** Σ |y|. */
  readonly size: number;
  /** Σ |y − median|. */
  readonly error: number;
  /** Σ 2 · |y − median| / (|y| + |median|); a step where both are 0 counts 0. */
  readonly relative: number;
  /** Steps inside the interval from the lowest to the highest level. */
  readonly inside: number;
  /** Σ width of that interval. */
  readonly width: number;
}

/** @param levels ascending, with 0.5 among them */
export function forecastSums(levels: readonly number[], { truth, quantiles }: Judged): ForecastSums {
  const sums = { steps: 0, loss: 0, size: 0, error: 0, relative: 0, inside: 0, width: 0 };
  const middle = levels.indexOf(0.5);
  for (let k = 0; k < truth.length; k++) {
    const y = truth[k]!;
    if (Number.isNaN(y)) continue;
    const at = (q: number) => quantiles[k * levels.length + q]!;
    let loss = 0;
    for (let q = 0; q < levels.length; q++) loss += 2 * pinball(levels[q]!, y, at(q));
    const error = Math.abs(y - at(middle));
    const both = Math.abs(y) + Math.abs(at(middle));
    sums.steps++;
    sums.loss += loss / levels.length;
    sums.size += Math.abs(y);
    sums.error += error;
    sums.relative += both > 0 ? (2 * error) / both : 0;
    sums.inside += Number(y >= at(0) && y <= at(levels.length - 1));
    sums.width += at(levels.length - 1) - at(0);
  }
  return sums;
}

const total = (sums: readonly ForecastSums[], of: keyof ForecastSums): number => sums.reduce((t, s) => t + s[of], 0);

const overSize = (sums: readonly ForecastSums[], of: keyof ForecastSums): number => {
  const size = total(sums, "size");
  return size > 0 ? total(sums, of) / size : Number.NaN;
};

/** Weighted quantile loss: Σ 2 · pinball / Σ |y|, mean over the levels. 0 is perfect; not bounded above; NaN where all values are 0. */
export const weightedQuantileLoss = (sums: readonly ForecastSums[]): number => overSize(sums, "loss");

/** Mean over all steps of the absolute error in units of the seasonal naive forecast's on the history (Hyndman 2006); forecasts without a known scale above 0 count for nothing. */
export function meanAbsoluteScaledError(sums: readonly ForecastSums[], scales: readonly number[]): number {
  const known = sums.flatMap(({ steps, error }, i) => (scales[i]! > 0 ? [{ steps, scaled: error / scales[i]! }] : []));
  return known.reduce((t, { scaled }) => t + scaled, 0) / known.reduce((t, { steps }) => t + steps, 0);
}

/** Symmetric mean absolute percentage error, 0 … 2. */
export const symmetricError = (sums: readonly ForecastSums[]): number => total(sums, "relative") / total(sums, "steps");

/** Share of true values inside the interval from the lowest to the highest level. */
export const coverage = (sums: readonly ForecastSums[]): number => total(sums, "inside") / total(sums, "steps");

/** Mean width of that interval, over the mean of |y|. */
export const relativeWidth = (sums: readonly ForecastSums[]): number => overSize(sums, "width");
