// Graph as text: the snapshot format, and what a person reads. One line per node; constants by size.
import { type HostArray, sizeOf } from "../base/index.ts";
import { typeText } from "./dims.ts";
import { type Graph, nodesOf } from "./graph.ts";
import type { Attr, Value } from "./value.ts";

/** Text of a graph, with values numbered in running order, so that equal graphs print equally. */
export function print(graph: Graph): string {
  const names = new Map<Value, string>(graph.inputs.map(([name, value]) => [value, `$${name}`]));
  const lines = [`graph(${graph.inputs.map(([name, v]) => `${name}: ${typeText(v)}`).join(", ")})`];
  let next = 0;
  for (const node of nodesOf(graph)) {
    if (node.op === "input") continue;
    for (const out of node.outputs) names.set(out, `%${next++}`);
    const left = node.outputs.map((v) => `${names.get(v)}: ${typeText(v)}`).join(", ");
    const attrs = Object.entries(node.attrs)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => `${k}=${attrText(v)}`);
    const call = `${node.op}(${[...node.inputs.map((v) => names.get(v) ?? "?"), ...attrs].join(", ")})`;
    lines.push(`  ${left} = ${call}${node.scope ? `  # ${node.scope}` : ""}`);
  }
  return [...lines, `  return ${graph.outputs.map(([name, v]) => `${name}=${names.get(v)}`).join(", ")}`, ""].join(
    "\n",
  );
}

function attrText(attr: Attr): string {
  if (typeof attr !== "object" || attr === null) return String(attr);
  if (Array.isArray(attr)) return `[${attr.join(",")}]`;
  const value = attr as HostArray;
  return sizeOf(value.shape) <= 4
    ? `${value.dtype}[${value.shape}]{${[...(value.data as Float32Array)].join(",")}}`
    : `${value.dtype}[${value.shape}]{…}`;
}
