// Two systems' answers to the same rows, before and after a mitigation: how far a group lies behind, and what it cost. Knows no run.
import { ConcordError, random } from "../../base/index.ts";
import { averageScores, bootstrapMany, type Label } from "../../eval/index.ts";
import { eventCounts, type FairCriterion, fairDisparity, fairRates } from "./fair-rates.ts";
import { groupingOf } from "./groupings.ts";
import type { Estimate } from "./known.ts";

/** Of one attribute: the largest accuracy behind all others, before, after and the change, on the same redrawn rows. */
export interface GapChange {
  readonly attribute: string;
  /** The group that lay furthest behind before. */
  readonly group: string;
  readonly before: Estimate;
  readonly after: Estimate;
  /** after − before: below 0 is better. */
  readonly change: Estimate;
}

/** What decisions were fitted for, before and after. */
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
      operation: "compare answers",
      problem: "the columns are not equally long",
      expected: `${truth.length} of each`,
      got: `${before.length} before, ${after.length} after`,
    });
  const right = [before, after].map((answers) => answers.map((said, row) => Number(said === truth[row])));
  const gaps = Object.entries(attributes).flatMap(([attribute, values]) => {
    const { names, rows, groupOf } = groupingOf(attribute, values);
    const shown = [...names.keys()].filter((g) => rows[g]! >= smallestCell);
    if (shown.length < 2) return [];
    const gapOf = (g: number, which: number) => (picked: ArrayLike<number>) =>
      behind(picked, right[which]!, groupOf, g);
    const every = Int32Array.from(truth.keys());
    const worst = shown.reduce((a, b) => (gapOf(b, 0)(every) > gapOf(a, 0)(every) ? b : a));
    return [{ attribute, group: names[worst]!, of: [gapOf(worst, 0), gapOf(worst, 1)] as const }];
  });
  const f1 = (answers: readonly Label[]) => (picked: Int32Array) =>
    averageScores(
      Array.from(picked, (row) => truth[row]!),
      Array.from(picked, (row) => answers[row]!),
      "macro",
    ).fScore;
  const asked = criterion && attributes[criterion.attribute] ? criterion : undefined;
  const unlike = asked && disparities(truth, [before, after], attributes[asked.attribute]!, smallestCell, asked);
  const pairs = [...gaps.map((g) => g.of), [f1(before), f1(after)] as const, ...(unlike ? [unlike] : [])];
  const drawn = bootstrapMany(
    (picked) =>
      pairs.flatMap(([one, two]) => {
        const [a, b] = [one(picked), two(picked)];
        return [a, b, b - a];
      }),
    truth.length,
    { random: random(`compare ${seed}`), resamples, clusters },
  ).map(({ estimate, low, high }): Estimate => ({ value: estimate, low, high }));
  const three = (i: number) => ({ before: drawn[3 * i]!, after: drawn[3 * i + 1]!, change: drawn[3 * i + 2]! });
  return {
    gaps: gaps.map(({ attribute, group }, i) => ({ attribute, group, ...three(i) })),
    macroF1: three(gaps.length),
    ...(asked && {
      criterion: { attribute: asked.attribute, criterion: asked.criterion, ...three(gaps.length + 1) },
    }),
  };
}

type OfRows = (picked: Int32Array) => number;

/** Largest difference between groups in a criterion's rates, of each system's answers. Cells are small or not by all rows. */
function disparities(
  truth: readonly Label[],
  said: readonly (readonly Label[])[],
  values: readonly string[],
  smallestCell: number,
  { criterion, labels }: NonNullable<CompareOptions["criterion"]>,
): readonly [OfRows, OfRows] {
  const { names, rows, groupOf } = groupingOf("", values);
  const classes = [...new Set([...truth, ...said.flat()])];
  const number = new Map(classes.map((label, k) => [label, k]));
  const numbers = (column: readonly Label[]) => Int32Array.from(column, (label) => number.get(label)!);
  const compared = {
    truth: numbers(truth),
    groupOf: groupOf.map((g) => (rows[g]! < smallestCell ? -1 : g)),
    groups: names.length,
  };
  const meant = labels ? labels.flatMap((label) => number.get(label) ?? []) : [...classes.keys()];
  const every = fairRates(criterion, meant);
  const counts = eventCounts(every, compared);
  const rates = every.filter((_, m) => Array.from(counts[m]!).filter((n) => n >= smallestCell).length > 1);
  const of = (answers: Int32Array) => (picked: Int32Array) => fairDisparity(rates, compared, answers, 1, picked);
  return [of(numbers(said[0]!)), of(numbers(said[1]!))];
}

/** Accuracy of all other rows minus that of the group. */
function behind(picked: ArrayLike<number>, right: readonly number[], groupOf: Int32Array, g: number): number {
  let [own, ownRight, other, otherRight] = [0, 0, 0, 0];
  for (let i = 0; i < picked.length; i++) {
    const row = picked[i]!;
    if (groupOf[row] === g) {
      own++;
      ownRight += right[row]!;
    } else {
      other++;
      otherRight += right[row]!;
    }
  }
  return otherRight / other - ownRight / own;
}
