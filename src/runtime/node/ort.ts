// The door to onnxruntime-node: the CPU runtime.
import { ConcordError, type HostArray } from "../../base/index.ts";
import { type CompileOptions, type Executable, type OnnxFiles, type Runtime, toOnnxFiles } from "../runtime.ts";
import { executable, type MakeTensor, type OrtSession } from "../session.ts";
import { missingRuntime, nativeRuntime } from "./native.ts";

/** Loads the package, or the copy that was kept of it. @throws E_DEPENDENCY */
const load = (): Promise<typeof import("onnxruntime-node")> =>
  import("onnxruntime-node").catch(async (cause: unknown) => {
    const found = nativeRuntime();
    try {
      if (found?.kept) return await import(found.url);
    } catch (kept) {
      throw missingRuntime(found, kept);
    }
    throw missingRuntime(found, cause);
  });

/** Session settings that training needs (see docs/architecture.md): sequential, denormals as zero, no spinning between runs. */
const sessionOptions = (threads: number, provider: "cpu" | "webgpu" = "cpu") => ({
  executionProviders: [provider],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: "sequential" as const,
  graphOptimizationLevel: "all" as const,
  logSeverityLevel: 3 as const,
  extra: { session: { set_denormal_as_zero: "1", force_spinning_stop: "1" } },
});

/** A runtime over one of the package's providers. */
const runtimeOn = (name: string, provider: "cpu" | "webgpu"): Runtime => ({
  name,
  compile: async (graph, { bind = {}, threads = 2 }: CompileOptions = {}) => {
    const ort = await load();
    // the package types `run` wider than the part that OrtSession names
    const { bytes, external } = toOnnxFiles(graph, provider, bind, "weights", { fileBytes: 0 });
    const session = (await create(ort, bytes, threads, provider, external)) as unknown as OrtSession;
    const stored = new Set(Object.keys(bind).filter((key) => bind[key]!.kind !== "input"));
    return executable(
      graph,
      session,
      ((type, data, dims) => new ort.Tensor(type as "float32", data as Float32Array, dims)) as MakeTensor,
      stored,
    );
  },
});

/** ONNX Runtime on the CPU. @example const f = await cpuRuntime.compile(graph); const { y } = await f.run({ x }); */
export const cpuRuntime: Runtime = runtimeOn("cpu", "cpu");

/** ONNX Runtime on a GPU through WebGPU (Vulkan, Metal, Direct3D 12). @throws E_DEVICE where there is none */
export const gpuRuntime: Runtime = runtimeOn("gpu", "webgpu");

/** Providers that the installed package holds: `cpu`, `webgpu` … Whether a device is there shows only when one is used. */
export const runtimeProviders = async (): Promise<string[]> =>
  (await load())
    .listSupportedBackends()
    .filter((b) => b.bundled)
    .map((b) => b.name);

/**
 * Opens an ONNX file that exists already, such as an exported one: names in, names out, no graph of ours.
 * @param model its bytes, or a path (weights are then mapped, and shared between sessions)
 * @throws E_RUNTIME where the runtime refuses it
 */
export async function openOnnx(
  model: Uint8Array | string,
  { threads = 2 }: Pick<CompileOptions, "threads"> = {},
): Promise<Executable & { readonly inputs: readonly string[] }> {
  const ort = await load();
  const session = await create(ort, model, threads);
  return {
    inputs: session.inputNames,
    run: async (feeds) => {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { dtype, data, shape }]) => [
          name,
          new ort.Tensor(dtype as "float32", data as Float32Array, shape),
        ]),
      );
      const results = await session.run(tensors).catch((cause: unknown) => {
        throw new ConcordError("E_RUNTIME", {
          operation: "run",
          problem: cause instanceof Error ? cause.message : String(cause),
          cause,
        });
      });
      return Object.fromEntries(
        Object.entries(results).map(([name, t]) => [name, { dtype: t.type, shape: t.dims, data: t.data } as HostArray]),
      );
    },
    dispose: () => session.release(),
  };
}

/**
 * The runtime of one ONNX file with its weights inside: whatever graph of a model is compiled, the file answers.
 * @param path of the file; weights are mapped, and shared between sessions
 */
export const fileRuntime = (path: string): Runtime => ({
  name: "cpu",
  hasWeights: true,
  compile: async (_graph, { threads } = {}) => await openOnnx(path, { threads }),
});

async function create(
  ort: typeof import("onnxruntime-node"),
  model: Uint8Array | string,
  threads: number,
  provider: "cpu" | "webgpu" = "cpu",
  external: OnnxFiles["external"] = [],
) {
  const large = external.find((file) => file.sizeBytes >= 2 ** 31);
  if (large)
    throw new ConcordError("E_RUNTIME", {
      operation: "load graph",
      problem: "a weight is larger than ONNX Runtime takes from memory",
      expected: "less than 2 GiB a weight",
      got: `${large.sizeBytes} bytes`,
      hint: "write the model with saveOnnx and open its file with openOnnx",
    });
  const externalData = external.map(({ name, chunks }) => ({ path: name, data: chunks[0]! })); // a tensor each
  const options = { ...sessionOptions(threads, provider), ...(externalData.length && { externalData }) };
  const made =
    typeof model === "string"
      ? ort.InferenceSession.create(model, options)
      : ort.InferenceSession.create(model, options);
  return made.catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (provider === "webgpu" && /adapter|backend not found|provider .*(available|supported)/i.test(message))
      throw new ConcordError("E_DEVICE", {
        operation: "gpu runtime",
        problem: "no GPU can be used here",
        expected: "a GPU with a driver for Vulkan, Metal or Direct3D 12",
        got: message.replace(/^.*was false\. /s, "").slice(0, 200),
        hint: "use --device cpu",
        path: "device: gpu",
        cause,
      });
    throw new ConcordError("E_RUNTIME", { operation: "load graph", problem: message, cause });
  });
}
