// A model folder in the Hugging Face layout: config.json beside model.safetensors, whole or in shards. Knows no architecture.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError, type HostArray } from "../../base/index.ts";
import {
  checkShards,
  isJsonRecord,
  type JsonRecord,
  modelFiles,
  type NamedTensors,
  parseJson,
  parseShardIndex,
  planShards,
} from "../index.ts";
import { makeFolder, writeFileAtomically } from "./atomic.ts";
import { ioError, readWholeFile } from "./files.ts";
import { openTogether, type TensorFiles, writeSafetensorsFile } from "./safetensors.ts";

const wholeName = modelFiles.weights;
const indexName = modelFiles.weightIndex;

/** An open model folder. */
export interface ModelFolder extends TensorFiles {
  readonly path: string;
  /** `config.json` as it is, unchecked. */
  readonly config: JsonRecord;
  /** File names of the weights: one, or the shards. */
  readonly shards: readonly string[];
}

/**
 * Opens a model folder: reads the config and the heads of the weights; tensors are read when asked for. Close it after use.
 * Symbolic links are followed (model caches are made of them); a shard named outside the folder is refused.
 * @param path the folder
 * @throws E_IO when a file cannot be read; E_MODEL when there are no safetensors weights; E_FORMAT for broken files
 * @example
 * const folder = await openModelFolder("models/minilm-l6");
 * const rows = await folder.read("embeddings.word_embeddings.weight");
 * await folder.close();
 */
export async function openModelFolder(path: string): Promise<ModelFolder> {
  const configPath = join(path, modelFiles.config);
  const names = await readdir(path).catch((cause) => Promise.reject(ioError(cause, "read model folder", path)));
  const config = parseJson(await readWholeFile(configPath), configPath, { protoName: true });
  if (!isJsonRecord(config))
    throw new ConcordError("E_FORMAT", {
      operation: "read model folder",
      problem: "config.json is not an object",
      path: configPath,
    });
  const { shards, check } = await weightFiles(path, names);
  const files = await openTogether(shards.map((shard) => join(path, shard)));
  try {
    check(files);
  } catch (cause) {
    await files.close();
    throw cause;
  }
  return { ...files, path, config, shards };
}

async function weightFiles(path: string, names: string[]) {
  if (names.includes(wholeName)) return { shards: [wholeName], check: () => {} };
  const indexPath = join(path, indexName);
  if (names.includes(indexName)) {
    const index = parseShardIndex(await readWholeFile(indexPath, 2 ** 26), indexPath);
    const check = ({ files }: TensorFiles) =>
      checkShards(index, new Map(index.shards.map((shard, i) => [shard, files[i]!.names])), indexPath);
    return { shards: index.shards, check };
  }
  const pickled = names.find((name) => /\.(bin|pt|pth|ckpt|h5|msgpack)$/.test(name));
  const exported = names.find((name) => name === "onnx" || name.endsWith(".onnx") || name.endsWith(".gguf"));
  const hint = pickled
    ? "convert it in Python: model.save_pretrained(folder, safe_serialization=True)"
    : exported && `${exported} is an export: use the folder that it was made from, with its safetensors weights`;
  throw new ConcordError("E_MODEL", {
    operation: "read model folder",
    problem: "no safetensors weights",
    expected: `${wholeName} or ${indexName}`,
    got: pickled ?? exported ?? "neither",
    hint,
    path,
  });
}

/**
 * Reads a whole model folder.
 * @param path the folder
 * @returns the raw config, every tensor in its file's type, and the weight files' names
 * @throws as {@link openModelFolder}
 * @example const { config, tensors } = await readModelFolder("models/minilm-l6");
 */
export async function readModelFolder(
  path: string,
): Promise<{ config: JsonRecord; tensors: Map<string, HostArray>; shards: readonly string[] }> {
  const folder = await openModelFolder(path);
  try {
    const tensors = new Map<string, HostArray>();
    for (const name of folder.entries.keys()) tensors.set(name, await folder.read(name));
    return { config: folder.config, tensors, shards: folder.shards };
  } finally {
    await folder.close();
  }
}

/**
 * Writes config and weights as Transformers reads them; makes the folder. Each file appears whole; the config comes last.
 * @param path the folder
 * @param config written as `config.json`, two spaces indented
 * @param tensors the weights
 * @param options `maxShardBytes`: most bytes of tensors in one file, default 5 GB
 * @throws E_ARGUMENT for tensors that cannot be written; E_IO
 * @example await writeModelFolder("out/model", { model_type: "bert" }, tensors)
 */
export async function writeModelFolder(
  path: string,
  config: JsonRecord,
  tensors: NamedTensors,
  { maxShardBytes = 5e9 }: { maxShardBytes?: number } = {},
): Promise<void> {
  await makeFolder(path);
  const { shards, index } = planShards(tensors, maxShardBytes);
  for (const shard of shards) await writeSafetensorsFile(join(path, shard.file), shard.tensors);
  if (index) await writeJson(join(path, indexName), index);
  await removeOtherLayout(path, new Set([index ? indexName : wholeName, ...shards.map((shard) => shard.file)]));
  await writeJson(join(path, modelFiles.config), config);
}

// Weights of a model that was written here before would shadow the new ones, or lie about.
async function removeOtherLayout(path: string, kept: ReadonlySet<string>): Promise<void> {
  const old = /^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$/;
  try {
    for (const name of await readdir(path)) if (old.test(name) && !kept.has(name)) await rm(join(path, name));
  } catch (cause) {
    throw ioError(cause, "write model folder", path);
  }
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFileAtomically(path, [new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)]);
}
