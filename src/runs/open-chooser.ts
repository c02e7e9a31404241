// Opens the model of a run, or a model folder, for questions with choices; and reads those of a table.
import { ConcordError } from "../base/index.ts";
import { isQuarantined, newCounts, type SourceRow, type TextRow, textRow } from "../data/index.ts";
import { textModality } from "../modalities/node/index.ts";
import { headFactsOf } from "../models/index.ts";
import { type Chooser, textChooser } from "../predict/index.ts";
import { labellingOf, type Recipe } from "../recipe/index.ts";
import { cpuRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import { columnsOf } from "../stages/index.ts";
import { taskIn, wholeModel } from "./whole-model.ts";

/** A model that chooses among answers. Call `chooser.dispose` when done. */
export interface OpenChooser {
  readonly chooser: Chooser;
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
}

/** Whether the model of a run or of a folder chooses among answers. False where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function choosesAnswers(path: string): Promise<boolean> {
  const task = await taskIn(path);
  return task !== undefined && headFactsOf(task).of === "choices";
}

/**
 * Opens a run folder or a model folder whose model chooses among answers.
 * @param options `device`: default `cpu`; `threads`: default 2
 * @throws E_IO, E_MODEL, E_TOKENIZER for what lacks or does not fit; E_DEVICE when there is no such device
 * @example const { chooser } = await openChooser("runs/exam"); const [{ choice }] = await chooser.choose([{ prompt: "The sky is", choices: ["blue", "a table"] }]);
 */
export async function openChooser(
  path: string,
  { device = "cpu", threads }: { readonly device?: "cpu" | "gpu"; readonly threads?: number } = {},
): Promise<OpenChooser> {
  const { folder, recipe, model, weights } = await wholeModel(path, "a whole model that chooses among answers");
  const { tokenizer, maxLength } = await textModality.open(folder, model, {
    home: ".",
    maxLength: recipe?.model.maxLength,
  });
  const runtime = device === "gpu" ? gpuRuntime : cpuRuntime;
  return { chooser: await textChooser(model, weights, tokenizer, runtime, { threads, maxLength }), recipe };
}

/**
 * Reads questions with choices from a table's rows, as the recipe's own are read; of a bare model folder from `text` and `choices`.
 * @param text column of the question. Default the recipe's
 * @throws E_DATA for a row without a question or choices
 */
export function choiceReader(recipe: Recipe | undefined, text?: string): (row: SourceRow) => TextRow {
  const columns = recipe ? columnsOf(recipe) : { text: "text", choices: ["choices"] };
  const asked = { text: text ?? columns.text, pair: recipe?.data.pair, choices: columns.choices };
  const options = { ...(recipe && labellingOf(recipe.data)), columns: asked, kind: "choice" } as const;
  return (record) => {
    const row = textRow(record, options, newCounts());
    if (!isQuarantined(row)) return row;
    throw new ConcordError("E_DATA", {
      operation: "predict",
      problem: "a row is no question with choices",
      expected: `a text in ${asked.text}, and choices in ${asked.choices?.join(", ")}`,
      got: `${row.reason}: ${row.got}`,
      path: row.place,
    });
  };
}
