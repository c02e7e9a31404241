// What was measured of every group of one grouping, with intervals, how far groups lie apart, and how far each lies from all others. Cells
// of few cases, and those that would give them away, have no value. Knows no table and no names of tasks.
import { ConcordError, hiddenCells } from "../base/index.ts";
import { type Estimate, estimateOf, type Known, unknown } from "./known.ts";
import type { Grouping, KnowOptions, Measures } from "./measures.ts";
import { extremeOf, type Spread, spreadsOf } from "./spreads.ts";

export interface IntervalOptions extends KnowOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Groups of fewer rows have no values, nor have measures of a group that are of fewer cases. */
  readonly smallestCell: number;
}

/** A group beside all other rows. */
export interface Apart {
  readonly group: string;
  readonly inside: Known;
  readonly rest: Known;
}

/** What was measured of one grouping. */
export interface GroupIntervals {
  readonly measures: readonly string[];
  /** Of the groups that are shown. */
  readonly byGroup: ReadonlyMap<string, Readonly<Record<string, Estimate>>>;
  readonly overall: Readonly<Record<string, Estimate>>;
  /** Over the groups that have a value; NaN where fewer than two have. */
  readonly between: Readonly<Record<string, Readonly<Record<Spread, Estimate>>>>;
  /** The largest difference (smallest ratio) between groups of any of some measures: equalized odds joins two rates. */
  worst(measures: readonly string[], as: "difference" | "ratio"): Estimate;
  /** Each shown group beside all other rows. */
  apart(measure: string): readonly Apart[];
}

/** Groups that are shown: none is small, and none gives a small one away. */
export const shownGroups = ({ rows }: Grouping, smallestCell: number): number[] => {
  const hidden = hiddenCells(rows, smallestCell);
  return [...rows.keys()].filter((g) => !hidden.has(g));
};

/** @throws E_DATA when no group is large enough */
export function groupIntervals(grouping: Grouping, source: Measures, options: IntervalOptions): GroupIntervals {
  const shown = shownGroups(grouping, options.smallestCell);
  if (shown.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "fairness",
      problem: "every group is too small to show, or would give a small one away",
      expected: `a group of ${options.smallestCell} rows, with none or two smaller ones beside it`,
      got: `${grouping.rows.length} groups, the largest of ${Math.max(...grouping.rows)} rows`,
    });
  const { confidence = 0.95, smallestCell } = options;
  const knowledge = source.know(grouping, shown, options);
  const { names } = source;
  const insideOf = names.map((_, m) => {
    const all = shown.map((g) => knowledge.inside(g, m));
    const hidden = hiddenCells(
      all.map((group) => group.cases),
      smallestCell,
    );
    return all.map((group, i) => (hidden.has(i) ? unknown : group));
  });
  const overall = names.map((_, m) => knowledge.all(m));
  const index = (measure: string) => names.indexOf(measure);
  const record = (of: (m: number) => Known) =>
    Object.fromEntries(names.map((name, m) => [name, estimateOf(of(m), confidence)]));
  return {
    measures: names,
    byGroup: new Map(shown.map((g, i) => [grouping.names[g]!, record((m) => insideOf[m]![i]!)])),
    overall: record((m) => overall[m]!),
    between: Object.fromEntries(names.map((name, m) => [name, spreadsOf(insideOf[m]!, overall[m]!, confidence)])),
    worst: (measures, as) =>
      extremeOf(
        measures.map((name) => insideOf[index(name)]!),
        as,
        confidence,
      ),
    apart: (measure) =>
      shown.map((g, i) => ({
        group: grouping.names[g]!,
        inside: insideOf[index(measure)]![i]!,
        rest: knowledge.rest(g, index(measure)),
      })),
  };
}
