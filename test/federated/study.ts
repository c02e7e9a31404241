// Studies of invented parties for tests: real keys and primitives, small models.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { random } from "../../src/base/index.ts";
import type { Identity, Primitives, Proposal, SimulatedMember, Study, Work } from "../../src/federated/index.ts";
import { readProposal } from "../../src/federated/index.ts";
import { nodePrimitives } from "../../src/federated/node/index.ts";

export interface Party {
  readonly identity: Identity;
  readonly key: string;
}

/** A party with a fresh Ed25519 key. */
export function party(name: string): Party {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const spki = Buffer.from(key, "base64");
  const signed = (bytes: Uint8Array) => {
    const signature = new Uint8Array(sign(null, bytes, privateKey));
    remember(idOf(spki, bytes, signature), true);
    return signature;
  };
  return { identity: { name, sign: signed }, key };
}

const checked = new Map<string, boolean>();
const idOf = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  createHash("sha256").update(key).update(signature).update(message).digest("base64");
function remember(id: string, holds: boolean): void {
  if (checked.size > 5000) checked.clear();
  checked.set(id, holds);
}

const names = [
  "hospital",
  "ministry",
  "university",
  "clinic",
  "institute",
  "agency",
  "archive",
  "college",
  "laboratory",
  "registry",
  "museum",
  "court",
  "bureau",
  "school",
  "embassy",
];
const known = new Map(["coordinator", ...names].map((name) => [name, party(name)]));
export const partyOf = (name: string): Party => known.get(name)!;

export interface SmallStudy {
  readonly members?: number;
  readonly threshold?: number;
  readonly rounds?: number;
  readonly size?: number;
  readonly change?: Partial<Record<keyof Proposal, unknown>>;
}

/** A proposal of a small study. */
export function smallProposal({ members = 3, threshold, rounds = 1, size = 5, change }: SmallStudy = {}): Proposal {
  const { key } = partyOf("coordinator");
  return readProposal({
    format: "concord-proposal",
    version: 1,
    run: "run-of-a-test",
    recipe: {},
    files: [],
    coordinator: { name: "coordinator", key },
    members: names.slice(0, members).map((name) => ({ name, key: partyOf(name).key })),
    threshold: threshold ?? Math.floor(members / 2) + 1,
    rounds,
    maxExamples: 100,
    update: [
      { name: "a", size: size - 2, kind: "real", bound: 1 },
      { name: "b", size: 2, kind: "real", bound: 1 },
    ],
    counts: [{ name: "right", size: 1, kind: "count", bound: 1000 }],
    tests: [{ name: "confusion", size: 4, kind: "count", bound: 1000 }],
    ...change,
  });
}

/** The difference that a member of this place gives in a round: numbers that its grid does not hold exactly. */
export const differenceOf = (place: number, round: number, size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1 + place * 7 + round * 3 + i) * 0.9);

export const examplesOf = (place: number): number => 10 * (place + 1);

/** The node's primitives; a signature that was made or checked in this process is not checked again. */
export const primitives: Primitives = {
  ...nodePrimitives,
  verify(key, message, signature) {
    const id = idOf(key, message, signature);
    const before = checked.get(id);
    if (before !== undefined) return before;
    const holds = nodePrimitives.verify(key, message, signature);
    remember(id, holds);
    return holds;
  },
};

/** A simulation of a small study whose members give {@link differenceOf}. */
export function smallStudy(
  options: SmallStudy & { readonly seed?: number } & Partial<Omit<Study, "members">> = {},
): Study {
  const { members: _, size = 5, seed = 0, ...rest } = options;
  const proposal = options.proposal ?? smallProposal(options);
  const members = proposal.members.map(
    ({ name }, place): SimulatedMember => ({
      identity: partyOf(name).identity,
      work: (task, round) => {
        const all = differenceOf(place, round, size);
        const learned = { a: all.subarray(0, size - 2), b: all.subarray(size - 2), right: [place + 1] };
        const values: Work["values"] = task === "train" ? learned : { confusion: [place, 1, 2, 3] };
        return { examples: examplesOf(place), values };
      },
    }),
  );
  return {
    primitives,
    proposal,
    coordinator: partyOf("coordinator").identity,
    model: new Float32Array(size),
    entropy: random(seed),
    ...rest,
    members,
  };
}

/** The exact mean difference of some members, by place. */
export function exactMean(places: readonly number[], round: number, size: number): number[] {
  const total = places.reduce((n, p) => n + examplesOf(p), 0);
  return Array.from({ length: size }, (_, i) =>
    places.reduce((sum, p) => sum + (differenceOf(p, round, size)[i]! * examplesOf(p)) / total, 0),
  );
}
