// Releases whose signatures an authority stamped: asked when signing, checked without it when verifying.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { revokeKey } from "../../src/release/key-statements.ts";
import { releaseRun } from "../../src/release/release-run.ts";
import { verifyRelease } from "../../src/release/verify-release.ts";
import { makeKey } from "../../src/store/index.ts";
import { concord } from "../command-line.ts";
import { type Authority, lacksOpenssl, makeAuthority, serveAuthority } from "../timestamp-authority.ts";
import { type ReleaseSetting, releaseSetting } from "./run.ts";

const reason = lacksOpenssl();
const stamped = test.skipIf(reason !== undefined);
const dayMs = 86_400_000;
const started = Date.now();
let setting: ReleaseSetting;
let home: string;
let authority: Authority;
let server: Awaited<ReturnType<typeof serveAuthority>>;
let policy: string;
let strict: string;
beforeAll(async () => {
  if (reason) return;
  setting = await releaseSetting();
  home = mkdtempSync(join(tmpdir(), "concord-stamped-"));
  const expires = new Date(started + dayMs).toISOString();
  await makeKey({ path: join(home, "builder"), name: "builder", expires });
  await makeKey({ path: join(home, "auditor"), name: "auditor", expires });
  authority = makeAuthority();
  server = await serveAuthority(authority);
  writeFileSync(join(home, "tsa.pem"), authority.ca);
  const text = (stamps: string) =>
    `version: 1\nsigners: { builder: [builder.pub.json], auditor: [auditor.pub.json] }\nrequire: [builder]\n${stamps}gates: [{ value: metrics.accuracy, atLeast: 0.1 }]\n`;
  policy = join(home, "policy.yaml");
  writeFileSync(policy, text("timestamp: { authorities: [tsa.pem] }\n"));
  strict = join(home, "strict.yaml");
  writeFileSync(strict, text("timestamp: { authorities: [tsa.pem], required: true }\n"));
  writeFileSync(join(home, "none.yaml"), text(""));
  const base = ["release", setting.run, "--policy", strict, "--key", key("builder"), "--log", at("log")];
  const made = await concord([...base, "--out", at("release"), "--timestamp", server.url]);
  expect(made.code, made.err).toBe(0);
});
afterAll(async () => {
  await server?.close();
  authority?.remove();
  setting?.remove();
  if (home) rmSync(home, { recursive: true, force: true });
});
const at = (...path: string[]) => join(home, ...path);
const key = (name: string) => at(`${name}.key`);
const later = new Date(started + 10 * dayMs);
const verify = (by: string, now = new Date(), folder = at("release"), log?: string) =>
  verifyRelease(folder, { policy: by, now, ...(log !== undefined && { log }) });
function changed(change: (text: string) => string): string {
  const folder = mkdtempSync(at("changed-"));
  cpSync(at("release"), folder, { recursive: true });
  const path = join(folder, "timestamps.json");
  writeFileSync(path, change(readFileSync(path, "utf8")));
  return folder;
}

stamped("a stamped release says whose clock; its signatures count after their keys have expired", async () => {
  const { time } = await verify(strict);
  expect(time).toMatchObject({ clock: "timestamp", by: { name: "Test authority" } });
  expect(Date.parse(time.at) - started).toBeGreaterThan(0);
  expect((await verify(policy, later)).time.clock).toBe("timestamp");
  await expect(verify(at("none.yaml"), later)).rejects.toThrow(/E_SIGNATURE[\s\S]*every key that vouches/);
  const said = await concord(["verify", at("release"), "--policy", policy]);
  expect(said.out).toMatch(/clock of the timestamp authority Test authority[\s\S]*signature of builder was there by/);
  expect((await concord(["verify", at("release"), "--policy", at("none.yaml")])).out).toMatch(
    /NOT CHECKED: time stamps/,
  );
});

stamped("a stamp of other bytes, of another key, or of an authority that is not trusted is refused", async () => {
  const token = /"token": ?"([^"]{40})/.exec(readFileSync(at("release", "timestamps.json"), "utf8"))![1]!;
  const broken = changed((text) => text.replace(token, `${token.slice(0, 30)}AAAAAAAAAA`));
  await expect(verify(policy, new Date(), broken)).rejects.toThrow("E_SIGNATURE");
  const other = changed((text) => text.replace(/"keyid": ?"[0-9a-f]{4}/, '"keyid": "0000'));
  await expect(verify(policy, new Date(), other)).rejects.toThrow(/E_SIGNATURE[\s\S]*signature that is not there/);
  const empty = changed(() => '{"format":"concord-timestamps","version":1,"timestamps":[]}');
  await expect(verify(policy, new Date(), empty)).rejects.toThrow("E_FORMAT");
  const stranger = makeAuthority();
  try {
    writeFileSync(at("tsa.pem"), stranger.ca);
    await expect(verify(policy)).rejects.toThrow(/E_SIGNATURE[\s\S]*does not lead to one/);
  } finally {
    writeFileSync(at("tsa.pem"), authority.ca);
    stranger.remove();
  }
});

stamped("a stamp shows that a key signed before it was stolen, where no other clock does", async () => {
  const log = at("theft");
  cpSync(at("log"), log, { recursive: true });
  const from = new Date(Date.now() + 2000).toISOString();
  const now = new Date(Date.now() + 3000);
  await revokeKey({ policy, log, key: key("builder"), from, reason: "stolen", now });
  expect((await verify(policy, now, at("release"), log)).signers).toMatchObject([{ name: "builder" }]);
  await expect(verify(at("none.yaml"), now, at("release"), log)).rejects.toThrow("E_SIGNATURE");
  const early = at("early");
  cpSync(at("log"), early, { recursive: true });
  await revokeKey({ policy, log: early, key: key("builder"), from: new Date(started).toISOString(), reason: "x", now });
  await expect(verify(policy, now, at("release"), early)).rejects.toThrow(/E_SIGNATURE/);
});

stamped(
  "concord sign has a further signature stamped; a policy that asks for stamps refuses a release without",
  async () => {
    rmSync(join(setting.run, "passport.json"));
    rmSync(join(setting.run, "timestamps.json"));
    const plain = { keys: [key("builder")], log: at("second-log") };
    const refused = releaseRun(setting.run, { ...plain, policy: strict, out: at("unstamped") });
    await expect(refused).rejects.toThrow(/E_SIGNATURE[\s\S]*no time stamp, which the policy asks for/);
    expect([existsSync(at("unstamped")), existsSync(at("second-log", "log.jsonl"))]).toEqual([false, false]);
    const passport = join(setting.run, "passport.json");
    const sign = ["sign", passport, "--key", key("auditor"), "--timestamp", server.url];
    expect((await concord(sign)).err).toMatch(/needs the policy/);
    expect((await concord([...sign, "--policy", at("none.yaml")])).err).toMatch(/E_CONFIG[\s\S]*names no authority/);
    expect(await concord([...sign, "--policy", strict])).toMatchObject({ code: 0 });
    await releaseRun(setting.run, { ...plain, policy: strict, out: at("both") });
    expect((await verify(strict, new Date(), at("both"))).time.stamps.size).toBe(2);
  },
);

stamped("an authority that is silent, refuses, or sends what is no answer is named", async () => {
  rmSync(join(setting.run, "timestamps.json"), { force: true });
  const ask = async (url: string) => {
    const options = { policy, keys: [key("builder")], log: at("third-log"), timestamp: url, out: at("never") };
    return await releaseRun(setting.run, options).catch((error: Error) => error.message);
  };
  expect(await ask("ftp://x")).toMatch(/E_ARGUMENT[\s\S]*not the address/);
  expect(await ask("http://127.0.0.1:1/")).toMatch(/E_SERVER[\s\S]*does not answer/);
  for (const [answer, words] of [
    [() => ({ status: 503, body: Buffer.alloc(0) }), /E_SERVER[\s\S]*status 503/],
    [() => ({ body: Buffer.from("<html>") }), /E_SIGNATURE[\s\S]*not an answer in DER/],
    [() => ({ body: Buffer.alloc(2 ** 17) }), /E_SERVER[\s\S]*too long/],
    [() => ({ body: Buffer.from("30053003020102", "hex") }), /E_SIGNATURE[\s\S]*gave no token/],
  ] as const) {
    const bad = await serveAuthority(authority, answer);
    expect(await ask(bad.url)).toMatch(words);
    await bad.close();
  }
  expect(existsSync(at("never"))).toBe(false);
});
