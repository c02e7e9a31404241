// One compiled model for several sets of weights that differ in a few: these are fed, all others are stored once. Knows no adapter.
import type { HostArray } from "../base/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";

/**
 * Runtimes that share what the first of them compiles: all have to compile the same graph with the same other weights.
 * @param switched names of the weights that differ
 * @returns a runtime for each set of them; what they compile is let go of with the last of them
 * @example const of = switchedRuntime(cpuRuntime, new Set(["classifier.weight"])); const p = await textPredictor(model, weights, tokenizer, of({ "classifier.weight": other }));
 */
export function switchedRuntime(
  runtime: Runtime,
  switched: ReadonlySet<string>,
): (fed: Readonly<Record<string, HostArray>>) => Runtime {
  let shared: Promise<Executable> | undefined;
  let users = 0;
  return (fed) => ({
    ...runtime,
    async compile(graph, { bind = {}, ...options } = {}) {
      const stored = Object.fromEntries(Object.entries(bind).filter(([name]) => !switched.has(name)));
      shared ??= runtime.compile(graph, { ...options, bind: stored });
      users++;
      const executable = await shared;
      return {
        run: (feeds) => executable.run({ ...fed, ...feeds }),
        async dispose() {
          if (--users === 0) await executable.dispose();
        },
      };
    },
  });
}
