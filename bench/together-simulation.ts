// A whole round of many members in one process: real keys, masks, shares, signatures and messages of every member and the coordinator,
// beside plain averaging of the same updates. Signatures that this process made are not checked again: that is left out of its time.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { cpus } from "node:os";
import { random } from "../src/base/index.ts";
import {
  defaultThreshold,
  type Identity,
  neighboursFor,
  type Primitives,
  readProposal,
  type SimulatedMember,
  simulate,
} from "../src/federated/index.ts";
import { nodePrimitives } from "../src/federated/node/index.ts";

const peers = 1000;
const size = 10_000;

const proposalOf = (
  coordinator: { name: string; key: string },
  members: readonly { name: string; key: string }[],
  neighbours: number,
) =>
  readProposal({
    format: "concord-proposal",
    version: 1,
    run: "bench-of-a-simulation",
    recipe: {},
    files: [],
    coordinator,
    members,
    threshold: defaultThreshold(members.length),
    ...(neighbours < members.length - 1 && { neighbours }),
    rounds: 1,
    maxExamples: 100,
    update: [{ name: "w", size, kind: "real", bound: 1 }],
    counts: [],
    tests: [],
  });

/** Parties with keys, and primitives that take a signature for checked which one of them made. */
export function crowd() {
  const made = new Set<string>();
  const idOf = (...parts: Uint8Array[]) => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest("base64");
  };
  const primitives: Primitives = {
    ...nodePrimitives,
    verify: (key, message, signature) =>
      made.has(idOf(key, signature, message)) || nodePrimitives.verify(key, message, signature),
  };
  const partyOf = (name: string) => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const spki = publicKey.export({ type: "spki", format: "der" });
    const identity: Identity = {
      name,
      sign: (message) => {
        const signature = new Uint8Array(sign(null, message, privateKey));
        made.add(idOf(spki, signature, message));
        return signature;
      },
    };
    return { identity, party: { name, key: spki.toString("base64") } };
  };
  return { primitives, partyOf };
}

/** @param members of the study @param neighbours of each; default what {@link neighboursFor} says */
export async function togetherSimulationBench(
  members = peers,
  neighbours = neighboursFor(members),
): Promise<Record<string, string | number>> {
  const { primitives, partyOf } = crowd();
  const coordinator = partyOf("coordinator");
  const parties = Array.from({ length: members }, (_, i) => partyOf(`m${String(i).padStart(4, "0")}`));
  const proposal = proposalOf(
    coordinator.party,
    parties.map((p) => p.party),
    neighbours,
  );
  const updates = parties.map((_, i) => {
    const chance = random(i);
    return Float32Array.from({ length: size }, () => chance.float() - 0.5);
  });
  const start = performance.now();
  const mean = new Float64Array(size);
  for (const update of updates) for (let i = 0; i < size; i++) mean[i] = mean[i]! + update[i]! / members;
  const plain = (performance.now() - start) / 1000;

  let peak = 0;
  const watch = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const { coordinator: end } = await simulate({
    primitives,
    proposal,
    coordinator: coordinator.identity,
    members: parties.map(
      ({ identity }, i): SimulatedMember => ({
        identity,
        work: () => {
          watch();
          return { examples: 100, values: { w: updates[i]! } };
        },
      }),
    ),
    model: new Float32Array(size),
    entropy: random(0),
    onEffect: watch,
  });
  const seconds = (performance.now() - begun) / 1000;
  const used = process.cpuUsage(cpu);
  const largest = end.model.reduce((m, x, i) => Math.max(m, Math.abs(x - mean[i]!)), 0);
  const grid = members / (2 ** 31 / members);
  if (end.stage !== "finished" || end.results[0]!.survivors.length !== members || largest > grid + 1e-7)
    throw new Error(`the simulated round is wrong: ${end.stage}, off by ${largest}`);
  return {
    "simulated members": members,
    parameters: size,
    neighbours: Math.min(neighbours, members - 1),
    "round s": seconds.toFixed(1),
    "CPU s": ((used.user + used.system) / 1e6).toFixed(1),
    "peak RSS MiB": (peak / 2 ** 20).toFixed(0),
    "plain averaging s": plain.toFixed(3),
    "round / plain": (seconds / plain).toFixed(0),
    "ms per member": ((1000 * seconds) / members).toFixed(0),
    cores: cpus().length,
  };
}
