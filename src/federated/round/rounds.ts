// How a round goes on: it is opened, moves from phase to phase when all parts are there or the wait is over, counts or fails.
import { ConcordError, canonicalBytes } from "../../base/index.ts";
import { byUnits, decode, hex, wordsOf } from "../secret-sums/index.ts";
import { meanDifference, serverStep } from "./aggregate.ts";
import { holdersOf, ringOf, thinStretch } from "./graph.ts";
import { bytesOf, examplesSegment, layoutOf } from "./layout.ts";
import { type Bodies, blobOf, type Message, type Phase } from "./messages.ts";
import {
  activeMembers,
  announce,
  type CoordinatorEffect,
  type CoordinatorSetup,
  type CoordinatorState,
  type CoordinatorStep,
  messageTo,
  type OpenRound,
  partWith,
  type RoundPhase,
  type RoundResult,
  refusedByCoordinator,
  stopStudy,
} from "./study.ts";
import { withContribution } from "./take-part.ts";
import { unmasked } from "./unmask.ts";

/** Opens the next round with everybody who may be asked: of training, or the last one, of counting on test rows. */
export function openRound(setup: CoordinatorSetup, state: CoordinatorState): CoordinatorStep {
  const { primitives, proposal } = setup;
  const members = activeMembers(setup, state);
  if (members.length < proposal.threshold)
    return stopStudy(setup, state, `${members.length} members are left, ${proposal.threshold} are needed`);
  const task = state.results.length < proposal.rounds ? "train" : "evaluate";
  const id = state.lastRound + 1;
  const content = bytesOf(state.model);
  const round: OpenRound = {
    id,
    task,
    phase: "keys",
    members,
    keys: new Map(),
    shares: new Map(),
    group: [],
    sum: new Uint32Array(wordsOf(layoutOf(proposal, task))),
    arrived: new Set(),
    survivors: [],
    agreements: new Map(),
    reveals: new Map(),
  };
  const opened = messageTo(setup, id, "*", "round", { task, model: blobOf(primitives, content), members }, content);
  return {
    state: { ...state, lastRound: id, round },
    effects: [opened, { kind: "wait", round: id, phase: "keys" }],
  };
}

/** The round does not count; another is opened unless too many failed one after the other. */
function fail(setup: CoordinatorSetup, state: CoordinatorState, reason: string): CoordinatorStep {
  const { id } = state.round!;
  const announced = announce(setup, id, "abort", { reason: reason.slice(0, 500) });
  const effects: CoordinatorEffect[] = [...announced, { kind: "failed", round: id, reason }];
  const next = { ...state, round: undefined, failures: state.failures + 1 };
  if (next.failures >= setup.proposal.attempts)
    return stopStudy(setup, next, `${next.failures} rounds failed one after the other: ${reason}`, effects);
  const opened = openRound(setup, next);
  return { state: opened.state, effects: [...effects, ...opened.effects] };
}

const phases = ["keys", "shares", "masked", "agree", "reveal"] as const satisfies readonly RoundPhase[];
const isRoundPhase = (phase: Phase): phase is RoundPhase => phases.some((p) => p === phase);
const order = (phase: RoundPhase) => phases.indexOf(phase);

/** A member's part of the open round. @throws E_ROUND for what the phase does not take */
export function takeMessage(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  message: Message,
  payload: Uint8Array | undefined,
): CoordinatorStep {
  const { round } = state;
  const { from, phase } = message;
  if (message.round > state.lastRound)
    throw refusedByCoordinator("a message of a round that is not open", `${message.round}`);
  if (!round || message.round < round.id) return { state, effects: [] }; // stale
  if (!round.members.includes(from)) throw refusedByCoordinator("a message of a participant that was not asked", from);
  if (phase === "refuse") return onRefuse(setup, state, from, message.body.reason);
  if (!isRoundPhase(phase)) throw refusedByCoordinator("no message that a participant sends", phase);
  if (order(phase) > order(round.phase)) throw refusedByCoordinator("a phase that is not open", phase, round.phase);
  if (phase !== round.phase) return { state, effects: [] }; // too late: the round went on without it
  return closePhase(setup, { ...state, round: withContribution(setup, round, message, payload) }, {});
}

function onRefuse(setup: CoordinatorSetup, state: CoordinatorState, from: string, reason: string): CoordinatorStep {
  const times = (state.refusals.get(from) ?? 0) + 1;
  const refusals = new Map(state.refusals).set(from, times);
  // one that stops every round would stop the study: after two it is left out
  const next = { ...state, refusals };
  if (times < 2) return fail(setup, next, `${from} refuses: ${reason}`);
  const parted = partWith(setup, next, from, `refused twice: ${reason}`);
  const failed = fail(setup, parted.state, `${from} refuses: ${reason}`);
  return { state: failed.state, effects: [...parted.effects, ...failed.effects] };
}

/** What a round waits for in its phase: from whom, and who gave it. */
function waited({ gone }: CoordinatorState, round: OpenRound): { from: readonly string[]; given: readonly string[] } {
  const still = (names: Iterable<string>) => [...names].filter((n) => !gone.has(n));
  switch (round.phase) {
    case "keys":
      return { from: still(round.members), given: [...round.keys.keys()] };
    case "shares":
      return { from: still(round.keys.keys()), given: [...round.shares.keys()] };
    case "masked":
      return { from: still(round.group), given: [...round.arrived] };
    case "agree":
      return { from: round.survivors, given: [...round.agreements.keys()] };
    case "reveal":
      return { from: [...round.agreements.keys()], given: [...round.reveals.keys()] };
  }
}

/**
 * Goes on to the next phase when everybody who is waited for gave their part, or the wait is over and enough did.
 * @param cause `late`: the wait is over; `left`: a member that takes no further part
 */
export function closePhase(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  { late = false, left }: { readonly late?: boolean; readonly left?: string },
): CoordinatorStep {
  const { round } = state;
  if (!round) return { state, effects: [] };
  if (left !== undefined && round.arrived.has(left))
    return fail(setup, state, `${left} left after its masked update was added`);
  const { from, given } = waited(state, round);
  const { threshold } = setup.proposal;
  if (from.length < threshold)
    return fail(setup, state, `${from.length} members are left in phase ${round.phase}, ${threshold} are needed`);
  const here = new Set(given);
  const complete = from.every((n) => here.has(n));
  if (!complete && !late) return { state, effects: [] };
  if (given.length < threshold)
    return fail(
      setup,
      state,
      `${given.length} of ${from.length} members gave their part of phase ${round.phase} in time, ${threshold} are needed`,
    );
  const thin =
    round.phase === "shares" || round.phase === "masked" ? thinStretch(setup.proposal, round.ring, given) : undefined;
  return thin ? fail(setup, state, thin) : advance(setup, state, round);
}

function advance(setup: CoordinatorSetup, state: CoordinatorState, round: OpenRound): CoordinatorStep {
  const on = (next: OpenRound, messages: readonly CoordinatorEffect[]): CoordinatorStep => ({
    state: { ...state, round: next },
    effects: [...messages, { kind: "wait", round: round.id, phase: next.phase }],
  });
  const all = <P extends Phase>(phase: P, body: Bodies[P]) => [messageTo(setup, round.id, "*", phase, body)];
  switch (round.phase) {
    case "keys": {
      const keys = sorted(round.keys);
      const roster = [...keys.values()];
      const ring = ringOf(setup.primitives, setup.proposal, { run: setup.proposal.run, round: round.id }, roster);
      return on({ ...round, phase: "shares", keys, ring }, all("roster", { keys: roster }));
    }
    case "shares": {
      const group = [...round.shares.keys()].sort(byUnits);
      const names = [...round.keys.keys()];
      const boxes = (to: string) =>
        Object.fromEntries(
          holdersOf(setup.proposal, names, round.ring, to)
            .filter((n) => round.shares.has(n))
            .map((n) => [n, round.shares.get(n)!.boxes[to]!.box]),
        );
      const more = round.ring && { group };
      return on(
        { ...round, phase: "masked", group },
        group.map((to) => messageTo(setup, round.id, to, "inbox", { boxes: boxes(to), ...more })),
      );
    }
    case "masked": {
      const survivors = [...round.arrived].sort(byUnits);
      return on({ ...round, phase: "agree", survivors }, all("survivors", { survivors }));
    }
    case "agree": {
      const agreements = sorted(round.agreements);
      return on({ ...round, phase: "reveal", agreements }, all("unmask", { agreements: [...agreements.values()] }));
    }
    case "reveal":
      return finishRound(setup, state, round);
  }
}

const sorted = <T>(map: ReadonlyMap<string, T>): Map<string, T> => new Map([...map].sort(([a], [b]) => byUnits(a, b)));

function finishRound(setup: CoordinatorSetup, state: CoordinatorState, round: OpenRound): CoordinatorStep {
  const { primitives, proposal } = setup;
  let sums: Record<string, Float64Array>;
  try {
    const words = unmasked(setup, round);
    sums = decode(layoutOf(proposal, round.task), words, {
      parties: round.members.length,
      summed: round.survivors.length,
    });
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    return fail(setup, state, error.facts.problem);
  }
  const examples = sums[examplesSegment]![0]!;
  if (examples === 0) return fail(setup, state, "the members that stayed have no rows");
  const difference = round.task === "train" ? meanDifference(proposal, sums, examples) : undefined;
  const { model, server } = difference ? serverStep(proposal.strategy, state.model, difference, state.server) : state;
  const counts = (round.task === "train" ? proposal.counts : proposal.tests).map(({ name }) => [
    name,
    [...sums[name]!],
  ]);
  const content = blobOf(primitives, bytesOf(model)).sha256;
  const result: RoundResult = {
    round: round.id,
    task: round.task,
    survivors: round.survivors,
    examples,
    counts: Object.fromEntries(counts),
    model: content,
    ...(difference && { step: Math.sqrt(difference.reduce((s, d) => s + d * d, 0)) }),
  };
  const sum = hex(
    primitives.sha256(
      canonicalBytes(Object.entries(sums).map(([n, v]) => [n, hex(primitives.sha256(new Uint8Array(v.buffer)))])),
    ),
  );
  const announced = announce(setup, round.id, "result", {
    survivors: [...round.survivors],
    sum,
    model: content,
    examples,
  });
  const next = { ...state, model, server, failures: 0, results: [...state.results, result], round: undefined };
  const effects: CoordinatorEffect[] = [...announced, { kind: "counted", result, model }];
  const over = round.task === "evaluate" || (next.results.length === proposal.rounds && proposal.tests.length === 0);
  if (!over) {
    const opened = openRound(setup, next);
    return { state: opened.state, effects: [...effects, ...opened.effects] };
  }
  const finish = announce(setup, round.id, "finish", { model: content, rounds: proposal.rounds });
  return {
    state: { ...next, stage: "finished" },
    effects: [...effects, ...finish, { kind: "finished", model }],
  };
}
