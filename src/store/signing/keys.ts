// Signers: a private key file that only its owner may read, and a public file that others put into their policy. Each holds two
// keys: Ed25519 for passports, P-256 for the weights' OpenSSF signature, whose tools take no Ed25519.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonValue, parseJson } from "../../formats/index.ts";
import { ioError, makeFolder, writeFileAtomically } from "../../formats/node/index.ts";
import { encryptedPem } from "./encrypted-key.ts";
import { publicHalf, type SigningHandle, signBytes } from "./signing-handle.ts";

/** The public half of a signer. */
export interface Signer {
  readonly name: string;
  /** SHA-256 of the Ed25519 key (SPKI, DER), hex. */
  readonly keyId: string;
  readonly key: KeyObject;
  /** P-256, of the weights' signature. */
  readonly modelKey: KeyObject;
  /** ISO 8601; after it the key signs no more. */
  readonly expires?: string;
}

/** What signs as a signer. */
export interface SigningKey {
  readonly keyId: string;
  readonly key: SigningHandle;
  readonly modelKey: SigningHandle;
}

/** SHA-256 of a public key's DER form. */
export const keyIdOf = (key: SigningHandle): string =>
  createHash("sha256")
    .update(publicHalf(key).export({ type: "spki", format: "der" }))
    .digest("hex");

const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }) as string;

export interface NewKeyOptions {
  /** Path without ending: `.key` (private, mode 0600), `.pub.json` and `.model.pem` are written beside each other. */
  readonly path: string;
  /** Who signs: shown by every verification. */
  readonly name: string;
  /** ISO 8601 date. Default never. */
  readonly expires?: string;
  /** Encrypts the private file, under a key derived by scrypt. Default it is not encrypted. */
  readonly passphrase?: string;
  /** Default this moment. */
  readonly now?: Date;
}

/**
 * Makes a signer. Existing files are never replaced.
 * @throws E_IO when a file exists or cannot be written; E_ARGUMENT for an expiry that is no date or is past
 * @example const signer = await makeKey({ path: "keys/hospital", name: "City Hospital" });
 */
export async function makeKey({ path, name, expires, passphrase, now = new Date() }: NewKeyOptions): Promise<Signer> {
  requireExpiryToCome(expires, now);
  const pairs = [generateKeyPairSync("ed25519"), generateKeyPairSync("ec", { namedCurve: "P-256" })] as const;
  const blocks = pairs.map(({ privateKey }) =>
    passphrase ? encryptedPem(privateKey, passphrase) : (privateKey.export({ type: "pkcs8", format: "pem" }) as string),
  );
  const [key, modelKey] = [pairs[0].publicKey, pairs[1].publicKey];
  const keyId = keyIdOf(key);
  const signer = { name, keyId, key, modelKey, expires };
  await writeSigner(path, signer, blocks.join(""), now);
  return signer;
}

/** @throws E_ARGUMENT */
function requireExpiryToCome(expires: string | undefined, now: Date): void {
  if (expires !== undefined && !(Date.parse(expires) > now.getTime()))
    throw new ConcordError("E_ARGUMENT", {
      operation: "make key",
      problem: "the expiry is no date to come",
      expected: "a date such as 2027-12-31",
      got: expires,
      path: "--expires",
    });
}

/** A signer's three files. @param secret what the private one holds @throws E_IO */
async function writeSigner(path: string, signer: Signer, secret: string, now: Date): Promise<void> {
  await makeFolder(dirname(path));
  await writeNew(`${path}.key`, secret, 0o600);
  await writeNew(`${path}.pub.json`, `${JSON.stringify(signerFacts(signer, now.toISOString()), null, 2)}\n`, 0o644);
  await writeFileAtomically(`${path}.model.pem`, [new TextEncoder().encode(pem(signer.modelKey))]);
}

/** A file that did not exist. @throws E_IO */
async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, "wx", mode).catch((cause: unknown) => {
    throw ioError(cause, "make key", path);
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Reads a private key file.
 * @throws E_IO when it is missing, or others may read it; E_SIGNATURE for a wrong passphrase or another kind of key
 */
export async function readSigningKey(path: string, passphrase?: string): Promise<SigningKey> {
  const [text, { mode }] = await Promise.all([readFile(path, "utf8"), stat(path)]).catch((cause: unknown) => {
    throw ioError(cause, "read key", path);
  });
  if (isPublicFile(text))
    throw new ConcordError("E_SIGNATURE", {
      operation: "read key",
      problem: "this is the public file of a signer; its private key signs",
      expected: path.replace(/\.(pub\.json|model\.pem)$/, ".key"),
      got: path,
      hint: "the holder of the private key signs; others need only the public file",
      path,
    });
  if (process.platform !== "win32" && (mode & 0o077) !== 0)
    throw new ConcordError("E_IO", {
      operation: "read key",
      problem: "others may read this private key",
      expected: "mode 0600",
      got: `mode 0${(mode & 0o777).toString(8)}`,
      hint: `chmod 600 ${path}; if others could have read it, make a new key`,
      path,
    });
  if (/^\s*\{/.test(text)) return commandKey(parseJson(text, path), path);
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----\n?/g) ?? [];
  try {
    const [key, modelKey] = blocks.map((block) => createPrivateKey({ key: block, passphrase })) as [
      KeyObject,
      KeyObject,
    ];
    if (key?.asymmetricKeyType === "ed25519" && modelKey?.asymmetricKeyType === "ec")
      return { key, modelKey, keyId: keyIdOf(key) };
  } catch (cause) {
    throw unusable(path, text.includes("ENCRYPTED") ? "the passphrase is missing or wrong" : (cause as Error).message);
  }
  throw unusable(path, "not a private key of concord keys");
}

/** The format of a file whose keys a command signs with. */
const commandFormat = { format: "concord-key-command", version: 1 } as const;

export interface CommandKeyOptions extends Pick<NewKeyOptions, "path" | "name" | "expires" | "now"> {
  /** Public keys of the device, PEM: Ed25519 for passports, P-256 for weights. */
  readonly publicKey: string;
  readonly modelKey: string;
  /** Programs with their arguments. Each gets the bytes on standard input and prints a signature in base64. */
  readonly command: readonly string[];
  readonly modelCommand: readonly string[];
}

/**
 * Makes a signer whose keys are elsewhere: in a device, or a key service. Both commands sign once, so that a wrong one is found now.
 * @throws E_IO when a file exists; E_FORMAT for a public key of another kind; E_SIGNATURE where a command does not sign for its public key
 * @example await makeCommandKey({ path: "keys/hsm", name: "Clinic", publicKey, modelKey, command: ["sign-ed25519"], modelCommand: ["sign-p256"] });
 */
export async function makeCommandKey({
  path,
  name,
  expires,
  publicKey,
  modelKey,
  command,
  modelCommand,
  now = new Date(),
}: CommandKeyOptions): Promise<Signer> {
  requireExpiryToCome(expires, now);
  const file = { ...commandFormat, publicKey, modelKey, command, modelCommand };
  const made = commandKey(JSON.parse(JSON.stringify(file)) as JsonValue, path);
  for (const key of [made.key, made.modelKey]) signBytes(key, new TextEncoder().encode("concord: a signature to try"));
  const signer = { name, keyId: made.keyId, key: publicHalf(made.key), modelKey: publicHalf(made.modelKey), expires };
  await writeSigner(path, signer, `${JSON.stringify(file, null, 2)}\n`, now);
  return signer;
}

/** What a file says whose keys a command signs with. @throws E_FORMAT, E_VERSION */
function commandKey(value: JsonValue, path: string): SigningKey {
  const fault = (problem: string, expected: string, code: "E_FORMAT" | "E_VERSION" = "E_FORMAT") =>
    new ConcordError(code, { operation: "read key", problem, expected, path });
  if (!isJsonRecord(value) || value.format !== commandFormat.format)
    throw fault("not a private key of concord keys", `"format": "${commandFormat.format}"`);
  if (value.version !== commandFormat.version) throw fault("made by a newer version", "version 1", "E_VERSION");
  const isCommand = (list: unknown): list is string[] =>
    Array.isArray(list) && list.length > 0 && list.every((word) => typeof word === "string");
  const { command, modelCommand } = value;
  if (!isCommand(command) || !isCommand(modelCommand))
    throw fault("a command is no list of words", 'command, modelCommand: ["program", "argument"]');
  const [key, model] = [value.publicKey, value.modelKey].map((text) =>
    typeof text === "string" ? publicKeyOf(text) : undefined,
  );
  if (key?.asymmetricKeyType !== "ed25519" || model?.asymmetricKeyType !== "ec")
    throw fault("a key is of another kind", "Ed25519 and P-256, PEM");
  return {
    keyId: keyIdOf(key),
    key: { command, publicKey: key },
    modelKey: { command: modelCommand, publicKey: model },
  };
}

/** Whether a private key file needs a passphrase. @throws E_IO */
export async function isEncryptedKey(path: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read key", path);
  });
  return text.includes("ENCRYPTED");
}

/** A public file by its content, whatever it is called; or a public key that was taken out of it. */
const isPublicFile = (text: string): boolean =>
  /^\s*\{[\s\S]*"concord-signer"/.test(text) || /^\s*-----BEGIN PUBLIC KEY-----/.test(text);

const unusable = (path: string, problem: string) =>
  new ConcordError("E_SIGNATURE", {
    operation: "read key",
    problem,
    expected: "a .key file that concord keys made",
    hint: "an encrypted key takes its passphrase from CONCORD_PASSPHRASE",
    path,
  });

/** Reads a signer's public file. @throws E_IO, E_FORMAT, E_VERSION */
export async function readSigner(path: string): Promise<Signer> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw ioError(cause, "read signer", path);
  });
  return signerIn(parseJson(bytes, path, { maxBytes: 2 ** 16 }), path);
}

/** The signer that the content of a public file describes. @throws E_FORMAT, E_VERSION */
export function signerIn(value: JsonValue | undefined, path: string): Signer {
  const fault = (problem: string, expected: string, code: "E_FORMAT" | "E_VERSION" = "E_FORMAT") =>
    new ConcordError(code, { operation: "read signer", problem, expected, path });
  if (!isJsonRecord(value) || value.format !== "concord-signer")
    throw fault("not a signer's public file", "a .pub.json file that concord keys made");
  if (value.version !== 1) throw fault("made by a newer version", "version 1", "E_VERSION");
  const { name, keyId, publicKey, modelKey, expires } = value;
  if (typeof name !== "string" || typeof publicKey !== "string" || typeof modelKey !== "string")
    throw fault("an entry is missing", "name, publicKey, modelKey");
  if (expires !== undefined && (typeof expires !== "string" || Number.isNaN(Date.parse(expires))))
    throw fault("the expiry is no date", "ISO 8601");
  const [key, model] = [publicKeyOf(publicKey), publicKeyOf(modelKey)];
  if (key?.asymmetricKeyType !== "ed25519" || model?.asymmetricKeyType !== "ec")
    throw fault("a key is of another kind", "Ed25519 and P-256, PEM");
  if (keyIdOf(key) !== keyId) throw fault("the keyId is not the key's", keyIdOf(key));
  return { name, keyId, key, modelKey: model, expires };
}

/** A signer as the content of its public file. @param created ISO 8601 */
export const signerFacts = ({ name, keyId, key, modelKey, expires }: Signer, created?: string) => ({
  format: "concord-signer" as const,
  version: 1 as const,
  name,
  keyId,
  ...(created !== undefined && { created }),
  ...(expires !== undefined && { expires }),
  publicKey: pem(key),
  modelKey: pem(modelKey),
});

function publicKeyOf(text: string): KeyObject | undefined {
  try {
    return text.includes("PRIVATE") ? undefined : createPublicKey(text);
  } catch {
    return undefined;
  }
}
