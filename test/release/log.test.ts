// The log of releases: whose signatures it holds, whose clocks, and what a witness saw.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonicalJson } from "../../src/base/index.ts";
import { carryProof, openTrustedLog } from "../../src/release/log-proofs.ts";
import { readPolicy } from "../../src/release/policy-file.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { verifiedRelease } from "../../src/serve/model/verified.ts";
import { appendToLog, leafHash, makeKey, readSigningKey, treeRoots, witnessLog } from "../../src/store/index.ts";
import { concord } from "../command-line.ts";
import { type ReleaseSetting, releaseSetting } from "./run.ts";

const then = new Date("2026-01-10T12:00:00Z");
const today = new Date("2026-12-01T12:00:00Z");
let setting: ReleaseSetting;
let policy: string;
let witnessed: string;
let home: string;
beforeAll(async () => {
  setting = await releaseSetting();
  home = mkdtempSync(join(tmpdir(), "concord-log-"));
  for (const [name, expires] of [
    ["builder", "2026-02-01"],
    ["heir", "2028-01-01"],
    ["archive", "2028-01-01"],
  ] as const)
    await makeKey({ path: join(home, name), name, expires, now: then });
  policy = join(home, "policy.yaml");
  const gates = "gates: [{ value: metrics.accuracy, atLeast: 0.1 }]\n";
  writeFileSync(
    policy,
    `version: 1\nsigners: { builder: [builder.pub.json], heir: [heir.pub.json], archive: [archive.pub.json] }\nrequire: [builder]\n${gates}`,
  );
  witnessed = join(home, "witnessed.yaml");
  writeFileSync(witnessed, readFileSync(policy, "utf8").replace("gates:", "witness: [archive]\ngates:"));
  await releaseRun(setting.run, { policy, keys: [key("builder")], now: then, out: at("release"), log: at("log") });
});
afterAll(() => {
  setting.remove();
  rmSync(home, { recursive: true, force: true });
});
const at = (...path: string[]) => join(home, ...path);
const key = (name: string) => at(`${name}.key`);
const signing = async (name: string) => (await readSigningKey(key(name))).key;
const verify = (log: string | undefined, by = policy, now = today) =>
  verifyRelease(at("release"), { policy: by, log, now });
function copied(name: string): string {
  rmSync(at(name), { recursive: true, force: true });
  cpSync(at("log"), at(name), { recursive: true });
  return at(name);
}

test("a log that was rewritten without a key is refused by log and by verify", async () => {
  const forged = copied("forged");
  const path = join(forged, "log.jsonl");
  const lines = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  lines[0].entry.name = "another";
  const roots = treeRoots(lines.map(({ entry }) => leafHash(Buffer.from(canonicalJson(entry)))));
  for (const [i, line] of lines.entries()) line.head = { ...line.head, root: roots[i]!, sig: "AAAA" };
  const write = () => writeFileSync(path, lines.map((line) => `${canonicalJson(line)}\n`).join(""));
  write();
  const trusted = await readPolicy(policy);
  await expect(openTrustedLog(forged, trusted)).rejects.toThrow(/E_SIGNATURE[\s\S]*not signed by anyone/);
  for (const line of lines) line.head.keyid = "0".repeat(64);
  write();
  await expect(openTrustedLog(forged, trusted)).rejects.toThrow(/E_SIGNATURE[\s\S]*not signed by anyone/);
  const { code, err } = await concord(["log", forged, "--policy", policy]);
  expect([code === 0, err]).toEqual([false, expect.stringMatching(/E_SIGNATURE/)]);
  expect((await concord(["log", at("log")])).err).toMatch(/--policy/);
  expect((await concord(["log", at("log"), "--policy", policy])).out).toMatch(/last head signed by builder/);
});

test("a head that was signed after its key had expired, and times that go back, are refused", async () => {
  const late = copied("late");
  await appendToLog(late, { kind: "note" }, await signing("builder"), new Date("2026-03-01"));
  const trusted = await readPolicy(policy);
  await expect(openTrustedLog(late, trusted)).rejects.toThrow(/E_SIGNATURE[\s\S]*after the key had expired/);
  const back = new Date("2025-12-01");
  await expect(appendToLog(at("log"), { kind: "note" }, await signing("heir"), back)).rejects.toThrow(
    /E_ARGUMENT[\s\S]*never go back/,
  );
});

test("a time that only expired keys vouch for is refused; a later head or a witness by a key that holds is enough", async () => {
  const soon = new Date("2026-01-20");
  expect((await verify(undefined, policy, soon)).time).toMatchObject({ at: then.toISOString(), clock: "signer" });
  await expect(verify(undefined)).rejects.toThrow(/E_SIGNATURE[\s\S]*every key that vouches[\s\S]*builder, 2026-02-01/);
  await expect(verify(at("log"))).rejects.toThrow(/every key that vouches/);
  const later = copied("later");
  await appendToLog(later, { kind: "note" }, await signing("heir"), new Date("2026-01-25"));
  expect((await verify(later)).time.clock).toBe("signer");
  const seen = copied("seen");
  await witnessLog(seen, await signing("archive"), soon);
  expect((await verify(seen)).time.clock).toBe("signer"); // this policy asks for no witness
});

test("a policy that asks for a witness judges keys by its clock", async () => {
  const soon = new Date("2026-01-20");
  await expect(verify(undefined, witnessed, soon)).rejects.toThrow(/E_SIGNATURE[\s\S]*no witness[\s\S]*--log/);
  await expect(verify(at("log"), witnessed, soon)).rejects.toThrow(/no witness that the policy asks for/);
  const own = copied("own");
  await witnessLog(own, await signing("builder"), soon);
  await expect(verify(own, witnessed, soon)).rejects.toThrow(/no witness that the policy asks for/);
  const seen = copied("seen");
  await witnessLog(seen, await signing("archive"), soon);
  expect((await verify(seen, witnessed)).time).toMatchObject({
    at: soon.toISOString(),
    clock: "witness",
    by: { name: "archive" },
  });
  const backdated = copied("backdated");
  await witnessLog(backdated, await signing("archive"), new Date("2026-11-30"));
  await expect(verify(backdated, witnessed)).rejects.toThrow(/E_SIGNATURE[\s\S]*expired[\s\S]*builder, 2026-02-01/);
});

test("a policy that names its log has it read, by serve too, and refuses an old copy of it", async () => {
  const soon = new Date("2026-01-20");
  const naming = (name: string, log: string, witness = "") => {
    writeFileSync(at(name), readFileSync(policy, "utf8").replace("gates:", `${witness}log: ${log}\ngates:`));
    return at(name);
  };
  const absent = naming("absent.yaml", "{ path: nowhere }");
  await expect(verify(undefined, absent, soon)).rejects.toThrow(/E_CHECKSUM[\s\S]*no log here/);
  await expect(verifiedRelease(at("release"), absent)).rejects.toThrow(/no log here/);
  const log = copied("fresh");
  const fresh = naming("fresh.yaml", "{ path: fresh, freshDays: 5 }");
  expect((await verify(undefined, fresh, new Date("2026-01-14"))).keys).toBeDefined();
  await expect(verify(undefined, fresh, soon)).rejects.toThrow(/E_SIGNATURE[\s\S]*older than the policy allows/);
  await expect(verify(at("log"), fresh, soon)).rejects.toThrow(/older than the policy allows/); // --log is another copy, and as old
  await appendToLog(log, { kind: "note" }, await signing("heir"), new Date("2026-01-18"));
  expect((await verify(undefined, fresh, soon)).keys).toBeDefined();
  const ahead = copied("ahead");
  await appendToLog(ahead, { kind: "note" }, await signing("heir"), new Date("2027-01-01"));
  await expect(verify(ahead, fresh, soon)).rejects.toThrow(/older than the policy allows/); // a clock that was set ahead keeps no copy fresh
  // a witness is asked for: the signer's own clock does not make it fresh
  const seen = naming("seen.yaml", "{ path: fresh, freshDays: 5 }", "witness: [archive]\n");
  await witnessLog(log, await signing("archive"), new Date("2026-01-19"));
  expect((await verify(undefined, seen, soon)).time.clock).toBe("witness");
  await appendToLog(log, { kind: "note" }, await signing("heir"), new Date("2026-01-27"));
  await expect(verify(undefined, seen, new Date("2026-01-28"))).rejects.toThrow(/by a witness of the role archive/);
});

test("a release carries the heads of witnesses along, and is verified by their clocks without the log", async () => {
  const soon = new Date("2026-01-20");
  const log = copied("carried");
  await witnessLog(log, await signing("archive"), soon);
  await appendToLog(log, { kind: "note" }, await signing("heir"), new Date("2026-01-22"));
  const release = at("carrying");
  cpSync(at("release"), release, { recursive: true });
  const said = await concord(["log", log, "--policy", witnessed, "--carry", release]);
  expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/carries 2 later heads/) });
  const check = (by = witnessed, now = today) => verifyRelease(release, { policy: by, now });
  expect((await check()).time).toMatchObject({ at: soon.toISOString(), clock: "witness", by: { name: "archive" } });
  expect((await check(policy)).time.clock).toBe("signer"); // the builder's key has expired; the later head's has not
  await expect(carryProof(release, at("late"), await readPolicy(policy))).rejects.toThrow("E_SIGNATURE");
  const path = join(release, "log-proof.json");
  const proof = JSON.parse(readFileSync(path, "utf8"));
  const [first, last] = proof.later;
  for (const [later, words] of [
    [[{ ...first, head: { ...first.head, at: "2026-01-19T00:00:00.000Z" } }], /E_SIGNATURE/],
    [[{ ...first, head: { ...first.head, root: last.head.root } }], /E_CHECKSUM[\s\S]*not over its entry/],
    [[{ ...last, path: [] }], /E_CHECKSUM[\s\S]*not over its entry/],
    [[{ ...first, clock: "x" }], /E_CHECKSUM[\s\S]*not the proof/],
    [[last], /E_SIGNATURE[\s\S]*no witness/],
  ] as const) {
    writeFileSync(path, JSON.stringify({ ...proof, later }));
    await expect(check()).rejects.toThrow(words);
  }
});

test("a witness counter-signs on the command line, and refuses a log that was rewritten since", async () => {
  const log = copied("command");
  const args = ["log", log, "--policy", policy, "--witness", "--key", key("archive")];
  expect(await concord(args)).toMatchObject({ code: 0, out: expect.stringMatching(/counter-signed: 1 entries/) });
  expect((await concord(["log", log, "--policy", policy])).out).toMatch(/witnessed by archive/);
  const other = at("other");
  rmSync(other, { recursive: true, force: true });
  mkdirSync(other);
  await appendToLog(other, { kind: "note" }, await signing("heir"), then);
  cpSync(join(log, "witnesses.jsonl"), join(other, "witnesses.jsonl"));
  await expect(witnessLog(other, await signing("archive"), today)).rejects.toThrow(/E_CHECKSUM[\s\S]*saw another log/);
  await expect(openTrustedLog(other, await readPolicy(policy))).rejects.toThrow(/saw another log/);
  expect((await concord(["log", log, "--policy", policy, "--witness"])).err).toMatch(/counter-signs with its key/);
});
