// From rows to what is known of each measure in each group, in all rows, and in all but a group: shares by counting, a few measures by
// formulas of their own, the rest by draws. All know which rows are of one unit (patient). Knows no measure's name.
import { intraclass, type Share, shareOf, type UnitCounts } from "../eval/index.ts";
import { type Known, knownBySpread, knownShare, unknown } from "./known.ts";

/** Groups of one attribute, or of two together. */
export interface Grouping {
  readonly names: readonly string[];
  /** Number of each row's group [N]. */
  readonly groupOf: Int32Array;
  /** Rows of each group. */
  readonly rows: readonly number[];
}

/** Number of each row's unit; rows of one unit are not independent. */
export interface Units {
  readonly of: Int32Array;
  readonly count: number;
}

export interface KnowOptions {
  readonly seed: string;
  readonly resamples: number;
  /** Default each row by itself. */
  readonly clusters?: Units;
  /** Measures whose values of all but a group are asked; others need not have them. */
  readonly judged?: readonly string[];
}

/** What is known of measures [m] by group [g]. */
export interface Knowledge {
  inside(g: number, m: number): Known;
  all(m: number): Known;
  rest(g: number, m: number): Known;
}

/** Measures of rows. */
export interface Measures {
  readonly names: readonly string[];
  know(grouping: Grouping, shown: readonly number[], options: KnowOptions): Knowledge;
}

/** A share by kinds of rows: how many cases a row of a kind is, and how many of them are hits. */
export interface ShareMeasure {
  readonly name: string;
  hits(kind: number): number;
  cases(kind: number): number;
  /** Rising, from the share to the measure. Default the share itself. */
  readonly transform?: (share: number) => number;
}

/** A (group, unit) pair that has rows. */
interface Cells {
  readonly of: Int32Array;
  readonly group: Int32Array;
  readonly unit: Int32Array;
}

/** @param kindOf kind of each row [N] */
export const shareMeasures = (kindOf: Int32Array, kindCount: number, shares: readonly ShareMeasure[]): Measures => ({
  names: shares.map((s) => s.name),
  know(grouping, _shown, { clusters }) {
    const counts = new Float64Array(grouping.names.length * kindCount);
    for (let row = 0; row < kindOf.length; row++) counts[grouping.groupOf[row]! * kindCount + kindOf[row]!]!++;
    const cells = cellsOf(grouping, clusters);
    const known = shares.map((share) =>
      once(() => sharesOf(share, { kindOf, kindCount, counts, grouping, clusters, cells })),
    );
    return {
      inside: (g, m) => known[m]!().inside[g]!,
      all: (m) => known[m]!().all,
      rest: (g, m) => known[m]!().rest(g),
    };
  },
});

function cellsOf({ groupOf }: Grouping, clusters: Units | undefined): Cells {
  if (!clusters) return { of: Int32Array.from(groupOf.keys()), group: groupOf, unit: Int32Array.from(groupOf.keys()) };
  const numbers = new Map<number, number>();
  const [group, unit]: [number[], number[]] = [[], []];
  const of = Int32Array.from(groupOf, (g, row) => {
    const key = g * clusters.count + clusters.of[row]!;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    group.push(g);
    unit.push(clusters.of[row]!);
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
  return { of, group: Int32Array.from(group), unit: Int32Array.from(unit) };
}

interface Counted {
  readonly kindOf: Int32Array;
  readonly kindCount: number;
  /** [groups × kinds] */
  readonly counts: Float64Array;
  readonly grouping: Grouping;
  readonly clusters: Units | undefined;
  readonly cells: Cells;
}

function sharesOf(share: ShareMeasure, counted: Counted) {
  const { kindCount, counts, grouping, clusters } = counted;
  const groups = grouping.names.length;
  const [hits, cases] = [new Float64Array(groups), new Float64Array(groups)];
  const [hitsOf, casesOf] = [new Float64Array(kindCount), new Float64Array(kindCount)];
  for (let kind = 0; kind < kindCount; kind++) {
    hitsOf[kind] = share.hits(kind);
    casesOf[kind] = share.cases(kind);
  }
  for (let g = 0, at = 0; g < groups; g++)
    for (let kind = 0; kind < kindCount; kind++, at++) {
      hits[g]! += counts[at]! * hitsOf[kind]!;
      cases[g]! += counts[at]! * casesOf[kind]!;
    }
  const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0);
  const [allHits, allCases] = [sum(hits), sum(cases)];
  const single = !clusters && casesOf.every((n) => n <= 1);
  const known = (found: Share) => (found.trials > 0 ? knownShare(found, share.transform) : unknown);
  if (single) {
    const simple = (h: number, n: number) => known({ value: h / n, trials: n, units: n, effective: n });
    return {
      inside: Array.from(hits, (h, g) => simple(h, cases[g]!)),
      all: simple(allHits, allCases),
      rest: (g: number) => simple(allHits - hits[g]!, allCases - cases[g]!),
    };
  }
  return byUnits(counted, hitsOf, casesOf, known);
}

/** Shares where rows share units, or a row has several cases. */
function byUnits(
  { kindOf, grouping, clusters, cells }: Counted,
  hitsOf: Float64Array,
  casesOf: Float64Array,
  known: (found: Share) => Known,
) {
  const cellCounts = { hits: new Float64Array(cells.group.length), trials: new Float64Array(cells.group.length) };
  const unitCount = clusters?.count ?? kindOf.length;
  const unitCounts = { hits: new Float64Array(unitCount), trials: new Float64Array(unitCount) };
  for (let row = 0; row < kindOf.length; row++) {
    const [cell, kind] = [cells.of[row]!, kindOf[row]!];
    cellCounts.hits[cell]! += hitsOf[kind]!;
    cellCounts.trials[cell]! += casesOf[kind]!;
  }
  const byGroup = grouping.names.map(() => [] as number[]);
  for (let cell = 0; cell < cells.group.length; cell++) {
    byGroup[cells.group[cell]!]!.push(cell);
    unitCounts.hits[cells.unit[cell]!]! += cellCounts.hits[cell]!;
    unitCounts.trials[cells.unit[cell]!]! += cellCounts.trials[cell]!;
  }
  const pick = (of: readonly number[]): UnitCounts => ({
    hits: of.map((cell) => cellCounts.hits[cell]!),
    trials: of.map((cell) => cellCounts.trials[cell]!),
  });
  const groups = byGroup.map(pick);
  const alike = intraclass(groups);
  return {
    inside: groups.map((groupRows) => known(shareOf(groupRows, alike))),
    all: known(shareOf(unitCounts, alike)),
    rest(g: number) {
      const others = { hits: unitCounts.hits.slice(), trials: unitCounts.trials.slice() };
      for (const cell of byGroup[g]!) {
        others.hits[cells.unit[cell]!]! -= cellCounts.hits[cell]!;
        others.trials[cells.unit[cell]!]! -= cellCounts.trials[cell]!;
      }
      return known(shareOf(others, alike));
    },
  };
}

/** A measure with a formula of its own for any rows. */
export interface FormulaMeasure {
  readonly name: string;
  known(rows: Int32Array, clusters: Int32Array | undefined): Known;
}

export const formulaMeasures = (formulas: readonly FormulaMeasure[]): Measures => ({
  names: formulas.map((f) => f.name),
  know({ groupOf }, _shown, { clusters }) {
    const every = groupOf.map((_, row) => row);
    const rows = (keep: (g: number) => boolean) => every.filter((row) => keep(groupOf[row]!));
    const of = (m: number, groupRows: Int32Array) =>
      groupRows.length ? formulas[m]!.known(groupRows, clusters?.of) : unknown;
    return {
      inside: (g, m) =>
        of(
          m,
          rows((other) => other === g),
        ),
      all: (m) =>
        of(
          m,
          rows(() => true),
        ),
      rest: (g, m) =>
        of(
          m,
          rows((other) => other !== g),
        ),
    };
  },
});

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
  /** Of each measure: the least and the most that it can be. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Of a measure that compares rows of two sides (an area): whether a row is of the first. Its units are those of the smaller side. */
  sideOf?(m: number): ((row: number) => boolean) | undefined;
  sample(grouping: Grouping, shown: readonly number[], options: KnowOptions): Sampled;
}

/**
 * Centre and spread from draws: as redrawn rows or units have it, with Student's t of the units. A group's spread is at least what that of
 * all rows makes of so few units: few units that lie close by chance are not surer than others.
 */
export const drawnMeasures = (sampler: Sampler): Measures => ({
  names: sampler.measures,
  know(grouping, shown, options) {
    const { values, rough = values, draws } = sampler.sample(grouping, shown, options);
    const width = sampler.measures.length;
    const rows = grouping.groupOf.length;
    const whole = countUnits(grouping, options.clusters);
    const counted = sampler.measures.map((_, m) => {
      const side = sampler.sideOf?.(m);
      if (!side) return whole;
      const [yes, no] = [
        countUnits(grouping, options.clusters, side),
        countUnits(grouping, options.clusters, not(side)),
      ];
      const least = (a: readonly number[], b: readonly number[]) => a.map((n, g) => Math.min(n, b[g]!));
      return { inside: least(yes.inside, no.inside), rest: least(yes.rest, no.rest), all: Math.min(yes.all, no.all) };
    });
    const spreadAt = (at: number) => spreadOf(draws, at);
    const allSpread = sampler.measures.map((_, m) => spreadAt(shown.length * width + m).deviation);
    const known = (slot: number, m: number, units: number, cases: number): Known => {
      const at = slot * width + m;
      const value = values[at]!;
      const { mean, deviation, count } = spreadAt(at);
      if (Number.isNaN(value) || count < 2) return { ...unknown, value, cases };
      const usual = Number.isNaN(allSpread[m]!) ? 0 : allSpread[m]! * Math.sqrt(counted[m]!.all / Math.max(1, units));
      const standardError = Math.max(deviation, usual) * Math.sqrt(units > 1 ? units / (units - 1) : 1);
      return knownBySpread(
        value,
        { centre: value - (mean - rough[at]!), standardError, units, cases },
        sampler.ranges[m]!,
      );
    };
    const slotOf = new Map(shown.map((g, i) => [g, i]));
    return {
      inside: (g, m) => (slotOf.has(g) ? known(slotOf.get(g)!, m, counted[m]!.inside[g]!, grouping.rows[g]!) : unknown),
      all: (m) => known(shown.length, m, counted[m]!.all, rows),
      rest: (g, m) =>
        slotOf.has(g)
          ? known(shown.length + 1 + slotOf.get(g)!, m, counted[m]!.rest[g]!, rows - grouping.rows[g]!)
          : unknown,
    };
  },
});

const not = (of: (row: number) => boolean) => (row: number) => !of(row);

function spreadOf(draws: readonly Float64Array[], at: number): { mean: number; deviation: number; count: number } {
  let [count, mean, squares] = [0, 0, 0];
  for (const draw of draws) if (!Number.isNaN(draw[at]!)) [count, mean] = [count + 1, mean + draw[at]!];
  mean /= count;
  for (const draw of draws) if (!Number.isNaN(draw[at]!)) squares += (draw[at]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (count - 1)), count };
}

/** Units of each group, of all others and of all, that have a row that counts: a unit with rows in both counts in both. */
function countUnits(grouping: Grouping, clusters: Units | undefined, counts: (row: number) => boolean = () => true) {
  if (!clusters) {
    const groupCounts = grouping.rows.map(() => 0);
    for (const [row, g] of grouping.groupOf.entries()) if (counts(row)) groupCounts[g]!++;
    const all = groupCounts.reduce((a, b) => a + b, 0);
    return { inside: groupCounts, rest: groupCounts.map((n) => all - n), all };
  }
  const groups = new Map<number, Set<number>>();
  for (const [row, g] of grouping.groupOf.entries()) {
    if (!counts(row)) continue;
    const unit = clusters.of[row]!;
    const count = groups.get(unit);
    if (count) count.add(g);
    else groups.set(unit, new Set([g]));
  }
  const [groupUnits, only] = [grouping.rows.map(() => 0), grouping.rows.map(() => 0)];
  for (const of of groups.values())
    for (const g of of) {
      groupUnits[g]!++;
      if (of.size === 1) only[g]!++;
    }
  return { inside: groupUnits, rest: only.map((n) => groups.size - n), all: groups.size };
}

function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
