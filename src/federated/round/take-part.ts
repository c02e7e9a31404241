// What a member gives to an open round, checked. Signatures were checked before.
import { commitment, unbase64 } from "../../secret-sums/index.ts";
import { holdersOf, partsOf } from "./graph.ts";
import { agreementDigest, wordsIn } from "./layout.ts";
import { type Bodies, checkBlob, type Message } from "./messages.ts";
import { addTo, checksNorm, withCheck } from "./norm-phase.ts";
import { type CoordinatorSetup, type Lie, type OpenRound, refusedByCoordinator } from "./study.ts";

/** The round with a member's part in it, or the lie that the part is. @throws E_ROUND for a part that the round cannot have */
export function withContribution(
  setup: CoordinatorSetup,
  round: OpenRound,
  message: Message,
  payload: Uint8Array | undefined,
): OpenRound | Lie {
  const { primitives, proposal } = setup;
  const { from } = message;
  switch (message.phase) {
    case "keys":
      return lowOrderKey(setup, message) ?? { ...round, keys: new Map(round.keys).set(from, message) };
    case "shares": {
      expectNames(Object.keys(message.body.boxes), nearOf(setup, round, from), `encrypted shares of ${from}`);
      return { ...round, shares: new Map(round.shares).set(from, message.body) };
    }
    case "opened":
      if (!round.group.includes(from))
        throw refusedByCoordinator("opened encrypted shares of a participant that dealt none", from);
      return { ...round, opened: new Set(round.opened).add(from) };
    case "masked": {
      if (!round.group.includes(from))
        throw refusedByCoordinator("a masked update of a participant that dealt no shares", from);
      const { words, view } = message.body;
      if (view !== round.view)
        throw refusedByCoordinator(`${from} masked its update for another round than the others`, view, round.view);
      const sum = round.sums[partsOf(round.graph, round.members).findIndex((p) => p.includes(from))]!;
      if (words.bytes !== sum.byteLength)
        throw refusedByCoordinator(
          `the masked update of ${from} has another size`,
          `${words.bytes} bytes`,
          `${sum.byteLength} bytes`,
        );
      const given = wordsIn(checkBlob(primitives, words, payload, `the masked update of ${from}`));
      const arrived = new Map(round.arrived).set(from, message);
      if (checksNorm(proposal, round.task)) return { ...round, arrived, words: new Map(round.words).set(from, given) };
      addTo(sum, given);
      return { ...round, arrived };
    }
    case "checked":
      return withCheck(setup, round, message);
    case "agree":
      if (!round.survivors.includes(from))
        throw refusedByCoordinator("an agreement of a participant that did not stay", from);
      if (message.body.view !== agreementDigest(primitives, round.view!, round.survivors))
        throw refusedByCoordinator(`${from} agrees to another round than the others`, message.body.view);
      return { ...round, agreements: new Map(round.agreements).set(from, message) };
    case "reveal":
      return (
        falseShare(setup, round, from, message.body) ?? {
          ...round,
          reveals: new Map(round.reveals).set(from, message.body),
        }
      );
    default:
      throw refusedByCoordinator("no message that a participant sends", `${message.phase} of ${proposal.run}`);
  }
}

/** A public key of low order gives no secret: it would stop whoever uses it. */
function lowOrderKey({ primitives }: CoordinatorSetup, { from, body, round }: Message<"keys">): Lie | undefined {
  const gives = (key: string) => {
    try {
      return primitives.agree(probe, unbase64(key)).length > 0;
    } catch {
      return false;
    }
  };
  const use = (["box", "seal", "pair"] as const).find((one) => !gives(body[one]));
  return (
    use && { liar: from, reason: `its key "${use}" of round ${round} is of low order: no secret can be made with it` }
  );
}
/** Any secret: whether an agreement gives zeros depends on the other key alone. */
const probe = new Uint8Array(32).fill(1);

const nearOf = ({ proposal }: CoordinatorSetup, { keys, graph }: OpenRound, name: string) =>
  holdersOf(proposal, [...keys.keys()], graph, name);

function expectNames(got: readonly string[], expected: readonly string[], of: string): void {
  const names = new Set(got);
  if (got.length !== expected.length || expected.some((n) => !names.has(n)))
    throw refusedByCoordinator(`${of} are of other participants`, got.join(", "), expected.join(", "));
}

/** Every share must be the one that its dealer committed to, as its holder saw when it opened its boxes. */
function falseShare(setup: CoordinatorSetup, round: OpenRound, from: string, body: Bodies["reveal"]): Lie | undefined {
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
        return {
          liar: from,
          reason: `showed a share in round ${round.id} that is not the one that ${dealer} dealt to it`,
        };
  return undefined;
}
