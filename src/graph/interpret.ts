// The reference interpreter: runs a graph in float64, one op record at a time. The oracle of every test; slow on purpose.
import { allocate, ConcordError, type HostArray } from "../base/index.ts";
import { opOf } from "./apply.ts";
import { type Dim, evalDim } from "./dims.ts";
import { type Graph, nodesOf } from "./graph.ts";
import type { EvalContext, RefArray, Value } from "./value.ts";

/**
 * Evaluates a graph in float64.
 * @param feeds an array per input name; a size bound twice must agree
 * @returns an array per output name, every dtype held in doubles
 * @throws E_SHAPE for a missing feed or sizes that do not fit
 */
export function interpret(
  graph: Graph,
  feeds: Readonly<Record<string, HostArray | RefArray>>,
): Record<string, RefArray> {
  const symbols = bindSymbols(graph, feeds);
  const context: EvalContext = { dim: (d: Dim) => evalDim(d, symbols) };
  const values = new Map<Value, RefArray>();
  for (const [name, value] of graph.inputs) values.set(value, toRef(feeds[name]!));
  for (const node of nodesOf(graph)) {
    if (node.op === "input") continue;
    const results = [
      opOf(node.op).eval(
        node.inputs.map((v) => values.get(v)!),
        node.attrs,
        context,
      ),
    ].flat();
    results.forEach((result, i) => {
      values.set(node.outputs[i]!, result);
    });
  }
  return Object.fromEntries(graph.outputs.map(([name, v]) => [name, values.get(v)!]));
}

/** Values of the symbols in the inputs' sizes. @throws E_SHAPE where a feed is missing or does not fit */
export function bindSymbols(
  graph: Graph,
  feeds: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): Map<string, number> {
  const symbols = new Map<string, number>();
  for (const [name, value] of graph.inputs) {
    const feed = feeds[name];
    const bad = (problem: string): never => {
      throw new ConcordError("E_SHAPE", {
        operation: `input ${name}`,
        problem,
        expected: `[${value.shape}]`,
        got: feed ? `[${feed.shape}]` : "nothing",
      });
    };
    if (!feed) return bad("no array was given");
    if (feed.shape.length !== value.shape.length) bad("another rank");
    value.shape.forEach((dim, i) => {
      const size = feed.shape[i]!;
      if (typeof dim === "string" && /^[A-Za-z_]\w*$/.test(dim) && !symbols.has(dim)) symbols.set(dim, size);
    });
  }
  for (const [name, value] of graph.inputs)
    value.shape.forEach((dim, i) => {
      const [want, got] = [evalDim(dim, symbols), feeds[name]!.shape[i]!];
      if (want !== got)
        throw new ConcordError("E_SHAPE", {
          operation: `input ${name}`,
          problem: `axis ${i} does not fit`,
          expected: `${dim}${typeof dim === "string" ? ` = ${want}` : ""}`,
          got: String(got),
        });
    });
  return symbols;
}

/** A host array in doubles. */
export function toRef(x: HostArray | RefArray): RefArray {
  return x.data instanceof Float64Array
    ? (x as RefArray)
    : { dtype: x.dtype, shape: x.shape, data: Float64Array.from(x.data as Float32Array, Number) };
}

/** Doubles back in their dtype. */
export function fromRef(x: RefArray): HostArray {
  const data = allocate(x.dtype, x.data.length);
  for (let i = 0; i < x.data.length; i++) data[i] = (x.dtype === "int64" ? BigInt(x.data[i]!) : x.data[i]!) as never;
  return { dtype: x.dtype, shape: x.shape, data };
}
