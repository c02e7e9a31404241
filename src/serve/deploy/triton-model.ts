// The ONNX file of a release, and its tensors as Triton's configuration names them.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../artifacts/index.ts";
import { ConcordError } from "../../base/index.ts";
import type { TritonModel, TritonTensor } from "../../deployment/index.ts";
import { configOf } from "../../formats/index.ts";
import { modelOf } from "../../models/index.ts";
import { headAnswers } from "../../predict/index.ts";
import type { ModelSource } from "../model/source.ts";

/** ONNX files under the names of transformers.js, the smallest first. */
const files = ["model_quantized.onnx", "model_q8.onnx", "model_q4.onnx", "model_fp16.onnx", "model.onnx"];

/** @throws E_MODEL where neither the model folder nor the release has an ONNX file */
export async function tritonModel(source: ModelSource, name: string): Promise<{ model: TritonModel; file: string }> {
  const places = [join(source.folder, "onnx"), ...(source.compressed ? [] : [join(source.path, "onnx")])];
  const file = places.flatMap((place) => files.map((one) => join(place, one))).find((one) => existsSync(one));
  if (file === undefined)
    throw new ConcordError("E_MODEL", {
      operation: "deploy",
      problem: "there is no ONNX file to deploy",
      expected: files.join(", "),
      hint: "leave export: { onnx: true } in the recipe, or compress the run to int8",
      path: source.path,
    });
  const config = join(source.folder, "config.json");
  const model = modelOf(configOf(await readJson(config), config));
  const { tokens, image, labels } = model;
  const whole = (own: string): TritonTensor => ({ name: own, type: "TYPE_INT64", dims: [-1] });
  const inputs: TritonTensor[] = tokens
    ? ["input_ids", "attention_mask", ...(tokens.types > 0 ? ["token_type_ids"] : [])].map(whole)
    : [{ name: "pixel_values", type: "TYPE_FP32", dims: [image!.channels, image!.side, image!.side] }];
  const count = labels?.names.length ?? 1;
  const outputs: TritonTensor[] = [
    { name: "logits", type: "TYPE_FP32", dims: headAnswers(model.task)?.words ? [-1, count] : [count] },
  ];
  return { model: { name, inputs, outputs, labels: labels?.names ?? [] }, file };
}
