// How a round goes on: it is opened, moves from phase to phase when all parts are there or the wait is over, counts or fails.
import { byUnits, wordsOf } from "../../secret-sums/index.ts";
import { withoutShort } from "./buckets.ts";
import { judge } from "./disputes.ts";
import { type Graph, graphOf, holdersOf, partsOf, ringOf, thinStretch } from "./graph.ts";
import { bytesOf, layoutOf, viewDigest } from "./layout.ts";
import { type Bodies, blobOf, type Message, type Phase } from "./messages.ts";
import { checksNorm, disputesText, seedOf, summed, undisputed, withoutWords } from "./norm-phase.ts";
import {
  activeMembers,
  announce,
  type CoordinatorEffect,
  type CoordinatorSetup,
  type CoordinatorState,
  type CoordinatorStep,
  type Dispute,
  type Lie,
  messageTo,
  type OpenRound,
  partWith,
  type RoundPhase,
  refusedByCoordinator,
  stopStudy,
} from "./study.ts";
import { sumUp } from "./sum-up.ts";
import { withContribution } from "./take-part.ts";

/** Opens the next round with everybody who may be asked: of training, or the last one, of counting on test rows. */
export function openRound(setup: CoordinatorSetup, state: CoordinatorState): CoordinatorStep {
  const { primitives, proposal } = setup;
  const members = activeMembers(setup, state);
  const task = state.results.length < proposal.rounds ? "train" : "evaluate";
  const graph = graphOf(primitives, proposal, setup.digest, task);
  const left = enough(graph, members).length;
  if (left < proposal.threshold)
    return stopStudy(setup, state, `${left} members are left, ${proposal.threshold} are needed`);
  const id = state.lastRound + 1;
  const content = bytesOf(state.model);
  const model = blobOf(primitives, content);
  const round: OpenRound = {
    id,
    task,
    model: model.sha256,
    phase: "keys",
    members,
    out: new Map(),
    keys: new Map(),
    graph,
    shares: new Map(),
    group: [],
    opened: new Set(),
    sums: partsOf(graph, members).map(() => new Uint32Array(wordsOf(layoutOf(proposal, task)))),
    arrived: new Map(),
    words: new Map(),
    checks: new Map(),
    survivors: [],
    agreements: new Map(),
    reveals: new Map(),
  };
  const after = state.ended && { after: state.ended };
  const opened = messageTo(setup, id, "*", "round", { task, model, members, ...after }, content);
  return {
    state: { ...state, lastRound: id, round },
    effects: [opened, { kind: "record", entry: opened.message }, { kind: "wait", round: id, phase: "keys" }],
  };
}

/** Those whose numbers can come into a sum: a bucket that too few stayed of makes none. */
const enough = ({ buckets }: Graph, names: readonly string[]): readonly string[] =>
  buckets ? withoutShort(buckets, names) : names;

/**
 * The round does not count; another is opened unless too many failed one after the other.
 * @param blamed true where a liar was shown and left out: it cannot fail another
 */
function fail(setup: CoordinatorSetup, state: CoordinatorState, reason: string, blamed = false): CoordinatorStep {
  const { id } = state.round!;
  const announced = announce(setup, id, "abort", { reason: reason.slice(0, 500) });
  const effects: CoordinatorEffect[] = [...announced, { kind: "failed", round: id, reason }];
  const ended = announced[0].message as Message<"abort">;
  const next = { ...state, ended, round: undefined, failures: state.failures + (blamed ? 0 : 1) };
  if (next.failures >= setup.proposal.attempts)
    return stopStudy(setup, next, `${next.failures} rounds failed one after the other: ${reason}`, effects);
  const opened = openRound(setup, next);
  return { state: opened.state, effects: [...effects, ...opened.effects] };
}

/** A liar takes no further part. The round goes on without it, or is done again where its part cannot be taken out any more. */
function exclude(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  { liar, reason }: Lie,
  again = false,
): CoordinatorStep {
  const parted = partWith(setup, state, liar, reason);
  const round = again ? undefined : withoutWords(state.round!, liar);
  const done = round
    ? closePhase(setup, { ...parted.state, round }, {})
    : fail(setup, parted.state, `${liar} is left out: ${reason}`, true);
  return { state: done.state, effects: [...parted.effects, ...done.effects] };
}

const phases = [
  "keys",
  "shares",
  "opened",
  "masked",
  "checked",
  "agree",
  "reveal",
] as const satisfies readonly RoundPhase[];
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
  if (phase === "refuse") return onRefuse(setup, state, message);
  if (phase === "open") return onOpen(setup, state, message);
  if (!isRoundPhase(phase)) throw refusedByCoordinator("no message that a participant sends", phase);
  if (order(phase) > order(round.phase)) throw refusedByCoordinator("a phase that is not open", phase, round.phase);
  if (phase !== round.phase) return { state, effects: [] }; // too late: the round went on without it
  const taken = withContribution(setup, round, message, payload);
  return "liar" in taken ? exclude(setup, state, taken) : closePhase(setup, { ...state, round: taken }, {});
}

/**
 * A member gives nothing more in this round. Where it says that a box is false, the box's dealer is asked for the key before the round goes on: one
 * dispute at a time, and none with a dealer that refused the round itself and so has forgotten its keys.
 */
function onRefuse(setup: CoordinatorSetup, state: CoordinatorState, message: Message<"refuse">): CoordinatorStep {
  const { from, body } = message;
  const before = state.round!;
  const out = new Map(before.out).set(from, body.reason);
  const round = { ...before, out, dispute: before.dispute?.dealer === from ? undefined : before.dispute };
  const next = { ...state, round };
  const dealer = body.about;
  const isComplaint =
    round.phase === "opened" && dealer !== undefined && dealer !== from && !!round.shares.get(dealer)?.boxes[from];
  if (!isComplaint) {
    const charged = charge(setup, next, from, `refused twice: ${body.reason}`);
    const closed = closePhase(setup, charged.state, {});
    return { state: closed.state, effects: [...charged.effects, ...closed.effects] };
  }
  if (round.dispute || out.has(dealer)) return closePhase(setup, next, {});
  return {
    state: { ...next, round: { ...round, dispute: { receiver: from, dealer } } },
    effects: [messageTo(setup, round.id, dealer, "dispute", { refusal: message })],
  };
}

/** The dealer shows its key: one of the two has lied, and the round is done again without it. */
function onOpen(setup: CoordinatorSetup, state: CoordinatorState, { from, body }: Message<"open">): CoordinatorStep {
  const { dispute } = state.round!;
  if (dispute?.dealer !== from) throw refusedByCoordinator("a key that nobody asked for", from);
  return exclude(setup, state, judge(setup, state.round!, dispute, body.seal), true);
}

/** One that stops every round would stop the study: after two it is left out. */
function charge(setup: CoordinatorSetup, state: CoordinatorState, member: string, reason: string): CoordinatorStep {
  const times = (state.refusals.get(member) ?? 0) + 1;
  const charged = { ...state, refusals: new Map(state.refusals).set(member, times) };
  return times < 2 ? { state: charged, effects: [] } : partWith(setup, charged, member, reason);
}

/** What a round waits for in its phase: from whom, and who gave it. */
function waited({ gone }: CoordinatorState, round: OpenRound): { from: readonly string[]; given: readonly string[] } {
  const still = (names: Iterable<string>) => [...names].filter((n) => !gone.has(n) && !round.out.has(n));
  switch (round.phase) {
    case "keys":
      return { from: still(round.members), given: [...round.keys.keys()] };
    case "shares":
      return { from: still(round.keys.keys()), given: [...round.shares.keys()] };
    case "opened":
      return { from: still(round.group), given: still(round.opened) };
    case "masked":
      return { from: still(round.group), given: [...round.arrived.keys()] };
    case "checked":
      return { from: still(round.arrived.keys()), given: still(round.checks.keys()) };
    case "agree":
      return { from: still(round.survivors), given: [...round.agreements.keys()] };
    case "reveal":
      return { from: still(round.agreements.keys()), given: [...round.reveals.keys()] };
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
  if (left !== undefined) {
    const without = withoutWords(round, left);
    if (!without) return fail(setup, state, `${left} left after its masked update was added`);
    return closePhase(setup, { ...state, round: without }, { late });
  }
  if (round.dispute) return late ? unanswered(setup, state, round.dispute) : { state, effects: [] };
  const { from, given } = waited(state, round);
  const { threshold } = setup.proposal;
  const able = enough(round.graph, from).length;
  if (able < threshold) {
    const refused = [...round.out].map(([name, reason]) => `; ${name} refuses: ${reason}`).join("");
    return fail(setup, state, `${able} members are left in phase ${round.phase}, ${threshold} are needed${refused}`);
  }
  const here = new Set(given);
  const complete = from.every((n) => here.has(n));
  if (!complete && !late) return { state, effects: [] };
  const counted = round.phase === "checked" ? undisputed(round) : given;
  const gave = enough(round.graph, counted).length;
  if (gave < threshold)
    return fail(
      setup,
      state,
      `${gave} of ${able} members gave their part of phase ${round.phase} in time, ${threshold} are needed${disputesText(round)}`,
    );
  const thin =
    round.phase === "shares" || round.phase === "opened" || round.phase === "masked" || round.phase === "checked"
      ? thinStretch(setup.proposal, round.graph, counted)
      : undefined;
  return thin ? fail(setup, state, thin) : advance(setup, state, round);
}

/** A dealer that did not show its key in time: the round goes on without it and whom it is said to have cheated. */
function unanswered(setup: CoordinatorSetup, state: CoordinatorState, { receiver, dealer }: Dispute): CoordinatorStep {
  const round = state.round!;
  const out = new Map(round.out).set(dealer, `showed no key for its encrypted shares to ${receiver}`);
  const without = { ...state, round: { ...round, out, dispute: undefined } };
  const charged = charge(
    setup,
    without,
    dealer,
    "twice showed no key for encrypted shares that another participant refused",
  );
  const closed = closePhase(setup, charged.state, { late: true });
  return { state: closed.state, effects: [...charged.effects, ...closed.effects] };
}

function advance(setup: CoordinatorSetup, state: CoordinatorState, round: OpenRound): CoordinatorStep {
  const on = (next: OpenRound, messages: readonly CoordinatorEffect[]): CoordinatorStep => ({
    state: { ...state, round: next },
    effects: [...messages, { kind: "wait", round: round.id, phase: next.phase }],
  });
  const all = <P extends Phase>(phase: P, body: Bodies[P]) => [messageTo(setup, round.id, "*", phase, body)];
  const summing = (stayed: readonly string[]) => {
    const survivors = [...enough(round.graph, stayed)].sort(byUnits);
    const masked = (names: readonly string[]) => names.flatMap((n) => round.arrived.get(n) ?? []);
    const passed = round.phase === "checked" ? summed(round, survivors) : round;
    const next: OpenRound = { ...passed, phase: "agree", survivors };
    if (isWhole(round.graph)) return on(next, all("survivors", { survivors, masked: masked(survivors) }));
    const names = [...round.keys.keys()];
    return on(
      next,
      survivors.map((to) => {
        const held = masked(holdersOf(setup.proposal, names, round.graph, to));
        return messageTo(setup, round.id, to, "survivors", { survivors, masked: held });
      }),
    );
  };
  switch (round.phase) {
    case "keys": {
      const keys = sorted(round.keys, enough(round.graph, [...round.keys.keys()]));
      const roster = [...keys.values()];
      const ring = ringOf(setup.primitives, setup.proposal, { run: setup.proposal.run, round: round.id }, roster);
      return on({ ...round, phase: "shares", keys, graph: { ...round.graph, ring } }, all("roster", { keys: roster }));
    }
    case "shares": {
      const group = [...enough(round.graph, [...round.shares.keys()])].sort(byUnits);
      const names = [...round.keys.keys()];
      const boxes = (to: string) =>
        Object.fromEntries(
          holdersOf(setup.proposal, names, round.graph, to)
            .filter((n) => round.shares.has(n))
            .map((n) => [n, round.shares.get(n)!.boxes[to]!]),
        );
      const more = isWhole(round.graph) ? {} : { group };
      const { id, task, model, members } = round;
      const { proposal, digest, primitives } = setup;
      const keys = [...round.keys.values()];
      const view = viewDigest(primitives, {
        proposal: digest,
        run: proposal.run,
        round: id,
        task,
        model,
        members,
        keys,
        group,
      });
      return on(
        { ...round, phase: "opened", group, view },
        group.map((to) => messageTo(setup, round.id, to, "inbox", { boxes: boxes(to), ...more })),
      );
    }
    case "opened":
      return on(
        { ...round, phase: "masked" },
        round.group.map((to) => messageTo(setup, round.id, to, "begin", {})),
      );
    case "masked": {
      if (!checksNorm(setup.proposal, round.task)) return summing([...round.arrived.keys()]);
      const seed = seedOf(setup.primitives, round);
      const next: OpenRound = { ...round, phase: "checked", seed };
      return on(
        next,
        [...round.arrived.keys()].map((to) => messageTo(setup, round.id, to, "check", { seed })),
      );
    }
    case "checked":
      return summing(undisputed(round));
    case "agree": {
      const agreements = sorted(round.agreements);
      return on({ ...round, phase: "reveal", agreements }, all("unmask", { agreements: [...agreements.values()] }));
    }
    case "reveal":
      return finishRound(setup, state, round);
  }
}

/** Whether everybody shares masks with everybody. */
const isWhole = ({ ring, buckets }: Graph) => ring === undefined && buckets === undefined;

/** Entries in the order of names. @param names of those that are kept. Default all */
function sorted<T>(map: ReadonlyMap<string, T>, names: Iterable<string> = map.keys()): Map<string, T> {
  return new Map([...names].sort(byUnits).map((name) => [name, map.get(name)!]));
}

function finishRound(setup: CoordinatorSetup, state: CoordinatorState, round: OpenRound): CoordinatorStep {
  const { proposal } = setup;
  const done = sumUp(setup, state, round);
  if ("liar" in done) return exclude(setup, state, done, true);
  if ("failure" in done) return fail(setup, state, done.failure);
  const { result, sum, model, server, lies } = done;
  const { survivors, examples, buckets } = result;
  const announced = announce(setup, round.id, "result", {
    survivors: [...survivors],
    sum,
    model: result.model,
    examples,
    ...(buckets && { buckets: buckets.map((b) => ({ ...b, members: [...b.members] })) }),
  });
  const ended = announced[0].message as Message<"result">;
  const results = [...state.results, result];
  let next: CoordinatorState = { ...state, model, server, ended, failures: 0, results, round: undefined };
  const effects: CoordinatorEffect[] = [...announced, { kind: "counted", result, model }];
  for (const { liar, reason } of lies) {
    const parted = partWith(setup, next, liar, reason);
    next = parted.state;
    effects.push(...parted.effects);
  }
  const over = round.task === "evaluate" || (next.results.length === proposal.rounds && proposal.tests.length === 0);
  if (!over) {
    const opened = openRound(setup, next);
    return { state: opened.state, effects: [...effects, ...opened.effects] };
  }
  const finish = announce(setup, round.id, "finish", { model: result.model, rounds: proposal.rounds });
  return {
    state: { ...next, stage: "finished" },
    effects: [...effects, ...finish, { kind: "finished", model }],
  };
}
