// A runtime that runs models as they will be stored, without writing a file.
import type { Binding } from "../onnx/index.ts";
import type { Runtime } from "../runtime/index.ts";

/** The runtime with other bindings of named parameters. @param bind of every parameter that is stored otherwise */
export const storedRuntime = (runtime: Runtime, bind: Readonly<Record<string, Binding>>): Runtime => ({
  name: runtime.name,
  compile: (graph, options = {}) => runtime.compile(graph, { ...options, bind: { ...options.bind, ...bind } }),
});
