// Inner products of what two uses of one parameter add to an example's gradient: tied tables, layers that are used twice.
import { ConcordError } from "../base/index.ts";
import {
  add,
  broadcastTo,
  cast,
  equal,
  gatherElements,
  matmul,
  maximum,
  mul,
  type Node,
  not,
  reshape,
  sizeOfDims,
  sum,
  transpose,
  type Value,
} from "../graph/index.ts";
import type { ExampleRows } from "./example-rows.ts";

/** One place where a parameter enters. */
export interface Site {
  readonly node: Node;
  /** Input of the node. */
  readonly which: number;
  /** Gradient of the node's first output. */
  readonly g: Value;
}

const asRows = (x: Value): Value => reshape(x, [sizeOfDims(x.shape.slice(0, -1)), x.shape.at(-1)!]);

/**
 * ⟨a, b⟩ of each example [B].
 * @throws E_GRADIENT where the pair is not covered (norms and convolutions used twice)
 */
export function crossTerm(name: string, a: Site, b: Site, rows: ExampleRows): Value {
  const kinds = [a.node.op, b.node.op].join(" ");
  const matrices = a.which === 1 && b.which === 1;
  if (kinds === "linear linear" && matrices) return linearPair(a, b, rows);
  if (kinds === "embed embed") return tablePair(a, b, rows);
  if (kinds === "embed linear" && b.which === 1) return tiedPair(a, b, rows);
  if (kinds === "linear embed" && a.which === 1) return tiedPair(b, a, rows);
  throw new ConcordError("E_GRADIENT", {
    operation: "private training",
    problem: `${name} is used more than once, through ${a.node.op} and ${b.node.op}: their example norms have cross terms that are not known`,
    hint: "freeze it: train an adapter (adapt.method: lora)",
  });
}

// Σ_{s,t} (dy_s·dy'_t)(x_s·x'_t)
function linearPair(a: Site, b: Site, { blocks }: ExampleRows): Value {
  const part = (v: Value) => blocks(asRows(v));
  const dots = (u: Value, v: Value) => matmul(part(u), part(v), { transposeB: true });
  return sum(mul(dots(a.g, b.g), dots(a.node.inputs[0]!, b.node.inputs[0]!)), { axes: [1, 2] });
}

/** Ids of a look-up as [B, S, 1] of the gradient's dtype: 0 in slots of padding, id + 1 elsewhere; 0 too where the padding row is read. */
function idBlocks({ node, g }: Site, { blocks }: ExampleRows): { ids: Value; dy: Value } {
  const ids = reshape(node.inputs[1]!, [sizeOfDims(node.inputs[1]!.shape), 1]);
  const dy = asRows(g);
  const skip = node.attrs.paddingId as number | undefined;
  const kept = skip === undefined ? dy : mul(dy, cast(not(equal(ids, skip)), g.dtype));
  return { ids: blocks(cast(add(ids, 1), g.dtype)), dy: blocks(kept) };
}

// Σ_{s,t} [id_s = id'_t] dy_s·dy'_t
function tablePair(a: Site, b: Site, rows: ExampleRows): Value {
  const [left, right] = [idBlocks(a, rows), idBlocks(b, rows)];
  const same = cast(equal(left.ids, transpose(right.ids, [0, 2, 1])), left.dy.dtype);
  return sum(mul(same, matmul(left.dy, right.dy, { transposeB: true })), { axes: [1, 2] });
}

// rows of the table by id, and x·Wᵀ with the same table: Σ_{s,k} dy'_k[id_s]·(dy_s·x_k)
function tiedPair(table: Site, product: Site, rows: ExampleRows): Value {
  const { ids, dy } = idBlocks(table, rows);
  const outer = rows.blocks(asRows(product.g)); // [B, K, V]
  const x = rows.blocks(asRows(product.node.inputs[0]!)); // [B, K, H]
  const [b, k] = outer.shape as [string, string];
  const s = ids.shape[1]!;
  const index = cast(maximum(add(ids, -1), 0), "int32"); // padding reads id 0, where dy is 0
  const picked = gatherElements(outer, broadcastTo(reshape(index, [b, 1, s]), [b, k, s]), 2); // [B, K, S]
  return sum(mul(picked, matmul(x, dy, { transposeB: true })), { axes: [1, 2] });
}
