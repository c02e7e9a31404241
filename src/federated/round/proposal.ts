// What a study proposes to its members, as data: who they are, what is trained, what leaves each of them and under which bounds.
// Consent is a signature over its digest.
import { z } from "zod";
import { ConcordError, canonicalBytes } from "../../base/index.ts";
import type { Primitives } from "../../secret-sums/index.ts";
import { byUnits, gridBoundOf, hex } from "../../secret-sums/index.ts";
import { type Robust, robustSchema, toleratedBuckets } from "./robust.ts";

const name = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u, "1 to 40 letters, digits, - or _");
const party = z.strictObject({
  name,
  key: z
    .base64()
    .length(60)
    .describe("Ed25519 public key, SPKI in base64: what this party's messages are signed with."),
});

const part = z.strictObject({
  name: z.string().min(1).max(200),
  size: z
    .int()
    .min(1)
    .max(2 ** 30),
  kind: z.enum(["real", "count"]),
  bound: z.number().positive().describe("Real numbers are clipped to ±bound; counts are refused above it."),
});

const file = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z
    .int()
    .min(1)
    .max(2 ** 34),
});

export const strategies = ["fedavg", "fedprox", "fedadam"] as const;

/** How the mean of members' differences changes the model. */
export const strategySchema = z.strictObject({
  name: z
    .enum(strategies)
    .default("fedavg")
    .describe(
      "Aggregation method. fedavg: the mean update is applied (McMahan 2017); fedprox: local training is also held near the round's model (Li 2020); fedadam: Adam on the mean updates (Reddi 2021).",
    ),
  proximal: z
    .number()
    .min(0)
    .default(0)
    .describe("fedprox: μ, the weight of the squared distance to the round's model in the local loss."),
  rate: z.number().positive().default(1).describe("Server learning rate: factor on the mean update."),
  beta1: z.number().min(0).lt(1).default(0.9).describe("fedadam: decay rate of the mean of updates."),
  beta2: z.number().min(0).lt(1).default(0.99).describe("fedadam: decay rate of the mean of squared updates."),
  epsilon: z
    .number()
    .positive()
    .default(1e-3)
    .describe("fedadam: τ, added to the denominator. Larger values make the step less adaptive."),
});

/** Proposals of version 1. */
export const proposalSchema = z
  .strictObject({
    format: z.literal("concord-proposal"),
    version: z.literal(1),
    run: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{7,63}$/)
      .describe("Unique name of the run: keys are bound to it."),
    recipe: z.record(z.string(), z.json()).describe("What each participant runs on its own rows, as data."),
    files: z
      .array(file)
      .max(100)
      .describe("The model's folder that the first round starts from; participants fetch it by hash."),
    start: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe("SHA-256 of the model that the first round starts from, as its flat vector of float32, little-endian."),
    coordinator: party,
    members: z.array(party).min(2).max(65_535),
    threshold: z.int().min(2).describe("Members that must stay for a round to count."),
    neighbours: z
      .int()
      .min(4)
      .multipleOf(2)
      .optional()
      .describe(
        "Others that each participant shares masks and shares with. Default all; needed for many hundred participants.",
      ),
    rounds: z.int().min(1).max(100_000),
    attempts: z
      .int()
      .min(1)
      .max(1000)
      .default(3)
      .describe("Rounds that may fail one after the other before the run stops."),
    strategy: strategySchema.prefault({}),
    robust: robustSchema
      .optional()
      .describe(
        "Secret sums by buckets in training, and the rule that combines their means. Default one sum over all.",
      ),
    norm: z
      .number()
      .positive()
      .optional()
      .describe(
        "Longest update of a member, ‖x‖₂ over all its numbers. Longer ones are scaled down by their member; each shows under its masks that it did. Default: not checked.",
      ),
    maxExamples: z
      .int()
      .min(1)
      .max(2 ** 24)
      .describe("Most rows of a member: a count above it weighs no more."),
    update: z.array(part).min(1).describe("Parts of the update, in the order of the model's flat vector."),
    counts: z.array(part).describe("Whole numbers that are summed with each update: evaluation and fairness."),
    tests: z.array(part).describe("Whole numbers that are summed in the last round, on each participant's test rows."),
    siteValues: z
      .boolean()
      .default(false)
      .describe("Whether participants are asked to show their own test values too."),
  })
  .refine(({ members }) => new Set(members.map((m) => m.name)).size === members.length, {
    path: ["members"],
    message: "two participants have one name",
  })
  .refine(({ members }) => new Set(members.map((m) => m.key)).size === members.length, {
    path: ["members"],
    message: "two participants have one key",
  })
  .refine(({ members, coordinator }) => members.every((m) => m.name !== coordinator.name), {
    path: ["coordinator"],
    message: "has a participant's name",
  })
  .refine(({ threshold, members }) => threshold <= members.length && 2 * threshold > members.length, {
    path: ["threshold"],
    message:
      "must be more than half of the participants, so that two different lists cannot both reach it, and at most all of them",
  })
  .refine((proposal) => proposal.robust === undefined || bucketCount(proposal) >= 3, {
    path: ["robust", "bucketSize"],
    message: "robust aggregation needs three buckets or more: fewer participants in each, or more participants",
  })
  .refine(({ robust, members }) => !robust || toleratedBuckets(robust, bucketCount({ robust, members })) > 0, {
    path: ["robust", "trim"],
    message: "cuts no bucket: a larger share, or more buckets",
  })
  .refine(({ robust, neighbours }) => robust === undefined || neighbours === undefined, {
    path: ["neighbours"],
    message: "is not for robust aggregation: the participants of a bucket all share masks",
  })
  .refine(({ update }) => update.every(({ kind }) => kind === "real"), {
    path: ["update"],
    message: "parts of an update are real numbers",
  })
  .refine(({ norm, update }) => !norm || update.every(({ bound }) => bound === gridBoundOf(norm)), {
    path: ["norm"],
    message: "needs parts of the update whose bound is 32 times the norm: their grid then leaves room for the check",
  })
  .refine(({ counts, tests }) => [...counts, ...tests].every(({ kind }) => kind === "count"), {
    path: ["counts"],
    message: "these parts are counts",
  });

/** Buckets of robust aggregation; 0 where there is none. */
export function bucketCount({
  robust,
  members,
}: {
  readonly robust?: Robust;
  readonly members: readonly unknown[];
}): number {
  return robust ? Math.floor(members.length / robust.bucketSize) : 0;
}

export type Proposal = z.output<typeof proposalSchema>;
export type Strategy = Proposal["strategy"];

/** More than two thirds, as secrecy against a coordinator that lies needs (Bonawitz 2017, §6). */
export const defaultThreshold = (members: number): number => Math.max(2, Math.floor((2 * members) / 3) + 1);

/**
 * Reads a proposal that nobody vouches for yet. Members are put into the order of their names.
 * @throws E_VERSION for one of a newer version; E_CONFIG naming the first entry that is wrong
 */
export function readProposal(value: unknown, path = "proposal"): Proposal {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1)
    throw new ConcordError("E_VERSION", {
      operation: "read proposal",
      problem: "written by a newer version",
      expected: "version 1",
      got: String(version),
      hint: "all participants of a study need a Concord that knows this version",
      path,
    });
  const { success, data, error } = proposalSchema.safeParse(value);
  if (!success) {
    const [issue] = error.issues;
    throw new ConcordError("E_CONFIG", {
      operation: "read proposal",
      problem: issue!.message,
      path: `${path}: ${issue!.path.join(".") || "$"}`,
    });
  }
  return { ...data, members: [...data.members].sort((a, b) => byUnits(a.name, b.name)) };
}

/** A member's key, by its name. */
export function memberKey({ members }: Proposal, name: string): string | undefined {
  let keys = keysOf.get(members);
  if (!keys) {
    keys = new Map(members.map((m) => [m.name, m.key]));
    keysOf.set(members, keys);
  }
  return keys.get(name);
}
const keysOf = new WeakMap<Proposal["members"], ReadonlyMap<string, string>>();

/** SHA-256 of the canonical form: what members consent to. */
export const proposalDigest = (primitives: Primitives, proposal: Proposal): string =>
  hex(primitives.sha256(canonicalBytes(proposal)));
