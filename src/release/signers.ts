// Whose signatures count: those of signers whom a policy lists, with keys that held at the time. Knows no passport.
import { ConcordError } from "../base/index.ts";
import { type Envelope, isSignedBy } from "../store/index.ts";
import type { Policy, TrustedSigner } from "./policy-file.ts";

/** The signer that a policy knows by this key. @throws E_SIGNATURE for an unknown or expired one */
export function trustedSigner(policy: Policy, keyId: string, at: Date, path?: string): TrustedSigner {
  const signer = policy.signers.find((s) => s.keyId === keyId);
  const fault = (problem: string, got: string) =>
    new ConcordError("E_SIGNATURE", {
      operation: "check signer",
      problem,
      expected: policy.signers.map((s) => `${s.role}: ${s.name}`).join(", "),
      got,
      hint: `the signers that count are listed in ${policy.path}`,
      path,
    });
  if (!signer) throw fault("the policy knows no such signer", `key ${keyId.slice(0, 16)}…`);
  if (signer.expires !== undefined && Date.parse(signer.expires) <= at.getTime())
    throw fault("the signer's key has expired", `${signer.name}, ${signer.expires}`);
  return signer;
}

/** Signers whose signatures are right, with their roles. @throws E_SIGNATURE for a wrong, unknown or expired one */
export function rolesOf(envelope: Envelope, policy: Policy, at: Date, path?: string): TrustedSigner[] {
  return envelope.signatures.map((signature) => {
    const signer = trustedSigner(policy, signature.keyid, at, path);
    if (isSignedBy(envelope, signature, signer.key)) return signer;
    throw new ConcordError("E_SIGNATURE", {
      operation: "check signature",
      problem: `the signature of ${signer.name} (${signer.role}) is not theirs, or is over something else`,
      got: `key ${signature.keyid.slice(0, 16)}…`,
      path,
    });
  });
}

/** The signers of a policy as a passport names them. */
export const signersOf = ({ signers }: Pick<Policy, "signers">): { role: string; name: string; keyid: string }[] =>
  signers.map(({ role, name, keyId }) => ({ role, name, keyid: keyId }));
