// The worker of the bench's page: ours and what peers were bundled, all on two threads where they can.
import { createWasmRuntime, wasmThreads } from "../src/runtime/web/ort.ts";
import {
  type Contender,
  type Jax,
  jaxProducts,
  ourGraph,
  ourProducts,
  rounds,
  type Tfjs,
  tfjsProducts,
} from "./wasm-rounds.ts";

interface Request {
  readonly repeats: number;
  readonly threads: number;
  /** URLs of the peers' bundles; absent ones were not installed. */
  readonly tfjs?: string;
  readonly jax?: string;
}

interface TfjsBundle {
  readonly tf: Tfjs & { setBackend(name: string): Promise<boolean> };
  readonly wasm: {
    setWasmPaths(folder: string): void;
    setThreadsCount(count: number): void;
    getThreadsCount(): number;
  };
}

self.addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  if (data.repeats === undefined) return; // a message of the runtime's own threads
  const notes: string[] = [];
  const runtime = createWasmRuntime({ files: new URL("/ort/", location.href) });
  const contenders: Contender[] = [
    await ourGraph(runtime, data.threads),
    ...(await ourProducts(runtime, data.threads)),
  ];
  notes.push(`ours on ${wasmThreads()} threads`);
  if (data.tfjs) {
    // tfjs takes at most half of these for threads, whatever setThreadsCount says
    Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 * data.threads });
    const { tf, wasm } = (await import(data.tfjs)) as TfjsBundle;
    wasm.setWasmPaths("/tfjs/");
    wasm.setThreadsCount(data.threads);
    await tf.setBackend("wasm");
    contenders.push(...tfjsProducts(tf));
    notes.push(`tfjs-wasm on ${wasm.getThreadsCount()} threads`);
  }
  if (data.jax) {
    const jax = (await import(data.jax)) as Jax & {
      init(...devices: string[]): Promise<string[]>;
      defaultDevice(name: string): void;
    };
    await jax.init("wasm");
    jax.defaultDevice("wasm");
    contenders.push(...jaxProducts(jax));
    notes.push("jax-js on the threads it takes itself");
  }
  self.postMessage({ bench: { rates: await rounds(contenders, data.repeats, () => performance.now()), notes } });
});
