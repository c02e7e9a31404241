// concord sign: a further signer reads a run's passport and signs it as it stands.
import { readFile } from "node:fs/promises";
import { ioError, writeFileAtomically } from "../formats/node/index.ts";
import { type Passport, parsePassport, passportType } from "../passport/index.ts";
import { addSignature, type EnvelopeSignature, envelopeText, parseEnvelope, readSigningKey } from "../store/index.ts";

/**
 * Adds signatures to a passport file.
 * @throws E_SIGNATURE when a key has signed already; E_FORMAT, E_IO
 * @example await signPassport("runs/disease/passport.json", ["keys/auditor.key"]);
 */
export async function signPassport(
  path: string,
  keys: readonly string[],
  passphrase?: string,
): Promise<{ passport: Passport; signatures: readonly EnvelopeSignature[] }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw ioError(cause, "sign", path);
  });
  let envelope = parseEnvelope(bytes, passportType, path);
  const passport = parsePassport(envelope.payload, path);
  for (const file of keys) {
    const { key, keyId } = await readSigningKey(file, passphrase);
    envelope = addSignature(envelope, keyId, key);
  }
  await writeFileAtomically(path, [new TextEncoder().encode(envelopeText(envelope))]);
  return { passport, signatures: envelope.signatures };
}
