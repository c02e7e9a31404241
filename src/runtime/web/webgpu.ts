// The door to onnxruntime-web's WebGPU build: graphs on the device of a browser. Serves no file: pages say where the wasm is.
// Experimental: run so far on SwiftShader only, a device that computes on the CPU (test/web/browser/webgpu.e2e.ts).
import { ConcordError } from "../../base/index.ts";
import { type CompileOptions, type Runtime, toOnnx } from "../runtime.ts";
import { executable, type MakeTensor, type OrtSession } from "../session.ts";

type Ort = typeof import("onnxruntime-web/webgpu");

export interface WebgpuOptions {
  /**
   * URL of the folder that serves `ort-wasm-simd-threaded.asyncify.mjs` and `.wasm` of onnxruntime-web (27 MB; the
   * package has them in `dist`), ending in `/`. Default: beside the page's script, where some bundlers put them.
   */
  readonly files?: string | URL;
  /** Which device is wanted where there are several. Default the browser's choice. */
  readonly powerPreference?: "low-power" | "high-performance";
}

let loaded: Promise<Ort> | undefined;
// the build suspends inside WebAssembly while the device works, so one thing is done at a time
let last: Promise<unknown> = Promise.resolve();

/**
 * ONNX Runtime on WebGPU, in a page or a worker of a browser. Weights and feeds are copied to the device at every run.
 * @throws E_RUNTIME (on compile) where the browser offers no device
 * @example
 * const f = await createWebgpuRuntime({ files: new URL("/ort/", location.href) }).compile(graph);
 */
export function createWebgpuRuntime(options: WebgpuOptions = {}): Runtime {
  return {
    name: "webgpu",
    compile: async (graph, { bind = {} }: CompileOptions = {}) => {
      loaded ??= load(options);
      const ort = await loaded;
      const model = toOnnx(graph, "webgpu", bind);
      const session = await inTurn(() => ort.InferenceSession.create(model, sessionOptions)).catch((cause: unknown) => {
        throw new ConcordError("E_RUNTIME", { operation: "load graph", problem: wordsOf(cause), cause });
      });
      const queued = {
        run: (feeds: Parameters<typeof session.run>[0]) => inTurn(() => session.run(feeds)),
        release: () => inTurn(() => session.release()),
      };
      const stored = new Set(Object.keys(bind).filter((name) => bind[name]!.kind !== "input"));
      return executable(
        graph,
        queued as unknown as OrtSession, // the package types `run` wider than the part used here
        ((type, data, dims) => new ort.Tensor(type as "float32", data as Float32Array, dims)) as MakeTensor,
        stored,
      );
    },
  };
}

const sessionOptions = {
  executionProviders: ["webgpu"],
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
} as const;

function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const result = last.then(task);
  last = result.catch(() => {});
  return result;
}

async function load({ files, powerPreference }: WebgpuOptions): Promise<Ort> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
  if (!(await gpu?.requestAdapter()))
    throw new ConcordError("E_RUNTIME", {
      operation: "webgpu runtime",
      problem: gpu ? "the browser has no WebGPU device" : "the browser has no WebGPU",
      hint: "use createWasmRuntime",
    });
  const ort = await import("onnxruntime-web/webgpu").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "webgpu runtime",
      problem: "onnxruntime-web is not installed",
      hint: "npm install onnxruntime-web",
      cause,
    });
  });
  ort.env.wasm.numThreads = 1;
  if (files !== undefined) ort.env.wasm.wasmPaths = String(files);
  if (powerPreference) ort.env.webgpu.powerPreference = powerPreference;
  return ort;
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
