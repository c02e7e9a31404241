// The protocol under a network that drops, repeats, reorders and changes messages, and members that go away in any phase: the result is
// the exact sum of those who stayed, or the round does not count. CONCORD_ROUNDS_RUNS sets how many networks are tried.
import fc from "fast-check";
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { type Delivery, type Message, type Network, type Phase, simulate } from "../../src/federated/index.ts";
import { exactMean, examplesOf, smallStudy } from "./study.ts";

const runs = Number(process.env.CONCORD_ROUNDS_RUNS ?? 60);
const memberPhases = ["consent", "keys", "shares", "masked", "agree", "reveal"] as const satisfies readonly Phase[];

const plan = fc.record({
  members: fc.integer({ min: 2, max: 4 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  lost: fc.integer({ min: 0, max: 6 }), // of 100
  repeated: fc.integer({ min: 0, max: 30 }),
  changed: fc.integer({ min: 0, max: 6 }),
  mixed: fc.boolean(),
  leaves: fc.array(
    fc.record({
      place: fc.integer({ min: 0, max: 3 }),
      round: fc.integer({ min: 1, max: 2 }),
      phase: fc.constantFrom(...memberPhases),
    }),
    { maxLength: 2 },
  ),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

const phaseOf = ({ message }: Delivery) => (message as Message).phase;

/** A network with these faults. */
function faulty(plan: Plan, names: readonly string[], rare: number): Network {
  const { seed, repeated, mixed, leaves } = plan;
  const [lost, changed] = [Math.ceil(plan.lost / rare), Math.ceil(plan.changed / rare)];
  const chance = random(seed);
  const gone = new Set<string>();
  return {
    next: (waiting) => (mixed ? chance.int(waiting.length) : 0),
    carry: (delivery) => {
      const { from, to, message } = delivery;
      const { round } = message as Message;
      for (const leave of leaves)
        if (names[leave.place] === from && round >= leave.round && phaseOf(delivery) === leave.phase) gone.add(from);
      if (gone.has(from) || gone.has(to)) return [];
      const dice = chance.int(100);
      if (dice < lost) return [];
      if (dice < lost + changed) return [alter(delivery, chance.int(1000)), delivery];
      return dice < lost + changed + repeated ? [delivery, delivery] : [delivery];
    },
  };
}

/** A message with one thing changed. */
function alter(delivery: Delivery, dice: number): Delivery {
  const message = structuredClone(delivery.message) as Record<string, unknown>;
  if (delivery.payload && dice % 2) {
    const payload = delivery.payload.slice();
    payload[dice % payload.length] = payload[dice % payload.length]! ^ 1;
    return { ...delivery, payload, tries: 99 };
  }
  const keys = Object.keys(message);
  const key = keys[dice % keys.length]!;
  message[key] = typeof message[key] === "number" ? (message[key] as number) + 1 : `${JSON.stringify(message[key])}x`;
  return { ...delivery, message, tries: 99 };
}

/** What happened in so many networks. Sparse: of six members more, each with six neighbours. */
async function tryNetworks(numRuns: number, sparse: boolean): Promise<void> {
  const seen = { networks: numRuns, counted: 0, failed: 0, partial: 0 };
  await fc.assert(
    fc.asyncProperty(plan, async (faults) => {
      const members = faults.members + (sparse ? 6 : 0);
      const change = sparse ? { neighbours: 6 } : {};
      const study = smallStudy({ members, rounds: 1, seed: faults.seed, change });
      const names = study.proposal.members.map((m) => m.name);
      let before: Float32Array = new Float32Array(5);
      const outcome = await simulate({
        ...study,
        network: faulty(faults, names, sparse ? 5 : 1), // a round of ten members has many more messages to lose
        onEffect: (who, effect) => {
          if (effect.kind === "failed") seen.failed++;
          if (effect.kind !== "counted") return;
          const { result, model } = effect;
          const places = result.survivors.map((n) => names.indexOf(n));
          seen.counted++;
          if (places.length < names.length) seen.partial++;
          expect(who).toBe("coordinator");
          expect(places.length).toBeGreaterThanOrEqual(study.proposal.threshold);
          expect(result.examples).toBe(places.reduce((n, p) => n + examplesOf(p), 0));
          if (result.task === "train") {
            const want = exactMean(places, result.round, 5);
            for (const [i, w] of model.entries()) expect(Math.abs(w - before[i]! - want[i]!)).toBeLessThan(3e-7);
            expect(result.counts).toEqual({ right: [places.reduce((n, p) => n + p + 1, 0)] });
            before = model;
          } else
            expect(result.counts).toEqual({
              confusion: [places.reduce((n, p) => n + p, 0), ...[1, 2, 3].map((x) => x * places.length)],
            });
        },
      });
      expect(["finished", "stopped"]).toContain(outcome.coordinator.stage);
      const rounds = outcome.coordinator.results.filter((r) => r.task === "train");
      expect(new Set(rounds.map((r) => r.round)).size).toBe(rounds.length);
      if (outcome.coordinator.stage === "finished") expect(rounds.length).toBe(1);
    }),
    { numRuns, seed: Number(process.env.CONCORD_FUZZ_SEED ?? 1) },
  );
  expect(seen.counted).toBeGreaterThan(numRuns / 2); // the faults leave enough rounds to look at
  expect(seen.failed).toBeGreaterThan(0);
  expect(seen.partial).toBeGreaterThan(0);
  if (runs > 1000) console.info(JSON.stringify(seen));
}

test(`${runs} networks: every round that counts is the exact sum of its survivors`, {
  timeout: 3_600_000,
}, async () => {
  await tryNetworks(runs, false);
});

const sparseRuns = Math.ceil(runs / 20);
test(`${sparseRuns} networks of neighbours: every round that counts is the exact sum of its survivors`, {
  timeout: 3_600_000,
}, async () => {
  await tryNetworks(sparseRuns, true);
});

test("a simulation of one seed is repeated bit by bit", async () => {
  const models = await Promise.all(
    [1, 1, 2].map(async (seed) => {
      const { coordinator } = await simulate(smallStudy({ seed, size: 200 }));
      return Array.from(coordinator.model);
    }),
  );
  expect(models[0]).toEqual(models[1]);
  expect(models[0]).not.toEqual(models[2]); // rounding is drawn from the members' own entropy
});
