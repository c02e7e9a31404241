// Rounds in which each member shares masks with its neighbours on a ring only: the sum is exact, what cannot be undone fails with its
// reason, and a coordinator that cuts the ring or shows two stories gets nothing.
import { expect, test } from "vitest";
import {
  type Delivery,
  holdersOf,
  log2Tail,
  type Message,
  neighboursFor,
  ringOf,
  type StudyOutcome,
  signedMessage,
  simulate,
  thinStretch,
} from "../../src/federated/index.ts";
import { exactMean, partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

const phaseOf = ({ message }: Delivery) => (message as Message).phase;
const proposal = smallProposal({ members: 10, threshold: 6, change: { neighbours: 6, attempts: 1 } });
const names = proposal.members.map((m) => m.name);
const by = partyOf("coordinator").identity;

/** A study over a network that may know the round's ring once the roster is out. */
async function sparse(carry: (d: Delivery, ring: readonly string[]) => readonly Delivery[], of = proposal) {
  let ring: readonly string[] = [];
  const [alarms, reasons]: [string[], string[]] = [[], []];
  const sent = new Map<string, Message[]>();
  const outcome = await simulate({
    ...smallStudy({ proposal: of }),
    network: {
      carry: (d) => {
        const message = d.message as Message;
        if (message.phase === "roster" && ring.length === 0)
          ring = ringOf(primitives, of, message, message.body.keys as Message<"keys">[]) ?? [];
        if (d.from !== "coordinator") sent.set(d.from, [...(sent.get(d.from) ?? []), message]);
        return carry(d, ring);
      },
    },
    onEffect: (who, e) => {
      if (e.kind === "alarm") alarms.push(`${who}: ${e.reason}`);
      if (e.kind === "failed") reasons.push(e.reason);
    },
  });
  return { ...outcome, ring, alarms, reasons, sent };
}

function expectSum({ coordinator }: StudyOutcome, gone: readonly string[]): void {
  const [first] = coordinator.results;
  expect(first?.survivors).toEqual(names.filter((n) => !gone.includes(n)));
  expect(first?.examples).toBe(names.reduce((n, name, i) => n + (gone.includes(name) ? 0 : 10 * (i + 1)), 0));
}
const told = (d: Delivery, change: (body: Record<string, unknown>) => Record<string, unknown>): Delivery => {
  const { run, round, to, phase, body } = d.message as Message;
  return { ...d, message: signedMessage(by, { run, round, to }, phase, change(body as never) as never) };
};

test("boxes go to neighbours only, and the sum of all is the exact one", async () => {
  const outcome = await sparse((d) => [d]);
  expect(outcome.refused).toEqual([]);
  expectSum(outcome, []);
  const want = exactMean(
    names.map((_, i) => i),
    1,
    5,
  );
  for (const [i, w] of outcome.coordinator.model.entries()) expect(Math.abs(w - want[i]!)).toBeLessThan(3e-7);
  for (const [name, messages] of outcome.sent) {
    const dealt = messages.find((m) => m.phase === "shares" && m.round === 1) as Message<"shares">;
    expect(Object.keys(dealt.body.boxes).sort()).toEqual(holdersOf(proposal, names, { ring: outcome.ring }, name));
    expect(Object.keys(dealt.body.boxes)).toHaveLength(7);
  }
});

test.each([
  ["after its shares", "masked"],
  ["after its keys", "shares"],
] as const)("members that leave %s are taken out by their neighbours' shares", async (_, phase) => {
  const left = (ring: readonly string[]) => [ring[0], ring[4]];
  const outcome = await sparse((d, ring) =>
    phaseOf(d) === phase && (d.message as Message).round === 1 && left(ring).includes(d.from) ? [] : [d],
  );
  expectSum(outcome, left(outcome.ring) as string[]);
});

test("a round fails with its reason when too many leave next to each other", async () => {
  const outcome = await sparse((d, ring) => (phaseOf(d) === "masked" && ring.slice(2, 4).includes(d.from) ? [] : [d]));
  expect(outcome.reasons[0]).toMatch(/^1 of the 3 members from .* stayed, 2 are needed/);
  expect(outcome.coordinator.results).toEqual([]);
});

test("a round fails naming whose secret cannot be rebuilt", async () => {
  const outcome = await sparse((d, ring) => (phaseOf(d) === "reveal" && ring.slice(0, 4).includes(d.from) ? [] : [d]));
  expect(outcome.reasons[0]).toMatch(/^the secret of \S+ cannot be rebuilt: 3 of those who hold its shares/);
});

test("a coordinator that cuts the ring by a list of survivors is refused by every member: nobody shows a share", async () => {
  const outcome = await sparse((d, ring) => {
    if (phaseOf(d) !== "survivors") return [d];
    const cut = [...ring.slice(0, 2), ...ring.slice(5, 7)]; // six stay, in two arcs: enough for the threshold
    return [told(d, (body) => ({ ...body, survivors: (body.survivors as string[]).filter((n) => !cut.includes(n)) }))];
  });
  expect(outcome.coordinator.results).toEqual([]);
  const refusals = outcome.refused.filter((r) => r.error.facts.problem === "a list of survivors that falls into parts");
  expect(refusals.length).toBeGreaterThanOrEqual(6);
  expect([...outcome.sent.values()].flat().filter((m) => m.phase === "reveal")).toEqual([]);
});

test("a coordinator that shows two neighbours different survivors gets no mask off: the members notice", async () => {
  let agreed: Message | undefined;
  const outcome = await sparse((d, ring) => {
    const message = d.message as Message;
    if (message.phase === "agree" && d.from === ring[1]) agreed = message;
    if (message.phase === "survivors" && d.to === ring[1])
      return [told(d, (b) => ({ ...b, survivors: (b.survivors as string[]).filter((n) => n !== ring[2]) }))];
    if (message.phase !== "unmask") return [d];
    return [told(d, (b) => ({ agreements: [...(b.agreements as Message[]), agreed!].sort(byName) }))];
  });
  const shown = outcome.alarms.filter((a) => a.includes("was shown another round"));
  expect(shown.length).toBeGreaterThan(0);
  expect(outcome.coordinator.results).toEqual([]);
  expectOneSecretOfEach(outcome.sent);
});

const byName = (a: Message, b: Message) => (a.from < b.from ? -1 : 1);

/** Whatever was shown: of nobody both secrets. */
function expectOneSecretOfEach(sent: ReadonlyMap<string, readonly Message[]>): void {
  const reveals = [...sent.values()].flat().filter((m) => m.phase === "reveal") as Message<"reveal">[];
  for (const name of names) {
    const of = (kind: "self" | "pair") => reveals.filter((m) => Object.hasOwn(m.body[kind], name)).length;
    expect(Math.min(of("self"), of("pair"))).toBe(0);
  }
}

test("agreements of neighbours alone are too few: the whole round is one view", async () => {
  const outcome = await sparse((d, ring) => {
    if (phaseOf(d) !== "unmask") return [d];
    const near = holdersOf(proposal, names, { ring }, d.to).slice(0, 5);
    return [told(d, (b) => ({ agreements: (b.agreements as Message[]).filter((a) => near.includes(a.from)) }))];
  });
  expect(outcome.refused.map((r) => r.error.facts.problem)).toContain(
    "agreements of others than the survivors, or too few",
  );
  expect(outcome.coordinator.results).toEqual([]);
});

test.each(["none", "somebody else's"])("an inbox with %s for a neighbour's box is refused", async (what) => {
  const outcome = await sparse((d, ring) => {
    if (phaseOf(d) !== "inbox" || d.to !== ring[1]) return [d];
    const of = (name: string) => (name === ring[2] ? (what === "none" ? [] : [ring[5]!]) : [name]);
    const boxes = (all: Record<string, string>) =>
      Object.fromEntries(Object.entries(all).flatMap(([n, box]) => of(n).map((name) => [name, box])));
    return [told(d, (b) => ({ ...b, boxes: boxes(b.boxes as never) }))];
  });
  const refusal = outcome.refused.find((r) => r.who === outcome.ring[1]);
  expect(refusal?.error.facts.problem).toMatch(/^encrypted shares of other participants/);
  expect(outcome.alarms).toEqual([]);
  expectSum(outcome, [outcome.ring[1]!]);
});

test("as many neighbours as there are others is the complete graph: the messages are those of a study without", async () => {
  const messages = async (change: object) => {
    const study = smallStudy({ members: 5, change });
    const outcome = await simulate(study);
    return outcome.coordinator.results.map(({ model, survivors }) => [model, survivors]);
  };
  expect(await messages({ neighbours: 4 })).toEqual(await messages({}));
  expect(ringOf(primitives, { ...proposal, neighbours: 10 }, { run: "r", round: 1 }, [])).toBeUndefined();
});

test("the ring is another one for another key of anybody, and for another round", () => {
  const key = (from: string, pair: string) =>
    ({ from, body: { box: "b", seal: "e", pair, self: "s" } }) as Message<"keys">;
  const roster = (pair: string) => names.map((n, i) => key(n, i === 3 ? pair : "p"));
  const rings = [
    ringOf(primitives, proposal, { run: "r", round: 1 }, roster("p"))!,
    ringOf(primitives, proposal, { run: "r", round: 1 }, roster("q"))!,
    ringOf(primitives, proposal, { run: "r", round: 2 }, roster("p"))!,
  ];
  for (const ring of rings) expect([...ring].sort()).toEqual([...names].sort());
  expect(new Set(rings.map(String)).size).toBe(3);
});

test("more than half of each stretch has to stay, also over the ring's seam", () => {
  const ring = Array.from({ length: 12 }, (_, i) => `m${i}`);
  const without = (...gone: number[]) => ring.filter((_, i) => !gone.includes(i));
  expect(thinStretch(proposal, { ring }, without(0, 3, 6, 9))).toBeUndefined();
  expect(thinStretch(proposal, { ring }, without(4, 6))).toMatch(/^1 of the 3 members from m4 on stayed/);
  expect(thinStretch(proposal, { ring }, without(11, 0))).toMatch(/^1 of the 3/);
});

test.each([
  [1000, 50, 60, 15, -24.694690924520554],
  [667, 50, 99, 50, -156.80257366332353],
  [100, 33, 10, 0, 0],
])("the tail of %i, %i marked, %i drawn, %i or more is scipy's", (of, marked, drawn, least, want) => {
  expect(log2Tail({ of, marked, drawn, least })).toBeCloseTo(want, 9);
});

test("neighbours grow with the logarithm of the members, with whom to fear and with the rosters that may be tried", () => {
  expect(neighboursFor(1000)).toBe(164);
  expect(neighboursFor(10_000)).toBe(232); // Bell 2020: 3 % of 10,000, at the same shares, against a semi-malicious coordinator
  expect(neighboursFor(60_000)).toBe(244);
  expect(neighboursFor(10_000, { grindingBits: 0 })).toBe(100);
  expect(neighboursFor(10_000, { corrupt: 0.1, dropout: 0.1 })).toBe(436);
  expect(neighboursFor(40)).toBeLessThan(39);
  expect(neighboursFor(5)).toBe(4); // only the complete graph
  expect(() => neighboursFor(10, { corrupt: 1 })).toThrow("E_ARGUMENT");
});
