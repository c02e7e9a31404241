// Keys that are replaced and revoked in the log: what an honest signer may state, and what a thief, a stranger and an editor of the log may not.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { revokeKey, rotateKey } from "../../src/release/key-statements.ts";
import { openTrustedLog } from "../../src/release/log-proofs.ts";
import { readPolicy } from "../../src/release/policy-file.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import {
  appendToLog,
  keyEntry,
  makeKey,
  openReleaseLog,
  readSigner,
  readSigningKey,
  witnessLog,
} from "../../src/store/index.ts";
import { concord } from "../command-line.ts";
import { type ReleaseSetting, releaseSetting } from "./run.ts";

const day = (n: number) => new Date(Date.UTC(2026, 0, n));
let setting: ReleaseSetting;
let home: string;
let policy: string;
beforeAll(async () => {
  setting = await releaseSetting();
  home = mkdtempSync(join(tmpdir(), "concord-keys-"));
  for (const name of ["builder", "next", "third", "archive", "thief"])
    await makeKey({ path: join(home, name), name, now: day(1) });
  policy = join(home, "policy.yaml");
  writeFileSync(
    policy,
    "version: 1\nsigners: { builder: [builder.pub.json], archive: [archive.pub.json] }\nrequire: [builder]\nrevoke: [archive]\ngates: [{ value: metrics.accuracy, atLeast: 0.1 }]\n",
  );
  await release("before", "log", "builder", day(10));
});
afterAll(() => {
  setting.remove();
  rmSync(home, { recursive: true, force: true });
});
const at = (...path: string[]) => join(home, ...path);
const key = (name: string) => at(`${name}.key`);
const signing = (name: string) => readSigningKey(key(name));
const signer = (name: string) => readSigner(at(`${name}.pub.json`));

function release(out: string, log: string, by: string, now: Date) {
  rmSync(join(setting.run, "passport.json"), { force: true });
  return releaseRun(setting.run, { policy, keys: [key(by)], out: at(out), log: at(log), now });
}
const verify = (release: string, log?: string, now = day(300)) =>
  verifyRelease(at(release), { policy, now, ...(log !== undefined && { log: at(log) }) });
const statements = async (log: string) => (await openTrustedLog(at(log), await readPolicy(policy))).keys.statements;
const rotate = (log: string, from: string, to: string, now: Date) =>
  rotateKey({ policy, log: at(log), key: key(from), to: key(to), now });
const revoke = (log: string, by: string, now: Date, more: { signer?: string; from?: Date } = {}) =>
  revokeKey({
    policy,
    log: at(log),
    key: key(by),
    now,
    reason: "laptop stolen",
    ...(more.signer !== undefined && { signer: at(`${more.signer}.pub.json`) }),
    ...(more.from && { from: more.from.toISOString() }),
  });
/** A log of its own that begins with the release of day 10. */
function copied(name: string): string {
  cpSync(at("log"), at(name), { recursive: true });
  return name;
}
/** A line that any other key wrote. */
const note = async (log: string, by: string, now: Date) =>
  appendToLog(at(log), { kind: "note" }, (await signing(by)).key, now);
/** Whatever an attacker writes, past the checks of the command. */
const forge = async (
  log: string,
  statement: Parameters<typeof keyEntry>[0],
  by: readonly string[],
  now: Date,
  head = by[0]!,
) => appendToLog(at(log), keyEntry(statement, await Promise.all(by.map(signing))), (await signing(head)).key, now);

test("a verifier whose policy names the old key follows a rotation where the log has it, and says so", async () => {
  const log = copied("rotated");
  await rotate(log, "builder", "next", day(20));
  await release("after", log, "next", day(21));
  await expect(verify("after")).rejects.toThrow(/E_SIGNATURE[\s\S]*no such signer/);
  const found = await verify("after", log);
  expect(found.signers).toMatchObject([{ name: "next", role: "builder", since: 1 }]);
  expect(found.keys?.statements).toMatchObject([{ kind: "rotate", about: "builder", to: "next", index: 1 }]);
  expect(found.keys?.statements[0]?.fault).toBeUndefined();
  expect((await verify("before", log)).signers).toMatchObject([{ name: "builder" }]); // signed while it counted
  expect((await verify("before")).keys).toBeUndefined();
});

test("the old key signs nothing more after it was replaced, neither a release nor a head", async () => {
  const log = copied("replaced");
  await rotate(log, "builder", "next", day(20));
  await expect(release("late", log, "builder", day(21))).rejects.toThrow(/E_SIGNATURE[\s\S]*replaced by another/);
  const forged = copied("forged-late"); // a log without the rotation, so that the release is made …
  await release("late", forged, "builder", day(21));
  await expect(verify("late", log)).rejects.toThrow(/E_CHECKSUM[\s\S]*does not hold this release/);
  await note(log, "builder", day(22));
  await expect(openTrustedLog(at(log), await readPolicy(policy))).rejects.toThrow(
    /E_SIGNATURE[\s\S]*did not count there/,
  );
  await note(log, "archive", day(23)); // … and a head of a key that holds covers the line
  expect((await verify("before", log)).time.clock).toBe("signer");
});

test("a rotation that only the thief's new key signed, or that a stranger's key begins, does not count", async () => {
  const log = copied("thief");
  const { keyId } = await signer("builder");
  const to = await signer("thief");
  await forge(log, { kind: "rotate", key: keyId, to }, ["thief"], day(20));
  await forge(log, { kind: "rotate", key: to.keyId, to: await signer("third") }, ["thief", "third"], day(21));
  await note(log, "archive", day(22));
  const [first, second] = await statements(log);
  expect(first!.fault?.message).toMatch(/the old key has not signed/);
  expect(second!.fault?.message).toMatch(/no such signer/);
  await expect(release("stolen", log, "thief", day(23))).rejects.toThrow(/E_SIGNATURE[\s\S]*no such signer/);
  await expect(rotate(log, "thief", "third", day(24))).rejects.toThrow(/E_SIGNATURE[\s\S]*no such signer/);
  const old = copied("one-hand");
  await forge(old, { kind: "rotate", key: keyId, to: await signer("next") }, ["builder"], day(20));
  expect((await statements(old))[0]!.fault?.message).toMatch(/the new key has not signed/);
});

test("a stranger, and a signer whose role may not, revoke nobody; a key revokes itself, the archive everybody", async () => {
  const log = copied("revoked");
  const archive = await signer("archive");
  await forge(log, { kind: "revoke", key: archive.keyId, reason: "x" }, ["thief"], day(20), "builder");
  await forge(log, { kind: "revoke", key: archive.keyId, reason: "x" }, ["builder"], day(21));
  expect((await statements(log)).map((s) => s.fault?.facts.problem)).toEqual([
    "the key is revoked by somebody who may not",
    "the key is revoked by somebody who may not",
  ]);
  await expect(revoke(log, "builder", day(22), { signer: "archive" })).rejects.toThrow(/E_SIGNATURE[\s\S]*may not/);
  await expect(revoke(log, "thief", day(22))).rejects.toThrow(/no such signer/);
  await expect(revoke(log, "builder", day(22), { from: day(40) })).rejects.toThrow(/E_SIGNATURE[\s\S]*time to come/);
  const own = copied("own");
  await revoke(own, "builder", day(22));
  expect((await verify("before", own)).signers).toMatchObject([{ name: "builder" }]);
  await expect(release("x", own, "builder", day(23))).rejects.toThrow(/E_SIGNATURE[\s\S]*key was revoked/);
  await revoke(log, "archive", day(23), { signer: "builder" });
  expect((await statements(log)).at(-1)).toMatchObject({ kind: "revoke", about: "builder", by: ["archive"] });
  await expect(release("x", log, "builder", day(24))).rejects.toThrow(/E_SIGNATURE[\s\S]*key was revoked/);
});

test("what a stolen key signed counts only where another's clock shows it before the theft", async () => {
  const log = copied("theft");
  await revoke(log, "archive", day(30), { signer: "builder", from: day(20) });
  await expect(verify("before", log)).rejects.toThrow(
    /E_SIGNATURE[\s\S]*as far as other clocks show[\s\S]*archive, 2026-01-30/,
  );
  const seen = copied("seen");
  await witnessLog(at(seen), (await signing("archive")).key, day(12));
  await release("backdated", seen, "builder", day(13)); // the thief, on day 25, with the clock set back
  await note(seen, "archive", day(26));
  await revoke(seen, "archive", day(30), { signer: "builder", from: day(20) });
  expect((await verify("before", seen)).time).toMatchObject({ clock: "witness", by: { name: "archive" } });
  await expect(verify("backdated", seen)).rejects.toThrow(/E_SIGNATURE[\s\S]*archive, 2026-01-26/);
});

test("neither another stolen key nor the thief's own new key vouches for a time", async () => {
  const two = copied("two-thefts");
  await note(two, "archive", day(12));
  await revoke(two, "builder", day(30), { from: day(20) });
  expect((await verify("before", two)).signers).toMatchObject([{ name: "builder" }]); // the archive saw it on day 12
  await revoke(two, "archive", day(31), { from: day(11) });
  await expect(verify("before", two)).rejects.toThrow(/E_SIGNATURE/);
  const own = copied("own-clock");
  await rotate(own, "builder", "thief", day(12)); // on day 25, with the clock set back
  await note(own, "thief", day(13));
  await revoke(own, "archive", day(30), { signer: "builder", from: day(20) });
  expect((await statements(own))[0]!.fault?.message).toMatch(/before the rotation[\s\S]*archive, 2026-01-30/);
});

test("what a key signed before the log named it does not count", async () => {
  const log = copied("too-early");
  const other = at("other.yaml");
  writeFileSync(other, readFileSync(policy, "utf8").replace("builder: [builder.pub.json]", "builder: [next.pub.json]"));
  rmSync(join(setting.run, "passport.json"), { force: true });
  const keys = [key("archive"), key("next")];
  await releaseRun(setting.run, { policy: other, keys, out: at("early-key"), log: at(log), now: day(11) });
  await rotate(log, "builder", "next", day(20));
  await expect(verify("early-key", log)).rejects.toThrow(/E_SIGNATURE[\s\S]*not named by the log yet/);
});

test("a statement made for another place or time of the log does not count", async () => {
  const log = copied("moved");
  await note(log, "archive", day(11));
  const { keyId } = await signer("builder");
  const made = keyEntry({ kind: "revoke", key: keyId, reason: "x" }, [await signing("builder")]);
  const log0 = await openReleaseLog(at("log"));
  await appendToLog(at(log), made(log0, day(12).toISOString()), (await signing("archive")).key, day(12));
  const now = await openReleaseLog(at(log));
  await appendToLog(at(log), made(now, day(5).toISOString()), (await signing("archive")).key, day(13));
  expect((await statements(log)).map((s) => s.fault?.facts.problem)).toEqual([
    "the statement was signed for another place in the log",
    "the statement was signed for another time",
  ]);
  await expect(revoke(log, "builder", day(12))).rejects.toThrow(/E_ARGUMENT[\s\S]*never go back/);
});

test("a revocation that was cut off the log is noticed by a witness's head", async () => {
  const log = copied("cut");
  await revoke(log, "archive", day(20), { signer: "builder" });
  await witnessLog(at(log), (await signing("archive")).key, day(21));
  const path = at(log, "log.jsonl");
  writeFileSync(path, `${readFileSync(path, "utf8").split("\n")[0]}\n`);
  await expect(verify("before", log)).rejects.toThrow(/E_CHECKSUM[\s\S]*saw another log/);
});

test("rotations in a circle, to a key in use, and by a key that was revoked or replaced do not count", async () => {
  const log = copied("circle");
  await rotate(log, "builder", "next", day(20));
  await expect(rotate(log, "next", "builder", day(21))).rejects.toThrow(/E_SIGNATURE[\s\S]*known already/);
  await expect(rotate(log, "next", "archive", day(21))).rejects.toThrow(/known already/);
  await expect(rotate(log, "builder", "third", day(21))).rejects.toThrow(/E_SIGNATURE[\s\S]*counts no longer/);
  await expect(rotate(log, "next", "next", day(21))).rejects.toThrow("E_SIGNATURE");
  await revoke(log, "next", day(22));
  await expect(rotate(log, "next", "third", day(23))).rejects.toThrow(/counts no longer/);
  const [to, { keyId }] = [await signer("thief"), await signer("next")];
  await forge(log, { kind: "rotate", key: keyId, to }, ["next", "thief"], day(24), "archive");
  expect((await statements(log)).at(-1)!.fault?.message).toMatch(/counts no longer/);
});

test("a rotation by a thief falls when the owner revokes the stolen key; one that a witness saw before stands", async () => {
  const log = copied("stolen-rotation");
  await rotate(log, "builder", "thief", day(20));
  await rotate(log, "thief", "third", day(21));
  await revoke(log, "builder", day(22), { from: day(15) });
  await note(log, "archive", day(23));
  const judged = await statements(log);
  expect(judged.map((s) => s.fault?.facts.problem)).toEqual([
    "the old key was revoked from a time before the rotation",
    "the old key counts no longer",
    undefined,
  ]);
  for (const name of ["thief", "third"])
    await expect(release("x", log, name, day(24))).rejects.toThrow(/no such signer/);
  const honest = copied("honest-rotation");
  await rotate(honest, "builder", "next", day(20));
  await note(honest, "archive", day(21));
  await revoke(honest, "builder", day(40), { from: day(30) });
  await release("kept", honest, "next", day(41));
  expect((await verify("kept", honest)).signers).toMatchObject([{ name: "next" }]);
});

test("the commands rotate, revoke, log and verify say what counts, in both languages", async () => {
  const log = copied("command");
  mkdirSync(at("later"));
  const base = ["--log", at(log), "--policy", policy];
  const rotated = await concord(["keys", "rotate", "--key", key("builder"), "--to", key("next"), ...base]);
  expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/rotation in entry 1/) });
  const revoked = await concord(["keys", "revoke", "--key", key("next"), "--reason", "gone", ...base]);
  expect(revoked).toMatchObject({ code: 0, out: expect.stringMatching(/revocation in entry 2/) });
  const said = await concord(["log", at(log), "--policy", policy]);
  expect(said.out).toMatch(
    /key of builder is replaced by that of next[\s\S]*key of next is revoked[\s\S]*by next: gone/,
  );
  const zh = await concord(["log", at(log), "--policy", policy, "--lang", "zh"]);
  expect(zh.out).toMatch(/builder 的密钥由 next 的密钥接替/);
  const verified = await concord(["verify", at("before"), ...base]);
  expect(verified.out).toMatch(/own clock of builder[\s\S]*replaced by that of next/);
  expect((await concord(["verify", at("before"), "--policy", policy])).out).toMatch(/NOT CHECKED: whether keys/);
  expect((await concord(["keys", "revoke", "--key", key("builder"), ...base])).err).toMatch(/--reason/);
});

test("a release is not made with a time before the log's last entry", async () => {
  const log = copied("clock");
  await note(log, "archive", day(30));
  await expect(release("early", log, "builder", day(20))).rejects.toThrow(/E_ARGUMENT[\s\S]*never go back/);
  expect(() => readFileSync(at("early.partial", "passport.json"))).toThrow("ENOENT");
  expect(() => readFileSync(join(setting.run, "passport.json"))).toThrow("ENOENT"); // nothing was signed
});
