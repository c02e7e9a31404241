// What signs: a private key, or a command that asks a device which never gives its key away (PKCS#11, a cloud's key service). A command's signature is
// checked against the public key before anybody uses it.
import { spawnSync } from "node:child_process";
import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { ConcordError } from "../../base/index.ts";

/** A key that a command signs with. */
export interface KeyCommand {
  /** Program and arguments; no shell reads them. It gets the bytes to sign on standard input, and prints the signature in base64. */
  readonly command: readonly string[];
  readonly publicKey: KeyObject;
}

/** A private key of this machine, or a command that signs. */
export type SigningHandle = KeyObject | KeyCommand;

/** A device may wait for a touch or a PIN. */
const timeoutMs = 120_000;
const maxSignatureBytes = 1024;

const isCommand = (key: SigningHandle): key is KeyCommand => "command" in key;

/** The public half of what signs; a public key is its own. */
export const publicHalf = (key: SigningHandle): KeyObject =>
  isCommand(key) ? key.publicKey : key.type === "public" ? key : createPublicKey(key);

/**
 * Signs bytes: Ed25519 (RFC 8032), or ECDSA over SHA-256 with the signature in DER.
 * @throws E_SIGNATURE where a command fails, prints no base64, or prints a signature that is not of its public key over these bytes
 */
export function signBytes(key: SigningHandle, bytes: Uint8Array): Buffer {
  const digest = publicHalf(key).asymmetricKeyType === "ec" ? "sha256" : null;
  return isCommand(key) ? byCommand(key, bytes, digest) : sign(digest, bytes, key);
}

function byCommand({ command, publicKey }: KeyCommand, bytes: Uint8Array, digest: "sha256" | null): Buffer {
  const [program = "", ...args] = command;
  const fault = (problem: string, got?: string, expected?: string) =>
    new ConcordError("E_SIGNATURE", { operation: "sign by command", problem, expected, got, path: program });
  const { status, error, stdout, stderr, signal } = spawnSync(program, args, {
    input: bytes,
    timeout: timeoutMs,
    maxBuffer: 2 ** 16,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const unread = (error as NodeJS.ErrnoException | undefined)?.code === "EPIPE"; // it did not read what it should sign
  if (error && !unread) throw fault("the key command cannot be run", error.message);
  if (status !== 0)
    throw fault(
      "the key command failed",
      `${signal ?? `status ${status}`}: ${stderr.toString("utf8").trim().slice(0, 200)}`,
    );
  const text = stdout.toString("latin1").replace(/\s/g, "");
  const signature = Buffer.from(text, "base64");
  if (signature.length === 0 || signature.length > maxSignatureBytes || signature.toString("base64") !== text)
    throw fault("the key command printed no signature", text.slice(0, 60), "base64 on standard output");
  if (verify(digest, bytes, publicKey, signature)) return signature;
  throw fault(
    "the key command's signature is not of its public key over these bytes",
    `${signature.length} bytes`,
    digest ? "ECDSA over SHA-256, in DER" : "Ed25519, 64 bytes",
  );
}
