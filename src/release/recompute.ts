// concord verify --recompute: prepares the auditor's own copy of the data as the recipe says, scores and audits the released model
// again, and compares every number with the passport's.

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { artifacts, fingerprint } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { ioError } from "../formats/node/index.ts";
import type { Language } from "../messages/index.ts";
import type { Measured, Passport } from "../passport/index.ts";
import { stages } from "../pipeline/index.ts";
import { type Recipe, readRecipe } from "../recipe/index.ts";
import { baseline, evaluate, execute, prepare, type RunEvent } from "../stages/index.ts";
import { appendToLog, readSigningKey, runStage } from "../store/index.ts";
import { payloadDigest, type RecomputeFacts, writeAttestation } from "./attestations.ts";
import { studyAgain } from "./recompute-study.ts";
import { runValues } from "./run-values.ts";
import { trustedSigner } from "./signers.ts";
import type { Verified } from "./verify-release.ts";

export interface RecomputeOptions {
  /** The auditor's table, what the recipe calls data.file; of a study, members' tables by their names. */
  readonly data: string | Readonly<Record<string, string>>;
  /** Private key that counter-signs. Default nothing is signed. */
  readonly key?: string;
  readonly passphrase?: string;
  /** Log that the counter-signature is put into, which gives it its time. Default none: it counts while its key holds. */
  readonly log?: string;
  /** Largest difference of a value that is agreement: other processors round otherwise. Default 0.002. */
  readonly tolerance?: number;
  /** Default this moment. */
  readonly now?: Date;
  readonly language?: Language;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/**
 * Recomputes a verified release.
 * @example
 * const verified = await verifyRelease("release", { policy: "policy.yaml" });
 * const { compared, largestDifference } = await recomputeRelease("release", verified, { data: "messages.csv" });
 * @throws E_CHECKSUM naming the first value that differs by more than the tolerance; E_DATA when the rows are not the release's; what stages throw
 */
export async function recomputeRelease(
  folder: string,
  verified: Verified,
  options: RecomputeOptions,
): Promise<RecomputeFacts> {
  const { passport, envelope, policy } = verified;
  const { tolerance = 0.002, now = new Date() } = options;
  const key = options.key === undefined ? undefined : await readSigningKey(options.key, options.passphrase);
  if (key) trustedSigner(policy, key.keyId, now, options.key);
  const run = await mkdtemp(join(tmpdir(), "concord-recompute-"));
  try {
    const { found, rows, sameData } = await again(folder, run, passport, options);
    const { compared, largestDifference } = compare(passport.values, found, tolerance, folder);
    const facts: RecomputeFacts = {
      format: "concord-recompute",
      version: 1,
      passport: payloadDigest(envelope),
      at: now.toISOString(),
      rows,
      sameData,
      ...(typeof options.data !== "string" && { members: Object.keys(options.data).sort() }),
      compared,
      largestDifference,
      tolerance,
      notRecomputed: Object.keys(passport.values).filter((name) => !isComparable(name) || !found[name]),
    };
    if (key) {
      const entry = { kind: "recompute", passport: facts.passport, by: key.keyId, compared, largestDifference };
      const { log } = options;
      const logged = (statement: string) => appendToLog(log!, { ...entry, statement }, key.key, now);
      await writeAttestation(folder, facts, key, log === undefined ? undefined : logged);
    }
    return facts;
  } finally {
    await rm(run, { recursive: true, force: true });
  }
}

/** What the data gives now. @throws E_ARGUMENT for one table of a study, or a member's table of a model of one owner */
async function again(folder: string, run: string, passport: Passport, options: RecomputeOptions) {
  const { data, onEvent } = options;
  if (passport.together) {
    const onWarning = (text: string) => onEvent?.({ kind: "warning", stage: "recompute", text });
    const tables = typeof data === "string" ? { "": data } : data;
    return { ...(await studyAgain(folder, passport, tables, onWarning)), sameData: [] };
  }
  if (typeof data !== "string")
    throw new ConcordError("E_ARGUMENT", {
      operation: "recompute",
      problem: "participants' tables, for a model that is of no study",
      expected: "one table",
      path: "--recompute",
    });
  const { records, sameData } = await repeat(folder, run, passport, data, options);
  const { test = 0 } = (await artifacts.facts.prepare.read(run)).parts;
  return { found: await runValues(run, records), rows: test, sameData };
}

/** The stages that need no training, on the released model. */
async function repeat(folder: string, run: string, passport: Passport, data: string, options: RecomputeOptions) {
  const file = resolve(data);
  const recipe = readRecipe(passport.recipe, join(folder, "recipe.yaml"), [`data.file=${JSON.stringify(file)}`]);
  const copied = cp(join(folder, artifacts.model.path), join(run, artifacts.model.path), { recursive: true });
  await copied.catch((cause: unknown) => {
    throw ioError(cause, "recompute", folder);
  });
  const { language, signal, onEvent: emit } = options;
  const given = { home: resolve(folder), run, language, signal, emit };
  if (passport.selection) await noteSelection(run, passport);
  const prepared = (recipe: Recipe) => execute(stages, { ...given, recipe, only: [prepare.name] });
  await prepared(recipe);
  const isEarlier = recipe.data.duplicates === undefined && !(await hasTestPart(run, passport));
  const used = isEarlier ? { ...recipe, data: { ...recipe.data, duplicates: "drop" as const } } : recipe;
  if (isEarlier) await prepared(used); // releases before data.duplicates left repeats out
  const execution = { ...given, recipe: used };
  const sameData = await compareData(run, passport, file); // before anything is computed from other rows
  const only = [prepare, baseline, evaluate, ...stages.filter((stage) => stage.evidence)].map(({ name }) => name);
  return { records: await execute(stages, { ...execution, only }), sameData };
}

/** What the stage adapt knew of the epoch, for audits that train models as long. */
async function noteSelection(run: string, { selection, model, digests }: Passport): Promise<void> {
  const summary = { parameters: model.parameters, seconds: 0, selection };
  await runStage(run, "adapt", { model: digests.model }, async () => ({ outputs: [], summary }));
}

/** Whether the test part is the release's own, bit for bit. */
const hasTestPart = async (run: string, { digests }: Passport): Promise<boolean> =>
  (await fingerprint(join(run, artifacts.rows.test.path))) === digests.data[artifacts.rows.test.path];

/** Parts of the data that are the release's own, bit for bit. @throws E_DATA when the test part is not */
async function compareData(run: string, { digests }: Passport, table: string): Promise<string[]> {
  const same: string[] = [];
  const testRows = artifacts.rows.test.path;
  for (const [name, digest] of Object.entries(digests.data))
    if ((await fingerprint(join(run, name))) === digest) same.push(name);
  if (same.includes(testRows)) return same;
  throw new ConcordError("E_DATA", {
    operation: "recompute",
    problem: "the test part made from this table is not the one that the passport is about",
    expected: `${testRows} with SHA-256 ${digests.data[testRows]}`,
    got: await fingerprint(join(run, testRows)),
    hint: "use the table that the run was made from; to score other rows use concord evaluate --data",
    path: table,
  });
}

/** Sizes of the release's files are compared by their digests; speed and memory belong to the machine that trained. */
const isComparable = (name: string): boolean => !/^((compression\.)?(size|latency)|speed|memory)\./.test(name);

function compare(
  signed: Passport["values"],
  found: Readonly<Record<string, Measured>>,
  tolerance: number,
  path: string,
) {
  let [compared, largestDifference] = [0, 0];
  for (const [name, want] of Object.entries(signed)) {
    const got = found[name];
    if (!isComparable(name) || !got) continue;
    compared++;
    const difference = Math.abs(got.value - want.value);
    largestDifference = Math.max(largestDifference, difference);
    if (difference > tolerance * Math.max(1, Math.abs(want.value)))
      throw new ConcordError("E_CHECKSUM", {
        operation: "recompute",
        problem: `${name} is not what the passport says`,
        expected: `${want.value} within ${tolerance}`,
        got: String(got.value),
        path,
      });
  }
  return { compared, largestDifference };
}
