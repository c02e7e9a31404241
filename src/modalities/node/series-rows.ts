// Windows of a table's series as rows: what is known up to an origin, and what came after it. A row holds its own numbers.
import { besideOf, clusters, type Row, type RowKind, type SourceRow } from "../../data/index.ts";
import {
  frequencyText,
  type Grid,
  gridOf,
  parseFrequency,
  parseStamp,
  type RegularSeries,
  seasonalErrors,
  stampAt,
  stampText,
  type TimedRecord,
  usualSeason,
  type Window,
  wallClockIn,
  windowsOf,
} from "../../series/index.ts";
import { readRows } from "../../tables/node/index.ts";
import type { SeriesWindow } from "../series/processor.ts";
import { type SeriesOptions, type SeriesReading, timedRecords } from "./series-records.ts";

/** Numbers as JSON has them: null for none. */
type Numbers = readonly (number | null)[];

/** A window of a series. */
export interface SeriesRow extends Row {
  /** Name of the series; empty where there is one. */
  readonly series: string;
  /** Wall clock of the first step to come, `2014-03-05 12:00`. */
  readonly next: string;
  readonly frequency: string;
  readonly season: number;
  readonly history: Numbers;
  readonly target: Numbers;
  /** Covariates known up to the origin, each as long as the history. */
  readonly past: readonly Numbers[];
  /** Covariates known in advance, each over the history and the steps to come. */
  readonly known: readonly Numbers[];
  /** Mean absolute seasonal difference of all history: what MASE divides by. */
  readonly scale: number | null;
}

const numbersOf = (values: Numbers): Float64Array => Float64Array.from(values, (v) => v ?? Number.NaN);
const plainNumbers = (values: Float64Array): Numbers => Array.from(values, (v) => (Number.isNaN(v) ? null : v));

/** A row as a predictor takes it. */
export const windowOf = ({
  next,
  history,
  past,
  known,
}: Pick<SeriesRow, "next" | "history" | "past" | "known">): SeriesWindow => ({
  next: parseStamp(next)!.ms,
  history: numbersOf(history),
  past: past.map(numbersOf),
  known: known.map(numbersOf),
});

/** What a row's targets were; NaN for those that nobody knows. */
export const targetsOf = ({ target }: Pick<SeriesRow, "target">): Float64Array => numbersOf(target);

const windowKey = "(window)";

/** Windows of a table's series, as records with their part. @throws E_IO, E_DATA */
export async function* seriesRecords(file: string, options: SeriesOptions): AsyncGenerator<SourceRow> {
  const reading = options.series;
  if (!reading) return yield* readRows(file, options);
  const { records, about } = await timedRecords(file, options, reading);
  const frequency = reading.frequency === undefined ? undefined : parseFrequency(reading.frequency);
  const grid = gridOf(records, { frequency, aggregate: reading.aggregate });
  const season = reading.season ?? usualSeason(grid.frequency);
  const { windows, cuts, stride } = windowsOf(grid, reading);
  options.onGuess?.(summaryOf(grid, records.length, season, cuts, stride, reading));
  const fieldsAt = fieldsBySeries(records, about, reading);
  const errors = new Map(grid.series.map((s) => [s, seasonalErrors(s.columns[0]!, season)]));
  for (const window of windows) {
    const { series, origin, part } = window;
    const row = windowRow(window, reading, grid, season, errors.get(series)!(origin));
    const [place, line] = splitPlace(nearestPlace(series.places, origin, 1));
    yield { file: place || file, line, part, fields: { ...fieldsAt(series, origin), [windowKey]: row } };
  }
}

/** The place of the nearest step that a record had, from one step on or back. */
function nearestPlace(places: readonly string[], from: number, direction: 1 | -1): string {
  for (let i = from; i >= 0 && i < places.length; i += direction) if (places[i] !== "") return places[i]!;
  return "";
}

const splitPlace = (place: string): [string, number] => {
  const at = place.lastIndexOf(":");
  return at < 0 ? [place, 0] : [place.slice(0, at), Number(place.slice(at + 1))];
};

function summaryOf(
  { series, gaps, frequency }: Grid,
  records: number,
  season: number,
  cuts: { readonly dev: number; readonly test: number },
  stride: number,
  { zone, horizon, context }: SeriesReading,
): string {
  const wall = (ms: number) => stampText(zone ? wallClockIn(zone, ms) : ms);
  return [
    `${records} records of ${series.length} series, a step is one ${frequencyText(frequency)}, season ${season}`,
    `${gaps} steps have no value`,
    `history ${context}, horizon ${horizon}, training origins every ${stride} steps`,
    `validation from ${wall(cuts.dev)}, test from ${wall(cuts.test)}`,
  ].join("; ");
}

/** The attributes that a series has at its origin. */
function fieldsBySeries(
  records: readonly TimedRecord[],
  about: ReadonlyMap<TimedRecord, SourceRow>,
  { attributes }: SeriesReading,
) {
  const byPlace = new Map(
    attributes.length ? records.map((record) => [record.place, about.get(record)!.fields] as const) : [],
  );
  return ({ places }: RegularSeries, origin: number): Record<string, unknown> => {
    const fields = byPlace.get(nearestPlace(places, origin - 1, -1));
    return fields ? Object.fromEntries(attributes.map((name) => [name, fields[name]])) : {};
  };
}

function windowRow(
  { series, origin }: Window,
  { context, horizon, past, known, zone }: SeriesReading,
  { frequency }: Grid,
  season: number,
  scale: number,
): Omit<SeriesRow, keyof Row> {
  const start = Math.max(0, origin - context);
  const cut = (column: number, end: number) => plainNumbers(series.columns[column]!.slice(start, end));
  const next = stampAt(frequency, series.start, origin);
  return {
    series: series.name,
    next: stampText(zone ? wallClockIn(zone, next) : next),
    frequency: frequencyText(frequency),
    season,
    history: cut(0, origin),
    target: plainNumbers(series.columns[0]!.slice(origin, origin + horizon)),
    past: past.map((_, i) => cut(1 + i, origin)),
    known: known.map((_, i) => cut(1 + past.length + i, origin + horizon)),
    scale: Number.isNaN(scale) ? null : scale,
  };
}

/** How windows become rows: those of one stamp belong together, for what happens then happens to all series. */
export const seriesRows: RowKind<SeriesRow> = {
  noun: "window",
  identity: ({ series, next }) => JSON.stringify([series, next]),
  alike: (rows) => clusters(rows.length),
  async read(record, options, counts) {
    const window = record.fields[windowKey] as Omit<SeriesRow, keyof Row>;
    return {
      ...besideOf(record, { attributes: options.columns.attributes }, counts),
      group: window.next,
      labels: [],
      ...window,
    };
  },
};
