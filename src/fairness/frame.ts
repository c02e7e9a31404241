// A table of two-class rates by group, beside all rows: what fairlearn calls a MetricFrame. Knows no attributes and no intervals.
import { ConcordError } from "../base/index.ts";
import { checkColumns } from "../eval/index.ts";
import {
  type Comparison,
  difference,
  equalizedOddsDifference,
  equalizedOddsRatio,
  groupMax,
  groupMin,
  type OddsAggregation,
  ratio,
} from "./disparity.ts";
import { countDecisions, type RateName, type Rates, rateNames, ratesOf } from "./rates.ts";

export interface RateFrameOptions {
  /** [N] Weights in the rates; `count` stays the number of rows. Default 1 each. */
  readonly sampleWeight?: ArrayLike<number>;
  /** Groups to show though no row has them; their values are NaN and left out of comparisons. */
  readonly groups?: readonly string[];
}

/** Rates of each group and of all rows. */
export interface RateFrame {
  readonly groups: readonly string[];
  readonly overall: Rates;
  readonly byGroup: Readonly<Record<string, Rates>>;
  min(rate: RateName): number;
  max(rate: RateName): number;
  difference(rate: RateName, comparison?: Comparison): number;
  ratio(rate: RateName, comparison?: Comparison): number;
  /** Of selection rates. */
  demographicParity(as: "difference" | "ratio", comparison?: Comparison): number;
  /** Of true positive rates (Hardt 2016). */
  equalOpportunity(as: "difference" | "ratio", comparison?: Comparison): number;
  /** Of true and false positive rates. */
  equalizedOdds(as: "difference" | "ratio", comparison?: Comparison, by?: OddsAggregation): number;
  /** Of precisions: what a positive answer is worth. */
  predictiveParity(as: "difference" | "ratio", comparison?: Comparison): number;
}

/**
 * Rates by group with fairlearn's conventions: a rate without cases is 0, 0/0 between groups is NaN.
 * @param truth 0 or 1 [N]
 * @param predicted 0 or 1 [N]
 * @param group name of each row's group [N]
 * @throws E_SHAPE, E_DATA for columns that do not fit
 * @example rateFrame([1, 1, 0, 0], [1, 0, 0, 0], ["a", "b", "a", "b"]).difference("recall") // 1
 */
export function rateFrame(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  group: ArrayLike<string>,
  { sampleWeight, groups }: RateFrameOptions = {},
): RateFrame {
  checkColumns("fairness", { truth, predicted, group, sampleWeight });
  const rowsOf = new Map<string, number[]>((groups ?? []).map((name) => [name, []]));
  for (let row = 0; row < group.length; row++) {
    const rows = rowsOf.get(group[row]!);
    if (rows) rows.push(row);
    else rowsOf.set(group[row]!, [row]);
  }
  const rates = (rows?: number[]) =>
    ratesOf(countDecisions(truth, predicted, rows, sampleWeight), { rows: rows?.length ?? truth.length });
  const names = [...rowsOf.keys()].sort();
  const byGroup = Object.fromEntries(
    names.map((name) => [name, rowsOf.get(name)!.length ? rates(rowsOf.get(name)) : nothing]),
  );
  return frameOf(names, rates(), byGroup);
}

const nothing = Object.fromEntries(rateNames.map((name) => [name, Number.NaN])) as Rates;

function frameOf(groups: readonly string[], overall: Rates, byGroup: Readonly<Record<string, Rates>>): RateFrame {
  const values = (rate: RateName) => groups.map((name) => byGroup[name]![rate]);
  const against = (rate: RateName, comparison?: Comparison) =>
    comparison === "to-overall" ? overall[rate] : undefined;
  const compared = (as: "difference" | "ratio", rate: RateName, comparison?: Comparison) =>
    (as === "ratio" ? ratio : difference)(values(rate), against(rate, comparison));
  const frame: RateFrame = {
    groups,
    overall,
    byGroup,
    min: (rate) => groupMin(values(rate)),
    max: (rate) => groupMax(values(rate)),
    difference: (rate, comparison) => compared("difference", rate, comparison),
    ratio: (rate, comparison) => compared("ratio", rate, comparison),
    demographicParity: (as, comparison) => compared(as, "selectionRate", comparison),
    equalOpportunity: (as, comparison) => compared(as, "truePositiveRate", comparison),
    predictiveParity: (as, comparison) => compared(as, "precision", comparison),
    equalizedOdds: (as, comparison, by) =>
      (as === "ratio" ? equalizedOddsRatio : equalizedOddsDifference)(
        compared(as, "truePositiveRate", comparison),
        compared(as, "falsePositiveRate", comparison),
        by,
      ),
  };
  return frame;
}

/**
 * Rows of each value of one or more columns together: their intersection, `f|over 60`.
 * @throws E_SHAPE for columns of unequal length
 * @example intersection([["f", "m"], ["old", "young"]]) // ["f|old", "m|young"]
 */
export function intersection(columns: readonly ArrayLike<string>[]): string[] {
  const [first] = columns;
  if (!first) throw new ConcordError("E_ARGUMENT", { operation: "intersection", problem: "there is no column" });
  checkColumns("intersection", Object.fromEntries(columns.map((column, i) => [`column ${i}`, column])));
  return Array.from(first, (_, row) => columns.map((column) => column[row]!).join("|"));
}
