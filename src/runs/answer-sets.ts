// Prediction sets for answers of a finished run: what its audit calibrated on dev, if it is of the model that lies there now; for a
// compressed model what its own audit did.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { artifacts, isCompressedFolder, runOf } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import type { Answer } from "../predict/index.ts";
import { type ConformalScores, predictionInterval, predictionSet } from "../robustness/index.ts";
import { finishedStage, isAfter } from "../store/index.ts";

/** The labels, likeliest first, or the ends of the interval. */
export type AnswerSets = (answer: Answer) => readonly string[] | readonly [low: number, high: number];

/**
 * Prediction sets of a run, or of its compressed model where that folder is named.
 * @param coverage promised share of sets that hold the truth, for texts like those of the dev part
 * @throws E_DATA when the run has no audit of robustness for its model, or none with sets
 * @example const sets = await openSets("runs/disease", 0.9); sets(answer) // ["flu", "cold"]
 */
export async function openSets(path: string, coverage: number): Promise<AnswerSets> {
  return setsFrom(await runScores(path), coverage);
}

/**
 * Prediction sets from calibrated scores.
 * @param coverage promised share of sets that hold the truth @throws E_ARGUMENT for a coverage that is not between 0 and 1, when it is used
 * @example const sets = setsFrom(await runScores("runs/disease"), 0.9);
 */
export const setsFrom =
  (scores: ConformalScores, coverage: number): AnswerSets =>
  (answer) => {
    if (answer.kind === "value") return predictionInterval(scores, answer.value, coverage);
    const ranked = answer.kind === "label" ? answer.ranked : [];
    return predictionSet(
      scores,
      ranked.map((r) => r.probability),
      ranked.map((r) => r.label),
      coverage,
    );
  };

/** What was calibrated for the model that lies in a run now, or for its compressed model where that folder is named. @throws as {@link openSets} */
export async function runScores(run: string): Promise<ConformalScores> {
  if (isCompressedFolder(run)) return await compressedRunScores(run);
  const again = `concord audit ${run}`;
  const [adapted, audited] = await Promise.all([
    finishedStage(run, "adapt").catch(() => undefined),
    finishedStage(run, "audit-robustness").catch(() => undefined),
  ]);
  if (!audited) throw refuse(run, "the run's audit has not calibrated any", again);
  if (!adapted || !isAfter(audited, adapted)) throw refuse(run, "they were calibrated for another model", again);
  return await auditedScores(run, again);
}

/**
 * What an audit calibrated, in a folder that holds `audit/`: a run, or the evidence of a release.
 * @throws E_DATA where there is none
 */
export async function auditedScores(folder: string, hint?: string): Promise<ConformalScores> {
  if (!existsSync(join(folder, artifacts.audits.robustness.found.path)))
    throw refuse(folder, "the run's audit has not calibrated any", hint);
  const { sets } = await artifacts.audits.robustness.found.read(folder);
  if (sets) return sets.scores;
  throw refuse(folder, noSets, setsHint);
}

/** What compression calibrated for a run's compressed model. @param folder of that model @throws as {@link openSets} */
async function compressedRunScores(folder: string): Promise<ConformalScores> {
  const run = runOf(folder);
  const { path } = artifacts.compression;
  if (run === undefined)
    throw refuse(folder, "a compressed model outside its run has none", "name it in its run", path);
  const [adapted, made] = await Promise.all([finishedStage(run, "adapt"), finishedStage(run, "compress")]);
  if (!adapted || !made || !isAfter(made, adapted))
    throw refuse(run, "they were calibrated for another model", `concord compress ${run}`, path);
  return await compressedScores(run, `concord compress ${run}`);
}

/**
 * What the audit of a compressed model calibrated, in a folder that holds `audit/`: a run, or the evidence of a release.
 * @throws E_DATA where there is none, saying why
 */
export async function compressedScores(folder: string, again?: string): Promise<ConformalScores> {
  const { path } = artifacts.compression;
  if (!existsSync(join(folder, path))) throw refuse(folder, "the compressed model has no audit", again, path);
  const { sets, unmeasured } = await artifacts.compression.read(folder);
  if (sets) return sets.scores;
  if (unmeasured?.includes("compress.unmeasured.sets.off"))
    throw refuse(
      folder,
      "the recipe turns audit.robustness off",
      "leave audit.robustness on, and compress again",
      path,
    );
  throw refuse(folder, noSets, setsHint, path);
}

const refuse = (folder: string, problem: string, hint?: string, file = artifacts.audits.robustness.found.path) =>
  new ConcordError("E_DATA", { operation: "prediction sets", problem, hint, path: join(folder, file) });

const noSets = "this task has none, or the run has no validation rows";
const setsHint = "sets are for single labels and numbers";
