// What a coordinator knows of a study, what can happen to it and what it can ask for; plain data.
import { ConcordError } from "../../base/index.ts";
import type { Identity, Primitives } from "../../secret-sums/index.ts";
import type { ServerState } from "./aggregate.ts";
import type { BucketResult } from "./buckets.ts";
import type { Graph } from "./graph.ts";
import type { Task } from "./layout.ts";
import { type Bodies, type Message, type Phase, type SpentPrivacy, signedMessage } from "./messages.ts";
import { memberKey, type Proposal } from "./proposal.ts";

export interface CoordinatorSetup {
  readonly primitives: Primitives;
  readonly identity: Identity;
  readonly proposal: Proposal;
  /** `proposalDigest` of it. */
  readonly digest: string;
}

/** Phases of an open round, by what is waited for. */
export type RoundPhase = "keys" | "shares" | "opened" | "masked" | "checked" | "agree" | "reveal";

/** A box that its receiver says is false. */
export interface Dispute {
  readonly receiver: string;
  readonly dealer: string;
}

export interface OpenRound {
  readonly id: number;
  readonly task: Task;
  /** SHA-256 of the model that it starts from. */
  readonly model: string;
  readonly phase: RoundPhase;
  readonly members: readonly string[];
  /** Members that give nothing more in this round, with the reason. */
  readonly out: ReadonlyMap<string, string>;
  readonly keys: ReadonlyMap<string, Message<"keys">>;
  readonly graph: Graph;
  readonly shares: ReadonlyMap<string, Bodies["shares"]>;
  /** Who dealt shares. */
  readonly group: readonly string[];
  /** SHA-256 of what all must have seen of the round, once the group is known. */
  readonly view?: string;
  /** Who opened all its boxes. */
  readonly opened: ReadonlySet<string>;
  /** A box that its receiver says is false, until its dealer shows the key. */
  readonly dispute?: Dispute;
  /** Sums of the masked words, one or one for each bucket, added to in place. */
  readonly sums: readonly Uint32Array[];
  /** Signed messages of the masked words that arrived. */
  readonly arrived: ReadonlyMap<string, Message<"masked">>;
  /** Masked words that arrived, where the update's length is checked: they are summed once it is. */
  readonly words: ReadonlyMap<string, Uint32Array>;
  /** What projections are drawn with, once all masked words are there: 32 bytes in hex. */
  readonly seed?: string;
  /** What members showed of the length of their updates. */
  readonly checks: ReadonlyMap<string, Bodies["checked"]>;
  readonly survivors: readonly string[];
  readonly agreements: ReadonlyMap<string, Message<"agree">>;
  readonly reveals: ReadonlyMap<string, Bodies["reveal"]>;
}

/** A round that counted. */
export interface RoundResult {
  readonly round: number;
  readonly task: Task;
  readonly survivors: readonly string[];
  /** Rows of all who stayed, but for buckets that are left out. */
  readonly examples: number;
  /** Sums of the counts, by part. */
  readonly counts: Readonly<Record<string, readonly number[]>>;
  /** SHA-256 of the model after it. */
  readonly model: string;
  /** Of robust aggregation, in task `train`. */
  readonly buckets?: readonly BucketResult[];
  /** ‖mean difference‖₂, of task `train`. */
  readonly step?: number;
}

/** A state is used once: `stepCoordinator` may keep parts of it in the next. */
export interface CoordinatorState {
  readonly stage: "consent" | "rounds" | "finished" | "stopped";
  readonly model: Float32Array;
  readonly server: ServerState;
  readonly consents: ReadonlyMap<string, { readonly siteValues: boolean }>;
  /** Members that take no further part, with the reason. */
  readonly gone: ReadonlyMap<string, string>;
  /** Rounds by member in which it refused without a proof, or did not answer a dispute. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly lastRound: number;
  /** Rounds that failed since the last that counted. */
  readonly failures: number;
  readonly results: readonly RoundResult[];
  /** How the last round ended. */
  readonly ended?: Message<"result" | "abort">;
  readonly sites: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** What members state that their rows have spent. */
  readonly privacy: ReadonlyMap<string, SpentPrivacy>;
  readonly round?: OpenRound;
  /** Digests of messages that were taken, by round, phase and sender. */
  readonly taken: ReadonlyMap<string, string>;
}

export type CoordinatorEvent =
  | { readonly kind: "start" }
  /** A message that arrived, as parsed JSON, with its content. */
  | { readonly kind: "message"; readonly message: unknown; readonly payload?: Uint8Array }
  /** The wait that was asked for is over. */
  | { readonly kind: "deadline"; readonly round: number; readonly phase: RoundPhase | "consent" }
  /** A member is not trusted any more. */
  | { readonly kind: "revoke"; readonly member: string; readonly reason: string };

export type CoordinatorEffect =
  | { readonly kind: "send"; readonly message: Message; readonly payload?: Uint8Array }
  /** Give `deadline` with these values after the time that the host allows. */
  | { readonly kind: "wait"; readonly round: number; readonly phase: RoundPhase | "consent" }
  /** For the coordinator's log. */
  | { readonly kind: "record"; readonly entry: Message }
  | { readonly kind: "failed"; readonly round: number; readonly reason: string }
  | { readonly kind: "counted"; readonly result: RoundResult; readonly model: Float32Array }
  | { readonly kind: "finished"; readonly model: Float32Array }
  | { readonly kind: "stopped"; readonly reason: string };

/** What a member did that no honest one does, shown by what it signed. */
export interface Lie {
  readonly liar: string;
  readonly reason: string;
}

export interface CoordinatorStep {
  readonly state: CoordinatorState;
  readonly effects: readonly CoordinatorEffect[];
}

/** The state before `start`. @param model flat vector that the first round starts from */
export const newCoordinator = (model: Float32Array): CoordinatorState => ({
  stage: "consent",
  model,
  server: {},
  consents: new Map(),
  gone: new Map(),
  refusals: new Map(),
  lastRound: 0,
  failures: 0,
  results: [],
  sites: new Map(),
  privacy: new Map(),
  taken: new Map(),
});

export const refusedByCoordinator = (problem: string, got?: string, expected?: string) =>
  new ConcordError("E_ROUND", { operation: "coordinate a round", problem, got, expected });

/** A signed message of the coordinator. */
export function messageTo<P extends Phase>(
  { identity, proposal }: CoordinatorSetup,
  round: number,
  to: string,
  phase: P,
  body: Bodies[P],
  payload?: Uint8Array,
): CoordinatorEffect & { kind: "send" } {
  const message = signedMessage(identity, { run: proposal.run, round, to }, phase, body) as unknown as Message;
  return { kind: "send", message, payload };
}

/** What everybody is told, and the coordinator's log holds. */
export function announce<P extends Phase>(
  setup: CoordinatorSetup,
  round: number,
  phase: P,
  body: Bodies[P],
): [CoordinatorEffect & { kind: "send" }, CoordinatorEffect & { kind: "record" }] {
  const message = messageTo(setup, round, "*", phase, body);
  return [message, { kind: "record", entry: message.message }];
}

/** A member takes no further part; everybody is told. */
export function partWith(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  member: string,
  reason: string,
): CoordinatorStep {
  const short = reason.slice(0, 500);
  return {
    state: { ...state, gone: new Map(state.gone).set(member, short) },
    effects: announce(setup, state.lastRound, "left", { member, reason: short }),
  };
}

/** No round follows; everybody is told why. */
export function stopStudy(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  reason: string,
  effects: readonly CoordinatorEffect[] = [],
): CoordinatorStep {
  const short = reason.slice(0, 500);
  const announced = announce(setup, state.lastRound, "stop", { reason: short });
  return {
    state: { ...state, stage: "stopped", round: undefined },
    effects: [...effects, ...announced, { kind: "stopped", reason: short }],
  };
}

/** SPKI of a member that takes part, in base64, by its name. */
export const partyKeys =
  ({ proposal }: CoordinatorSetup, { gone }: CoordinatorState) =>
  (name: string): string | undefined =>
    gone.has(name) ? undefined : memberKey(proposal, name);

/** Members that may be asked. */
export const activeMembers = ({ proposal }: CoordinatorSetup, { consents, gone }: CoordinatorState): string[] =>
  proposal.members.map((m) => m.name).filter((n) => consents.has(n) && !gone.has(n));
