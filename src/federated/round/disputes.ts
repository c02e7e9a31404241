// A member says that a box which another dealt to it cannot be opened, or holds other shares than were committed to. The dealer then shows the
// key that it sealed its boxes with: it opens the box, or it does not, so that one of the two is shown to have lied. The key opens every
// box of its dealer in this round, so the dealer shows it only before its words left, and gives none in this round afterwards.
// It opens no box of anybody else.
import { base64, openBox, unbase64 } from "../../secret-sums/index.ts";
import { keyOf, type ParticipantSetup, type ParticipantState, type ParticipantStep, refused, send } from "./member.ts";
import { checkSignature, type Message } from "./messages.ts";
import type { CoordinatorSetup, Dispute, Lie, OpenRound } from "./study.ts";

/** The dealer's side: its key for this round's boxes, for a refusal that the receiver signed. */
export function onDispute(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message<"dispute">,
): ParticipantStep {
  const round = state.round!;
  const refusal = message.body.refusal as Message<"refuse">;
  checkSignature(refusal, setup.primitives, keyOf(state));
  const { name } = setup.identity;
  if (
    refusal.phase !== "refuse" ||
    refusal.run !== state.proposal!.run ||
    refusal.round !== round.id ||
    refusal.body.about !== name ||
    refusal.from === name
  )
    throw refused("a dispute without a refusal of this participant's encrypted shares", refusal.from);
  if (round.begun) throw refused("a dispute after the round began: this participant's words may have left");
  return {
    state: { ...state, lastRound: round.id + 1, round: undefined },
    effects: [send(setup, state, round.id, "open", { seal: base64(round.secrets.seal) })],
  };
}

/**
 * Who lied.
 * @param seal the key that the dealer showed
 */
export function judge(
  { primitives, proposal }: CoordinatorSetup,
  round: OpenRound,
  { receiver, dealer }: Dispute,
  seal: string,
): Lie {
  const keysOf = (name: string) => round.keys.get(name)!.body;
  const secret = unbase64(seal);
  if (base64(primitives.publicKey(secret)) !== keysOf(dealer).seal)
    return { liar: dealer, reason: `showed another key than the one that it dealt with in round ${round.id}` };
  const ends = { from: dealer, to: receiver, secret, key: unbase64(keysOf(receiver).box) };
  const context = { run: proposal.run, round: round.id };
  const isTrue = openBox(primitives, context, ends, round.shares.get(dealer)!.boxes[receiver]!) !== undefined;
  return isTrue
    ? { liar: receiver, reason: `refused encrypted shares of ${dealer} in round ${round.id} that were right` }
    : { liar: dealer, reason: `dealt encrypted shares to ${receiver} in round ${round.id} that are false` };
}
