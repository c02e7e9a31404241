// A finished run in the formats of other tools: ONNX for transformers.js and ONNX Runtime, a folder for pages, TensorBoard, MLflow.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { artifacts } from "../artifacts/index.ts";
import { unknownName } from "../base/index.ts";
import { makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import type { ExportedFile } from "../stages/index.ts";
import { eventFile, type MlflowOptions, type MlflowResult, mlflowExport, type Send } from "../tracking/index.ts";
import { exportModel } from "./export-model.ts";
import { exportWeb } from "./export-web.ts";
import { trackedRun } from "./track-run.ts";

/** What a run is exported to: a folder for transformers.js, a folder for pages, or TensorBoard. `int8` stores matrices in 8 bits. */
export const exportTargets = ["onnx", "onnx-int8", "web", "web-int8", "tensorboard"] as const;
export type ExportTarget = (typeof exportTargets)[number];

export interface ExportRunOptions {
  readonly to: ExportTarget;
  /** Default `exported`, `web` or `tensorboard` in the run folder. */
  readonly out?: string;
}

/** Files of an export. */
export interface RunExport {
  readonly files: readonly ExportedFile[];
  /** Of a folder for pages: `sha256-…` of its manifest. */
  readonly integrity?: string;
}

/**
 * Exports a finished run.
 * @throws E_IO when the run has no model, or the folder holds something else; E_ARGUMENT for another target; E_MODEL, E_LOWER
 * @example const { files, integrity } = await exportRun("runs/tickets", { to: "web", out: "site/public/model" });
 */
export async function exportRun(run: string, { to, out }: ExportRunOptions): Promise<RunExport> {
  if (!exportTargets.includes(to))
    throw unknownName("E_ARGUMENT", { operation: "export", problem: "there is no such target" }, to, exportTargets);
  const stored = to.endsWith("-int8") ? "int8" : "float32";
  if (to === "tensorboard") return { files: [await exportTensorboard(run, out)] };
  if (to === "onnx" || to === "onnx-int8") return { files: await exportModel(run, stored, out) };
  const { files, integrity } = await exportWeb(run, stored, out);
  return { files, integrity };
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
