// A coordinator that opens rounds nobody proposed: members keep a ledger of tasks, models and cohorts, refuse what is not the next round, and what was
// opened stands in their transcripts.
import { expect, test } from "vitest";
import {
  checkTranscript,
  type Delivery,
  firstDifference,
  type Message,
  newParticipant,
  type ParticipantState,
  type Phase,
  proposalDigest,
  signedMessage,
  simulate,
  stepParticipant,
} from "../../src/federated/index.ts";
import { partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

const coordinator = partyOf("coordinator").identity;
const sha256 = (bytes: Uint8Array) => Buffer.from(primitives.sha256(bytes)).toString("hex");
const proposal = smallProposal({ members: 4, threshold: 3, rounds: 2 });
const members = proposal.members.map((m) => m.name);
const setup = { primitives, identity: partyOf("hospital").identity, coordinator: proposal.coordinator };
const entropy = new Uint8Array(32).fill(7);
const start = new Uint8Array(20);

const said = (phase: Phase, round: number, body: object) =>
  signedMessage(coordinator, { run: proposal.run, round, to: "*" }, phase, body as never) as Message;
const opening = (round: number, task: "train" | "evaluate", content = start, more: object = {}) => ({
  kind: "message" as const,
  message: said("round", round, { task, model: { sha256: sha256(content), bytes: content.length }, members, ...more }),
  payload: content,
  entropy,
});
const result = (round: number, model: Uint8Array) =>
  said("result", round, { survivors: members, sum: "0".repeat(64), model: sha256(model), examples: 10 });
const abort = (round: number) => said("abort", round, { reason: "x" });
const heard = (state: ParticipantState, ...messages: Message[]) =>
  messages.reduce((s, message) => stepParticipant(setup, s, { kind: "message", message, entropy }).state, state);

/** A member that consented. */
function consented(of = proposal): ParticipantState {
  const propose = signedMessage(coordinator, { run: of.run, round: 0, to: "*" }, "propose", { proposal: of });
  const { state } = stepParticipant(setup, newParticipant, { kind: "message", message: propose, entropy });
  const digest = proposalDigest(primitives, of);
  return stepParticipant(setup, state, { kind: "consent", digest, siteValues: false }).state;
}
const model = (n: number) => new Uint8Array(20).fill(n);
const open = (state: ParticipantState, event: ReturnType<typeof opening>) => stepParticipant(setup, state, event);

test("rounds are those of the proposal, in their order, from the last result's model, and each ends before the next", () => {
  const first = consented();
  expect(() => open(first, opening(1, "evaluate"))).toThrow(/a round that the proposal does not name/);
  const { state: one } = open(first, opening(1, "train"));
  expect(() => open(one, opening(2, "train"))).toThrow(/a round before the last one ended/);
  const failed = heard(one, abort(1));
  expect(() => open(failed, opening(2, "train", model(9)))).toThrow(/from another model than the last result's/);
  const { state: again } = open(failed, opening(2, "train"));
  const after = heard(again, result(2, model(2)));
  expect(() => open(after, opening(3, "train", start))).toThrow(/from another model than the last result's/);
  const { state: second } = open(after, opening(3, "train", model(2)));
  const trained = heard(second, result(3, model(3)));
  expect(() => open(trained, opening(4, "train", model(3)))).toThrow(/does not name[\s\S]*evaluate/);
  expect(() => open(trained, opening(4, "evaluate", model(9)))).toThrow(/from another model/);
  const { state: tested } = open(trained, opening(4, "evaluate", model(3)));
  const done = heard(tested, result(4, model(3)));
  expect(() => open(done, opening(5, "evaluate", model(3)))).toThrow(/does not name[\s\S]*no further round/);
});

test("the first round starts from the model that the proposal names", () => {
  const named = smallProposal({ members: 4, threshold: 3, change: { start: sha256(start) } });
  expect(() => open(consented(named), opening(1, "train", model(9)))).toThrow(/from another model/);
  expect(open(consented(named), opening(1, "train")).effects).toHaveLength(2);
});

test("a member that missed the end of a round hears it with the next; a forged or foreign end is refused", () => {
  const { state } = open(consented(), opening(1, "train"));
  const next = (after: unknown) => open(state, opening(2, "train", model(2), { after }));
  const forged = { ...result(1, model(2)), signature: abort(1).signature };
  expect(() => next(forged)).toThrow(/E_SIGNATURE/);
  expect(() => next(said("stop", 1, { reason: "x" }))).toThrow(/something else than the end/);
  expect(() => next(result(2, model(2)))).toThrow(/something else than the end/);
  const { effects } = next(result(1, model(2)));
  expect(effects.map((e) => (e.kind === "record" ? e.entry.phase : e.kind))).toEqual(["result", "round", "send"]);
});

test("as many rounds may fail in a row as were proposed, and one more for each member that left", () => {
  let state = consented();
  for (let round = 1; round <= proposal.attempts; round++)
    state = heard(open(state, opening(round, "train")).state, abort(round));
  expect(() => open(state, opening(4, "train"))).toThrow(/more rounds that failed/);
  const left = heard(state, said("left", 3, { member: "clinic", reason: "lied" }));
  expect(open(left, opening(4, "train")).effects).toHaveLength(2);
});

/** A study in which a round fails after shares were shown, and clinic is away when it is done again. */
function repeated(task: "train" | "evaluate") {
  const failing = task === "train" ? 1 : 2;
  return simulate({
    ...smallStudy({ proposal: smallProposal({ members: 4, threshold: 3 }) }),
    network: {
      carry: (d: Delivery) => {
        const { phase, round } = d.message as Message;
        const isLost = round === failing ? phase === "reveal" : round === failing + 1 && d.from === "clinic";
        return isLost ? [] : [d];
      },
    },
  });
}

test.each(["train", "evaluate"] as const)(
  "after shares were shown in a round of %s that failed, no second sum is unmasked over almost the same members",
  async (task) => {
    const { coordinator: state, refused } = await repeated(task);
    const problems = refused.map(({ error }) => error.facts.problem);
    expect(problems).toContain("a second sum of the same model over almost the same participants");
    const counted = state.results.filter((r) => r.task === task);
    expect(counted.map(({ survivors }) => survivors)).toEqual([members]); // once all are there again
  },
);

test("an owner's own minimum of members is kept, whatever the proposal's threshold", async () => {
  const strict = { ...setup, policy: { minimumSurvivors: 4 } };
  const three = {
    ...opening(1, "train"),
    message: said("round", 1, {
      task: "train",
      model: { sha256: sha256(start), bytes: 20 },
      members: ["clinic", "hospital", "ministry"],
    }),
  };
  expect(stepParticipant(setup, consented(), three).effects).toHaveLength(2);
  expect(() => stepParticipant(strict, consented(), three)).toThrow(/too few/);
});

test("every round that was opened, and whose shares were shown, stands in a member's transcript: one that the coordinator hides is found", async () => {
  const recorded = new Map<string, Message[]>();
  await simulate({
    ...smallStudy({ proposal }),
    onEffect: (who, e) => {
      if (e.kind === "record") recorded.set(who, [...(recorded.get(who) ?? []), e.entry]);
    },
  });
  const [own, theirs] = ["coordinator", "hospital"].map((who) => recorded.get(who)!) as [Message[], Message[]];
  expect(checkTranscript(primitives, theirs, "hospital").opened).toEqual([1, 2, 3]);
  expect(theirs.filter((m) => m.phase === "shown").map((m) => m.round)).toEqual([1, 2, 3]);
  expect(firstDifference(primitives, own, theirs)).toBeUndefined();
  const hidden = own.filter((m) => m.round !== 2);
  expect(firstDifference(primitives, hidden, theirs)).toMatchObject({ round: 2, one: undefined });
});

test("a result over others than were agreed raises an alarm", async () => {
  const alarms: string[] = [];
  await simulate({
    ...smallStudy({ proposal }),
    network: {
      carry: (d: Delivery) => {
        const { phase, body, round } = d.message as Message<"result">;
        if (phase !== "result" || d.to !== "hospital" || round !== 1) return [d];
        return [{ ...d, message: said("result", 1, { ...body, survivors: members.slice(1) }) }];
      },
    },
    onEffect: (who, e) => e.kind === "alarm" && alarms.push(`${who}: ${e.reason}`),
  });
  expect(alarms).toContain("hospital: the result counts other participants than were agreed");
});
