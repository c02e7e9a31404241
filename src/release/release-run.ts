// concord release: the gate between a run and the world. Builds the passport, checks the policy, collects signatures, and only
// then makes the release folder, whole or not at all.
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { digestOf, writeJson } from "../artifacts/index.ts";
import { ConcordError, canonicalBytes } from "../base/index.ts";
import { ioError, lockFolder, makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import {
  failing,
  type GateResult,
  limitText,
  type Override,
  type Passport,
  parsePassport,
  passportType,
} from "../passport/index.ts";
import { type Decision, studyPage } from "../report/index.ts";
import {
  addSignature,
  appendToLog,
  type Envelope,
  envelopeText,
  openReleaseLog,
  parseEnvelope,
  portableFiles,
  readSigningKey,
  type SigningKey,
  signModel,
} from "../store/index.ts";
import { payloadDigest } from "./attestations.ts";
import { buildPassport, releasedFolders } from "./build-passport.ts";
import { policyOfLog } from "./key-statements.ts";
import { checkLogged } from "./logged-release.ts";
import { passportName, proofName, reportName } from "./names.ts";
import { writeBundles } from "./passport-bundles.ts";
import { type Policy, readPolicy, type TrustedSigner } from "./policy-file.ts";
import { checkStatement } from "./private-release.ts";
import { writeProvenance } from "./provenance.ts";
import { releaseReport } from "./release-report.ts";
import { renderingDigests, renderings } from "./renderings.ts";
import { rolesOf, trustedSigner } from "./signers.ts";
import { buildStudyPassport, checkMembersSigned, isStudyFolder } from "./study-release.ts";
import { releaseStamps, stampSignatures } from "./timestamps.ts";

export interface ReleaseOptions {
  readonly policy: string;
  /** Private key files that sign now, the releasing one first. */
  readonly keys: readonly string[];
  readonly passphrase?: string;
  /** Names of values whose failing gate is overridden, and why. */
  readonly override?: { readonly values: readonly string[]; readonly reason: string };
  /** Default `<run>/release`. */
  readonly out?: string;
  /** Folder of the append-only log. Default `<folder of the run>/releases`. */
  readonly log?: string;
  /** Address of an authority (RFC 3161) that stamps the signatures; the policy names whose stamps count. Default nobody is asked. */
  readonly timestamp?: string;
  /** Default this moment. */
  readonly now?: Date;
  /** Is given what is about to be signed: gates and overrides. What it throws stops the release; nothing is signed then. */
  readonly show?: (passport: Passport) => void;
}

/** What a release led to. */
export interface Release {
  readonly folder: string;
  readonly passport: Passport;
  readonly gates: readonly GateResult[];
  readonly signers: readonly { readonly role: string; readonly name: string }[];
  /** Folder of the log, and the entry's number in it. */
  readonly log: { readonly folder: string; readonly index: number };
}

/**
 * Releases a finished run.
 * @throws E_GATE listing the gates that fail; E_SIGNATURE for a key that the policy does not know, and for roles that have not
 * signed (what was signed is kept in `<run>/passport.json`, for `concord sign`); E_IO, E_CONFIG
 * @example
 * const released = await attempt(releaseRun("runs/disease", { policy: "policy.yaml", keys: ["keys/builder.key"] }));
 * if (!released.ok) console.error(released.error.facts.problem); // 1 of 8 gates fail: …
 * else console.log(released.value.folder, released.value.gates);
 */
export async function releaseRun(run: string, options: ReleaseOptions): Promise<Release> {
  const { now = new Date(), passphrase } = options;
  const folder = resolve(options.out ?? join(run, "release"));
  if (existsSync(folder))
    throw new ConcordError("E_IO", {
      operation: "release",
      problem: "a release is there already",
      hint: "name another folder with --out; a release is never replaced",
      path: folder,
    });
  const log = resolve(options.log ?? join(dirname(resolve(run)), "releases"));
  const policy = await policyOfLog(await readPolicy(options.policy), log, now);
  const keys = await Promise.all(options.keys.map((path) => readSigningKey(path, passphrase)));
  const signers = keys.map((key, i) => trustedSigner(policy, key.keyId, now, options.keys[i]!));
  const lock = await lockFolder(run);
  try {
    const before = await keptEnvelope(run);
    const earlier = before ? signedOverrides(before, policy, now, join(run, passportName)) : [];
    const decide = (gates: readonly GateResult[]) => overridesOf(gates, earlier, policy, { ...options, now }, signers);
    const build = isStudyFolder(run) ? buildStudyPassport : buildPassport;
    const passport = await build(run, policy, decide, now);
    checkPolicy(policy, passport);
    if (!passport.together) checkStatement(passport, join(run, passportName));
    checkLogged(passport, (await openReleaseLog(log)).entries, policy, join(run, passportName));
    options.show?.(passport);
    const envelope = await signed(run, passport, keys);
    if (options.timestamp !== undefined)
      await stampSignatures(envelope, { url: options.timestamp, policy, path: join(run, passportName), now });
    const all = rolesOf(envelope, policy, now);
    requireRoles(policy, all, join(run, passportName));
    checkMembersSigned(passport, all, join(run, passportName));
    const [first] = keys;
    if (!first)
      throw new ConcordError("E_ARGUMENT", {
        operation: "release",
        problem: "nobody releases",
        expected: "a key that signs the weights and the log",
        path: "--key",
      });
    const kept = parsePassport(envelope.payload, join(run, passportName));
    const decision = { signedBy: envelope.signatures.map((s) => s.keyid), at: now.toISOString() };
    await publish(run, folder, { envelope, passport: kept, decision }, first);
    await releaseStamps(run, `${folder}.partial`, envelope, { policy, now });
    await writeBundles(`${folder}.partial`, envelope);
    await writeProvenance(`${folder}.partial`, kept, first.modelKey);
    const report = kept.together ? studyPage(kept, all) : await releaseReport(run, kept, all);
    await writeFileAtomically(join(`${folder}.partial`, reportName), [new TextEncoder().encode(report)]);
    const facts = {
      passport: payloadDigest(envelope),
      name: kept.name,
      by: first.keyId,
    };
    for (const { value, reason, keyid } of kept.policy.overrides)
      await appendToLog(log, { kind: "override", ...facts, value, reason, by: keyid }, first.key, now);
    const proof = await appendToLog(
      log,
      {
        kind: "release",
        ...facts,
        model: kept.digests.model,
        report: digestOf(report),
        renderings: renderingDigests(kept, decision),
      },
      first.key,
      now,
    );
    await writeJson(join(`${folder}.partial`, proofName), proof);
    await rename(`${folder}.partial`, folder).catch((cause: unknown) => {
      throw ioError(cause, "release", folder);
    });
    const { gates } = kept.policy;
    return { folder, passport: kept, gates, signers: all, log: { folder: log, index: proof.index } };
  } finally {
    await lock.release();
  }
}

/**
 * Overrides of failing gates: those that were decided before under the same policy, and those that are asked for now.
 * @throws E_GATE when none of the keys may override; E_ARGUMENT without a reason or without such a gate
 */
function overridesOf(
  gates: readonly GateResult[],
  earlier: readonly Override[],
  policy: Policy,
  { override, now }: Pick<ReleaseOptions, "override"> & { readonly now: Date },
  signers: readonly TrustedSigner[],
): Override[] {
  const failed = gates.filter((gate) => !gate.passed).map((gate) => gate.value);
  const kept = earlier.filter((o) => failed.includes(o.value));
  if (!override) return kept;
  const { reason, values } = override;
  const wrong = (problem: string, path: string, expected?: string, got?: string) =>
    new ConcordError("E_ARGUMENT", { operation: "release", problem, expected, got, path });
  const idle = values.find((value) => !failed.includes(value));
  if (idle !== undefined)
    throw wrong(
      `there is no failing gate to override: ${idle}`,
      "--override",
      failed.join(", ") || "nothing: every gate passes",
      idle,
    );
  if (reason.trim() === "") throw wrong("an override needs a reason", "--reason", "a text that is signed and logged");
  const who = signers.find((s) => policy.override.includes(s.role));
  if (!who)
    throw new ConcordError("E_GATE", {
      operation: "release",
      problem: "none of the keys may override a gate",
      expected: policy.override.length
        ? `a key of ${policy.override.join(" or ")}`
        : "a policy with roles under override",
      got: signers.map((s) => s.role).join(", ") || "no key",
      path: "--override",
    });
  const decided = values.map((value): Override => {
    const before = kept.find((o) => o.value === value && o.reason === reason && o.keyid === who.keyId);
    return before ?? { value, reason, keyid: who.keyId, at: now.toISOString() }; // the same decision again keeps the signatures of others
  });
  return [
    ...kept.filter((o) => decided.includes(o) || !values.includes(o.value)),
    ...decided.filter((o) => !kept.includes(o)),
  ];
}

/**
 * Overrides in an earlier passport of the same policy that are signed by whom they name, with a role that may override. Others do not count:
 * anybody can write the file.
 * @throws E_SIGNATURE for a wrong, unknown or expired signature
 */
function signedOverrides({ envelope, passport }: Kept, policy: Policy, now: Date, path: string): Override[] {
  if (passport.policy.digest !== policy.digest || !passport.policy.overrides.length) return [];
  const may = rolesOf(envelope, policy, now, path).filter((s) => policy.override.includes(s.role));
  return passport.policy.overrides.filter((o) => may.some((s) => s.keyId === o.keyid));
}

/** @throws E_SIGNATURE naming the roles that have not signed */
function requireRoles(policy: Policy, all: readonly TrustedSigner[], path: string): void {
  const missing = policy.require.filter((role) => !all.some((s) => s.role === role));
  if (missing.length)
    throw new ConcordError("E_SIGNATURE", {
      operation: "release",
      problem: `not signed by every role that the policy requires: ${missing.join(", ")}`,
      expected: policy.require.join(", "),
      got: all.map((s) => `${s.role} (${s.name})`).join(", ") || "no signature",
      hint: `concord sign ${path} --key <theirs>, then concord release again`,
      path,
    });
}

/** @throws E_GATE listing what fails */
function checkPolicy(policy: Policy, { policy: { gates, overrides } }: Passport): void {
  const failed = failing(gates, overrides);
  if (failed.length === 0) return;
  const reasons = failed.map((gate) => {
    const why = policy.gates.find((g) => g.value === gate.value)?.why;
    return `${gate.value} is ${Number(gate.measured.toPrecision(4))}, wanted ${limitText(gate)}${why ? ` (${why})` : ""}`;
  });
  throw new ConcordError("E_GATE", {
    operation: "release",
    problem: `${failed.length} of ${gates.length} gates fail: ${reasons.join("; ")}`,
    expected: `what ${policy.path} asks for`,
    details: { gates: failed },
    hint: "improve the model and run again; or --override <value> --reason <text> with a key of a role that may",
    path: policy.path,
  });
}

interface Kept {
  readonly envelope: Envelope;
  readonly passport: Passport;
}

/** The passport that earlier signers left in the run folder. */
async function keptEnvelope(run: string): Promise<Kept | undefined> {
  const path = join(run, passportName);
  if (!existsSync(path)) return undefined;
  const envelope = parseEnvelope(await readFile(path), passportType, path);
  return { envelope, passport: parsePassport(envelope.payload, path) };
}

/** The passport with the signatures that it has and those of the keys; kept in the run folder. */
async function signed(run: string, passport: Passport, keys: readonly SigningKey[]): Promise<Envelope> {
  const before = await keptEnvelope(run);
  const payload = (of: Passport, made: string) => canonicalBytes({ ...of, made });
  const same = before && Buffer.compare(payload(before.passport, ""), payload(passport, "")) === 0;
  let envelope: Envelope = same
    ? before.envelope
    : { payloadType: passportType, payload: canonicalBytes(passport), signatures: [] };
  for (const { keyId, key } of keys)
    if (!envelope.signatures.some((s) => s.keyid === keyId)) envelope = addSignature(envelope, keyId, key);
  await writeFileAtomically(join(run, passportName), [new TextEncoder().encode(envelopeText(envelope))]);
  return envelope;
}

/** Writes everything but the log's proof into `<folder>.partial`. */
async function publish(
  run: string,
  folder: string,
  { envelope, passport, decision }: Kept & { readonly decision: Decision },
  key: SigningKey,
): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await makeFolder(partial);
  try {
    const files = Object.keys(passport.digests.files);
    for (const name of releasedFolders)
      if (files.some((file) => file.startsWith(`${name}/`)))
        await cp(join(run, name), join(partial, name), { recursive: true });
    for (const name of Object.keys(passport.digests.evidence)) {
      await mkdir(dirname(join(partial, "evidence", name)), { recursive: true });
      await cp(join(run, name), join(partial, "evidence", name));
    }
    for (const [name, text] of Object.entries(renderings(passport, decision)))
      await writeFileAtomically(join(partial, name), [new TextEncoder().encode(text)]);
    await writeFileAtomically(join(partial, passportName), [new TextEncoder().encode(envelopeText(envelope))]);
    await portableFiles(partial);
    const signature = await signModel(join(partial, "model"), key.modelKey);
    await writeFileAtomically(join(partial, "model.sig"), [new TextEncoder().encode(signature)]);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw cause;
  }
}
