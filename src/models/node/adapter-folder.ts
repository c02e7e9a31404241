// Adapters as folders in PEFT's layout: adapter_config.json beside adapter_model.safetensors.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { ConcordError, type HostArray } from "../../base/index.ts";
import { modelFiles, readConfig, toFloat32 } from "../../formats/index.ts";
import {
  makeFolder,
  openSafetensors,
  readWholeFile,
  writeFileAtomically,
  writeSafetensorsFile,
} from "../../formats/node/index.ts";
import { type AdapterLayout, kinds } from "../../nn/index.ts";
import {
  adapterParameters,
  type Model,
  matchAdapter,
  type PeftSettings,
  peftConfig,
  peftTensors,
  readPeftConfig,
  virtualOf,
  virtualPrefix,
  virtualTensor,
  wholeBeside,
} from "../index.ts";

export interface LoadedAdapter {
  readonly layout: AdapterLayout;
  /** Its own weights, and those of modules that it trained as a whole. */
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
}

/**
 * Loads an adapter for a model, of any kind.
 * @param base weights of the model: they have to be those that the adapter was trained beside, where its file says which. Default not asked
 * @throws E_IO, E_FORMAT for files; E_CONFIG, E_MODEL where it does not fit the model, or was trained beside other weights
 * @example const { layout, weights } = await loadAdapter("runs/adapter", model);
 */
export async function loadAdapter(
  path: string,
  model: Model,
  base?: ReadonlyMap<string, HostArray>,
): Promise<LoadedAdapter> {
  const configPath = join(path, modelFiles.adapterConfig);
  const options = readPeftConfig(readConfig(await readWholeFile(configPath), configPath));
  const file = await openSafetensors(join(path, "adapter_model.safetensors"));
  try {
    if (kinds[options.options.kind].own && file.entries.has(virtualTensor))
      return await loadVirtual(model, options, file, path);
    const { layout, files, shapes } = matchAdapter(model, options, file.entries, path);
    if (base) checkBase(file.metadata[baseEntry], baseDigest(model, new Set(files.keys()), base), path);
    const weights = new Map<string, HostArray<"float32">>();
    for (const [name, stored] of files)
      weights.set(name, { ...toFloat32(await file.read(stored)), shape: shapes.get(name)! });
    return { layout, weights };
  } finally {
    await file.close();
  }
}

/** The one tensor of virtual tokens, and modules that were trained whole beside it. */
async function loadVirtual(
  model: Model,
  settings: PeftSettings,
  file: Awaited<ReturnType<typeof openSafetensors>>,
  path: string,
): Promise<LoadedAdapter> {
  const { layout, weights } = virtualOf(model, settings, toFloat32(await file.read(virtualTensor)), path);
  for (const name of wholeBeside(model, layout, file.entries, path))
    weights.set(name, toFloat32(await file.read(virtualPrefix + name)));
  return { layout, weights };
}

/** Entry of the file's metadata, which PEFT passes over. */
const baseEntry = "base_sha256";

/** SHA-256 over the base's weights that an adapter's file does not hold, by name. */
function baseDigest({ parameters }: Model, own: ReadonlySet<string>, weights: ReadonlyMap<string, HostArray>): string {
  const hash = createHash("sha256");
  for (const { name } of parameters) {
    const array = own.has(name) ? undefined : weights.get(name);
    if (!array) continue;
    hash.update(`${name} ${array.shape}\n`);
    hash.update(new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength));
  }
  return hash.digest("hex");
}

/** @throws E_MODEL where the adapter names another base */
function checkBase(named: string | undefined, found: string, path: string): void {
  if (named === undefined || named === found) return;
  throw new ConcordError("E_MODEL", {
    operation: "read adapter",
    problem: "the adapter was trained beside other weights than this base model's",
    expected: `a base with SHA-256 ${named.slice(0, 16)}…`,
    got: `${found.slice(0, 16)}…`,
    hint: "use the base model that the adapter was made for",
    path,
  });
}

/**
 * Writes an adapter that PEFT's `PeftModel.from_pretrained` and {@link loadAdapter} open.
 * @param weights the adapter's and, as they were while it was trained, the base's: its file says their SHA-256
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
  const digest = baseDigest(model, new Set(adapterParameters(model, layout)), weights);
  const tensors = peftTensors(model, layout, weights);
  await writeSafetensorsFile(join(path, "adapter_model.safetensors"), tensors, {
    format: "pt",
    [baseEntry]: digest,
  });
  await writeFileAtomically(join(path, modelFiles.adapterConfig), [
    new TextEncoder().encode(`${JSON.stringify(peftConfig(model, layout, base), null, 2)}\n`),
  ]);
}
