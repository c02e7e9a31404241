// Measures of every group of one grouping with bootstrap intervals, their differences from the same draws, and how far each
// group lies behind all others with simultaneous bounds (max-t, Romano & Wolf 2005). Knows no table and no names of tasks.
import { ConcordError, random } from "../../base/index.ts";
import { quantile } from "../../eval/index.ts";
import { difference, groupMax, groupMin, ratio } from "./disparity.ts";
import type { Panel } from "./panel.ts";
import { redrawClusters, redrawRows } from "./resample.ts";

/** A number and its interval; `low` and `high` are NaN where the number is. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Groups of one attribute, or of two together. */
export interface Grouping {
  readonly names: readonly string[];
  /** Number of each row's group [N]. */
  readonly groupOf: Int32Array;
  /** Rows of each group. */
  readonly rows: readonly number[];
}

export interface IntervalOptions {
  readonly seed: string;
  readonly resamples: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Number of each row's cluster; whole clusters are redrawn. Default rows. */
  readonly clusters?: { readonly of: Int32Array; readonly count: number };
  /** Groups of fewer rows have no values. */
  readonly smallestCell: number;
  /** Measures by which {@link GroupIntervals.apart} is asked; those of single classes have draws of all but a group only if they are named here. */
  readonly judged?: readonly string[];
}

/** Values [shown groups, all rows, all but each shown group; measures], and the same in each draw. */
export interface Sampled {
  readonly values: Float64Array;
  /** What the draws lie around, where that is coarser than the values. Default the values. */
  readonly rough?: Float64Array;
  readonly draws: readonly Float64Array[];
}

/** Measures of groups, and how draws of them are made. */
export interface Sampler {
  readonly measures: readonly string[];
  sample(grouping: Grouping, shown: readonly number[], options: IntervalOptions): Sampled;
}

/** Values are those of the rows; draws count kinds, and their percentiles are moved by what the kinds change in the value. */
export const countingSampler = (panel: Panel): Sampler => ({
  measures: panel.measures,
  sample(grouping, shown, options) {
    const counts = countKinds(panel, grouping);
    const rough = evaluateGroups(panel, grouping, shown, counts);
    const values = refined(panel, grouping, shown, rough);
    return { values, rough, draws: drawGroups(panel, grouping, shown, counts, options) };
  },
});

/** What was measured of one grouping. */
export interface GroupIntervals {
  readonly measures: readonly string[];
  /** Of the groups that are large enough. */
  readonly byGroup: ReadonlyMap<string, Readonly<Record<string, Estimate>>>;
  readonly overall: Readonly<Record<string, Estimate>>;
  /** Over the groups that are large enough; NaN where fewer than two have a value. */
  readonly between: Readonly<Record<string, Readonly<Record<Spread, Estimate>>>>;
  /** The largest difference (smallest ratio) between groups of any of some measures: equalized odds joins two rates. */
  worst(measures: readonly string[], as: "difference" | "ratio"): Estimate;
  /** Group minus all other rows, each with bounds that hold for all groups of the grouping together. */
  apart(measure: string, confidence: number): ReadonlyMap<string, Estimate>;
}

export const spreads = ["min", "max", "difference", "ratio", "differenceToOverall", "ratioToOverall"] as const;
export type Spread = (typeof spreads)[number];

/** @throws E_DATA when no group is large enough */
export function groupIntervals(grouping: Grouping, sampler: Sampler, options: IntervalOptions): GroupIntervals {
  const shown = [...grouping.names.keys()].filter((g) => grouping.rows[g]! >= options.smallestCell);
  if (shown.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "fairness",
      problem: "every group is too small to show",
      expected: `a group of ${options.smallestCell} rows`,
      got: `at most ${Math.max(...grouping.rows)}`,
    });
  const { values: fine, rough = fine, draws } = sampler.sample(grouping, shown, options);
  const tail = (1 - (options.confidence ?? 0.95)) / 2;
  const intervalOf = (value: number, shift: number, all: Float64Array): Estimate => {
    const drawn = all.filter((x) => !Number.isNaN(x)).sort();
    if (Number.isNaN(value) || drawn.length === 0) return { value, low: Number.NaN, high: Number.NaN };
    return { value, low: quantile(drawn, tail) + shift, high: quantile(drawn, 1 - tail) + shift };
  };
  /** Percentiles of draws, moved by what the coarse kinds change in the value. */
  const estimate = (of: (values: Float64Array) => number): Estimate => {
    const value = of(fine);
    return intervalOf(value, value - of(rough), Float64Array.from(draws, of));
  };
  const { measures } = sampler;
  const at = (g: number, m: number) => (values: Float64Array) => values[g * measures.length + m]!;
  const record = (g: number) => Object.fromEntries(measures.map((name, m) => [name, estimate(at(g, m))]));
  const overallAt = shown.length;
  const valuesOf = (values: Float64Array, m: number) => shown.map((_, g) => at(g, m)(values));
  const between = (m: number) => {
    const of = spreadsAt(measures.length, shown.length, m);
    const [value, coarse, drawn] = [of(fine), of(rough), draws.map(of)];
    return Object.fromEntries(
      spreads.map((name, k) => [
        name,
        intervalOf(
          value[k]!,
          value[k]! - coarse[k]!,
          Float64Array.from(drawn, (d) => d[k]!),
        ),
      ]),
    ) as Record<Spread, Estimate>;
  };
  return {
    measures,
    byGroup: new Map(shown.map((g, i) => [grouping.names[g]!, record(i)])),
    overall: record(overallAt),
    between: Object.fromEntries(measures.map((name, m) => [name, between(m)])),
    worst: (names, as) =>
      estimate((values) => {
        const own = names.map((name) =>
          (as === "ratio" ? ratio : difference)(valuesOf(values, measures.indexOf(name))),
        );
        return as === "ratio" ? groupMin(own) : groupMax(own);
      }),
    apart: (measure, confidence) => {
      const m = measures.indexOf(measure);
      const rest = (g: number) => (values: Float64Array) => at(g, m)(values) - at(overallAt + 1 + g, m)(values);
      return simultaneous(
        shown.map((g, i) => ({ name: grouping.names[g]!, value: rest(i)(fine), rough: rest(i)(rough), of: rest(i) })),
        draws,
        confidence,
      );
    },
  };
}

/** All spreads of one measure in one pass over the groups, as disparity.ts defines them; NaN where fewer than two groups have a value. */
function spreadsAt(width: number, groups: number, m: number): (values: Float64Array) => Float64Array {
  return (values) => {
    const overall = values[groups * width + m]!;
    let [count, least, most, away, share] = [0, Infinity, -Infinity, Number.NaN, Number.NaN];
    for (let g = 0; g < groups; g++) {
      const x = values[g * width + m]!;
      if (Number.isNaN(x)) continue;
      count++;
      if (x < least) least = x;
      if (x > most) most = x;
      const apart = Math.abs(x - overall);
      if (!(apart <= away)) away = Number.isNaN(apart) ? away : apart;
      for (const r of [x / overall, overall / x]) if (!(r >= share)) share = Number.isNaN(r) ? share : r;
    }
    if (count < 2) return new Float64Array(spreads.length).fill(Number.NaN);
    return Float64Array.of(least, most, most - least, least / most, away, share);
  };
}

/** Rows of each kind in each group [groups × kinds]. */
function countKinds({ kindOf, kindCount }: Panel, { names, groupOf }: Grouping): Float64Array {
  const counts = new Float64Array(names.length * kindCount);
  for (let row = 0; row < kindOf.length; row++) counts[groupOf[row]! * kindCount + kindOf[row]!]!++;
  return counts;
}

/** Values [shown groups, overall, all but each shown group; measures]. */
function evaluateGroups(
  panel: Panel,
  { names }: Grouping,
  shown: readonly number[],
  counts: Float64Array,
): Float64Array {
  const { kindCount, measures } = panel;
  const width = measures.length;
  const values = new Float64Array((2 * shown.length + 1) * width).fill(Number.NaN);
  const all = new Float64Array(kindCount);
  for (let g = 0; g < names.length; g++)
    for (let kind = 0; kind < kindCount; kind++) all[kind]! += counts[g * kindCount + kind]!;
  const slot = (i: number) => values.subarray(i * width, (i + 1) * width);
  panel.evaluate(all, all, slot(shown.length));
  const rest = new Float64Array(kindCount);
  for (const [i, g] of shown.entries()) {
    const own = counts.subarray(g * kindCount, (g + 1) * kindCount);
    panel.evaluate(own, all, slot(i));
    for (let kind = 0; kind < kindCount; kind++) rest[kind] = all[kind]! - own[kind]!;
    panel.evaluate(rest, all, slot(shown.length + 1 + i));
  }
  return values;
}

/** The same values from the rows, where kinds are coarser. */
function refined(
  panel: Panel,
  { groupOf, names }: Grouping,
  shown: readonly number[],
  rough: Float64Array,
): Float64Array {
  const refine = panel.refine?.(groupOf, names.length);
  if (!refine) return rough;
  const fine = rough.slice();
  const width = panel.measures.length;
  const slot = (i: number) => fine.subarray(i * width, (i + 1) * width);
  refine("all", 0, slot(shown.length));
  for (const [i, g] of shown.entries()) {
    refine("own", g, slot(i));
    refine("rest", g, slot(shown.length + 1 + i));
  }
  return fine;
}

function drawGroups(
  panel: Panel,
  grouping: Grouping,
  shown: readonly number[],
  counts: Float64Array,
  { seed, resamples, clusters }: IntervalOptions,
): Float64Array[] {
  const { kindOf, kindCount } = panel;
  const redraw = clusters
    ? redrawClusters(
        kindOf.map((kind, row) => grouping.groupOf[row]! * kindCount + kind),
        clusters.of,
        clusters.count,
      )
    : redrawRows(counts);
  const source = random(seed);
  const drawn = new Float64Array(counts.length);
  return Array.from({ length: resamples }, () => {
    redraw(source, drawn);
    return evaluateGroups(panel, grouping, shown, drawn);
  });
}

interface Apart {
  readonly name: string;
  readonly value: number;
  readonly rough: number;
  of(values: Float64Array): number;
}

/** Bounds value ± c·se, where c is the quantile of the largest |t| of any group in a draw. */
function simultaneous(groups: readonly Apart[], draws: readonly Float64Array[], confidence: number) {
  const spread = groups.map(({ of }) => {
    const drawn = draws.map(of).filter((x) => !Number.isNaN(x));
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    return Math.sqrt(drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, drawn.length - 1));
  });
  const largest = Float64Array.from(draws, (values) =>
    groups.reduce((most, { of, rough }, g) => {
      const t = Math.abs(of(values) - rough) / spread[g]!;
      return t > most ? t : most; // NaN is passed over
    }, 0),
  ).sort();
  const c = quantile(largest, confidence);
  return new Map(
    groups.map(({ name, value }, g) => [name, { value, low: value - c * spread[g]!, high: value + c * spread[g]! }]),
  );
}
