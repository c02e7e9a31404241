// Graphs lowered for WebGPU, run by onnxruntime-node: on the CPU, which shows that they are valid ONNX with the right
// values, or on its WebGPU provider, where a Vulkan device exists (a software one counts).
import { InferenceSession, Tensor } from "onnxruntime-node";
import { lower, type OnnxModel, webgpuKernels, writeOnnx } from "../../src/onnx/index.ts";
import { prepare, type Runtime } from "../../src/runtime/index.ts";
import { executable, type MakeTensor, type OrtSession } from "../../src/runtime/session.ts";

export interface LoweredOptions {
  readonly provider: "cpu" | "webgpu";
  /** Told of each model before it is loaded. */
  readonly onModel?: (model: OnnxModel) => void;
  /** Start of the path of each graph's profile, which is written once the graph is disposed of. Default none is. */
  readonly profilePrefix?: string;
}

const makeTensor = ((type, data, dims) => new Tensor(type as "float32", data as Float32Array, dims)) as MakeTensor;

/** A runtime of WebGPU graphs. */
export const loweredRuntime = ({ provider, onModel, profilePrefix }: LoweredOptions): Runtime => ({
  name: `webgpu graphs on ${provider}`,
  compile: async (graph, { bind = {}, threads = 2 } = {}) => {
    const model = lower(prepare(graph, "webgpu"), { target: "webgpu", bind });
    onModel?.(model);
    const session = await InferenceSession.create(writeOnnx(model), {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      executionMode: "sequential",
      logSeverityLevel: 3,
      ...(profilePrefix && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    });
    const stored = new Set(Object.keys(bind).filter((name) => bind[name]!.kind !== "input"));
    const exe = executable(graph, session as unknown as OrtSession, makeTensor, stored);
    const dispose = async () => {
      if (profilePrefix) session.endProfiling();
      await exe.dispose();
    };
    return { ...exe, dispose };
  },
});

/** Operators of a model that the WebGPU provider has no kernel for. */
export const withoutKernel = (model: OnnxModel): string[] =>
  model.nodes.filter((n) => n.domain !== "" || !webgpuKernels.has(n.op)).map((n) => n.op);
