// The CPU runtime of most tests: one thread where a test names no number. Several files run at once, and small graphs gain nothing from a second
// thread; what runs as a user's does (src/runs, the command line, servers) keeps the product's own number.
import type { Runtime } from "../src/runtime/index.ts";
import { cpuRuntime as cpu, openOnnx as open } from "../src/runtime/node/ort.ts";

export const cpuRuntime: Runtime = {
  ...cpu,
  compile: (graph, options = {}) => cpu.compile(graph, { ...options, threads: options.threads ?? 1 }),
};

export const openOnnx: typeof open = (model, { threads = 1 } = {}) => open(model, { threads });
