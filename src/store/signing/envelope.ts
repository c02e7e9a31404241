// DSSE envelopes (Dead Simple Signing Envelope 1.0.2): a payload, its type, and signatures over both. Knows no payload.
import { type KeyObject, verify } from "node:crypto";
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue, parseJson } from "../../formats/index.ts";
import { type SigningHandle, signBytes } from "./signing-handle.ts";

/** One signature of an envelope. */
export interface EnvelopeSignature {
  /** SHA-256 of the signer's public key, hex. */
  readonly keyid: string;
  /** Base64. */
  readonly sig: string;
}

export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
}

/** What is signed: `DSSEv1 LEN(type) type LEN(payload) payload`, lengths in bytes, decimal. */
export function preAuthentication(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, "utf8");
  const head = Buffer.from(`DSSEv1 ${type.length} `);
  return Buffer.concat([head, type, Buffer.from(` ${payload.length} `), payload]);
}

/** Adds a signature; a signer that signed already is refused. @throws E_SIGNATURE */
export function addSignature(envelope: Envelope, keyid: string, key: SigningHandle): Envelope {
  if (envelope.signatures.some((s) => s.keyid === keyid))
    throw new ConcordError("E_SIGNATURE", { operation: "sign", problem: "this key has signed already", got: keyid });
  const sig = signBytes(key, preAuthentication(envelope.payloadType, envelope.payload)).toString("base64");
  return { ...envelope, signatures: [...envelope.signatures, { keyid, sig }] };
}

/** True when a signature is of this key over this payload and type (Ed25519, RFC 8032). */
export const isSignedBy = ({ payloadType, payload }: Envelope, { sig }: EnvelopeSignature, key: KeyObject): boolean =>
  verify(null, preAuthentication(payloadType, payload), key, Buffer.from(sig, "base64"));

/** An envelope as JSON. */
export const envelopeJson = ({ payloadType, payload, signatures }: Envelope) => ({
  payloadType,
  payload: Buffer.from(payload).toString("base64"),
  signatures,
});

/** An envelope as its JSON file. */
export const envelopeText = (envelope: Envelope): string => `${JSON.stringify(envelopeJson(envelope), null, 2)}\n`;

/**
 * Reads an envelope that nobody vouches for. Signatures are not checked here.
 * @throws E_FORMAT for anything but an envelope of the wanted type: unknown or repeated names, loose base64, a key that signed twice
 */
export function parseEnvelope(input: Uint8Array | string, wantedType: string, path: string): Envelope {
  const fault = (problem: string, expected: string, got?: string) =>
    new ConcordError("E_FORMAT", { operation: "read envelope", problem, expected, got, path });
  const value = parseJson(input, path);
  const { payloadType, payload, signatures } = only(value, ["payload", "payloadType", "signatures"], fault);
  if (payloadType !== wantedType) throw fault("another type of payload", wantedType, shown(payloadType));
  if (!Array.isArray(signatures))
    throw fault("signatures are no list", "signatures: [{ keyid, sig }]", shown(signatures));
  const read = signatures.map((one): EnvelopeSignature => {
    const { keyid, sig } = only(one, ["keyid", "sig"], fault);
    if (typeof keyid !== "string" || !/^[0-9a-f]{64}$/.test(keyid))
      throw fault("a signature names no key", "keyid of 64 hexadecimal digits", shown(keyid));
    strictBase64(sig, "sig", fault);
    return { keyid, sig: sig as string };
  });
  const twice = read.find(({ keyid }, i) => read.findIndex((s) => s.keyid === keyid) !== i);
  if (twice) throw fault("one key has signed twice", "each signer once", twice.keyid);
  return { payloadType, payload: strictBase64(payload, "payload", fault), signatures: read };
}

type Fault = (problem: string, expected: string, got?: string) => ConcordError;

const shown = (value: JsonValue | undefined): string => JSON.stringify(value)?.slice(0, 80) ?? "nothing";

/** An object with these names and no others. */
function only(value: JsonValue, names: readonly string[], fault: Fault): JsonRecord {
  const expected = `an object with ${names.join(", ")}`;
  if (!isJsonRecord(value)) throw fault("not an object", expected, shown(value));
  const other = Object.keys(value).find((name) => !names.includes(name));
  if (other !== undefined) throw fault("an unknown entry", expected, other);
  const missing = names.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw fault("an entry is missing", expected, `no ${missing}`);
  return value;
}

/** Bytes of base64 in its one canonical spelling, so that no byte of a file can change unnoticed. */
function strictBase64(value: JsonValue | undefined, name: string, fault: Fault): Uint8Array {
  if (typeof value === "string") {
    const bytes = Buffer.from(value, "base64");
    if (bytes.length > 0 && bytes.toString("base64") === value) return bytes;
  }
  throw fault(`${name} is not base64`, "canonical base64 (RFC 4648)", shown(value));
}
