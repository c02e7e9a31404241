// Envelopes, keys, trees and logs: published vectors, round trips, and every kind of tampering.
import { execFileSync } from "node:child_process";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import {
  addSignature,
  appendToLog,
  consistencyProof,
  continues,
  type Envelope,
  envelopeText,
  folderDigests,
  inclusionProof,
  isConsistent,
  isHeadOf,
  isIncluded,
  isSignedBy,
  keyIdOf,
  leafHash,
  makeKey,
  openReleaseLog,
  parseEnvelope,
  preAuthentication,
  proves,
  readSigner,
  readSigningKey,
  signModel,
  treeRoot,
  treeRoots,
  verifyModel,
} from "./index.ts";

const home = mkdtempSync(join(tmpdir(), "concord-signing-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const now = new Date("2026-11-25T12:00:00Z");
const pair = generateKeyPairSync("ed25519");
const id = keyIdOf(pair.publicKey);
const type = "application/x-test";
const signed = addSignature({ payloadType: type, payload: Buffer.from("{}"), signatures: [] }, id, pair.privateKey);

test("what is signed is the example of the DSSE protocol", () => {
  const bytes = preAuthentication("http://example.com/HelloWorld", Buffer.from("hello world"));
  expect(Buffer.from(bytes).toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
});

test("an envelope is read back; its signature fits its payload, its type and its key only", () => {
  const read = parseEnvelope(envelopeText(signed), type, "e");
  expect(isSignedBy(read, read.signatures[0]!, pair.publicKey)).toBe(true);
  const others: Envelope[] = [
    { ...read, payload: Buffer.from("[]") },
    { ...read, payloadType: "other" },
  ];
  for (const other of others) expect(isSignedBy(other, read.signatures[0]!, pair.publicKey)).toBe(false);
  expect(isSignedBy(read, read.signatures[0]!, generateKeyPairSync("ed25519").publicKey)).toBe(false);
  expect(() => addSignature(signed, id, pair.privateKey)).toThrow("E_SIGNATURE");
});

test.each([
  ["another type", (t: string) => t.replace("x-test", "x-other")],
  ["an unknown entry", (t: string) => t.replace("{", '{"more": 1,')],
  ["an entry twice", (t: string) => t.replace("{", `{"payloadType": "${type}",`)],
  ["base64 with spare bits", (t: string) => t.replace('"payload": "e30="', '"payload": "e31="')],
  ["base64 with a space", (t: string) => t.replace('"payload": "e30="', '"payload": "e3 0="')],
  ["a signer who signs twice", (t: string) => t.replace(/(\{\s*"keyid[^}]*\})/, "$1, $1")],
  ["a key that is no key", (t: string) => t.replace(id, "abc")],
])("an envelope with %s is refused", (_, change) => {
  const text = change(envelopeText(signed));
  expect(text).not.toBe(envelopeText(signed));
  expect(() => parseEnvelope(text, type, "e")).toThrow("E_FORMAT");
});

test("a signer's files are made once, the private one for its owner only", async () => {
  const path = join(home, "clinic");
  const made = await makeKey({ path, name: "Clinic", expires: "2027-01-01", now });
  const [read, key] = [await readSigner(`${path}.pub.json`), await readSigningKey(`${path}.key`)];
  expect([read.name, read.keyId, read.expires]).toEqual(["Clinic", made.keyId, "2027-01-01"]);
  const envelope = addSignature({ ...signed, signatures: [] }, key.keyId, key.key);
  expect(isSignedBy(envelope, envelope.signatures[0]!, read.key)).toBe(true);
  await expect(makeKey({ path, name: "Clinic", now })).rejects.toThrow("E_IO");
  chmodSync(`${path}.key`, 0o644);
  await expect(readSigningKey(`${path}.key`)).rejects.toThrow(/E_IO[\s\S]*0600[\s\S]*0644[\s\S]*chmod 600/);
});

test("a private key with a passphrase opens with it alone; public files are checked", async () => {
  const path = join(home, "locked");
  await makeKey({ path, name: "L", passphrase: "correct horse", now });
  await readSigningKey(`${path}.key`, "correct horse");
  await expect(readSigningKey(`${path}.key`)).rejects.toThrow(/E_SIGNATURE[\s\S]*passphrase/);
  await expect(readSigningKey(`${path}.key`, "wrong")).rejects.toThrow("E_SIGNATURE");
  await expect(makeKey({ path: join(home, "old"), name: "O", expires: "2020-01-01", now })).rejects.toThrow(
    "E_ARGUMENT",
  );
  const text = readFileSync(`${path}.pub.json`, "utf8");
  const file = join(home, "bad.pub.json");
  for (const [find, put, code] of [
    [/"keyId": "../, '"keyId": "zz', "E_FORMAT"],
    ['"version": 1', '"version": 9', "E_VERSION"],
    ["BEGIN PUBLIC KEY", "BEGIN NOTHING", "E_FORMAT"],
    ["concord-signer", "other", "E_FORMAT"],
  ] as const) {
    writeFileSync(file, text.replace(find, put));
    await expect(readSigner(file), String(find)).rejects.toThrow(code);
  }
});

test("an encrypted key is derived by scrypt, OpenSSL reads it, and files of before are read", async () => {
  const path = join(home, "scrypt");
  await makeKey({ path, name: "S", passphrase: "pass wörd", now });
  const blocks = readFileSync(`${path}.key`, "utf8").split(/(?<=END ENCRYPTED PRIVATE KEY-----\n)/);
  expect(blocks.length).toBe(2);
  for (const block of blocks) {
    const bytes = Buffer.from(block.replace(/-----.*-----|\n/g, ""), "base64");
    expect(bytes.includes(Buffer.from("2b06010401da47040b", "hex"))).toBe(true); // scrypt
    expect(bytes.includes(Buffer.from("02024000020108020105", "hex"))).toBe(true); // N 16384, r 8, p 5
    const key = execFileSync("openssl", ["pkey", "-passin", "pass:pass wörd"], { input: block, encoding: "utf8" });
    const own = createPrivateKey({ key: block, passphrase: "pass wörd" });
    expect(createPrivateKey(key).equals(own)).toBe(true);
  }
  const old = [pair, generateKeyPairSync("ec", { namedCurve: "P-256" })].map(({ privateKey }) =>
    privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "p" }),
  );
  writeFileSync(join(home, "old.key"), old.join(""), { mode: 0o600 });
  expect((await readSigningKey(join(home, "old.key"), "p")).keyId).toBe(id);
});

/** Leaves and roots of the Certificate Transparency project's tests. */
const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map(
  (text) => leafHash(Buffer.from(text, "hex")),
);
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

test("roots are those of Certificate Transparency's own tests, at once and one by one", () => {
  expect(roots.map((_, i) => treeRoot(leaves.slice(0, i + 1)).toString("hex"))).toEqual(roots);
  expect(treeRoots(leaves)).toEqual(roots);
  expect(treeRoot([]).toString("hex")).toMatch(/^e3b0c442/);
});

test("each leaf of each tree is proved, and a proof with one changed bit, place or size is not", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, at, bit) => {
      const tree = Array.from({ length: size }, (_, i) => leafHash(Buffer.from([i])));
      const [root, index] = [treeRoot(tree), at % size];
      const proof = inclusionProof(tree, index);
      expect(isIncluded(tree[index]!, index, size, proof, root)).toBe(true);
      expect(isIncluded(leafHash(Buffer.from("x")), index, size, proof, root)).toBe(false);
      if (size > 1) expect(isIncluded(tree[index]!, (index + 1) % size, size, proof, root)).toBe(false);
      if (proof.length === 0) return;
      const broken = proof.map((p) => Buffer.from(p));
      broken[bit % proof.length]![bit % 32]! ^= 1 << (bit % 8);
      expect(isIncluded(tree[index]!, index, size, broken, root)).toBe(false);
      expect(isIncluded(tree[index]!, index, size, proof.slice(1), root)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("a tree continues each of its beginnings, and no other", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (size, at) => {
      const tree = Array.from({ length: size }, (_, i) => leafHash(Buffer.from([i])));
      const old = 1 + (at % size);
      const proof = consistencyProof(tree, old);
      const [oldRoot, root] = [treeRoot(tree.slice(0, old)), treeRoot(tree)];
      expect(isConsistent(old, oldRoot, size, root, proof)).toBe(true);
      const forged = treeRoot([...tree.slice(0, old - 1), leafHash(Buffer.from("x"))]);
      expect(isConsistent(old, forged, size, root, proof)).toBe(false);
      if (old < size) expect(isConsistent(old, oldRoot, size, oldRoot, proof)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("a log gives proofs of its entries, and shows that it continues its own past", async () => {
  const folder = join(home, "log");
  const first = await appendToLog(folder, { kind: "release", n: 1 }, pair.privateKey, now);
  for (let n = 2; n < 7; n++) await appendToLog(folder, { kind: "release", n }, pair.privateKey, now);
  const log = await openReleaseLog(folder);
  expect(log.entries.map((e) => e.n)).toEqual([1, 2, 3, 4, 5, 6]);
  expect([proves(first), proves(log.prove(3)), isHeadOf(log.heads[5]!, pair.publicKey)]).toEqual([true, true, true]);
  expect(proves({ ...log.prove(3), entry: { kind: "release", n: 9 } })).toBe(false);
  expect(isHeadOf({ ...log.heads[5]!, at: "2020" }, pair.publicKey)).toBe(false);
  expect(continues(first.head, log.heads[5]!, log.consistency(1))).toBe(true);
  expect(continues({ ...first.head, root: "00".repeat(32) }, log.heads[5]!, log.consistency(1))).toBe(false);
});

test("a log that was edited by hand is refused at the line; one that a crash cut is mended by the next entry", async () => {
  const folder = join(home, "edited");
  const path = join(folder, "log.jsonl");
  for (let n = 0; n < 3; n++) await appendToLog(folder, { n }, pair.privateKey, now);
  const whole = readFileSync(path, "utf8");
  writeFileSync(path, whole.replace('"n":1', '"n":7'));
  await expect(openReleaseLog(folder)).rejects.toThrow(/E_CHECKSUM[\s\S]*log\.jsonl:2/);
  const lines = whole.split("\n");
  writeFileSync(path, [lines[0], lines[2], ""].join("\n"));
  await expect(openReleaseLog(folder)).rejects.toThrow("E_CHECKSUM");
  writeFileSync(path, whole.replace('"entry"', ' "entry"'));
  await expect(openReleaseLog(folder)).rejects.toThrow("E_FORMAT");
  writeFileSync(path, whole);
  appendFileSync(path, lines[0]!.slice(0, 40));
  expect((await openReleaseLog(folder)).entries.length).toBe(3);
  await appendToLog(folder, { n: 3 }, pair.privateKey, now);
  expect((await openReleaseLog(folder)).entries.map((e) => e.n)).toEqual([0, 1, 2, 3]);
});

test("a model's signature holds for its files as they are, and the first that differs is named", async () => {
  const [folder, path] = [join(home, "model"), join(home, "model.sig")];
  mkdirSync(join(folder, "sub"), { recursive: true });
  for (const name of ["b.txt", "B.txt", "sub/a.txt"]) writeFileSync(join(folder, name), name);
  expect((await folderDigests(folder)).map((f) => f.name)).toEqual(["B.txt", "b.txt", "sub/a.txt"]);
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signature = await signModel(folder, key.privateKey);
  const check = (by = key.publicKey, text = signature) => verifyModel(folder, text, by, path);
  await check();
  await expect(check(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey)).rejects.toThrow("E_SIGNATURE");
  await expect(check(key.publicKey, signature.replace('"payload":"ewo', '"payload":"ewk'))).rejects.toThrow(
    "E_SIGNATURE",
  );
  writeFileSync(join(folder, "b.txt"), "other");
  await expect(check()).rejects.toThrow(/E_CHECKSUM[\s\S]*b\.txt has changed/);
  writeFileSync(join(folder, "b.txt"), "b.txt");
  writeFileSync(join(folder, "more.txt"), "");
  await expect(check()).rejects.toThrow(/more\.txt is not in the record/);
  rmSync(join(folder, "more.txt"));
  rmSync(join(folder, "sub/a.txt"));
  await expect(check()).rejects.toThrow(/sub\/a\.txt is missing/);
  symlinkSync(join(folder, "b.txt"), join(folder, "sub/a.txt"));
  await expect(check()).rejects.toThrow(/E_FORMAT[\s\S]*symbolic link/);
});

test("the folder of keys is made; a public file as --key is named, with the private file that signs", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "concord-keys-")), "new", "keys", "clinic");
  await makeKey({ path, name: "Clinic", now: new Date() });
  expect((await readSigningKey(`${path}.key`)).keyId).toHaveLength(64);
  for (const ending of [".pub.json", ".model.pem"])
    await expect(readSigningKey(`${path}${ending}`)).rejects.toThrow(
      /E_SIGNATURE[\s\S]*public file of a signer[\s\S]*clinic\.key/,
    );
});
