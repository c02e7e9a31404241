// The primitives of a round by themselves: published vectors, and what each refuses.
import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { nodePrimitives as primitives } from "../../src/federated/node/index.ts";
import { fault } from "../fault.ts";

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (of: Uint8Array) => Buffer.from(of).toString("hex");
const key = bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");

test("X25519 gives Bob's public key and the shared secret of RFC 7748, section 6.1", () => {
  const bob = bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  const alicePublic = bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  expect(hex(primitives.publicKey(bob))).toBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  expect(hex(primitives.agree(bob, alicePublic))).toBe(
    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
  );
});

test("a public key of low order, or of another size, is refused", () => {
  for (const bad of [new Uint8Array(32), bytes(`01${"00".repeat(31)}`), new Uint8Array(31)])
    fault("E_SIGNATURE", () => primitives.agree(key, bad));
});

test("HKDF is RFC 5869's first test case, cut to 32 bytes", () => {
  const [secret, salt, info] = [
    bytes("0b".repeat(22)),
    bytes("000102030405060708090a0b0c"),
    bytes("f0f1f2f3f4f5f6f7f8f9"),
  ];
  expect(hex(primitives.hkdf(secret, salt, info))).toBe(
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
  );
});

test("a keystream comes in full pieces, and the last one in what is left", () => {
  const sizes = (words: number) => [...primitives.keystream(key, words)].map((piece) => piece.length);
  expect([sizes(0), sizes(1), sizes(2 ** 18), sizes(2 ** 18 + 3)]).toEqual([[], [1], [2 ** 18], [2 ** 18, 3]]);
  const [long, short] = [[...primitives.keystream(key, 2 ** 18 + 3)], [...primitives.keystream(key, 8)]];
  expect(long[0]!.subarray(0, 8)).toEqual(short[0]);
  expect(long[1]).not.toEqual(short[0]!.subarray(0, 3)); // it goes on
});

test("a box opens with its key and context, whole; an empty one too", () => {
  const bound = bytes("aa");
  for (const plain of [new Uint8Array(0), bytes("01"), new Uint8Array(100).fill(7)]) {
    const box = primitives.seal(key, plain, bound);
    expect(box).toHaveLength(plain.length + 16);
    expect(primitives.open(key, box, bound)).toEqual(plain);
    expect(primitives.open(key, box, bytes("ab"))).toBeUndefined();
    expect(primitives.open(bytes("00".repeat(32)), box, bound)).toBeUndefined();
    expect(primitives.open(key, box.subarray(0, -1), bound)).toBeUndefined();
    for (const at of [0, box.length - 1]) {
      const changed = box.slice();
      changed[at]! ^= 1;
      expect(primitives.open(key, changed, bound)).toBeUndefined();
    }
  }
  for (const size of [0, 15]) expect(primitives.open(key, new Uint8Array(size), bound)).toBeUndefined();
});

test("only an Ed25519 signature by the key, over the message, holds; a key of another kind or none is no error", () => {
  const message = Buffer.from("message");
  const spki = (of: ReturnType<typeof generateKeyPairSync>["publicKey"]) =>
    new Uint8Array((of as import("node:crypto").KeyObject).export({ format: "der", type: "spki" }));
  const [own, other] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  const signature = sign(null, message, own.privateKey);
  const verify = (by: Uint8Array, text: Uint8Array = message, as: Uint8Array = signature) =>
    primitives.verify(by, text, as);
  expect([verify(spki(own.publicKey)), verify(spki(own.publicKey))]).toEqual([true, true]);
  expect(verify(spki(other.publicKey))).toBe(false);
  expect(verify(spki(own.publicKey), Buffer.from("other"))).toBe(false);
  expect(verify(spki(own.publicKey), message, signature.subarray(1))).toBe(false);
  const ed448 = generateKeyPairSync("ed448");
  expect(verify(spki(ed448.publicKey), message, sign(null, message, ed448.privateKey))).toBe(false);
  expect(verify(spki(generateKeyPairSync("x25519").publicKey))).toBe(false);
  for (const none of [new Uint8Array(0), new Uint8Array(44), bytes("30")]) expect(verify(none)).toBe(false);
});
