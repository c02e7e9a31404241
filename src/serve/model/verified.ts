// A release whose passport holds, as the server states it. Apart from the door, because what verifies a release is large.
import { verifyRelease } from "../../release/index.ts";
import { plainPage } from "../../report/index.ts";
import type { Admitted } from "./door.ts";

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
