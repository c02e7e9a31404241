// concord verify: whether a release is what its signers signed, under the verifier's own policy. Names the first thing that differs.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { artifacts, compressionFile, digestOf, readJson } from "../artifacts/index.ts";
import { ConcordError, canonicalJson } from "../base/index.ts";
import { fileDigest, ioError } from "../formats/node/index.ts";
import {
  checkGates,
  failing,
  type GateResult,
  leftGates,
  type Passport,
  parsePassport,
  passportType,
} from "../passport/index.ts";
import {
  type Envelope,
  folderDigests,
  type InclusionProof,
  parseEnvelope,
  portableFiles,
  verifyModel,
} from "../store/index.ts";
import { type ApprovedOverride, approvedOverrides } from "./approved-overrides.ts";
import { attestationsName, checkAttestations, payloadDigest, type RecomputeFacts } from "./attestations.ts";
import { compressionFacts } from "./build-passport.ts";
import type { KeyHistory } from "./key-history.ts";
import { checkFresh, checkProof, type LoggedTime, loggedTime, momentOf, openTrustedLog } from "./log-proofs.ts";
import { checkLogged, type LedgerBasis } from "./logged-release.ts";
import {
  bundlesName,
  passportName,
  proofName,
  provenanceName,
  releasedRecipe,
  reportName,
  timestampsName,
} from "./names.ts";
import { checkBundles } from "./passport-bundles.ts";
import { type Policy, readPolicy, type TrustedSigner } from "./policy-file.ts";
import { checkStatement } from "./private-release.ts";
import { checkProvenance } from "./provenance.ts";
import { expectedRenderings } from "./renderings.ts";
import { scoresIn } from "./run-values.ts";
import { rolesOf, signersIn } from "./signers.ts";
import { checkMembersSigned, checkStudy } from "./study-release.ts";
import { checkStamps } from "./timestamps.ts";

export interface VerifyOptions {
  readonly policy: string;
  /** Folder of the log that the release should be in. Default the policy's; without either only the release's own proof is checked. */
  readonly log?: string;
  /** Default this moment. */
  readonly now?: Date;
}

/** A release that was found as it was signed. */
export interface Verified {
  readonly passport: Passport;
  readonly envelope: Envelope;
  readonly policy: Policy;
  readonly signers: readonly TrustedSigner[];
  readonly gates: readonly GateResult[];
  /** Gates that fail and were approved as exceptions; a release without any has passed all its gates. */
  readonly overrides: readonly ApprovedOverride[];
  /** Files that were compared. */
  readonly files: number;
  /**
   * Readable pages that are missing or differ from what this version makes of the passport, in a release of another version that did not log their digests:
   * nobody can tell whether they were changed.
   */
  readonly unchecked: readonly string[];
  readonly proof: InclusionProof;
  /** When the release was in the log, and whose clock says so. */
  readonly time: LoggedTime;
  /** What the privacy ledger of a private run rests on: the builder's word, or charges in the log. Undefined where there is none. */
  readonly ledger?: LedgerBasis;
  /** Whether there are time stamps of which nobody can tell: the policy names no authority. */
  readonly stampsUnchecked: boolean;
  /** What the log states of the policy's keys. Absent without a log: rotations are not followed and revocations not seen then. */
  readonly keys?: KeyHistory;
  /** Who recomputed its numbers, and what came out. */
  readonly attestations: readonly (RecomputeFacts & { readonly signer: TrustedSigner })[];
}

/**
 * Checks a release folder: form, signatures, required roles, gates, every file, the log.
 * @throws E_FORMAT, E_SIGNATURE, E_GATE, E_CHECKSUM: the first thing that is not as it should be, with its place
 * @example const { passport, signers } = await verifyRelease("runs/disease/release", { policy: "policy.yaml" });
 */
export async function verifyRelease(
  folder: string,
  { policy: path, log: folderOfLog, now = new Date() }: VerifyOptions,
): Promise<Verified> {
  const trusted = await readPolicy(path);
  const named = folderOfLog ?? trusted.log?.folder;
  const log = named === undefined ? undefined : await openTrustedLog(named, trusted);
  if (log) checkFresh(log, now);
  const policy = log?.policy ?? trusted;
  await portableFiles(folder); // before any of them is opened: a pipe would keep who opens it waiting
  const place = join(folder, passportName);
  const bytes = await readFile(place).catch((cause: unknown) => {
    throw ioError(cause, "verify", place);
  });
  const envelope = parseEnvelope(bytes, passportType, place);
  const passport = parsePassport(envelope.payload, place);
  signersIn(envelope, policy, place); // whose signatures, before when
  const proof = await checkedRelease(folder, envelope, policy);
  const signedBy = envelope.signatures.map((s) => s.keyid);
  const { stamps, unchecked: stampsUnchecked } = await checkStamps(folder, envelope, policy, now);
  const time = loggedTime(proof, policy, { log, now, signedBy, stamps }, join(folder, proofName));
  const signers = rolesOf(envelope, policy, momentOf(time), place); // a key has to hold when it was logged
  checkRoles(policy, signers, place);
  checkOverrides(passport, policy, signers, place);
  checkMembersSigned(passport, signers, place);
  if (!passport.together) checkStatement(passport, place); // members' ledgers stay with them
  const ledger = checkLogged(passport, log?.entries.slice(0, proof.index), policy, place);
  const gates = checkedGates(passport, policy, place);
  await checkBundles(folder, envelope);
  await checkProvenance(folder, passport, signers);
  const { files, unchecked } = await checkFiles(folder, passport, proof, signedBy);
  await checkSignatureOfWeights(folder, signers);
  await checkReport(folder, proof);
  await checkEvidence(folder, passport);
  await checkCompression(folder, passport);
  await checkStudy(folder, passport);
  const attestations = await checkAttestations(folder, envelope, policy, { released: proof, log, now });
  const overrides = approvedOverrides(passport, signers);
  return {
    passport,
    envelope,
    policy,
    signers,
    gates,
    overrides,
    files,
    unchecked,
    proof,
    time,
    ledger,
    stampsUnchecked,
    keys: log?.keys,
    attestations,
  };
}

const fault = (code: "E_CHECKSUM" | "E_SIGNATURE", problem: string, path: string, expected?: string, got?: string) =>
  new ConcordError(code, { operation: "verify", problem, expected, got, path });

function checkRoles(policy: Policy, signers: readonly TrustedSigner[], path: string): void {
  const missing = policy.require.filter((role) => !signers.some((s) => s.role === role));
  if (missing.length)
    throw fault(
      "E_SIGNATURE",
      `not signed by every role that the policy requires: ${missing.join(", ")}`,
      path,
      policy.require.join(", "),
      signers.map((s) => `${s.role} (${s.name})`).join(", ") || "no signature",
    );
}

function checkOverrides(
  { policy: { overrides } }: Passport,
  policy: Policy,
  signers: readonly TrustedSigner[],
  path: string,
): void {
  for (const { value, keyid } of overrides) {
    const who = signers.find((s) => s.keyId === keyid);
    if (!who || !policy.override.includes(who.role))
      throw fault(
        "E_SIGNATURE",
        `the gate on ${value} was overridden by a key that may not`,
        path,
        policy.override.join(", "),
        who?.role ?? `key ${keyid.slice(0, 16)}…`,
      );
  }
}

/** The verifier's own gates on the passport's values. @throws E_GATE */
function checkedGates(
  { values, together, policy: { gates, digest, overrides } }: Passport,
  policy: Policy,
  path: string,
): GateResult[] {
  const found = [...checkGates(policy.gates, values, policy.path), ...leftGates(together)];
  if (digest === policy.digest && canonicalJson(found) !== canonicalJson(gates))
    throw fault("E_CHECKSUM", "the passport's gate results are not what its values give", path);
  const [first] = failing(found, overrides);
  if (first)
    throw new ConcordError("E_GATE", {
      operation: "verify",
      problem: `the gate on ${first.value} fails`,
      expected: `what ${policy.path} asks for`,
      got: String(first.measured),
      path,
    });
  return found;
}

/** Compares every file of the folder with the record. @returns how many, and pages that nobody can tell */
async function checkFiles(folder: string, passport: Passport, { entry }: InclusionProof, signedBy: readonly string[]) {
  const { files, evidence } = passport.digests;
  const rendered = await expectedRenderings(passport, { signedBy, at: String(entry.at) }, entry.renderings);
  const recorded = new Map([
    ...Object.entries(rendered.digests),
    ...Object.entries(files),
    ...Object.entries(evidence).map(([name, digest]) => [`evidence/${name}`, digest] as const),
    [releasedRecipe, digestOf(passport.recipe)],
  ]);
  const unsigned = [
    passportName,
    proofName,
    provenanceName,
    timestampsName,
    bundlesName,
    reportName,
    "model.sig",
    attestationsName,
  ];
  const there = await folderDigests(folder, unsigned);
  const unchecked: string[] = [];
  for (const [name, digest] of recorded) {
    const file = there.find((f) => f.name === name);
    if (file?.digest === digest) continue;
    if (!rendered.strict && rendered.digests[name] === digest && name !== releasedRecipe) unchecked.push(name);
    else if (!file) throw fault("E_CHECKSUM", `${name} is missing`, join(folder, name));
    else throw fault("E_CHECKSUM", `${name} has changed`, join(folder, name), `SHA-256 ${digest}`, file.digest);
  }
  const added = there.find((f) => !recorded.has(f.name));
  if (added) throw fault("E_CHECKSUM", `${added.name} is not in the record`, join(folder, added.name));
  return { files: recorded.size - unchecked.length, unchecked };
}

/** The report is the one whose digest the log has. */
async function checkReport(folder: string, { entry }: InclusionProof): Promise<void> {
  const path = join(folder, reportName);
  const got = await fileDigest(path);
  if (got !== entry.report)
    throw fault("E_CHECKSUM", `${reportName} has changed`, path, `SHA-256 ${entry.report}`, got);
}

async function checkSignatureOfWeights(folder: string, signers: readonly TrustedSigner[]): Promise<void> {
  const path = join(folder, "model.sig");
  const signature = await readFile(path).catch((cause: unknown) => {
    throw ioError(cause, "verify", path);
  });
  let last: unknown;
  for (const { modelKey } of signers) {
    try {
      return await verifyModel(join(folder, artifacts.model.path), signature, modelKey, path);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** The passport's scores are those of metrics.json, its audit values those of the audits. */
async function checkEvidence(folder: string, { digests, values }: Passport): Promise<void> {
  for (const name of Object.keys(digests.evidence)) {
    if (name.endsWith(".jsonl")) continue; // a transcript: checkStudy reads it
    const path = join(folder, "evidence", name);
    const content = await readJson<Record<string, unknown>>(path);
    const found = name === artifacts.metrics.path ? scoresIn(content) : (content.values as Passport["values"]);
    for (const [key, value] of Object.entries(found ?? {}))
      if (values[key] && canonicalJson(values[key]) !== canonicalJson(value))
        throw fault(
          "E_CHECKSUM",
          `the passport's ${key} is not what its evidence says`,
          path,
          JSON.stringify(value),
          JSON.stringify(values[key]),
        );
  }
}

/** What the passport says was done to the compressed model is what its folder says. */
async function checkCompression(folder: string, { compression }: Passport): Promise<void> {
  if (!compression) return;
  const path = join(folder, artifacts.compressed.path);
  const found = await compressionFacts(path);
  if (canonicalJson(found) === canonicalJson(compression)) return;
  const file = join(path, compressionFile);
  throw fault("E_CHECKSUM", "the passport's compression is not what the compressed model says", file);
}

/** That the release's entry is in a log whose head a trusted signer signed. */
async function checkedRelease(folder: string, envelope: Envelope, policy: Policy): Promise<InclusionProof> {
  const path = join(folder, proofName);
  const subject = ["passport", payloadDigest(envelope)] as const;
  return checkProof(await readJson<InclusionProof>(path), subject, policy, path);
}
