// The compressed model's folder: complete by itself, with compression.json. Its file's logits are calibrated where nothing else reads them.
import { existsSync } from "node:fs";
import { copyFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type CompressionRecord, compressionRecord } from "../artifacts/index.ts";
import { saveModel } from "../models/node/index.ts";
import { decisionsFile } from "../predict/index.ts";
import { saveOnnx } from "../stages/index.ts";
import type { Compressing } from "./step.ts";

/** Writes everything but the record; logits are the model's own. @param from the model folder that was compressed: its decisions go along */
export async function writeModel(folder: string, from: string, given: Compressing): Promise<void> {
  const { model, weights, processor, stored } = given;
  await saveModel(folder, model, weights, processor.files());
  if (existsSync(join(from, decisionsFile))) await copyFile(join(from, decisionsFile), join(folder, decisionsFile));
  if (!stored) return;
  await writeStored(folder, given, 1);
  for (const name of await readdir(folder))
    if (/\.safetensors(\.index\.json)?$/.test(name)) await rm(join(folder, name));
}

/** The ONNX file of a model whose weights are stored otherwise, its logits divided by a temperature. */
export async function writeStored(
  folder: string,
  { model, weights, stored }: Compressing,
  temperature: number,
): Promise<void> {
  await saveOnnx(folder, model, weights, { stored, features: true, temperature });
}

/** Bytes of the files that hold weights in a model folder. */
export async function weightBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = names.filter((name) => /\.(safetensors|onnx)$|\.onnx_data(_\d+)?$/.test(name));
  const all = await Promise.all(sizes.map(async (name) => (await stat(join(folder, name))).size));
  return all.reduce((sum, bytes) => sum + bytes, 0);
}

/** Writes compression.json. */
export const writeRecord = (folder: string, record: Omit<CompressionRecord, "format" | "version">): Promise<unknown> =>
  compressionRecord.write(folder, record);
