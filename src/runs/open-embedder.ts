// Opens the model of a run, or a model folder, for vectors of texts: trained with task: embeddings, or of sentence-transformers.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { textModality } from "../modalities/node/index.ts";
import { headFactsOf } from "../models/index.ts";
import { sentenceLength } from "../models/node/index.ts";
import { type Embedder, textEmbedder } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import { folderOf, taskIn, wholeModel } from "./whole-model.ts";

/** A model that makes vectors of texts. Call `embedder.dispose` when done. */
export interface OpenEmbedder {
  readonly embedder: Embedder;
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
}

/** Whether the model of a run or of a folder makes vectors of texts. False where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function embedsTexts(path: string): Promise<boolean> {
  const task = await taskIn(path);
  if (task === undefined) return false;
  const { of, vector } = headFactsOf(task);
  return vector || (of === "nothing" && existsSync(join(folderOf(path), "modules.json")));
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
  const { folder, recipe, model, weights } = await wholeModel(path, "a whole encoder", { head: { task: "embedding" } });
  const { tokenizer, maxLength } = await textModality.open(folder, model, {
    home: ".",
    maxLength: await sentenceLength(folder),
  });
  const runtime = device === "gpu" ? gpuRuntime : cpuRuntime;
  return { embedder: await textEmbedder(model, weights, tokenizer, runtime, { threads, maxLength }), recipe };
}
