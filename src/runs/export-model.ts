// A finished run's model as ONNX: a folder for transformers.js and ONNX Runtime. Probabilities are calibrated in the file itself.
import { existsSync } from "node:fs";
import { copyFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isRunFolder, openRunFolder } from "../artifacts/index.ts";
import { ConcordError, type HostArray } from "../base/index.ts";
import { modelFiles } from "../formats/index.ts";
import { ioError, makeFolder } from "../formats/node/index.ts";
import type { Model } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import { type Decisions, decisionsFile, isApplied, type StoredWeights } from "../predict/index.ts";
import { decisionsIn, type ExportedFile, saveOnnx, temperatureOf } from "../stages/index.ts";

/** A run's model, for an export. */
export interface ExportedModel {
  /** Its folder. */
  readonly from: string;
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray>;
  /** The rule that is applied to logits, where there is one. */
  readonly rule?: Decisions;
  /** Of calibration; undefined where the run was not evaluated. */
  readonly temperature?: number;
}

/** @throws E_IO when the run has no model */
export async function openForExport(run: string): Promise<ExportedModel> {
  const from = join(run, "model");
  if (isRunFolder(run) && !existsSync(from))
    throw new ConcordError("E_IO", {
      operation: "export",
      problem: "the run has no model yet",
      expected: "a run that got past its stage adapt",
      hint: `concord resume ${run}`,
      path: run,
    });
  await openRunFolder(run);
  const { model, weights } = await loadModel(from);
  const rule = await decisionsIn(from, model.labels?.names ?? []);
  return { from, model, weights, rule: isApplied(rule) ? rule : undefined, temperature: await temperatureOf(run) };
}

/**
 * Writes the model's ONNX files. Without a rule, logits are divided by the temperature; a rule reads the model's own logits, and linear
 * post-processing what the head reads.
 */
export const writeOnnx = (
  out: string,
  { model, weights, rule, temperature }: ExportedModel,
  stored: StoredWeights,
): Promise<ExportedFile[]> =>
  saveOnnx(out, model, weights, {
    stored,
    features: rule?.kind === "linear-post",
    temperature: rule ? undefined : temperature,
  });

/** Files of a model folder that an export takes along, where they are. */
export const sidecars = [
  modelFiles.config,
  modelFiles.tokenizer,
  modelFiles.tokenizerConfig,
  modelFiles.processor,
] as const;

/**
 * Writes a run's model as a folder that transformers.js opens: `onnx/model.onnx` (or `onnx/model_quantized.onnx`) beside its
 * configuration and its tokenizer or image processor. The file's logits are divided by the run's temperature, so that transformers.js gives
 * calibrated probabilities. Decisions that treat groups alike go along as decisions.json; other runtimes do not apply them, and then the
 * file gives the model's own logits.
 * @param stored `int8` stores the matrices of products in 8 bits, a scale a column
 * @param out default `exported` in the run folder
 * @throws E_IO when the run has no model; E_MODEL, E_LOWER
 * @example await exportModel("runs/disease", "int8", "web/models/disease");
 */
export async function exportModel(
  run: string,
  stored: StoredWeights,
  out = join(run, "exported"),
): Promise<ExportedFile[]> {
  const opened = await openForExport(run);
  await makeFolder(out);
  const files: ExportedFile[] = [];
  for (const name of [...sidecars, ...(opened.rule ? [decisionsFile] : [])])
    if (existsSync(join(opened.from, name))) files.push(await copied(join(opened.from, name), join(out, name)));
  return [...(await writeOnnx(out, opened, stored)), ...files];
}

async function copied(from: string, to: string): Promise<ExportedFile> {
  await copyFile(from, to).catch((cause: unknown) => {
    throw ioError(cause, "export", to);
  });
  return { path: to, bytes: (await stat(to)).size };
}
