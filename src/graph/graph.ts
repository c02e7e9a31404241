// A traced graph: named inputs and outputs over an immutable DAG of nodes. Dead code is simply unreachable.
import type { DType } from "../base/index.ts";
import { ConcordError } from "../base/index.ts";
import { input } from "./build.ts";
import type { Dim } from "./dims.ts";
import type { Node, Value } from "./value.ts";

/** Named inputs and outputs; every node is reachable from an output. */
export interface Graph {
  readonly inputs: readonly (readonly [name: string, value: Value])[];
  readonly outputs: readonly (readonly [name: string, value: Value])[];
}

/** Element type and sizes of an input to trace with. */
export type InputSpec = readonly [dtype: DType, shape: readonly Dim[]];

/**
 * Runs a function once on symbolic values and keeps what it did.
 * @param specs name → dtype and sizes (numbers or symbols)
 * @param body gets the input values by name and returns the outputs by name
 * @throws whatever the ops throw, with the line of `body` that is at fault
 * @example trace({ x: ["float32", ["B", 4]] }, ({ x }) => ({ y: softmax(x) }))
 */
export function trace<K extends string>(
  specs: Readonly<Record<K, InputSpec>>,
  body: (inputs: Record<K, Value>) => Readonly<Record<string, Value>>,
): Graph {
  const values = Object.fromEntries(
    Object.entries<InputSpec>(specs).map(([name, [dtype, shape]]) => [name, input(name, dtype, shape)]),
  ) as Record<K, Value>;
  return makeGraph(values, body(values));
}

/** A graph from values that already exist; inputs that no output needs are kept, for a stable signature. @throws E_GRAPH for an output that is undefined */
export function makeGraph(inputs: Readonly<Record<string, Value>>, outputs: Readonly<Record<string, Value>>): Graph {
  for (const [name, value] of Object.entries(outputs))
    if (value === undefined)
      throw new ConcordError("E_GRAPH", { operation: "trace", problem: `output ${name} is undefined` });
  return { inputs: Object.entries(inputs), outputs: Object.entries(outputs) };
}

/** All nodes that the given values need, each after the ones it reads. */
export function topological(roots: Iterable<Value>): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const stack: [node: Node, expanded: boolean][] = [...roots].map((v): [Node, boolean] => [v.node, false]).reverse();
  while (stack.length) {
    const [node, expanded] = stack.pop()!;
    if (expanded) {
      order.push(node);
      continue;
    }
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push([node, true]);
    for (let i = node.inputs.length - 1; i >= 0; i--)
      if (!seen.has(node.inputs[i]!.node)) stack.push([node.inputs[i]!.node, false]);
  }
  return order;
}

/** Nodes of a graph in an order that can be run. */
export const nodesOf = (graph: Graph): Node[] => topological(graph.outputs.map(([, v]) => v));
