// When a counter-signature counts: its key has to hold at the time of its entry in the log, or, where it was not logged, today.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { passportType } from "../../src/passport/index.ts";
import { payloadDigest, type RecomputeFacts, writeAttestation } from "../../src/release/attestations.ts";
import { recomputeRelease } from "../../src/release/recompute.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { appendToLog, makeKey, parseEnvelope, readSigningKey } from "../../src/store/index.ts";
import { now, type ReleaseSetting, releaseSetting } from "../release/run.ts";

let setting: ReleaseSetting;
let policy: string;
let facts: RecomputeFacts;
const at = (...path: string[]) => join(setting.home, ...path);
const nextYear = new Date("2027-06-01T00:00:00Z");
const verify = (name: string, on: Date, log?: string) => verifyRelease(at(name), { policy, log, now: on });

beforeAll(async () => {
  setting = await releaseSetting();
  await makeKey({ path: at("soon"), name: "soon", expires: "2026-12-31", now });
  policy = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0 }]");
  writeFileSync(policy, readFileSync(policy, "utf8").replace("late.pub.json]", "late.pub.json, soon.pub.json]"));
  await releaseRun(setting.run, { policy, keys: [setting.key("builder")], out: at("released"), now });
  for (const name of ["logged", "unlogged"]) cpSync(at("released"), at(name), { recursive: true });
  const audit = { data: setting.table, key: setting.key("soon"), now: new Date("2026-11-26T08:00:00Z") };
  facts = await recomputeRelease(at("logged"), await verify("logged", now), { ...audit, log: at("releases") });
  await recomputeRelease(at("unlogged"), await verify("unlogged", now), audit);
});
afterAll(() => setting.remove());

/** A copy of the release with a statement by a key that is logged at a time of one's choosing. */
async function stated(name: string, key: string, time: string): Promise<string> {
  cpSync(at("released"), at(name), { recursive: true });
  const signing = await readSigningKey(setting.key(key));
  const envelope = parseEnvelope(readFileSync(at(name, "passport.json")), passportType, "passport.json");
  const entry = { kind: "recompute", passport: payloadDigest(envelope), by: signing.keyId };
  await writeAttestation(at(name), { ...facts, at: time }, signing, (statement) =>
    appendToLog(at(`log of ${name}`), { ...entry, statement }, signing.key, new Date(time)),
  );
  return name;
}

test("a statement that was logged while its key held counts after the key has expired, once a later head by a key that holds covers it", async () => {
  const found = [{ compared: facts.compared, signer: { name: "soon", role: "auditor" } }];
  for (const log of [undefined, at("releases")]) {
    expect((await verify("logged", now, log)).attestations).toMatchObject(found);
    await expect(verify("logged", nextYear, log)).rejects.toThrow(/E_SIGNATURE[\s\S]*every key that vouches/);
  }
  const { key } = await readSigningKey(setting.key("builder"));
  await appendToLog(at("releases"), { kind: "note" }, key, new Date("2026-11-27T08:00:00Z"));
  expect((await verify("logged", nextYear, at("releases"))).attestations).toMatchObject(found);
});

test("one that was never logged counts while its key holds, and no longer", async () => {
  expect((await verify("unlogged", now)).attestations).toHaveLength(1);
  await expect(verify("unlogged", nextYear)).rejects.toThrow(/E_SIGNATURE[\s\S]*expired[\s\S]*soon, 2026-12-31/);
});

test("one whose key had expired when it was logged is refused, and so is an entry dated before the release", async () => {
  const late = await stated("late statement", "late", "2026-11-26T08:00:00Z");
  await expect(verify(late, nextYear)).rejects.toThrow(/E_SIGNATURE[\s\S]*expired[\s\S]*late, 2026-06-01/);
  const dated = await stated("dated back", "late", "2026-05-01T08:00:00Z");
  await expect(verify(dated, nextYear)).rejects.toThrow(/E_CHECKSUM[\s\S]*older than the release/);
});

test("a proof of another statement, of another log, or without its statement is refused", async () => {
  const [proof] = readdirSync(at("logged", "attestations")).filter((name) => name.endsWith(".proof.json"));
  cpSync(at("unlogged"), at("borrowed"), { recursive: true });
  const other = await stated("other", "soon", "2026-11-27T08:00:00Z");
  cpSync(at(other, "attestations", proof!), at("borrowed", "attestations", proof!));
  await expect(verify("borrowed", nextYear)).rejects.toThrow(/E_CHECKSUM[\s\S]*another statement/);
  await expect(verify(other, nextYear, at("releases"))).rejects.toThrow(/E_CHECKSUM[\s\S]*does not hold/);
  cpSync(at("logged"), at("alone"), { recursive: true });
  rmSync(at("alone", "attestations", proof!.replace(".proof", "")));
  await expect(verify("alone", now)).rejects.toThrow(/E_CHECKSUM[\s\S]*proof without its statement/);
});
