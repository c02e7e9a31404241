// Proofs that an entry is in a log whom nobody has to hold: their form, their way to the head, the head's signer; and, for who holds
// the log, that it has the entry, that its heads are signed, and who else has seen them. An entry's time is the time that signatures are judged by.
import { ConcordError, canonicalJson } from "../base/index.ts";
import {
  type InclusionProof,
  isHeadOf,
  type LogHead,
  openReleaseLog,
  proves,
  type ReleaseLog,
  readWitnesses,
} from "../store/index.ts";
import type { Policy, TrustedSigner } from "./policy-file.ts";

const fault = (
  code: "E_CHECKSUM" | "E_SIGNATURE",
  problem: string,
  path: string,
  expected?: string,
  got?: string,
  hint?: string,
) => new ConcordError(code, { operation: "verify", problem, expected, got, hint, path });

const hasExpired = ({ expires }: TrustedSigner, at: string | Date): boolean =>
  expires !== undefined && Date.parse(expires) <= new Date(at).getTime();

/**
 * Who signed a head.
 * @throws E_SIGNATURE for a stranger, a wrong signature, or a key that had expired by the head's own time
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
  return signer;
}

/** A log as a policy sees it. */
export interface CheckedLog extends ReleaseLog {
  /** Heads that others counter-signed, oldest first. */
  readonly witnessed: readonly { readonly head: LogHead; readonly by: TrustedSigner }[];
  /** Who signed the last head. */
  readonly by: TrustedSigner;
}

/**
 * Opens a log under a policy: every head of a signer of the policy is theirs, the last one is such, times never go back, and witnesses saw this log.
 * Heads of others in between are covered by the last one.
 * @throws E_SIGNATURE, E_CHECKSUM, E_FORMAT, E_IO
 */
export async function openTrustedLog(folder: string, policy: Policy): Promise<CheckedLog> {
  const log = await openReleaseLog(folder);
  const last = log.heads.at(-1);
  if (!last) throw fault("E_CHECKSUM", "there is no log here, or it is empty", folder);
  const known = (head: LogHead) => policy.signers.some((s) => s.keyId === head.keyid);
  for (const [i, head] of log.heads.entries()) {
    const place = `${folder}: entry ${i}`;
    if (known(head) || head === last) signerOf(head, policy, place);
    const before = log.heads[i - 1]?.at ?? head.at;
    if (!(Date.parse(head.at) >= Date.parse(before)) || String(log.entries[i]!.at ?? head.at) !== head.at)
      throw fault("E_CHECKSUM", "the log's times go back", place, `not before ${before}`, head.at);
  }
  const witnessed = (await readWitnesses(folder)).map((head) => {
    if (log.heads[head.size - 1]?.root !== head.root)
      throw fault(
        "E_CHECKSUM",
        "a witness saw another log: it was rewritten",
        folder,
        `root ${head.root} of ${head.size} entries`,
      );
    return head;
  });
  return {
    ...log,
    by: signerOf(last, policy, folder),
    witnessed: witnessed.filter(known).map((head) => ({ head, by: signerOf(head, policy, folder) })),
  };
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
    !Array.isArray(proof.path) ||
    proof.path.some((hash) => typeof hash !== "string")
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

/** Whose clock an entry's time rests on. */
export interface LoggedTime {
  /** ISO 8601: keys have to hold then. */
  readonly at: string;
  readonly by: TrustedSigner;
  /** A witness is another party than the one that wrote the entry; `log` is the writer of the log itself. */
  readonly clock: "log" | "witness";
}

/**
 * When an entry was in the log, and who says so: the earliest witness of a role that the policy asks for, else the head's signer.
 * @param folder of the log, where it is at hand
 * @throws E_CHECKSUM where the log does not hold the entry where the proof says, or is another log; E_SIGNATURE where the policy's witnesses have
 * not seen it, or every key that vouches for the time has expired by now: whoever has such a key can write any time
 */
export async function loggedTime(
  proof: InclusionProof,
  policy: Policy,
  { log: folder, now }: { readonly log?: string; readonly now: Date },
  path: string,
): Promise<LoggedTime> {
  const { head, index, entry } = proof;
  const log = folder === undefined ? undefined : await openTrustedLog(folder, policy);
  if (log) checkInLog(proof, log, folder!);
  const covering = (log?.witnessed ?? []).filter((w) => w.head.size > index && w.by.keyId !== head.keyid);
  const asked = covering.filter(({ by }) => policy.witness.includes(by.role));
  if (policy.witness.length > 0 && asked.length === 0)
    throw fault(
      "E_SIGNATURE",
      "no witness that the policy asks for has counter-signed the log",
      folder ?? path,
      `a witness of the role ${policy.witness.join(" or ")}`,
      log ? `${covering.length} other witnesses` : "no log",
      log ? "concord log <folder> --policy <file> --witness --key <theirs>" : "give the log with --log",
    );
  const vouches = [
    { head, by: signerOf(head, policy, path), clock: "log" as const },
    ...covering.map((w) => ({ ...w, clock: "witness" as const })),
    ...(log ? [{ head: log.heads.at(-1)!, by: log.by, clock: "log" as const }] : []),
  ];
  if (vouches.every(({ by }) => hasExpired(by, now)))
    throw fault(
      "E_SIGNATURE",
      "every key that vouches for the time of this entry has expired: its time may have been set back",
      path,
      "a head or a witness by a key that holds",
      vouches.map(({ by }) => `${by.name}, ${by.expires}`).join("; "),
      "give the log with --log; let a witness counter-sign it",
    );
  const earliest = [...asked].sort((a, b) => Date.parse(a.head.at) - Date.parse(b.head.at))[0];
  if (earliest) return { at: earliest.head.at, by: earliest.by, clock: "witness" };
  return { at: String(entry.at), by: vouches[0]!.by, clock: "log" };
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
