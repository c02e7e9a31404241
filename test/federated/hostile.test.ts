// Hostile members and a hostile coordinator, each with the real machines on the other side.
import { expect, test } from "vitest";
import {
  type CoordinatorState,
  contentBytes,
  type Delivery,
  type Identity,
  type Message,
  newCoordinator,
  newParticipant,
  type Phase,
  proposalDigest,
  type StudyOutcome,
  signedMessage,
  simulate,
  stepCoordinator,
  stepParticipant,
  type Work,
} from "../../src/federated/index.ts";
import { exactMean, party, partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

const phaseOf = ({ message }: Delivery) => (message as Message).phase;
const codes = ({ refused }: StudyOutcome) => refused.map((r) => `${r.who}: ${r.error.code}`);
const problems = ({ refused }: StudyOutcome) => refused.map((r) => r.error.facts.problem);

/** A study in which deliveries of one phase arrive changed, before or instead of the right ones. */
const studyWith = (
  phase: Phase,
  change: (d: Delivery) => readonly Delivery[],
  options: Parameters<typeof smallStudy>[0] = {},
) => simulate(smallStudy({ ...options, network: { carry: (d) => (phaseOf(d) === phase ? change(d) : [d]) } }));

/** The same message with another body, signed by its sender. */
function resigned(d: Delivery, identity: Identity, body: unknown, head: Partial<Message> = {}): Delivery {
  const { run, round, to, phase } = { ...(d.message as Message), ...head };
  return { ...d, message: signedMessage(identity, { run, round, to }, phase, body as never) };
}

function expectWhole({ coordinator }: StudyOutcome): void {
  expect(coordinator.stage).toBe("finished");
  const want = exactMean([0, 1, 2], 1, 5);
  for (const [i, w] of coordinator.model.entries()) expect(Math.abs(w - want[i]!)).toBeLessThan(2e-7);
}

test("a replayed message changes nothing", async () => {
  const outcome = await studyWith("masked", (d) => [d, d, d]);
  expect(codes(outcome)).toEqual([]);
  expectWhole(outcome);
});

test("a forged message is refused, and the true one still counts", async () => {
  const stranger = { ...party("hospital").identity };
  const outcome = await studyWith("masked", (d) => {
    const { body } = d.message as Message<"masked">;
    return [resigned(d, { ...stranger, name: d.from }, body), d];
  });
  expect(codes(outcome)).toEqual(Array(6).fill("coordinator: E_SIGNATURE"));
  expectWhole(outcome);
});

test("an unknown identity is refused by its name", async () => {
  const nobody = party("nobody").identity;
  const outcome = await studyWith("keys", (d) => [
    resigned({ ...d, from: "nobody" }, nobody, (d.message as Message).body),
    d,
  ]);
  expect(problems(outcome)).toContain("the sender is no party of this study");
  expectWhole(outcome);
});

test("a message of a round that is over, or of another run, changes nothing", async () => {
  const kept: Delivery[] = [];
  const outcome = await simulate(
    smallStudy({
      rounds: 2,
      network: {
        carry: (d) => {
          const { phase, round } = d.message as Message;
          if (phase === "masked" && round === 1) kept.push(d);
          const late = phase === "masked" && round === 2 ? kept.splice(0) : [];
          const other =
            phase === "masked"
              ? [resigned(d, partyOf(d.from).identity, (d.message as Message).body, { run: "another-run-1" })]
              : [];
          return [...late, ...other, d];
        },
      },
    }),
  );
  expect(new Set(problems(outcome))).toEqual(new Set(["a message of another run"]));
  const want = exactMean([0, 1, 2], 1, 5).map((x, i) => x + exactMean([0, 1, 2], 2, 5)[i]!);
  for (const [i, w] of outcome.coordinator.model.entries()) expect(Math.abs(w - want[i]!)).toBeLessThan(3e-7);
});

test.each([
  ["oversized", 400],
  ["too small", 4],
])("an %s update is refused, and its sender is left out of the round", async (_, bytes) => {
  const outcome = await studyWith("masked", (d) => {
    if (d.from !== "ministry") return [d];
    const words = { sha256: "0".repeat(64), bytes };
    return [resigned(d, partyOf("ministry").identity, { ...(d.message as Message<"masked">).body, words })];
  });
  expect(problems(outcome)).toContain("the masked update of ministry has another size");
  expect(outcome.coordinator.results[0]!.survivors).toEqual(["hospital", "university"]);
});

test("words that are not what their message names are refused", async () => {
  const outcome = await studyWith("masked", (d) => [{ ...d, payload: d.payload!.map((b) => b ^ 1) }, d]);
  expect(problems(outcome)).toContain("the content of the masked update of ministry is not what the message names");
  expectWhole(outcome);
});

const changed = (name: string, work: Partial<Work> | ((w: Work) => Partial<Work>)) => {
  const study = smallStudy();
  const alarms: unknown[] = [];
  const members = study.members.map((m) =>
    m.identity.name === name
      ? {
          ...m,
          work: async (...args: Parameters<typeof m.work>) => {
            const honest = await m.work(...args);
            return { ...honest, ...(typeof work === "function" ? work(honest) : work) };
          },
        }
      : m,
  );
  return {
    alarms,
    outcome: simulate({ ...study, members, onEffect: (who, e) => e.kind === "clipped" && alarms.push([who, e.parts]) }),
  };
};

test("NaN in an update stops at its own member: nothing of it is sent", async () => {
  const { outcome } = changed("ministry", ({ values }) => ({ values: { ...values, a: [Number.NaN, 0, 0] } }));
  const { coordinator, refused } = await outcome;
  expect(refused.map((r) => [r.who, r.error.facts.problem])).toContainEqual([
    "ministry",
    "a[0] is not what the proposal says",
  ]);
  expect(coordinator.results[0]!.survivors).toEqual(["hospital", "university"]);
});

test("a huge update is clipped to the proposal's bound, and its member is told how much", async () => {
  const { outcome, alarms } = changed("ministry", ({ values }) => ({ values: { ...values, a: [1e30, -1e30, 0] } }));
  const { coordinator } = await outcome;
  expect(alarms).toContainEqual(["ministry", { a: 2 }]);
  expect(Math.abs(coordinator.model[0]!)).toBeLessThan(1);
});

test("a member that lies about its rows weighs no more than the proposal's most", async () => {
  const { outcome } = changed("ministry", { examples: 1e9 });
  const { coordinator } = await outcome;
  expect(coordinator.results[0]!.examples).toBe(10 + 100 + 30);
});

test("a count beyond what so many members can have fails the round", async () => {
  const outcome = await simulate(
    smallStudy({
      proposal: smallProposal({ change: { attempts: 1 } }),
      network: {
        carry: (d) => {
          if (phaseOf(d) !== "masked" || d.from !== "ministry") return [d];
          const payload = d.payload!.slice();
          payload[4 * 5 + 3] = payload[4 * 5 + 3]! ^ 0x40; // the number of rows, plus or minus 2³⁰
          const words = { sha256: Buffer.from(primitives.sha256(payload)).toString("hex"), bytes: payload.length };
          const body = { ...(d.message as Message<"masked">).body, words };
          return [{ ...resigned(d, partyOf("ministry").identity, body), payload }];
        },
      },
    }),
  );
  expect(outcome.coordinator.stage).toBe("stopped");
  expect(outcome.coordinator.results).toEqual([]);
});

test("a share that is not the dealt one is refused: who showed it is named and left out, and the round is done again", async () => {
  const outcome = await studyWith("reveal", (d) => {
    if (d.from !== "ministry") return [d];
    const { self, pair } = (d.message as Message<"reveal">).body;
    return [
      resigned(d, partyOf("ministry").identity, {
        self: { ...self, hospital: Buffer.alloc(32).toString("base64") },
        pair,
      }),
    ];
  });
  expect(outcome.coordinator.gone.get("ministry")).toBe(
    "showed a share in round 1 that is not the one that hospital dealt to it",
  );
  expect(outcome.coordinator.failures).toBe(0); // such a failure is none of the study's attempts
  expect(outcome.coordinator.results.map((r) => r.survivors)).toEqual(Array(2).fill(["hospital", "university"]));
});

/** A coordinator of which one member is shown something else. */
async function twoFaced(phase: Phase, other: (d: Delivery) => unknown): Promise<StudyOutcome & { alarms: string[] }> {
  const alarms: string[] = [];
  const outcome = await simulate({
    ...smallStudy({ proposal: smallProposal({ members: 4, threshold: 3, change: { attempts: 1 } }) }),
    network: {
      carry: (d) =>
        phaseOf(d) === phase && d.to === "university" ? [resigned(d, partyOf("coordinator").identity, other(d))] : [d],
    },
    onEffect: (who, e) => e.kind === "alarm" && alarms.push(`${who}: ${e.reason}`),
  });
  return { ...outcome, alarms };
}

test("an agreement to another list of survivors is refused; passed on all the same, the members notice", async () => {
  const proposal = smallProposal({ members: 4, threshold: 3, change: { attempts: 1 } });
  const alarms: string[] = [];
  let agreed: unknown;
  const by = partyOf("coordinator").identity;
  const outcome = await simulate({
    ...smallStudy({ proposal }),
    network: {
      carry: (d) => {
        const message = d.message as Message;
        if (message.phase === "agree" && d.from === "university") agreed = message;
        if (message.phase === "survivors" && d.to === "university") {
          const survivors = message.body.survivors.filter((n) => n !== "ministry");
          return [resigned(d, by, { ...message.body, survivors })];
        }
        if (message.phase !== "unmask") return [d];
        const agreements = [...message.body.agreements.filter((m) => m.from !== "university"), agreed];
        return [resigned(d, by, { agreements })];
      },
    },
    onEffect: (who, e) => e.kind === "alarm" && alarms.push(`${who}: ${e.reason}`),
  });
  expect(problems(outcome)).toContain("university agrees to another round than the others");
  const told = "university was shown another round: other keys, model or list of survivors";
  expect(alarms).toEqual(expect.arrayContaining(["clinic", "hospital", "ministry"].map((n) => `${n}: ${told}`)));
  expect(outcome.coordinator.results).toEqual([]);
});

test("a coordinator that gives one member other keys gets nothing from it", async () => {
  const outcome = await twoFaced("roster", (d) => ({
    keys: (d.message as Message<"roster">).body.keys.filter((k) => k.from !== "ministry"),
  }));
  expect(outcome.coordinator.results.map((r) => r.survivors.includes("university"))).toEqual([false, false]);
});

test("a coordinator cannot put its own keys in a member's place", async () => {
  const outcome = await twoFaced("roster", (d) => ({
    keys: (d.message as Message<"roster">).body.keys.map((k) =>
      k.from === "ministry"
        ? signedMessage(
            { ...party("x").identity, name: "ministry" },
            { run: k.run, round: k.round, to: "coordinator" },
            "keys",
            k.body as never,
          )
        : k,
    ),
  }));
  expect(codes(outcome)).toContain("university: E_SIGNATURE");
});

test("a member that was told two lists in one round gives nothing more of it", async () => {
  const sent: string[] = [];
  await simulate({
    ...smallStudy({ proposal: smallProposal({ change: { attempts: 1 } }) }),
    network: {
      carry: (d) => {
        if (d.from === "university") sent.push(phaseOf(d));
        if (phaseOf(d) !== "survivors" || d.to !== "university") return [d];
        return [
          d,
          resigned(d, partyOf("coordinator").identity, {
            ...(d.message as Message<"survivors">).body,
            survivors: ["ministry", "university"],
          }),
        ];
      },
    },
  });
  expect(sent).toContain("refuse");
  expect(sent).not.toContain("reveal");
});

test("a revoked member is refused from then on, and the study goes on without it", async () => {
  const outcome = await simulate({
    ...smallStudy({ rounds: 2 }),
    afterRound: ({ round }) =>
      round === 1 ? { kind: "revoke", member: "ministry", reason: "its key was lost" } : undefined,
  });
  expect(outcome.coordinator.stage).toBe("finished");
  expect(outcome.coordinator.gone.get("ministry")).toBe("its key was lost");
  expect(codes(outcome)).toContain("coordinator: E_SIGNATURE");
  expect(outcome.coordinator.results.map((r) => r.survivors.includes("ministry"))).toEqual([true, false, false]);
});

test("consent that is withdrawn ends a member's part: it answers nothing more, and a round with its words does not count", async () => {
  const proposal = smallProposal();
  const identity = partyOf("ministry").identity;
  const setup = { primitives, identity, coordinator: proposal.coordinator };
  const entropy = new Uint8Array(32).fill(7);
  const by = partyOf("coordinator").identity;
  const head = { run: proposal.run, to: "*" };
  const propose = signedMessage(by, { ...head, round: 0 }, "propose", { proposal });
  let { state } = stepParticipant(setup, newParticipant, { kind: "message", message: propose, entropy });
  ({ state } = stepParticipant(setup, state, {
    kind: "consent",
    digest: proposalDigest(primitives, proposal),
    siteValues: false,
  }));
  const gone = stepParticipant(setup, state, { kind: "withdraw", reason: "the patients' council said no" });
  expect(gone.effects).toMatchObject([
    { kind: "send", message: { phase: "withdraw" } },
    { kind: "record", entry: { phase: "withdraw" } },
  ]);
  const payload = new Uint8Array(20);
  const model = { sha256: Buffer.from(primitives.sha256(payload)).toString("hex"), bytes: 20 };
  const members = proposal.members.map((m) => m.name);
  const round = signedMessage(by, { ...head, round: 1 }, "round", { task: "train", model, members });
  expect(stepParticipant(setup, state, { kind: "message", message: round, payload, entropy }).effects).toMatchObject([
    { kind: "record", entry: { phase: "round" } },
    { kind: "send", message: { phase: "keys" } },
  ]);
  expect(stepParticipant(setup, gone.state, { kind: "message", message: round, payload, entropy }).effects).toEqual([]);
  expect(() =>
    stepParticipant(setup, gone.state, { kind: "consent", digest: state.digest!, siteValues: false }),
  ).toThrow(/withdrawn/);
});

test("words of a member that withdraws after sending them are not in any result", async () => {
  let withdrawn = false;
  const outcome = await simulate(
    smallStudy({
      network: {
        carry: (d) => {
          if (withdrawn && d.from === "ministry") return [];
          if (phaseOf(d) !== "agree" || d.from !== "ministry") return [d];
          withdrawn = true;
          return [resigned(d, partyOf("ministry").identity, { reason: "stop" }, { phase: "withdraw" })];
        },
      },
    }),
  );
  expect(outcome.coordinator.results.map((r) => r.survivors)).toEqual([
    ["hospital", "university"],
    ["hospital", "university"],
  ]);
});

test.each([
  [true, true, true],
  [true, false, false],
  [false, true, false],
])("site values: asked for %s, agreed %s, shown %s", (asked, agreed, shown) => {
  const proposal = smallProposal({ change: { siteValues: asked } });
  const setup = { primitives, identity: partyOf("ministry").identity, coordinator: proposal.coordinator };
  const head = { run: proposal.run, round: 0, to: "*" };
  const message = signedMessage(partyOf("coordinator").identity, head, "propose", { proposal });
  const digest = proposalDigest(primitives, proposal);
  let { state } = stepParticipant(setup, newParticipant, { kind: "message", message, entropy: new Uint8Array(32) });
  const consent = stepParticipant(setup, state, { kind: "consent", digest, siteValues: agreed });
  expect(consent.effects[0]).toMatchObject({ message: { phase: "consent", body: { siteValues: shown } } });
  ({ state } = consent);
  const site = () => stepParticipant(setup, state, { kind: "site", values: { accuracy: 0.5 } });
  if (shown) expect(site().effects[0]).toMatchObject({ message: { phase: "site" } });
  else expect(site).toThrow(/E_ROUND/);
});

test("what a member spent is stated once, by whoever consented, and never in two ways", async () => {
  const proposal = smallProposal();
  const [ministry, hospital] = ["ministry", "hospital"].map((name) => partyOf(name).identity);
  const setup = { primitives, identity: ministry!, coordinator: proposal.coordinator };
  const digest = proposalDigest(primitives, proposal);
  const by = partyOf("coordinator").identity;
  const propose = signedMessage(by, { run: proposal.run, round: 0, to: "*" }, "propose", { proposal });
  const spend = { kind: "privacy" as const, epsilon: 2, delta: 1e-5, ledger: [] };
  const asked = stepParticipant(setup, newParticipant, {
    kind: "message",
    message: propose,
    entropy: new Uint8Array(32),
  });
  expect(() => stepParticipant(setup, asked.state, spend)).toThrow(/before the owner consented/);
  const { state } = stepParticipant(setup, asked.state, { kind: "consent", digest, siteValues: false });
  const said = stepParticipant(setup, state, spend);
  expect(said.effects).toMatchObject([{ kind: "send", message: { phase: "privacy" } }, { kind: "record" }]);
  expect(stepParticipant(setup, said.state, { ...spend, epsilon: 3 }).effects).toEqual([]);
  const own = { primitives, identity: by, proposal, digest };
  const message = (identity: Identity, phase: "consent" | "privacy", body: object) =>
    ({
      kind: "message",
      message: signedMessage(identity, { run: proposal.run, round: 0, to: "coordinator" }, phase, body as never),
    }) as const;
  let told = stepCoordinator(own, newCoordinator(new Float32Array(4)), { kind: "start" }).state;
  const stated = (epsilon: number) => message(ministry!, "privacy", { epsilon, delta: 1e-5, ledger: [] });
  expect(() => stepCoordinator(own, told, message(hospital!, "privacy", { epsilon: 1, delta: 0, ledger: [] }))).toThrow(
    /did not consent/,
  );
  told = stepCoordinator(own, told, message(ministry!, "consent", { proposal: digest, siteValues: false })).state;
  told = stepCoordinator(own, told, stated(2)).state;
  expect(told.privacy.get("ministry")).toEqual({ epsilon: 2, delta: 1e-5, ledger: [] });
  expect(stepCoordinator(own, told, stated(2)).effects).toEqual([]);
  expect(() => stepCoordinator(own, told, stated(1))).toThrow(/E_ROUND/);
});

test("consent, site values and what was spent are said once: the same under other rounds' numbers is not recorded, other is refused", async () => {
  const proposal = smallProposal({ change: { siteValues: true } });
  const digest = proposalDigest(primitives, proposal);
  const setup = { primitives, identity: partyOf("coordinator").identity, proposal, digest };
  let state = stepCoordinator(setup, newCoordinator(new Float32Array(5)), { kind: "start" }).state;
  const say = (round: number, phase: "consent" | "site" | "privacy", body: object) => {
    const head = { run: proposal.run, round, to: "coordinator" };
    const message = signedMessage(partyOf("ministry").identity, head, phase, body as never);
    const step = stepCoordinator(setup, state, { kind: "message", message });
    ({ state } = step);
    return step.effects.length;
  };
  const flood = (phase: "consent" | "site" | "privacy", body: object) =>
    Array.from({ length: 50 }, (_, round) => say(round, phase, body)).reduce((a, b) => a + b);
  expect(flood("consent", { proposal: digest, siteValues: true })).toBe(1);
  expect(() => say(51, "consent", { proposal: digest, siteValues: false })).toThrow(/E_ROUND[\s\S]*two different/);
  expect(state.consents.get("ministry")).toEqual({ siteValues: true });
  expect(flood("privacy", { epsilon: 1, delta: 0, ledger: [] })).toBe(1);
  state = { ...state, stage: "finished" };
  expect(flood("site", { values: { a: 1, b: 2 } })).toBe(1);
  expect(say(0, "site", { values: { b: 2, a: 1 } })).toBe(0);
  expect(() => say(0, "site", { values: { a: 2 } })).toThrow(/E_ROUND[\s\S]*two different/);
  expect(state.taken.size).toBe(2);
});

test("beside a message only the words that the open round still waits for are wanted, in their size", () => {
  const proposal = smallProposal();
  const setup = { primitives, identity: partyOf("coordinator").identity, proposal, digest: "" };
  const open = { id: 2, phase: "masked", group: ["hospital", "ministry"], arrived: new Map([["ministry", {}]]) };
  const stateWith = (more: object, gone: readonly string[] = []) =>
    ({
      ...newCoordinator(new Float32Array(5)),
      gone: new Map(gone.map((n) => [n, "left"])),
      round: { ...open, sums: [new Uint32Array(7)], ...more },
    }) as unknown as CoordinatorState;
  const words = { sha256: "0".repeat(64), bytes: 2 ** 32 };
  const masked = (from: string, round = 2, run = proposal.run) =>
    signedMessage(partyOf(from).identity, { run, round, to: "coordinator" }, "masked", { words, view: words.sha256 });
  const wanted = (message: Message, more = {}, gone: readonly string[] = []) =>
    contentBytes(setup, stateWith(more, gone), message);
  expect(wanted(masked("hospital"))).toBe(28);
  expect([masked("ministry"), masked("university"), masked("hospital", 1)].map((m) => wanted(m))).toEqual([0, 0, 0]);
  expect(wanted(masked("hospital", 2, "another"))).toBe(0);
  expect(wanted(masked("hospital"), { phase: "agree" })).toBe(0);
  const head = { run: proposal.run, round: 0, to: "coordinator" };
  expect(wanted(signedMessage(partyOf("hospital").identity, head, "withdraw", { reason: "no" }))).toBe(0);
  expect(() => wanted(masked("hospital"), {}, ["hospital"])).toThrow(/E_SIGNATURE/);
  expect(() => wanted({ ...masked("hospital"), round: 3 })).toThrow(/E_SIGNATURE/);
});

test.each([1, 3])("protocol %i, older or newer, is refused in words, on both sides", async (version) => {
  const newer = (d: Delivery): Delivery => ({ ...d, message: { ...(d.message as Message), version } });
  for (const phase of ["keys", "round"] as const) {
    const outcome = await studyWith(phase, (d) => [newer(d), d]);
    expect(outcome.refused.every((r) => r.error.code === "E_VERSION")).toBe(true);
    expect(outcome.refused.length).toBeGreaterThan(2);
    expectWhole(outcome);
  }
});

test("a message with one entry more, or names of Object's prototype, is refused", async () => {
  const outcome = await studyWith("shares", (d) => {
    const more = { ...(d.message as Message), extra: 1 };
    const odd = resigned(d, partyOf(d.from).identity, {
      boxes: JSON.parse('{"__proto__":{"box":"","pair":"","self":""}}'),
    });
    return [{ ...d, message: more }, odd, d];
  });
  expect(outcome.refused.length).toBeGreaterThanOrEqual(6);
  expect(outcome.refused.every((r) => ["E_ROUND", "E_SIGNATURE"].includes(r.error.code))).toBe(true);
  expectWhole(outcome);
});
