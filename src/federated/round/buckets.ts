// Members in buckets, each of which makes a secret sum of its own in rounds of training. The division follows from the proposal and is the same
// in all rounds: sums over changing buckets would be equations that single members' updates could be solved from.
import { canonicalBytes } from "../../base/index.ts";
import type { Primitives } from "../../secret-sums/index.ts";
import { byUnits, hex } from "../../secret-sums/index.ts";
import { bucketCount, defaultThreshold, type Proposal } from "./proposal.ts";

export type Buckets = readonly (readonly string[])[];

/** A bucket in a round that counted: who of it stayed, and the digest of its sum, or why it is left out. */
export interface BucketResult {
  readonly members: readonly string[];
  readonly sum?: string;
  readonly leftOut?: string;
}

/**
 * The division of all members: in the order of SHA-256 of canonical JSON `[digest, "bucket", name]`, cut into buckets as equal as can be, the first the larger.
 * @param digest `proposalDigest`
 * @returns names in order, by bucket; undefined where the proposal has no robust aggregation
 */
export function bucketsOf(primitives: Primitives, proposal: Proposal, digest: string): Buckets | undefined {
  const { members } = proposal;
  const count = bucketCount(proposal);
  if (count === 0) return undefined;
  const known = divisions.get(members);
  if (known?.digest === digest) return known.buckets;
  const placed = members.map(({ name }) => ({
    name,
    place: hex(primitives.sha256(canonicalBytes([digest, "bucket", name]))),
  }));
  placed.sort((a, b) => byUnits(a.place, b.place));
  const at = (bucket: number) => Math.floor(members.length / count) * bucket + Math.min(bucket, members.length % count);
  const buckets = Array.from({ length: count }, (_, b) =>
    placed
      .slice(at(b), at(b + 1))
      .map(({ name }) => name)
      .sort(byUnits),
  );
  divisions.set(members, { digest, buckets });
  return buckets;
}
const divisions = new WeakMap<Proposal["members"], { readonly digest: string; readonly buckets: Buckets }>();

/** Whose numbers are in a round's sums: who stayed, but for buckets that are left out. */
export function countedIn({
  survivors,
  buckets,
}: {
  readonly survivors: readonly string[];
  readonly buckets?: readonly BucketResult[];
}): readonly string[] {
  const leftOut = new Set(buckets?.flatMap(({ members, sum }) => (sum === undefined ? members : [])));
  return survivors.filter((n) => !leftOut.has(n));
}

/** Members of a bucket that must stay, and whose shares give a secret: more than two thirds of all that the proposal puts there. */
export const bucketThreshold = (bucket: readonly string[]): number => defaultThreshold(bucket.length);

/** Whether a bucket has too few of its members among these; one without any makes no sum. */
const isShort = (bucket: readonly string[], names: ReadonlySet<string>) => {
  const here = bucket.filter((n) => names.has(n)).length;
  return here > 0 && here < bucketThreshold(bucket);
};

/** Whether a sum over these would be one over too few of some bucket. */
export function hasShortBucket(buckets: Buckets, names: readonly string[]): boolean {
  const here = new Set(names);
  return buckets.some((bucket) => isShort(bucket, here));
}

/** The members whose buckets have enough of them. */
export function withoutShort(buckets: Buckets, names: readonly string[]): string[] {
  const here = new Set(names);
  const short = new Set(buckets.filter((bucket) => isShort(bucket, here)).flat());
  return names.filter((n) => !short.has(n));
}

/**
 * What is wrong with the buckets that a result names: each has the survivors of one of the proposal's buckets, and more than half have sums.
 * @returns undefined where nothing is
 */
export function bucketsProblem(
  buckets: Buckets,
  survivors: readonly string[],
  given: readonly BucketResult[] | undefined,
): string | undefined {
  if (given?.length !== buckets.length) return "the result does not name the proposal's buckets";
  const stayed = new Set(survivors);
  for (const [i, bucket] of buckets.entries()) {
    const { members, sum, leftOut } = given[i]!;
    if (String(members) !== String(bucket.filter((n) => stayed.has(n))))
      return "the result divides the participants into other buckets than the proposal does";
    if ((sum === undefined) === (leftOut === undefined) || (sum !== undefined && members.length === 0))
      return "a bucket of the result has neither a sum nor a reason for none";
  }
  const counted = given.filter(({ sum }) => sum !== undefined).length;
  return 2 * counted > buckets.length ? undefined : "half of the result's buckets or more have no sum";
}
