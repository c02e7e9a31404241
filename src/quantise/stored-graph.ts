// A graph that computes as a model does whose matrices are stored in integers, and can be trained: quantisation-aware training
// (Jacob 2018, arXiv:1712.05877). Knows no trainer.
import { hostArray } from "../base/index.ts";
import { constant, type Graph, linear, matmul, mul, type Node, transpose, type Value } from "../graph/index.ts";
import type { Binding, BlocksBinding, Int8Binding } from "../onnx/index.ts";
import { rebuild } from "../passes/index.ts";
import { asBytes, byColumn, inBlocks } from "./grids.ts";

/** How a parameter will be stored: a binding without its numbers, which training changes. Plain data. */
export type StoredAs = Omit<Int8Binding, "array"> | Omit<BlocksBinding, "array">;
/** By the names of parameters; those not named stay floats. */
export type StoredParameters = Readonly<Record<string, StoredAs>>;

/** What a model's bindings say of how it is stored. */
export const storedAs = (bind: Readonly<Record<string, Binding>>): StoredParameters =>
  Object.fromEntries(
    Object.entries(bind).flatMap(([name, binding]): [string, StoredAs][] => {
      if (binding.kind !== "int8" && binding.kind !== "blocks") return [];
      const { array: _, ...how } = binding;
      return [[name, how]];
    }),
  );

/** Bindings with other numbers: those of a model that was trained to be stored so. */
export const boundAgain = (
  bind: Readonly<Record<string, Binding>>,
  weights: ReadonlyMap<string, Int8Binding["array"]>,
): Record<string, Binding> =>
  Object.fromEntries(
    Object.entries(bind).map(([name, binding]) => [
      name,
      binding.kind === "input" ? binding : { ...binding, array: weights.get(name)! },
    ]),
  );

/**
 * The graph with every product and look-up of a stored parameter as the stored model has it: weights and what they are multiplied with are
 * rounded to their grids, and gradients pass straight through. Activations before weights in blocks stay floats, which the stored model
 * rounds to 8 bits for each block of each row.
 * @param graph parameters are inputs by their names
 */
export function storedGraph(graph: Graph, stored: StoredParameters): Graph {
  const parameters = new Map(graph.inputs.flatMap(([name, value]) => (stored[name] ? [[value, stored[name]]] : [])));
  const once = memo();
  return rebuild(graph, (node) => changed(node, parameters, once) ?? node.outputs);
}

/** Gives the same value for the same use of a value, so that what several products read is rounded once. */
const memo = () => {
  const made = new Map<Value, Map<string, Value>>();
  return (value: Value, key: string, make: () => Value): Value => {
    const all = made.get(value) ?? new Map<string, Value>();
    made.set(value, all);
    const found = all.get(key) ?? make();
    all.set(key, found);
    return found;
  };
};

function changed(
  node: Node,
  parameters: ReadonlyMap<Value, StoredAs>,
  once: ReturnType<typeof memo>,
): readonly Value[] | undefined {
  const [first, second, bias] = node.inputs as [Value, Value, Value?];
  if (node.op === "embed") {
    const how = parameters.get(first);
    return how && [rowsAs(node.outputs[0]!, how)];
  }
  const how = (node.op === "linear" || node.op === "matmul") && parameters.get(second);
  if (!how || node.attrs.transposeA) return undefined;
  const isTurned = node.op === "matmul" && !node.attrs.transposeB;
  const weight = once(second, `weight ${isTurned}`, () => weightAs(second, how, isTurned));
  const factor =
    how.kind === "blocks" ? first : once(first, JSON.stringify([how.scales, how.smooth]), () => factorAs(first, how));
  if (node.op === "linear") return [linear(factor, weight, bias)];
  return [matmul(factor, weight, { transposeB: node.attrs.transposeB as boolean, alpha: node.attrs.alpha as number })];
}

/** Rows of a table, after they were looked up: each has its own scales. */
const rowsAs = (rows: Value, how: StoredAs): Value =>
  how.kind === "blocks" ? inBlocks(rows, how) : byColumn(rows, rows.shape.length - 1, how.bits);

/** @param isTurned where the matrix is [I, O] */
function weightAs(weight: Value, how: StoredAs, isTurned: boolean): Value {
  if (how.kind === "blocks")
    return isTurned ? transpose(inBlocks(transpose(weight, [1, 0]), how), [1, 0]) : inBlocks(weight, how);
  const { smooth } = how;
  const by = smooth && vector(smooth, isTurned ? [smooth.length, 1] : [smooth.length]);
  return byColumn(by ? mul(weight, by) : weight, isTurned ? 0 : 1, how.bits);
}

function factorAs(x: Value, { scales = "tensor", smooth }: Omit<Int8Binding, "array">): Value {
  const smoothed = smooth
    ? mul(
        x,
        vector(
          smooth.map((s) => 1 / s),
          [smooth.length],
        ),
      )
    : x;
  return asBytes(smoothed, scales);
}

const vector = (numbers: Float32Array, shape: readonly number[]): Value =>
  constant(hostArray("float32", shape, numbers));
