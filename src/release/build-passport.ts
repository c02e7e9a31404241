// Makes the passport of a finished run: reads what its stages left, signs nothing.

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { arch, platform } from "node:process";
import { fileURLToPath } from "node:url";
import {
  artifacts,
  compressionRecord,
  digestOf,
  fingerprints,
  openRunFolder,
  readJson,
  type StageRecords,
} from "../artifacts/index.ts";
import { auditStageName } from "../audit/index.ts";
import { ConcordError } from "../base/index.ts";
import { configOf, type JsonRecord, modelFiles } from "../formats/index.ts";
import type { Language } from "../messages/index.ts";
import { modelOf } from "../models/index.ts";
import { checkGates, type GateResult, type Override, type Passport } from "../passport/index.ts";
import { stages } from "../pipeline/index.ts";
import { decisionsFile } from "../predict/index.ts";
import { hasTestSplit, type Recipe, recipeText } from "../recipe/index.ts";
import { adapterName, engineVersions, execute, inputFactsOf, staleOf, versions } from "../stages/index.ts";
import { type FileDigest, finishedStage, folderDigests, rootDigest } from "../store/index.ts";
import { buildFacts } from "./build-facts.ts";
import type { Policy } from "./policy-file.ts";
import { releasedStatement } from "./private-release.ts";
import { proposePolicy } from "./propose-policy.ts";
import { evidenceFiles, measuredOf, namedValues, runValues } from "./run-values.ts";
import { signersOf } from "./signers.ts";

/** Folders of a run that are released. */
export const releasedFolders = [
  artifacts.model.path,
  artifacts.onnx.path,
  artifacts.adapter.path,
  artifacts.compressed.path,
] as const;
/** Rendered from the passport, so it cannot be under its digest. */
export const cardName = "README.md";

/**
 * The passport that a run deserves under a policy.
 * @param decide which of the gates that failed are passed all the same
 * @throws E_IO when a stage has not run, or not on what is there now; E_CONFIG when a gate names what was not measured
 */
export async function buildPassport(
  run: string,
  policy: Pick<Policy, "digest" | "gates" | "path" | "signers">,
  decide: (gates: readonly GateResult[]) => readonly Override[],
  now: Date,
): Promise<Passport> {
  const { recipe, home } = await openRunFolder(run);
  const records = await freshRecords(run, recipe, home);
  const named = await namedValues(run, records);
  const gates = checkGates(policy.gates, named, policy.path);
  const {
    rows: { train, dev, test },
    report,
  } = artifacts;
  const stated = await releasedStatement(run, recipe);
  const compression = records.compress && (await compressionFacts(join(run, artifacts.compressed.path)));
  const { selection, engine } = records.adapt ? artifacts.facts.adapt.of(records.adapt) : {};
  return await passportOf(run, recipe, {
    made: now,
    data: [train, dev, test, report.data].map(({ path }) => path),
    evidence: evidenceFiles(records),
    rows: (await artifacts.facts.prepare.read(run)).parts,
    ...(selection && { selection }),
    engine,
    ...(compression && { compression }),
    values: measuredOf(named),
    stages: Object.values(records).map(({ stage, key }) => ({ stage, key })),
    privacy:
      stated ??
      (records[auditStageName("privacy")] ? statementIn(await artifacts.audits.privacy.found.read(run)) : null),
    policy: { digest: policy.digest, gates, overrides: decide(gates), signers: signersOf(policy) },
  });
}

/**
 * A commented policy for a finished run, with limits for what it measured.
 * @param signers public files by role, from the policy's folder
 * @param language of its comments. Default English
 * @throws E_IO when a stage has not run, or not on what is there now
 * @example const { text } = await policyForRun("runs/disease", { builder: ["keys/builder.pub.json"] });
 */
export async function policyForRun(
  run: string,
  signers: Readonly<Record<string, readonly string[]>>,
  language: Language = "en",
): Promise<{ readonly text: string; readonly gates: number }> {
  const { recipe, home } = await openRunFolder(run);
  const values = await runValues(run, await freshRecords(run, recipe, home));
  return proposePolicy(values, signers, language);
}

/** What is not the same for a run and a study. */
interface PassportParts
  extends Pick<
    Passport,
    "rows" | "selection" | "compression" | "values" | "stages" | "privacy" | "policy" | "together"
  > {
  readonly made: Date;
  /** What trained the model in the place of this library. */
  readonly engine?: Parameters<typeof engineVersions>[0];
  /** Paths in the folder whose digests are the data, and the evidence. */
  readonly data: readonly string[];
  readonly evidence: readonly string[];
}

/**
 * The passport of a folder with a model: what its recipe and its files say, beside what was measured.
 * @throws E_IO for a file of data or evidence that is not there
 */
export async function passportOf(
  folder: string,
  recipe: Recipe,
  { made, data, evidence, engine, ...rest }: PassportParts,
): Promise<Passport> {
  const text = recipeText(recipe);
  const isReleased = (name: string) => name !== artifacts.compressed.path || rest.compression !== undefined; // none that is out of date
  const released = releasedFolders.filter((name) => isReleased(name) && existsSync(join(folder, name)));
  const files = await Promise.all(
    released.map(async (name) => [name, await folderDigests(join(folder, name), [cardName])] as const),
  );
  const build = await buildFacts();
  return {
    format: "concord-passport",
    version: 1,
    name: recipe.name,
    task: recipe.task,
    made: made.toISOString(),
    about: recipe.about,
    model: await modelFacts(folder, recipe),
    digests: {
      model: rootDigest(Object.fromEntries(files)[artifacts.model.path]!),
      files: named(files),
      recipe: digestOf(text),
      data: await fingerprints(folder, data),
      evidence: await fingerprints(folder, evidence),
      code: await codeDigest(),
    },
    recipe: text,
    versions: { ...versions(), ...engineVersions(engine) },
    machine: `${platform}-${arch}`,
    ...(build && { build }),
    ...rest,
  };
}

/** What was done to a compressed model. @param folder its own @throws E_IO, E_FORMAT */
export async function compressionFacts(folder: string): Promise<NonNullable<Passport["compression"]>> {
  const { steps, size, temperature, temperatureApplied, onnx } = await compressionRecord.read(folder);
  const plain = steps.map(({ step, settings }) => ({ step, settings }));
  return {
    steps: plain,
    size,
    temperatureApplied,
    ...(temperature !== undefined && { temperature }),
    ...(onnx !== undefined && { onnx }),
  };
}

/** What the privacy audit says of guarantees: its ledger's statement, without the attacks' details. */
function statementIn(audit: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
  const { statement } = audit as { statement?: unknown };
  return typeof statement === "object" && statement !== null ? (statement as Record<string, unknown>) : null;
}

/** Every file of the released folders with its digest. */
const named = (folders: readonly (readonly [folder: string, files: readonly FileDigest[]])[]): Record<string, string> =>
  Object.fromEntries(
    folders.flatMap(([folder, files]) => files.map(({ name, digest }) => [`${folder}/${name}`, digest])),
  );

/**
 * Records of all stages that the recipe asks for, each made from the results that are there now.
 * @throws E_IO naming the stage that is missing or stale
 */
async function freshRecords(run: string, recipe: Recipe, home: string): Promise<StageRecords> {
  const records = await execute(stages, { recipe, home, run, only: [] });
  const missing = stages.find((stage) => stage.supports(recipe) && !records[stage.name])?.name;
  if (missing === undefined && hasTestSplit(recipe)) return records;
  if (missing === undefined)
    throw new ConcordError("E_IO", {
      operation: "release",
      problem: "the run was not evaluated: its recipe keeps no rows for a test",
      expected: "a run with a test set",
      hint: "set data.split.test in the recipe, and run it again",
      path: run,
    });
  const record = await finishedStage(run, missing);
  throw new ConcordError("E_IO", {
    operation: "release",
    problem: record
      ? `the stage ${missing} belongs to an earlier result of ${staleOf(record, records)}`
      : `the stage ${missing} has not run`,
    expected: "a run that is finished",
    hint: `concord resume ${run}`,
    path: run,
  });
}

/** What config.json and the recipe say of the model. */
async function modelFacts(run: string, recipe: Recipe): Promise<Passport["model"]> {
  const path = join(run, artifacts.model.path, modelFiles.config);
  const model = modelOf(configOf(await readJson<JsonRecord>(path), path));
  return {
    architecture: String(model.config.model_type ?? "unknown"),
    parameters: model.parameters.reduce((n, p) => n + p.shape.reduce((a, b) => a * b, 1), 0),
    ...inputFactsOf(model, recipe),
    labels: model.labels?.names ?? [],
    ...(recipe.model.from ? { from: basename(recipe.model.from) } : {}),
    method: adapterName(recipe.adapt) ?? "full",
    ...(existsSync(join(run, artifacts.model.path, decisionsFile))
      ? { decisions: recipe.adapt.mitigation.decisions }
      : {}),
  };
}

let code: Promise<string> | undefined;

/** Digest of the code that runs: all files below this package's src (or dist/src). Read once in a process. */
export function codeDigest(): Promise<string> {
  code ??= folderDigests(fileURLToPath(new URL("..", import.meta.url))).then(rootDigest);
  return code;
}
