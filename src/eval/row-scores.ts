// Scores of rows with intervals that know which rows are of one group (a patient). Knows no task.
import { random } from "../base/index.ts";
import { bootstrap } from "./intervals.ts";
import { macroF1Limits, macroF1Of } from "./macro-f1.ts";
import { shareLimits, shareOf } from "./shares.ts";
import { tQuantile } from "./student.ts";

/** Rows, some of which may be of one group (a patient): rows of one are not independent. */
export type UnitRows = readonly { readonly group?: string }[];

/** A number and its 95 % interval; it stands in metrics.json as it is. */
export interface Score {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Why there is no interval (`low` and `high` are NaN, null in JSON). */
  readonly withheld?: "few-classes";
}

/** Scores of one class. A score that no row defines (precision of a class never predicted) is null. */
export interface ClassRecord {
  readonly label: string;
  readonly precision: Score | null;
  readonly recall: Score | null;
  readonly f1: Score | null;
  readonly support: number;
}

/** Names of the rows' units (patients), where they have some. */
export const unitNames = (rows: UnitRows): string[] | undefined =>
  rows.some((r) => r.group !== undefined)
    ? rows.map((r, i) => (r.group === undefined ? `row ${i}` : `group ${r.group}`))
    : undefined;

/** Number of each row's unit, where rows name their group (a patient): rows of one unit are not independent. */
const unitsOf = (rows: UnitRows): Int32Array | undefined => {
  const names = unitNames(rows);
  if (!names) return undefined;
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
};

const everyRow = (rows: UnitRows): Int32Array => Int32Array.from(rows.keys());

/** The score of some rows, by number. */
export type RowsScore = (picked: Int32Array) => Score;

/**
 * A share, Σ hits / Σ trials of rows, with the exact interval for as many trials as independent rows are (see {@link shareOf}).
 * @param transform rising, such as that from a share to F1
 */
export function shareScore(
  rows: UnitRows,
  hits: (row: number) => number,
  trials: (row: number) => number = () => 1,
  transform: (share: number) => number = (share) => share,
): RowsScore {
  const units = unitsOf(rows);
  return (picked) => {
    const by = new Map<number, [hits: number, trials: number]>();
    for (const row of picked) {
      const unit = units ? units[row]! : row;
      const [h, n] = by.get(unit) ?? [0, 0];
      by.set(unit, [h + hits(row), n + trials(row)]);
    }
    const counts = [...by.values()];
    const share = shareOf({ hits: counts.map(([h]) => h), trials: counts.map(([, n]) => n) });
    const [low, high] = shareLimits(share, 0.95);
    return { value: transform(share.value), low: transform(low), high: transform(high) };
  };
}

/** F1 of the share of hits among what is true or predicted. */
const f1OfShare = (share: number): number => (2 * share) / (1 + share);

/**
 * F1 of all labels or entities together; 0, and nothing known of it, where rows have none and are given none.
 * @param either true or predicted ones of a row, those that are both once
 */
export function pooledF1Score(
  rows: UnitRows,
  hits: (row: number) => number,
  either: (row: number) => number,
): RowsScore {
  const score = shareScore(rows, hits, either, f1OfShare);
  return (picked) => {
    const found = score(picked);
    return Number.isNaN(found.value) ? { value: 0, low: 0, high: 1 } : found;
  };
}

/** Macro F1 with its interval; where too few classes occur there is none, and the reason stands beside the value. */
export function macroF1Score(
  rows: UnitRows,
  classes: number,
  eventsOf: (row: number) => Iterable<readonly [of: number, hit: 0 | 1]>,
): RowsScore {
  const units = unitsOf(rows);
  return (picked) => {
    const found = { unit: [] as number[], of: [] as number[], hit: [] as number[] };
    const numbers = new Map<number, number>();
    for (const row of picked) {
      const name = units ? units[row]! : row;
      const unit = numbers.get(name) ?? numbers.size;
      numbers.set(name, unit);
      for (const [of, hit] of eventsOf(row)) {
        found.unit.push(unit);
        found.of.push(of);
        found.hit.push(hit);
      }
    }
    const estimate = macroF1Of({ ...found, rows: picked.length, units: numbers.size, classes });
    const [low, high] = macroF1Limits(estimate, 0.95);
    return { value: estimate.value, low, high, ...(Number.isNaN(low) && { withheld: "few-classes" as const }) };
  };
}

/** How intervals are drawn. */
export interface Draws {
  readonly seed: number;
  readonly resamples: number;
}

/**
 * Interval of any metric over test rows by the bootstrap; all rows of one group are redrawn together. The percentiles are moved out by
 * what Student's t has above the normal distribution, for draws of few units vary too little (Hesterberg 2015).
 */
export function intervalOf(
  { seed, resamples }: Draws,
  rows: UnitRows,
  metric: (rows: Int32Array) => number,
  also = "",
): Score {
  const units = unitsOf(rows);
  const { estimate, low, high } = bootstrap(metric, rows.length, {
    random: random(`evaluate ${seed}${also}`),
    resamples,
    method: "percentile",
    clusters: units,
  });
  const count = units ? new Set(units).size : rows.length;
  const wider =
    count > 1 ? (tQuantile(0.975, count - 1) / tQuantile(0.975, Infinity)) * Math.sqrt(count / (count - 1)) : 1;
  return { value: estimate, low: estimate - wider * (estimate - low), high: estimate + wider * (high - estimate) };
}

/** Counts of one row for each of C classes. */
export interface ClassHits {
  /** [C] Predicted and true. */
  readonly hits: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  readonly actual: ArrayLike<number>;
}

/** What one class has in the rows where it occurs. */
interface Occurrences {
  readonly rows: number[];
  readonly hits: number[];
  readonly predicted: number[];
  readonly actual: number[];
}

/**
 * Precision, recall and F1 of each class with intervals.
 * @param truth numbers of the classes that each row has, each once @param predicted of those that it is given
 */
export function sparseClassRecords(
  rows: UnitRows,
  labels: readonly string[],
  truth: readonly (readonly number[])[],
  predicted: readonly (readonly number[])[],
): ClassRecord[] {
  const found = labels.map((): Occurrences => ({ rows: [], hits: [], predicted: [], actual: [] }));
  for (const row of rows.keys())
    for (const k of new Set([...truth[row]!, ...predicted[row]!])) {
      const [actual, given] = [Number(truth[row]!.includes(k)), Number(predicted[row]!.includes(k))];
      add(found[k]!, row, actual * given, given, actual);
    }
  return labels.map((label, k) => classRecord(rows, label, found[k]!));
}

/** The same from counts, where a row may have a class several times. */
export function classRecordsOf(rows: UnitRows, labels: readonly string[], counts: readonly ClassHits[]): ClassRecord[] {
  return labels.map((label, k) => {
    const occurrences: Occurrences = { rows: [], hits: [], predicted: [], actual: [] };
    for (const [row, { hits, predicted, actual }] of counts.entries())
      if (predicted[k]! + actual[k]! > 0) add(occurrences, row, hits[k]!, predicted[k]!, actual[k]!);
    return classRecord(rows, label, occurrences);
  });
}

function add(occurrences: Occurrences, row: number, hits: number, predicted: number, actual: number): void {
  occurrences.rows.push(row);
  occurrences.hits.push(hits);
  occurrences.predicted.push(predicted);
  occurrences.actual.push(actual);
}

function classRecord(rows: UnitRows, label: string, occurrences: Occurrences): ClassRecord {
  const some = occurrences.rows.map((row) => rows[row]!);
  const every = everyRow(some);
  const scored = (trials: (i: number) => number, transform?: (share: number) => number) => {
    const score = shareScore(some, (i) => occurrences.hits[i]!, trials, transform)(every);
    return Number.isNaN(score.value) ? null : score;
  };
  return {
    label,
    precision: scored((i) => occurrences.predicted[i]!),
    recall: scored((i) => occurrences.actual[i]!),
    f1: scored((i) => occurrences.predicted[i]! + occurrences.actual[i]! - occurrences.hits[i]!, f1OfShare),
    support: occurrences.actual.reduce((a, b) => a + b, 0),
  };
}
