// Keys that a command signs with: OpenSSL plays the device, whose private keys only it reads.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lacksOpenssl } from "../../../test/timestamp-authority.ts";
import {
  addSignature,
  appendToLog,
  isHeadOf,
  isSignedBy,
  makeCommandKey,
  readSigner,
  readSigningKey,
  signBytes,
} from "./index.ts";

const reason = lacksOpenssl();
if (reason) console.log(`tests of key commands are skipped: ${reason}`);
const device = test.skipIf(reason !== undefined || process.platform === "win32");
const home = mkdtempSync(join(tmpdir(), "concord-device-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (name: string) => join(home, name);
const openssl = (...args: string[]) =>
  execFileSync("openssl", args, { cwd: home, stdio: ["ignore", "pipe", "ignore"] });

/** A program that signs, and the public key that belongs to it. */
function program(name: string, kind: "ed25519" | "p256", body?: string) {
  const key = kind === "p256" ? ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["-algorithm", "ED25519"];
  openssl("genpkey", ...key, "-out", `${name}.secret`);
  openssl("pkey", "-in", `${name}.secret`, "-pubout", "-out", `${name}.pem`);
  const digest = kind === "p256" ? "-digest sha256" : "";
  const signs = `t=$(mktemp); cat > "$t"; openssl pkeyutl -sign -rawin ${digest} -inkey "${at(name)}.secret" -in "$t" | base64; rm "$t"`;
  writeFileSync(at(name), `#!/bin/sh\n${body ?? signs}\n`);
  chmodSync(at(name), 0o755);
  return { command: [at(name)], pem: readFileSync(at(`${name}.pem`), "utf8") };
}

device(
  "a signer's keys stay in a device: envelopes and logs are signed by a command and checked by anybody",
  async () => {
    const [key, model] = [program("ed", "ed25519"), program("p256", "p256")];
    const keys = { publicKey: key.pem, modelKey: model.pem, command: key.command, modelCommand: model.command };
    await makeCommandKey({ path: at("hsm"), name: "HSM", ...keys });
    expect(readFileSync(at("hsm.key"), "utf8")).not.toMatch(/PRIVATE/);
    const [signing, signer] = [await readSigningKey(at("hsm.key")), await readSigner(at("hsm.pub.json"))];
    const envelope = addSignature(
      { payloadType: "x", payload: Buffer.from("{}"), signatures: [] },
      signing.keyId,
      signing.key,
    );
    expect(isSignedBy(envelope, envelope.signatures[0]!, signer.key)).toBe(true);
    const { head } = await appendToLog(at("log"), { kind: "note" }, signing.key, new Date());
    expect(isHeadOf(head, signer.key)).toBe(true);
    await expect(makeCommandKey({ path: at("swapped"), name: "S", ...keys, command: model.command })).rejects.toThrow(
      /E_SIGNATURE[\s\S]*not of its public key/,
    );
    await expect(makeCommandKey({ path: at("kind"), name: "S", ...keys, publicKey: model.pem })).rejects.toThrow(
      /E_FORMAT[\s\S]*another kind/,
    );
    await expect(makeCommandKey({ path: at("past"), name: "S", ...keys, expires: "2020-01-01" })).rejects.toThrow(
      "E_ARGUMENT",
    );
    chmodSync(at("hsm.key"), 0o644);
    await expect(readSigningKey(at("hsm.key"))).rejects.toThrow(/E_IO[\s\S]*0600/);
  },
);

device(
  "a command that fails, is missing, prints nothing, another's signature, or reads its arguments by a shell is refused",
  async () => {
    const publicKey = (await readSigner(at("hsm.pub.json"))).key;
    const sign = (command: readonly string[]) => () => signBytes({ command, publicKey }, Buffer.from("bytes"));
    expect(sign([at("nowhere")])).toThrow(/E_SIGNATURE[\s\S]*cannot be run/);
    expect(sign(program("fails", "ed25519", "echo no token >&2; exit 3").command)).toThrow(
      /failed[\s\S]*status 3: no token/,
    );
    expect(sign(program("silent", "ed25519", "cat > /dev/null").command)).toThrow(/printed no signature/);
    expect(sign(program("words", "ed25519", "echo 'hello world!'").command)).toThrow(/printed no signature/);
    expect(sign(program("other", "ed25519").command)).toThrow(/not of its public key/);
    expect(sign(["/bin/echo", "$(id)", ";", "id"])).toThrow(/printed no signature[\s\S]*\$\(id\);id/);
    expect(sign([at("ed")])).not.toThrow();
  },
);

device.each([
  ["no list of words", { command: "sign" }, /E_FORMAT[\s\S]*no list of words/],
  ["a newer version", { version: 2 }, "E_VERSION"],
  ["another format", { format: "x" }, "E_FORMAT"],
])("a key file of %s is refused", async (_, change, words) => {
  const file = JSON.parse(readFileSync(at("hsm.key"), "utf8"));
  const path = at("bad.key");
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify({ ...file, ...change }), { mode: 0o600 });
  await expect(readSigningKey(path)).rejects.toThrow(words);
});
