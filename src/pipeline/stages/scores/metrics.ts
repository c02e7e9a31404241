// What every task's scoring gives, and intervals that redraw whole groups.
import { random } from "../../../base/index.ts";
import type { TextRow } from "../../../data/index.ts";
import { bootstrap, bootstrapMany, type Interval } from "../../../eval/index.ts";
import type { Recipe } from "../../recipe.ts";

export type Rows = readonly TextRow[];
export type Logits = readonly Float32Array[];

/** A number and its 95 % interval, as metrics.json holds it. */
export interface Score {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Scores of one class. A score that no row defines (precision of a class never predicted) is null. */
export interface ClassRecord {
  readonly label: string;
  readonly precision: Score | null;
  readonly recall: Score | null;
  readonly f1: Score | null;
  readonly support: number;
}

/** Scores of one evaluation: `record` goes to metrics.json, `predictions` to predictions.jsonl, `text` to the terminal. */
export interface Metrics {
  readonly record: Record<string, unknown>;
  readonly predictions: readonly Record<string, unknown>[];
  readonly summary: Record<string, unknown>;
  readonly text?: string;
}

/** All rows of one group (a patient) are redrawn together. */
const clustersOf = (rows: Rows) =>
  rows.some((r) => r.group !== undefined)
    ? rows.map((r, i) => (r.group === undefined ? `row ${i}` : `group ${r.group}`))
    : undefined;

const scoreOf = ({ estimate, low, high }: Interval): Score => ({ value: estimate, low, high });

/** Interval of a metric over test rows; all rows of one group are redrawn together. */
export function intervalOf(recipe: Recipe, rows: Rows, metric: (rows: Int32Array) => number, seed = ""): Score {
  return scoreOf(
    bootstrap(metric, rows.length, {
      random: random(`evaluate ${recipe.seed}${seed}`),
      resamples: recipe.evaluate.resamples,
      method: "percentile",
      clusters: clustersOf(rows),
    }),
  );
}

/** Counts of one row for each of C classes. */
export interface ClassHits {
  /** [C] Predicted and true. */
  readonly hits: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  readonly actual: ArrayLike<number>;
}

/**
 * Precision, recall and F1 of each class with intervals, all from the same draws.
 * @param truth [N, C] 0 or 1: the row has the label
 * @param predicted [N, C]
 */
export const classRecords = (
  recipe: Recipe,
  rows: Rows,
  labels: readonly string[],
  truth: readonly ArrayLike<number>[],
  predicted: readonly ArrayLike<number>[],
): ClassRecord[] =>
  classRecordsOf(
    recipe,
    rows,
    labels,
    truth.map((actual, i) => {
      const guessed = predicted[i]!;
      return { actual, predicted: guessed, hits: labels.map((_, k) => actual[k]! * guessed[k]!) };
    }),
  );

/** The same from counts, where a row may have a class several times. */
export function classRecordsOf(
  recipe: Recipe,
  rows: Rows,
  labels: readonly string[],
  counts: readonly ClassHits[],
): ClassRecord[] {
  const count = labels.length;
  const metrics = (picked: Int32Array): Float64Array => {
    const [hits, guesses, actual] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
    for (const row of picked)
      for (let k = 0; k < count; k++) {
        hits[k]! += counts[row]!.hits[k]!;
        guesses[k]! += counts[row]!.predicted[k]!;
        actual[k]! += counts[row]!.actual[k]!;
      }
    return Float64Array.from({ length: 3 * count }, (_, i) => {
      const k = i % count;
      const below = i < count ? guesses[k]! : i < 2 * count ? actual[k]! : (guesses[k]! + actual[k]!) / 2;
      return below === 0 ? Number.NaN : hits[k]! / below;
    });
  };
  const scores = bootstrapMany(metrics, rows.length, {
    random: random(`classes ${recipe.seed}`),
    resamples: recipe.evaluate.resamples,
    clusters: clustersOf(rows),
  }).map((s) => (Number.isNaN(s.estimate) ? null : scoreOf(s)));
  return labels.map((label, k) => ({
    label,
    precision: scores[k]!,
    recall: scores[count + k]!,
    f1: scores[2 * count + k]!,
    support: counts.reduce((n, row) => n + row.actual[k]!, 0),
  }));
}

/**
 * A metric for each value of each attribute of the recipe, with its interval; small groups are not shown.
 * @param metric of row numbers of `rows`
 */
export function groupScores(
  recipe: Recipe,
  rows: Rows,
  name: string,
  metric: (rows: Int32Array) => number,
): Record<string, Record<string, Record<string, unknown>>> {
  const { smallestCell } = recipe.evaluate;
  const shown = (row: TextRow, attribute: string) => row.attributes[attribute] || "(none)";
  return Object.fromEntries(
    recipe.data.attributes.map((attribute) => {
      const values = [...new Set(rows.map((r) => shown(r, attribute)))].sort();
      const scored = values.map((value) => {
        const own = Int32Array.from(rows.flatMap((r, i) => (shown(r, attribute) === value ? [i] : [])));
        if (own.length < smallestCell) return [value, { rows: `under ${smallestCell}` }] as const;
        const members = Array.from(own, (i) => rows[i]!);
        const score = intervalOf(
          recipe,
          members,
          (picked) => metric(picked.map((i) => own[i]!)),
          ` ${attribute} ${value}`,
        );
        return [value, { rows: own.length, [name]: score }] as const;
      });
      return [attribute, Object.fromEntries(scored)];
    }),
  );
}
