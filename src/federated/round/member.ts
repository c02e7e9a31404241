// What a member of a study knows, what can happen to it and what it can ask for; plain data.
import { ConcordError } from "../../base/index.ts";
import type { Identity, Primitives, RoundSecrets } from "../../secret-sums/index.ts";
import { hasShortBucket } from "./buckets.ts";
import { bucketOf, type Graph } from "./graph.ts";
import type { Task } from "./layout.ts";
import { newLedger, type OwnersPolicy, type RoundLedger } from "./ledger.ts";
import { type Bodies, type Message, type Phase, type SpentPrivacy, signedMessage } from "./messages.ts";
import { memberKey, type Proposal } from "./proposal.ts";

export interface ParticipantSetup {
  readonly primitives: Primitives;
  readonly identity: Identity;
  /** SPKI of the coordinator in base64, from the enrolment. */
  readonly coordinator: { readonly name: string; readonly key: string };
  /** What the owner of the rows asks beyond the proposal. */
  readonly policy?: OwnersPolicy;
}

/** What a member knows. A state is used once: `stepParticipant` may keep parts of it in the next. */
export interface ParticipantState {
  readonly proposal?: Proposal;
  readonly digest?: string;
  readonly consent: "none" | "given" | "withdrawn";
  /** Whether its own test values may be shown: the proposal asks, and the owner agreed. */
  readonly siteValues: boolean;
  /** Members that take no further part, as the coordinator said, with the reason. */
  readonly left?: ReadonlyMap<string, string>;
  /** What was stated of its privacy. */
  readonly stated?: SpentPrivacy;
  readonly lastRound: number;
  /** What it remembers of all rounds. */
  readonly ledger: RoundLedger;
  readonly round?: MemberRound;
  readonly finished?: string;
  /** Why the study ended before its time. */
  readonly stopped?: string;
}

/** A round that is open. */
export interface MemberRound {
  readonly id: number;
  readonly task: Task;
  /** SHA-256 of the model that it starts from, and its bytes. */
  readonly model: string;
  readonly content: Uint8Array;
  readonly members: readonly string[];
  readonly secrets: RoundSecrets;
  readonly rounding: Uint8Array;
  readonly keys: readonly Message<"keys">[];
  readonly graph: Graph;
  readonly group: readonly string[];
  readonly shares: ReadonlyMap<string, { readonly pair: Uint8Array; readonly self: Uint8Array }>;
  /** SHA-256 of what it saw of the round, from the inbox on. */
  readonly view?: string;
  readonly survivors: readonly string[];
  /** True once the coordinator said that no box is in dispute: from then on words may leave. */
  readonly begun?: boolean;
  /** What secrets that are not in {@link secrets} are drawn from. */
  readonly entropy: Uint8Array;
  /** The masked words, once there are any, with what was cut; they leave when the round has begun. */
  readonly words?: readonly ParticipantEffect[];
  /** Messages that were taken, by phase, with what was answered. */
  readonly taken: ReadonlyMap<Phase, { readonly digest: string; readonly answer: readonly ParticipantEffect[] }>;
}

export type ParticipantEvent =
  /** A message that arrived, as parsed JSON, with its content; `entropy` is 32 random bytes for the secrets of a round. */
  | { readonly kind: "message"; readonly message: unknown; readonly payload?: Uint8Array; readonly entropy: Uint8Array }
  /** The owner of the rows agrees to the proposal with this digest. */
  | { readonly kind: "consent"; readonly digest: string; readonly siteValues: boolean }
  | { readonly kind: "withdraw"; readonly reason: string }
  /** What `train` and `count` asked for. */
  | {
      readonly kind: "trained";
      readonly round: number;
      /** Rows that it comes from. */
      readonly examples: number;
      /** Differences to the round's model by part (of task `train`), and counts by part. */
      readonly values: Readonly<Record<string, ArrayLike<number>>>;
    }
  /** What the member's own ledger says that its rows have spent: an upper bound over all rounds. */
  | ({ readonly kind: "privacy" } & SpentPrivacy)
  /** The member's own test values, if its owner agreed to show them. */
  | { readonly kind: "site"; readonly values: Readonly<Record<string, number>> };

export type ParticipantEffect =
  | { readonly kind: "send"; readonly message: Message; readonly payload?: Uint8Array }
  /** Ask the owner whether to consent. */
  | { readonly kind: "ask"; readonly proposal: Proposal; readonly digest: string }
  /** Train or count from this model (float32, little-endian), then give `trained`. */
  | { readonly kind: "work"; readonly round: number; readonly task: Task; readonly model: Uint8Array }
  /** Numbers that were cut to their bound; `norm`: how long the update was, where it was scaled down to what the proposal allows. */
  | {
      readonly kind: "clipped";
      readonly round: number;
      readonly parts: Readonly<Record<string, number>>;
      readonly norm?: number;
    }
  /** For the member's own log: an entry is added, never changed. */
  | { readonly kind: "record"; readonly entry: Message }
  | { readonly kind: "alarm"; readonly round: number; readonly reason: string }
  | { readonly kind: "finished"; readonly model: string }
  | { readonly kind: "left"; readonly member: string; readonly reason: string }
  | { readonly kind: "stopped"; readonly reason: string };

export interface ParticipantStep {
  readonly state: ParticipantState;
  readonly effects: readonly ParticipantEffect[];
}

export const newParticipant: ParticipantState = { consent: "none", siteValues: false, lastRound: 0, ledger: newLedger };

export const refused = (problem: string, got?: string, expected?: string) =>
  new ConcordError("E_ROUND", { operation: "take part in a round", problem, got, expected });

/** The key of a member of the study, by its name. */
export const keyOf = (state: ParticipantState) => (name: string) => memberKey(state.proposal!, name);

/** Whether these are fewer than a round needs, by the proposal; or this member's sum is over fewer than its owner asks for. */
export function areTooFew(
  { identity, policy }: ParticipantSetup,
  { proposal }: ParticipantState,
  { buckets }: Graph,
  names: readonly string[],
): boolean {
  const bucket = buckets && bucketOf(buckets, identity.name);
  const summed = bucket ? names.filter((n) => bucket.includes(n)) : names;
  return names.length < proposal!.threshold || summed.length < (policy?.minimumSurvivors ?? 0);
}

/** Of those whose words may be in a round's sums: as {@link areTooFew}, and no bucket has too few. */
export const areTooFewToSum = (
  setup: ParticipantSetup,
  state: ParticipantState,
  graph: Graph,
  names: readonly string[],
): boolean =>
  areTooFew(setup, state, graph, names) || (graph.buckets !== undefined && hasShortBucket(graph.buckets, names));

export const isSorted = (names: readonly string[]): boolean => names.every((n, i) => i === 0 || names[i - 1]! < n);

export function inAll(names: readonly string[], all: readonly string[]): boolean {
  const known = new Set(all);
  return names.every((n) => known.has(n));
}

/** A signed message to the coordinator. */
export function send<P extends Phase>(
  { identity, coordinator }: ParticipantSetup,
  { proposal }: ParticipantState,
  round: number,
  phase: P,
  body: Bodies[P],
  payload?: Uint8Array,
): ParticipantEffect & { kind: "send" } {
  const head = { run: proposal!.run, round, to: coordinator.name };
  return { kind: "send", message: signedMessage(identity, head, phase, body) as unknown as Message, payload };
}

/** Gives nothing more in this round, and tells the coordinator why. */
export function alarm(
  setup: ParticipantSetup,
  state: ParticipantState,
  round: number,
  reason: string,
  about?: string,
): ParticipantStep {
  return {
    state: { ...state, lastRound: Math.max(state.lastRound, round + 1), round: undefined },
    effects: [{ kind: "alarm", round, reason }, send(setup, state, round, "refuse", { reason, about })],
  };
}
