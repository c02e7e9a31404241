// The weights' signature as OpenSSF Model Signing 1.0 defines it (in-toto statement, DSSE, Sigstore bundle 0.3, ECDSA P-256), so
// that its own tools verify it: `model_signing verify key MODEL --signature model.sig --public_key signer.model.pem`.
import { createHash, type KeyObject, verify } from "node:crypto";
import { basename, resolve } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, parseJson } from "../../formats/index.ts";
import { preAuthentication } from "./envelope.ts";
import { type FileDigest, firstDifference, folderDigests, rootDigest } from "./manifest.ts";
import { publicHalf, type SigningHandle, signBytes } from "./signing-handle.ts";
import { bundleType } from "./sigstore-bundle.ts";

const payloadType = "application/vnd.in-toto+json";
const statementType = "https://in-toto.io/Statement/v1";
const predicateType = "https://model_signing/signature/v1.0";
const ignored = [".git", ".gitattributes", ".github", ".gitignore"];

const publicPem = (key: SigningHandle) => publicHalf(key).export({ type: "spki", format: "pem" }) as string;
const hintOf = (pem: string) => createHash("sha256").update(pem).digest("hex");

/** A statement of in-toto as a Sigstore bundle, signed by a P-256 key. @param statement JSON */
export function signStatement(statement: unknown, key: SigningHandle): string {
  const payload = Buffer.from(JSON.stringify(statement, null, 2));
  const sig = signBytes(key, preAuthentication(payloadType, payload)).toString("base64");
  const bundle = {
    mediaType: bundleType,
    verificationMaterial: { publicKey: { hint: hintOf(publicPem(key)) }, tlogEntries: [] },
    dsseEnvelope: { payload: payload.toString("base64"), payloadType, signatures: [{ sig, keyid: "" }] },
  };
  return `${JSON.stringify(bundle)}\n`;
}

/**
 * Reads such a bundle.
 * @param keys public P-256 keys, one of which has signed
 * @throws E_FORMAT for another bundle; E_SIGNATURE where none of the keys has signed
 */
export function verifyStatement(bundle: Uint8Array | string, keys: readonly KeyObject[], path: string): JsonRecord {
  const value = parseJson(bundle, path);
  const envelope = isJsonRecord(value) && isJsonRecord(value.dsseEnvelope) ? value.dsseEnvelope : {};
  const [first] = Array.isArray(envelope.signatures) ? envelope.signatures : [];
  const sig = isJsonRecord(first) ? first.sig : undefined;
  const { payload } = envelope;
  const wrong = { operation: "verify", expected: `a bundle of type ${bundleType} with an in-toto statement`, path };
  if (envelope.payloadType !== payloadType || typeof payload !== "string" || typeof sig !== "string")
    throw new ConcordError("E_FORMAT", { ...wrong, problem: "not a signed statement" });
  const bytes = Buffer.from(payload, "base64");
  const signed = (key: KeyObject) =>
    verify("sha256", preAuthentication(payloadType, bytes), key, Buffer.from(sig, "base64"));
  if (!keys.some(signed))
    throw new ConcordError("E_SIGNATURE", {
      operation: "verify",
      problem: "the signature is by none of these keys, or was made for another statement",
      expected: keys.map((key) => hintOf(publicPem(key)).slice(0, 16)).join(", "),
      path,
    });
  const statement = parseJson(bytes, path);
  if (isJsonRecord(statement)) return statement;
  throw new ConcordError("E_FORMAT", { ...wrong, problem: "not a signed statement" });
}

/**
 * Signs a model folder.
 * @param key private P-256 key
 * @returns the text of `model.sig`, to be kept outside the folder
 * @throws E_IO, E_FORMAT (a link)
 */
export async function signModel(folder: string, key: SigningHandle): Promise<string> {
  const files = await folderDigests(folder, ignored);
  const statement = {
    _type: statementType,
    subject: [{ name: basename(resolve(folder)), digest: { sha256: rootDigest(files) } }],
    predicateType,
    predicate: {
      serialization: { method: "files", hash_type: "sha256", allow_symlinks: false, ignore_paths: ignored },
      resources: files.map(({ name, digest }) => ({ name, algorithm: "sha256", digest })),
    },
  };
  return signStatement(statement, key);
}

/**
 * Checks a model folder against its signature.
 * @param key public P-256 key of the signer
 * @throws E_FORMAT for another bundle or statement; E_SIGNATURE when the signature is another key's or another payload's; E_CHECKSUM naming the
 * first file that differs
 */
export async function verifyModel(
  folder: string,
  signature: Uint8Array | string,
  key: KeyObject,
  path: string,
): Promise<void> {
  const { predicate, predicateType: kind } = verifyStatement(signature, [key], path);
  const { resources } = isJsonRecord(predicate) ? predicate : {};
  if (kind !== predicateType || !Array.isArray(resources))
    throw new ConcordError("E_FORMAT", {
      operation: "verify model",
      problem: "another kind of statement",
      expected: predicateType,
      got: String(kind),
      path,
    });
  const recorded = resources.map((one): FileDigest => {
    const { name, digest } = isJsonRecord(one) ? one : {};
    return { name: String(name), digest: String(digest), bytes: 0 };
  });
  const different = firstDifference(recorded, await folderDigests(folder, ignored));
  if (different) throw new ConcordError("E_CHECKSUM", { operation: "verify model", problem: different, path: folder });
}
