// How studies end before their time, and who left: everybody is told once, every transcript holds, and nothing is said after the end.
import { expect, test } from "vitest";
import {
  checkTranscript,
  firstDifference,
  type Message,
  type ParticipantEvent,
  type ParticipantSetup,
  signedMessage,
  simulate,
  stepParticipant,
} from "../../src/federated/index.ts";
import { partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

const proposal = smallProposal({ rounds: 2, threshold: 3 });
const setupOf = (name: string): ParticipantSetup => ({
  primitives,
  identity: partyOf(name).identity,
  coordinator: proposal.coordinator,
});

/** Ministry is revoked after the first round, which leaves too few; every message arrives twice. */
async function stopped() {
  const recorded = new Map<string, Message[]>();
  const news: string[] = [];
  const outcome = await simulate({
    ...smallStudy({ proposal }),
    network: { carry: (d) => [d, d] },
    afterRound: () => ({ kind: "revoke", member: "ministry", reason: "lost its key" }),
    onEffect: (who, e) => {
      if (e.kind === "record") recorded.set(who, [...(recorded.get(who) ?? []), e.entry]);
      if (e.kind === "left" || e.kind === "stopped") news.push(`${who}: ${e.kind}`);
    },
  });
  return { ...outcome, recorded, news };
}

test("who left and why a study stops is told to all, once, and stands in transcripts that hold", async () => {
  const { recorded, members, news } = await stopped();
  const reason = "2 members are left, 3 are needed";
  for (const who of ["coordinator", "hospital", "university"]) {
    const { left, stopped: why, finished } = checkTranscript(primitives, recorded.get(who)!, who);
    expect([[...left], why, finished]).toEqual([[["ministry", "lost its key"]], reason, undefined]);
    const ends = recorded.get(who)!.filter(({ phase }) => phase === "left" || phase === "stop");
    expect(ends.map(({ phase }) => phase)).toEqual(["left", "stop"]);
  }
  expect(members.get("hospital")).toMatchObject({ stopped: reason, left: new Map([["ministry", "lost its key"]]) });
  expect(news.filter((n) => n.startsWith("hospital"))).toEqual(["hospital: left", "hospital: stopped"]);
  expect(firstDifference(primitives, recorded.get("coordinator")!, recorded.get("hospital")!)).toBeUndefined();
});

test("after a study has stopped a member says nothing more: no ε, no withdrawal", async () => {
  const { members } = await stopped();
  const state = members.get("hospital")!;
  const events: ParticipantEvent[] = [
    { kind: "privacy", epsilon: 1, delta: 1e-5, ledger: [] },
    { kind: "withdraw", reason: "too late" },
  ];
  for (const event of events)
    expect(stepParticipant(setupOf("hospital"), state, event)).toEqual({ state, effects: [] });
});

test("what the coordinator lacks is found behind what a member lacks, and nothing stands after a stop", async () => {
  const { recorded } = await stopped();
  const [own, theirs] = [recorded.get("coordinator")!, recorded.get("hospital")!];
  const away = theirs.filter(({ phase }) => phase !== "left");
  const hidden = own.filter(({ phase }) => phase !== "stop");
  expect(firstDifference(primitives, own, away)).toMatchObject({ phase: "left", other: undefined });
  expect(firstDifference(primitives, hidden, away)).toMatchObject({ phase: "stop", one: undefined });
  const said = <P extends "abort" | "left">(phase: P, body: unknown) =>
    signedMessage(partyOf("coordinator").identity, { run: proposal.run, round: 9, to: "*" }, phase, body as never);
  expect(() => checkTranscript(primitives, [...own, said("abort", { reason: "late" })], "coordinator")).toThrow(
    /abort after the study stopped/,
  );
  const stranger = hidden.toSpliced(1, 0, said("left", { member: "nobody", reason: "?" }) as Message);
  expect(() => checkTranscript(primitives, stranger, "coordinator")).toThrow(/a stranger leaves/);
});
