// Clipped gradients by book-keeping (Bu 2022, arXiv:2210.00038): one backward pass keeps the gradients of what each parameter's ops put
// out; example norms come from them and the ops' inputs, and so do the sums of clipped gradients. No example's gradient of a
// matrix is kept. Knows ops by their records only.
import { type Gradient, gradients } from "../autodiff/index.ts";
import { ConcordError } from "../base/index.ts";
import {
  add,
  div,
  matmul,
  maximum,
  minimum,
  mul,
  type Node,
  opOf,
  reshape,
  scope,
  sizeOfDims,
  sqrt,
  sum as sumOf,
  topological,
  type Value,
} from "../graph/index.ts";
import { crossTerm, type Site } from "./cross-terms.ts";
import type { ExampleRows } from "./example-rows.ts";

/** How gradients are clipped. */
export interface Clipping {
  /** Largest norm C of what one example adds to a sum. */
  readonly clip: number;
  /** `flat`: one norm over all parameters; `per-layer`: each module has its own, at most C/√(modules). */
  readonly clipping: "flat" | "per-layer";
}

/**
 * Sums of clipped example gradients.
 * @param losses [B] @param weights [B], of the examples
 * @param trained parameters by name
 * @returns a gradient per parameter, and the norm of each example before clipping [B]
 * @throws E_GRADIENT naming a parameter that enters where example norms cannot be had
 * @example const { found, norms } = clippedGradients(losses, weights, trained, rows, { clip: 1, clipping: "flat" });
 */
export function clippedGradients(
  losses: Value,
  weights: Value,
  trained: readonly (readonly [name: string, value: Value])[],
  rows: ExampleRows,
  { clip, clipping }: Clipping,
): { readonly found: Gradient[]; readonly norms: Value } {
  const sites = sitesOf(losses, weights, trained, rows);
  return scope("clip", () => {
    const small = trained.map(([, value], i) => exampleGradients(value, sites[i]!, rows));
    const squares = trained.map(([name], i) =>
      small[i] ? sumOf(mul(small[i], small[i]), { axes: [1] }) : squaredNorm(name, sites[i]!, rows),
    );
    const groups = trained.map(([name]) => (clipping === "flat" ? "" : name.slice(0, name.lastIndexOf("."))));
    const names = [...new Set(groups)];
    const bound = clip / Math.sqrt(names.length);
    const total = (chosen: readonly Value[]) => maximum(chosen.reduce(add), 0);
    const factors = new Map(
      names.map((group) => {
        const norm = sqrt(total(squares.filter((_, i) => groups[i] === group)));
        return [group, minimum(div(bound, add(norm, 1e-6)), 1)];
      }),
    );
    const columns = new Map<string, Value>();
    const columnOf = (group: string, { node, g }: Site): Value => {
      const size = opOf(node.op).weightedGradient ? sizeOfDims(g.shape.slice(0, -1)) : g.shape[0]!;
      const key = `${group}/${size}`;
      if (!columns.has(key)) columns.set(key, rows.column(factors.get(group)!, size));
      return columns.get(key)!;
    };
    const found = sites.map((siteAt, i) => {
      const [parameter, each] = [trained[i]![1], small[i]];
      if (!each)
        return sum(
          siteAt.map((site) => ofParameter(parameter, site, scaledGradient(site, columnOf(groups[i]!, site)))),
        );
      const column = reshape(factors.get(groups[i]!)!, [each.shape[0]!, 1]);
      return { dense: reshape(matmul(column, each, { transposeA: true }), parameter.shape), rows: [] };
    });
    return { found, norms: sqrt(total(squares)) };
  });
}

/** Where each parameter enters, with the gradients there from one backward pass. */
function sitesOf(
  losses: Value,
  weights: Value,
  trained: readonly (readonly [name: string, value: Value])[],
  rows: ExampleRows,
): Site[][] {
  const order = topological([losses]);
  const places = trained.map(([name, value]) => {
    const views = new Set([value]); // the parameter under other shapes: no norm changes
    return order.flatMap((node) =>
      node.inputs.flatMap((v, which) => {
        if (!views.has(v)) return [];
        if (opOf(node.op).traits.view) {
          views.add(node.outputs[0]!);
          return [];
        }
        checkSite(name, node, which, rows);
        return [{ node, which }];
      }),
    );
  });
  const nodes = [...new Set(places.flat().map((p) => p.node))];
  const g = gradients(
    [losses],
    nodes.map((n) => n.outputs[0]!),
    [weights],
  );
  const of = new Map(nodes.map((node, i) => [node, g[i]!]));
  return places.map((list) => list.map((place) => ({ ...place, g: of.get(place.node)! })));
}

function checkSite(name: string, node: Node, which: number, rows: ExampleRows): void {
  const op = opOf(node.op);
  const shape = node.outputs[0]!.shape;
  const known =
    op.traits.parameters?.[which] !== undefined &&
    op.exampleNorm !== undefined &&
    (op.shared?.(node.inputs, which, node.attrs) ?? true);
  if (known && rows.covers(shape[0]!)) return;
  throw new ConcordError("E_GRADIENT", {
    operation: "private training",
    problem: `${name} enters ${known ? "where rows belong to no example" : `through ${node.op}`}, so that its example norms are not known`,
    at: node.scope || undefined,
    hint: "freeze it: train an adapter (adapt.method: lora)",
  });
}

/** The gradient of each example [B, n] of a parameter that only enters where that is a sum of rows; undefined for others. */
function exampleGradients(parameter: Value, sites: readonly Site[], rows: ExampleRows): Value | undefined {
  const each = sites.map(({ node, which, g }) =>
    node.inputs[which] === parameter
      ? opOf(node.op).exampleRows?.(node.inputs, g, which, node.attrs, node.outputs)
      : undefined,
  );
  const known = each.filter((v) => v !== undefined);
  return known.length > 0 && known.length === each.length ? known.map((v) => rows.sums(v)).reduce(add) : undefined;
}

/** ‖Σ over sites‖² of each example: own terms, and the cross terms of a parameter that enters more than once. */
function squaredNorm(name: string, sites: readonly Site[], rows: ExampleRows): Value {
  if (sites.length === 0)
    throw new ConcordError("E_GRADIENT", {
      operation: "private training",
      problem: `${name} does not enter the loss`,
      hint: "freeze it: train an adapter (adapt.method: lora)",
    });
  const gradients = sites.map(({ node, which, g }) =>
    opOf(node.op).exampleNorm!(node.inputs, g, which, node.attrs, { blocks: rows.blocks, outputs: node.outputs }),
  );
  const crossed = sites.flatMap((a, i) => sites.slice(i + 1).map((b) => mul(crossTerm(name, a, b, rows), 2)));
  return [...gradients, ...crossed].reduce(add);
}

/** The gradient at one site with every row times its factor. */
function scaledGradient({ node, which, g }: Site, factors: Value): Gradient {
  const { weightedGradient, rowVjp, vjp } = opOf(node.op);
  if (weightedGradient) return { dense: weightedGradient(node.inputs, g, which, factors, node.attrs), rows: [] };
  const scaled = mul(
    g,
    reshape(
      factors,
      g.shape.map((d, i) => (i === 0 ? d : 1)),
    ),
  );
  if (rowVjp) return { rows: [rowVjp(scaled, node.inputs, node.attrs)] };
  if (typeof vjp !== "function") throw new RangeError(`${node.op} has parameters and no gradient`); // the op table's tests exclude it
  return { dense: vjp(scaled, node.inputs, node.outputs, node.attrs, [scaled])[which]!, rows: [] };
}

/** The gradient at a view of a parameter, brought back to the parameter. */
function ofParameter(parameter: Value, { node, which }: Site, found: Gradient): Gradient {
  const steps: Node[] = [];
  let at = node.inputs[which]!;
  for (; at !== parameter; at = at.node.inputs[0]!) steps.push(at.node);
  if (steps.length === 0) return found;
  if (!found.dense) throw new RangeError(`rows of a view of a parameter through ${node.op}`); // tables are looked up as they are
  return {
    dense: steps.reduce((g, { op, inputs, outputs, attrs }) => {
      const { vjp } = opOf(op);
      if (typeof vjp !== "function") throw new RangeError(`${op} is a view and has no gradient`); // the op table's tests exclude it
      return vjp(g, inputs, outputs, attrs, [g])[0]!;
    }, found.dense),
    rows: [],
  };
}

function sum(parts: readonly Gradient[]): Gradient {
  const dense = parts.flatMap((p) => (p.dense ? [p.dense] : []));
  return { dense: dense.length ? dense.reduce(add) : undefined, rows: parts.flatMap((p) => p.rows) };
}
