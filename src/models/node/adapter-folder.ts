// Adapters as folders in PEFT's layout: adapter_config.json beside adapter_model.safetensors.
import { join } from "node:path";
import type { HostArray } from "../../base/index.ts";
import { modelFiles, readConfig, toFloat32 } from "../../formats/index.ts";
import {
  makeFolder,
  openSafetensors,
  readWholeFile,
  writeFileAtomically,
  writeSafetensorsFile,
} from "../../formats/node/index.ts";
import type { AdapterLayout } from "../../nn/index.ts";
import { type Model, matchAdapter, peftConfig, peftTensors, readPeftConfig } from "../index.ts";

export interface LoadedAdapter {
  readonly layout: AdapterLayout;
  /** Its own weights, and those of modules that it trained as a whole. */
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
}

/**
 * Loads an adapter for a model, of any kind.
 * @throws E_IO, E_FORMAT for files; E_CONFIG, E_MODEL where it does not fit the model
 * @example const { layout, weights } = await loadAdapter("runs/adapter", model);
 */
export async function loadAdapter(path: string, model: Model): Promise<LoadedAdapter> {
  const configPath = join(path, modelFiles.adapterConfig);
  const options = readPeftConfig(readConfig(await readWholeFile(configPath), configPath));
  const file = await openSafetensors(join(path, "adapter_model.safetensors"));
  try {
    const { layout, files, shapes } = matchAdapter(model, options, file.entries, path);
    const weights = new Map<string, HostArray<"float32">>();
    for (const [name, stored] of files)
      weights.set(name, { ...toFloat32(await file.read(stored)), shape: shapes.get(name)! });
    return { layout, weights };
  } finally {
    await file.close();
  }
}

/**
 * Writes an adapter that PEFT's `PeftModel.from_pretrained` and {@link loadAdapter} open.
 * @param base name or path of the base model, as PEFT records it
 * @throws E_IO
 */
export async function saveAdapter(
  path: string,
  model: Model,
  layout: AdapterLayout,
  weights: ReadonlyMap<string, HostArray>,
  base: string,
): Promise<void> {
  await makeFolder(path);
  await writeSafetensorsFile(join(path, "adapter_model.safetensors"), peftTensors(model, layout, weights));
  await writeFileAtomically(join(path, modelFiles.adapterConfig), [
    new TextEncoder().encode(`${JSON.stringify(peftConfig(model, layout, base), null, 2)}\n`),
  ]);
}
