// Two systems' answers to the same rows, before and after a mitigation: how far a group lies behind, and what it cost. Knows no run.
import { ConcordError, hiddenCells, random, shuffle } from "../base/index.ts";
import {
  averageScores,
  bootstrapMany,
  eventsOfClasses,
  type Label,
  macroF1Of,
  shareOf,
  type UnitCounts,
} from "../eval/index.ts";
import { type FairCriterion, type FairRate, fairDisparity, fairRates, inEvent } from "./fair-rates.ts";
import { groupingOf } from "./groupings.ts";
import {
  differenceOf,
  type Estimate,
  estimateOf,
  type Known,
  knownBySpread,
  knownMacroF1,
  knownShare,
} from "./known.ts";
import { clusterNumbers } from "./resample.ts";
import { extremeOf } from "./spreads.ts";

/**
 * Of one attribute: how far the group that lies furthest behind before lies behind all others in accuracy, before, after and the change. A
 * group that is chosen because it looks worst on some rows looks better on any others, mitigated or not; so it is chosen on other rows than
 * it is compared on: rows (patients) fall into five parts, and in each the group is compared that lies furthest behind in the other four.
 */
export interface GapChange {
  readonly attribute: string;
  /** The group that was compared in most parts. */
  readonly group: string;
  /** Parts in which each group was compared, where it is not one in all. */
  readonly chosen?: Readonly<Record<string, number>>;
  readonly before: Estimate;
  readonly after: Estimate;
  /** after − before: below 0 is better. */
  readonly change: Estimate;
}

/** What decisions were fitted for, before and after: the largest difference between groups, each with an interval that reaches 0 where there is none. */
export interface CriterionChange {
  readonly attribute: string;
  readonly criterion: FairCriterion;
  readonly before: Estimate;
  readonly after: Estimate;
  readonly change: Estimate;
}

export interface AnswerChange {
  readonly gaps: readonly GapChange[];
  /** Of the criterion that was asked for: the largest difference between groups, by its attribute. */
  readonly criterion?: CriterionChange;
  /** Macro F1 of all rows; a change below 0 is the cost. */
  readonly macroF1: { readonly before: Estimate; readonly after: Estimate; readonly change: Estimate };
}

interface CompareOptions {
  readonly resamples?: number;
  readonly seed?: number | string;
  readonly smallestCell?: number;
  /** Name of each row's cluster; whole clusters are redrawn. */
  readonly clusters?: readonly string[];
  /** What decisions made alike: also compared, for the labels given (default all). */
  readonly criterion?: {
    readonly attribute: string;
    readonly criterion: FairCriterion;
    readonly labels?: readonly Label[];
  };
}

/**
 * Compares classes answered before and after, row by row.
 * @throws E_SHAPE for columns of unequal length
 * @example compareAnswers(truth, before, after, { region }).gaps[0].change // { value: -0.12, low: -0.17, high: -0.07 }
 */
export function compareAnswers(
  truth: readonly Label[],
  before: readonly Label[],
  after: readonly Label[],
  attributes: Readonly<Record<string, readonly string[]>>,
  { resamples = 1000, seed = 0, smallestCell = 10, clusters, criterion }: CompareOptions = {},
): AnswerChange {
  if (before.length !== truth.length || after.length !== truth.length)
    throw new ConcordError("E_SHAPE", {
      operation: "compare predictions",
      problem: "the columns are not equally long",
      expected: `${truth.length} of each`,
      got: `${before.length} before, ${after.length} after`,
    });
  const units = clusters ? clusterNumbers(clusters) : undefined;
  const unitOf = units?.of ?? Int32Array.from(truth.keys());
  const unitCount = units?.count ?? truth.length;
  const right = [before, after].map((answers) => answers.map((answer, row) => Number(answer === truth[row])));
  const rows = { right, unitOf, folds: foldsOf(unitCount, seed) };
  const gaps = Object.entries(attributes).flatMap(([attribute, values]) => {
    const grouping = groupingOf(attribute, values);
    const hidden = hiddenCells(grouping.rows, smallestCell);
    const shown = [...grouping.names.keys()].filter((g) => !hidden.has(g));
    if (grouping.names.length < 2 || shown.length === 0) return [];
    return [{ attribute, ...gapChange(grouping, shown, rows) }];
  });
  const asked = criterion && attributes[criterion.attribute] ? criterion : undefined;
  const unlike =
    asked && disparities(truth, [before, after], attributes[asked.attribute]!, smallestCell, asked, unitOf);
  const f1 = (answers: readonly Label[]) => (picked: Int32Array) =>
    averageScores(
      Array.from(picked, (row) => truth[row]!),
      Array.from(picked, (row) => answers[row]!),
      "macro",
    ).fScore;
  const changes = [[f1(before), f1(after)] as const, ...(unlike ? [unlike.of] : [])];
  const drawn = bootstrapMany((picked) => changes.map(([one, two]) => two(picked) - one(picked)), truth.length, {
    random: random(`compare ${seed}`),
    resamples,
    clusters,
  }).map(({ estimate, low, high }): Estimate => ({ value: estimate, low, high }));
  const [macroBefore, macroAfter] = macroOf(truth, [before, after], units?.of);
  return {
    gaps,
    macroF1: { before: macroBefore!, after: macroAfter!, change: drawn[0]! },
    ...(asked &&
      unlike && {
        criterion: {
          attribute: asked.attribute,
          criterion: asked.criterion,
          before: unlike.before,
          after: unlike.after,
          change: drawn[1]!,
        },
      }),
  };
}

const foldCount = 5;

/**
 * How much wider intervals are than rows alone make them (test/slow/changes.slow.ts). Where parts choose different groups, what is chosen in
 * one hangs on the rows of the others. Where all choose the same, it still looks worst by chance in part, unless it lies clearly behind.
 */
const choiceWidens = { different: 1.5, same: { gap: 1.3, change: 1.15 } };

/** Clearly behind: less accurate than every other group, each by an interval of three standard errors. */
const clearly = 0.9973;

/** Part of each unit, drawn by the seed. */
function foldsOf(units: number, seed: number | string): Uint8Array {
  const order = shuffle([...Array(units).keys()], random(`compare folds ${seed}`));
  const folds = new Uint8Array(units);
  for (const [i, unit] of order.entries()) folds[unit] = i % foldCount;
  return folds;
}

interface ComparedRows {
  /** [before, after][N] */
  readonly right: readonly (readonly number[])[];
  readonly unitOf: Int32Array;
  readonly folds: Uint8Array;
}

function gapChange(
  { names, groupOf }: { readonly names: readonly string[]; readonly groupOf: Int32Array },
  shown: readonly number[],
  { right, unitOf, folds }: ComparedRows,
): Omit<GapChange, "attribute"> {
  const every = Int32Array.from(groupOf.keys());
  const furthest = Array.from({ length: foldCount }, (_, fold) => {
    const others = every.filter((row) => folds[unitOf[row]!] !== fold);
    const lag = shown.map((g) => behind(others, right[0]!, groupOf, g));
    return shown[lag.reduce((best, x, i) => (x > lag[best]! || Number.isNaN(lag[best]!) ? i : best), 0)]!;
  });
  const isOwn = (row: number) => groupOf[row] === furthest[folds[unitOf[row]!]!];
  const [inside, others] = [every.filter(isOwn), every.filter((row) => !isOwn(row))];
  const gap = (which: 0 | 1) =>
    differenceOf(shareIn(others, right[which]!, unitOf), shareIn(inside, right[which]!, unitOf), 0.95);
  const moved = Float64Array.from(every, (row) => right[1]![row]! - right[0]![row]!);
  const spread = meanIn(every, moved, unitOf, 0).usual;
  const change = differenceOf(
    meanIn(others, moved, unitOf, spread).known,
    meanIn(inside, moved, unitOf, spread).known,
    0.95,
  );
  const counts = new Map<number, number>();
  for (const g of furthest) counts.set(g, (counts.get(g) ?? 0) + 1);
  const [[most]] = [...counts].sort(([, a], [, b]) => b - a) as [[number, number]];
  const accuracy = (g: number) =>
    shareIn(
      every.filter((row) => groupOf[row] === g),
      right[0]!,
      unitOf,
    );
  const clear =
    counts.size === 1 && shown.every((g) => g === most || differenceOf(accuracy(g), accuracy(most), clearly).low > 0);
  const wider = (of: "gap" | "change") =>
    clear ? 1 : counts.size > 1 ? choiceWidens.different : choiceWidens.same[of];
  return {
    group: names[most]!,
    ...(counts.size > 1 && { chosen: Object.fromEntries([...counts].map(([g, n]) => [names[g]!, n])) }),
    before: widened(gap(0), wider("gap")),
    after: widened(gap(1), wider("gap")),
    change: widened(change, wider("change")),
  };
}

const widened = ({ value, low, high }: Estimate, by: number): Estimate => ({
  value,
  low: value - by * (value - low),
  high: value + by * (high - value),
});

function byUnit(rows: ArrayLike<number>, values: ArrayLike<number>, unitOf: Int32Array): UnitCounts {
  const sums = new Map<number, [sum: number, rows: number]>();
  for (let i = 0; i < rows.length; i++) {
    const unit = unitOf[rows[i]!]!;
    const [sum, n] = sums.get(unit) ?? [0, 0];
    sums.set(unit, [sum + values[rows[i]!]!, n + 1]);
  }
  const each = [...sums.values()];
  return { hits: each.map(([sum]) => sum), trials: each.map(([, n]) => n) };
}

const shareIn = (rows: ArrayLike<number>, right: readonly number[], unitOf: Int32Array): Known =>
  knownShare(shareOf(byUnit(rows, right, unitOf)));

/** A mean of numbers by units. @param usual deviation of a unit's part of it among all rows; few units may vary less by chance */
function meanIn(rows: ArrayLike<number>, values: ArrayLike<number>, unitOf: Int32Array, usual: number) {
  const { hits, trials } = byUnit(rows, values, unitOf);
  const units = trials.length;
  const count = rows.length;
  const mean = Array.from(hits).reduce((a, b) => a + b, 0) / count;
  const squares = Array.from(hits).reduce((sum, x, u) => sum + (x - mean * trials[u]!) ** 2, 0);
  const each = Math.sqrt((squares / Math.max(1, units - 1)) * (units / count) ** 2);
  const standardError = Math.max(each, usual) / Math.sqrt(units);
  const known = knownBySpread(mean, { centre: mean, standardError, units, cases: count }, [-1, 1]);
  return { known, usual: each };
}

function macroOf(
  truth: readonly Label[],
  predicted: readonly (readonly Label[])[],
  units: Int32Array | undefined,
): Estimate[] {
  const classes = [...new Set([...truth, ...predicted.flat()])];
  const number = new Map(classes.map((label, k) => [label, k]));
  const numbers = (column: readonly Label[]) => Int32Array.from(column, (label) => number.get(label)!);
  return predicted.map((answers) =>
    estimateOf(knownMacroF1(macroF1Of(eventsOfClasses(numbers(truth), numbers(answers), classes.length, units))), 0.95),
  );
}

type OfRows = (picked: Int32Array) => number;

/** Largest difference between groups in a criterion's rates, of each system's answers. Cells are small or not by all rows. */
function disparities(
  truth: readonly Label[],
  predicted: readonly (readonly Label[])[],
  values: readonly string[],
  smallestCell: number,
  { criterion, labels }: NonNullable<CompareOptions["criterion"]>,
  unitOf: Int32Array,
): { readonly of: readonly [OfRows, OfRows]; readonly before: Estimate; readonly after: Estimate } {
  const { names, rows, groupOf } = groupingOf("", values);
  const classes = [...new Set([...truth, ...predicted.flat()])];
  const number = new Map(classes.map((label, k) => [label, k]));
  const numbers = (column: readonly Label[]) => Int32Array.from(column, (label) => number.get(label)!);
  const compared = {
    truth: numbers(truth),
    groupOf: groupOf.map((g) => (rows[g]! < smallestCell ? -1 : g)),
    groups: names.length,
  };
  const meant = labels ? labels.flatMap((label) => number.get(label) ?? []) : [...classes.keys()];
  const cells = fairRates(criterion, meant).map((rate) => ({
    rate,
    rows: names.map((_, g) => rowsIn(rate, compared, g)),
  }));
  const large = cells.map(({ rate, rows: of }) => ({ rate, rows: of.filter((cell) => cell.length >= smallestCell) }));
  const usable = large.filter(({ rows: of }) => of.length > 1);
  const rates = usable.map(({ rate }) => rate);
  const of = (answers: Int32Array) => (picked: Int32Array) => fairDisparity(rates, compared, answers, 1, picked);
  const extreme = (answers: Int32Array) =>
    extremeOf(
      usable.map(({ rate, rows: groups }) => {
        const hit = Array.from(answers, (answer) => Number(answer === rate.label));
        return groups.map((cell) => shareIn(cell, hit, unitOf));
      }),
      "difference",
      0.95,
    );
  const [before, after] = [numbers(predicted[0]!), numbers(predicted[1]!)];
  return { of: [of(before), of(after)], before: extreme(before), after: extreme(after) };
}

const rowsIn = (
  rate: FairRate,
  { truth, groupOf }: { truth: Int32Array; groupOf: Int32Array },
  g: number,
): Int32Array => Int32Array.from(groupOf.keys()).filter((row) => groupOf[row] === g && inEvent(rate, truth[row]!));

/** Accuracy of all other rows minus that of the group. */
function behind(picked: ArrayLike<number>, right: readonly number[], groupOf: Int32Array, g: number): number {
  let [inside, insideRight, other, otherRight] = [0, 0, 0, 0];
  for (let i = 0; i < picked.length; i++) {
    const row = picked[i]!;
    if (groupOf[row] === g) {
      inside++;
      insideRight += right[row]!;
    } else {
      other++;
      otherRight += right[row]!;
    }
  }
  return otherRight / other - insideRight / inside;
}
