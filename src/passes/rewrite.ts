// The engine of every pass: rebuilds a graph bottom-up, giving each node to a table of rewrites until none applies.
import { applyAll, type Graph, makeGraph, makeNode, type Node, nodesOf, type Value } from "../graph/index.ts";

/** One row of a pass: what it is, as an equation, and the replacement of a node's outputs, or undefined where it does not fit. */
export interface Rewrite {
  /** `transpose(transpose(x, p), q) → transpose(x, p∘q)`. */
  readonly rule: string;
  apply(node: Node): readonly Value[] | undefined;
}

/** A graph in which no rewrite of the table applies any more. Inputs keep their names and order. */
export function rewrite(graph: Graph, table: readonly Rewrite[]): Graph {
  return rebuild(graph, (node) => {
    let outputs: readonly Value[] = node.outputs;
    for (let again = true; again; ) {
      again = false;
      const current = outputs[0]!.node;
      if (current.op === "input" || !outputs.every((v, i) => v.node === current && v.index === i)) break;
      for (const row of table) {
        const next = row.apply(current);
        if (next && next[0] !== outputs[0]) {
          outputs = next;
          again = true;
          break;
        }
      }
    }
    return outputs;
  });
}

/** A graph with each node (its inputs already rebuilt) replaced by what `change` gives for its outputs. */
export function rebuild(graph: Graph, change: (node: Node) => readonly Value[]): Graph {
  const replaced = new Map<Value, Value>(graph.inputs.map(([, v]) => [v, v]));
  for (const node of nodesOf(graph)) {
    if (node.op === "input") continue;
    const inputs = node.inputs.map((v) => replaced.get(v)!);
    const same = inputs.every((v, i) => v === node.inputs[i]);
    change(same ? node : makeNode(node.op, inputs, node.attrs, node.outputs, node.scope)).forEach((v, i) => {
      replaced.set(node.outputs[i]!, v);
    });
  }
  return makeGraph(
    Object.fromEntries(graph.inputs),
    Object.fromEntries(graph.outputs.map(([name, v]) => [name, replaced.get(v) ?? v])),
  );
}

/** Applies an op again on other inputs, keeping its attributes. */
export const reapply = (node: Node, inputs: readonly Value[]): readonly Value[] =>
  applyAll(node.op, inputs, node.attrs);
