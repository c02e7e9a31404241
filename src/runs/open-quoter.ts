// Opens the model of a run, or a model folder, for answers that stand in texts.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRunFolder, model as modelArtifact, openRunFolder, runOf } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { textModality } from "../modalities/node/index.ts";
import { headFactsOf } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import { type Quoter, textQuoter } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import { modelIn } from "../stages/index.ts";

/** A model that finds answers in texts. Call `quoter.dispose` when done. */
export interface OpenQuoter {
  readonly quoter: Quoter;
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
}

const folderOf = (path: string): string => (isRunFolder(path) ? join(path, modelArtifact.path) : path);

/** Whether the model of a run or of a folder finds answers in texts. False where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function findsAnswers(path: string): Promise<boolean> {
  const folder = folderOf(path);
  if (!existsSync(join(folder, "config.json"))) return false;
  return headFactsOf((await modelIn(folder)).task).of === "spans";
}

/**
 * Opens a run folder or a model folder whose model finds answers in texts; a run's own settings say how (`adapt.quoting`).
 * @param options `device`: default `cpu`; `threads`: default 2
 * @throws E_IO, E_MODEL, E_TOKENIZER for what lacks or does not fit; E_DEVICE when there is no such device
 * @example const { quoter } = await openQuoter("runs/help"); const [[best]] = await quoter.quotes([["Where is it?", "It is in Paris."]]);
 */
export async function openQuoter(
  path: string,
  { device = "cpu", threads }: { readonly device?: "cpu" | "gpu"; readonly threads?: number } = {},
): Promise<OpenQuoter> {
  const folder = folderOf(path);
  const run = runOf(path);
  const recipe = run === undefined ? undefined : (await openRunFolder(run)).recipe;
  const { model, weights, fresh } = await loadModel(folder);
  if (fresh.length)
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "weights of the model are missing",
      expected: "a whole model that finds answers",
      got: `without ${fresh.slice(0, 3).join(", ")}`,
      path: folder,
    });
  const { tokenizer, maxLength } = await textModality.open(folder, model, {
    home: ".",
    maxLength: recipe?.model.maxLength,
  });
  const runtime = device === "gpu" ? gpuRuntime : cpuRuntime;
  const options = { threads, maxLength, ...recipe?.adapt.quoting };
  return { quoter: await textQuoter(model, weights, tokenizer, runtime, options), recipe };
}
