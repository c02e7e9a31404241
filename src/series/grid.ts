// Records with stamps → one regular series for each name. A step without a value is NaN; nothing is filled. Knows no file.
import { ConcordError } from "../base/index.ts";
import { type Frequency, frequencyOf, frequencyText, stampAt, stepsBetween } from "./frequency.ts";
import { stampText } from "./stamps.ts";

/** One record: values of the target and of covariates at a time. */
export interface TimedRecord {
  /** Name of the series; empty where there is one. */
  readonly series: string;
  /** Milliseconds: of the wall clock, or the instant where a zone is given. */
  readonly ms: number;
  /** Target first, then covariates; NaN for none. */
  readonly values: readonly number[];
  /** `file:line`. */
  readonly place: string;
}

/** A series with a value for each step from its first stamp to its last. */
export interface RegularSeries {
  readonly name: string;
  /** Milliseconds of the first step. */
  readonly start: number;
  readonly length: number;
  /** Target first, then covariates: one array each, NaN where there is no value. */
  readonly columns: readonly Float64Array[];
  /** Place of the record that each step came from; empty where there is none. */
  readonly places: readonly string[];
}

/** How values of one step become one. */
export const aggregations = ["mean", "sum", "max", "min", "last"] as const;
export type Aggregation = (typeof aggregations)[number];

/** What is made of records. */
export interface GridOptions {
  /** Default the step that most records have. */
  readonly frequency?: Frequency;
  /** How several records of one step are combined. Default that is an error, and so is a stamp between two steps. */
  readonly aggregate?: Aggregation;
  /** Most steps of one series. Default 10 million. */
  readonly mostSteps?: number;
}

/** Series on one grid. */
export interface Grid {
  readonly frequency: Frequency;
  readonly series: readonly RegularSeries[];
  /** Steps without a target, of all series. */
  readonly gaps: number;
}

/**
 * Puts records on a regular grid.
 * @throws E_DATA for no records, one stamp only, two values at one time, a stamp between two steps, or too many steps
 * @example gridOf([{ series: "", ms: 0, values: [1], place: "a.csv:2" }, { series: "", ms: 3600000, values: [2], place: "a.csv:3" }]).frequency // { every: 1, unit: "hour" }
 */
export function gridOf(records: readonly TimedRecord[], options: GridOptions = {}): Grid {
  const bySeries = new Map<string, TimedRecord[]>();
  for (const record of records) {
    const own = bySeries.get(record.series);
    if (own) own.push(record);
    else bySeries.set(record.series, [record]);
  }
  const sorted = [...bySeries].map(([name, own]) => ({ name, records: own.sort((a, b) => a.ms - b.ms) })); // stable
  const frequency = options.frequency ?? foundFrequency(sorted.map((s) => s.records));
  const series = sorted.map(({ name, records: own }) => regular(name, own, frequency, options));
  return { frequency, series, gaps: series.reduce((sum, { columns: [target] }) => sum + countGaps(target!), 0) };
}

const countGaps = (values: Float64Array): number => values.reduce((n, v) => n + Number(Number.isNaN(v)), 0);

function foundFrequency(all: readonly (readonly TimedRecord[])[]): Frequency {
  const [longest = []] = [...all].sort((a, b) => b.length - a.length);
  const found = frequencyOf([...new Set(longest.map(({ ms }) => ms))]);
  if (found) return found;
  throw new ConcordError("E_DATA", {
    operation: "read series",
    problem: longest.length ? "all records of the series have the same time" : "there are no records",
    expected: "records at several times",
    got: longest.length ? stampText(longest[0]!.ms) : "none",
    hint: "check that data.series.time names the column of the time, and data.series.id the column that tells series apart",
    path: longest[0]?.place,
  });
}

function regular(
  name: string,
  records: readonly TimedRecord[],
  frequency: Frequency,
  { aggregate, mostSteps = 1e7 }: GridOptions,
): RegularSeries {
  const start = aggregate ? stepStart(frequency, records[0]!.ms) : records[0]!.ms;
  const at = (record: TimedRecord) => stepOf(record, name, start, frequency, aggregate);
  const length = at(records.at(-1)!) + 1;
  if (length > mostSteps)
    throw new ConcordError("E_DATA", {
      operation: "read series",
      problem: "a series has more steps than can be held",
      expected: `at most ${mostSteps} steps of one ${frequencyText(frequency)}`,
      got: `${length}, from ${stampText(start)} to ${stampText(records.at(-1)!.ms)}`,
      hint: "check the first and last stamps, or set a longer data.series.frequency with data.series.aggregate",
      path: records.at(-1)!.place,
    });
  const width = records[0]!.values.length;
  const columns = Array.from({ length: width }, () => new Float64Array(length).fill(Number.NaN));
  const places = new Array<string>(length).fill("");
  for (let i = 0; i < records.length; ) {
    const step = at(records[i]!);
    let end = i + 1;
    while (end < records.length && at(records[end]!) === step) end++;
    const own = records.slice(i, end);
    if (own.length > 1 && !aggregate) throw twoValues(name, own, start, frequency);
    for (let c = 0; c < width; c++)
      columns[c]![step] = combined(
        own.map(({ values }) => values[c]!),
        aggregate ?? "last",
      );
    places[step] = own[0]!.place;
    i = end;
  }
  return { name, start, length, columns, places };
}

function combined(values: readonly number[], how: Aggregation): number {
  const seen = values.filter((v) => !Number.isNaN(v));
  if (seen.length === 0) return Number.NaN;
  if (how === "last") return seen.at(-1)!;
  if (how === "max") return Math.max(...seen);
  if (how === "min") return Math.min(...seen);
  const sum = seen.reduce((a, b) => a + b, 0);
  return how === "sum" ? sum : sum / seen.length;
}

/** The start of the step that a stamp falls in: whole units since 1970, weeks from Monday. */
function stepStart({ every, unit }: Frequency, ms: number): number {
  const monday = Date.UTC(1970, 0, 5);
  if (unit === "month" || unit === "quarter" || unit === "year") {
    const size = every * { month: 1, quarter: 3, year: 12 }[unit];
    const date = new Date(ms);
    const month = Math.floor((12 * date.getUTCFullYear() + date.getUTCMonth()) / size) * size;
    return Date.UTC(Math.floor(month / 12), month % 12);
  }
  const base = unit === "week" ? monday : 0;
  return stampAt({ every, unit }, base, Math.floor(stepsBetween({ every, unit }, base, ms)));
}

function stepOf(
  { ms, place }: TimedRecord,
  name: string,
  start: number,
  frequency: Frequency,
  aggregate: Aggregation | undefined,
): number {
  const steps = stepsBetween(frequency, start, aggregate ? stepStart(frequency, ms) : ms);
  if (Number.isInteger(steps)) return steps;
  const before = stampAt(frequency, start, Math.floor(steps));
  throw new ConcordError("E_DATA", {
    operation: "read series",
    problem: "a stamp lies between two steps of its series",
    expected: `steps of one ${frequencyText(frequency)} from ${stampText(start)}, such as ${stampText(before)}`,
    got: `${stampText(ms)}${name ? ` of ${JSON.stringify(name)}` : ""}`,
    hint: "set data.series.aggregate (mean, sum, max, min or last) to put irregular stamps on the grid, or data.series.frequency for another step",
    path: place,
  });
}

const twoValues = (name: string, own: readonly TimedRecord[], start: number, frequency: Frequency): ConcordError =>
  new ConcordError("E_DATA", {
    operation: "read series",
    problem: "a series has two records at one time",
    expected: `one record for each ${frequencyText(frequency)} from ${stampText(start)}`,
    got: `${own.length} at ${stampText(own[0]!.ms)}${name ? ` of ${JSON.stringify(name)}` : ""}; the second at ${own[1]!.place}`,
    hint: "name the column that tells series apart in data.series.id, set data.series.zone where clocks are set back, or data.series.aggregate to combine them",
    path: own[0]!.place,
  });
