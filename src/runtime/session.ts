// The part of onnxruntime's interface that both its packages share, and an Executable over it. Imports neither package.
import { ConcordError, type HostArray } from "../base/index.ts";
import { bindSymbols, type Graph } from "../graph/index.ts";
import type { Executable } from "./runtime.ts";

/** The tensor and session that both onnxruntime packages have. */
export interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}
export interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}
export type MakeTensor = (type: string, data: unknown, dims: readonly number[]) => OrtTensor;

/** An executable over a session: checks the feeds against the graph's sizes, wraps them without a copy, unwraps the results. */
export function executable(
  graph: Graph,
  session: OrtSession,
  makeTensor: MakeTensor,
  stored: ReadonlySet<string>,
): Executable {
  const fed: Graph = { inputs: graph.inputs.filter(([name]) => !stored.has(name)), outputs: graph.outputs };
  const types = new Map(graph.outputs.map(([name, v]) => [name, v.dtype]));
  return {
    run: async (feeds) => {
      bindSymbols(fed, feeds);
      const tensors: Record<string, OrtTensor> = {};
      for (const [name, value] of fed.inputs) {
        const { dtype, data, shape } = feeds[name]!;
        if (dtype !== value.dtype)
          throw new ConcordError("E_DTYPE", {
            operation: `input ${name}`,
            problem: "another element type",
            expected: value.dtype,
            got: dtype,
          });
        tensors[name] = makeTensor(dtype, data, shape);
      }
      const results = await session.run(tensors).catch((cause: unknown) => {
        throw new ConcordError("E_RUNTIME", {
          operation: "run",
          problem: cause instanceof Error ? cause.message : String(cause),
          cause,
        });
      });
      return Object.fromEntries(
        Object.entries(results).map(([name, t]) => [
          name,
          { dtype: types.get(name)!, shape: t.dims, data: t.data } as HostArray,
        ]),
      );
    },
    dispose: () => session.release(),
  };
}
