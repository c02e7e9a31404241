// Reverse-mode differentiation, graph → graph: walks nodes backwards and asks each op's record for its vector–Jacobian product.
import { ConcordError } from "../base/index.ts";
import { add, broadcastTo, type Node, opOf, scalar, scope, topological, type Value } from "../graph/index.ts";
import { type RegionOf, recomputed, tracedRegion } from "./checkpoint.ts";

/** Gradient of a table that is read by row: `rows` [N, H] belong to the row numbers `ids` [N]; duplicates add up. */
export interface RowGradient {
  readonly ids: Value;
  readonly rows: Value;
  /** Rows with this id do not count (a padding row). */
  readonly skipId?: number;
}

/** What {@link gradients} gives for one value: a dense gradient, row gradients of look-ups, or both (tied weights). */
export interface Gradient {
  readonly dense?: Value;
  readonly rows: readonly RowGradient[];
}

/**
 * Gradients of Σ outputs·seeds with respect to values.
 * @param outputs what is differentiated; each with a seed of its own shape (default ones)
 * @param wrt values anywhere in the graph; one that does not matter gets a gradient of zeros
 * @param regionOf which nodes are computed again instead of kept. Default as traced inside `checkpoint`
 * @throws E_GRADIENT where the path crosses an op without a gradient (`argmax`, comparisons …)
 * @example const [dw] = gradients([loss], [w])
 */
export function gradients(
  outputs: readonly Value[],
  wrt: readonly Value[],
  seeds: readonly Value[] = outputs.map(ones),
  regionOf?: RegionOf,
): Value[] {
  return backward(outputs, wrt, seeds, new Set(), regionOf).map(
    (g, i) => g.dense ?? broadcastTo(scalar(0, wrt[i]!.dtype), wrt[i]!.shape),
  );
}

/**
 * As {@link gradients}, but look-ups (`embed`) in a table are left as rows, to be summed by the host: a scatter in
 * the graph is slow or wrong on most runtimes.
 */
export function sparseGradients(
  outputs: readonly Value[],
  wrt: readonly Value[],
  seeds: readonly Value[] = outputs.map(ones),
  regionOf?: RegionOf,
): Gradient[] {
  return backward(outputs, wrt, seeds, new Set(wrt), regionOf);
}

const ones = (v: Value): Value => broadcastTo(scalar(1, v.dtype), v.shape);

function backward(
  outputs: readonly Value[],
  wrt: readonly Value[],
  seeds: readonly Value[],
  tables: ReadonlySet<Value>,
  regionOf: RegionOf = tracedRegion,
): Gradient[] {
  const kept = recomputed(regionOf);
  const order = topological(outputs);
  const needed = dependents(order, wrt);
  const total = new Map<Value, Value>();
  const rows = new Map<Value, RowGradient[]>();
  const accumulate = (value: Value, g: Value) => {
    const before = total.get(value);
    total.set(value, before ? add(before, g) : g);
  };
  outputs.forEach((value, i) => {
    accumulate(value, seeds[i]!);
  });
  for (const node of order.reverse()) {
    const gs = node.outputs.map((v) => total.get(v));
    if (!needed.has(node) || gs.every((g) => g === undefined)) continue;
    const { vjp, rowVjp } = opOf(node.op);
    const wanted = node.inputs.map((v) => needed.has(v.node) || wrt.includes(v));
    if (!wanted.some(Boolean)) continue;
    if (typeof vjp !== "function") {
      if (node.op === "stopGradient") continue;
      throw new ConcordError("E_GRADIENT", {
        operation: node.op,
        problem: `has no gradient: ${vjp.none}`,
        at: node.scope || undefined,
        hint: "use stopGradient(x) where none is meant to flow",
      });
    }
    const g = gs[0] ?? broadcastTo(scalar(0, node.outputs[0]!.dtype), node.outputs[0]!.shape);
    scope(`${node.scope}′`, () => {
      if (rowVjp && tables.has(node.inputs[0]!)) {
        rows.set(node.inputs[0]!, [...(rows.get(node.inputs[0]!) ?? []), rowVjp(g, node.inputs, node.attrs)]);
        return;
      }
      const again = (v: Value) => kept(v, regionOf(node), g);
      vjp(g, node.inputs.map(again), node.outputs.map(again), node.attrs, gs).forEach((d, i) => {
        if (d && wanted[i]) accumulate(node.inputs[i]!, d);
      });
    });
  }
  return wrt.map((value) => ({ dense: total.get(value), rows: rows.get(value) ?? [] }));
}

/** Nodes through which an output depends on a value of `wrt`. */
function dependents(order: readonly Node[], wrt: readonly Value[]): Set<Node> {
  const sources = new Set(wrt);
  const found = new Set<Node>();
  for (const node of order)
    if (node.outputs.some((v) => sources.has(v)) || node.inputs.some((v) => found.has(v.node) || sources.has(v)))
      found.add(node);
  return found;
}
