// A model repository of NVIDIA Triton: the ONNX file with its inputs and outputs. Texts are tokenised by the client.
import type { DeploymentFiles } from "./target.ts";

/** A tensor of the model's file. */
export interface TritonTensor {
  readonly name: string;
  readonly type: "TYPE_INT64" | "TYPE_FP32";
  /** Without the batch; −1 for a length that varies. */
  readonly dims: readonly number[];
}

export interface TritonModel {
  readonly name: string;
  readonly inputs: readonly TritonTensor[];
  readonly outputs: readonly TritonTensor[];
  /** Names of the answers. */
  readonly labels: readonly string[];
}

/** Files beside `<name>/1/model.onnx`. No Triton server ran them here. */
export function tritonFiles({ name, inputs, outputs, labels }: TritonModel): DeploymentFiles {
  const tensor = ({ name: own, type, dims }: TritonTensor, label = "") =>
    `  { name: "${own}" data_type: ${type} dims: [ ${dims.join(", ")} ]${label} }`;
  const list = (tensors: readonly TritonTensor[], labelled: boolean) =>
    tensors
      .map((one) =>
        tensor(one, labelled && one.name === "logits" && labels.length ? ' label_filename: "labels.txt"' : ""),
      )
      .join(",\n");
  return {
    [`${name}/config.pbtxt`]: `name: "${name}"
backend: "onnxruntime"
max_batch_size: 64
input [
${list(inputs, false)}
]
output [
${list(outputs, true)}
]
dynamic_batching { max_queue_delay_microseconds: 2000 }
instance_group [ { kind: KIND_CPU count: 1 } ]
`,
    ...(labels.length ? { [`${name}/labels.txt`]: `${labels.join("\n")}\n` } : {}),
  };
}
