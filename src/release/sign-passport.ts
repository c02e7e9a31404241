// concord sign: a further signer reads a run's passport and signs it as it stands.
import { readFile } from "node:fs/promises";
import { ConcordError } from "../base/index.ts";
import { ioError, writeFileAtomically } from "../formats/node/index.ts";
import { type Passport, parsePassport, passportType } from "../passport/index.ts";
import { addSignature, type EnvelopeSignature, envelopeText, parseEnvelope, readSigningKey } from "../store/index.ts";
import { payloadDigest } from "./attestations.ts";
import { readPolicy } from "./policy-file.ts";
import { stampSignatures } from "./timestamps.ts";

/**
 * Adds signatures to a passport file.
 * @param shown SHA-256 of the payload that the signer has read, hex: another is refused. Default whatever the file holds
 * @param show is given the passport before any key is opened; what it throws stops the signing
 * @param timestamp an authority (RFC 3161) that stamps the signatures, and the policy file that says whose stamps count. Default nobody is asked
 * @throws E_CHECKSUM when the passport is another than the one shown; E_SIGNATURE when a key has signed already; E_FORMAT, E_IO
 * @example await signPassport("runs/disease/passport.json", ["keys/auditor.key"]);
 */
export async function signPassport(
  path: string,
  keys: readonly string[],
  passphrase?: string,
  shown?: { readonly payloadDigest: string },
  show?: (passport: Passport) => void,
  timestamp?: { readonly url: string; readonly policy: string },
): Promise<{ passport: Passport; signatures: readonly EnvelopeSignature[] }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw ioError(cause, "sign", path);
  });
  let envelope = parseEnvelope(bytes, passportType, path);
  const passport = parsePassport(envelope.payload, path);
  const digest = payloadDigest(envelope);
  if (shown && shown.payloadDigest !== digest)
    throw new ConcordError("E_CHECKSUM", {
      operation: "sign",
      problem: "the passport changed after it was shown",
      expected: `SHA-256 ${shown.payloadDigest}`,
      got: digest,
      hint: "read it again before you sign",
      path,
    });
  show?.(passport);
  for (const file of keys) {
    const { key, keyId } = await readSigningKey(file, passphrase);
    envelope = addSignature(envelope, keyId, key);
  }
  if (timestamp) {
    const policy = await readPolicy(timestamp.policy);
    await stampSignatures(envelope, { url: timestamp.url, policy, path, now: new Date() });
  }
  await writeFileAtomically(path, [new TextEncoder().encode(envelopeText(envelope))]);
  return { passport, signatures: envelope.signatures };
}
