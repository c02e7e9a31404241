// Applies ops while tracing: checks shapes, makes nodes, and words the errors with the user's own line.
import { ConcordError } from "../base/index.ts";
import { typeText } from "./dims.ts";
import type { Attrs, Node, Op, Region, TensorType, Value } from "./value.ts";

const registry = new Map<string, Op>();
let nextId = 0;
const scopes: string[] = [];
let region: Region | undefined;

/** Fills the registry; called once by `ops/index.ts`. */
export function registerOps(ops: Readonly<Record<string, Op>>): void {
  for (const [name, op] of Object.entries(ops)) registry.set(name, op);
}

/** The record of an op. @throws E_GRAPH for an unknown name */
export function opOf(name: string): Op {
  const op = registry.get(name);
  if (!op)
    throw new ConcordError("E_GRAPH", {
      operation: name,
      problem: "unknown op",
      expected: [...registry.keys()].join(", "),
    });
  return op;
}

/**
 * Applies an op to values and returns its outputs.
 * @throws E_SHAPE, E_DTYPE with the types of all operands and the user's line
 */
export function applyAll(name: string, inputs: readonly Value[], attrs: Attrs = {}): readonly Value[] {
  const op = opOf(name);
  const fail = (problem: string, expected: string, hint?: string, code: "E_SHAPE" | "E_DTYPE" = "E_SHAPE"): never => {
    const scope = scopes.join(" > ");
    throw new ConcordError(code, {
      operation: name,
      problem,
      expected,
      got: inputs.map(describe).join(" · ") + describeAttrs(attrs),
      hint,
      at: [userLine(), scope && `in ${scope}`].filter(Boolean).join("  ") || undefined,
    });
  };
  const types = op.shape(inputs, attrs, fail);
  return makeNode(name, inputs, attrs, Array.isArray(types) ? types : [types]).outputs;
}

/** {@link applyAll} for ops with one output. */
export const apply = (name: string, inputs: readonly Value[], attrs: Attrs = {}): Value =>
  applyAll(name, inputs, attrs)[0]!;

/** A node without any check; for `apply`, inputs and rewrites that keep types. */
export function makeNode(
  op: string,
  inputs: readonly Value[],
  attrs: Attrs,
  types: readonly TensorType[],
  scope = scopes.join(" > "),
): Node {
  const outputs: Value[] = [];
  const node: Node = { id: nextId++, op, inputs, attrs, outputs, scope, region };
  types.forEach((type, index) => {
    outputs.push({ dtype: type.dtype, shape: type.shape, node, index });
  });
  return node;
}

/** Names the part of a model that is being traced, for errors and the printer. @example scope("attention", () => softmax(x)) */
export function scope<T>(name: string, body: () => T): T {
  scopes.push(name);
  try {
    return body();
  } finally {
    scopes.pop();
  }
}

/** Marks what `body` traces as one region that depends on `inputs`; see `checkpoint` in autodiff. */
export function inRegion<T>(inputs: readonly Value[], body: () => T): T {
  const parent = region;
  region = { inputs, parent };
  try {
    return body();
  } finally {
    region = parent;
  }
}

function describe(value: Value): string {
  const name = typeof value.node.attrs.name === "string" ? value.node.attrs.name : value.node.op;
  return `${name} ${typeText(value)}`;
}

function describeAttrs(attrs: Attrs): string {
  const shown = Object.entries(attrs).filter(([, v]) => v !== undefined && (typeof v !== "object" || Array.isArray(v)));
  return shown.length ? `  (${shown.map(([k, v]) => `${k} ${Array.isArray(v) ? `[${v}]` : v}`).join(", ")})` : "";
}

/** First frame outside the library (a test beside it counts as outside), else the first outside the graph room. */
function userLine(): string | undefined {
  const frames = (new Error().stack ?? "")
    .split("\n")
    .slice(1)
    .map((line) => /\(?((?:file:\/\/)?[^\s()]+:\d+):\d+\)?$/.exec(line)?.[1]);
  const known = frames.filter((f): f is string => f !== undefined && !f.startsWith("node:"));
  const library = import.meta.url.replace(/graph\/apply\.[jt]s.*$/, "");
  const path = (frame: string) => (frame.startsWith("file:") ? frame : `file://${frame}`);
  const outside = known.find((f) => !path(f).startsWith(library) || /\.test\.[jt]s/.test(f));
  return (outside ?? known.find((f) => !path(f).startsWith(`${library}graph/`)))?.replace(/^file:\/\//, "");
}
