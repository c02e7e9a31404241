// The door to onnxruntime-node: the CPU runtime.
import { ConcordError } from "../../base/index.ts";
import { type CompileOptions, type Runtime, toOnnx } from "../runtime.ts";
import { executable, type MakeTensor, type OrtSession } from "../session.ts";

const load = () =>
  import("onnxruntime-node").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "cpu runtime",
      problem: "onnxruntime-node is not installed for this platform",
      hint: "npm install onnxruntime-node",
      cause,
    });
  });

/** Session settings that training needs (see docs/architecture.md): sequential, denormals as zero, no spinning between runs. */
const sessionOptions = (threads: number) => ({
  executionProviders: ["cpu"],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: "sequential" as const,
  graphOptimizationLevel: "all" as const,
  logSeverityLevel: 3 as const,
  extra: { session: { set_denormal_as_zero: "1", force_spinning_stop: "1" } },
});

/** ONNX Runtime on the CPU. @example const f = await cpuRuntime.compile(graph); const { y } = await f.run({ x }); */
export const cpuRuntime: Runtime = {
  name: "cpu",
  compile: async (graph, { bind = {}, threads = 2 }: CompileOptions = {}) => {
    const ort = await load();
    const session = (await create(ort, toOnnx(graph, "cpu", bind), threads)) as unknown as OrtSession;
    const stored = new Set(Object.keys(bind).filter((name) => bind[name]!.kind !== "input"));
    return executable(
      graph,
      session,
      ((type, data, dims) => new ort.Tensor(type as "float32", data as Float32Array, dims)) as MakeTensor,
      stored,
    );
  },
};

/** A session from the bytes of an ONNX model, as exported: for checks of exported files. */
export async function create(ort: typeof import("onnxruntime-node"), bytes: Uint8Array, threads: number) {
  return ort.InferenceSession.create(bytes, sessionOptions(threads)).catch((cause: unknown) => {
    throw new ConcordError("E_RUNTIME", {
      operation: "load graph",
      problem: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
}
