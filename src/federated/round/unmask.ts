// Takes the masks off a sum: the own masks of those who stayed, and what they added for pairs with those who did not.
import { ConcordError } from "../../base/index.ts";
import {
  applyMask,
  base64,
  byUnits,
  commitment,
  join,
  pairSecret,
  pairSign,
  unbase64,
} from "../../secret-sums/index.ts";
import { holdersOf, shareThreshold } from "./graph.ts";
import { layoutOf } from "./layout.ts";
import { liesAbout } from "./norm-phase.ts";
import type { CoordinatorSetup, Lie, OpenRound } from "./study.ts";

/**
 * The sum of the survivors' words, in place of the masked sum; or a dealer whose shares do not give the secret that it committed to.
 * @param part which of the round's sums, and whose words may be in it; `aside` takes lies of members that are not in it
 * @throws E_ROUND naming a dealer of whose shares too few were shown
 */
export function unmasked(
  setup: CoordinatorSetup,
  round: OpenRound,
  { sum, members, aside }: { readonly sum: Uint32Array; readonly members: readonly string[]; readonly aside: Lie[] },
): Uint32Array | Lie {
  const { primitives, proposal } = setup;
  const { keys, reveals } = round;
  const among = new Set(members);
  const [survivors, group] = [round.survivors, round.group].map((all) => all.filter((n) => among.has(n))) as [
    string[],
    string[],
  ];
  const context = { run: proposal.run, round: round.id };
  const layout = layoutOf(proposal, round.task);
  const names = [...keys.keys()].sort(byUnits);
  const near = (dealer: string) => holdersOf(proposal, names, round.graph, dealer);
  const secretOf = (kind: "self" | "pair", dealer: string) => {
    const threshold = shareThreshold(proposal, round.graph, dealer);
    const places = near(dealer).flatMap((from, i) => (reveals.has(from) ? [[from, i + 1] as const] : []));
    if (places.length < threshold) throw tooFew(dealer, places.length, threshold);
    const shown = places.slice(0, threshold);
    return join(new Map(shown.map(([from, place]) => [place, unbase64(reveals.get(from)![kind][dealer]!)])));
  };
  const stayed = new Set(survivors);
  for (const name of survivors) {
    const secret = secretOf("self", name);
    if (commitment(primitives, context, "self", secret) !== keys.get(name)!.body.self)
      return falseDealer(name, round.id);
    const [lie] = liesAbout(setup, round, secret, [name]);
    if (lie) return lie;
    applyMask(primitives, sum, layout, secret, context, -1);
  }
  for (const name of group.filter((n) => !stayed.has(n))) {
    const secret = secretOf("pair", name);
    if (base64(primitives.publicKey(secret)) !== keys.get(name)!.body.pair) return falseDealer(name, round.id);
    for (const other of near(name).filter((n) => n !== name && group.includes(n))) {
      if (!stayed.has(other) && (other < name || round.seed === undefined)) continue; // no mask of theirs is in the sum
      const shared = pairSecret(primitives, context, secret, unbase64(keys.get(other)!.body.pair), [name, other]);
      for (const lie of liesAbout(setup, round, shared, [name, other])) {
        if (stayed.has(lie.liar)) return lie;
        aside.push(lie);
      }
      if (!stayed.has(other)) continue;
      applyMask(primitives, sum, layout, shared, context, pairSign(other, name) === 1 ? -1 : 1);
    }
  }
  return sum;
}

const tooFew = (name: string, got: number, threshold: number) =>
  new ConcordError("E_ROUND", {
    operation: "unmask a sum",
    problem: `the secret of ${name} cannot be rebuilt: ${got} of those who hold its shares showed them, ${threshold} are needed`,
    got: name,
  });

/** Its holders checked their shares against what it committed to: the shares are its own. */
const falseDealer = (liar: string, round: number): Lie => ({
  liar,
  reason: `the shares that it dealt in round ${round} do not give its secret`,
});
