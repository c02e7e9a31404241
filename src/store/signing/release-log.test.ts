// Lines of a log and of its witnesses: what is read, what is refused by its line, and what a witness vouches for.
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { faultLater } from "../../../test/fault.ts";
import { canonicalJson } from "../../base/index.ts";
import {
  appendToLog,
  continues,
  isHeadOf,
  keyIdOf,
  type LogHead,
  openReleaseLog,
  proves,
  readWitnesses,
  witnessLog,
} from "./index.ts";

const home = mkdtempSync(join(tmpdir(), "concord-log-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const [own, archive] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
const noon = new Date("2026-11-25T12:00:00Z");
const [one, two] = [new Date("2026-11-25T13:00:00Z"), new Date("2026-11-25T14:00:00Z")];

/** A new log with these entries, each an hour after the one before. */
async function logOf(name: string, entries: readonly Record<string, unknown>[]): Promise<string> {
  const folder = join(home, name);
  for (const [i, facts] of entries.entries())
    await appendToLog(folder, facts, own.privateKey, new Date(noon.getTime() + 3_600_000 * i));
  return folder;
}
const pathOf = (folder: string) => join(folder, "log.jsonl");
interface Line {
  entry: Record<string, unknown>;
  head: LogHead;
}
const linesOf = (folder: string) =>
  readFileSync(pathOf(folder), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

test("an entry is hashed as it stands, whatever its texts and objects look like", async () => {
  const folder = await logOf("odd", [
    { text: '","head":{"size":1}}', head: { head: {} }, "10": 1, "9": 2, é: "€😀\u0001" },
    { kind: "plain" },
  ]);
  const { entries, heads, prove, consistency } = await openReleaseLog(folder);
  expect(entries[0]).toMatchObject({ text: '","head":{"size":1}}', head: { head: {} }, é: "€😀\u0001" });
  expect(heads.map(({ size, at, keyid }) => [size, at, keyid])).toEqual([
    [1, noon.toISOString(), keyIdOf(own.publicKey)],
    [2, one.toISOString(), keyIdOf(own.publicKey)],
  ]);
  expect([0, 1].map((i) => proves(prove(i)))).toEqual([true, true]);
  expect([prove(0).head, prove(1).index]).toEqual([heads[1], 1]);
  expect(proves({ ...prove(0), path: [] })).toBe(false);
  expect(continues(heads[0]!, heads[1]!, consistency(1))).toBe(true);
  expect(continues(heads[0]!, heads[1]!, [])).toBe(false);
});

test("a head is of one key, over its size, root and time", async () => {
  const [{ head }] = linesOf(await logOf("head", [{}])) as [Line];
  const is = (changes: Partial<LogHead>, key = own.publicKey) => isHeadOf({ ...head, ...changes }, key);
  expect([is({}), isHeadOf(head, own.privateKey)]).toEqual([true, true]);
  expect([is({ size: 2 }), is({ root: "00" }), is({ at: one.toISOString() }), is({ sig: "AAAA" })]).toEqual(
    Array(4).fill(false),
  );
  expect([is({}, archive.publicKey), is({ keyid: keyIdOf(archive.publicKey) }, archive.publicKey)]).toEqual([
    false,
    false,
  ]);
});

test("a head that its signer gave another key's name is not of this key", () => {
  const unsigned = { size: 1, root: "00", at: noon.toISOString(), keyid: keyIdOf(archive.publicKey) };
  const text = Buffer.from(`concord-log-head ${canonicalJson(unsigned)}`);
  const head = (by: KeyObject) => ({ ...unsigned, sig: sign(null, text, by).toString("base64") });
  expect(isHeadOf(head(archive.privateKey), archive.publicKey)).toBe(true);
  expect(isHeadOf(head(own.privateKey), own.publicKey)).toBe(false);
});

test.each([
  ["an entry that is a list", (line: Line) => ({ ...line, entry: [] })],
  ["no entry", ({ head }: Line) => ({ head })],
  ["no head", ({ entry }: Line) => ({ entry })],
  ["something beside them", (line: Line) => ({ ...line, more: 1 })],
  ["a head with something more", (line: Line) => ({ ...line, head: { ...line.head, more: "x" } })],
  ["a head without its signature", (line: Line) => ({ ...line, head: { ...line.head, sig: undefined } })],
  ["a head whose time is a number", (line: Line) => ({ ...line, head: { ...line.head, at: 1 } })],
  ["a head of half an entry", (line: Line) => ({ ...line, head: { ...line.head, size: 1.5 } })],
  ["a head that is a list", (line: Line) => ({ ...line, head: [] })],
  ["a list", () => []],
  ["nothing", () => null],
])("a line with %s is refused by its number", async (what, change) => {
  const folder = await logOf(what, [{ n: 1 }, { n: 2 }]);
  const [first, second] = linesOf(folder) as [Line, Line];
  writeFileSync(pathOf(folder), `${canonicalJson(first)}\n${canonicalJson(change(second))}\n`);
  const { facts } = await faultLater("E_FORMAT", () => openReleaseLog(folder));
  expect(facts.problem).toBe("not a line of a log");
  expect(facts.path).toMatch(/log\.jsonl:2$/);
  expect(facts.got!.length).toBeLessThanOrEqual(60);
});

test("a line in another form of the same JSON is refused, and so is one that is no JSON", async () => {
  const folder = await logOf("form", [{ n: 1 }]);
  const [line] = linesOf(folder) as [Line];
  writeFileSync(pathOf(folder), `${JSON.stringify({ head: line.head, entry: line.entry })}\n`);
  expect((await faultLater("E_FORMAT", () => openReleaseLog(folder))).facts.problem).toBe("not a line of a log");
  writeFileSync(pathOf(folder), "{\n");
  expect((await faultLater("E_FORMAT", () => openReleaseLog(folder))).facts.problem).toBe("not valid JSON");
});

test.each([
  ["another root", (head: LogHead) => ({ ...head, root: "0".repeat(64) })],
  ["another size", (head: LogHead) => ({ ...head, size: 3 })],
])("a head with %s is refused by its line", async (what, change) => {
  const folder = await logOf(what, [{ n: 1 }, { n: 2 }, { n: 3 }]);
  const lines = linesOf(folder);
  lines[1]!.head = change(lines[1]!.head);
  writeFileSync(pathOf(folder), lines.map((line) => `${canonicalJson(line)}\n`).join(""));
  expect((await faultLater("E_CHECKSUM", () => openReleaseLog(folder))).facts.path).toMatch(/log\.jsonl:2$/);
});

test("times may stand still and never go back; a refused entry leaves the log open for the next", async () => {
  const folder = await logOf("times", [{ n: 1 }, { n: 2 }]);
  await faultLater("E_ARGUMENT", () => appendToLog(folder, { n: 3 }, own.privateKey, noon));
  await faultLater("E_ARGUMENT", () => openReleaseLog(folder, noon));
  const proof = await appendToLog(
    folder,
    ({ entries }, at) => ({ n: entries.length + 1, seen: at }),
    own.privateKey,
    one,
  );
  expect(proof).toMatchObject({ index: 2, entry: { n: 3, seen: one.toISOString(), at: one.toISOString() } });
  expect((await openReleaseLog(folder, one)).entries).toHaveLength(3);
  await appendToLog(folder, { n: 4 }, own.privateKey, two);
  await faultLater("E_ARGUMENT", () => openReleaseLog(folder, one)); // not before the last, whatever came before it
});

test("a folder without a log is an empty one; a folder in its place cannot be read or written", async () => {
  expect((await openReleaseLog(join(home, "none"))).entries).toEqual([]);
  mkdirSync(pathOf(join(home, "folder")), { recursive: true });
  await faultLater("E_IO", () => openReleaseLog(join(home, "folder")));
  mkdirSync(join(await logOf("no-witness", [{}]), "witnesses.jsonl"));
  await faultLater("E_IO", () => witnessLog(join(home, "no-witness"), archive.privateKey, one));
});

test("a witness's head that cannot be written is an error", async () => {
  const folder = await logOf("unwritable", [{}]);
  symlinkSync(join(home, "no", "such", "folder"), join(folder, "witnesses.jsonl"));
  await faultLater("E_IO", () => witnessLog(folder, archive.privateKey, one));
});

test("a line that was cut short, within a character too, is written over", async () => {
  const folder = await logOf("cut", [{ n: "é€" }]);
  const whole = readFileSync(pathOf(folder), "utf8");
  appendFileSync(pathOf(folder), Buffer.from('{"entry":{"n":"€').subarray(0, -1));
  expect((await openReleaseLog(folder)).entries).toHaveLength(1);
  await appendToLog(folder, { n: 2 }, own.privateKey, one);
  expect(readFileSync(pathOf(folder), "utf8").startsWith(whole)).toBe(true);
  expect((await openReleaseLog(folder)).entries.map(({ n }) => n)).toEqual(["é€", 2]);
});

test("a witness signs the log's last head by its own clock, and goes on where it was", async () => {
  const folder = await logOf("witnessed", [{ n: 1 }, { n: 2 }]);
  await faultLater("E_ARGUMENT", () => witnessLog(folder, archive.privateKey, noon)); // before the last entry
  const head = await witnessLog(folder, archive.privateKey, one);
  expect(head).toMatchObject({ size: 2, at: one.toISOString(), keyid: keyIdOf(archive.publicKey) });
  expect([head.root, isHeadOf(head, archive.publicKey)]).toEqual([(await openReleaseLog(folder)).heads[1]!.root, true]);
  await appendToLog(folder, { n: 3 }, own.privateKey, one);
  const later = await witnessLog(folder, archive.privateKey, one);
  expect(later.size).toBe(3);
  expect(await readWitnesses(folder)).toEqual([head, later]);
  await faultLater("E_ARGUMENT", () => witnessLog(join(home, "witnessed", ".."), archive.privateKey, one)); // no log
});

test("a witness refuses a log that does not continue the one it saw; what another witness saw is not its matter", async () => {
  const folder = await logOf("rewritten", [{ n: 1 }, { n: 2 }]);
  await witnessLog(folder, archive.privateKey, one);
  rmSync(pathOf(folder));
  await appendToLog(folder, { n: 7 }, own.privateKey, noon);
  await faultLater("E_CHECKSUM", () => witnessLog(folder, archive.privateKey, one)); // shorter
  await appendToLog(folder, { n: 8 }, own.privateKey, one);
  await faultLater("E_CHECKSUM", () => witnessLog(folder, archive.privateKey, one)); // other entries
  expect((await witnessLog(folder, own.privateKey, one)).size).toBe(2);
});

test("a line of witnesses that is no head is refused by its number", async () => {
  const folder = await logOf("bad-witness", [{}]);
  const head = await witnessLog(folder, archive.privateKey, one);
  const { sig, ...signed } = head;
  for (const bad of [canonicalJson({ ...head, more: "x" }), "[]", JSON.stringify({ sig, ...signed })]) {
    writeFileSync(join(folder, "witnesses.jsonl"), `${canonicalJson(head)}\n${bad}\n`);
    const { facts } = await faultLater("E_FORMAT", () => readWitnesses(folder));
    expect(facts.path).toMatch(/witnesses\.jsonl:2$/);
  }
});
