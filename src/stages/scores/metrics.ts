// What every task's scoring gives, and intervals that know which rows are of one group (a patient).

import { groupingOf } from "../../audit/index.ts";
import { hiddenCells, random } from "../../base/index.ts";
import type { Row } from "../../data/index.ts";
import {
  bootstrap,
  macroF1Limits,
  macroF1Of,
  type RowMetric,
  shareLimits,
  shareOf,
  tQuantile,
} from "../../eval/index.ts";
import type { Recipe } from "../../recipe/index.ts";
import type { BaselineRecord } from "../../report/index.ts";
import { groupsOfRows } from "../attribute-groups.ts";
import type { BaselineAnswer } from "../baseline-answers.ts";

export type Rows = readonly Row[];
export type Logits = readonly Float32Array[];

/** A number and its 95 % interval, as metrics.json holds it. */
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

/** How answers to the test rows are scored, whoever gave them. */
export interface Comparison {
  /** The model's. */
  readonly answers: readonly BaselineAnswer[];
  /** Each score as a function of answers; the first is the one that verdicts are about. */
  readonly scores: Readonly<Record<string, (answers: readonly BaselineAnswer[]) => RowMetric>>;
  /** True where less is better (an error). */
  readonly isError?: boolean;
  /** Draws the interval of a baseline's score. Default baselines have none. */
  readonly scoreOf?: (name: string, metric: RowMetric) => Score | null;
  /** What the terminal shows, with the baselines' scores beside the model's. Default they stand on a line of their own. */
  readonly text?: (beside: BaselineRecord) => string;
}

/** Scores of one evaluation: `record` goes to metrics.json, `predictions` to predictions.jsonl, `text` to the terminal. */
export interface Metrics {
  readonly record: Record<string, unknown>;
  readonly predictions: readonly Record<string, unknown>[];
  readonly summary: Record<string, unknown>;
  readonly text: string;
  /** Scores of every class, for classes.csv where metrics.json has only some. */
  readonly classes?: readonly ClassRecord[];
  /** How answers are scored, for baselines on the same rows. */
  readonly comparison?: Comparison;
}

/** Names of the rows' units (patients), where they have some. */
export const unitNames = (rows: Rows): string[] | undefined =>
  rows.some((r) => r.group !== undefined)
    ? rows.map((r, i) => (r.group === undefined ? `row ${i}` : `group ${r.group}`))
    : undefined;

/** Number of each row's unit, where rows name their group (a patient): rows of one unit are not independent. */
const unitsOf = (rows: Rows): Int32Array | undefined => {
  const names = unitNames(rows);
  if (!names) return undefined;
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
};

const everyRow = (rows: Rows): Int32Array => Int32Array.from(rows.keys());

/** The score of some rows, by number. */
export type RowsScore = (picked: Int32Array) => Score;

/**
 * A share, Σ hits / Σ trials of rows, with the exact interval for as many trials as independent rows are (see {@link shareOf}).
 * @param transform rising, such as that from a share to F1
 */
export function shareScore(
  rows: Rows,
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
export function pooledF1Score(rows: Rows, hits: (row: number) => number, either: (row: number) => number): RowsScore {
  const score = shareScore(rows, hits, either, f1OfShare);
  return (picked) => {
    const found = score(picked);
    return Number.isNaN(found.value) ? { value: 0, low: 0, high: 1 } : found;
  };
}

/** Macro F1 with its interval; where too few classes occur there is none, and the reason stands beside the value. */
export function macroF1Score(
  rows: Rows,
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
    const own = macroF1Of({ ...found, rows: picked.length, units: numbers.size, classes });
    const [low, high] = macroF1Limits(own, 0.95);
    return { value: own.value, low, high, ...(Number.isNaN(low) && { withheld: "few-classes" as const }) };
  };
}

/**
 * Interval of any metric over test rows by the bootstrap; all rows of one group are redrawn together. The percentiles are moved out by
 * what Student's t has above the normal distribution, for draws of few units vary too little (Hesterberg 2015).
 */
export function intervalOf(recipe: Recipe, rows: Rows, metric: (rows: Int32Array) => number, seed = ""): Score {
  const units = unitsOf(rows);
  const { estimate, low, high } = bootstrap(metric, rows.length, {
    random: random(`evaluate ${recipe.seed}${seed}`),
    resamples: recipe.evaluate.resamples,
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
  rows: Rows,
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
export function classRecordsOf(rows: Rows, labels: readonly string[], counts: readonly ClassHits[]): ClassRecord[] {
  return labels.map((label, k) => {
    const own: Occurrences = { rows: [], hits: [], predicted: [], actual: [] };
    for (const [row, { hits, predicted, actual }] of counts.entries())
      if (predicted[k]! + actual[k]! > 0) add(own, row, hits[k]!, predicted[k]!, actual[k]!);
    return classRecord(rows, label, own);
  });
}

function add(own: Occurrences, row: number, hits: number, predicted: number, actual: number): void {
  own.rows.push(row);
  own.hits.push(hits);
  own.predicted.push(predicted);
  own.actual.push(actual);
}

function classRecord(rows: Rows, label: string, own: Occurrences): ClassRecord {
  const some = own.rows.map((row) => rows[row]!);
  const every = everyRow(some);
  const scored = (trials: (i: number) => number, transform?: (share: number) => number) => {
    const score = shareScore(some, (i) => own.hits[i]!, trials, transform)(every);
    return Number.isNaN(score.value) ? null : score;
  };
  return {
    label,
    precision: scored((i) => own.predicted[i]!),
    recall: scored((i) => own.actual[i]!),
    f1: scored((i) => own.predicted[i]! + own.actual[i]! - own.hits[i]!, f1OfShare),
    support: own.actual.reduce((a, b) => a + b, 0),
  };
}

/**
 * A score for each value of each attribute of the recipe; small groups are not shown, and where one alone is small, the next smallest is
 * not either: the score of all rows would give it away.
 * @param score of some of `rows`
 */
export function groupScores(
  recipe: Recipe,
  rows: Rows,
  name: string,
  score: (picked: Int32Array, seed: string) => Score,
): Record<string, Record<string, Record<string, unknown>>> {
  const { smallestCell } = recipe.evaluate;
  return Object.fromEntries(
    Object.entries(groupsOfRows(recipe, rows)).map(([attribute, { groups }]) => {
      const { names, rows: sizes, groupOf } = groupingOf(attribute, groups); // in the order that the audit has
      const hidden = hiddenCells(sizes, smallestCell);
      const scored = names.map((value, g) => {
        if (sizes[g]! < smallestCell) return [value, { rows: `under ${smallestCell}` }] as const;
        if (hidden.has(g)) return [value, { rows: "withheld" }] as const;
        const own = everyRow(rows).filter((row) => groupOf[row] === g);
        return [value, { rows: own.length, [name]: score(own, ` ${attribute} ${value}`) }] as const;
      });
      return [attribute, Object.fromEntries(scored)];
    }),
  );
}

/** {@link groupScores}' score of a metric without a formula: by the bootstrap. @param metric of row numbers of `rows` */
export const drawnScore =
  (recipe: Recipe, rows: Rows, metric: (rows: Int32Array) => number) =>
  (own: Int32Array, seed = ""): Score =>
    intervalOf(
      recipe,
      Array.from(own, (i) => rows[i]!),
      (picked) => metric(picked.map((i) => own[i]!)),
      seed,
    );
