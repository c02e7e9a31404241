// Proofs that an entry is in a log whom nobody has to hold: their form, their way to the head, the head's signer; and, for who holds
// the log, that it has the entry, that its heads are signed, and who else has seen them. An entry's time is the time that signatures are judged by.
import { join } from "node:path";
import { readJson, writeJson } from "../artifacts/index.ts";
import { ConcordError, canonicalJson } from "../base/index.ts";
import {
  type InclusionProof,
  isHeadOf,
  type LaterHead,
  type LogHead,
  openReleaseLog,
  proves,
  type ReleaseLog,
  readWitnesses,
  type TimeStamp,
} from "../store/index.ts";
import {
  type Clock,
  clocksOf,
  following,
  hasExpired,
  headCounts,
  type KeyHistory,
  keyHistory,
  wasStolen,
} from "./key-history.ts";
import { proofName } from "./names.ts";
import type { Policy, TrustedSigner } from "./policy-file.ts";
import type { Moment } from "./signers.ts";

const fault = (
  code: "E_CHECKSUM" | "E_SIGNATURE",
  problem: string,
  path: string,
  expected?: string,
  got?: string,
  hint?: string,
) => new ConcordError(code, { operation: "verify", problem, expected, got, hint, path });

/**
 * Who signed a head.
 * @throws E_SIGNATURE for a stranger, a wrong signature, or a key that had expired by the head's own time or that the log ended before
 */
function signerOf(head: LogHead, { signers }: Policy, path: string): TrustedSigner {
  const signer = signers.find((s) => s.keyId === head.keyid);
  if (!signer || !isHeadOf(head, signer.key))
    throw fault("E_SIGNATURE", "the log's head is not signed by anyone whom the policy trusts", path);
  if (hasExpired(signer, head.at))
    throw fault(
      "E_SIGNATURE",
      "the log's head was signed after the key had expired",
      path,
      `a key that holds at ${head.at}`,
      `${signer.name}, ${signer.expires}`,
    );
  if (!headCounts(signer, head.size - 1))
    throw fault("E_SIGNATURE", "the log's head is signed by a key that did not count there", path, "", signer.name);
  return signer;
}

/** A log as a policy sees it. */
export interface CheckedLog extends ReleaseLog {
  readonly folder: string;
  /** Heads that others counter-signed, oldest first. */
  readonly witnessed: readonly { readonly head: LogHead; readonly by: TrustedSigner }[];
  /** Who signed the last head. */
  readonly by: TrustedSigner;
  /** What the log states of the policy's keys. */
  readonly keys: KeyHistory;
  /** The policy with the keys as the log states them. */
  readonly policy: Policy;
}

/**
 * Opens a log under a policy: every head of a signer of the policy is theirs, the last one is such, times never go back, and witnesses saw this log.
 * Heads of others in between, and of keys that the log ended before, are covered by the last one. Rotations and revocations in the log are followed.
 * @throws E_SIGNATURE, E_CHECKSUM, E_FORMAT, E_IO
 */
export async function openTrustedLog(folder: string, trusted: Policy): Promise<CheckedLog> {
  const log = await openReleaseLog(folder);
  const last = log.heads.at(-1);
  if (!last) throw fault("E_CHECKSUM", "there is no log here, or it is empty", folder);
  const witnesses = await readWitnesses(folder);
  for (const head of witnesses)
    if (log.heads[head.size - 1]?.root !== head.root)
      throw fault(
        "E_CHECKSUM",
        "a witness saw another log: it was rewritten",
        folder,
        `root ${head.root} of ${head.size} entries`,
      );
  const keys = keyHistory(log, witnesses, trusted);
  const policy = following(trusted, keys);
  const counts = (head: LogHead) => policy.signers.some((s) => s.keyId === head.keyid && headCounts(s, head.size - 1));
  for (const [i, head] of log.heads.entries()) {
    const place = `${folder}: entry ${i}`;
    if (counts(head) || head === last) signerOf(head, policy, place);
    const before = log.heads[i - 1]?.at ?? head.at;
    if (!(Date.parse(head.at) >= Date.parse(before)) || String(log.entries[i]!.at ?? head.at) !== head.at)
      throw fault("E_CHECKSUM", "the log's times go back", place, `not before ${before}`, head.at);
  }
  return {
    ...log,
    folder,
    by: signerOf(last, policy, folder),
    witnessed: witnesses.filter(counts).map((head) => ({ head, by: signerOf(head, policy, folder) })),
    keys,
    policy,
  };
}

const dayMs = 86_400_000;

/**
 * The log is not an old copy: its newest head, of a witness that the policy asks for where it asks for one, is young enough.
 * @throws E_SIGNATURE for an older one, or where such a witness never signed
 */
export function checkFresh({ folder, policy, heads, witnessed }: CheckedLog, now: Date): void {
  const days = policy.log?.freshDays;
  if (days === undefined) return;
  const asked = witnessed.filter(({ by }) => policy.witness.includes(by.role)).map(({ head }) => head);
  const newest = (policy.witness.length ? asked : heads).at(-1)?.at;
  const age = newest === undefined ? Number.NaN : now.getTime() - Date.parse(newest);
  if (age <= days * dayMs && age >= -dayMs) return; // clocks may differ by a day; a head dated further ahead keeps no copy fresh
  throw fault(
    "E_SIGNATURE",
    "the log is older than the policy allows, or dated ahead: keys may have been revoked since",
    folder,
    `a head of the last ${days} days${policy.witness.length ? `, by a witness of the role ${policy.witness.join(" or ")}` : ""}`,
    newest ?? "none",
    "fetch the log again; its witnesses sign with concord log <folder> --policy <file> --witness --key <theirs>",
  );
}

/**
 * Checks a proof by itself.
 * @param subject entry name and digest of what was logged
 * @throws E_CHECKSUM for another form, another subject or a way that does not lead to the head; E_SIGNATURE for a head by a stranger
 */
export function checkProof(
  proof: InclusionProof | undefined,
  [name, digest]: readonly [name: "passport" | "statement", digest: string],
  policy: Policy,
  path: string,
): InclusionProof {
  const { entry, head } = proof ?? {};
  const parts = [entry?.kind, head?.root, head?.sig, head?.keyid, head?.at, entry?.at];
  if (
    !proof ||
    parts.some((part) => typeof part !== "string") ||
    !isPath(proof.path) ||
    !(proof.later ?? []).every(isLaterHead)
  )
    throw fault("E_CHECKSUM", "not the proof of an entry in a log", path);
  if (entry![name] !== digest)
    throw fault("E_CHECKSUM", `the log's entry is of another ${name}`, path, `SHA-256 ${digest}`, String(entry![name]));
  if (!proves(proof)) throw fault("E_CHECKSUM", "the proof does not lead from the entry to the head", path);
  signerOf(head!, policy, path);
  if (!(Date.parse(String(entry!.at)) <= Date.parse(head!.at)))
    throw fault("E_CHECKSUM", "the log's times go back", path, `not after ${head!.at}`, String(entry!.at));
  return proof;
}

const isPath = (path: unknown): boolean => Array.isArray(path) && path.every((hash) => typeof hash === "string");

const isLaterHead = ({ clock, head, path }: LaterHead): boolean =>
  (clock === "log" || clock === "witness") &&
  isPath(path) &&
  Number.isSafeInteger(head?.size) &&
  [head.root, head.at, head.keyid, head.sig].every((part) => typeof part === "string");

/**
 * Has a release carry along who else has seen its entry: the heads of the log's witnesses, and the last head. `verify` reads them where no log is given.
 * @param folder of the release
 * @param log folder of the log
 * @throws E_CHECKSUM where the log does not hold the release; as `openTrustedLog`
 * @example await carryProof("runs/mail/release", "releases", await readPolicy("policy.yaml"));
 */
export async function carryProof(folder: string, log: string, policy: Policy): Promise<InclusionProof> {
  const path = join(folder, proofName);
  const proof = await readJson<InclusionProof>(path);
  const seen = await openTrustedLog(log, policy);
  checkProof(proof, ["passport", String(proof.entry?.passport)], seen.policy, path);
  checkInLog(proof, seen, log);
  const { index } = proof;
  const witnesses = seen.witnessed.filter(({ head }) => head.size > index);
  const later = [
    ...witnesses.map(({ head }): LaterHead => ({ clock: "witness", head, path: seen.prove(index, head.size).path })),
    { clock: "log", head: seen.heads.at(-1)!, path: seen.prove(index).path } as const,
  ];
  const { later: _, ...own } = proof;
  const carried = { ...own, later };
  await writeJson(path, carried);
  return carried;
}

/** When an entry was in the log, and whose clock says so. */
export interface LoggedTime {
  /** ISO 8601: keys have to hold then. */
  readonly at: string;
  readonly by: Pick<TrustedSigner, "keyId" | "name" | "role">;
  /**
   * A witness is another party than the one that wrote the entry; `log` is the writer of the log; `signer` a writer that also signed what was logged;
   * `timestamp` an authority that stamped all signatures.
   */
  readonly clock: "signer" | "log" | "witness" | "timestamp";
  /** Time stamps of signatures, by key id. */
  readonly stamps: ReadonlyMap<string, TimeStamp>;
  /** Number of the entry. */
  readonly index: number;
  /** All clocks that say when it was in the log, the earliest first. */
  readonly clocks: readonly Clock[];
}

/** The moment at which signatures of what was logged are judged. */
export const momentOf = ({ at, index, clocks, stamps }: LoggedTime): Moment => ({
  at: new Date(at),
  index,
  clocks,
  stamps,
});

interface LoggedContext {
  /** Default it is not at hand. */
  readonly log?: CheckedLog;
  readonly now: Date;
  /** Ids of the keys that signed what was logged. */
  readonly signedBy: readonly string[];
  /** Time stamps of their signatures. Default none. */
  readonly stamps?: ReadonlyMap<string, TimeStamp>;
}

/**
 * When an entry was in the log, and who says so: the earliest witness of a role that the policy asks for, else the head's signer.
 * @param policy with the keys as the log states them, where the log is at hand
 * @throws E_CHECKSUM where the log does not hold the entry where the proof says, or is another log; E_SIGNATURE where the policy's witnesses have
 * not seen it, or every key that vouches for the time has expired by now or was in other hands: whoever has such a key can write any time
 */
export function loggedTime(
  proof: InclusionProof,
  policy: Policy,
  { log, now, signedBy, stamps = new Map() }: LoggedContext,
  path: string,
): LoggedTime {
  const { head, index, entry } = proof;
  if (log) checkInLog(proof, log, log.folder);
  const later = log ? [] : laterHeads(proof, policy, path);
  const covering = (log?.witnessed ?? later.filter(({ clock }) => clock === "witness")).filter(
    (w) => w.head.size > index && w.by.keyId !== head.keyid,
  );
  const asked = covering.filter(({ by }) => policy.witness.includes(by.role));
  if (policy.witness.length > 0 && asked.length === 0)
    throw fault(
      "E_SIGNATURE",
      "no witness that the policy asks for has counter-signed the log",
      log?.folder ?? path,
      `a witness of the role ${policy.witness.join(" or ")}`,
      log ? `${covering.length} other witnesses` : "no log",
      log ? "concord log <folder> --policy <file> --witness --key <theirs>" : "give the log with --log",
    );
  const clocks = clocksOf(
    log?.heads.slice(index) ?? later.filter(({ clock }) => clock === "log").map((one) => one.head),
    covering.map((w) => w.head),
    policy.signers,
    index,
  );
  const own = signerOf(head, policy, path);
  const written: Clock = { at: String(entry.at), by: own, clock: "log" };
  const others = clocks.filter(({ by, clock }) => clock === "witness" || by.keyId !== own.keyId);
  const vouches = wasStolen(own) ? others : [written, ...others];
  const stamped = signedBy.every((id) => stamps.has(id)) ? latestOf(stamps) : undefined;
  if (!stamped && vouches.every(({ by }) => hasExpired(by, now)))
    throw fault(
      "E_SIGNATURE",
      "every key that vouches for the time of this entry has expired: its time may have been set back",
      path,
      "a head or a witness by a key that holds",
      vouches.map(({ by }) => `${by.name}, ${by.expires ?? "revoked"}`).join("; ") || `${own.name}: revoked`,
      "give the log with --log; let a witness counter-sign it",
    );
  const witness = [...asked].sort((a, b) => Date.parse(a.head.at) - Date.parse(b.head.at))[0];
  if (stamped && !witness) return { ...stamped, index, clocks: vouches, stamps };
  const first = witness ? { at: witness.head.at, by: witness.by, clock: "witness" as const } : vouches[0]!;
  const signers = first.clock === "log" && signedBy.includes(first.by.keyId);
  return { ...first, clock: signers ? "signer" : first.clock, index, clocks: vouches, stamps };
}

/**
 * The later heads that a proof carries along, of signers whom the policy knows.
 * @throws E_CHECKSUM for one that does not cover the entry; E_SIGNATURE for a wrong signature
 */
function laterHeads({ entry, index, later = [] }: InclusionProof, policy: Policy, path: string) {
  return later
    .filter(({ head }) => policy.signers.some((s) => s.keyId === head.keyid))
    .map(({ clock, head, path: way }) => {
      if (!proves({ entry, index, head, path: way }))
        throw fault("E_CHECKSUM", "a later head that the proof carries is not over its entry", path, `entry ${index}`);
      if (!(Date.parse(String(entry.at)) <= Date.parse(head.at)))
        throw fault("E_CHECKSUM", "the log's times go back", path, `not before ${String(entry.at)}`, head.at);
      return { clock, head, by: signerOf(head, policy, path) };
    });
}

/** By when all stamped signatures were there. */
function latestOf(stamps: ReadonlyMap<string, TimeStamp>) {
  const [last] = [...stamps.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const by = last && { name: last.authority, role: "timestamp authority", keyId: last.certificate };
  return by && { at: last.at, by, clock: "timestamp" as const };
}

/** @throws E_CHECKSUM where the log does not hold the entry where the proof says, or is another log */
function checkInLog({ entry, index, head }: InclusionProof, { entries, heads }: ReleaseLog, folder: string): void {
  if (!entries[index] || canonicalJson(entries[index]) !== canonicalJson(entry))
    throw fault(
      "E_CHECKSUM",
      "the log does not hold this release where the proof says",
      folder,
      `entry ${index}`,
      `${entries.length} entries`,
    );
  if (heads[head.size - 1]?.root !== head.root)
    throw fault("E_CHECKSUM", "the log is not the one that the release was put into", folder);
}
