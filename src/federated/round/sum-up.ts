// What a round gives once enough shares were shown: the sum, checked against what honest members can have, and the next model.
import { ConcordError, canonicalBytes } from "../../base/index.ts";
import { decode, gridSteps, hex } from "../secret-sums/index.ts";
import { impossibleSum, meanDifference, type ServerState, serverStep } from "./aggregate.ts";
import { bytesOf, examplesSegment, layoutOf } from "./layout.ts";
import { blobOf } from "./messages.ts";
import type { CoordinatorSetup, CoordinatorState, Lie, OpenRound, RoundResult } from "./study.ts";
import { unmasked } from "./unmask.ts";

export interface Summed {
  readonly result: RoundResult;
  /** SHA-256 of the sums. */
  readonly sum: string;
  readonly model: Float32Array;
  readonly server: ServerState;
}

/** The round's result; or who lied; or why there is none. */
export function sumUp(
  setup: CoordinatorSetup,
  state: CoordinatorState,
  round: OpenRound,
): Summed | Lie | { readonly failure: string } {
  const { primitives, proposal } = setup;
  const [parties, summed] = [round.members.length, round.survivors.length];
  let sums: Record<string, Float64Array>;
  try {
    const words = unmasked(setup, round);
    if ("liar" in words) return words;
    sums = decode(layoutOf(proposal, round.task), words, { parties, summed });
  } catch (error) {
    if (!(error instanceof ConcordError)) throw error;
    return { failure: error.facts.problem };
  }
  const examples = sums[examplesSegment]![0]!;
  if (examples === 0) return { failure: "the members that stayed have no rows" };
  const learns = round.task === "train";
  const failure = learns && impossibleSum(proposal, sums, examples, { summed, steps: gridSteps(parties) });
  if (failure) return { failure };
  const difference = learns ? meanDifference(proposal, sums, examples) : undefined;
  const { model, server } = difference ? serverStep(proposal.strategy, state.model, difference, state.server) : state;
  const counts = (learns ? proposal.counts : proposal.tests).map(({ name }) => [name, [...sums[name]!]]);
  const result: RoundResult = {
    round: round.id,
    task: round.task,
    survivors: round.survivors,
    examples,
    counts: Object.fromEntries(counts),
    model: blobOf(primitives, bytesOf(model)).sha256,
    ...(difference && { step: Math.sqrt(difference.reduce((s, d) => s + d * d, 0)) }),
  };
  const digests = Object.entries(sums).map(([n, v]) => [n, hex(primitives.sha256(new Uint8Array(v.buffer)))]);
  return { result, sum: hex(primitives.sha256(canonicalBytes(digests))), model, server };
}
