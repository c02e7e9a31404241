// Train, dev and test parts that no cluster (duplicates, one patient's rows) straddles, with every label's share kept as well as
// whole clusters allow (iterative stratification, Sechidis 2011). Pure; the seed decides ties.
import { ConcordError, groupBy, random, shuffle } from "../../base/index.ts";
import type { Clusters } from "./clusters.ts";

export const partNames = ["train", "dev", "test"] as const;
export type PartName = (typeof partNames)[number];

const partWords: Readonly<Record<string, PartName>> = {
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
export const partNamed = (word: string): PartName | undefined => {
  const name = word.trim().toLowerCase();
  return Object.hasOwn(partWords, name) ? partWords[name] : undefined;
};

/** Words that {@link partNamed} knows. */
export const knownPartWords: readonly string[] = Object.keys(partWords);

export interface SplitOptions {
  /** Shares of the rows, each 0 … 1, together 1. Default 0.8, 0.1, 0.1. */
  readonly shares?: Readonly<Record<PartName, number>>;
  readonly seed?: number;
}

/**
 * Assigns rows to parts.
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
  const members = groupBy(labels.keys(), together.rootOf);
  const totals = countLabels(labels);
  const wanted = share.map((s) => new Map([...totals].map(([label, n]) => [label, s * n])));
  const rowsWanted = share.map((s) => s * labels.length);
  const parts = new Array<PartName>(labels.length);
  for (const rows of inOrder([...members.values()], labels, totals, seed)) {
    const own = countLabels(rows.map((row) => labels[row]!));
    let [best, bestNeed] = [0, Number.NEGATIVE_INFINITY];
    for (let p = 0; p < share.length; p++) {
      if (share[p] === 0) continue;
      // how much of what this part still wants, relative to all there is, the cluster would bring
      let need = (1e-3 * rowsWanted[p]!) / labels.length;
      for (const [label, n] of own) need += (n * wanted[p]!.get(label)!) / totals.get(label)!;
      if (need > bestNeed) [best, bestNeed] = [p, need];
    }
    for (const [label, n] of own) wanted[best]!.set(label, wanted[best]!.get(label)! - n);
    rowsWanted[best]! -= rows.length;
    for (const row of rows) parts[row] = partNames[best]!;
  }
  return parts;
}

/** Large clusters first, then those with the rarest label; the seed orders the rest. */
function inOrder(
  groups: number[][],
  labels: readonly (readonly string[])[],
  totals: ReadonlyMap<string, number>,
  seed: number,
): number[][] {
  shuffle(groups, random(`split ${seed}`));
  const rarity = (rows: number[]) => {
    let rarest = Number.POSITIVE_INFINITY;
    for (const row of rows) for (const label of labels[row]!) rarest = Math.min(rarest, totals.get(label)!);
    return rarest;
  };
  const rarities = new Map(groups.map((rows) => [rows, rarity(rows)]));
  return groups.sort((a, b) => b.length - a.length || rarities.get(a)! - rarities.get(b)!);
}

function countLabels(labels: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of labels) for (const label of list) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
