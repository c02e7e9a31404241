// Train, dev and test parts that no cluster (duplicates, one patient's rows) straddles. Patients with many rows and with few are
// spread alike: clusters are dealt within strata of size, and within them each label's share is kept as well as whole clusters allow
// (iterative stratification, Sechidis 2011). Pure; the seed decides who goes where.
import { ConcordError, groupBy, type Random, random, shuffle } from "../../base/index.ts";
import type { Clusters } from "./clusters.ts";

export const splitNames = ["train", "dev", "test"] as const;
export type SplitName = (typeof splitNames)[number];

const partWords: Readonly<Record<string, SplitName>> = {
  train: "train",
  training: "train",
  dev: "dev",
  develop: "dev",
  development: "dev",
  validation: "dev",
  valid: "dev",
  val: "dev",
  eval: "dev",
  evaluation: "dev",
  test: "test",
  testing: "test",
};

/** The part that a word names, in any case: `Train`, `validation`, `eval`, `testing`; undefined for other words. */
export const splitNamed = (word: string): SplitName | undefined => {
  const name = word.trim().toLowerCase();
  return Object.hasOwn(partWords, name) ? partWords[name] : undefined;
};

/** Words that {@link splitNamed} knows. */
export const knownPartWords: readonly string[] = Object.keys(partWords);

export interface SplitOptions {
  /** Shares of the rows, each 0 … 1, together 1. Default 0.8, 0.1, 0.1. */
  readonly shares?: Readonly<Record<SplitName, number>>;
  readonly seed?: number;
}

/** Part numbers, in the order of {@link splitNames}. */
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
export function stratifiedSplits(
  labels: readonly (readonly string[])[],
  together: Clusters,
  { shares = { train: 0.8, dev: 0.1, test: 0.1 }, seed = 0 }: SplitOptions = {},
): SplitName[] {
  const share = splitNames.map((p) => shares[p]);
  if (share.some((s) => !(s >= 0)) || Math.abs(share.reduce((a, b) => a + b, 0) - 1) > 1e-9)
    throw new ConcordError("E_ARGUMENT", {
      operation: "split",
      problem: "the shares are wrong",
      expected: "three shares of 0 or more that add up to 1",
      got: splitNames.map((p) => `${p} ${shares[p]}`).join(", "),
    });
  const rng = random(`split ${seed}`);
  const groups = shuffle([...groupBy(labels.keys(), together.rootOf).values()], rng).sort(
    (a, b) => b.length - a.length,
  );
  const dealt = newDeal(labels, share);
  const giants = groups.filter((rows) => share.some((s) => s > 0 && rows.length > Math.max(1, s * labels.length)));
  for (const rows of giants) dealt.give(rows, partForGiant(rows.length, dealt.rowsWanted, share, rng));
  const others = groups.slice(giants.length);
  const strata = strataOf(others.map((rows) => rows.length));
  const wanted = dealt.rowsWanted.map((n) => Math.max(0, n));
  const left = wanted.reduce((a, b) => a + b, 0);
  const last = strata.at(-1)?.from ?? 0;
  const seats = seatsOf(
    last,
    wanted.map((n) => n / left),
    rng,
  );
  for (const { from, to } of strata) {
    const stratum = others.slice(from, to);
    if (stratum[0]!.length !== stratum.at(-1)!.length) shuffle(stratum, rng);
    dealStratum(stratum, from < last ? seats.slice(from, to) : undefined, labels, dealt);
  }
  return dealt.parts;
}

/** What has been dealt so far, and what each part still wants. */
function newDeal(labels: readonly (readonly string[])[], share: readonly number[]) {
  const parts = new Array<SplitName>(labels.length);
  const totals = countLabels(labels);
  const rowsWanted = share.map((s) => s * labels.length);
  const rowsOf = share.map(() => new Map<string, number>());
  const rowsDealt = new Map<string, number>();
  const add = (to: Map<string, number>, label: string) => to.set(label, (to.get(label) ?? 0) + 1);
  return {
    parts,
    share,
    totals,
    rowsWanted,
    /** Rows of a label that a part lacks of `among`: all rows, or those dealt so far. */
    lacking: (p: number, label: string, among: "all" | "dealt") =>
      share[p]! * ((among === "all" ? totals : rowsDealt).get(label) ?? 0) - (rowsOf[p]!.get(label) ?? 0),
    give(rows: readonly number[], p: number) {
      rowsWanted[p]! -= rows.length;
      for (const row of rows) {
        parts[row] = splitNames[p]!;
        for (const label of labels[row]!) {
          add(rowsOf[p]!, label);
          add(rowsDealt, label);
        }
      }
    },
  };
}

const labelsIn = (rows: readonly number[], labels: readonly (readonly string[])[]): Set<string> =>
  new Set(rows.flatMap((row) => labels[row]!));

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
 * Deals the clusters of a stratum, those with the rarest labels first, each to a part with a seat that lacks its labels most. All count
 * as of their mean size, so that who gets a cluster does not depend on its own size.
 * @param groups in random order
 * @param seats undefined for the last stratum, which has the smallest clusters: it makes up for what rows the others left over
 */
function dealStratum(
  groups: readonly number[][],
  seats: Seats | undefined,
  labels: readonly (readonly string[])[],
  dealt: ReturnType<typeof newDeal>,
): void {
  const free = dealt.share.map((_, p) => (seats ? seats.filter((seat) => seat === p).length : Infinity));
  const having = countLabels(groups.map((rows) => [...labelsIn(rows, labels)]));
  const size = groups.reduce((n, rows) => n + rows.length, 0) / groups.length;
  const lacks = dealt.share.map(
    (share, p) =>
      new Map([...having].map(([label, n]) => [label, dealt.lacking(p, label, "dealt") + share * n * size])),
  );
  const rarity = (rows: number[]) => Math.min(...Array.from(labelsIn(rows, labels), (label) => having.get(label)!));
  const rarities = new Map(groups.map((rows) => [rows, rarity(rows)]));
  for (const rows of groups.toSorted((a, b) => rarities.get(a)! - rarities.get(b)!)) {
    const counts = countLabels(rows.map((row) => labels[row]!));
    let [best, bestNeed] = [-1, Number.NEGATIVE_INFINITY];
    for (const [p, share] of dealt.share.entries()) {
      if (share === 0 || free[p] === 0) continue;
      let need = (1e-3 * dealt.rowsWanted[p]!) / labels.length;
      for (const [label, n] of counts)
        need += (seats ? lacks[p]!.get(label)! : n * dealt.lacking(p, label, "all")) / dealt.totals.get(label)!;
      if (need > bestNeed) [best, bestNeed] = [p, need];
    }
    free[best]!--;
    for (const label of counts.keys()) lacks[best]!.set(label, lacks[best]!.get(label)! - size);
    dealt.give(rows, best);
  }
}

function countLabels(labels: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of labels) for (const label of list) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
