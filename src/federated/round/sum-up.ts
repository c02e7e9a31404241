// What a round gives once enough shares were shown: its sums, checked against what honest members can have, and the next model. With buckets,
// one whose sum is impossible or stays masked is left out: one of its members lied or left, and nobody can say which.
import { ConcordError, canonicalBytes } from "../../base/index.ts";
import { decode, gridSteps, hex } from "../../secret-sums/index.ts";
import { impossibleSum, meanDifference, type ServerState, serverStep } from "./aggregate.ts";
import { type BucketResult, bucketsProblem } from "./buckets.ts";
import { partsOf } from "./graph.ts";
import { bytesOf, examplesSegment, layoutOf } from "./layout.ts";
import { blobOf } from "./messages.ts";
import { bucketCount } from "./proposal.ts";
import { combineMeans } from "./robust.ts";
import type { CoordinatorSetup, CoordinatorState, Lie, OpenRound, RoundResult } from "./study.ts";
import { unmasked } from "./unmask.ts";

export interface Summed {
  readonly result: RoundResult;
  /** SHA-256 of the sums. */
  readonly sum: string;
  readonly model: Float32Array;
  readonly server: ServerState;
  /** Members that are not in the sums and were shown to have lied. */
  readonly lies: readonly Lie[];
}

type Sums = Record<string, Float64Array>;
interface Failure {
  readonly failure: string;
}

/** The round's result; or who lied; or why there is none. */
export function sumUp(setup: CoordinatorSetup, state: CoordinatorState, round: OpenRound): Summed | Lie | Failure {
  const { primitives, proposal } = setup;
  const learns = round.task === "train";
  const digestOf = (value: unknown) => hex(primitives.sha256(canonicalBytes(value)));
  const all: Sums[] = [];
  const parts: BucketResult[] = [];
  const stayed = new Set(round.survivors);
  const lies: Lie[] = [];
  for (const [i, part] of partsOf(round.graph, round.members).entries()) {
    const members = part.filter((n) => stayed.has(n));
    const found =
      members.length > 0
        ? sumOf(setup, round, { index: i, members: part, lies })
        : { failure: "too few of its participants stayed" };
    if ("liar" in found) return found;
    if ("failure" in found) {
      if (!round.graph.buckets) return found;
      parts.push({ members, leftOut: found.failure.slice(0, 500) });
      continue;
    }
    const digests = Object.entries(found.sums).map(([n, v]) => [n, hex(primitives.sha256(new Uint8Array(v.buffer)))]);
    all.push(found.sums);
    parts.push({ members, sum: digestOf(digests) });
  }
  const { graph } = round;
  const problem = graph.buckets && bucketsProblem(graph.buckets, round.survivors, parts);
  if (problem) return { failure: `${problem}: ${parts.flatMap((p) => p.leftOut ?? []).join("; ")}` };
  const rowsOf = (sums: Sums) => sums[examplesSegment]![0]!;
  const means = () => all.map((sums) => meanDifference(proposal, sums, rowsOf(sums)));
  const difference = learns
    ? proposal.robust
      ? combineMeans(proposal.robust, means(), bucketCount(proposal))
      : means()[0]!
    : undefined;
  const { model, server } = difference ? serverStep(proposal.strategy, state.model, difference, state.server) : state;
  const counts = (learns ? proposal.counts : proposal.tests).map(({ name, size }) => [
    name,
    Array.from({ length: size }, (_, i) => all.reduce((n, sums) => n + sums[name]![i]!, 0)),
  ]);
  const result: RoundResult = {
    round: round.id,
    task: round.task,
    survivors: round.survivors,
    examples: all.reduce((n, sums) => n + rowsOf(sums), 0),
    counts: Object.fromEntries(counts),
    model: blobOf(primitives, bytesOf(model)).sha256,
    ...(graph.buckets && { buckets: parts }),
    ...(difference && { step: Math.sqrt(difference.reduce((s, d) => s + d * d, 0)) }),
  };
  const sum = graph.buckets ? digestOf(parts.flatMap((p) => p.sum ?? [])) : parts[0]!.sum!;
  return { result, sum, model, server, lies };
}

/** One of the round's sums by part; or who lied in it; or why it is none of honest members. @param part which sum, of whom it may be, and where lies of others go */
function sumOf(
  setup: CoordinatorSetup,
  round: OpenRound,
  { index, members, lies }: { readonly index: number; readonly members: readonly string[]; readonly lies: Lie[] },
): { readonly sums: Sums } | Lie | Failure {
  const { proposal } = setup;
  const [parties, summed] = [members.length, round.survivors.filter((n) => members.includes(n)).length];
  let sums: Sums;
  try {
    const words = unmasked(setup, round, { sum: round.sums[index]!, members, aside: lies });
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
  return failure ? { failure } : { sums };
}
