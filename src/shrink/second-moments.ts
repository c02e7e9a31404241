// Sums of x·xᵀ over the rows that matrices multiply, by the matrix's name: what factors are chosen by. Knows no model.
import type { HostArray } from "../base/index.ts";
import { input, makeGraph, matmul } from "../graph/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";

/** Collects factors and adds up their moments. */
export interface SecondMoments {
  /** [n, n] by name, of what was added so far. */
  readonly moments: ReadonlyMap<string, Float64Array>;
  /** Takes the rows that a matrix multiplied, [..., n]; they wait until `add`. */
  observe(name: string, rows: HostArray<"float32">): void;
  /** Adds what waits. Call it often: the rows are held until then. */
  add(): Promise<void>;
  dispose(): Promise<void>;
}

/** @example const found = secondMoments(cpuRuntime); found.observe("w", rows); await found.add(); found.moments.get("w"); */
export function secondMoments(runtime: Runtime): SecondMoments {
  const moments = new Map<string, Float64Array>();
  const waiting: [name: string, rows: HostArray<"float32">][] = [];
  const compiled = new Map<number, Promise<Executable>>();
  const productOf = (width: number): Promise<Executable> => {
    const x = input("x", "float32", ["T", width]);
    const graph = makeGraph({ x }, { product: matmul(x, x, { transposeA: true }) });
    const made = compiled.get(width) ?? runtime.compile(graph);
    compiled.set(width, made);
    return made;
  };
  return {
    moments,
    observe: (name, rows) => void waiting.push([name, rows]),
    async add() {
      for (const [name, { data, shape }] of waiting.splice(0)) {
        const width = shape.at(-1)!;
        const executable = await productOf(width);
        const { product } = await executable.run({
          x: { dtype: "float32", shape: [data.length / width, width], data },
        });
        const sum = moments.get(name) ?? new Float64Array(width * width);
        (product!.data as Float32Array).forEach((value, i) => {
          sum[i]! += value;
        });
        moments.set(name, sum);
      }
    },
    async dispose() {
      for (const one of compiled.values()) await (await one).dispose();
    },
  };
}
