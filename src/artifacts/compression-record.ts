// compression.json: what a compressed model folder says of itself. Hostile until checked: the file that is run is one of known names.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConcordError } from "../base/index.ts";
import { jsonFile } from "./artifact.ts";
import { checkModelFolder } from "./files.ts";

/** Names of ONNX files of a compressed model, as transformers.js looks for them; `model_q8.onnx` has weights alone in 8 bits. */
export const compressedFiles = [
  "model_quantized.onnx",
  "model_q8.onnx",
  "model_q4.onnx",
  "model_fp16.onnx",
  "model.onnx",
] as const;
export type CompressedFile = (typeof compressedFiles)[number];

const size = z.number().nonnegative();
const record = z.looseObject({
  /** In the order in which they were done, with their settings. */
  steps: z.array(z.looseObject({ step: z.string(), settings: z.record(z.string(), z.unknown()) })),
  /** In the folder onnx; absent where the weights are model.safetensors. */
  onnx: z.enum(compressedFiles).optional(),
  /** Weights, in bytes. */
  size: z.object({ before: size, after: size }),
  /** Of calibration; absent for what has none. */
  temperature: z.number().positive().optional(),
  /** Whether the file's logits are divided by it already. */
  temperatureApplied: z.boolean(),
});
/** What was done to a model, in its folder. */
export type CompressionRecord = z.output<typeof record>;

/** Name of the record in a compressed model folder. */
export const compressionFile = "compression.json";
/** The record; `read` and `write` take the compressed model folder itself. */
export const compressionRecord = jsonFile("compression record", compressionFile, "concord-compression", record);

/** Whether a folder holds a compressed model. */
export const isCompressedFolder = (path: string): boolean => existsSync(join(path, compressionFile));

/**
 * Path of the ONNX file that a folder without model.safetensors runs; undefined where it has its weights.
 * @throws E_MODEL where it has neither
 */
export async function onnxFileIn(folder: string): Promise<string | undefined> {
  const found = isCompressedFolder(folder) ? (await compressionRecord.read(folder)).onnx : undefined;
  if (found === undefined && existsSync(join(folder, "model.safetensors"))) return undefined;
  const name = found ?? compressedFiles.find((file) => existsSync(join(folder, "onnx", file)));
  if (name === undefined) {
    await checkModelFolder(folder); // says what lacks
    return undefined;
  }
  const path = join(folder, "onnx", name);
  if (existsSync(path)) return path;
  throw new ConcordError("E_IO", {
    operation: "open model",
    problem: "the compressed model's file is gone",
    expected: `onnx/${name}, as ${compressionFile} says`,
    hint: "compress the run again: concord compress",
    path,
  });
}
