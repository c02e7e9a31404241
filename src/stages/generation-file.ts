// generation_config.json beside a model that writes: that of the folder it came from, with what the recipe says of writing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../artifacts/index.ts";
import { configOf, type JsonRecord, modelFiles } from "../formats/index.ts";
import { generationEntries, readGenerationConfig } from "../generate/index.ts";
import type { Processor } from "../modalities/index.ts";
import { isTextProcessor } from "../modalities/node/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { taskOf } from "../tasks/index.ts";
import { startFolder } from "./model.ts";

/** Entries of a folder's file; none without one. @throws E_IO, E_FORMAT */
export async function generationRecord(folder: string | undefined): Promise<JsonRecord> {
  const path = folder && join(folder, modelFiles.generation);
  return path && existsSync(path) ? await readJson<JsonRecord>(path) : {};
}

/**
 * The file that is saved with a model, by its name; none where neither folder nor recipe says anything.
 * @param home of the recipe's paths
 * @throws E_CONFIG for a folder's file with a value that cannot be
 */
export async function generationFile(
  recipe: Recipe,
  home: string,
  processor: Processor,
): Promise<Record<string, string>> {
  if (!taskOf(recipe.task).writes || !isTextProcessor(processor)) return {};
  const { generation } = recipe.model;
  const given = await generationRecord(startFolder(recipe, home));
  if (generation === undefined && Object.keys(given).length === 0) return {};
  const entries = generationEntries(generation ?? {}, given);
  const { ends } = readGenerationConfig(configOf(entries, modelFiles.generation));
  const end = processor.tokenizer.special.eos?.id;
  const lacks = end !== undefined && !ends?.includes(end); // what it learned to end with
  const whole = lacks ? { ...entries, eos_token_id: ends ? [...ends, end] : end } : entries;
  return { [modelFiles.generation]: `${JSON.stringify(whole, undefined, 2)}\n` };
}
