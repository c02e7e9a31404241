// What a passport says of a model that several organisations made: who they are, what each round counted, and the heads of their transcripts.
import type { GateResult } from "./gates.ts";

/** An organisation of a study. */
export interface StudyMember {
  readonly name: string;
  /** SHA-256 of its Ed25519 key (SPKI, DER), hex: it signs the passport. */
  readonly keyid: string;
  readonly consented: boolean;
  /** Rounds whose sum its numbers are in. */
  readonly rounds: number;
  /** Budget of the proposal, that its own ledger holds it to; null without differential privacy. */
  readonly budget: number | null;
  /** What it states, signed, that its rows have spent: an upper bound at `delta`. Null where it states nothing. */
  readonly spent: { readonly epsilon: number; readonly delta: number } | null;
  /** Why it took no further part: it withdrew, or the coordinator left it out. */
  readonly left?: string;
}

/** A round that counted. */
export interface StudyRound {
  readonly round: number;
  readonly survivors: readonly string[];
  readonly examples: number;
  readonly model: string;
  /** Of robust aggregation, in training: who of each bucket stayed, and the digest of its sum or why it is left out. */
  readonly buckets?: readonly {
    readonly members: readonly string[];
    readonly sum?: string;
    readonly leftOut?: string;
  }[];
}

/** Digests are SHA-256, hex. */
export interface StudyRecord {
  readonly run: string;
  /** Of the proposal that every member signed. */
  readonly proposal: string;
  readonly coordinator: string;
  readonly strategy: string;
  readonly threshold: number;
  /** Longest update of a member in a round, which each proved of its own; absent where that was not checked. */
  readonly norm?: number;
  readonly members: readonly StudyMember[];
  readonly rounds: readonly StudyRound[];
  /** Of the start model's files. */
  readonly start: Readonly<Record<string, string>>;
  /** Of the last model as a flat vector of float32. */
  readonly weights: string;
  /** Signed heads of the parties' transcripts. */
  readonly transcripts: Readonly<Record<string, { readonly size: number; readonly root: string }>>;
}

/**
 * Gates that no policy has to name: members that left, though rounds that count their numbers went before. They are not asked to sign, so
 * somebody who may override decides, with a reason, whether the model is released all the same.
 * @example leftGates(passport.together).map((gate) => gate.value) // ["together.hospital.left"]
 */
export const leftGates = (study: Pick<StudyRecord, "members"> | undefined): GateResult[] =>
  (study?.members ?? [])
    .filter(({ left, rounds }) => left !== undefined && rounds > 0)
    .map(({ name }) => ({ value: `together.${name}.left`, measured: 1, atMost: 0, use: "value", passed: false }));
