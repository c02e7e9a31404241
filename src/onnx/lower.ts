// Lowers a graph to an ONNX model for a target: decomposes what the target lacks, then one row per node.
import { ConcordError, hostArray } from "../base/index.ts";
import { type Graph, type Node, nodesOf, type OpName, type Value, verify } from "../graph/index.ts";
import { type Binding, collect, onnxTensor, valueInfo } from "./emit.ts";
import { checkSize } from "./external.ts";
import { nf4Matrix } from "./nf4.ts";
import type { LoweringTable } from "./rows.ts";
import { opsets, type Target, targets } from "./targets.ts";
import { elementTypes, type OnnxModel, type OnnxNode, type OnnxTensor, type OnnxValueInfo, writeOnnx } from "./wire.ts";

export interface LowerOptions {
  readonly target: Target;
  /** How each named input is bound; those not named are given at every run. */
  readonly bind?: Readonly<Record<string, Binding>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** True when the target has a kernel row for a node's op. */
export const hasRow =
  (target: Target) =>
  (node: Node): boolean =>
    (targets[target] as LoweringTable)[node.op as Exclude<OpName, "input">] !== "decompose";

/**
 * The ONNX model of a graph in which every op has a row (see `passes/expand`).
 * @throws E_LOWER where an op has none, or an int8 weight is used outside a product
 */
export function lower(graph: Graph, { target, bind = {}, metadata = {} }: LowerOptions): OnnxModel {
  verify(graph);
  const table: LoweringTable = targets[target];
  const bindings = new Map<Value, Binding>(graph.inputs.map(([name, v]) => [v, bind[name] ?? { kind: "input" }]));
  const fed = graph.inputs.filter(([, v]) => bindings.get(v)!.kind === "input");
  const order = nodesOf(graph);
  const used = new Map<Value, number>();
  for (const v of [...order.flatMap((n) => n.inputs), ...graph.outputs.map(([, o]) => o)])
    used.set(v, (used.get(v) ?? 0) + 1);
  const { emitter, nodes, initializers } = collect(graph, fed, used, bindings);
  const names = new Map<Value, string>(graph.inputs.map(([name, v]) => [v, name]));
  const stored = new Map([...bindings].map(([v]) => [v, names.get(v)!]));
  for (const [value, binding] of bindings)
    if (binding.kind === "initializer" && used.has(value) && binding.array.dtype !== value.dtype)
      names.set(value, emitter.node("Cast", [stored.get(value)!], { to: elementTypes[value.dtype as "float32"] }));
  for (const node of order) {
    if (node.op === "input") continue;
    if (node.outputs.every(hasNoElements)) {
      // kernels disagree about nothing: one crashes, one gives a wrong shape
      for (const v of node.outputs) names.set(v, emitter.initializer(hostArray(v.dtype, v.shape as number[])));
      continue;
    }
    const row = table[node.op as Exclude<OpName, "input">];
    if (typeof row !== "function")
      throw new ConcordError("E_LOWER", {
        operation: node.op,
        problem: `no row for ${target}`,
        hint: "expand(graph, hasRow(target)) first",
      });
    const made = [
      row(
        emitter,
        node.inputs.map((v) => {
          const [name, binding] = [names.get(v)!, bindings.get(v)];
          if (binding?.kind !== "nf4") return name;
          const signal = node.inputs.find((other) => !stored.has(other) || bindings.get(other)!.kind === "input");
          return nf4Matrix(emitter, binding, name, signal && names.get(signal));
        }),
        node,
      ),
    ].flat();
    node.outputs.forEach((v, i) => {
      names.set(v, made[i]!);
    });
  }
  const outputs = graph.outputs.map(([name, v]) => valueInfo(name, v.dtype, v.shape));
  const named = namedOutputs(
    nodes,
    graph.outputs.map(([name, v]) => [name, names.get(v)!]),
  );
  const { kept, read } = wanted(named, outputs);
  const storedInputs: OnnxTensor[] = [...bindings].flatMap(([v, b]) =>
    b.kind === "initializer" && read.has(stored.get(v)!) ? [onnxTensor(stored.get(v)!, b.array)] : [],
  );
  checkInt8(bindings, names, read);
  return {
    irVersion: 9,
    producer: "concord",
    opsets: usedOpsets(kept),
    nodes: kept,
    initializers: [...initializers.filter((t) => read.has(t.name)), ...storedInputs],
    inputs: fed.map(([name, v]) => valueInfo(name, v.dtype, v.shape)),
    outputs,
    metadata,
  };
}

/**
 * Nodes that write what outputs are called. An input, a constant, or what is asked for twice is copied under that name.
 * @param outputs their names, and what they are called inside
 */
function namedOutputs(nodes: readonly OnnxNode[], outputs: readonly (readonly [name: string, inside: string])[]) {
  const written = new Set(nodes.flatMap((node) => node.outputs));
  const renamed = new Map<string, string>();
  const copies = outputs.filter(([name, inside]) => {
    if (!written.has(inside) || renamed.has(inside)) return true;
    renamed.set(inside, name);
    return false;
  });
  const call = (name: string) => renamed.get(name) ?? name;
  return [
    ...nodes.map((node) => ({ ...node, inputs: node.inputs.map(call), outputs: node.outputs.map(call) })),
    ...copies.map(
      ([name, inside]): OnnxNode => ({
        op: "Identity",
        domain: "",
        name: `output ${name}`,
        inputs: [call(inside)],
        outputs: [name],
        attributes: {},
      }),
    ),
  ];
}

/** The nodes that an output depends on, in their order, and the names that they read. */
function wanted(nodes: readonly OnnxNode[], outputs: readonly OnnxValueInfo[]) {
  const read = new Set(outputs.map(({ name }) => name));
  const kept = nodes.toReversed().filter((node) => {
    const isWanted = node.outputs.some((name) => read.has(name));
    if (isWanted) for (const name of node.inputs) read.add(name);
    return isWanted;
  });
  return { kept: kept.toReversed(), read };
}

const hasNoElements = (v: Value): boolean => v.shape.includes(0) && v.shape.every((d) => typeof d === "number");

const usedOpsets = (nodes: OnnxModel["nodes"]): Record<string, number> =>
  Object.fromEntries(
    Object.entries(opsets).filter(([domain]) => domain === "" || nodes.some((n) => n.domain === domain)),
  );

function checkInt8(
  bindings: ReadonlyMap<Value, Binding>,
  names: ReadonlyMap<Value, string>,
  read: ReadonlySet<string>,
): void {
  for (const [value, binding] of bindings)
    if ((binding.kind === "int8" || binding.kind === "blocks") && read.has(names.get(value)!))
      throw new ConcordError("E_LOWER", {
        operation: names.get(value)!,
        problem: `bound as ${binding.kind} but used outside a product`,
        expected: "linear(x, W), and matmul(g, W) of its gradient",
        hint: "bind it as an initializer",
      });
}

/** {@link lower} to protobuf bytes. @throws E_LOWER above the size that one file may have */
export function lowerToBytes(graph: Graph, options: LowerOptions): Uint8Array {
  const model = lower(graph, options);
  checkSize(model);
  return writeOnnx(model);
}
