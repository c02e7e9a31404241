// What each side refuses in each phase, one hostile message at a time beside the honest ones: the reason is named, and the round counts as if
// the message had not come. Written against broken code: every row fails where its check is taken out.
import { expect, test } from "vitest";
import {
  type Delivery,
  type Identity,
  type Message,
  newCoordinator,
  newParticipant,
  type Phase,
  type Proposal,
  proposalDigest,
  type SimulatedMember,
  signedMessage,
  simulate,
  stepCoordinator,
  stepParticipant,
} from "../../src/federated/index.ts";
import { exactMean, party, partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

const bodyOf = <P extends Phase>(d: Delivery) => (d.message as Message<P>).body;
const identityOf = (name: string) => partyOf(name).identity;
const sha256 = (bytes: Uint8Array) => Buffer.from(primitives.sha256(bytes)).toString("hex");
const zeros = "0".repeat(64);
const all = ["hospital", "ministry", "university"];

/** The same message with something else in it, signed by who sends it; what is refused is not given again. */
function resigned(d: Delivery, body: unknown, head: Partial<Message> = {}, by = identityOf(d.from)): Delivery {
  const { run, round, to, phase } = { ...(d.message as Message), ...head };
  return { ...d, tries: 99, message: signedMessage(by, { run, round, to }, phase, body as never) };
}

/** A study whose deliveries may be changed; what was refused, by whom and why. */
async function studied(
  carry: (d: Delivery, phase: Phase) => readonly Delivery[],
  options: Parameters<typeof smallStudy>[0] = {},
) {
  const reasons: string[] = [];
  const alarms: string[] = [];
  const outcome = await simulate({
    ...smallStudy(options),
    network: { carry: (d) => carry(d, (d.message as Message).phase) },
    onEffect: (who, e) => {
      if (e.kind === "failed") reasons.push(e.reason);
      if (e.kind === "alarm") alarms.push(`${who}: ${e.reason}`);
    },
  });
  const refused = outcome.refused.map(({ who, error }) => `${who}: ${error.facts.problem}`);
  return { ...outcome, reasons, alarms, refusals: refused };
}

/** The first round is the exact mean of these members, and nothing failed. */
function expectMean({ coordinator, reasons }: Awaited<ReturnType<typeof studied>>, survivors = all): void {
  expect(reasons).toEqual([]);
  expect(coordinator.stage).toBe("finished");
  expect(coordinator.results[0]!.survivors).toEqual(survivors);
  const places = survivors.map((n) => all.indexOf(n));
  const rows = places.reduce((n, p) => n + 10 * (p + 1), 0);
  expect(coordinator.results.map((r) => r.examples)).toEqual(coordinator.results.map(() => rows));
  const want = exactMean(places, 1, 5);
  for (const [i, w] of coordinator.model.entries()) expect(Math.abs(w - want[i]!)).toBeLessThan(3e-7);
}

const other = (d: Delivery) => {
  const payload = d.payload!.slice();
  payload[0]! ^= 1;
  const words = { sha256: sha256(payload), bytes: payload.length };
  return { ...resigned(d, { ...bodyOf(d), words }), payload };
};

const toCoordinator: [what: string, phase: Phase, lie: (d: Delivery) => Delivery, problem: string][] = [
  [
    "a message for another participant",
    "masked",
    (d) => resigned(d, d.message && bodyOf(d), { to: "hospital" }),
    "a message for another participant",
  ],
  [
    "consent to another proposal",
    "consent",
    (d) => resigned(d, { proposal: zeros, siteValues: false }),
    "consent to another proposal",
  ],
  [
    "site values that nobody asked for",
    "consent",
    (d) => resigned(d, { ...bodyOf(d), siteValues: true }),
    "site values that the proposal does not ask for",
  ],
  [
    "site values in a round",
    "masked",
    (d) => resigned(d, { values: { accuracy: 1 } }, { phase: "site" }),
    "site values before the last round",
  ],
  [
    "a box too few",
    "shares",
    (d) => resigned(d, { boxes: { ministry: bodyOf<"shares">(d).boxes.ministry } }),
    "encrypted shares of ministry are of other participants",
  ],
  [
    "both masks of who stayed",
    "reveal",
    (d) => resigned(d, { ...bodyOf(d), pair: bodyOf<"reveal">(d).self }),
    "shares of ministry are of other participants",
  ],
];

test.each(toCoordinator)("a coordinator refuses %s, and the honest message counts", async (_, phase, lie, problem) => {
  const outcome = await studied((d, of) => (of === phase && d.from === "ministry" ? [lie(d), d] : [d]));
  expect(outcome.refusals).toContain(`coordinator: ${problem}`);
  expect(outcome.coordinator.sites.size).toBe(0);
  expectMean(outcome);
});

test("other words after a member's words are refused: nobody is added twice", async () => {
  const outcome = await studied((d, of) => (of === "masked" && d.from === "ministry" ? [d, other(d)] : [d]));
  expect(outcome.refusals).toContain("coordinator: two different messages of one phase");
  expectMean(outcome);
});

/** University is left out of a phase, and comes with a later part all the same. */
const leftOut: [phase: Phase, later: Phase, body: unknown, payload: Uint8Array | undefined, problem: string][] = [
  [
    "shares",
    "masked",
    { words: { sha256: sha256(new Uint8Array(28)), bytes: 28 }, view: zeros },
    new Uint8Array(28),
    "a masked update of a participant that dealt no shares",
  ],
  ["masked", "agree", { view: zeros }, undefined, "an agreement of a participant that did not stay"],
  ["agree", "reveal", { self: {}, pair: {} }, undefined, "shares of a participant that did not agree"],
];

test.each(leftOut)("a member whose %s did not come has no part in %s", async (phase, later, body, payload, problem) => {
  const outcome = await studied((d, of) => {
    if (of === phase && d.from === "university") return [];
    if (of !== later || d.from !== "hospital") return d.from === "university" && of === later ? [] : [d];
    return [{ ...resigned({ ...d, from: "university" }, body), payload }, d];
  });
  expect(outcome.refusals).toContain(`coordinator: ${problem}`);
  expectMean(outcome, phase === "agree" ? all : all.slice(0, 2));
});

test("a member that agreed after a round was opened is asked in the next one, and has no part in this one", async () => {
  let late: Delivery | undefined;
  const outcome = await studied((d, of) => {
    if (of === "consent" && d.from === "university") {
      late = d;
      return [];
    }
    if (of !== "keys" || d.from !== "hospital" || !late) return [d];
    const [consent, keys] = [late, resigned({ ...d, from: "university" }, bodyOf(d))];
    late = undefined;
    return [consent, keys, d];
  });
  expect(outcome.refusals).toContain("coordinator: a message of a participant that was not asked");
  expect(outcome.coordinator.results.map((r) => r.survivors)).toEqual([all.slice(0, 2), all]);
});

test.each([
  ["keys", "shares", 2],
  ["shares", "masked", 2],
  ["masked", "agree", 2],
  ["agree", "reveal", 3],
] as const)("a member's %s that come in phase %s change nothing", async (phase, later, survivors) => {
  let late: Delivery | undefined;
  const outcome = await studied((d, of) => {
    if ((d.message as Message).round > 1) return [d];
    if (d.from === "university" && of === phase) {
      late = d;
      return [];
    }
    const [come] = of === later ? [late] : [];
    if (come) late = undefined;
    return come ? [come, d] : [d];
  });
  expect(outcome.refusals).toEqual([]);
  expect(outcome.reasons).toEqual([]);
  expect(outcome.coordinator.results.map((r) => r.survivors.length)).toEqual([survivors, 3]);
  const places = survivors === 3 ? [0, 1, 2] : [0, 1];
  const want = exactMean(places, 1, 5);
  for (const [i, w] of outcome.coordinator.model.entries()) expect(Math.abs(w - want[i]!)).toBeLessThan(3e-7);
});

test("a phase with too few parts, and a study with too few members left, end with the reason", async () => {
  const outcome = await studied((d, of) => (of === "masked" && d.from !== "hospital" ? [] : [d]), {
    change: { attempts: 1 },
  });
  expect(outcome.reasons).toEqual(["1 of 3 members gave their part of phase masked in time, 2 are needed"]);
  const proposal = smallProposal({ rounds: 2, threshold: 3 });
  const stops: string[] = [];
  const left = await simulate({
    ...smallStudy({ proposal }),
    afterRound: () => ({ kind: "revoke", member: "ministry", reason: "lost" }),
    onEffect: (who, e) => who === "coordinator" && e.kind === "stopped" && stops.push(e.reason),
  });
  expect([left.coordinator.stage, left.coordinator.results.length]).toEqual(["stopped", 1]);
  expect(stops).toEqual(["2 members are left, 3 are needed"]);
});

test("site values of a member that did not agree to show them are refused at the end too", async () => {
  const outcome = await studied((d, of) => {
    if (of !== "finish" || d.to !== "ministry") return [d];
    const { run, round } = d.message as Message;
    const site = signedMessage(identityOf("ministry"), { run, round, to: "coordinator" }, "site", { values: { a: 1 } });
    return [d, { ...d, from: "ministry", to: "coordinator", message: site, tries: 99 }];
  });
  expect(outcome.refusals).toEqual(["coordinator: values of a participant that did not agree to show them"]);
  expect(outcome.coordinator.sites.size).toBe(0);
});

test("a dealer whose shares do not give the secret that it committed to is named and left out, and the round is done again", async () => {
  const change = { attempts: 1 }; // a round that fails by a liar's fault is none of them
  const reason = "the shares that it dealt in round 1 do not give its secret";
  const outcome = await studied(
    (d, of) => (of === "keys" && d.from === "ministry" ? [resigned(d, { ...bodyOf(d), self: zeros })] : [d]),
    { change },
  );
  expect(outcome.reasons).toEqual([`ministry is left out: ${reason}`]);
  expect(outcome.coordinator.results.map((r) => r.survivors)).toEqual(Array(2).fill(["hospital", "university"]));
  let kept: unknown; // its pair key is another one to the others; then it leaves, so that its pair secret is rebuilt
  const pair = Buffer.from(primitives.publicKey(new Uint8Array(32).fill(5))).toString("base64");
  const left = await studied(
    (d, of) => {
      if (of === "keys" && d.from === "ministry") {
        kept = d.message;
        return [resigned(d, { ...bodyOf(d), pair })];
      }
      if (of === "roster" && d.to === "ministry")
        return [resigned(d, { keys: bodyOf<"roster">(d).keys.map((k) => (k.from === "ministry" ? kept : k)) })];
      return of === "masked" && d.from === "ministry" ? [] : [d];
    },
    { change },
  );
  expect(left.coordinator.gone.get("ministry")).toBe(reason);
});

test("rounds that fail one after the other stop a study as often as was proposed; one that counts starts the count anew", async () => {
  const failing = (rounds: readonly number[], attempts: number) =>
    studied((d, of) => (of === "keys" && rounds.includes((d.message as Message).round) ? [] : [d]), {
      change: { attempts },
    });
  const stopped = await failing([1, 2], 2);
  expect([stopped.coordinator.stage, stopped.coordinator.lastRound]).toEqual(["stopped", 2]);
  const between = await failing([1, 3], 2);
  expect([between.coordinator.stage, between.coordinator.lastRound]).toEqual(["finished", 4]);
});

test("a round goes on without a member that refuses; one that refuses two rounds is left out of the third", async () => {
  const outcome = await studied(
    (d, of) => (of === "keys" && d.from === "ministry" ? [resigned(d, { reason: "no" }, { phase: "refuse" })] : [d]),
    { rounds: 2, change: { attempts: 1 } },
  );
  expect(outcome.reasons).toEqual([]);
  expect(outcome.coordinator.gone.get("ministry")).toBe("refused twice: no");
  expect(outcome.coordinator.results.map((r) => r.survivors.length)).toEqual([2, 2, 2]);
});

test("a round without any rows does not count: there is no mean of nothing", async () => {
  const study = smallStudy({ change: { attempts: 1 } });
  const members = study.members.map(
    (m): SimulatedMember => ({ ...m, work: async (...of) => ({ ...(await m.work(...of)), examples: 0 }) }),
  );
  const { coordinator } = await simulate({ ...study, members });
  expect(coordinator.stage).toBe("stopped");
  expect([...coordinator.model]).toEqual([0, 0, 0, 0, 0]);
});

test("the end of a wait that is over already changes nothing", () => {
  const proposal = smallProposal();
  const digest = proposalDigest(primitives, proposal);
  const setup = { primitives, identity: identityOf("coordinator"), proposal, digest };
  let { state } = stepCoordinator(setup, newCoordinator(new Float32Array(5)), { kind: "start" });
  const give = <P extends Phase>(name: string, round: number, phase: P, body: Message<P>["body"]) => {
    const message = signedMessage(identityOf(name), { run: proposal.run, round, to: "coordinator" }, phase, body);
    ({ state } = stepCoordinator(setup, state, { kind: "message", message }));
  };
  for (const name of all) give(name, 0, "consent", { proposal: digest, siteValues: false });
  const key = Buffer.from(primitives.publicKey(new Uint8Array(32).fill(7))).toString("base64");
  for (const name of all) give(name, 1, "keys", { box: key, seal: key, pair: key, self: zeros });
  expect(state.round?.phase).toBe("shares");
  expect(stepCoordinator(setup, state, { kind: "deadline", round: 1, phase: "keys" })).toEqual({ state, effects: [] });
  expect(stepCoordinator(setup, state, { kind: "deadline", round: 0, phase: "consent" }).effects).toEqual([]);
});

/** What the coordinator's message to university becomes, and why it is refused. */
const toMember: [what: string, phase: Phase, lie: (d: Delivery) => Delivery, problem: string][] = [
  [
    "a message for another participant",
    "inbox",
    (d) => resigned(d, bodyOf(d), { to: "ministry" }),
    "a message for another participant",
  ],
  [
    "a message of another run",
    "round",
    (d) => resigned(d, bodyOf(d), { run: "another-run-1" }),
    "a message of another run",
  ],
  [
    "a round of too few members",
    "round",
    (d) => resigned(d, { ...bodyOf(d), members: ["hospital", "university"] }),
    "a round of other participants than the proposal's, or too few",
  ],
  [
    "a round with a stranger",
    "round",
    (d) => resigned(d, { ...bodyOf(d), members: [...all, "zoo"] }),
    "a round of other participants than the proposal's, or too few",
  ],
  [
    "a model that is not the named one",
    "round",
    (d) => ({ ...d, tries: 99, payload: d.payload!.map((b) => b ^ 1) }),
    "the content of the round's model is not what the message names",
  ],
  [
    "a model of another size",
    "round",
    (d) => ({
      ...resigned(d, { ...bodyOf(d), model: { sha256: sha256(new Uint8Array(8)), bytes: 8 } }),
      payload: new Uint8Array(8),
    }),
    "a model of another size",
  ],
  [
    "a roster of too few",
    "roster",
    (d) => resigned(d, { keys: bodyOf<"roster">(d).keys.slice(1) }),
    "a roster of other participants than the round's, or too few",
  ],
  [
    "boxes of too few",
    "inbox",
    (d) => resigned(d, { boxes: { university: bodyOf<"inbox">(d).boxes.university } }),
    "encrypted shares of other participants than the roster's, or too few",
  ],
  [
    "survivors that are too few",
    "survivors",
    (d) => resigned(d, { ...bodyOf(d), survivors: ["ministry", "university"] }),
    "a list of survivors that the round cannot have",
  ],
  [
    "an agreement that its member did not sign",
    "unmask",
    (d) => resigned(d, { agreements: forged(d) }),
    "the signature is not the sender's over this content",
  ],
  [
    "one agreement three times",
    "unmask",
    (d) => resigned(d, { agreements: Array(3).fill(bodyOf<"unmask">(d).agreements[0]) }),
    "agreements of others than the survivors, or too few",
  ],
];

function forged(d: Delivery): readonly unknown[] {
  const false_: Identity = { ...party("x").identity, name: "hospital" };
  return bodyOf<"unmask">(d).agreements.map((a) =>
    a.from === "hospital"
      ? signedMessage(false_, { run: a.run, round: a.round, to: a.to }, "agree", a.body as never)
      : a,
  );
}

test.each(toMember)("a member refuses %s, and goes on with the true message", async (_, phase, lie, problem) => {
  const outcome = await studied((d, of) => (of === phase && d.to === "university" ? [lie(d), d] : [d]), {
    threshold: 3,
  });
  expect(outcome.refusals).toContain(`university: ${problem}`);
  expectMean(outcome);
});

test("keys of an earlier round in a roster are refused, and an opening of an earlier round changes nothing", async () => {
  let [opening, keys]: [Delivery | undefined, unknown] = [undefined, undefined];
  const outcome = await studied(
    (d, of) => {
      const { round } = d.message as Message;
      if (d.to !== "university") return [d];
      if (of === "round" && round === 1) opening = d;
      if (of !== "roster") return [d];
      const own = bodyOf<"roster">(d).keys;
      keys ??= own[0];
      return round === 1 ? [d] : [{ ...opening!, tries: 99 }, resigned(d, { keys: [keys, ...own.slice(1)] }), d];
    },
    { rounds: 2 },
  );
  expect(outcome.refusals).toEqual(["university: keys of another round", "university: keys of another round"]); // of rounds 2 and 3
  expect(outcome.coordinator.results.map((r) => r.survivors.length)).toEqual([3, 3, 3]);
  expect(outcome.reasons).toEqual([]);
});

const alarming: [what: string, phase: Phase, lie: (d: Delivery) => Delivery, reason: string][] = [
  [
    "its own keys are other ones",
    "roster",
    (d) => resigned(d, { keys: bodyOf<"roster">(d).keys.map(otherKeys) }),
    "the roster holds other keys of this member than it sent",
  ],
  [
    "a box does not open",
    "inbox",
    (d) => resigned(d, { boxes: { ...bodyOf<"inbox">(d).boxes, ministry: bodyOf<"inbox">(d).boxes.hospital } }),
    "the encrypted shares of ministry cannot be opened, or are not what it committed to",
  ],
];

function otherKeys(k: {
  readonly from: string;
  readonly run: string;
  readonly round: number;
  readonly to: string;
  readonly body: unknown;
}) {
  if (k.from !== "university") return k;
  const pair = Buffer.from(primitives.publicKey(new Uint8Array(32).fill(5))).toString("base64");
  const { run, round, to } = k;
  return signedMessage(identityOf("university"), { run, round, to }, "keys", { ...(k.body as object), pair } as never);
}

test.each(alarming)(
  "a member raises an alarm where %s, and gives nothing more in the round",
  async (_, phase, lie, reason) => {
    const sent: string[] = [];
    let opening: Delivery | undefined;
    const outcome = await studied(
      (d, of) => {
        if ((d.message as Message).round !== 1) return [d];
        if (d.from === "university") sent.push(of);
        if (d.to !== "university") return [d];
        if (of === "round") opening ??= d;
        return of === phase ? [lie(d), opening!, d] : [d];
      },
      { change: { attempts: 1 } },
    );
    expect(outcome.alarms).toEqual([`university: ${reason}`]);
    expect(sent.at(-1)).toBe("refuse");
    expect(sent.filter((of) => of === "keys")).toHaveLength(1); // nor does it begin the round anew
  },
);

test("a member takes one proposal: of its own coordinator, with itself in it, under its own run", () => {
  const proposal = smallProposal();
  const setup = { primitives, identity: identityOf("ministry"), coordinator: proposal.coordinator };
  const by = identityOf("coordinator");
  const entropy = new Uint8Array(32);
  const proposed = (of: Proposal, run = of.run) =>
    ({
      kind: "message",
      message: signedMessage(by, { run, round: 0, to: "*" }, "propose", { proposal: of }),
      entropy,
    }) as const;
  const without = (name: string): Proposal => ({
    ...proposal,
    members: proposal.members.filter((m) => m.name !== name),
  });
  const key = party("coordinator").key;
  const take = (event: ReturnType<typeof proposed>) => () => stepParticipant(setup, newParticipant, event);
  expect(take(proposed(proposal, "another-run-1"))).toThrow(/a proposal of another run/);
  expect(take(proposed({ ...proposal, coordinator: { name: "coordinator", key } }))).toThrow(/of another coordinator/);
  expect(take(proposed(without("ministry")))).toThrow(/without this participant/);
  const { state } = take(proposed(proposal))();
  expect(() => stepParticipant(setup, state, proposed({ ...proposal, rounds: 9 }))).toThrow(
    /another proposal in the same/,
  );
  expect(() => stepParticipant(setup, state, { kind: "consent", digest: zeros, siteValues: false })).toThrow(
    /consent to another proposal/,
  );
});
