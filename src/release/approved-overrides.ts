// Exceptions to gates with who approved them. Knows no words.
import type { Passport } from "../passport/index.ts";

/** An override with the signer who approved it. */
export interface ApprovedOverride {
  /** Name of the value whose gate fails. */
  readonly value: string;
  readonly by: { readonly role: string; readonly name: string };
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** @param signers those whose signatures hold */
export function approvedOverrides(
  { policy: { overrides } }: Pick<Passport, "policy">,
  signers: readonly { readonly role: string; readonly name: string; readonly keyId: string }[],
): ApprovedOverride[] {
  return overrides.map(({ value, reason, keyid, at }) => {
    const { role, name } = signers.find((s) => s.keyId === keyid) ?? { role: "", name: keyid.slice(0, 16) };
    return { value, by: { role, name }, reason, at };
  });
}
