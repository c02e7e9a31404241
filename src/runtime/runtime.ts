// What every runtime offers: load a lowered graph, run it on named host arrays. Knows no provider.
import type { HostArray } from "../base/index.ts";
import { fromRef, type Graph, interpret } from "../graph/index.ts";
import {
  type Binding,
  type ExternalFile,
  hasRow,
  lower,
  lowerToBytes,
  type Target,
  withExternalData,
  writeOnnx,
} from "../onnx/index.ts";
import { expand, optimise } from "../passes/index.ts";

export type Feeds = Readonly<Record<string, HostArray>>;

/** A compiled graph. Call `dispose` when done: sessions hold native memory. */
export interface Executable {
  /** Runs once. Arrays given may be views of larger memory; arrays returned are fresh. */
  run(feeds: Feeds): Promise<Record<string, HostArray>>;
  dispose(): Promise<void>;
}

export interface CompileOptions {
  /** How named inputs are bound; the rest are fed at every run. */
  readonly bind?: Readonly<Record<string, Binding>>;
  /** Threads of one operator. Default 2, or 1 in a page that cannot share memory; never the machine's count, which ignores container limits. */
  readonly threads?: number;
}

/** One way to run graphs. */
export interface Runtime {
  readonly name: string;
  /** Set where what it compiles holds its weights already: none are bound. */
  readonly hasWeights?: true;
  compile(graph: Graph, options?: CompileOptions): Promise<Executable>;
}

/** Passes and lowering in one step: the bytes that a session is made from. */
export function toOnnx(graph: Graph, target: Target, bind: CompileOptions["bind"] = {}): Uint8Array {
  return lowerToBytes(prepare(graph, target), { target, bind });
}

/** A lowered model and the files that hold its weights where it is larger than one file may be. */
export interface OnnxFiles {
  readonly bytes: Uint8Array;
  readonly external: readonly ExternalFile[];
}

/**
 * As {@link toOnnx}, for a model of any size: weights beyond `limitBytes` lie in files of their own, which are views of the weights.
 * @param name of the first of these files
 * @param sizes `limitBytes`, `fileBytes`: see `withExternalData` of the room onnx
 */
export function toOnnxFiles(
  graph: Graph,
  target: Target,
  bind: CompileOptions["bind"],
  name: string,
  { limitBytes, fileBytes }: { readonly limitBytes?: number; readonly fileBytes?: number } = {},
): OnnxFiles {
  const lowered = lower(prepare(graph, target), { target, bind });
  const { model, files } = withExternalData(lowered, name, limitBytes, fileBytes);
  return { bytes: writeOnnx(model), external: files };
}

/** A graph after the standard passes, every op of which the target has. */
export const prepare = (graph: Graph, target: Target): Graph => optimise(expand(optimise(graph), hasRow(target)));

/** The float64 interpreter as a runtime: results are rounded to each output's dtype. */
export const referenceRuntime: Runtime = {
  name: "reference",
  compile: async (graph, { bind = {} } = {}) => {
    const stored = Object.fromEntries(
      Object.entries(bind).flatMap(([name, b]) => (b.kind === "input" ? [] : [[name, b.array]])),
    );
    return {
      run: async (feeds) =>
        Object.fromEntries(
          Object.entries(interpret(graph, { ...stored, ...feeds })).map(([name, array]) => [name, fromRef(array)]),
        ),
      dispose: async () => {},
    };
  },
};
