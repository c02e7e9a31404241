// Which keys count, from when and until when: a policy's signers, and what a log states of their keys. A statement that does not count is kept with the
// reason, and changes nothing. Revocations that counted are never undone, so that whoever steals a key can take trust away and give none.
import { ConcordError, isConcordError } from "../base/index.ts";
import {
  isHeadOf,
  keyEntryKind,
  type LogHead,
  type ReleaseLog,
  type Revocation,
  type Rotation,
  readKeyEntry,
  type SignedStatement,
  statedBy,
} from "../store/index.ts";
import type { KeyEnd, Policy, TrustedSigner } from "./policy-file.ts";

/** A statement of the log about a key, as a policy sees it. */
export interface JudgedStatement {
  readonly index: number;
  readonly at: string;
  readonly kind: "rotate" | "revoke" | "unreadable";
  /** Who is spoken of: the signer's name, or the beginning of a key's id. */
  readonly about: string;
  readonly by: readonly string[];
  readonly to?: string;
  readonly from?: string;
  readonly reason?: string;
  /** Why it does not count. Absent where it counts. */
  readonly fault?: ConcordError;
}

/** What a log says of the keys of a policy. */
export interface KeyHistory {
  /** The policy's signers and their successors, each with where it begins and ends. */
  readonly signers: readonly TrustedSigner[];
  readonly statements: readonly JudgedStatement[];
}

/** A time, and whose clock it is from. */
export interface Clock {
  /** ISO 8601. */
  readonly at: string;
  readonly by: TrustedSigner;
  /** `log`: a head; `witness`: a counter-signed head. */
  readonly clock: "log" | "witness";
}

type Seen = Pick<ReleaseLog, "entries" | "heads">;
type Numbered<S> = { readonly index: number; readonly signed: SignedStatement; readonly statement: S };

/** A key that was in other hands vouches for no time. */
export const wasStolen = ({ ended = [] }: TrustedSigner): boolean => ended.some(({ from }) => from !== undefined);

/** Whether a key counts for a head whose last entry is `index`: the head of the statement that ends it does. */
export const headCounts = ({ since = -1, ended = [] }: TrustedSigner, index: number): boolean =>
  index >= since && ended.every((end) => index <= end.index);

export const hasExpired = ({ expires }: Pick<TrustedSigner, "expires">, at: string | Date): boolean =>
  expires !== undefined && Date.parse(expires) <= new Date(at).getTime();

/**
 * Who says, by its own clock, that an entry was in the log: of each signer the earliest head over it, and of each witness.
 * @param heads of the log, in their order
 * @param index number of the entry
 */
export function clocksOf(
  heads: readonly LogHead[],
  witnesses: readonly LogHead[],
  signers: readonly TrustedSigner[],
  index: number,
): Clock[] {
  const vouches = (head: LogHead, by: TrustedSigner) =>
    head.keyid === by.keyId &&
    head.size > index &&
    headCounts(by, head.size - 1) &&
    !hasExpired(by, head.at) &&
    isHeadOf(head, by.key);
  const first = (among: readonly LogHead[], clock: Clock["clock"]) =>
    signers
      .filter((by) => !wasStolen(by))
      .flatMap((by): Clock[] => {
        const head = among.find((one) => vouches(one, by));
        return head ? [{ at: head.at, by, clock }] : [];
      });
  return earliestFirst([...first(heads, "log"), ...first(earliestFirst(witnesses), "witness")]);
}

const earliestFirst = <T extends { readonly at: string }>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

const fault = (problem: string, expected?: string, got?: string) =>
  new ConcordError("E_SIGNATURE", { operation: "read key statement", problem, expected, got });

/**
 * Reads what a log states of a policy's keys.
 *
 * - A rotation counts where the old and the new key signed it, the old key counts at that entry, and the new key was unknown before. The new key has
 *   the old one's role; the old one ends there.
 * - A revocation counts where the key itself signed it, or a key that counts at that entry, of a role that the policy lists under `revoke`.
 * - A rotation by a key that was revoked from an earlier time counts only where another key's clock shows it before that time.
 *
 * @param witnesses heads that were counter-signed
 * @example keyHistory(await openReleaseLog("releases"), await readWitnesses("releases"), policy).signers
 */
export function keyHistory(log: Seen, witnesses: readonly LogHead[], policy: Policy): KeyHistory {
  const known = new Map(policy.signers.map((signer): [string, TrustedSigner] => [signer.keyId, signer]));
  const named = new Set(known.keys());
  const rotations: Numbered<Rotation>[] = [];
  const statements = new Map<number, JudgedStatement>();
  const ends = (id: string, end: KeyEnd) => {
    const signer = known.get(id)!;
    known.set(id, { ...signer, ended: [...(signer.ended ?? []), end] });
  };
  for (const [index, entry] of log.entries.entries()) {
    if (entry.kind !== keyEntryKind) continue;
    try {
      const signed = readKeyEntry(entry, `entry ${index}`);
      const { statement } = signed;
      const judged = describe(index, signed, known);
      const refused =
        misplaced(log, index, statement) ??
        (statement.kind === "rotate"
          ? rotationFault({ index, signed, statement }, known, named)
          : revocationFault({ index, signed, statement }, known, policy.revoke));
      statements.set(index, { ...judged, ...(refused && { fault: refused }) });
      if (refused) continue;
      const { key, kind, at } = statement;
      if (statement.kind === "rotate") {
        const { role, before = [] } = known.get(key)!;
        known.set(statement.to.keyId, { ...statement.to, role, since: index, before: [...before, key] });
        named.add(statement.to.keyId);
        rotations.push({ index, signed, statement });
        ends(key, { kind, index, at });
      } else ends(key, { kind, index, at, reason: statement.reason, ...(statement.from && { from: statement.from }) });
    } catch (error) {
      if (!isConcordError(error)) throw error;
      statements.set(index, { index, at: String(entry.at), kind: "unreadable", about: "", by: [], fault: error });
    }
  }
  for (const { index, statement } of rotations) {
    const refused = theftFault(index, statement, log, witnesses, known);
    if (!refused) continue;
    known.delete(statement.to.keyId);
    statements.set(index, { ...statements.get(index)!, fault: refused });
  }
  return { signers: [...known.values()], statements: [...statements.values()] };
}

/** The policy with the keys as a log states them. */
export const following = (policy: Policy, { signers }: KeyHistory): Policy => ({ ...policy, signers });

const nameOf = (id: string, known: ReadonlyMap<string, TrustedSigner>): string =>
  known.get(id)?.name ?? `${id.slice(0, 16)}…`;

function describe(
  index: number,
  { statement, envelope }: SignedStatement,
  known: ReadonlyMap<string, TrustedSigner>,
): JudgedStatement {
  const { kind, key, at } = statement;
  const by = envelope.signatures.map(({ keyid }) => nameOf(keyid, known));
  const judged = { index, at, kind, about: nameOf(key, known), by };
  if (statement.kind === "rotate") return { ...judged, to: statement.to.name };
  return { ...judged, reason: statement.reason, ...(statement.from !== undefined && { from: statement.from }) };
}

/** A statement counts at the place and time that it was signed for. */
function misplaced({ entries, heads }: Seen, index: number, { at, after }: Rotation | Revocation) {
  const root = heads[index - 1]?.root ?? "";
  if (after.size !== index || after.root !== root)
    return fault("the statement was signed for another place in the log", `entry ${after.size}`, `entry ${index}`);
  if (entries[index]!.at !== at)
    return fault("the statement was signed for another time", at, String(entries[index]!.at));
  return undefined;
}

function rotationFault(
  { index, signed, statement: { key, to, at } }: Numbered<Rotation>,
  known: ReadonlyMap<string, TrustedSigner>,
  named: ReadonlySet<string>,
): ConcordError | undefined {
  const old = known.get(key);
  if (!old) return fault("the policy knows no such signer", undefined, `key ${key.slice(0, 16)}…`);
  if (!statedBy(signed, old)) return fault("the old key has not signed the rotation", old.name);
  if (!statedBy(signed, to)) return fault("the new key has not signed the rotation", to.name);
  if (named.has(to.keyId)) return fault("the new key is known already: a rotation brings in a key that was in no use");
  const [end] = old.ended ?? [];
  if (end) return fault("the old key counts no longer", undefined, `${old.name}, entry ${end.index}`);
  if (hasExpired(old, at)) return fault("the signer's key has expired", undefined, `${old.name}, ${old.expires}`);
  if (index <= (old.since ?? -1)) return fault("the old key does not count yet");
  return undefined;
}

function revocationFault(
  { signed, statement: { key, at, from } }: Numbered<Revocation>,
  known: ReadonlyMap<string, TrustedSigner>,
  roles: readonly string[],
): ConcordError | undefined {
  const revoked = known.get(key);
  if (!revoked) return fault("the policy knows no such signer", undefined, `key ${key.slice(0, 16)}…`);
  if (from !== undefined && Date.parse(from) > Date.parse(at))
    return fault("a key is revoked from a time to come", `not after ${at}`, from);
  if (statedBy(signed, revoked)) return undefined;
  const counts = (one: TrustedSigner) => !one.ended?.length && !hasExpired(one, at) && roles.includes(one.role);
  if ([...known.values()].some((one) => counts(one) && statedBy(signed, one))) return undefined;
  return fault(
    "the key is revoked by somebody who may not",
    roles.length ? `the key itself, or a key of ${roles.join(" or ")}` : "the key itself",
  );
}

/** A rotation by a key that may have been in other hands: whether another key's clock shows it before. */
function theftFault(
  index: number,
  { key }: Rotation,
  log: Seen,
  witnesses: readonly LogHead[],
  known: ReadonlyMap<string, TrustedSigner>,
): ConcordError | undefined {
  const old = known.get(key);
  if (!old) return fault("the old key counts no longer");
  const from = stolenSince(old);
  if (from === undefined) return undefined;
  const others = [...known.values()].filter((one) => one.keyId !== key && !one.before?.includes(key));
  const [first] = clocksOf(log.heads.slice(index), witnesses, others, index);
  if (first && Date.parse(first.at) < from) return undefined;
  return fault(
    "the old key was revoked from a time before the rotation",
    `a clock of another key before ${new Date(from).toISOString()}`,
    first ? `${first.by.name}, ${first.at}` : "no other clock",
  );
}

/** Milliseconds since 1970 from which a key may have been in other hands. */
export function stolenSince({ ended = [] }: TrustedSigner): number | undefined {
  const times = ended.flatMap(({ from }) => (from === undefined ? [] : [Date.parse(from)]));
  return times.length ? Math.min(...times) : undefined;
}
