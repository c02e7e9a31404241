// A signer whose keys are in a PKCS#11 token: SoftHSM plays the device, pkcs11-tool of OpenSC asks it. Both have to be installed.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addSignature, isSignedBy, readSigner, readSigningKey, signModel, verifyModel } from "../../src/store/index.ts";
import { concord } from "../command-line.ts";

const library = "/usr/lib/softhsm/libsofthsm2.so";

test("concord keys device signs passports and weights with keys that a PKCS#11 token keeps", async () => {
  const home = mkdtempSync(join(tmpdir(), "concord-pkcs11-"));
  const at = (name: string) => join(home, name);
  mkdirSync(at("tokens"));
  writeFileSync(at("softhsm2.conf"), `directories.tokendir = ${at("tokens")}\n`);
  const env = { ...process.env, SOFTHSM2_CONF: at("softhsm2.conf") };
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const tool = (...args: string[]) => run("pkcs11-tool", "--module", library, "--login", "--pin", "1234", ...args);
  try {
    run("softhsm2-util", "--init-token", "--free", "--label", "concord", "--pin", "1234", "--so-pin", "1234");
    const made = [
      { name: "ed", id: "01", type: "EC:edwards25519", mechanism: "EDDSA", more: "", reads: "cat" },
      {
        name: "p256",
        id: "02",
        type: "EC:prime256v1",
        mechanism: "ECDSA",
        more: "--signature-format openssl",
        reads: "openssl dgst -sha256 -binary",
      },
    ];
    for (const { name, id, type, mechanism, more, reads } of made) {
      tool("--keypairgen", "--key-type", type, "--id", id, "--label", name, "--usage-sign");
      tool("--read-object", "--type", "pubkey", "--id", id, "--output-file", at(`${name}.der`));
      const form = readFileSync(at(`${name}.der`))
        .toString("latin1")
        .startsWith("-----")
        ? "PEM"
        : "DER"; // by version and kind
      run("openssl", "pkey", "-pubin", "-inform", form, "-in", at(`${name}.der`), "-out", at(`${name}.pem`));
      const sign = `pkcs11-tool --module ${library} --login --pin 1234 --sign --mechanism ${mechanism} ${more} --id ${id} --input-file "$t" --output-file "$t.sig"`;
      writeFileSync(
        at(name),
        `#!/bin/sh\nset -e\nexport SOFTHSM2_CONF=${at("softhsm2.conf")}\nt=$(mktemp)\n${reads} > "$t"\n${sign} >&2\nbase64 "$t.sig"\nrm "$t" "$t.sig"\n`,
      );
      chmodSync(at(name), 0o755);
    }
    const option = (name: string) => JSON.stringify([at(name)]);
    const args = ["--public-key", at("ed.pem"), "--key-command", option("ed")];
    const model = ["--model-public-key", at("p256.pem"), "--model-command", option("p256")];
    const said = await concord(["keys", "device", at("hsm"), "--name", "Token", ...args, ...model]);
    expect(said.code, said.err).toBe(0);
    const [key, signer] = [await readSigningKey(at("hsm.key")), await readSigner(at("hsm.pub.json"))];
    const envelope = addSignature({ payloadType: "x", payload: Buffer.from("{}"), signatures: [] }, key.keyId, key.key);
    expect(isSignedBy(envelope, envelope.signatures[0]!, signer.key)).toBe(true);
    mkdirSync(at("model"));
    writeFileSync(at("model/weights"), "weights");
    const signature = await signModel(at("model"), key.modelKey);
    await verifyModel(at("model"), signature, signer.modelKey, "model.sig");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
