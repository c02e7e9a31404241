// concord release, sign, verify, log: a run becomes something that others can check.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { artifacts } from "../../artifacts/index.ts";
import { ConcordError, visible } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import type { Passport } from "../../passport/index.ts";
import {
  carryProof,
  openTrustedLog,
  type Policy,
  readPolicy,
  recomputeRelease,
  releaseRun,
  serveSigning,
  signPassport,
  trustedSigner,
  verifyRelease,
} from "../../release/index.ts";
import { continues, type LogHead, readSigningKey, type SigningHandle, witnessLog } from "../../store/index.ts";
import { argumentError, type CommandContext, needed, writeResult } from "../context.ts";
import { gateCount, gateLines, signingLines, verdictLines } from "../gate-lines.ts";
import { untilInterrupted } from "../interrupted.ts";
import { clockLines, keyLines, spoken } from "../key-lines.ts";
import { showRun } from "../show-run.ts";

export interface ReleaseCommandOptions {
  readonly policy?: string;
  readonly key?: readonly string[];
  readonly out?: string;
  readonly log?: string;
  readonly override?: readonly string[];
  readonly reason?: string;
  readonly timestamp?: string;
}

export async function release(run: string, options: ReleaseCommandOptions, context: CommandContext): Promise<void> {
  const { language, env } = context;
  const { override, reason, key = [], out, log } = options;
  if (override && reason === undefined) needed(reason, "--reason", "--reason with the text that is signed and logged");
  if (!override && reason !== undefined)
    throw argumentError("--reason", { problem: "a reason without an override", expected: "--override <value>" });
  const policy = needed(options.policy, "--policy", "--policy policy.yaml");
  const done = await releaseRun(run, {
    policy,
    keys: key,
    passphrase: env.CONCORD_PASSPHRASE,
    override: override && { values: override, reason: reason! },
    out,
    log,
    timestamp: options.timestamp,
    now: new Date(),
    show: beforeSigning(context),
  });
  const leavesOutCompressed =
    done.passport.compression === undefined && existsSync(join(run, artifacts.compressed.path));
  const signers = done.signers.map(({ role, name }) => ({ role, name }));
  writeResult(context, { folder: done.folder, gates: done.gates, signers, log: done.log }, () =>
    [
      ...gateLines(done.gates, done.passport.values, language),
      ...signers.map((s) => say(language, "release.signed", s)),
      ...(leavesOutCompressed ? [say(language, "release.compressedLeftOut", { run })] : []),
      say(language, "release.logged", done.log),
      say(language, "release.done", { folder: done.folder }),
    ]
      .map(visible)
      .join("\n"),
  );
}

/** Shows a signer what is about to be signed. Nothing in JSON, whose readers have the passport's file. */
const beforeSigning =
  ({ json, stderr, language }: CommandContext) =>
  (passport: Passport): void => {
    if (!json) stderr.write(`${signingLines(passport, language).map(visible).join("\n")}\n`);
  };

export interface SignCommandOptions {
  readonly key?: readonly string[];
  readonly page?: boolean;
  readonly previous?: string;
  readonly timestamp?: string;
  readonly policy?: string;
}

export async function sign(path: string, options: SignCommandOptions, context: CommandContext): Promise<void> {
  const keys = needed(options.key, "--key", "--key with a private key file");
  const { timestamp: url, policy } = options;
  if ((url === undefined) !== (policy === undefined) || (url !== undefined && options.page))
    throw argumentError(url === undefined ? "--policy" : "--timestamp", {
      problem: "a time stamp needs the policy that says whose stamps count",
      expected: "--timestamp <url> --policy <file>, without --page",
    });
  if (options.page) return await signOnPage(path, keys, options.previous, context);
  if (options.previous !== undefined)
    throw argumentError("--previous", { problem: "only a page compares with an earlier release", expected: "--page" });
  const { passport, signatures } = await signPassport(
    path,
    keys,
    context.env.CONCORD_PASSPHRASE,
    undefined,
    beforeSigning(context),
    url === undefined ? undefined : { url, policy: policy! },
  );
  writeResult(context, { path, name: passport.name, signatures: signatures.map((s) => s.keyid) }, () =>
    keys.map((file) => say(context.language, "sign.done", { name: file, path })).join("\n"),
  );
}

/** @throws E_ARGUMENT for several keys; E_INTERRUPTED where the page was left without a signature */
async function signOnPage(
  path: string,
  keys: readonly string[],
  previous: string | undefined,
  context: CommandContext,
): Promise<void> {
  const { language, env, stderr } = context;
  const [keyFile, second] = keys;
  if (keyFile === undefined || second !== undefined)
    throw argumentError("--page", {
      problem: "a page is signed with one key",
      expected: "one --key",
      got: keys.join(" "),
    });
  const signed = await untilInterrupted(context, (signal) =>
    serveSigning({
      path,
      keyFile,
      passphrase: env.CONCORD_PASSPHRASE,
      language,
      previous,
      signal,
      onReady: (url) => stderr.write(`${say(language, "signPage.open", { url })}\n`),
    }),
  );
  if (!signed)
    throw new ConcordError("E_INTERRUPTED", {
      operation: "sign",
      problem: "the page was closed without a signature",
      path,
    });
  writeResult(context, { path, signed }, () => say(language, "sign.done", { name: keyFile, path }));
}

/** One table, or of a study NAME=TABLE for each member whose table is at hand. */
function tablesIn(given: readonly string[], isStudy: boolean): string | Record<string, string> {
  const named = given.map((one) => /^([^=]+)=(.+)$/.exec(one));
  if (isStudy && named.every((one) => one !== null)) return Object.fromEntries(named.map((one) => [one![1], one![2]]));
  if (!isStudy && given.length === 1) return given[0]!;
  throw argumentError("--recompute", {
    problem: isStudy ? "whose table is it?" : "one table is recomputed",
    expected: isStudy ? "NAME=TABLE, for one or more participants" : "--recompute <table>",
    got: given.join(" "),
  });
}

export interface VerifyCommandOptions {
  readonly policy?: string;
  readonly log?: string;
  readonly recompute?: readonly string[];
  readonly key?: readonly string[];
}

export async function verify(folder: string, options: VerifyCommandOptions, context: CommandContext): Promise<void> {
  const { language, env } = context;
  const { log, recompute, key } = options;
  const policy = needed(options.policy, "--policy", "--policy with the file that lists whom you trust");
  if (key && recompute === undefined)
    throw argumentError("--key", { problem: "only who recomputes counter-signs", expected: "--recompute <table>" });
  const now = new Date();
  const found = await verifyRelease(folder, { policy, log, now });
  const { passport, gates, overrides, files, unchecked, proof, time, ledger, keys } = found;
  const facts =
    recompute === undefined
      ? undefined
      : await recomputeRelease(folder, found, {
          data: tablesIn(recompute, passport.together !== undefined),
          key: key?.[0],
          passphrase: env.CONCORD_PASSPHRASE,
          log,
          now,
          language,
          onEvent: context.json ? undefined : showRun({ ...context, quiet: true, stdout: { write: () => {} } }).show,
        });
  const again = facts ? (await verifyRelease(folder, { policy, log, now })).attestations : found.attestations;
  const attestations = again.map(({ signer, ...rest }) => ({ ...rest, by: { role: signer.role, name: signer.name } }));
  const signers = found.signers.map(({ role, name, keyId }) => ({ role, name, keyId }));
  const result = {
    name: passport.name,
    made: passport.made,
    signers,
    gates,
    overrides,
    files,
    unchecked,
    entry: proof.index,
    time: { at: time.at, ...spoken(time) },
    timestamps: Object.fromEntries(time.stamps),
    clocks: time.clocks.map((one) => ({ at: one.at, ...spoken(one) })),
    ledger,
    keys: keys?.statements,
    recomputed: facts,
    attestations,
  };
  writeResult(context, result, () =>
    [
      ...verdictLines(passport, overrides, language),
      ...signers.map((s) => say(language, "release.signed", s)),
      say(language, "verify.files", { count: files }),
      ...(unchecked.length ? [say(language, "verify.unchecked", { files: unchecked.join(", ") })] : []),
      gateCount(gates, language),
      ...gateLines(gates, passport.values, language),
      say(language, "verify.logged", { index: proof.index, at: String(proof.entry.at) }),
      ...(ledger ? [say(language, `verify.ledger.${ledger}`)] : []),
      ...clockLines(found, language),
      ...keyLines(keys?.statements, language),
      ...(facts ? [say(language, "verify.recomputed", { ...facts, same: facts.compared, all: facts.compared })] : []),
      ...attestations.map(({ by }) => say(language, "verify.countersigned", by)),
    ]
      .map(visible)
      .join("\n"),
  );
}

export interface LogCommandOptions {
  readonly policy?: string;
  readonly witness?: boolean;
  readonly key?: string;
  readonly prove?: number;
  readonly from?: string;
  readonly carry?: string;
}

export async function log(folder: string, options: LogCommandOptions, context: CommandContext): Promise<void> {
  const { prove, from, witness, key } = options;
  const { language, env } = context;
  if ((key !== undefined) !== (witness === true))
    throw argumentError(witness ? "--key" : "--witness", {
      problem: "a witness counter-signs with its key",
      expected: "--witness --key <file>",
    });
  const file = needed(options.policy, "--policy", "--policy with the file that lists whose signatures count");
  const policy = await readPolicy(file);
  const found = await openTrustedLog(folder, policy);
  const head = found.heads.at(-1)!;
  if (prove !== undefined) {
    if (!Number.isInteger(prove) || prove < 0 || prove >= found.entries.length)
      throw argumentError("--prove", {
        problem: "there is no such entry",
        expected: `0 … ${found.entries.length - 1}`,
        got: String(prove),
      });
    const proof = found.prove(prove);
    return writeResult(context, proof, () => JSON.stringify(proof, null, 2));
  }
  if (options.carry !== undefined) {
    const carried = await carryProof(options.carry, folder, policy);
    const facts = { folder: options.carry, count: carried.later?.length ?? 0 };
    return writeResult(context, carried, () => visible(say(language, "log.carried", facts)));
  }
  const older = from === undefined ? undefined : await readHead(from);
  if (older && !continues(older, head, found.consistency(Math.min(older.size, head.size))))
    throw argumentError("--from", {
      problem: "the log does not continue the one of this head: it was rewritten",
      expected: `root ${older.root} after ${older.size} entries`,
      got: found.heads[older.size - 1]?.root ?? `${head.size} entries`,
    });
  const now = new Date();
  const own =
    key === undefined ? undefined : await witnessLog(folder, await witnessKey(key, found.policy, now, env), now);
  const { role, name } = found.by;
  const seen = found.witnessed.map(({ head, by }) => ({ role: by.role, name: by.name, at: head.at, size: head.size }));
  const facts = {
    ...head,
    by: { role, name },
    consistentWith: older?.size,
    witnesses: seen,
    keys: found.keys.statements,
    witnessed: own,
  };
  writeResult(context, facts, () =>
    [
      say(language, "log.head", { size: head.size, root: head.root.slice(0, 16), at: head.at }),
      say(language, "log.headBy", { role, name }),
      ...(older ? [say(language, "log.consistent", { size: older.size })] : []),
      ...seen.map((one) => say(language, "log.witnessed", one)),
      ...keyLines(found.keys.statements, language),
      ...(own ? [say(language, "log.witness", { size: own.size, at: own.at })] : []),
    ]
      .map(visible)
      .join("\n"),
  );
}

/** The key of a witness. @throws E_SIGNATURE for one that the policy does not know, or that has expired */
async function witnessKey(file: string, policy: Policy, now: Date, env: CommandContext["env"]): Promise<SigningHandle> {
  const { key, keyId } = await readSigningKey(file, env.CONCORD_PASSPHRASE);
  trustedSigner(policy, keyId, now, file);
  return key;
}

/** A head as `concord log --json` prints it, or the proof that holds one. */
async function readHead(path: string): Promise<LogHead> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read head", path);
  });
  try {
    const value = JSON.parse(text) as Partial<LogHead> & { head?: LogHead };
    const head = value.head ?? (value as LogHead);
    if (Number.isInteger(head.size) && /^[0-9a-f]{64}$/.test(head.root)) return head;
  } catch {
    // said below
  }
  throw argumentError("--from", {
    problem: "no head of a log",
    expected: "what concord log --json printed, or log-proof.json",
    got: path,
  });
}
