// How many neighbours a member of a sparse round needs, from exact hypergeometric tails (the condition of Bell et al. 2020, §3, made
// stricter for a coordinator that chooses itself whom it calls gone).
import { ConcordError } from "../../base/index.ts";
import { sideRule } from "./graph.ts";
import { defaultThreshold } from "./proposal.ts";

export interface NeighbourNeeds {
  /** Share of the members that may work with the coordinator. Default 0.05. */
  readonly corrupt?: number;
  /** Share of the members that may leave a round. Default 0.05. */
  readonly dropout?: number;
  /** A round is unsafe with a chance of at most 2^−this. Default 40. */
  readonly securityBits?: number;
  /** The coordinator may try 2^this rosters for a graph that suits it. Default 64. */
  readonly grindingBits?: number;
  /** A round fails by chance, nobody lying, at most 2^−this. Default 30. */
  readonly correctnessBits?: number;
  /** Members that must stay, of the proposal. Default more than two thirds. */
  readonly threshold?: number;
}

/**
 * The least even number of neighbours for which, but for the chances given, no stretch of the ring as long as a side has half or more
 * corrupt members, in the smallest roster that members accept, and none loses half or more by dropouts. Both by the union bound over
 * all stretches and, for the first, all rosters tried.
 * @returns members − 1 where only the complete graph will do
 * @throws E_ARGUMENT for fewer than 2 members or shares that are not in [0, 1)
 * @example neighboursFor(1000, { corrupt: 0.05, dropout: 0.05 })
 */
export function neighboursFor(members: number, needs: NeighbourNeeds = {}): number {
  const { corrupt = 0.05, dropout = 0.05, securityBits = 40, grindingBits = 64, correctnessBits = 30 } = needs;
  const { threshold = defaultThreshold(members) } = needs;
  if (!Number.isInteger(members) || members < 2 || ![corrupt, dropout].every((x) => x >= 0 && x < 1))
    throw new ConcordError("E_ARGUMENT", {
      operation: "choose neighbours",
      problem: "no such study",
      expected: "2 participants or more, shares in [0, 1)",
      got: `${members} participants, corrupt ${corrupt}, dropout ${dropout}`,
    });
  const liars = Math.min(threshold, Math.floor(corrupt * members));
  const leavers = Math.floor(dropout * members);
  for (let neighbours = 4; neighbours < Math.min(members, threshold) - 1; neighbours += 2) {
    const { side, stay } = sideRule(neighbours);
    const unsafe = Math.log2(threshold) + log2Tail({ of: threshold, marked: liars, drawn: side, least: stay });
    const failing =
      Math.log2(members) + log2Tail({ of: members, marked: leavers, drawn: side, least: side - stay + 1 });
    if (unsafe + grindingBits <= -securityBits && failing <= -correctnessBits) return neighbours;
  }
  return members - 1;
}

/** log₂ of the chance that `drawn` of a population, `marked` of which are marked, have `least` marked or more. −∞ where they cannot. */
export function log2Tail(draw: {
  readonly of: number;
  readonly marked: number;
  readonly drawn: number;
  readonly least: number;
}): number {
  const { of, marked, drawn, least } = draw;
  const from = Math.max(least, drawn - (of - marked), 0);
  const to = Math.min(drawn, marked);
  const terms = Array.from(
    { length: Math.max(0, to - from + 1) },
    (_, i) => logChoose(marked, from + i) + logChoose(of - marked, drawn - from - i) - logChoose(of, drawn),
  );
  if (terms.length === 0) return Number.NEGATIVE_INFINITY;
  const most = Math.max(...terms);
  return (most + Math.log(terms.reduce((s, t) => s + Math.exp(t - most), 0))) / Math.LN2;
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
