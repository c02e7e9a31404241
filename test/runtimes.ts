// Every runtime that the reference and conformance tests run on. A new runtime is one entry here.
import { type Runtime, referenceRuntime } from "../src/runtime/index.ts";
import { createWasmRuntime } from "../src/runtime/web/ort.ts";
import { cpuRuntime } from "./one-thread.ts";

export const runtimes: readonly Runtime[] = [referenceRuntime, cpuRuntime, createWasmRuntime({ threads: 1 })];
