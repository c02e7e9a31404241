// A signature of an envelope as a Sigstore bundle (0.3, JSON) with a public key's hint, which Sigstore's own libraries verify. Knows no payload.
import { type Envelope, envelopeJson } from "./envelope.ts";

export const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/**
 * The bundle of one signature: a bundle's envelope holds one.
 * @param hint by which a verifier finds the public key
 * @param token of an authority over the signature (RFC 3161, DER in base64). Default none
 * @example sigstoreBundle({ ...envelope, signatures: [signature] }, signature.keyid)
 */
export function sigstoreBundle(envelope: Envelope, hint: string, token?: string): string {
  const { payload, payloadType, signatures } = envelopeJson(envelope);
  const stamps =
    token === undefined ? {} : { timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: token }] } };
  const bundle = {
    mediaType: bundleType,
    verificationMaterial: { publicKey: { hint }, tlogEntries: [], ...stamps },
    dsseEnvelope: { payload, payloadType, signatures: signatures.map(({ sig, keyid }) => ({ sig, keyid })) },
  };
  return `${JSON.stringify(bundle)}\n`;
}
