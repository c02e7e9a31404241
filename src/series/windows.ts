// Rolling origins: each window has the history up to its origin and the steps after it. Parts are cut by time, for all series at the
// same stamp, so that no value of a later part lies in what an earlier part learns. Pure.
import { ConcordError } from "../base/index.ts";
import { type Frequency, stampAt, stepsBetween } from "./frequency.ts";
import type { Grid, RegularSeries } from "./grid.ts";
import { stampText } from "./stamps.ts";

export type SeriesPart = "train" | "dev" | "test";

/** How windows are cut. */
export interface WindowOptions {
  /** Steps of history that a model reads. */
  readonly context: number;
  /** Steps that are predicted. */
  readonly horizon: number;
  /** Steps between two origins in training. Default 1, or as many as keep windows below {@link usualWindows}. */
  readonly stride?: number;
  /** Shares of the time, from the end. */
  readonly shares: { readonly dev: number; readonly test: number };
}

/** One origin of one series. */
export interface Window {
  readonly series: RegularSeries;
  readonly part: SeriesPart;
  /** Steps of the series that are known: the first target is this step. */
  readonly origin: number;
}

/** Stamps that divide the parts. */
export interface Cuts {
  /** First stamp of the targets of each. */
  readonly dev: number;
  readonly test: number;
}

/** Training windows that are made where no stride is named. */
export const usualWindows = 4000;

/**
 * The windows of all series. Targets of training end before `cuts.dev`, those of dev before `cuts.test`; origins of dev and test are a
 * horizon apart, so that each step is predicted once. Windows without a value in their history or in their targets are left out.
 * @throws E_DATA where a part has no room for one horizon
 */
export function windowsOf(
  grid: Grid,
  options: WindowOptions,
): { readonly windows: Window[]; readonly cuts: Cuts; readonly stride: number } {
  const { frequency, series } = grid;
  const start = Math.min(...series.map((s) => s.start));
  const total = Math.max(...series.map((s) => Math.round(stepsBetween(frequency, start, s.start)) + s.length));
  const { context, horizon, shares } = options;
  const test = total - partSteps(shares.test, total, horizon);
  const dev = test - partSteps(shares.dev, total, horizon);
  const cuts = { dev: stampAt(frequency, start, dev), test: stampAt(frequency, start, test) };
  const first = (s: RegularSeries) => Math.round(stepsBetween(frequency, start, s.start));
  const inPart = (part: SeriesPart, from: number, to: number, stride: number): Window[] =>
    series.flatMap((s) => {
      const [low, high] = [Math.max(1, from - first(s)), Math.min(s.length, to - first(s))];
      const origins: Window[] = [];
      for (let origin = low; origin + horizon <= high; origin += stride)
        if (isSeen(s, origin - context, origin) && isSeen(s, origin, origin + horizon))
          origins.push({ series: s, part, origin });
      return origins;
    });
  const stride = options.stride ?? usualStride(series, dev, first, horizon);
  const windows = [
    ...inPart("train", 0, dev, stride),
    ...inPart("dev", dev, test, horizon),
    ...inPart("test", test, total, horizon),
  ];
  for (const part of ["train", "dev", "test"] as const)
    if ((part === "train" || shares[part] > 0) && !windows.some((w) => w.part === part))
      throw noRoom(part, total, options, stampText(start), frequency);
  return { windows, cuts, stride };
}

/** Steps of a part: whole horizons, at least one where the part is wanted. */
const partSteps = (share: number, total: number, horizon: number): number =>
  share === 0 ? 0 : Math.max(1, Math.round((share * total) / horizon)) * horizon;

const isSeen = ({ columns: [target] }: RegularSeries, from: number, to: number): boolean => {
  for (let i = Math.max(0, from); i < to; i++) if (!Number.isNaN(target![i]!)) return true;
  return false;
};

function usualStride(
  series: readonly RegularSeries[],
  dev: number,
  first: (s: RegularSeries) => number,
  horizon: number,
): number {
  const possible = series.reduce((sum, s) => sum + Math.max(0, Math.min(s.length, dev - first(s)) - horizon), 0);
  return Math.max(1, Math.ceil(possible / usualWindows));
}

const noRoom = (
  part: SeriesPart,
  total: number,
  { horizon, shares }: WindowOptions,
  start: string,
  frequency: Frequency,
): ConcordError =>
  new ConcordError("E_DATA", {
    operation: "prepare",
    problem: `no series has room for a window of the part ${part}`,
    expected: `a history and ${horizon} steps after it in each part`,
    got: `${total} steps of one ${frequency.unit} from ${start}; shares of dev ${shares.dev} and test ${shares.test}`,
    hint: "shorten data.series.horizon, make data.split.dev and data.split.test smaller, or add earlier records",
  });

/**
 * Mean of |y[t] − y[t − season]| over the steps before an origin where both are known: what MASE divides by (Hyndman 2006).
 * @returns a function of the origin; NaN where no two such steps are known before it
 * @example seasonalErrors(Float64Array.of(1, 3, 2), 1)(3) // 1.5
 */
export function seasonalErrors(values: Float64Array, season: number): (origin: number) => number {
  const sums = new Float64Array(values.length + 1);
  const counts = new Uint32Array(values.length + 1);
  for (let t = 0; t < values.length; t++) {
    const gap = t < season ? Number.NaN : Math.abs(values[t]! - values[t - season]!);
    const seen = !Number.isNaN(gap);
    sums[t + 1] = sums[t]! + (seen ? gap : 0);
    counts[t + 1] = counts[t]! + Number(seen);
  }
  return (origin) => (counts[origin] ? sums[origin]! / counts[origin]! : Number.NaN);
}
