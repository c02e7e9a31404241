// A member's side of rounds, as a function (state, event) → (state, effects). It gives away masked words only, lets a mask be taken off
// only when it and the others signed one and the same list of who stayed, and never both masks of anybody. No clock, socket or chance.

import { bucketsProblem } from "./buckets.ts";
import { onDispute } from "./disputes.ts";
import { withEnd } from "./ledger.ts";
import {
  alarm,
  type ParticipantEffect,
  type ParticipantEvent,
  type ParticipantSetup,
  type ParticipantState,
  type ParticipantStep,
  refused,
  send,
} from "./member.ts";
import { onBegin, onCheck, onInbox, onRoster, onRound, onTrained } from "./member-phases.ts";
import { onSurvivors, onUnmask } from "./member-unmask.ts";
import { type Message, messageDigest, readMessage } from "./messages.ts";
import { proposalDigest, readProposal } from "./proposal.ts";

/**
 * A member's next state and what is to be done.
 * @throws E_ROUND, E_SIGNATURE, E_VERSION for a message that is refused, E_ROUND for an event that does not fit: the state stays as it was
 * @example const { state, effects } = stepParticipant(setup, newParticipant, { kind: "message", message, entropy });
 */
export function stepParticipant(
  setup: ParticipantSetup,
  state: ParticipantState,
  event: ParticipantEvent,
): ParticipantStep {
  switch (event.kind) {
    case "message":
      return onMessage(setup, state, event);
    case "consent":
      return onConsent(setup, state, event);
    case "withdraw":
      if (!state.proposal || state.consent === "withdrawn" || isOver(state)) return { state, effects: [] };
      return {
        state: { ...state, consent: "withdrawn", round: undefined },
        effects: recorded(send(setup, state, state.lastRound, "withdraw", { reason: event.reason })),
      };
    case "trained":
      return onTrained(setup, state, event);
    case "privacy": {
      if (!state.proposal || state.consent === "none") throw refused("a statement before the owner consented");
      if (state.stated || state.stopped !== undefined) return { state, effects: [] }; // said once, of a study that goes on or is finished
      const { kind: _, ...stated } = event;
      return {
        state: { ...state, stated },
        effects: recorded(send(setup, state, state.lastRound, "privacy", stated)),
      };
    }
    case "site":
      if (!state.siteValues) throw refused("values that the owner, or the proposal, keeps to the participant");
      return { state, effects: recorded(send(setup, state, state.lastRound, "site", { values: event.values })) };
  }
}

/** What a member says of its own will is in its transcript too. */
const recorded = (sent: ParticipantEffect & { kind: "send" }): ParticipantEffect[] => [
  sent,
  { kind: "record", entry: sent.message },
];

function onMessage(
  setup: ParticipantSetup,
  state: ParticipantState,
  event: ParticipantEvent & { kind: "message" },
): ParticipantStep {
  const { primitives, identity, coordinator } = setup;
  const message = readMessage(event.message, primitives, (n) => (n === coordinator.name ? coordinator.key : undefined));
  if (message.to !== identity.name && message.to !== "*")
    throw refused("a message for another participant", message.to);
  if (message.phase === "propose") return onPropose(setup, state, message);
  const { proposal, round, consent } = state;
  if (!proposal || message.run !== proposal.run) throw refused("a message of another run", message.run, proposal?.run);
  if (isOver(state)) return { state, effects: [] };
  if (message.phase === "stop" && consent !== "withdrawn") return onStop(state, message);
  if (message.phase === "left" && consent !== "withdrawn") return onLeft(state, message);
  if (consent !== "given") return { state, effects: [] }; // whoever has not agreed, or no more, gives nothing
  if (message.phase === "finish")
    return {
      state: { ...state, round: undefined, finished: message.body.model },
      effects: [
        { kind: "record", entry: message },
        { kind: "finished", model: message.body.model },
      ],
    };
  const current = message.phase === "round" ? (message.round === round?.id ? round : undefined) : round;
  if (message.round < state.lastRound) return { state, effects: [] }; // stale: a round that is over
  if (isEnd(message.phase)) return answer(setup, state, message, event);
  if (message.phase !== "round" && message.round !== round?.id)
    throw refused("a message of a round that is not open", `${message.round}`);
  const digest = messageDigest(primitives, message);
  const before = current?.taken.get(message.phase);
  if (before) {
    if (before.digest === digest) return { state, effects: before.answer }; // delivered again: answered again
    return alarm(setup, state, message.round, `two different messages of phase ${message.phase} in one round`);
  }
  const step = answer(setup, state, message, event);
  const open = step.state.round;
  if (!open) return step;
  const again = step.effects.filter((e) => e.kind !== "record"); // an entry is added once
  const taken = new Map(open.taken).set(message.phase, { digest, answer: again });
  return { ...step, state: { ...step.state, round: { ...open, taken } } };
}

/** True once no round can follow for this member. */
const isOver = ({ finished, stopped }: ParticipantState): boolean => finished !== undefined || stopped !== undefined;

function onLeft(state: ParticipantState, message: Message<"left">): ParticipantStep {
  const { member, reason } = message.body;
  if (state.left?.has(member)) return { state, effects: [] }; // told again
  return {
    state: { ...state, left: new Map(state.left).set(member, reason) },
    effects: [
      { kind: "record", entry: message },
      { kind: "left", member, reason },
    ],
  };
}

function onStop(state: ParticipantState, message: Message<"stop">): ParticipantStep {
  const { reason } = message.body;
  return {
    state: { ...state, round: undefined, stopped: reason },
    effects: [
      { kind: "record", entry: message },
      { kind: "stopped", reason },
    ],
  };
}

/** Of a round, also for members that were too late for it. */
const isEnd = (phase: Message["phase"]) => phase === "result" || phase === "abort";

function onPropose(setup: ParticipantSetup, state: ParticipantState, message: Message<"propose">): ParticipantStep {
  const proposal = readProposal(message.body.proposal);
  const digest = proposalDigest(setup.primitives, proposal);
  const { name } = setup.identity;
  if (proposal.run !== message.run) throw refused("a proposal of another run", proposal.run, message.run);
  if (proposal.coordinator.key !== setup.coordinator.key)
    throw refused("a proposal of another coordinator", proposal.coordinator.name);
  if (!proposal.members.some((m) => m.name === name)) throw refused("a proposal without this participant", name);
  if (state.digest === digest)
    return { state, effects: state.consent === "none" ? [{ kind: "ask", proposal, digest }] : [] };
  if (state.proposal) throw refused("another proposal in the same enrolment", digest, state.digest);
  return {
    state: { ...state, proposal, digest },
    effects: [
      { kind: "record", entry: message },
      { kind: "ask", proposal, digest },
    ],
  };
}

function onConsent(
  setup: ParticipantSetup,
  state: ParticipantState,
  { digest, siteValues }: ParticipantEvent & { kind: "consent" },
): ParticipantStep {
  if (state.digest !== digest) throw refused("consent to another proposal", digest, state.digest ?? "no proposal yet");
  if (state.consent === "withdrawn") throw refused("consent was withdrawn");
  const shown = siteValues && state.proposal!.siteValues; // nobody shows what nobody asked for
  return {
    state: { ...state, consent: "given", siteValues: shown },
    effects: recorded(send(setup, state, 0, "consent", { proposal: digest, siteValues: shown })),
  };
}

function answer(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message,
  event: ParticipantEvent & { kind: "message" },
): ParticipantStep {
  switch (message.phase) {
    case "round":
      return onRound(setup, state, message, event);
    case "roster":
      return onRoster(setup, state, message);
    case "inbox":
      return onInbox(setup, state, message);
    case "dispute":
      return onDispute(setup, state, message);
    case "begin":
      return onBegin(state);
    case "check":
      return onCheck(setup, state, message);
    case "survivors":
      return onSurvivors(setup, state, message);
    case "unmask":
      return onUnmask(setup, state, message);
    case "result":
    case "abort":
      return onEnd(setup, state, message);
    default:
      throw refused("no message that a coordinator sends", message.phase);
  }
}

/** The end of a round. A result over other survivors than this member agreed to, or other buckets than the proposal's, is a lie of the coordinator. */
function onEnd(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message<"result" | "abort">,
): ParticipantStep {
  const { round, proposal, ledger } = state;
  const next = {
    ...state,
    lastRound: message.round + 1,
    round: undefined,
    ledger: withEnd(proposal!, ledger, message),
  };
  const record = { kind: "record", entry: message } as const;
  const agreed = round?.id === message.round ? round.survivors : [];
  if (message.phase === "abort" || agreed.length === 0) return { state: next, effects: [record] };
  const { survivors, buckets } = message.body;
  const divided = round!.graph.buckets;
  const problem =
    String(agreed) === String(survivors)
      ? divided && bucketsProblem(divided, survivors, buckets)
      : "the result counts other participants than were agreed";
  if (problem === undefined) return { state: next, effects: [record] };
  const alarmed = alarm(setup, next, message.round, problem);
  return { state: alarmed.state, effects: [record, ...alarmed.effects] };
}

/** The work that a round waits for, for a member that was started again. */
export function pendingWork({ round, consent }: ParticipantState): (ParticipantEffect & { kind: "work" }) | undefined {
  if (consent !== "given" || !round || round.words || round.group.length === 0) return undefined;
  return { kind: "work", round: round.id, task: round.task, model: round.content };
}
