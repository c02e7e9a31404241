// What a member gives to an open round, checked. Signatures were checked before.
import { commitment, unbase64 } from "../secret-sums/index.ts";
import { holdersOf } from "./graph.ts";
import { wordsIn } from "./layout.ts";
import { type Bodies, checkBlob, type Message } from "./messages.ts";
import { type CoordinatorSetup, type OpenRound, refusedByCoordinator } from "./study.ts";

/** The round with a member's part in it. @throws E_ROUND for a part that the round cannot have */
export function withContribution(
  setup: CoordinatorSetup,
  round: OpenRound,
  message: Message,
  payload: Uint8Array | undefined,
): OpenRound {
  const { primitives, proposal } = setup;
  const { from } = message;
  switch (message.phase) {
    case "keys":
      return { ...round, keys: new Map(round.keys).set(from, message) };
    case "shares": {
      expectNames(Object.keys(message.body.boxes), nearOf(setup, round, from), `encrypted shares of ${from}`);
      return { ...round, shares: new Map(round.shares).set(from, message.body) };
    }
    case "masked": {
      if (!round.group.includes(from))
        throw refusedByCoordinator("a masked update of a participant that dealt no shares", from);
      const { words } = message.body;
      if (words.bytes !== round.sum.byteLength)
        throw refusedByCoordinator(
          `the masked update of ${from} has another size`,
          `${words.bytes} bytes`,
          `${round.sum.byteLength} bytes`,
        );
      const given = wordsIn(checkBlob(primitives, words, payload, `the masked update of ${from}`));
      for (let i = 0; i < given.length; i++) round.sum[i] = round.sum[i]! + given[i]!;
      return { ...round, arrived: new Set(round.arrived).add(from) };
    }
    case "agree":
      if (!round.survivors.includes(from))
        throw refusedByCoordinator("an agreement of a participant that did not stay", from);
      return { ...round, agreements: new Map(round.agreements).set(from, message) };
    case "reveal":
      checkReveal(setup, round, from, message.body);
      return { ...round, reveals: new Map(round.reveals).set(from, message.body) };
    default:
      throw refusedByCoordinator("no message that a participant sends", `${message.phase} of ${proposal.run}`);
  }
}

const nearOf = ({ proposal }: CoordinatorSetup, { keys, ring }: OpenRound, name: string) =>
  holdersOf(proposal, [...keys.keys()], ring, name);

function expectNames(got: readonly string[], expected: readonly string[], of: string): void {
  const names = new Set(got);
  if (got.length !== expected.length || expected.some((n) => !names.has(n)))
    throw refusedByCoordinator(`${of} are of other participants`, got.join(", "), expected.join(", "));
}

/** Every share must be the one that its dealer committed to. */
function checkReveal(setup: CoordinatorSetup, round: OpenRound, from: string, body: Bodies["reveal"]): void {
  const { primitives, proposal } = setup;
  if (!round.agreements.has(from)) throw refusedByCoordinator("shares of a participant that did not agree", from);
  const stayed = new Set(round.survivors);
  const near = nearOf(setup, round, from).filter((n) => round.shares.has(n));
  const [self, pair] = [near.filter((n) => stayed.has(n)), near.filter((n) => !stayed.has(n))];
  expectNames(Object.keys(body.self), self, `shares of ${from}`);
  expectNames(Object.keys(body.pair), pair, `shares of ${from}`);
  const context = { run: proposal.run, round: round.id };
  for (const kind of ["self", "pair"] as const)
    for (const [dealer, share] of Object.entries(body[kind]))
      if (
        commitment(primitives, context, `share-${kind}`, unbase64(share)) !==
        round.shares.get(dealer)!.boxes[from]![kind]
      )
        throw refusedByCoordinator(`a share of ${from} is not the one that ${dealer} dealt`, kind);
}
