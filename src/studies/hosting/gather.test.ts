// Transcripts that members hand in: those that hold are placed, others are refused and leave nothing behind.
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { smallProposal, smallStudy } from "../../../test/federated/study.ts";
import { type Message, type Proposal, signedMessage, simulate } from "../../federated/index.ts";
import { openTranscript } from "../transcript.ts";
import { gatherTranscripts } from "./gather.ts";

const home = mkdtempSync(join(tmpdir(), "concord-gather-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const now = new Date("2026-11-25T12:00:00Z");
const names = ["coordinator", "hospital", "ministry", "university"];
const keys = new Map<string, KeyObject>();
const recorded = new Map<string, Message[]>();
let proposal: Proposal;

const identity = (name: string) => ({
  name,
  sign: (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, keys.get(name)!)),
});

/** A party's log of these messages. */
async function logOf(place: string, who: string, entries: readonly Message[]): Promise<Buffer> {
  const folder = join(home, place);
  const log = await openTranscript(folder, keys.get(who)!);
  for (const entry of entries) await log.add(entry, now);
  return readFileSync(join(folder, "log.jsonl"));
}

beforeAll(async () => {
  const spki = new Map<string, string>();
  for (const name of names) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    keys.set(name, privateKey);
    spki.set(name, publicKey.export({ type: "spki", format: "der" }).toString("base64"));
  }
  const keyed = (name: string) => ({ name, key: spki.get(name)! });
  const change = { coordinator: keyed("coordinator"), members: names.slice(1).map(keyed) };
  proposal = smallProposal({ change });
  const study = smallStudy({ proposal });
  await simulate({
    ...study,
    coordinator: identity("coordinator"),
    members: study.members.map((m) => ({ ...m, identity: identity(m.identity.name) })),
    onEffect: (who, e) => e.kind === "record" && recorded.set(who, [...(recorded.get(who) ?? []), e.entry]),
  });
  expect(recorded.get("hospital")!.at(-1)!.phase).toBe("finish");
  await logOf("own", "coordinator", recorded.get("coordinator")!);
});

const gatherTo = (folder: string) =>
  gatherTranscripts({ proposal, log: join(home, "own"), folder: join(home, folder) });

test("transcripts that hold are placed by party, the coordinator's own beside them, and are known after a restart", async () => {
  const gathered = await gatherTo("placed");
  const early = await logOf("early", "ministry", recorded.get("ministry")!.slice(0, 2));
  await gathered.take("ministry", early);
  expect(gathered.has("ministry")).toBe(false); // of a study that it has not seen the end of
  const whole = await logOf("hospital", "hospital", recorded.get("hospital")!);
  await gathered.take("hospital", whole);
  await gathered.take("hospital", whole);
  expect(gathered.has("hospital")).toBe(true);
  await gathered.close();
  expect(readdirSync(join(home, "placed")).sort()).toEqual(["coordinator", "hospital", "ministry"]);
  expect(readFileSync(join(home, "placed", "hospital", "log.jsonl")).equals(whole)).toBe(true);
  const again = await gatherTo("placed");
  expect(["hospital", "ministry", "university"].map((n) => again.has(n))).toEqual([true, false, false]);
});

test("another's transcript, an edited one, and one that tells another story are refused and leave nothing", async () => {
  const gathered = await gatherTo("refused");
  const mine = recorded.get("university")!;
  const whole = await logOf("university", "university", mine);
  await expect(gathered.take("ministry", whole)).rejects.toThrow(/E_SIGNATURE[\s\S]*not signed by ministry/);
  await expect(gathered.take("stranger", whole)).rejects.toThrow(/of no participant/);
  const edited = Buffer.from(String(whole).replace('"examples":60', '"examples":61'));
  expect(edited.equals(whole)).toBe(false);
  await expect(gathered.take("university", edited)).rejects.toThrow(/E_CHECKSUM/);
  await expect(gathered.take("university", Buffer.from("no log\n"))).rejects.toThrow(/E_FORMAT/);
  const at = mine.findIndex((m) => m.phase === "result");
  const { round, body } = mine[at] as Message<"result">;
  const head = { run: proposal.run, round, to: "*" };
  const lie = signedMessage(identity("coordinator"), head, "result", { ...body, examples: 50 }) as Message;
  const twofold = await logOf("twofold", "university", mine.toSpliced(at, 1, lie));
  await expect(gathered.take("university", twofold)).rejects.toThrow(/were told different things: result of round 1/);
  expect(readdirSync(join(home, "refused"))).toEqual([]);
});
