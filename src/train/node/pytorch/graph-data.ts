// A graph as plain data, for an executor in another language: numbered values, ops by name, sizes as factors and symbols. Knows no ops.
import type { HostArray } from "../../../base/index.ts";
import { type Dim, dimFactors, type Graph, sumParts, topological, type Value } from "../../../graph/index.ts";

/** A size: a number, or a factor and its atoms; an atom is a symbol, or sizes that are added up. */
type SizeData = number | readonly [factor: number, atoms: readonly (string | readonly SizeData[])[]];

/** What an executor is given. Attributes are those of the ops (`src/graph/ops`). */
export interface GraphData {
  readonly inputs: Readonly<Record<string, readonly [value: number, shape: readonly SizeData[]]>>;
  readonly outputs: Readonly<Record<string, number>>;
  readonly nodes: readonly (readonly [
    op: string,
    inputs: readonly number[],
    attrs: Readonly<Record<string, unknown>>,
    outputs: readonly (readonly [value: number, shape: readonly SizeData[]])[],
  ])[];
}

/**
 * The part of a graph that some of its outputs need, and the arrays in it by the number of their value.
 * @example const { data, constants } = graphData(program.graph, ["losses"]);
 */
export function graphData(
  graph: Graph,
  wanted: readonly string[],
): { readonly data: GraphData; readonly constants: Map<string, HostArray> } {
  const numbers = new Map<Value, number>();
  const numberOf = (value: Value): number => {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return numbers.get(value)!;
  };
  const typed = (value: Value) => [numberOf(value), value.shape.map(sizeData)] as const;
  const outputs = graph.outputs.filter(([name]) => wanted.includes(name));
  const order = topological(outputs.map(([, value]) => value));
  const read = new Set(order);
  const constants = new Map<string, HostArray>();
  const nodes: GraphData["nodes"][number][] = [];
  for (const { op, inputs, attrs, outputs: made } of order) {
    if (op === "input") continue;
    if (op === "constant") constants.set(String(numberOf(made[0]!)), attrs.value as HostArray);
    else nodes.push([op, inputs.map(numberOf), plain(attrs), made.map(typed)]);
  }
  return {
    data: {
      inputs: Object.fromEntries(
        graph.inputs.filter(([, value]) => read.has(value.node)).map(([name, value]) => [name, typed(value)]),
      ),
      outputs: Object.fromEntries(outputs.map(([name, value]) => [name, numberOf(value)])),
      nodes,
    },
    constants,
  };
}

/** A size as data. @example sizeData("2*B*(S+1)") // [2, ["B", [[1, ["S"]], 1]]] */
export function sizeData(size: Dim): SizeData {
  if (typeof size === "number") return size;
  const { factor, atoms } = dimFactors(size);
  return [factor, atoms.map((atom) => (atom.startsWith("(") ? sumParts(atom).map(sizeData) : atom))];
}

/** Attributes but for sizes: those of a result say more. */
const plain = (attrs: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(attrs).filter(([name, value]) => name !== "shape" && value !== undefined));
