// The bundle of a passport's signature, verified by Sigstore's own library for JavaScript, which is installed for this test alone. Needs a registry.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { passportType } from "../../src/passport/index.ts";
import { addSignature, makeKey, readSigningKey, sigstoreBundle } from "../../src/store/index.ts";

const oracle = `
const { readFileSync } = require("node:fs");
const { createPublicKey } = require("node:crypto");
const { bundleFromJSON } = require("@sigstore/bundle");
const { toSignedEntity, toTrustMaterial, Verifier } = require("@sigstore/verify");
const [bundle, key] = process.argv.slice(2);
const read = bundleFromJSON(JSON.parse(readFileSync(bundle, "utf8")));
const publicKey = createPublicKey(readFileSync(key, "utf8"));
const root = { tlogs: [], ctlogs: [], timestampAuthorities: [], certificateAuthorities: [], mediaType: "" };
const trust = toTrustMaterial(root, (hint) => ({ publicKey, validFor: () => true }));
new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(toSignedEntity(read));
console.log("verified " + read.mediaType);
`;

test("Sigstore's library verifies the bundle with the signer's key, and refuses another key and a changed payload", async () => {
  const home = mkdtempSync(join(tmpdir(), "concord-sigstore-"));
  const at = (name: string) => join(home, name);
  try {
    execFileSync("npm", [
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefix",
      home,
      "@sigstore/verify@3.1.1",
      "@sigstore/bundle@4.0.0",
    ]);
    writeFileSync(at("oracle.cjs"), oracle);
    const [signer, other] = [await makeKey({ path: at("a"), name: "A" }), await makeKey({ path: at("b"), name: "B" })];
    for (const { name, key } of [signer, other])
      writeFileSync(at(`${name}.pem`), key.export({ type: "spki", format: "pem" }));
    const { key, keyId } = await readSigningKey(at("a.key"));
    const envelope = addSignature(
      { payloadType: passportType, payload: Buffer.from('{"a":1}'), signatures: [] },
      keyId,
      key,
    );
    const check = (text: string, pem: string) => {
      writeFileSync(at("bundle.json"), text);
      return execFileSync("node", ["oracle.cjs", "bundle.json", pem], { cwd: home, encoding: "utf8", stdio: "pipe" });
    };
    const bundle = sigstoreBundle(envelope, keyId);
    expect(check(bundle, "A.pem")).toMatch(/verified application\/vnd\.dev\.sigstore\.bundle\.v0\.3\+json/);
    expect(() => check(bundle, "B.pem")).toThrow(/signature verification failed|VerificationError/);
    const changed = sigstoreBundle({ ...envelope, payload: Buffer.from('{"a":2}') }, keyId);
    expect(() => check(changed, "A.pem")).toThrow(/signature verification failed|VerificationError/);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
