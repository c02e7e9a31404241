// How a model folder's texts were cut in training.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { modelFiles } from "../../formats/index.ts";

/** `model_max_length` of tokenizer_config.json; undefined where it says none. @throws E_TOKENIZER */
export async function savedLength(folder: string): Promise<number | undefined> {
  const path = join(folder, modelFiles.tokenizerConfig);
  const text = await readFile(path, "utf8").catch(() => "{}");
  try {
    const { model_max_length: length } = JSON.parse(text) as { model_max_length?: unknown };
    return typeof length === "number" && length >= 1 ? length : undefined;
  } catch {
    throw new ConcordError("E_TOKENIZER", { operation: "open model", problem: "not JSON", path });
  }
}
