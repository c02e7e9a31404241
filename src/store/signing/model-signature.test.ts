// The weights' signature and other statements of in-toto: their form, whose they are, and what is refused.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fault, faultLater } from "../../../test/fault.ts";
import {
  folderDigests,
  preAuthentication,
  rootDigest,
  signModel,
  signStatement,
  verifyModel,
  verifyStatement,
} from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-weights-"));
const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const [own, other] = [pair(), pair()];
const inToto = "application/vnd.in-toto+json";
let signature: string;
beforeAll(async () => {
  for (const name of ["config.json", "model.safetensors"]) writeFileSync(join(folder, name), name);
  signature = await signModel(folder, own.privateKey);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Bundle {
  mediaType: string;
  verificationMaterial: unknown;
  dsseEnvelope: { payload: unknown; payloadType: unknown; signatures: unknown };
}
const bundleOf = (text: string) => JSON.parse(text) as Bundle;
const changed = (change: (bundle: Bundle) => void): string => {
  const bundle = bundleOf(signature);
  change(bundle);
  return JSON.stringify(bundle);
};
/** Bytes that our own key signed, whatever they are. */
const signedBytes = (payload: Buffer): string => {
  const sig = sign("sha256", preAuthentication(inToto, payload), own.privateKey).toString("base64");
  return changed(({ dsseEnvelope }) => {
    dsseEnvelope.payload = payload.toString("base64");
    dsseEnvelope.signatures = [{ sig, keyid: "" }];
  });
};

test("the bundle is OpenSSF's: a hint of the key, no log entries, and a statement of the folder and its files", async () => {
  const made = await signModel(folder, own.privateKey); // here, so that a change of it is a change of this test
  const { mediaType, verificationMaterial, dsseEnvelope } = bundleOf(made);
  const pem = own.publicKey.export({ type: "spki", format: "pem" });
  expect({ mediaType, verificationMaterial, dsseEnvelope }).toMatchObject({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: createHash("sha256").update(pem).digest("hex") }, tlogEntries: [] },
    dsseEnvelope: { payloadType: inToto, signatures: [{ keyid: "" }] },
  });
  expect((dsseEnvelope.signatures as unknown[]).length).toBe(1);
  const files = await folderDigests(folder);
  const ignored = [".git", ".gitattributes", ".github", ".gitignore"];
  expect(JSON.parse(Buffer.from(String(dsseEnvelope.payload), "base64").toString())).toEqual({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: basename(folder), digest: { sha256: rootDigest(files) } }],
    predicateType: "https://model_signing/signature/v1.0",
    predicate: {
      serialization: { method: "files", hash_type: "sha256", allow_symlinks: false, ignore_paths: ignored },
      resources: files.map(({ name, digest }) => ({ name, algorithm: "sha256", digest })),
    },
  });
});

test("the folder as it was signed is verified by its signer's key alone; git's own files do not count", async () => {
  writeFileSync(join(folder, ".gitignore"), "x");
  await verifyModel(folder, signature, own.publicKey, "model.sig");
  const { facts } = await faultLater("E_SIGNATURE", () => verifyModel(folder, signature, other.publicKey, "model.sig"));
  const pem = other.publicKey.export({ type: "spki", format: "pem" });
  expect([facts.path, facts.expected]).toEqual([
    "model.sig",
    createHash("sha256").update(pem).digest("hex").slice(0, 16),
  ]);
});

test("a file that was changed is named", async () => {
  writeFileSync(join(folder, "config.json"), "other");
  const { facts } = await faultLater("E_CHECKSUM", () => verifyModel(folder, signature, own.publicKey, "model.sig"));
  writeFileSync(join(folder, "config.json"), "config.json");
  expect([facts.path, facts.problem]).toEqual([folder, expect.stringMatching(/^config\.json has changed/)]);
});

test("a statement is that of any of the keys", () => {
  const text = signStatement({ a: 1 }, own.privateKey);
  for (const keys of [[own.publicKey], [other.publicKey, own.publicKey], [own.publicKey, other.publicKey]])
    expect(verifyStatement(text, keys, "s")).toEqual({ a: 1 });
  const hints = fault("E_SIGNATURE", () => verifyStatement(text, [other.publicKey, pair().publicKey], "s")).facts
    .expected!;
  expect(hints).toMatch(/^[0-9a-f]{16}, [0-9a-f]{16}$/);
  fault("E_SIGNATURE", () => verifyStatement(text, [], "s"));
});

test.each<[string, () => string]>([
  ["JSON that is no object", () => "[]"],
  ["no envelope", () => changed((b) => Object.assign(b, { dsseEnvelope: 1 }))],
  ["an envelope of null", () => changed((b) => Object.assign(b, { dsseEnvelope: null }))],
  ["another payload type", () => changed((b) => Object.assign(b.dsseEnvelope, { payloadType: "text/plain" }))],
  ["no payload", () => changed((b) => Object.assign(b.dsseEnvelope, { payload: 1 }))],
  ["no list of signatures", () => changed((b) => Object.assign(b.dsseEnvelope, { signatures: "none" }))],
  ["no signature", () => changed((b) => Object.assign(b.dsseEnvelope, { signatures: [] }))],
  ["a signature that is no text", () => changed((b) => Object.assign(b.dsseEnvelope, { signatures: [{ sig: 1 }] }))],
  ["a signature that is no object", () => changed((b) => Object.assign(b.dsseEnvelope, { signatures: ["x"] }))],
  ["a signed list", () => signedBytes(Buffer.from("[]"))],
])("a bundle with %s is refused as no signed statement", (_, text) => {
  const { facts } = fault("E_FORMAT", () => verifyStatement(text(), [own.publicKey], "bundle.json"));
  expect([facts.operation, facts.problem, facts.path, facts.expected]).toEqual([
    "verify",
    "not a signed statement",
    "bundle.json",
    "a bundle of type application/vnd.dev.sigstore.bundle.v0.3+json with an in-toto statement",
  ]);
});

const kind = "https://model_signing/signature/v1.0";
test.each([
  ["of another kind", { predicateType: "https://slsa.dev/provenance/v1", predicate: { resources: [] } }],
  ["without files", { predicateType: kind, predicate: {} }],
  ["without a predicate", { predicateType: kind }],
])("a statement %s is not the signature of a model", async (_, statement) => {
  const text = signStatement(statement, own.privateKey);
  const { facts } = await faultLater("E_FORMAT", () => verifyModel(folder, text, own.publicKey, "model.sig"));
  expect([facts.problem, facts.expected]).toEqual(["another kind of statement", kind]);
});

test("a file that is no entry counts as missing", async () => {
  const text = signStatement({ predicateType: kind, predicate: { resources: [1] } }, own.privateKey);
  await faultLater("E_CHECKSUM", () => verifyModel(folder, text, own.publicKey, "model.sig"));
});
