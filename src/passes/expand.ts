// Replaces ops that a target has no kernel for by their own decomposition, recursively.
import { ConcordError } from "../base/index.ts";
import { type Graph, type Node, opOf, topological, type Value } from "../graph/index.ts";
import { rebuild } from "./rewrite.ts";

/** A graph in which every op satisfies `has`. @throws E_LOWER for an op with neither kernel nor decomposition */
export function expand(graph: Graph, has: (node: Node) => boolean): Graph {
  let current = graph;
  for (let round = 0; round < 8; round++) {
    if (topological(current.outputs.map(([, v]) => v)).every((node) => node.op === "input" || has(node)))
      return current;
    current = rebuild(current, (node): readonly Value[] => {
      if (has(node)) return node.outputs;
      const { decompose } = opOf(node.op);
      if (!decompose)
        throw new ConcordError("E_LOWER", {
          operation: node.op,
          problem: "the target has no kernel and the op no decomposition",
          at: node.scope || undefined,
        });
      return decompose(node.inputs, node.attrs);
    });
  }
  throw new ConcordError("E_LOWER", { operation: "expand", problem: "decompositions do not end" });
}
