// What auditors state of a release after recomputing its numbers: signed statements kept beside the passport, bound to it by digest.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, parseJson } from "../../formats/index.ts";
import { makeFolder, writeFileAtomically } from "../../formats/node/index.ts";
import { canonicalBytes, canonicalJson } from "../../passport/index.ts";
import { addSignature, type Envelope, envelopeText, parseEnvelope, type SigningKey } from "../../store/index.ts";
import type { Policy, TrustedSigner } from "../policy-file.ts";
import { digestOf } from "../stages/files.ts";
import { rolesOf } from "./signers.ts";

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

/** Signs and keeps a statement. @returns its path */
export async function writeAttestation(
  folder: string,
  facts: RecomputeFacts,
  { key, keyId }: SigningKey,
): Promise<string> {
  const envelope = addSignature({ payloadType: type, payload: canonicalBytes(facts), signatures: [] }, keyId, key);
  await makeFolder(join(folder, attestationsName));
  const path = join(folder, attestationsName, `${keyId.slice(0, 16)}.json`);
  await writeFileAtomically(path, [new TextEncoder().encode(envelopeText(envelope))]);
  return path;
}

/** All statements of a release. @throws E_SIGNATURE, E_FORMAT, E_CHECKSUM for one that is of another passport */
export async function checkAttestations(folder: string, passport: Envelope, policy: Policy, now: Date) {
  const home = join(folder, attestationsName);
  if (!existsSync(home)) return [];
  const found: (RecomputeFacts & { signer: TrustedSigner })[] = [];
  for (const name of (await readdir(home)).sort()) {
    const path = join(home, name);
    const envelope = parseEnvelope(await readFile(path), type, path);
    const [signer] = rolesOf(envelope, policy, now, path);
    const value = parseJson(envelope.payload, path);
    const facts = (isJsonRecord(value) ? value : {}) as unknown as RecomputeFacts; // format and binding are looked at here, the signer vouches for the rest
    const right = facts.format === "concord-recompute" && facts.passport === payloadDigest(passport);
    if (!signer || !right || canonicalJson(facts) !== Buffer.from(envelope.payload).toString("utf8"))
      throw new ConcordError("E_CHECKSUM", {
        operation: "verify",
        problem: "a statement is about another passport",
        expected: `SHA-256 ${payloadDigest(passport)}`,
        got: String(facts.passport),
        path,
      });
    found.push({ ...facts, signer });
  }
  return found;
}
