// Opens the model of a run, or a model folder, for answers that stand in texts.
import { textModality } from "../modalities/node/index.ts";
import { headFactsOf } from "../models/index.ts";
import { type Quoter, textQuoter } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import { taskIn, wholeModel } from "./whole-model.ts";

/** A model that finds answers in texts. Call `quoter.dispose` when done. */
export interface OpenQuoter {
  readonly quoter: Quoter;
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
}

interface OpenQuoterOptions {
  readonly device?: "cpu" | "gpu";
  readonly threads?: number;
  readonly settings?: Recipe;
}

/** Whether the model of a run or of a folder finds answers in texts. False where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function findsAnswers(path: string): Promise<boolean> {
  const task = await taskIn(path);
  return task !== undefined && headFactsOf(task).of === "spans";
}

/**
 * Opens a run folder or a model folder whose model finds answers in texts; a run's own settings say how (`adapt.quoting`).
 * @param options `device`: default `cpu`; `threads`: default 2; `settings`: the recipe that says how, where the folder is no run
 * @throws E_IO, E_MODEL, E_TOKENIZER for what lacks or does not fit; E_DEVICE when there is no such device
 * @example const { quoter } = await openQuoter("runs/help"); const [[best]] = await quoter.quotes([["Where is it?", "It is in Paris."]]);
 */
export async function openQuoter(
  path: string,
  { device = "cpu", threads, settings }: OpenQuoterOptions = {},
): Promise<OpenQuoter> {
  const { folder, recipe = settings, model, weights } = await wholeModel(path, "a whole model that finds answers");
  const { tokenizer, maxLength } = await textModality.open(folder, model, {
    home: ".",
    maxLength: recipe?.model.maxLength,
  });
  const runtime = device === "gpu" ? gpuRuntime : cpuRuntime;
  const options = { threads, maxLength, ...recipe?.adapt.quoting };
  return { quoter: await textQuoter(model, weights, tokenizer, runtime, options), recipe };
}
