// Forecasts that every model has to beat: the last value, the value a season ago, a straight line (Hyndman & Athanasopoulos 2021, section 5.2).
// Their quantiles are those of a normal distribution whose spread grows as the method's errors add up (section 5.5). Knows no model.
import { normalQuantile } from "../base/index.ts";

/** What a method sees: values up to the origin, the oldest first, NaN where there is none. */
export interface History {
  readonly values: Float64Array;
  /** Steps after which values repeat. */
  readonly season: number;
  readonly horizon: number;
  /** Levels of the quantiles, 0 … 1. */
  readonly levels: readonly number[];
}

/** Quantiles by step: [horizon · levels], all levels of the first step first. */
export type Quantiles = Float64Array;

export const simpleMethods = ["naive", "seasonal-naive", "drift"] as const;
export type SimpleMethod = (typeof simpleMethods)[number];

/**
 * Quantiles of the next steps by a simple method.
 * @returns [horizon · levels]; NaN where the history holds no value
 * @example simpleForecast("naive", { values: Float64Array.of(1, 2, 3), season: 1, horizon: 1, levels: [0.5] })[0] // 3
 */
export const simpleForecast = (method: SimpleMethod, history: History): Quantiles => methods[method](history);

const methods: Readonly<Record<SimpleMethod, (history: History) => Quantiles>> = {
  naive({ values, horizon, levels }) {
    const last = lastSeen(values);
    const age = values.length - 1 - last; // steps since then
    const spread = rootMeanSquare(differences(values, 1));
    return normals(horizon, levels, (k) => [values[last] ?? Number.NaN, spread * Math.sqrt(k + age)]);
  },
  "seasonal-naive"({ values, season, horizon, levels }) {
    if (season <= 1 || values.length <= season) return methods.naive({ values, season, horizon, levels });
    const spread = rootMeanSquare(differences(values, season));
    const last = values[lastSeen(values)] ?? Number.NaN;
    return normals(horizon, levels, (k) => {
      for (let back = Math.ceil(k / season); back * season - k < values.length; back++) {
        const value = values[values.length - 1 + k - back * season]!;
        if (!Number.isNaN(value)) return [value, spread * Math.sqrt(back)];
      }
      return [last, spread];
    });
  },
  drift({ values, horizon, levels }) {
    const [first, last] = [firstSeen(values), lastSeen(values)];
    const steps = Math.max(1, last - first);
    const slope = ((values[last] ?? Number.NaN) - (values[first] ?? Number.NaN)) / steps;
    const spread = rootMeanSquare(differences(values, 1).map((d) => d - slope));
    const age = values.length - 1 - last;
    return normals(horizon, levels, (k) => [
      values[last]! + slope * (k + age),
      spread * Math.sqrt((k + age) * (1 + (k + age) / steps)),
    ]);
  },
};

const firstSeen = (values: Float64Array): number =>
  Math.max(
    0,
    values.findIndex((v) => !Number.isNaN(v)),
  );
const lastSeen = (values: Float64Array): number => values.findLastIndex((v) => !Number.isNaN(v));

/** y[t] − y[t − lag] where both are known. */
function differences(values: Float64Array, lag: number): number[] {
  const out: number[] = [];
  for (let t = lag; t < values.length; t++) {
    const d = values[t]! - values[t - lag]!;
    if (!Number.isNaN(d)) out.push(d);
  }
  return out;
}

const rootMeanSquare = (values: readonly number[]): number =>
  values.length ? Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length) : 0;

/** @param at mean and standard deviation of step k, from 1 */
function normals(horizon: number, levels: readonly number[], at: (k: number) => readonly [number, number]): Quantiles {
  const out = new Float64Array(horizon * levels.length);
  const units = levels.map((level) => (level === 0.5 ? 0 : normalQuantile(level))); // exactly the mean
  for (let k = 1; k <= horizon; k++) {
    const [mean, std] = at(k);
    for (const [q, unit] of units.entries()) out[(k - 1) * levels.length + q] = mean + std * unit;
  }
  return out;
}
