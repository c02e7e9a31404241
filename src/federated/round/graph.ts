// Who shares a mask with whom in a round: everybody with everybody, or each with its neighbours on a ring that the roster's hash orders
// (after Bell et al. 2020, doi:10.1145/3372297.3417885: a circulant graph, so that a round costs each member O(k), not O(members)).
import { canonicalBytes } from "../../base/index.ts";
import type { Primitives } from "../../secret-sums/index.ts";
import { byUnits, type MaskContext } from "../../secret-sums/index.ts";
import { type Buckets, bucketsOf, bucketThreshold } from "./buckets.ts";
import { rosterOf, type Task } from "./layout.ts";
import type { Message } from "./messages.ts";
import type { Proposal } from "./proposal.ts";

/** Who shares masks and shares with whom: on a ring each with its neighbours, in buckets each with those of its own; else all with all. */
export interface Graph {
  /** The roster's members in the order of the round's ring. */
  readonly ring?: readonly string[];
  readonly buckets?: Buckets;
}

/**
 * The roster's members in the order of the round's ring: by 64-bit numbers of a keystream whose key is the roster's hash, which nobody
 * knows before everybody's keys are there.
 * @param keys of the roster, in the order of names
 * @returns undefined where everybody is everybody's neighbour
 */
export function ringOf(
  primitives: Primitives,
  { neighbours }: Proposal,
  { run, round }: MaskContext,
  keys: readonly Message<"keys">[],
): readonly string[] | undefined {
  if (neighbours === undefined || neighbours >= keys.length - 1) return undefined;
  const key = primitives.sha256(canonicalBytes([run, round, "ring", rosterOf(keys)]));
  const words = new Uint32Array(2 * keys.length);
  let at = 0;
  for (const piece of primitives.keystream(key, words.length)) {
    words.set(piece, at);
    at += piece.length;
  }
  const places = keys.map(({ from }, i) => ({ from, high: words[2 * i]!, low: words[2 * i + 1]! }));
  places.sort((a, b) => a.high - b.high || a.low - b.low || byUnits(a.from, b.from));
  return places.map(({ from }) => from);
}

/** Shares of a member's secret that give it: more than half of a neighbourhood, more than two thirds of a bucket, or what the proposal says. */
export function shareThreshold({ threshold, neighbours }: Proposal, { ring, buckets }: Graph, name: string): number {
  if (buckets) return bucketThreshold(bucketOf(buckets, name));
  return ring ? neighbours! / 2 + 1 : threshold;
}

/** The graph of a task, but for its ring, which follows from the keys: only what members learn is summed in buckets. */
export function graphOf(primitives: Primitives, proposal: Proposal, digest: string, task: Task): Graph {
  return { buckets: task === "train" ? bucketsOf(primitives, proposal, digest) : undefined };
}

/** Members of a graph's sums: of each bucket, or all of a round. */
export const partsOf = ({ buckets }: Graph, members: readonly string[]): Buckets => buckets ?? [members];

/** The bucket of a member. */
export const bucketOf = (buckets: Buckets, name: string): readonly string[] => buckets.find((b) => b.includes(name))!;

/**
 * Who holds shares of a member's secrets: its neighbours and itself, or its bucket, in the order of names. A share's place is its holder's, from 1.
 * @param names of the roster, in order
 */
export function holdersOf(
  { neighbours }: Proposal,
  names: readonly string[],
  { ring, buckets }: Graph,
  name: string,
): readonly string[] {
  if (buckets) {
    const bucket = bucketOf(buckets, name);
    return names.filter((n) => bucket.includes(n));
  }
  if (!ring) return names;
  const first = ring.indexOf(name) - neighbours! / 2 + ring.length;
  return Array.from({ length: neighbours! + 1 }, (_, i) => ring[(first + i) % ring.length]!).sort(byUnits);
}

/** Of how many in a row on the ring, how many must stay: more than half of each side's neighbours. */
export const sideRule = (neighbours: number): { readonly side: number; readonly stay: number } => ({
  side: neighbours / 2,
  stay: Math.floor(neighbours / 4) + 1,
});

/**
 * Whether so many left next to each other that what stayed may fall into parts, whose sums would be known one by one.
 * @returns undefined where more than half of every stretch as long as a side stayed; else the reason
 */
export function thinStretch({ neighbours }: Proposal, { ring }: Graph, stayed: readonly string[]): string | undefined {
  if (!ring) return undefined;
  const { side, stay } = sideRule(neighbours!);
  const here = new Set(stayed);
  const there = ring.map((name) => (here.has(name) ? 1 : 0));
  let count = there.slice(0, side).reduce((n: number, x) => n + x, 0);
  for (let start = 0; start < ring.length; start++) {
    if (count < stay)
      return `${count} of the ${side} members from ${ring[start]!} on stayed, ${stay} are needed on each side of everybody`;
    count += there[(start + side) % ring.length]! - there[start]!;
  }
  return undefined;
}
