// The model of a run, or of a model folder, with all its weights: what writing, vectors and answers are opened from.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRunFolder, model as modelArtifact, openRunFolder, runOf } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import type { Task } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import { modelIn } from "../stages/index.ts";

/** The model folder that a path means. */
export const folderOf = (path: string): string => (isRunFolder(path) ? join(path, modelArtifact.path) : path);

/** What the model of a run or of a folder answers; undefined where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function taskIn(path: string): Promise<Task | undefined> {
  const folder = folderOf(path);
  return existsSync(join(folder, "config.json")) ? (await modelIn(folder)).task : undefined;
}

/**
 * Loads it. `recipe` is the run's, undefined for a bare model folder.
 * @param expected what the folder should hold, for an error: `a whole encoder`
 * @param options as `loadModel`
 * @throws E_IO, E_MODEL for what lacks or does not fit
 * @example const { model, weights, recipe } = await wholeModel("runs/mails", "a whole encoder");
 */
export async function wholeModel(path: string, expected: string, options?: Parameters<typeof loadModel>[1]) {
  const folder = folderOf(path);
  const run = runOf(path);
  const recipe = run === undefined ? undefined : (await openRunFolder(run)).recipe;
  const { model, weights, fresh } = await loadModel(folder, options);
  if (fresh.length)
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "weights of the model are missing",
      expected,
      got: `without ${fresh.slice(0, 3).join(", ")}`,
      path: folder,
    });
  return { folder, recipe, model, weights };
}
