// A member's part once the words are given: it signs who stayed, and shows shares when enough others signed the same.
import { base64 } from "../../secret-sums/index.ts";
import { thinStretch } from "./graph.ts";
import { agreementDigest } from "./layout.ts";
import { cohortProblem } from "./ledger.ts";
import {
  alarm,
  areTooFewToSum,
  inAll,
  isSorted,
  keyOf,
  type ParticipantSetup,
  type ParticipantState,
  type ParticipantStep,
  refused,
  send,
} from "./member.ts";
import { checkSignature, type Message } from "./messages.ts";

/**
 * Signs the list of who stayed, with all else that was seen of the round. Whose own mask it would help to take off must have signed the same
 * view with its masked words: a member that was shown another round keeps its mask.
 */
export function onSurvivors(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message<"survivors">,
): ParticipantStep {
  const round = state.round!;
  const { survivors } = message.body;
  if (!survivors.includes(setup.identity.name)) return { state, effects: [] }; // it was too late
  if (!isSorted(survivors) || !inAll(survivors, round.group) || areTooFewToSum(setup, state, round.graph, survivors))
    throw refused("a list of survivors that the round cannot have", survivors.join(", "));
  const differing = cohortProblem(state.ledger, round.task, survivors, state.left ?? new Map());
  if (differing !== undefined)
    throw refused("a second sum of the same model over almost the same participants", differing);
  const thin = thinStretch(state.proposal!, round.graph, survivors);
  if (thin) throw refused("a list of survivors that falls into parts", thin);
  const masked = new Map((message.body.masked as Message<"masked">[]).map((m) => [m.from, m]));
  for (const name of survivors.filter((n) => round.shares.has(n))) {
    const words = masked.get(name);
    if (words?.phase !== "masked" || words.run !== state.proposal!.run || words.round !== round.id)
      throw refused(`no signed masked update of ${name}, which is said to have stayed`, name);
    checkSignature(words, setup.primitives, keyOf(state));
    if (words.body.view !== round.view)
      return alarm(setup, state, round.id, `${name} was shown another round: other participants, keys or model`);
  }
  const view = agreementDigest(setup.primitives, round.view!, survivors);
  return {
    state: { ...state, round: { ...round, survivors } },
    effects: [send(setup, state, round.id, "agree", { view })],
  };
}

/** Shows shares when enough others signed the same view: of the own mask of who stayed, of the pair masks of who did not. */
export function onUnmask(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message<"unmask">,
): ParticipantStep {
  const { primitives, identity } = setup;
  const round = state.round!;
  if (!round.survivors.includes(identity.name)) return { state, effects: [] }; // it is not asked
  const view = agreementDigest(primitives, round.view!, round.survivors);
  const agreements = message.body.agreements as Message<"agree">[];
  for (const one of agreements) {
    checkSignature(one, primitives, keyOf(state));
    if (one.phase !== "agree" || one.run !== state.proposal!.run || one.round !== round.id)
      throw refused("an agreement of another round", `${one.phase} of ${one.from}, round ${one.round}`);
    if (one.body.view !== view)
      return alarm(
        setup,
        state,
        round.id,
        `${one.from} was shown another round: other keys, model or list of survivors`,
      );
  }
  const names = agreements.map((a) => a.from);
  if (!isSorted(names) || !inAll(names, round.survivors) || names.length < state.proposal!.threshold)
    throw refused("agreements of others than the survivors, or too few", names.join(", "));
  const shown = (kind: "pair" | "self", of: readonly string[]) =>
    Object.fromEntries(of.map((n) => [n, base64(round.shares.get(n)![kind])]));
  const stayed = new Set(round.survivors);
  const near = [...round.shares.keys()]; // who dealt to this member
  const self = shown(
    "self",
    near.filter((n) => stayed.has(n)),
  );
  const pair = shown(
    "pair",
    near.filter((n) => !stayed.has(n)),
  );
  const { task, survivors } = round;
  const shownNow = { view, survivors: [...survivors], self: Object.keys(self), pair: Object.keys(pair) };
  const entry = send(setup, state, round.id, "shown", shownNow).message;
  return {
    state: { ...state, ledger: { ...state.ledger, shown: [...state.ledger.shown, { task, survivors }] } },
    effects: [{ kind: "record", entry }, send(setup, state, round.id, "reveal", { self, pair })],
  };
}
