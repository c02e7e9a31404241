// The end of each series of a table: what a model reads to forecast the steps after it.
import { ConcordError } from "../../base/index.ts";
import { gridOf, type RegularSeries, stampAt, stampText, wallClockIn } from "../../series/index.ts";
import type { ReadRowsOptions } from "../../tables/node/index.ts";
import type { SeriesProcessor, SeriesWindow } from "../series/processor.ts";
import { timedRecords } from "./series-records.ts";

/** A series up to its last value. */
export interface LatestWindow {
  readonly series: string;
  /** Last step with a value, `2014-12-31 23:00`. */
  readonly last: string;
  /** The steps to come. */
  readonly steps: readonly string[];
  readonly window: SeriesWindow;
}

/**
 * Reads a table of the columns that a model was learned from. Records after the last value of a series may hold what is known in advance.
 * @throws E_IO, E_DATA as a recipe's table; E_DATA for a series without any value
 */
export async function latestWindows(
  file: string,
  reading: ReadRowsOptions,
  { columns, frequency, past, known, context, horizon }: SeriesProcessor,
): Promise<LatestWindow[]> {
  const names = (list: SeriesProcessor["past"]) => list.map(({ name }) => name);
  const { records } = await timedRecords(file, reading, { ...columns, past: names(past), known: names(known) });
  const { zone } = columns;
  const wall = (ms: number) => (zone ? wallClockIn(zone, ms) : ms);
  return gridOf(records, { frequency }).series.map((series) => {
    const [target] = series.columns;
    const origin = target!.findLastIndex((y) => !Number.isNaN(y)) + 1;
    if (origin === 0) throw noValue(series, file);
    const start = Math.max(0, origin - context);
    const at = (step: number) => wall(stampAt(frequency, series.start, step));
    const cut = (from: number, count: number, end: number) =>
      Array.from({ length: count }, (_, i) => series.columns[from + i]!.slice(start, end));
    return {
      series: series.name,
      last: stampText(at(origin - 1)),
      steps: Array.from({ length: horizon }, (_, k) => stampText(at(origin + k))),
      window: {
        next: at(origin),
        history: target!.slice(start, origin),
        past: cut(1, past.length, origin),
        known: cut(1 + past.length, known.length, origin + horizon),
      },
    };
  });
}

const noValue = ({ name, start }: RegularSeries, path: string): ConcordError =>
  new ConcordError("E_DATA", {
    operation: "forecast",
    problem: "a series has no value to go on from",
    expected: "at least one value in its history",
    got: name || stampText(start),
    path,
  });
