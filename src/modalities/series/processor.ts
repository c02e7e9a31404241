// What stands between windows of a series and a model: each history on its own scale, covariates on that of the training rows, the calendar
// as angles. Saved beside the model as series_config.json. Knows no file.
import { ConcordError } from "../../base/index.ts";
import {
  type Config,
  configOf,
  field,
  flag,
  integer,
  type JsonRecord,
  list,
  nullable,
  number,
  text,
} from "../../formats/index.ts";
import type { SeriesForm } from "../../models/index.ts";
import {
  type CalendarCycle,
  calendarCycles,
  cyclePlace,
  type Frequency,
  frequencyText,
  parseFrequency,
  stampAt,
  type ValueRange,
} from "../../series/index.ts";

/** A window as rows and predictors have it; NaN where there is no value. */
export interface SeriesWindow {
  /** Wall clock milliseconds of the first step to come. */
  readonly next: number;
  /** History, the oldest first; at most as long as the model reads. */
  readonly history: Float64Array;
  /** Covariates known up to the origin, each as long as the history. */
  readonly past: readonly Float64Array[];
  /** Covariates known in advance, each over the history and the steps to come. */
  readonly known: readonly Float64Array[];
}

/** A covariate and how it is put on a scale. */
export interface Covariate {
  readonly name: string;
  readonly mean: number;
  readonly std: number;
}

/** Settings of a processor: which columns a model reads, and how. */
export interface SeriesProcessor {
  readonly frequency: Frequency;
  readonly season: number;
  /** Column names of the table that it was learned from. */
  readonly columns: {
    readonly time: readonly string[];
    readonly value: string;
    readonly id: readonly string[];
    readonly zone?: string;
  };
  readonly past: readonly Covariate[];
  readonly known: readonly Covariate[];
  /** Whether the calendar is read too. */
  readonly calendar: boolean;
  /** What values can be: quantiles end there. */
  readonly range: ValueRange;
  /** Steps of the history, and of what is predicted. */
  readonly context: number;
  readonly horizon: number;
}

/** The scale of one history: y = location + spread · sinh(z). Quantiles are the same on both sides, for the function rises. */
export interface HistoryScale {
  readonly location: number;
  readonly spread: number;
}

const cyclesOf = ({ frequency, calendar }: SeriesProcessor): readonly CalendarCycle[] =>
  calendar ? calendarCycles(frequency) : [];

/** Rows of numbers that a model reads: the value, whether it is known, sine and cosine of each cycle, covariates. */
export const channelsOf = (p: SeriesProcessor): number => 2 + 2 * cyclesOf(p).length + p.past.length + p.known.length;

/** Mean and standard deviation of what is known of a history; a history that does not vary has its size as spread, or 1. */
export function scaleOf(history: Float64Array): HistoryScale {
  let [count, sum] = [0, 0];
  for (const y of history) if (!Number.isNaN(y)) [count, sum] = [count + 1, sum + y];
  if (count === 0) return { location: 0, spread: 1 };
  const location = sum / count;
  let squares = 0;
  for (const y of history) if (!Number.isNaN(y)) squares += (y - location) ** 2;
  const std = Math.sqrt(squares / count);
  return { location, spread: std > 1e-9 * Math.abs(location) ? std : Math.abs(location) || 1 };
}

export const toScale = ({ location, spread }: HistoryScale, y: number): number => Math.asinh((y - location) / spread);
export const fromScale = ({ location, spread }: HistoryScale, z: number): number => location + spread * Math.sinh(z);

/**
 * The numbers that a model reads of a window, [channels, steps]: 0 where nothing is known.
 * @throws E_DATA where a covariate is missing, or known too short into the future
 */
export function seriesValues(p: SeriesProcessor, form: SeriesForm, window: SeriesWindow): Float32Array {
  const { before, steps } = form;
  const out = new Float32Array(form.channels * steps);
  const { history } = window;
  const length = Math.min(history.length, p.context);
  const skip = history.length - length; // what lies further back than the model reads
  const start = before - length; // column of the first value
  const scale = scaleOf(history.subarray(skip));
  for (let t = 0; t < length; t++) {
    const y = history[skip + t]!;
    if (Number.isNaN(y)) continue;
    out[start + t] = toScale(scale, y);
    out[steps + start + t] = 1;
  }
  let row = 2;
  for (const cycle of cyclesOf(p)) {
    for (let t = start; t < before + p.horizon; t++) {
      const angle = 2 * Math.PI * cyclePlace(cycle, stampAt(p.frequency, window.next, t - before));
      out[row * steps + t] = Math.sin(angle);
      out[(row + 1) * steps + t] = Math.cos(angle);
    }
    row += 2;
  }
  const put = ({ name, mean, std }: Covariate, values: Float64Array | undefined, ahead: number) => {
    if (!values || values.length < history.length + ahead)
      throw shortCovariate(name, values?.length, history.length + ahead);
    for (let t = 0; t < length + ahead; t++) {
      const x = values[skip + t]!;
      if (!Number.isNaN(x)) out[row * steps + start + t] = (x - mean) / std;
    }
    row++;
  };
  for (const [i, one] of p.past.entries()) put(one, window.past[i], 0);
  for (const [i, one] of p.known.entries()) put(one, window.known[i], p.horizon);
  return out;
}

const shortCovariate = (name: string, got: number | undefined, expected: number): ConcordError =>
  new ConcordError("E_DATA", {
    operation: "read series",
    problem: `the covariate ${name} ends before the steps that are predicted`,
    expected: `${expected} values: the history and the steps to come`,
    got: got === undefined ? "none" : String(got),
    hint: "give its future values too, or move it from data.series.known to data.series.past",
  });

/** Means and standard deviations of covariates over training windows. @param pick the values of each of them in a window */
export function covariatesOf(
  names: readonly string[],
  windows: readonly SeriesWindow[],
  pick: (window: SeriesWindow) => readonly Float64Array[],
): Covariate[] {
  return names.map((name, i) => {
    let [count, sum, squares] = [0, 0, 0];
    for (const window of windows)
      for (const x of pick(window)[i]!)
        if (!Number.isNaN(x)) [count, sum, squares] = [count + 1, sum + x, squares + x * x];
    const mean = count ? sum / count : 0;
    return { name, mean, std: Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean)) || 1 };
  });
}

/** As it lies in the model folder. */
export const seriesConfig = ({ frequency, ...rest }: SeriesProcessor): JsonRecord =>
  JSON.parse(JSON.stringify({ format: "concord-series", version: 1, frequency: frequencyText(frequency), ...rest }));

const names = list(text, 4096);
const covariates = (config: Config, name: string): Covariate[] =>
  field(config, name, list({ expected: "an object", take: (v) => v }, 4096)).map((one, i) => {
    const entry = configOf(one, `${config.path} > ${name} > ${i}`);
    return {
      name: field(entry, "name", text),
      mean: field(entry, "mean", number(-1e300, 1e300)),
      std: field(entry, "std", number(1e-300, 1e300)),
    };
  });

/** @throws E_CONFIG naming the entry, E_VERSION for a later version */
export function seriesProcessor(config: Config): SeriesProcessor {
  if (field(config, "version", integer(1, 1e6)) > 1)
    throw new ConcordError("E_VERSION", {
      operation: "read series_config.json",
      problem: "a newer version of Concord wrote this file",
      expected: "version 1",
      path: config.path,
    });
  const step = field(config, "frequency", text);
  const frequency = parseFrequency(step);
  if (!frequency)
    throw new ConcordError("E_CONFIG", {
      operation: "read series_config.json",
      problem: "the frequency is none",
      expected: "a step such as hour or 15 minutes",
      got: step,
      path: `${config.path} > frequency`,
    });
  const columns = configOf(config.entries.columns ?? null, `${config.path} > columns`);
  const range = configOf(config.entries.range ?? {}, `${config.path} > range`);
  const zone = field(columns, "zone", nullable(text), null);
  return {
    frequency,
    season: field(config, "season", integer(1, 1_000_000)),
    columns: {
      time: field(columns, "time", names),
      value: field(columns, "value", text),
      id: field(columns, "id", names),
      ...(zone !== null && { zone }),
    },
    past: covariates(config, "past"),
    known: covariates(config, "known"),
    calendar: field(config, "calendar", flag),
    range: {
      minimum: field(range, "minimum", number(-1e300, 1e300), undefined),
      maximum: field(range, "maximum", number(-1e300, 1e300), undefined),
    },
    context: field(config, "context", integer(1, 1_000_000)),
    horizon: field(config, "horizon", integer(1, 1_000_000)),
  };
}
