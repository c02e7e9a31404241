// A start model made anew: its vocabulary from public texts, its head's labels from a list. Members' rows have no part in it.
import { ConcordError } from "../../base/index.ts";
import { readRows } from "../../data/node/index.ts";
import { saveModel } from "../../models/node/index.ts";
import { tokenizerConfig } from "../../predict/index.ts";
import { modelTask, type Recipe } from "../recipe.ts";
import { makeStart } from "../stages/model.ts";

export interface StartModelOptions {
  /** With `model.scratch`. */
  readonly recipe: Recipe;
  /** Table of public texts, in the recipe's column of texts: a vocabulary learned from members' rows would give words of them away. */
  readonly texts: string;
  /** Labels of the head, in order. */
  readonly labels: readonly string[];
  /** Where the model folder goes. */
  readonly folder: string;
}

/**
 * Makes the folder that a study starts from.
 * @throws E_CONFIG for a recipe without model.scratch; E_IO, E_DATA for the table
 * @example await makeStartModel({ recipe, texts: "public.csv", labels: ["cold", "flu"], folder: "start" });
 */
export async function makeStartModel({ recipe, texts, labels, folder }: StartModelOptions): Promise<void> {
  if (!recipe.model.scratch)
    throw new ConcordError("E_CONFIG", {
      operation: "make start model",
      problem: "the recipe starts from a folder: that is the start model",
      path: "model.scratch",
    });
  const read: string[] = [];
  for await (const { fields } of readRows(texts)) {
    const text = fields[recipe.data.text];
    if (typeof text === "string" && text.trim()) read.push(text);
  }
  if (read.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "make start model",
      problem: `no texts in column ${recipe.data.text}`,
      path: texts,
    });
  const { model, weights, tokenizer } = await makeStart(recipe, read, modelTask(recipe), labels);
  await saveModel(folder, model, weights, {
    "tokenizer.json": JSON.stringify(tokenizer.source),
    "tokenizer_config.json": tokenizerConfig(tokenizer, recipe.model.maxLength),
  });
}
