// Scores from summed counts: what one table of all rows would give, without that table. Who wrote which row is not known, so that
// several rows of a patient count as rows of several, and intervals are too narrow where their answers agree. Pure.

import { hiddenCells } from "../base/index.ts";
import { clopperPearson, eventsOfClasses, type Interval, macroF1Of as macroF1, macroF1Limits } from "../eval/index.ts";
import { differenceOf, extremeOf, type Known, knownShare } from "../fairness/index.ts";

/** A number and its 95 % interval, as metrics.json holds it. */
export interface CountedScore {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The largest or smallest of several: gates refuse its value, and take its interval. */
  readonly extreme?: true;
}

/** [C·C] Counts of answers by label, row by row. */
export type Confusion = readonly number[];

const sideOf = (confusion: Confusion): number => Math.round(Math.sqrt(confusion.length));
export const rowsOf = (confusion: Confusion): number => confusion.reduce((a, b) => a + b, 0);

/** How many answers are right. */
export function rightOf(confusion: Confusion): number {
  const side = sideOf(confusion);
  return confusion.reduce((n, count, at) => n + (at % (side + 1) === 0 ? count : 0), 0);
}

/** Precision, recall and F1 of each label; NaN where no row defines one. */
function labelScores(confusion: Confusion | Int32Array, side: number) {
  const [actual, predicted] = [new Float64Array(side), new Float64Array(side)];
  for (let at = 0; at < confusion.length; at++) {
    actual[Math.floor(at / side)]! += confusion[at]!;
    predicted[at % side]! += confusion[at]!;
  }
  const share = (hits: number, of: number) => (of === 0 ? Number.NaN : hits / of);
  return Array.from({ length: side }, (_, k) => {
    const hits = confusion[k * side + k]!;
    return {
      precision: share(hits, predicted[k]!),
      recall: share(hits, actual[k]!),
      f1: share(2 * hits, actual[k]! + predicted[k]!),
      support: actual[k]!,
    };
  });
}

/** Mean F1 over the labels that occur, among rows or among answers. */
export function macroF1Of(confusion: Confusion | Int32Array): number {
  const known = labelScores(confusion, Math.round(Math.sqrt(confusion.length))).filter(({ f1 }) => !Number.isNaN(f1));
  return known.reduce((sum, { f1 }) => sum + f1, 0) / known.length;
}

/** What a member may show of its own rows. @param test counts on its test rows @param train rows that it learned from */
export function siteScores(test: Confusion, train: number): Record<string, number> {
  const rows = rowsOf(test);
  const scores: Record<string, number> = rows ? { accuracy: rightOf(test) / rows, macroF1: macroF1Of(test) } : {};
  return { train, test: rows, ...scores };
}

const scoreOf = ({ estimate, low, high }: Interval): CountedScore => ({ value: estimate, low, high });

/** Macro F1 and its interval; none where fewer than half of the labels occur. */
function macroF1Score(confusion: Confusion): CountedScore {
  const side = sideOf(confusion);
  const [truth, predicted]: [number[], number[]] = [[], []];
  for (const [cell, count] of confusion.entries())
    for (let i = 0; i < count; i++) {
      truth.push(Math.floor(cell / side));
      predicted.push(cell % side);
    }
  const scores = macroF1(eventsOfClasses(truth, predicted, side));
  const [low, high] = macroF1Limits(scores, 0.95);
  return { value: macroF1Of(confusion), low, high };
}

/**
 * Accuracy and the labels' scores with exact intervals (Clopper & Pearson), macro F1 with its own (see {@link macroF1Limits}).
 * @param confusion of at least one row
 */
export function countedScores(confusion: Confusion, labels: readonly string[]) {
  const side = labels.length;
  const at = (t: number, p: number) => confusion[t * side + p]!;
  const every = Array.from({ length: side }, (_, k) => k);
  const share = (hits: number, of: number) => (of === 0 ? null : scoreOf(clopperPearson(hits, of)));
  const f1 = (x: number) => (2 * x) / (1 + x);
  const classes = labels.map((label, k) => {
    const actual = every.reduce((n, p) => n + at(k, p), 0);
    const guessed = every.reduce((n, t) => n + at(t, k), 0);
    const either = share(at(k, k), actual + guessed - at(k, k));
    return {
      label,
      precision: share(at(k, k), guessed),
      recall: share(at(k, k), actual),
      f1: either && { value: f1(either.value), low: f1(either.low), high: f1(either.high) },
      support: actual,
    };
  });
  return {
    accuracy: scoreOf(clopperPearson(rightOf(confusion), rowsOf(confusion))),
    macroF1: macroF1Score(confusion),
    classes,
    confusion: { labels, counts: every.map((k) => confusion.slice(k * side, (k + 1) * side)) },
  };
}

/** A group's counts. */
export interface GroupCounts {
  readonly name: string;
  readonly confusion: Confusion;
}

/**
 * Accuracy of each group, its distance to all other rows, and the largest distance between two groups. Groups under the smallest cell are
 * not shown, nor what would give them away (see {@link hiddenCells}).
 */
export function groupScores(groups: readonly GroupCounts[], { smallestCell }: { readonly smallestCell: number }) {
  const sized = groups.map((g) => ({ ...g, rows: rowsOf(g.confusion) })).filter(({ rows }) => rows > 0);
  const hidden = hiddenCells(
    sized.map(({ rows }) => rows),
    smallestCell,
  );
  const shown = sized.filter((_, i) => !hidden.has(i));
  const all = { rows: 0, right: 0 };
  for (const { rows, confusion } of sized) {
    all.rows += rows;
    all.right += rightOf(confusion);
  }
  const scores = Object.fromEntries(
    sized.map(({ name, rows, confusion }, i) => {
      if (hidden.has(i)) return [name, { rows: rows < smallestCell ? `under ${smallestCell}` : "withheld" }];
      const right = rightOf(confusion);
      const others = { rows: all.rows - rows, right: all.right - right };
      return [
        name,
        {
          rows,
          accuracy: scoreOf(clopperPearson(right, rows)),
          macroF1: macroF1Score(confusion),
          ...(others.rows > 0 && { difference: differenceOf(knownOf({ rows, right }), knownOf(others), 0.95) }),
        },
      ];
    }),
  );
  const gap = extremeOf(
    [shown.map(({ confusion, rows }) => knownOf({ rows, right: rightOf(confusion) }))],
    "difference",
    0.95,
  );
  return { scores, gap: shown.length > 1 ? { ...gap, extreme: true as const } : undefined };
}

interface Shares {
  readonly rows: number;
  readonly right: number;
}

const knownOf = ({ rows, right }: Shares): Known =>
  knownShare({ value: right / rows, trials: rows, units: rows, effective: rows });
