// The test page's worker: runs the reference checks on the runtimes of a browser and answers with plain data.
import type { Runtime } from "../../../src/runtime/index.ts";
import { createWasmRuntime, wasmThreads } from "../../../src/runtime/web/ort.ts";
import { createWebgpuRuntime } from "../../../src/runtime/web/webgpu.ts";
import { coveredModels, goldenModel, relativeError, runPadded } from "../../models/golden.ts";
import { adapters } from "../../ops/adapters.ts";
import { opCases, runCase } from "../../ops/golden.ts";
import { goldenGradients } from "../gradients.ts";
import { shortRun } from "../training.ts";

/** Which runtime a task runs on; a worker uses one. */
export interface TaskOptions {
  /** Default WebAssembly. */
  readonly device?: "webgpu";
  readonly threads?: number;
  /** Names of reference models. Default all. */
  readonly models?: readonly string[];
  /** Of a training run. Default 5. */
  readonly epochs?: number;
}

const warnings: string[] = [];
const files = new URL("/ort/", location.href);
const runtimeOf = ({ device, threads }: TaskOptions): Runtime =>
  device === "webgpu"
    ? createWebgpuRuntime({ files })
    : createWasmRuntime({ threads, files, warn: (message) => warnings.push(message) });

const tasks = {
  /** What fails of the reference operations: name → disagreements. */
  async ops(runtime: Runtime) {
    const cases = opCases();
    const failed: Record<string, string[]> = {};
    for (const [i, c] of cases.entries()) {
      const found = await runCase(runtime, c, adapters[c.op]!).catch((e: unknown) => [String(e)]);
      if (found.length) failed[`${c.op} #${i}: ${c.torch}`] = found;
    }
    return { count: cases.length, failed };
  },

  /** Relative errors of each reference model over their tolerances: at most 1 passes. */
  async models(runtime: Runtime, { models = coveredModels }: TaskOptions) {
    const found: Record<string, { values: number; loss: number; gradient: number }> = {};
    for (const name of models) {
      const { model, weights, io, expected } = goldenModel(name);
      const values = Object.entries(await runPadded(runtime, model, weights, io)).map(
        ([key, { data }]) =>
          relativeError(data as Float32Array, io.get(key)!.data as Float32Array) /
          expected.tolerance[key === "logits" ? "logits" : "hidden_states"]!,
      );
      const { loss, gradient } = await goldenGradients(runtime, name);
      found[name] = { values: Math.max(...values), loss, gradient };
    }
    return found;
  },

  training: (runtime: Runtime, { epochs = 5 }: TaskOptions) => shortRun(runtime, epochs),

  surroundings: async () => ({ isolated: self.crossOriginIsolated, threads: wasmThreads(), warnings }),
};

export type Tasks = { [K in keyof typeof tasks]: Awaited<ReturnType<(typeof tasks)[K]>> };

interface Request {
  readonly id: number;
  readonly task: keyof Tasks;
  readonly options: TaskOptions;
}

self.addEventListener("message", ({ data: { id, task, options } }: MessageEvent<Request>) => {
  // the threads of the runtime send messages of their own
  if (id === undefined) return;
  tasks[task](runtimeOf(options), options).then(
    (result) => self.postMessage({ id, result }),
    (error: unknown) => self.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
