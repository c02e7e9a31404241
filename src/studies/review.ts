// What a proposal asks of each owner of rows, before anybody agrees: what will be computed, what leaves and in which form, who sees it,
// and what to think twice about. Made from the proposal alone.
import { readFile } from "node:fs/promises";
import {
  bucketsOf,
  bucketThreshold,
  type Proposal,
  proposalDigest,
  readMessage,
  readProposal,
  toleratedBuckets,
} from "../federated/index.ts";
import { nodePrimitives } from "../federated/node/index.ts";
import { isJsonRecord, parseJson } from "../formats/index.ts";
import { ioError } from "../formats/node/index.ts";
import { defaultDelta } from "../train/index.ts";

/** Something that leaves a member. */
export interface Leaving {
  readonly what: "update" | "examples" | "counts" | "tests" | "siteValues" | "privacy" | "ledger";
  /** Names of the parts, in the proposal's order. */
  readonly parts: readonly string[];
  readonly numbers: number;
  /** On the wire, once. */
  readonly bytes: number;
  readonly times: number;
  /** Largest magnitude of one number. */
  readonly bound?: number;
  /** `masked`: only the sum over all who stay can be read. `shown`: as it is, signed. */
  readonly form: "masked" | "shown";
}

/** What an owner should think twice about. */
export type StudyWarning =
  | "twoMembers"
  | "lowThreshold"
  | "siteValues"
  | "noPrivacy"
  | "manyExamples"
  | "largeBound"
  | "singleCounts"
  | "unsigned";

export interface StudyReview {
  readonly run: string;
  /** What consent is given to. */
  readonly digest: string;
  /** True when the coordinator's signature over it was there and holds. */
  readonly signed: boolean;
  readonly coordinator: string;
  readonly members: readonly string[];
  readonly threshold: number;
  /** Members that may drop out of a round that still counts. */
  readonly mayDrop: number;
  /** Members that would have to work with a lying coordinator to see another's update in a round. */
  readonly colluders: number;
  readonly rounds: number;
  readonly strategy: string;
  /** Of robust aggregation: who is summed with whom in training; null where there is one sum over all. */
  readonly buckets: {
    readonly rule: "median" | "trimmed-mean";
    readonly members: readonly (readonly string[])[];
    /** Least members of a sum. */
    readonly least: number;
    /** Buckets that may hold a member that lies. */
    readonly tolerated: number;
  } | null;
  /** Longest update of a member, which each has to prove of its own; null where that is not checked. */
  readonly norm: number | null;
  /** Of the recipe: what runs on the rows. */
  readonly computed: Readonly<Record<string, unknown>>;
  readonly modelNumbers: number;
  readonly files: readonly { readonly name: string; readonly sha256: string; readonly bytes: number }[];
  readonly maxExamples: number;
  readonly leaves: readonly Leaving[];
  /** What the other parties and the public get to know. */
  readonly published: readonly string[];
  /** Of the recipe's differential privacy, at each member; null where there is none. */
  readonly privacy: { readonly epsilon: number; readonly delta: number } | null;
  readonly warnings: readonly StudyWarning[];
}

/** Rows of a member above which a mistake in a count weighs much. */
const manyExamples = 1_000_000;

const sumOf = (parts: Proposal["update"]) => parts.reduce((n, { size }) => n + size, 0);
const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/**
 * What a proposal means for each of its members.
 * @param signed whether the coordinator's signature over it was checked
 * @example reviewProposal(proposal, true).warnings // ["noPrivacy"]
 */
export function reviewProposal(proposal: Proposal, signed: boolean): StudyReview {
  const { members, threshold, recipe } = proposal;
  const adapt = record(recipe.adapt);
  const privacy = record(adapt.privacy);
  const epsilon = typeof privacy.epsilon === "number" ? privacy.epsilon : undefined;
  const delta = typeof privacy.delta === "number" ? privacy.delta : defaultDelta(proposal.maxExamples);
  const dp = epsilon === undefined ? null : { epsilon, delta };
  const digest = proposalDigest(nodePrimitives, proposal);
  const buckets = bucketsIn(proposal, digest);
  return {
    run: proposal.run,
    digest,
    signed,
    coordinator: proposal.coordinator.name,
    members: members.map((m) => m.name),
    threshold,
    mayDrop: members.length - threshold,
    colluders: colluders(proposal, buckets?.least),
    rounds: proposal.rounds,
    strategy: strategyText(proposal),
    buckets,
    norm: proposal.norm ?? null,
    computed: recipe,
    modelNumbers: sumOf(proposal.update),
    files: proposal.files,
    maxExamples: proposal.maxExamples,
    leaves: leavesOf(proposal, dp !== null),
    published: published(proposal),
    privacy: dp,
    warnings: warningsOf(proposal, { signed, private: dp !== null }),
  };
}

/**
 * Members that a lying coordinator needs on its side to read another member's words. One list of survivors needs `threshold` signatures and
 * shares: two lists with both masks of one victim need 2·threshold − members common signers, all of them dishonest. And threshold − 1 of
 * the threshold that stay know the sum of the one that is left. In a sparse round a quarter of a member's neighbours and one more can cut it off, if
 * they are so lucky as to be all on one side of it. In a bucket all others of its smallest sum.
 */
const colluders = ({ members, threshold, neighbours }: Proposal, leastOfBucket = threshold): number =>
  Math.min(
    2 * threshold - members.length,
    threshold - 1,
    leastOfBucket - 1,
    neighbours === undefined || neighbours >= members.length - 1 ? threshold : Math.floor(neighbours / 4) + 1,
  );

function bucketsIn(proposal: Proposal, digest: string): StudyReview["buckets"] {
  const members = bucketsOf(nodePrimitives, proposal, digest);
  if (!members || !proposal.robust) return null;
  const least = Math.min(...members.map(bucketThreshold));
  const tolerated = toleratedBuckets(proposal.robust, members.length);
  return { rule: proposal.robust.rule, members, least, tolerated };
}

function strategyText({ strategy: { name, proximal, rate } }: Proposal): string {
  const more = [...(name === "fedprox" ? [`μ = ${proximal}`] : []), ...(rate === 1 ? [] : [`rate ${rate}`])];
  return [name, ...more].join(", ");
}

function leavesOf(proposal: Proposal, privateStudy: boolean): Leaving[] {
  const { update, counts, tests, rounds, maxExamples, siteValues, norm } = proposal;
  const of = (what: Leaving["what"], parts: Proposal["update"], times: number): Leaving[] =>
    parts.length === 0
      ? []
      : [
          {
            what,
            parts: parts.map((p) => p.name),
            numbers: sumOf(parts),
            bytes: 4 * sumOf(parts),
            times,
            bound: what === "update" && norm !== undefined ? norm : Math.max(...parts.map((p) => p.bound)),
            form: "masked",
          },
        ];
  const ends = tests.length > 0 ? 1 : 0;
  return [
    ...of("update", update, rounds),
    {
      what: "examples",
      parts: ["examples"],
      numbers: 1,
      bytes: 4,
      times: rounds + ends,
      bound: maxExamples,
      form: "masked",
    },
    ...of("counts", counts, rounds),
    ...of("tests", tests, 1),
    ...(privateStudy ? [{ what: "privacy", parts: [], numbers: 2, bytes: 0, times: 1, form: "shown" } as const] : []),
    ...(privateStudy && record(record(proposal.recipe).together).ledgers === "shown"
      ? [{ what: "ledger", parts: [], numbers: 0, bytes: 0, times: 1, form: "shown" } as const]
      : []),
    ...(siteValues ? [{ what: "siteValues", parts: [], numbers: 0, bytes: 0, times: 1, form: "shown" } as const] : []),
  ];
}

/** In the order in which it becomes known. */
const published = ({ tests, counts, siteValues, robust }: Proposal): string[] => [
  "members",
  "survivors",
  ...(robust ? ["buckets"] : []),
  "examples",
  "model",
  ...(counts.length ? ["counts"] : []),
  ...(tests.length ? ["tests"] : []),
  ...(siteValues ? ["siteValues"] : []),
];

function warningsOf(
  { members, threshold, siteValues, maxExamples, update, norm }: Proposal,
  facts: { readonly signed: boolean; readonly private: boolean },
): StudyWarning[] {
  const all: Record<StudyWarning, boolean> = {
    unsigned: !facts.signed,
    twoMembers: threshold === 2,
    lowThreshold: 3 * threshold <= 2 * members.length,
    siteValues,
    noPrivacy: !facts.private,
    manyExamples: maxExamples > manyExamples,
    largeBound: update.some(({ bound }) => (norm ?? bound) > 100),
    singleCounts: maxExamples < 10,
  };
  return (Object.keys(all) as StudyWarning[]).filter((name) => all[name]);
}

/**
 * Reads a proposal, or the coordinator's signed message that holds one.
 * @throws E_IO, E_FORMAT, E_CONFIG, E_VERSION; E_SIGNATURE where the message is not signed by the coordinator that the proposal names
 */
export async function readProposalFile(
  path: string,
): Promise<{ readonly proposal: Proposal; readonly signed: boolean }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw ioError(cause, "read proposal", path);
  });
  const value = parseJson(bytes, path, { maxBytes: 2 ** 26 });
  if (!isJsonRecord(value) || value.protocol !== "concord-round")
    return { proposal: readProposal(value, path), signed: false };
  const proposal = readProposal(record(value.body).proposal, path);
  const { name, key } = proposal.coordinator;
  readMessage(value, nodePrimitives, (n) => (n === name ? key : undefined));
  return { proposal, signed: true };
}
