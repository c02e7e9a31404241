// Checks every rule a graph must keep; run after each pass in tests and before lowering.
import { ConcordError, type HostArray, sizeOf } from "../base/index.ts";
import { opOf } from "./apply.ts";
import { typeText } from "./dims.ts";
import { type Graph, nodesOf } from "./graph.ts";
import type { Node } from "./value.ts";

/**
 * Checks a graph: no cycle, known ops, types as the shape rules give them, inputs declared and unique, constants of their size.
 * @throws E_GRAPH naming the first node at fault
 */
export function verify(graph: Graph): void {
  const declared = new Set(graph.inputs.map(([, v]) => v.node));
  const names = graph.inputs.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) broken("input", `two inputs are named ${twice}`);
  const before = new Set<Node>();
  for (const node of nodesOf(graph)) {
    if (node.inputs.some((v) => !before.has(v.node))) broken(node.op, "reads its own result: a cycle", undefined, node);
    before.add(node);
    if (node.op === "input") {
      if (!declared.has(node)) broken("input", `${String(node.attrs.name)} is used but is not an input of the graph`);
      continue;
    }
    checkTypes(node);
  }
}

function checkTypes(node: Node): void {
  const fail = (problem: string, expected: string): never => broken(node.op, problem, expected, node);
  const types = [opOf(node.op).shape(node.inputs, node.attrs, fail)].flat();
  if (types.length !== node.outputs.length) broken(node.op, "wrong number of outputs", String(types.length), node);
  if (node.op === "constant") {
    const { shape, data } = node.attrs.value as HostArray;
    if (data.length !== sizeOf(shape))
      broken(node.op, "the data does not fill the shape", `${sizeOf(shape)} elements for [${shape}]`, node);
  }
  types.forEach((type, i) => {
    if (typeText(type) !== typeText(node.outputs[i]!))
      broken(node.op, `output ${i} has another type than its rule gives`, typeText(type), node);
  });
}

function broken(operation: string, problem: string, expected?: string, node?: Node): never {
  throw new ConcordError("E_GRAPH", {
    operation,
    problem,
    expected,
    got: node && `${node.inputs.map(typeText).join(" · ")} → ${node.outputs.map(typeText).join(", ")}`,
    at: node?.scope || undefined,
  });
}
