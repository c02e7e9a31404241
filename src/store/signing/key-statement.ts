// Signed statements about keys, as entries of a log: a key names its successor, or a key counts no longer. Knows no policy: who may state what, and
// what follows, is judged by whoever trusts somebody.
import { ConcordError, canonicalBytes, canonicalJson } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, parseJson } from "../../formats/index.ts";
import { addSignature, type Envelope, envelopeJson, isSignedBy, parseEnvelope } from "./envelope.ts";
import { type Signer, type SigningKey, signerFacts, signerIn } from "./keys.ts";
import type { ReleaseLog } from "./release-log.ts";

/** What both kinds say. */
interface Stated {
  /** Id of the key that the statement is about. */
  readonly key: string;
  /** ISO 8601: the time of the log's entry. */
  readonly at: string;
  /** The log that it follows: put elsewhere, it counts nowhere. */
  readonly after: { readonly size: number; readonly root: string };
}

/** A key names its successor. Signed by both. */
export interface Rotation extends Stated {
  readonly kind: "rotate";
  readonly to: Signer;
}

/** A key counts no longer. */
export interface Revocation extends Stated {
  readonly kind: "revoke";
  /** ISO 8601: it may have been in other hands since. Absent where it was in none: what the log shows before the entry counts. */
  readonly from?: string;
  readonly reason: string;
}

export type KeyStatement = Rotation | Revocation;

/** A statement with who signed it. */
export interface SignedStatement {
  readonly statement: KeyStatement;
  readonly envelope: Envelope;
}

const type = "application/vnd.concord.key-statement+json";
const format = { format: "concord-key-statement", version: 1 } as const;

/** `kind` of the log's entries that hold statements about keys. */
export const keyEntryKind = "key";

/** Omits what an entry of the log gives by itself. */
type Unplaced<S> = S extends KeyStatement ? Omit<S, "at" | "after"> : never;

/**
 * The facts of a log's entry that states something about a key.
 * @param keys those that sign: of a rotation the old one and the new one; of a revocation one
 * @returns facts for `appendToLog`, which gives them their place and time
 * @throws E_SIGNATURE where a key is given twice
 */
export const keyEntry =
  (statement: Unplaced<KeyStatement>, keys: readonly SigningKey[]) =>
  ({ heads }: Pick<ReleaseLog, "heads">, at: string): JsonRecord => {
    const last = heads.at(-1);
    const placed = { ...statement, at, after: { size: heads.length, root: last?.root ?? "" } };
    const to = "to" in statement ? { to: signerFacts(statement.to) } : {};
    let envelope: Envelope = {
      payloadType: type,
      payload: canonicalBytes({ ...format, ...placed, ...to }),
      signatures: [],
    };
    for (const { keyId, key } of keys) envelope = addSignature(envelope, keyId, key);
    return { kind: keyEntryKind, statement: envelopeJson(envelope) as unknown as JsonRecord };
  };

/**
 * The statement that an entry holds. Signatures are not checked here.
 * @param place of the entry, for errors
 * @throws E_FORMAT, E_VERSION for anything but a statement in canonical form
 */
export function readKeyEntry(entry: JsonRecord, place: string): SignedStatement {
  const fault = (problem: string, expected: string, code: "E_FORMAT" | "E_VERSION" = "E_FORMAT") =>
    new ConcordError(code, { operation: "read key statement", problem, expected, path: place });
  const envelope = parseEnvelope(JSON.stringify(entry.statement ?? null), type, place);
  const value = parseJson(envelope.payload, place);
  if (!isJsonRecord(value) || value.format !== format.format)
    throw fault("not a statement about a key", `"format": "${format.format}"`);
  if (value.version !== format.version) throw fault("made by a newer version", "version 1", "E_VERSION");
  if (canonicalJson(value) !== Buffer.from(envelope.payload).toString("utf8"))
    throw fault("its JSON is not in canonical form", "names in order, no white space (RFC 8785)");
  const { kind, key, at, after, from, reason, to } = value;
  const isTime = (time: unknown): time is string => typeof time === "string" && !Number.isNaN(Date.parse(time));
  if (typeof key !== "string" || !isTime(at) || !isJsonRecord(after))
    throw fault("an entry is missing", "key, at, after");
  const stated: Stated = { key, at, after: { size: Number(after.size), root: String(after.root) } };
  if (kind === "rotate") return { envelope, statement: { kind, ...stated, to: signerIn(to, place) } };
  if (kind !== "revoke") throw fault("another kind of statement", "rotate, revoke");
  if (typeof reason !== "string" || (from !== undefined && !isTime(from)))
    throw fault("an entry is missing", "reason; from as a date");
  return { envelope, statement: { kind, ...stated, reason, ...(from !== undefined && { from }) } };
}

/** True when this signer has signed the statement. */
export function statedBy({ envelope }: SignedStatement, { keyId, key }: Pick<Signer, "keyId" | "key">): boolean {
  const signature = envelope.signatures.find(({ keyid }) => keyid === keyId);
  return signature !== undefined && isSignedBy(envelope, signature, key);
}
