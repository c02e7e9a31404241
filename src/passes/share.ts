// Shares equal nodes: same op, same attributes, same inputs (in either order where the op commutes).
import type { HostArray } from "../base/index.ts";
import { type Attr, type Graph, type Node, opOf, typeText, type Value } from "../graph/index.ts";
import { rebuild } from "./rewrite.ts";

/** A graph in which no two nodes compute the same thing. */
export function share(graph: Graph): Graph {
  const seen = new Map<string, readonly Value[]>();
  return rebuild(graph, (node) => {
    const key = keyOf(node);
    const before = seen.get(key);
    if (before) return before;
    seen.set(key, node.outputs);
    return node.outputs;
  });
}

function keyOf(node: Node): string {
  const ids = node.inputs.map((v) => `${v.node.id}.${v.index}`);
  if (opOf(node.op).traits.commutative) ids.sort();
  const attrs = Object.entries(node.attrs).map(([k, v]) => `${k}=${attrKey(v)}`);
  return `${node.op}(${ids})${attrs.join(";")}:${node.outputs.map(typeText).join(";")}`;
}

const arrays = new WeakMap<object, number>();
let nextArray = 0;

/** Small arrays by content, large ones by identity. */
function attrKey(attr: Attr): string {
  if (typeof attr !== "object" || attr === null || Array.isArray(attr)) return String(attr);
  const { dtype, shape, data } = attr as HostArray;
  if (data.length <= 64)
    return `${dtype}[${shape}]${[...(data as Float32Array)].map((x) => (Object.is(x, -0) ? "-0" : x))}`;
  if (!arrays.has(data)) arrays.set(data, nextArray++);
  return `#${arrays.get(data)}[${shape}]`;
}
