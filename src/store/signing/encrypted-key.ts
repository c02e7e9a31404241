// Private keys under a passphrase: PKCS#8 with PBES2, its key derived by scrypt (RFC 7914, RFC 8018), its content under AES-256-CBC. OpenSSL and
// Node read it; Node writes PBKDF2 with 2,048 iterations only. Knows no file.
import { createCipheriv, type KeyObject, randomBytes, scryptSync } from "node:crypto";

/** 16 MiB and about 0.2 s for each guess: the most memory that OpenSSL allows a key file, with OWASP's five passes. */
const cost = { N: 2 ** 14, r: 8, p: 5 } as const;

/** One element of DER: tag, length, content. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const octets = (bytes: Uint8Array) => der(0x04, bytes);
const object = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
/** A positive number. */
function integer(value: number): Buffer {
  const hex = value.toString(16);
  return der(0x02, Buffer.from(`00${hex.length % 2 ? "0" : ""}${hex}`.replace(/^00(?=[0-7])/, ""), "hex"));
}

const names = {
  pbes2: object("2a864886f70d01050d"),
  scrypt: object("2b06010401da47040b"),
  aes256Cbc: object("60864801650304012a"),
} as const;

/**
 * A private key as an encrypted PEM block.
 * @example createPrivateKey({ key: encryptedPem(key, "correct horse"), passphrase: "correct horse" })
 */
export function encryptedPem(key: KeyObject, passphrase: string): string {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const secret = scryptSync(passphrase, salt, 32, { ...cost, maxmem: 2 ** 26 });
  const cipher = createCipheriv("aes-256-cbc", secret, iv);
  const plain = key.export({ type: "pkcs8", format: "der" });
  const content = Buffer.concat([cipher.update(plain), cipher.final()]);
  const derivation = sequence(names.scrypt, sequence(octets(salt), integer(cost.N), integer(cost.r), integer(cost.p)));
  const scheme = sequence(names.pbes2, sequence(derivation, sequence(names.aes256Cbc, octets(iv))));
  const lines = sequence(scheme, octets(content))
    .toString("base64")
    .match(/.{1,64}/g)!;
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines.join("\n")}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}
