// The door to onnxruntime-web: WebAssembly in browsers, workers and Node. Serves no file: pages say where the wasm is.
import { ConcordError, type HostArray } from "../../base/index.ts";
import { type CompileOptions, type Executable, type Runtime, toOnnx } from "../runtime.ts";
import { executable, type MakeTensor, type OrtSession } from "../session.ts";

type Ort = typeof import("#onnxruntime-web");

/** Where the runtime's files are, and how many threads it gets. */
export interface WasmOptions {
  /**
   * Threads of one operator. All runtimes of a page, worker or process have one thread pool, so the first graph that is
   * compiled decides. More than 1 needs shared memory: Node has it, a page only when it is cross-origin isolated (served
   * with `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`); elsewhere 1 is
   * used, with a warning when more was asked for. Default 2 where memory can be shared, else 1.
   */
  readonly threads?: number;
  /**
   * URL of the folder that serves `ort-wasm-simd-threaded.mjs` and `.wasm` of onnxruntime-web (14 MB; the package has
   * them in `dist`), ending in `/`. Pages with threads need it: the file's own URL is what their threads load. Default:
   * beside the page's script, where some bundlers put the files by themselves; ignored in Node, where the package is.
   */
  readonly files?: string | URL;
  /** Told once when fewer threads are used than asked for. Default `console.warn`. */
  readonly warn?: (message: string) => void;
}

// The pool of this page, worker or process: the first compile starts it.
let pool: { readonly threads: number; readonly ort: Promise<Ort> } | undefined;

const inNode =
  (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined &&
  !("window" in globalThis);

/**
 * ONNX Runtime on WebAssembly.
 * @example
 * const runtime = createWasmRuntime({ threads: 2, files: new URL("/ort/", location.href) });
 * const f = await runtime.compile(graph);
 */
export function createWasmRuntime(options: WasmOptions = {}): Runtime {
  return {
    name: "wasm",
    compile: async (graph, { bind = {}, threads }: CompileOptions = {}) => {
      const ort = await start(options, threads ?? options.threads);
      const model = toOnnx(graph, "cpu", bind);
      const session = await ort.InferenceSession.create(model, sessionOptions).catch((cause: unknown) => {
        throw new ConcordError("E_RUNTIME", { operation: "load graph", problem: wordsOf(cause), cause });
      });
      const stored = new Set(Object.keys(bind).filter((name) => bind[name]!.kind !== "input"));
      return executable(
        graph,
        session as unknown as OrtSession, // the package types `run` wider than the part used here
        ((type, data, dims) => new ort.Tensor(type as "float32", data as Float32Array, dims)) as MakeTensor,
        stored,
      );
    },
  };
}

/**
 * Opens an ONNX file, such as the one that a run exports.
 * @throws E_RUNTIME for bytes that are no model; E_CONFIG, E_DEPENDENCY as {@link createWasmRuntime}
 * @example const f = await openOnnx(new Uint8Array(await (await fetch("model.onnx")).arrayBuffer()));
 */
export async function openOnnx(model: Uint8Array, options: WasmOptions = {}): Promise<Executable> {
  const ort = await start(options, options.threads);
  const session = await ort.InferenceSession.create(model, sessionOptions).catch((cause: unknown) => {
    throw new ConcordError("E_RUNTIME", { operation: "open ONNX model", problem: wordsOf(cause), cause });
  });
  return {
    run: async (feeds) => {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { dtype, data, shape }]) => [
          name,
          new ort.Tensor(dtype as "float32", data as Float32Array, shape), // one overload for all types
        ]),
      );
      const results = await session.run(tensors);
      return Object.fromEntries(
        Object.entries(results).map(([name, t]) => [name, { dtype: t.type, shape: t.dims, data: t.data } as HostArray]),
      );
    },
    dispose: () => session.release(),
  };
}

/** {@link createWasmRuntime} with every default. */
export const wasmRuntime: Runtime = createWasmRuntime();

/** Threads in use by this page, worker or process; undefined before the first graph is compiled. */
export const wasmThreads = (): number | undefined => pool?.threads;

// WebAssembly has no denormals-as-zero mode: results near 1e-38 may differ from the CPU runtime's.
const sessionOptions = {
  executionProviders: ["wasm"],
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
} as const;

/** Loads the module once, with as many threads as may be. @throws E_CONFIG when it runs already with another number */
function start({ files, warn = console.warn }: WasmOptions, wanted: number | undefined): Promise<Ort> {
  const possible = sharesMemory();
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1))
    throw new ConcordError("E_CONFIG", {
      operation: "wasm runtime",
      problem: "not a number of threads",
      expected: "an integer of at least 1",
      got: String(wanted),
    });
  const threads = possible ? (wanted ?? pool?.threads ?? 2) : 1;
  if (pool && pool.threads !== threads)
    throw new ConcordError("E_CONFIG", {
      operation: "wasm runtime",
      problem: "it runs already, with another number of threads",
      expected: `${pool.threads}, as the first graph was compiled with`,
      got: `${threads}`,
      hint: "ask for the same number everywhere, or use another worker",
    });
  if (!pool && !possible && (wanted ?? 1) > 1)
    warn(
      `WebAssembly runs on 1 thread, not ${wanted}: this page is not cross-origin isolated; ` +
        "serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
    );
  pool ??= { threads, ort: load(threads, files) };
  return pool.ort;
}

const sharesMemory = (): boolean =>
  typeof SharedArrayBuffer === "function" &&
  (inNode || (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true);

async function load(threads: number, files: string | URL | undefined): Promise<Ort> {
  const ort = await import("#onnxruntime-web").catch((cause: unknown) => {
    throw new ConcordError("E_DEPENDENCY", {
      operation: "wasm runtime",
      problem: "onnxruntime-web is not installed",
      hint: "npm install onnxruntime-web",
      cause,
    });
  });
  ort.env.wasm.numThreads = threads;
  if (files !== undefined && !inNode) ort.env.wasm.wasmPaths = String(files);
  return ort;
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
