// From a finished run to a release that others can check.

export { type ApprovedOverride, approvedOverrides } from "./approved-overrides.ts";
export type { RecomputeFacts } from "./attestations.ts";
export { policyForRun } from "./build-passport.ts";
export type { Clock, JudgedStatement, KeyHistory } from "./key-history.ts";
export { type RevokeOptions, type RotateOptions, revokeKey, rotateKey } from "./key-statements.ts";
export { type CheckedLog, carryProof, type LoggedTime, openTrustedLog } from "./log-proofs.ts";
export { passportName, releasedRecipe } from "./names.ts";
export { type Policy, readPolicy } from "./policy-file.ts";
export { type RecomputeOptions, recomputeRelease } from "./recompute.ts";
export { type Release, type ReleaseOptions, releaseRun } from "./release-run.ts";
export { type SigningOptions, serveSigning } from "./serve-signing.ts";
export { signPassport } from "./sign-passport.ts";
export { trustedSigner } from "./signers.ts";
export { isStudyFolder } from "./study-release.ts";
export { type Verified, type VerifyOptions, verifyRelease } from "./verify-release.ts";
