// A model as the files that transformers.js opens: onnx/model.onnx and, above 2 GiB, its weights beside it.
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type CompressedFile, compressedFiles } from "../artifacts/index.ts";
import type { HostArray } from "../base/index.ts";
import { isJsonRecord, type JsonRecord, modelFiles, parseJson } from "../formats/index.ts";
import { ioError, makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import { headFactsOf, type Model } from "../models/index.ts";
import { exportOnnxFiles, type StoredBindings, type StoredWeights } from "../predict/index.ts";

/** A file that an export made. */
export interface ExportedFile {
  readonly path: string;
  readonly bytes: number;
}

export interface SaveOnnxOptions {
  /** `int8`: matrices of products in 8 bits, a scale a column; or a file's name with the binding of every parameter. Default `float32` */
  readonly stored?: StoredWeights | { readonly name: CompressedFile; readonly bind: StoredBindings };
  /** The file also gives what the head reads. Default false. */
  readonly features?: boolean;
  /** Of calibration: the file's logits are divided by it. Default 1: the model's own logits. */
  readonly temperature?: number;
  /** Largest weights in one file, in bytes. Default just under 2 GiB, what protobuf and browsers take. */
  readonly limitBytes?: number;
}

/**
 * Writes `onnx/model.onnx` (or `onnx/model_quantized.onnx`) into a model folder. Weights above the limit go to `model.onnx_data`, from
 * memory to disk without a copy, and the folder's config.json tells transformers.js how many such files there are.
 * The file of a causal language model takes and gives keys and values of earlier tokens, as `generate` of transformers.js wants it.
 * @throws E_ARGUMENT for a temperature; E_LOWER; E_IO
 * @example await saveModel("out", model, weights, files); await saveOnnx("out", model, weights);
 */
export async function saveOnnx(
  folder: string,
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  { stored = "float32", ...options }: SaveOnnxOptions = {},
): Promise<ExportedFile[]> {
  const past = headFactsOf(model.task).ahead > 0;
  const inside = join(folder, "onnx");
  const name = typeof stored === "object" ? stored.name : stored === "int8" ? "model_quantized.onnx" : "model.onnx";
  const how = typeof stored === "object" ? stored.bind : stored;
  const { bytes, external } = exportOnnxFiles(model, weights, name, how, { ...options, past });
  await makeFolder(inside);
  const files: ExportedFile[] = [];
  const write = async (file: string, chunks: Iterable<Uint8Array>) => {
    const path = join(inside, file);
    files.push({ path, bytes: await writeFileAtomically(path, chunks) });
  };
  for (const file of external) await write(file.name, file.chunks);
  await write(name, [bytes]); // last: it names the others
  await removeOthers(inside, name, new Set(external.map((file) => file.name)));
  await writeExternalDataConfig(folder);
  return files.reverse();
}

/** Weights of an earlier, larger export. */
async function removeOthers(folder: string, name: string, kept: ReadonlySet<string>): Promise<void> {
  const old = (await readdir(folder)).filter((file) => file.startsWith(`${name}_data`) && !kept.has(file));
  for (const file of old) await rm(join(folder, file));
}

/** Says in the folder's config.json, where there is one, how many weight files each model file has. */
async function writeExternalDataConfig(folder: string): Promise<void> {
  const path = join(folder, modelFiles.config);
  const text = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw ioError(cause, "export", path);
  });
  const config = text && parseJson(text, path);
  if (!isJsonRecord(config)) return;
  const names = await readdir(join(folder, "onnx"));
  const count = (name: string) => names.filter((file) => file.startsWith(`${name}_data`)).length;
  const changed = compressedFiles.reduce((json, name) => withExternalFormat(json, name, count(name)), config);
  if (changed === config) return;
  await writeFileAtomically(path, [new TextEncoder().encode(`${JSON.stringify(changed, null, 2)}\n`)]);
}

/** The config with the number of weight files of one model file, as transformers.js reads it. */
function withExternalFormat(config: JsonRecord, name: string, count: number): JsonRecord {
  const settings = isJsonRecord(config["transformers.js_config"]) ? config["transformers.js_config"] : {};
  const counts = isJsonRecord(settings.use_external_data_format) ? settings.use_external_data_format : {};
  if ((counts[name] ?? 0) === count) return config;
  return {
    ...config,
    "transformers.js_config": { ...settings, use_external_data_format: { ...counts, [name]: count } },
  };
}
