// Opens the model of a run, or a model folder, for vectors of texts: trained with task: embeddings, or of sentence-transformers.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRunFolder, model as modelArtifact, openRunFolder, runOf } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { textModality } from "../modalities/node/index.ts";
import { headFactsOf } from "../models/index.ts";
import { loadModel, sentenceLength } from "../models/node/index.ts";
import { type Embedder, textEmbedder } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import { modelIn } from "../stages/index.ts";

/** A model that makes vectors of texts. Call `embedder.dispose` when done. */
export interface OpenEmbedder {
  readonly embedder: Embedder;
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
}

const folderOf = (path: string): string => (isRunFolder(path) ? join(path, modelArtifact.path) : path);

/** Whether the model of a run or of a folder makes vectors of texts. False where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function embedsTexts(path: string): Promise<boolean> {
  const folder = folderOf(path);
  if (!existsSync(join(folder, "config.json"))) return false;
  const { task } = await modelIn(folder);
  const { of, vector } = headFactsOf(task);
  return vector || (of === "nothing" && existsSync(join(folder, "modules.json")));
}

/**
 * Opens a run folder or a model folder whose model makes vectors of texts.
 * @param options `device`: default `cpu`; `threads`: default 2
 * @throws E_IO, E_MODEL, E_TOKENIZER for what lacks or does not fit; E_DEVICE when there is no such device
 * @example const { embedder } = await openEmbedder("runs/mails"); const [vector] = await embedder.vectors(["Dear"]);
 */
export async function openEmbedder(
  path: string,
  { device = "cpu", threads }: { readonly device?: "cpu" | "gpu"; readonly threads?: number } = {},
): Promise<OpenEmbedder> {
  const folder = folderOf(path);
  const run = runOf(path);
  const recipe = run === undefined ? undefined : (await openRunFolder(run)).recipe;
  const { model, weights, fresh } = await loadModel(folder, { head: { task: "embedding" } });
  if (fresh.length)
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "weights of the model are missing",
      expected: "a whole encoder",
      got: `without ${fresh.slice(0, 3).join(", ")}`,
      path: folder,
    });
  const { tokenizer, maxLength } = await textModality.open(folder, model, {
    home: ".",
    maxLength: await sentenceLength(folder),
  });
  const runtime = device === "gpu" ? gpuRuntime : cpuRuntime;
  return { embedder: await textEmbedder(model, weights, tokenizer, runtime, { threads, maxLength }), recipe };
}
