// Transcripts of a whole study in every party's own log: they hold, they tell one story, and what was changed is named.
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  checkTranscript,
  firstDifference,
  type Message,
  proposalDigest,
  signedMessage,
  simulate,
} from "../../src/federated/index.ts";
import { compareTranscripts, openTranscript, readTranscript } from "../../src/studies/transcript.ts";
import { partyOf, primitives, smallProposal, smallStudy } from "../federated/study.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-transcript-"));
const recorded = new Map<string, Message[]>();
const of = (who: string) => recorded.get(who)!;
const now = new Date("2026-11-25T12:00:00Z");

beforeAll(async () => {
  await simulate(
    smallStudy({
      rounds: 2,
      onEffect: (who, e) => e.kind === "record" && recorded.set(who, [...(recorded.get(who) ?? []), e.entry]),
    }),
  );
});

const check = (entries: readonly unknown[], holder = "coordinator") => checkTranscript(primitives, entries, holder);

test("every party's transcript of a study holds and tells the same rounds", () => {
  const facts = ["coordinator", "hospital", "ministry", "university"].map((who) => check(of(who), who));
  expect(facts.map((f) => f.rounds)).toEqual(Array(4).fill(facts[0]!.rounds));
  expect(facts[0]!.rounds.map((r) => r.examples)).toEqual([60, 60, 60]);
  expect(facts.map((f) => [...f.consents.keys()])).toEqual([
    ["hospital", "ministry", "university"],
    ["hospital"],
    ["ministry"],
    ["university"],
  ]);
  expect(facts.every((f) => f.finished === facts[0]!.rounds.at(-1)!.model)).toBe(true);
  expect(firstDifference(primitives, of("hospital"), of("university"))).toBeUndefined();
});

const by = (name: string) => partyOf(name).identity;
const said = (phase: "result" | "finish" | "abort", round: number, body: unknown) =>
  signedMessage(by("coordinator"), { run: "run-of-a-test", round, to: "*" }, phase, body as never) as Message;
const phaseAt = (phase: string, nth = 0) => of("coordinator").flatMap((m, i) => (m.phase === phase ? [i] : []))[nth]!;
/** A message of any party. */
const told = (
  name: string,
  phase: "consent" | "withdraw" | "privacy" | "site" | "result",
  body: unknown,
  run = "run-of-a-test",
) => signedMessage(by(name), { run, round: phase === "result" ? 1 : 0, to: "*" }, phase, body as never);
const spent = { epsilon: 1, delta: 1e-5, ledger: [] };
const consent = { proposal: proposalDigest(primitives, smallProposal({ rounds: 2 })), siteValues: false };
const end = { survivors: ["hospital", "ministry"], sum: "0".repeat(64), model: "0".repeat(64), examples: 1 };
const inserted = (at: number, ...messages: readonly unknown[]) =>
  (of("coordinator") as unknown[]).toSpliced(at, 0, ...messages);
/** The first round's opening, as another's. */
function opened(round: number) {
  const { body } = of("coordinator")[phaseAt("round")]! as Message<"round">;
  return signedMessage(by("coordinator"), { run: "run-of-a-test", round, to: "*" }, "round", body);
}
const replaced = (at: number, ...messages: readonly unknown[]) =>
  (of("coordinator") as unknown[]).toSpliced(at, 1, ...messages);

test.each([
  [
    "a round twice",
    () => of("coordinator").toSpliced(phaseAt("result", 1), 0, of("coordinator")[phaseAt("result")]!),
    /round 1 ends, which was not opened/,
  ],
  [
    "rounds in another order",
    () => replaced(phaseAt("result"), of("coordinator")[phaseAt("result", 1)]),
    /round 2 ends, which was not opened/,
  ],
  [
    "a round opened twice",
    () => inserted(phaseAt("result"), of("coordinator")[phaseAt("round")]),
    /round 1 is opened a second time/,
  ],
  ["a round opened after its end", () => inserted(phaseAt("round", 1), opened(1)), /round 1 is opened a second time/],
  [
    "shares shown by another party",
    () =>
      inserted(
        phaseAt("result"),
        of("ministry").find((m) => m.phase === "shown"),
      ),
    /ministry showed shares/,
  ],
  [
    "a result that was edited",
    () => replaced(phaseAt("result"), { ...of("coordinator")[phaseAt("result")]!, round: 9 }),
    /E_SIGNATURE/,
  ],
  [
    "a round without enough members",
    () =>
      replaced(
        phaseAt("result"),
        said("result", 1, { survivors: ["ministry"], sum: "0".repeat(64), model: "0".repeat(64), examples: 1 }),
      ),
    /counts too few/,
  ],
  [
    "a stranger among the survivors",
    () =>
      replaced(
        phaseAt("result"),
        said("result", 1, {
          survivors: ["ministry", "nobody"],
          sum: "0".repeat(64),
          model: "0".repeat(64),
          examples: 1,
        }),
      ),
    /others than the participants/,
  ],
  ["a survivor who never consented", () => of("coordinator").toSpliced(phaseAt("consent"), 1), /did not consent/],
  [
    "another last model",
    () => replaced(phaseAt("finish"), said("finish", 3, { model: "0".repeat(64), rounds: 2 })),
    /another model/,
  ],
  ["an end too early", () => of("coordinator").toSpliced(phaseAt("round", 1), 4), /before all rounds/],
  ["a round after the end", () => [...of("coordinator"), said("abort", 4, { reason: "x" })], /after the study's end/],
  ["no proposal", () => of("coordinator").slice(1), /begins with the proposal/],
  [
    "another run",
    () => replaced(phaseAt("consent"), told("ministry", "consent", consent, "another-run-1")),
    /of another run/,
  ],
  [
    "consent to another proposal",
    () => replaced(phaseAt("consent"), told("ministry", "consent", { ...consent, proposal: "0".repeat(64) })),
    /ministry consents to another proposal/,
  ],
  [
    "values that nobody agreed to show",
    () => [...of("coordinator"), told("ministry", "site", { values: { accuracy: 1 } })],
    /values of ministry, who did not agree/,
  ],
  [
    "a statement without consent",
    () => inserted(1, told("ministry", "privacy", spent)),
    /of ministry, who did not consent/,
  ],
  [
    "two statements of one member",
    () => [...of("coordinator"), told("ministry", "privacy", spent), told("ministry", "privacy", spent)],
    /a second statement of ministry/,
  ],
  [
    "a survivor who had left",
    () => inserted(phaseAt("result"), told("ministry", "withdraw", { reason: "no" })),
    /counts ministry, who had left/,
  ],
  [
    "a round too many",
    () => inserted(phaseAt("finish"), opened(4), said("result", 4, end)),
    /more rounds than were proposed/,
  ],
  [
    "a result by a member",
    () => replaced(phaseAt("result"), told("ministry", "result", end)),
    /ministry does not send/,
  ],
  [
    "consent by the coordinator",
    () => inserted(1, told("coordinator", "consent", consent)),
    /coordinator does not send/,
  ],
])("a transcript with %s is refused, and the entry is named", (_, entries, problem) => {
  expect(() => check(entries())).toThrow(problem);
});

test("a coordinator that told two members different results is found by holding their transcripts together", () => {
  const at = of("ministry").findIndex((m) => m.phase === "result");
  const other = { survivors: ["hospital", "ministry"], sum: "1".repeat(64), model: "1".repeat(64), examples: 30 };
  const forked = of("ministry").toSpliced(at, 1, said("result", 1, other));
  expect(check(forked, "ministry").rounds[0]!.examples).toBe(30); // alone it holds
  const found = firstDifference(primitives, of("hospital"), forked);
  expect(found).toMatchObject({ round: 1, phase: "result" });
  expect(found!.one).not.toBe(found!.other);
  const apart = forked.flatMap((m) =>
    m.phase !== "result" ? [m] : m.round === 1 ? [] : m.round === 2 ? [said("result", 2, other)] : [m],
  ); // it lacks the first round's end, too
  expect(firstDifference(primitives, of("hospital"), apart)).toMatchObject({ round: 2, one: expect.any(String) });
  const missed = of("ministry").toSpliced(at, 1);
  expect(firstDifference(primitives, of("hospital"), missed)).toMatchObject({ round: 1, other: undefined });
});

test("transcripts on disk: each message once, heads signed, a line that was edited is named", async () => {
  const keys = new Map<string, { privateKey: KeyObject; publicKey: KeyObject }>();
  for (const who of ["hospital", "ministry"]) {
    const pair = generateKeyPairSync("ed25519");
    keys.set(who, pair);
    for (const _ of [1, 2]) {
      // a host that was started again adds everything again
      const transcript = await openTranscript(join(folder, who), pair.privateKey);
      for (const message of of(who)) await transcript.add(message, now);
      expect(transcript.head()!.size).toBe(of(who).length);
    }
  }
  const read = (who: string) => readTranscript(join(folder, who), who, keys.get(who)!.publicKey);
  const [hospital, ministry] = [await read("hospital"), await read("ministry")];
  expect(compareTranscripts(hospital, ministry)).toBeUndefined();
  expect(hospital.proposal).toEqual(smallProposal({ rounds: 2 }));
  await expect(readTranscript(join(folder, "hospital"), "hospital", keys.get("ministry")!.publicKey)).rejects.toThrow(
    "E_SIGNATURE",
  );
  const path = join(folder, "ministry", "log.jsonl");
  writeFileSync(path, readFileSync(path, "utf8").replace('"examples":60', '"examples":61'));
  await expect(read("ministry")).rejects.toThrow(/E_CHECKSUM[\s\S]*log\.jsonl:5/);
});
