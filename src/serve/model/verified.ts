// A release whose passport holds, as the server states it. Apart from the door, because what verifies a release is large.
import type { Passport } from "../../passport/index.ts";
import { verifyRelease } from "../../release/index.ts";
import { plainPage } from "../../report/index.ts";

/** What the server says of a model's passport. */
export type DoorFacts =
  | {
      readonly state: "verified";
      readonly name: string;
      readonly made: string;
      readonly signers: readonly { readonly role: string; readonly name: string }[];
      /** Gates that failed and were approved as exceptions. */
      readonly overrides: readonly { readonly value: string; readonly reason: string }[];
      /** SHA-256 of the policy by which it was verified. */
      readonly policy: string;
    }
  | { readonly state: "unsigned"; readonly reason: string };

/** A model that may serve. */
export interface Admitted {
  readonly door: DoorFacts;
  readonly passport?: Passport;
  /** Of a verified model: its plain page, made from the passport. */
  readonly page?: () => string;
}

/** @throws as `verifyRelease` */
export async function verifiedRelease(path: string, policy: string): Promise<Admitted> {
  const { passport, signers, overrides, policy: used, envelope, proof } = await verifyRelease(path, { policy });
  const decision = { signedBy: envelope.signatures.map(({ keyid }) => keyid), at: String(proof.entry.at) };
  return {
    passport,
    page: () => plainPage(passport, decision),
    door: {
      state: "verified",
      name: passport.name,
      made: passport.made,
      signers: signers.map(({ role, name }) => ({ role, name })),
      overrides: overrides.map(({ value, reason }) => ({ value, reason })),
      policy: used.digest,
    },
  };
}
