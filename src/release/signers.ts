// Whose signatures count: those of signers whom a policy lists, with keys that held at the time. Knows no passport.
import { ConcordError } from "../base/index.ts";
import { type Envelope, isSignedBy, type TimeStamp } from "../store/index.ts";
import { type Clock, hasExpired, stolenSince } from "./key-history.ts";
import type { Policy, TrustedSigner } from "./policy-file.ts";

/** When something was signed, as far as a log shows it. */
export interface Moment {
  readonly at: Date;
  /** Number of the log's entry that holds it. Default after all entries. */
  readonly index?: number;
  /** Whose clocks say that it was in the log, and when. Default nobody's. */
  readonly clocks?: readonly Clock[];
  /** Time stamps of signatures, by key id: such a signature was there then. Default none. */
  readonly stamps?: ReadonlyMap<string, TimeStamp>;
}

const fault = (
  operation: string,
  problem: string,
  facts: { expected?: string; got: string; hint?: string },
  path?: string,
) => new ConcordError("E_SIGNATURE", { operation, problem, ...facts, path });

/** The signer that a policy knows by this key. */
function knownSigner({ signers, path: policy }: Policy, keyId: string, path?: string): TrustedSigner {
  const signer = signers.find((s) => s.keyId === keyId);
  if (signer) return signer;
  throw fault(
    "check signer",
    "the policy knows no such signer",
    {
      expected: signers.map((s) => `${s.role}: ${s.name}`).join(", "),
      got: `key ${keyId.slice(0, 16)}…`,
      hint: `the signers that count are listed in ${policy}`,
    },
    path,
  );
}

/** @throws E_SIGNATURE where the key had expired, was not named yet, or counted no longer */
function requireHolding(
  signer: TrustedSigner,
  { at, index = Number.POSITIVE_INFINITY, clocks = [], stamps }: Moment,
  path?: string,
): void {
  const { name, expires, since = -1, ended = [], keyId } = signer;
  const refuse = (problem: string, got: string, expected?: string) => {
    throw fault("check signer", problem, { got, ...(expected && { expected }) }, path);
  };
  const stamp = stamps?.get(keyId);
  if (hasExpired(signer, stamp?.at ?? at)) refuse("the signer's key has expired", `${name}, ${expires}`);
  if (index <= since) refuse("the signer's key was not named by the log yet", name, `after entry ${since}`);
  const end = ended.find((one) => index >= one.index);
  if (end)
    refuse(
      end.kind === "rotate" ? "the signer's key was replaced by another" : "the signer's key was revoked",
      `${name}, ${end.at}${end.reason ? `: ${end.reason}` : ""}`,
      `a signature that the log shows before entry ${end.index}`,
    );
  const from = stolenSince(signer);
  if (from !== undefined && stamp && Date.parse(stamp.at) < from) return;
  const others = clocks.filter(({ by }) => by.keyId !== keyId && !by.before?.includes(keyId));
  if (from === undefined || others.some((clock) => Date.parse(clock.at) < from)) return;
  refuse(
    "the signer's key was revoked from a time before the signature, as far as other clocks show",
    others[0] ? `${others[0].by.name}, ${others[0].at}` : "no other clock",
    `a clock of another key before ${new Date(from).toISOString()}`,
  );
}

/** The signer that a policy knows by this key. @throws E_SIGNATURE for one that is unknown, has expired, or counts no longer */
export function trustedSigner(policy: Policy, keyId: string, at: Date | Moment, path?: string): TrustedSigner {
  const signer = knownSigner(policy, keyId, path);
  requireHolding(signer, at instanceof Date ? { at } : at, path);
  return signer;
}

/** Signers whose signatures are right, whenever they were made. @throws E_SIGNATURE for a wrong or unknown one */
export const signersIn = (envelope: Envelope, policy: Policy, path?: string): TrustedSigner[] =>
  envelope.signatures.map((signature) => {
    const signer = knownSigner(policy, signature.keyid, path);
    if (isSignedBy(envelope, signature, signer.key)) return signer;
    throw fault(
      "check signature",
      `the signature of ${signer.name} (${signer.role}) is not theirs, or is over something else`,
      { got: `key ${signature.keyid.slice(0, 16)}…` },
      path,
    );
  });

/** Signers whose signatures are right, with their roles. @throws E_SIGNATURE for one that is wrong or unknown, had expired, or counted no longer */
export function rolesOf(envelope: Envelope, policy: Policy, at: Date | Moment, path?: string): TrustedSigner[] {
  const signers = signersIn(envelope, policy, path);
  for (const signer of signers) requireHolding(signer, at instanceof Date ? { at } : at, path);
  return signers;
}

/** The signers of a policy as a passport names them: those whose keys no log has ended. */
export const signersOf = ({ signers }: Pick<Policy, "signers">): { role: string; name: string; keyid: string }[] =>
  signers.filter(({ ended }) => !ended?.length).map(({ role, name, keyId }) => ({ role, name, keyid: keyId }));
