// generation_config.json of a model folder, where there is one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { configOf, modelFiles } from "../formats/index.ts";
import { type GenerationDefaults, readGenerationConfig } from "../generate/index.ts";
import { generationRecord } from "../stages/index.ts";

/** What the folder's file says; nothing without one. @throws E_IO, E_FORMAT; E_CONFIG as `readGenerationConfig` */
export async function generationDefaults(folder: string): Promise<GenerationDefaults> {
  const path = join(folder, modelFiles.generation);
  return existsSync(path)
    ? readGenerationConfig(configOf(await generationRecord(folder), path))
    : { options: {}, ignored: [] };
}
