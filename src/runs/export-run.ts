// A finished run in the formats of other tools: ONNX for transformers.js and ONNX Runtime, TensorBoard, MLflow.

import { existsSync } from "node:fs";
import { copyFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { artifacts, isRunFolder, openRunFolder } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { modelFiles } from "../formats/index.ts";
import { ioError, makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { decisionsFile } from "../predict/index.ts";
import { decisionsIn, type ExportedFile, saveOnnx } from "../stages/index.ts";
import { eventFile, type MlflowOptions, type MlflowResult, mlflowExport, type Send } from "../tracking/index.ts";
import { trackedRun } from "./track-run.ts";

/**
 * Writes a run's model as a folder that transformers.js opens: `onnx/model.onnx` (or `onnx/model_quantized.onnx`) beside its
 * configuration and tokenizer. Decisions that treat groups alike go along as decisions.json; other runtimes do not apply them.
 * @param weights `int8` stores the matrices of products in 8 bits, a scale a column
 * @param out default `exported` in the run folder
 * @throws E_IO when the run has no model; E_MODEL, E_LOWER
 * @example await exportModel("runs/disease", "int8", "web/models/disease");
 */
export async function exportModel(
  run: string,
  weights: "float32" | "int8",
  out = join(run, "exported"),
): Promise<ExportedFile[]> {
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
  const { model, weights: arrays } = await loadModel(from);
  const rule = await decisionsIn(from, model.labels?.names ?? []);
  const applied = rule !== undefined && rule.kind !== "exponentiated-gradient"; // that one lies in the weights
  await makeFolder(out);
  const files: ExportedFile[] = [];
  for (const name of [
    modelFiles.config,
    modelFiles.tokenizer,
    modelFiles.tokenizerConfig,
    ...(applied ? [decisionsFile] : []),
  ])
    files.push(await copied(join(from, name), join(out, name)));
  const features = rule?.kind === "linear-post";
  return [...(await saveOnnx(out, model, arrays, { stored: weights, features })), ...files];
}

async function copied(from: string, to: string): Promise<ExportedFile> {
  await copyFile(from, to).catch((cause: unknown) => {
    throw ioError(cause, "export", to);
  });
  return { path: to, bytes: (await stat(to)).size };
}

/**
 * Writes a run's curves and scores as a TensorBoard event file; an earlier one is replaced.
 * @param out default `tensorboard` in the run folder
 * @example await exportTensorboard("runs/disease"); // tensorboard --logdir runs/disease/tensorboard
 */
export async function exportTensorboard(run: string, out = join(run, "tensorboard")): Promise<ExportedFile> {
  const events = eventFile(await trackedRun(run));
  await makeFolder(out);
  const path = join(out, "events.out.tfevents.0.concord");
  return { path, bytes: await writeFileAtomically(path, [events]) };
}

/**
 * Sends a run's settings, curves, scores and small files to an MLflow server, as a new run there.
 * @throws E_SERVER
 * @example await exportMlflow("runs/disease", mlflowServer("http://localhost:5000", process.env));
 */
export async function exportMlflow(
  run: string,
  send: Send,
  options: Partial<MlflowOptions> = {},
): Promise<MlflowResult> {
  const tracked = await trackedRun(run);
  const names = ["recipe.yaml", artifacts.metrics.path, artifacts.report.page.path].filter((name) =>
    existsSync(join(run, name)),
  );
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(run, name)))] as const)),
  );
  return await mlflowExport(tracked, { experiment: tracked.name, artifacts: files, ...options }, send);
}
