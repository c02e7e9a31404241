// concord keys rotate, revoke: puts a statement about a key into a log, where it counts under the policy.
import { ConcordError } from "../base/index.ts";
import {
  appendToLog,
  type InclusionProof,
  keyEntry,
  openReleaseLog,
  type ReleaseLog,
  readSigner,
  readSigningKey,
  readWitnesses,
  type SigningKey,
} from "../store/index.ts";
import { following, keyHistory } from "./key-history.ts";
import { type Policy, readPolicy } from "./policy-file.ts";

/**
 * A policy with the keys as a log states them: successors, and where keys end. A log that does not exist states nothing.
 * @param now refused before the log's last entry
 * @throws E_ARGUMENT for a time before the last entry's; E_CHECKSUM, E_FORMAT, E_IO
 */
export async function policyOfLog(policy: Policy, folder: string, now: Date): Promise<Policy> {
  const log = await openReleaseLog(folder, now);
  return following(policy, keyHistory(log, await readWitnesses(folder), policy));
}

interface StatementOptions {
  readonly policy: string;
  /** Folder of the log. */
  readonly log: string;
  /** Private key file that signs: of a rotation the old key. */
  readonly key: string;
  readonly passphrase?: string;
  /** Default this moment. */
  readonly now?: Date;
}

export interface RotateOptions extends StatementOptions {
  /** Private key file of the new key; its public file lies beside it. */
  readonly to: string;
}

/**
 * States in a log that a key is replaced by another. Who trusts the old key trusts the new one from there on, in the same role, and the old one no more.
 * @throws E_SIGNATURE where the statement would not count: the old key is of nobody whom the policy knows, has ended or has expired, or the new one is known
 * @example await rotateKey({ policy: "policy.yaml", log: "releases", key: "keys/old.key", to: "keys/new.key" });
 */
export async function rotateKey({ to, ...options }: RotateOptions): Promise<InclusionProof> {
  const [old, next] = await Promise.all([options.key, to].map((file) => readSigningKey(file, options.passphrase)));
  const signer = await readSigner(to.replace(/(\.key)?$/, ".pub.json"));
  return await state(options, [old!, next!], { kind: "rotate", key: old!.keyId, to: signer });
}

export interface RevokeOptions extends StatementOptions {
  /** Public file of the signer whose key is revoked. Default the key that signs. */
  readonly signer?: string;
  /** ISO 8601: the key may have been in other hands since. Default it was in none: what the log shows before counts. */
  readonly from?: string;
  readonly reason: string;
}

/**
 * States in a log that a key counts no longer. A key may revoke itself; keys of the roles under `revoke` in the policy may revoke others.
 * @throws E_SIGNATURE for a key that may not, or a time to come; E_ARGUMENT without a reason, or for a time that is no date
 * @example await revokeKey({ policy: "policy.yaml", log: "releases", key: "keys/a.key", from: "2026-11-30", reason: "laptop stolen" });
 */
export async function revokeKey({ signer, from, reason, ...options }: RevokeOptions): Promise<InclusionProof> {
  const wrong = (problem: string, path: string, expected: string, got?: string) =>
    new ConcordError("E_ARGUMENT", { operation: "revoke key", problem, expected, got, path });
  if (reason.trim() === "") throw wrong("a revocation needs a reason", "--reason", "a text that is signed and logged");
  if (from !== undefined && Number.isNaN(Date.parse(from)))
    throw wrong("the time is no date", "--from", "a date such as 2026-11-30 or 2026-11-30T08:00:00Z", from);
  const key = await readSigningKey(options.key, options.passphrase);
  const revoked = signer === undefined ? key.keyId : (await readSigner(signer)).keyId;
  const since = from === undefined ? {} : { from: new Date(from).toISOString() };
  return await state(options, [key], { kind: "revoke", key: revoked, ...since, reason });
}

/** Appends a statement. @throws E_SIGNATURE where it would not count */
async function state(
  { policy: path, log: folder, now = new Date() }: StatementOptions,
  keys: readonly SigningKey[],
  statement: Parameters<typeof keyEntry>[0],
): Promise<InclusionProof> {
  const policy = await readPolicy(path);
  const witnesses = await readWitnesses(folder);
  const makes = keyEntry(statement, keys);
  const facts = (log: ReleaseLog, at: string) => {
    const made = makes(log, at);
    const entries = [...log.entries, { ...made, at }];
    const judged = keyHistory({ ...log, entries }, witnesses, policy).statements.at(-1)!;
    if (judged.fault) throw judged.fault;
    return made;
  };
  return await appendToLog(folder, facts, keys[0]!.key, now);
}
