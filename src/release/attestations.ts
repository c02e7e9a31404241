// What auditors state of a release after recomputing its numbers: signed statements kept beside the passport, bound to it by digest.
import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, readJson, writeJson } from "../artifacts/index.ts";
import { ConcordError, canonicalBytes, canonicalJson } from "../base/index.ts";
import { isJsonRecord, parseJson } from "../formats/index.ts";
import { makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import {
  addSignature,
  type Envelope,
  envelopeText,
  type InclusionProof,
  parseEnvelope,
  type SigningKey,
} from "../store/index.ts";
import { type CheckedLog, checkProof, loggedTime, momentOf } from "./log-proofs.ts";
import type { Policy, TrustedSigner } from "./policy-file.ts";
import { type Moment, rolesOf, signersIn } from "./signers.ts";

/** What a recomputation found. */
export interface RecomputeFacts {
  readonly format: "concord-recompute";
  readonly version: 1;
  /** SHA-256 of the passport's payload. */
  readonly passport: string;
  readonly at: string;
  /** Rows of the test part. */
  readonly rows: number;
  /** Parts of the data whose digest is the passport's. */
  readonly sameData: readonly string[];
  /** Of a study: whose tables it was. */
  readonly members?: readonly string[];
  /** Values compared, and the largest difference among them. */
  readonly compared: number;
  readonly largestDifference: number;
  readonly tolerance: number;
  /** Names in the passport that cannot be computed again from the data and the weights: speed, training. */
  readonly notRecomputed: readonly string[];
}

const type = "application/vnd.concord.recompute+json";
export const attestationsName = "attestations";

/** SHA-256 of an envelope's payload. */
export const payloadDigest = ({ payload }: Envelope): string => digestOf(Buffer.from(payload).toString("utf8"));

/** Names below `attestations`: a statement, and the proof that it was logged. */
const endings = { statement: ".json", proof: ".proof.json" } as const;

/**
 * Signs and keeps a statement.
 * @param logged puts the statement's digest into a log, and gives the proof that is kept beside it: its time is then the entry's. Default
 * it is not logged, and counts while its key holds
 * @returns its path
 */
export async function writeAttestation(
  folder: string,
  facts: RecomputeFacts,
  { key, keyId }: SigningKey,
  logged?: (digest: string) => Promise<InclusionProof>,
): Promise<string> {
  const envelope = addSignature({ payloadType: type, payload: canonicalBytes(facts), signatures: [] }, keyId, key);
  await makeFolder(join(folder, attestationsName));
  const place = join(folder, attestationsName, keyId.slice(0, 16));
  const proof = await logged?.(payloadDigest(envelope));
  await rm(`${place}${endings.proof}`, { force: true }); // of an earlier statement
  await writeFileAtomically(`${place}${endings.statement}`, [new TextEncoder().encode(envelopeText(envelope))]);
  if (proof) await writeJson(`${place}${endings.proof}`, proof);
  return `${place}${endings.statement}`;
}

export interface AttestationsContext {
  /** Proof of the release's own entry: no statement about it is older. */
  readonly released: InclusionProof;
  /** The log, where it is at hand. */
  readonly log?: CheckedLog;
  readonly now: Date;
}

/**
 * All statements of a release. A key has to hold when its statement was logged; where it was not, now.
 * @throws E_SIGNATURE, E_FORMAT; E_CHECKSUM for one that is of another passport, or a proof that is of another statement
 */
export async function checkAttestations(
  folder: string,
  passport: Envelope,
  policy: Policy,
  context: AttestationsContext,
) {
  const home = join(folder, attestationsName);
  if (!existsSync(home)) return [];
  const found: (RecomputeFacts & { signer: TrustedSigner })[] = [];
  const names = (await readdir(home)).sort();
  for (const name of names.filter((one) => !one.endsWith(endings.proof))) {
    const path = join(home, name);
    const envelope = parseEnvelope(await readFile(path), type, path);
    const proof = names.includes(proofOf(name)) ? join(home, proofOf(name)) : undefined;
    signersIn(envelope, policy, path); // whose signature, before when
    const at = proof ? await loggedAt(proof, envelope, policy, context) : context.now;
    const [signer] = rolesOf(envelope, policy, at, path);
    const value = parseJson(envelope.payload, path);
    const facts = (isJsonRecord(value) ? value : {}) as unknown as RecomputeFacts; // format and binding are looked at here, the signer vouches for the rest
    const right = facts.format === "concord-recompute" && facts.passport === payloadDigest(passport);
    if (!signer || !right || canonicalJson(facts) !== Buffer.from(envelope.payload).toString("utf8"))
      throw fault(
        "a statement is about another passport",
        path,
        `SHA-256 ${payloadDigest(passport)}`,
        String(facts.passport),
      );
    found.push({ ...facts, signer });
  }
  const alone = names.find((one) => one.endsWith(endings.proof) && !names.some((other) => proofOf(other) === one));
  if (alone) throw fault("a proof without its statement", join(home, alone));
  return found;
}

const proofOf = (name: string): string => `${name.slice(0, -endings.statement.length)}${endings.proof}`;

const fault = (problem: string, path: string, expected?: string, got?: string) =>
  new ConcordError("E_CHECKSUM", { operation: "verify", problem, expected, got, path });

/** When a statement was put into the log. */
async function loggedAt(
  path: string,
  envelope: Envelope,
  policy: Policy,
  { released, log, now }: AttestationsContext,
): Promise<Moment> {
  const given = await readJson<InclusionProof>(path);
  const proof = checkProof(given, ["statement", payloadDigest(envelope)], policy, path);
  const [at, least] = [proof.entry.at, released.entry.at].map((time) => Date.parse(String(time))) as [number, number];
  if (!(at >= least))
    throw fault(
      "a statement is older than the release that it is about",
      path,
      `not before ${released.entry.at}`,
      String(proof.entry.at),
    );
  const signedBy = envelope.signatures.map((s) => s.keyid);
  return momentOf(loggedTime(proof, policy, { log, now, signedBy }, path));
}
