// Records of a table of series: stamps in a zone or as written, numbers, names. What cannot be read is said or refused.
import { ConcordError, numberIn } from "../../base/index.ts";
import { checkColumns, columnLog, fieldOf, isMissing, placeOf, plainText, type SourceRow } from "../../data/index.ts";
import { type Aggregation, instantsIn, parseStamp, stampText, type TimedRecord } from "../../series/index.ts";
import { type ReadRowsOptions, readRows } from "../../tables/node/index.ts";

/** Which columns of a table are what. */
export interface RecordColumns {
  /** Column of the stamp, or columns of year, month, day, hour, minute. */
  readonly time: readonly string[];
  readonly value: string;
  /** Columns that tell series apart. Default none: one series. */
  readonly id: readonly string[];
  readonly past: readonly string[];
  readonly known: readonly string[];
  readonly zone?: string;
}

/** How a table's series are read and cut: `data.series` of a recipe. */
export interface SeriesReading extends RecordColumns {
  readonly frequency?: string;
  readonly aggregate?: Aggregation;
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
export async function timedRecords(file: string, options: ReadRowsOptions, reading: RecordColumns) {
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

const badStamp = (row: SourceRow, { time }: RecordColumns): ConcordError =>
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
