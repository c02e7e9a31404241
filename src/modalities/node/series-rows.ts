// Windows of a table's series as rows: what is known up to an origin, and what came after it. A row holds its own numbers.
import { ConcordError, numberIn } from "../../base/index.ts";
import {
  besideOf,
  checkColumns,
  clusters,
  columnLog,
  fieldOf,
  isMissing,
  placeOf,
  plainText,
  type Row,
  type RowKind,
  type SourceRow,
} from "../../data/index.ts";
import {
  type Aggregation,
  frequencyText,
  type Grid,
  gridOf,
  instantsIn,
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
import { type ReadRowsOptions, readRows } from "../../tables/node/index.ts";
import type { SeriesWindow } from "../series/processor.ts";

/** How a table's series are read and cut: `data.series` of a recipe. */
export interface SeriesReading {
  /** Column of the stamp, or columns of year, month, day, hour, minute. */
  readonly time: readonly string[];
  readonly value: string;
  /** Columns that tell series apart. Default none: one series. */
  readonly id: readonly string[];
  readonly past: readonly string[];
  readonly known: readonly string[];
  readonly frequency?: string;
  readonly aggregate?: Aggregation;
  readonly zone?: string;
  readonly season?: number;
  readonly calendar: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly context: number;
  readonly horizon: number;
  readonly stride?: number;
  /** Levels of the quantiles. */
  readonly quantiles: readonly number[];
  readonly shares: { readonly dev: number; readonly test: number };
  /** Columns that say something of a series, such as its region. */
  readonly attributes: readonly string[];
}

/** What is read of a table, its series among it. */
export interface SeriesOptions extends ReadRowsOptions {
  readonly series?: SeriesReading;
}

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
const shareOfBad = 0.05;

/** Reads the number of a cell; NaN for a missing one, undefined for what is none. */
function cellNumber(value: unknown): number | undefined {
  if (isMissing(value)) return Number.NaN;
  const found = numberIn(value);
  return found !== undefined && Number.isFinite(found) ? found : undefined;
}

/** A stamp from one column, or from several of year, month, day … */
function stampOf(values: readonly unknown[]) {
  if (values.length === 1) return parseStamp(values[0]);
  const parts = values.map((v) => (typeof v === "number" || typeof v === "bigint" ? String(v) : plainText(v)?.trim()));
  if (!parts.every((part) => part !== undefined && /^\d{1,4}$/.test(part))) return undefined;
  const [year, month, day, hour, minute] = parts;
  const date = [year, month, day].filter((part) => part !== undefined).join("-");
  return parseStamp(hour === undefined ? date : `${date} ${hour}:${minute ?? "00"}`);
}

/** Records of a table with their stamps. */
async function timedRecords(file: string, options: SeriesOptions, reading: SeriesReading) {
  const log = columnLog();
  const records: TimedRecord[] = [];
  const about = new Map<TimedRecord, SourceRow>();
  const columns = [reading.value, ...reading.past, ...reading.known];
  const bad = new Map<string, { count: number; first: string }>();
  const twice = new Map<string, Set<number>>();
  for await (const row of readRows(file, options)) {
    const of = (name: string, key: string) => fieldOf(row, name, `data.series.${key}`, log);
    const stamp = stampOf(reading.time.map((name) => of(name, "time")));
    if (!stamp) {
      if (reading.time.every((name) => log.seen.has(name))) throw badStamp(row, reading);
      continue; // the column is missing: said for all rows below
    }
    const series = reading.id.map((name) => plainText(of(name, "id")) ?? "").join(" · ");
    const values = columns.map((name, c) => {
      const given = of(name, c === 0 ? "value" : c <= reading.past.length ? "past" : "known");
      const number = cellNumber(given);
      if (number !== undefined) return number;
      const known = bad.get(name) ?? { count: 0, first: `${String(given)} at ${placeOf(row)}` };
      bad.set(name, { ...known, count: known.count + 1 });
      return Number.NaN;
    });
    const seen = twice.get(series) ?? new Set();
    twice.set(series, seen);
    const record = { series, ms: instantOf(stamp, reading.zone, seen, row), values, place: placeOf(row) };
    records.push(record);
    about.set(record, row);
  }
  checkColumns(log);
  for (const [column, { count, first }] of bad) {
    if (count > shareOfBad * records.length) throw badNumbers(column, count, records.length, first);
    options.onGuess?.(
      `${count} of ${records.length} values of ${column} are no numbers: read as missing; the first is ${first}`,
    );
  }
  return { records, about };
}

/** The instant of a stamp in a zone: of an hour that clocks show twice first the earlier, then the later. */
function instantOf(
  stamp: { ms: number; fixed: boolean },
  zone: string | undefined,
  seen: Set<number>,
  row: SourceRow,
): number {
  if (zone === undefined || stamp.fixed) return stamp.ms;
  const instants = instantsIn(zone, stamp.ms);
  if (instants.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "read series",
      problem: `clocks of ${zone} never showed this time: they were set forward over it`,
      expected: "a time that clocks showed",
      got: stampText(stamp.ms),
      hint: "correct data.series.zone, or leave it out where stamps are not of summer time",
      path: placeOf(row),
    });
  const instant = instants.find((one) => !seen.has(one)) ?? instants[0]!;
  if (instants.length > 1) seen.add(instant);
  return instant;
}

const badStamp = (row: SourceRow, { time }: SeriesReading): ConcordError =>
  new ConcordError("E_DATA", {
    operation: "read series",
    problem: "a record has no time that can be read",
    expected:
      "a stamp such as 2014-03-05 12:00, 2014-03-05T12:00:00+08:00, 2014年3月5日, 2014-03 or 2014Q1; or columns of year, month, day, hour",
    got: time.map((name) => String(row.fields[name] ?? "nothing")).join(", "),
    hint: "check data.series.time; write days after months and years",
    path: placeOf(row),
  });

const badNumbers = (column: string, count: number, all: number, first: string): ConcordError =>
  new ConcordError("E_DATA", {
    operation: "read series",
    problem: `${count} of ${all} values of the column ${column} are no numbers`,
    expected: "numbers, or nothing where a value is missing",
    got: first,
    hint: "name words that mean missing in data.missing, such as [NA]",
  });

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
