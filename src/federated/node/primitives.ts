// The primitives of a round by node:crypto.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  verify,
} from "node:crypto";
import { ConcordError } from "../../base/index.ts";
import type { Primitives } from "../../secret-sums/index.ts";

const pkcs8 = Buffer.from("302e020100300506032b656e04220420", "hex"); // X25519 private key, RFC 8410
const spki = Buffer.from("302a300506032b656e032100", "hex");
const piece = 2 ** 20;
const zeros = Buffer.alloc(piece);
const nonce = Buffer.alloc(12);
const one = Buffer.from([1]);
const hmac = (key: Uint8Array, bytes: Uint8Array) => createHmac("sha256", key).update(bytes).digest();

/** Ten times as fast as parsing DER. Node takes the public half of an X25519 JWK unread; should one read it, the other form is left. */
function parsePrivate(secret: Uint8Array): KeyObject {
  const d = Buffer.from(secret).toString("base64url");
  try {
    return createPrivateKey({ key: { kty: "OKP", crv: "X25519", d, x: d }, format: "jwk" });
  } catch {
    return createPrivateKey({ key: Buffer.concat([pkcs8, secret]), format: "der", type: "pkcs8" });
  }
}

/** Parsing a key costs more than using it. A secret's parsed form goes when the secret's bytes go. */
const parsed = new WeakMap<Uint8Array, KeyObject>();
function privateKey(secret: Uint8Array): KeyObject {
  const known = parsed.get(secret);
  if (known) return known;
  const key = parsePrivate(secret);
  parsed.set(secret, key);
  return key;
}

/** Public keys of a study's parties, by their bytes in SPKI form; strangers cannot fill it beyond its limit. */
const publicKeys = new Map<string, KeyObject>();
function publicOf(key: Buffer): KeyObject {
  const id = key.toString("latin1");
  const known = publicKeys.get(id);
  if (known) return known;
  const x25519 = key.length === 44 && key.subarray(0, 12).equals(spki);
  const made = x25519
    ? createPublicKey({ key: { kty: "OKP", crv: "X25519", x: key.subarray(12).toString("base64url") }, format: "jwk" })
    : createPublicKey({ key, format: "der", type: "spki" });
  if (publicKeys.size >= 8192) publicKeys.clear();
  publicKeys.set(id, made);
  return made;
}

export const nodePrimitives: Primitives = {
  sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
  // extract and expand of RFC 5869, one block: half the cost of hkdfSync
  hkdf: (secret, salt, info) => new Uint8Array(hmac(hmac(salt, secret), Buffer.concat([info, one]))),
  publicKey: (secret) =>
    new Uint8Array(Buffer.from(createPublicKey(privateKey(secret)).export({ format: "jwk" }).x!, "base64url")),
  agree(secret, key) {
    try {
      return new Uint8Array(
        diffieHellman({ privateKey: privateKey(secret), publicKey: publicOf(Buffer.concat([spki, key])) }),
      );
    } catch (cause) {
      throw new ConcordError("E_SIGNATURE", {
        operation: "agree on a key",
        problem: "the other party's X25519 key is of low order or no key",
        cause,
      });
    }
  },
  *keystream(key, words) {
    const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
    for (let left = words * 4; left > 0; left -= piece) {
      const out = cipher.update(left >= piece ? zeros : zeros.subarray(0, left));
      yield out.byteOffset % 4 === 0
        ? new Uint32Array(out.buffer, out.byteOffset, out.length / 4)
        : new Uint32Array(new Uint8Array(out).buffer);
    }
  },
  seal(key, plain, bound) {
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bound);
    return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
  },
  open(key, box, bound) {
    if (box.length < 16) return undefined;
    const cipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: 16 }).setAAD(bound);
    cipher.setAuthTag(box.subarray(-16));
    try {
      return new Uint8Array(Buffer.concat([cipher.update(box.subarray(0, -16)), cipher.final()]));
    } catch {
      return undefined; // not sealed for us, or changed
    }
  },
  verify(key, message, signature) {
    try {
      const signer = publicOf(Buffer.from(key));
      return signer.asymmetricKeyType === "ed25519" && verify(null, message, signer, signature);
    } catch {
      return false; // no key
    }
  },
};
