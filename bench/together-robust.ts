// A round of robust aggregation beside one secret sum over all: seconds and bytes of whole simulated rounds, real keys, masks, shares and messages.
// Signatures that this process made are not checked again, as in together-simulation.
import { random } from "../src/base/index.ts";
import {
  bucketCount,
  defaultThreshold,
  type Network,
  type Proposal,
  type Robust,
  readProposal,
  simulate,
} from "../src/federated/index.ts";
import { crowd } from "./together-simulation.ts";

const members = 60;
const size = 100_000;
const repeats = 3;
const kinds: readonly (Robust | undefined)[] = [
  undefined,
  { rule: "median", bucketSize: 12 },
  { rule: "median", bucketSize: 5 },
  { rule: "trimmed-mean", bucketSize: 5, trim: 0.25 },
];

export async function togetherRobustBench(): Promise<Record<string, string | number>[]> {
  const { primitives, partyOf } = crowd();
  const coordinator = partyOf("coordinator");
  const parties = Array.from({ length: members }, (_, i) => partyOf(`m${String(i).padStart(3, "0")}`));
  const updates = parties.map((_, i) => {
    const chance = random(i);
    return Float32Array.from({ length: size }, () => chance.float() - 0.5);
  });
  const proposals = kinds.map((robust) =>
    readProposal({
      format: "concord-proposal",
      version: 1,
      run: "bench-of-robust",
      recipe: {},
      files: [],
      coordinator: coordinator.party,
      members: parties.map((p) => p.party),
      threshold: defaultThreshold(members),
      ...(robust && { robust }),
      rounds: 1,
      maxExamples: 100,
      update: [{ name: "w", size, kind: "real", bound: 1 }],
      counts: [],
      tests: [],
    }),
  );
  const round = async (proposal: Proposal, network?: Network): Promise<number> => {
    const begun = performance.now();
    const { coordinator: end } = await simulate({
      primitives,
      proposal,
      coordinator: coordinator.identity,
      members: parties.map(({ identity }, i) => ({
        identity,
        work: () => ({ examples: 100, values: { w: updates[i]! } }),
      })),
      model: new Float32Array(size),
      entropy: random(0),
      network,
    });
    if (end.stage !== "finished" || end.results[0]!.survivors.length !== members)
      throw new Error(`the simulated round is wrong: ${end.stage}`);
    return (performance.now() - begun) / 1000;
  };
  const seconds = proposals.map((): number[] => []);
  for (
    let turn = 0;
    turn < repeats;
    turn++ // interleaved: the machine's speed drifts
  )
    for (const [k, proposal] of proposals.entries()) seconds[k]!.push(await round(proposal));
  const rows: Record<string, string | number>[] = [];
  const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  for (const [k, proposal] of proposals.entries()) {
    let bytes = 0;
    const carry = (delivery: Parameters<NonNullable<Network["carry"]>>[0]) => {
      bytes += JSON.stringify(delivery.message).length + (delivery.payload?.length ?? 0);
      return [delivery];
    };
    await round(proposal, { carry });
    const { robust } = proposal;
    rows.push({
      aggregation: robust ? robust.rule : "one sum",
      members,
      parameters: size,
      buckets: robust ? bucketCount(proposal) : "–",
      "round s": middle(seconds[k]!).toFixed(1),
      least: Math.min(...seconds[k]!).toFixed(1),
      most: Math.max(...seconds[k]!).toFixed(1),
      "/ one sum": (middle(seconds[k]!) / middle(seconds[0]!)).toFixed(2),
      "KiB per member": Math.round(bytes / members / 1024),
    });
  }
  return rows;
}
