// The coordinator's side of the check of how long members' updates are: between the masked words and the list of survivors, so that who does
// not pass it, or says nothing, is one that did not stay, and nothing has to be summed a second time.
import { canonicalBytes } from "../../base/index.ts";
import type { Primitives } from "../../secret-sums/index.ts";
import { byUnits, hex, isShort, maskCommitment, type NormContext, squaresBound } from "../../secret-sums/index.ts";
import { type Graph, holdersOf, partsOf } from "./graph.ts";
import type { Task } from "./layout.ts";
import type { Message } from "./messages.ts";
import type { Proposal } from "./proposal.ts";
import { type CoordinatorSetup, type Lie, type OpenRound, refusedByCoordinator } from "./study.ts";

/** Whether a round looks at the length of updates. */
export const checksNorm = ({ norm }: Proposal, task: Task): boolean => norm !== undefined && task === "train";

/** words ← words + more, modulo 2³², in place. */
export function addTo(words: Uint32Array, more: Uint32Array): void {
  for (let i = 0; i < more.length; i++) words[i] = words[i]! + more[i]!;
}

/** What the projections are drawn with: nobody knows it before all masked words are there. */
export const seedOf = (primitives: Primitives, { view, arrived }: OpenRound): string => {
  const words = [...arrived.values()].map(({ from, body }) => [from, body.words.sha256]);
  words.sort(([a], [b]) => byUnits(a!, b!));
  return hex(primitives.sha256(canonicalBytes(["norm", view, words])));
};

/** What a member's answer is about. @param members that the round asked */
export function normContext(
  { update, norm, run }: Proposal,
  round: { readonly id: number; readonly view?: string; readonly graph: Graph; readonly members: readonly string[] },
  name: string,
  seed: string,
): NormContext {
  const parties = partsOf(round.graph, round.members).find((p) => p.includes(name))!.length;
  const bytes = Uint8Array.from(seed.match(/../g)!, (byte) => Number.parseInt(byte, 16));
  const bound = squaresBound(update, norm!, parties);
  return { run, round: round.id, name, view: round.view!, seed: bytes, update, bound };
}

/** Whom a member shares masks with. */
const pairsOf = (proposal: Proposal, { keys, graph, group }: OpenRound, name: string): readonly string[] =>
  holdersOf(proposal, [...keys.keys()], graph, name).filter((n) => n !== name && group.includes(n));

/** The round with a member's answer; or its lie: words that it signed, and no proof that they hide a short update. */
export function withCheck(
  setup: CoordinatorSetup,
  round: OpenRound,
  { from, body }: Message<"checked">,
): OpenRound | Lie {
  const { primitives, proposal } = setup;
  const words = round.words.get(from);
  if (!words) throw refusedByCoordinator("a proof of a participant without a masked update", from);
  if (body.seed !== round.seed)
    throw refusedByCoordinator(`the proof of ${from} is about other projections`, body.seed, round.seed);
  const [named, pairs] = [new Set(Object.keys(body.pairs)), pairsOf(proposal, round, from)];
  const isWhole = named.size === pairs.length && pairs.every((n) => named.has(n));
  if (isWhole && isShort(primitives, normContext(proposal, round, from, body.seed), words, body))
    return { ...round, checks: new Map(round.checks).set(from, body) };
  const reason = `its proof in round ${round.id} does not show an update of norm ${proposal.norm} or less`;
  return { liar: from, reason };
}

/**
 * Members whose answers agree with all others' about their common masks. Of two that do not, one has lied: whoever is in several disputes is left out of
 * the sum, and where two dispute only with each other both are. Their pair secrets, shown with the sum, tell who lied.
 */
export function undisputed(round: OpenRound): string[] {
  const disputes = disputesOf(round);
  for (;;) {
    const [name, most] = [...disputes].reduce((a, b) => (b[1].size > a[1].size ? b : a), ["", new Set<string>()]);
    if (most.size === 0) return [...disputes.keys()];
    for (const out of most.size === 1 ? [name, ...most] : [name]) {
      disputes.delete(out);
      for (const others of disputes.values()) others.delete(out);
    }
  }
}

/** With whom each does not agree. */
function disputesOf({ checks }: OpenRound): Map<string, Set<string>> {
  const disputes = new Map([...checks.keys()].sort(byUnits).map((name) => [name, new Set<string>()]));
  for (const [name, { pairs }] of checks)
    for (const [other, said] of Object.entries(pairs)) {
      const theirs = checks.get(other)?.pairs[name];
      if (theirs !== undefined && theirs !== said) disputes.get(name)!.add(other);
    }
  return disputes;
}

/** Disputes in words: what a round that too few are left of says. */
export const disputesText = (round: OpenRound): string =>
  [...disputesOf(round)]
    .flatMap(([name, others]) => [...others].filter((n) => name < n).map((n) => `${name} and ${n}`))
    .map((pair) => `; ${pair} contradict each other about their common mask: one of the two lied`)
    .join("");

/** The round without a member's words; undefined where they are in the sum already. */
export function withoutWords(round: OpenRound, name: string): OpenRound | undefined {
  if (!round.arrived.has(name)) return round;
  if (!round.words.has(name) || (round.phase !== "masked" && round.phase !== "checked")) return undefined;
  const without = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([n]) => n !== name));
  const { arrived, words, checks } = round;
  return { ...round, arrived: without(arrived), words: without(words), checks: without(checks) };
}

/** The round with the words of those who passed in its sums, and without the words. */
export function summed(round: OpenRound, survivors: readonly string[]): OpenRound {
  const parts = partsOf(round.graph, round.members);
  for (const name of survivors) addTo(round.sums[parts.findIndex((p) => p.includes(name))]!, round.words.get(name)!);
  return { ...round, words: new Map() };
}

/**
 * Holds what members said of masks against their secrets, once these are shown.
 * @param of a mask: its secret, and whose it is: one member's own, or a pair's
 * @returns those who said something else
 */
export function liesAbout(
  { primitives, proposal }: CoordinatorSetup,
  round: OpenRound,
  secret: Uint8Array,
  of: readonly [string] | readonly [string, string],
): Lie[] {
  const { seed, checks } = round;
  if (seed === undefined) return [];
  const said = of.flatMap((name, i): [string, string][] => {
    const check = checks.get(name);
    if (!check) return [];
    return [[name, of.length === 1 ? check.self : check.pairs[of[1 - i]!]!]];
  });
  if (said.length === 0) return [];
  const truth = maskCommitment(primitives, normContext(proposal, round, of[0], seed), secret);
  const reason = `committed in round ${round.id} to another mask than it used`;
  return said.flatMap(([liar, commitment]) => (commitment === truth ? [] : [{ liar, reason }]));
}
