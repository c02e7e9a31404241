// The coordinator's side of a study, as a function (state, event) → (state, effects): it asks for consent, opens rounds, passes on what
// members sent, adds masked words, and gives the next model. It never holds what a single member learned. No clock, socket or chance.
import { canonicalJson } from "../../base/index.ts";
import { type Message, messageDigest, type Phase, readMessage } from "./messages.ts";
import { closePhase, openRound, takeMessage } from "./rounds.ts";
import {
  activeMembers,
  announce,
  type CoordinatorEffect,
  type CoordinatorEvent,
  type CoordinatorSetup,
  type CoordinatorState,
  type CoordinatorStep,
  partWith,
  partyKeys,
  refusedByCoordinator,
  stopStudy,
} from "./study.ts";

/**
 * The coordinator's next state and what is to be done.
 * @throws E_ROUND, E_SIGNATURE, E_VERSION for a message that is refused: the state stays as it was
 * @example const { state, effects } = stepCoordinator(setup, newCoordinator(weights), { kind: "start" });
 */
export function stepCoordinator(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  event: CoordinatorEvent,
): CoordinatorStep {
  if (state.stage === "finished" || state.stage === "stopped") {
    if (event.kind === "message") return lateMessage(setup, state, event.message);
    return { state, effects: [] };
  }
  switch (event.kind) {
    case "start": {
      const proposed = announce(setup, 0, "propose", { proposal: setup.proposal });
      return { state, effects: [...proposed, { kind: "wait", round: 0, phase: "consent" }] };
    }
    case "message":
      return onMessage(setup, state, event);
    case "deadline":
      return onDeadline(setup, state, event);
    case "revoke":
      return leave(setup, state, event.member, event.reason, []);
  }
}

/** After the last round only site values and what privacy was spent are taken. */
function lateMessage(setup: CoordinatorSetup, state: CoordinatorState, value: unknown): CoordinatorStep {
  const message = readMessage(value, setup.primitives, partyKeys(setup, state));
  if (message.phase === "privacy" && state.stage === "finished") return onPrivacy(state, message);
  if (message.phase !== "site" || state.stage !== "finished") return { state, effects: [] };
  const { from, body } = message;
  if (!state.consents.get(from)?.siteValues)
    throw refusedByCoordinator("values of a participant that did not agree to show them", from);
  if (isSaidBefore(state.sites.get(from), body.values, from, "site")) return { state, effects: [] };
  return {
    state: { ...state, sites: new Map(state.sites).set(from, body.values) },
    effects: [{ kind: "record", entry: message }],
  };
}

function onMessage(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  { message: value, payload }: CoordinatorEvent & { kind: "message" },
): CoordinatorStep {
  const { primitives, proposal, identity } = setup;
  const message = readMessage(value, primitives, partyKeys(setup, state));
  if (message.run !== proposal.run) throw refusedByCoordinator("a message of another run", message.run, proposal.run);
  if (message.to !== identity.name) throw refusedByCoordinator("a message for another participant", message.to);
  const key = `${message.round}/${message.phase}/${message.from}`;
  const digest = messageDigest(primitives, message);
  const before = state.taken.get(key);
  if (before === digest) return { state, effects: [] }; // delivered twice
  if (before !== undefined)
    throw refusedByCoordinator("two different messages of one phase", `${message.phase} of ${message.from}`);
  const { from } = message;
  const step = (() => {
    switch (message.phase) {
      case "consent":
        return onConsent(setup, state, message);
      case "withdraw":
        return leave(setup, state, from, message.body.reason, [{ kind: "record", entry: message }]);
      case "privacy":
        return onPrivacy(state, message);
      case "site":
        throw refusedByCoordinator("site values before the last round", from);
      default:
        return takeMessage(setup, state, message, payload);
    }
  })();
  if (step.state === state) return step;
  // what older rounds took is forgotten: their messages are stale
  const taken = [...step.state.taken].filter(
    ([k]) => Number(k.split("/")[0]) >= step.state.lastRound || k.startsWith("0/"),
  );
  return { ...step, state: { ...step.state, taken: new Map([...taken, [key, digest]]) } };
}

/**
 * What a member says once in a study: said again, under whatever number of a round, it changes nothing and is not recorded.
 * @throws E_ROUND where it says something else than before
 */
function isSaidBefore(before: object | undefined, now: object, from: string, phase: Phase): boolean {
  if (before === undefined) return false;
  if (canonicalJson(before) === canonicalJson(now)) return true;
  throw refusedByCoordinator("two different messages of one phase", `${phase} of ${from}`);
}

/** A member states it once: at the study's end, or before it withdraws. */
function onPrivacy(state: CoordinatorState, message: Message<"privacy">): CoordinatorStep {
  const { from, body } = message;
  if (!state.consents.has(from)) throw refusedByCoordinator("a statement of a participant that did not consent", from);
  if (isSaidBefore(state.privacy.get(from), body, from, "privacy")) return { state, effects: [] };
  return {
    state: { ...state, privacy: new Map(state.privacy).set(from, body) },
    effects: [{ kind: "record", entry: message }],
  };
}

function onConsent(setup: CoordinatorSetup, state: CoordinatorState, message: Message<"consent">): CoordinatorStep {
  const { from } = message;
  const { proposal, siteValues } = message.body;
  if (proposal !== setup.digest) throw refusedByCoordinator("consent to another proposal", proposal, setup.digest);
  if (siteValues && !setup.proposal.siteValues)
    throw refusedByCoordinator("site values that the proposal does not ask for", from);
  if (isSaidBefore(state.consents.get(from), { siteValues }, from, "consent")) return { state, effects: [] };
  const consents = new Map(state.consents).set(from, { siteValues });
  const next = { ...state, consents };
  const kept: CoordinatorEffect = { kind: "record", entry: message };
  const all = setup.proposal.members.every((m) => consents.has(m.name) || state.gone.has(m.name));
  if (state.stage !== "consent" || !all) return { state: next, effects: [kept] };
  const opened = openRound(setup, { ...next, stage: "rounds" });
  return { state: opened.state, effects: [kept, ...opened.effects] };
}

/** A member goes: its words of the open round are taken out by failing the round, if they are in the sum already. */
function leave(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  member: string,
  reason: string,
  effects: readonly CoordinatorEffect[],
): CoordinatorStep {
  if (state.gone.has(member)) return { state, effects: [] };
  const parted = partWith(setup, state, member, reason);
  const step = closePhase(setup, parted.state, { left: member });
  return { state: step.state, effects: [...effects, ...parted.effects, ...step.effects] };
}

function onDeadline(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  { round, phase }: CoordinatorEvent & { kind: "deadline" },
): CoordinatorStep {
  if (phase === "consent") {
    if (state.stage !== "consent") return { state, effects: [] };
    const active = activeMembers(setup, state).length;
    if (active >= setup.proposal.threshold) return openRound(setup, { ...state, stage: "rounds" });
    const { members, threshold } = setup.proposal;
    return stopStudy(setup, state, `${active} of ${members.length} members agreed, ${threshold} are needed`);
  }
  if (state.round?.id !== round || state.round.phase !== phase) return { state, effects: [] };
  return closePhase(setup, state, { late: true });
}
