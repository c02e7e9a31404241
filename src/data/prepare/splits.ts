// Train, dev and test parts that no cluster (duplicates, one patient's rows) straddles. Patients with many rows and with few are
// spread alike: clusters are dealt within strata of size, and within them each label's share is kept as well as whole clusters allow
// (iterative stratification, Sechidis 2011). Pure; the seed decides who goes where.
import { ConcordError, groupBy, type Random, random, shuffle } from "../../base/index.ts";
import type { Clusters } from "./clusters.ts";

export const partNames = ["train", "dev", "test"] as const;
export type PartName = (typeof partNames)[number];

export interface SplitOptions {
  /** Shares of the rows, each 0 … 1, together 1. Default 0.8, 0.1, 0.1. */
  readonly shares?: Readonly<Record<PartName, number>>;
  readonly seed?: number;
}

/** Part numbers, in the order of {@link partNames}. */
type Seats = readonly number[];

/**
 * Assigns rows to parts. Each cluster's part is drawn: its chance to be in a part is the part's share, whatever its size, except that
 * a cluster larger than a part's share of all rows goes to a part that can hold it.
 * @param labels what to stratify by: the labels of each row, none for unlabelled ones
 * @param together rows of one cluster go to one part
 * @returns the part of each row
 * @throws E_ARGUMENT for shares that are negative or do not add up to 1
 * @example stratifiedParts([["flu"], ["cold"]], clusters(2), { shares: { train: 0.5, dev: 0, test: 0.5 } })
 */
export function stratifiedParts(
  labels: readonly (readonly string[])[],
  together: Clusters,
  { shares = { train: 0.8, dev: 0.1, test: 0.1 }, seed = 0 }: SplitOptions = {},
): PartName[] {
  const share = partNames.map((p) => shares[p]);
  if (share.some((s) => !(s >= 0)) || Math.abs(share.reduce((a, b) => a + b, 0) - 1) > 1e-9)
    throw new ConcordError("E_ARGUMENT", {
      operation: "split",
      problem: "the shares are wrong",
      expected: "three shares of 0 or more that add up to 1",
      got: partNames.map((p) => `${p} ${shares[p]}`).join(", "),
    });
  const rng = random(`split ${seed}`);
  const groups = shuffle([...groupBy(labels.keys(), together.rootOf).values()], rng).sort(
    (a, b) => b.length - a.length,
  );
  const dealt = newDeal(labels, share);
  const giants = groups.filter((rows) => share.some((s) => s > 0 && rows.length > Math.max(1, s * labels.length)));
  for (const rows of giants) dealt.give(rows, partForGiant(rows.length, dealt.rowsWanted, share, rng));
  const others = groups.slice(giants.length);
  const wanted = dealt.rowsWanted.map((n) => Math.max(0, n));
  const left = wanted.reduce((a, b) => a + b, 0);
  const seats = seatsOf(
    others.length,
    wanted.map((n) => (left > 0 ? n / left : 0)),
    rng,
  );
  const totals = countLabels(labels);
  const strata = strataOf(others.map((rows) => rows.length));
  for (const [k, { from, to }] of strata.entries())
    dealStratum(
      shuffle(others.slice(from, to), rng),
      k < strata.length - 1 ? seats.slice(from, to) : undefined,
      labels,
      totals,
      dealt,
    );
  return dealt.parts;
}

/** What has been dealt so far, and what each part still wants. */
function newDeal(labels: readonly (readonly string[])[], share: readonly number[]) {
  const parts = new Array<PartName>(labels.length);
  const seen = new Map<string, number>();
  const totals = countLabels(labels);
  const have = share.map(() => new Map<string, number>());
  const rowsWanted = share.map((s) => s * labels.length);
  return {
    parts,
    share,
    rowsWanted,
    /** Rows of a label that a part wants of those shown so far. */
    lacks: (p: number, label: string) => share[p]! * (seen.get(label) ?? 0) - (have[p]!.get(label) ?? 0),
    /** Counts labels of clusters that are about to be dealt; `all` of them when they are the last. */
    show(groups: readonly (readonly number[])[], all: boolean) {
      if (all) for (const [label, n] of totals) seen.set(label, n);
      else
        for (const rows of groups)
          for (const row of rows) for (const label of labels[row]!) seen.set(label, (seen.get(label) ?? 0) + 1);
    },
    give(rows: readonly number[], p: number) {
      rowsWanted[p]! -= rows.length;
      for (const row of rows) {
        parts[row] = partNames[p]!;
        for (const label of labels[row]!) have[p]!.set(label, (have[p]!.get(label) ?? 0) + 1);
      }
    },
  };
}

/** Of the parts that still want this many rows one by their shares; where none does, the one that wants most. */
function partForGiant(rows: number, wanted: readonly number[], share: readonly number[], rng: Random): number {
  const able = share.map((s, p) => (s > 0 && wanted[p]! >= rows ? s : 0));
  const most = [...share.keys()].filter((p) => share[p]! > 0).reduce((a, b) => (wanted[b]! > wanted[a]! ? b : a));
  return pick(able, rng) ?? most;
}

/** A number of 0 … by its weight; undefined where all weigh nothing. */
function pick(weights: readonly number[], rng: Random): number | undefined {
  let at = rng.float() * weights.reduce((a, b) => a + b, 0);
  for (const [i, weight] of weights.entries()) {
    if (weight > 0 && at < weight) return i;
    at -= weight;
  }
  return undefined;
}

/** Clusters in a block of seats: the fewest of which every part's share is a whole number, at most this. */
const largestBlock = 20;

/** A part for each of `count` clusters: in every block each part has its share of seats, in random order. */
function seatsOf(count: number, share: readonly number[], rng: Random): Seats {
  const whole = (x: number) => Math.abs(x - Math.round(x)) < 1e-9;
  const size =
    Array.from({ length: largestBlock }, (_, k) => k + 1).find((k) => share.every((s) => whole(s * k))) ?? largestBlock;
  const seats: number[] = [];
  const owed = share.map(() => 0);
  while (seats.length < count) {
    for (const [p, s] of share.entries()) owed[p]! += s * size;
    const block = owed.flatMap((n, p) => Array.from({ length: Math.max(0, Math.floor(n + 1e-9)) }, () => p));
    const rest = owed.map((n) => Math.max(0, n - Math.max(0, Math.floor(n + 1e-9))));
    while (block.length < size) {
      // seats of which parts have fractions are drawn by the fractions
      const p = pick(rest, rng) ?? share.indexOf(Math.max(...share));
      rest[p] = 0;
      block.push(p);
    }
    for (const p of block) owed[p]!--;
    seats.push(...shuffle(block, rng));
  }
  return seats.slice(0, count);
}

/** Runs of clusters of about one size, larger first: of one size, joined with the next sizes until there is a block of them. */
function strataOf(sizes: readonly number[]): { from: number; to: number }[] {
  const strata: { from: number; to: number }[] = [];
  for (let from = 0, to = 0; from < sizes.length; from = to) {
    while (to < sizes.length && (to - from < largestBlock || sizes[to] === sizes[to - 1])) {
      const size = sizes[to];
      while (to < sizes.length && sizes[to] === size) to++;
    }
    strata.push({ from, to });
  }
  return strata;
}

/**
 * Deals the clusters of a stratum, those with the rarest labels first, each to a part with a seat that lacks its labels most.
 * @param groups in random order, so that size says nothing about who is dealt first
 * @param seats undefined for the last stratum, which has the smallest clusters: it makes up for what the others left over
 */
function dealStratum(
  groups: readonly number[][],
  seats: Seats | undefined,
  labels: readonly (readonly string[])[],
  totals: ReadonlyMap<string, number>,
  dealt: ReturnType<typeof newDeal>,
): void {
  dealt.show(groups, seats === undefined);
  const free = dealt.share.map((_, p) =>
    seats ? seats.filter((seat) => seat === p).length : Number.POSITIVE_INFINITY,
  );
  const rarity = (rows: number[]) => {
    let rarest = Number.POSITIVE_INFINITY;
    for (const row of rows) for (const label of labels[row]!) rarest = Math.min(rarest, totals.get(label)!);
    return rarest;
  };
  const rarities = new Map(groups.map((rows) => [rows, rarity(rows)]));
  for (const rows of groups.toSorted((a, b) => rarities.get(a)! - rarities.get(b)!)) {
    const own = countLabels(rows.map((row) => labels[row]!));
    let [best, bestNeed] = [-1, Number.NEGATIVE_INFINITY];
    for (const [p, share] of dealt.share.entries()) {
      if (share === 0 || free[p] === 0) continue;
      let need = (1e-3 * dealt.rowsWanted[p]!) / labels.length;
      for (const [label, n] of own) need += (n * dealt.lacks(p, label)) / totals.get(label)!;
      if (need > bestNeed) [best, bestNeed] = [p, need];
    }
    free[best]!--;
    dealt.give(rows, best);
  }
}

function countLabels(labels: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of labels) for (const label of list) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
