// Collects ONNX nodes while a graph is lowered: names, initialisers, and sizes that are known only when running.
import { ConcordError, type DType, type HostArray } from "../base/index.ts";
import { type Dim, dimFactors, type Graph, sumParts, type Value } from "../graph/index.ts";
import { elementTypes, type OnnxAttribute, type OnnxNode, type OnnxTensor, type OnnxValueInfo } from "./wire.ts";

/** How a named input of the graph is bound in the lowered model. */
export type Binding =
  /** Given at every run. */
  | { readonly kind: "input" }
  /** Stored in the model: frozen or served weights. In float16 where the graph has float32, they are widened as the model is loaded. */
  | { readonly kind: "initializer"; readonly array: HostArray }
  /**
   * Stored as signed 8-bit integers with one scale per column; only products with it and rows of it are allowed. `bits` used of the
   * 8: default 7, exact on every processor. 8 halves the rounding of the weights and needs one that adds products of bytes in 32 bits
   * (x86: AVX-VNNI or AVX512-VNNI); others saturate in 16 and are silently wrong, by half in the worst case. `scales` of what is
   * multiplied with it: one per `tensor` (default), one per `row`, so that no row changes another's product, or one for a known
   * range (static), which is the fastest and as independent. `smooth` [in]: what is multiplied with it is divided by these numbers
   * first, and its rows are multiplied by them (SmoothQuant, Xiao 2022, arXiv:2211.10438).
   */
  | {
      readonly kind: "int8";
      readonly array: HostArray;
      readonly bits?: 7 | 8;
      readonly scales?: "tensor" | "row" | ActivationRange;
      readonly smooth?: Float32Array;
    }
  /**
   * Stored as unsigned integers of 4 or 8 bits with a scale for each block of numbers along the inputs (MatMulNBits); only products
   * with it and rows of it are allowed. `symmetric`: blocks have no zero point of their own.
   */
  | {
      readonly kind: "blocks";
      readonly array: HostArray;
      readonly bits: 4 | 8;
      readonly blockSize: number;
      readonly symmetric: boolean;
    }
  /** Stored in 4-bit NormalFloat; the matrix is made anew wherever it is read. */
  | { readonly kind: "nf4"; readonly array: HostArray };
/** What numbers may be: those outside are cut off. */
export interface ActivationRange {
  readonly low: number;
  readonly high: number;
}
/** A matrix stored in integers. */
export type Int8Binding = Extract<Binding, { kind: "int8" }>;
/** A matrix stored in blocks. */
export type BlocksBinding = Extract<Binding, { kind: "blocks" }>;
/** A matrix stored in 4-bit NormalFloat. */
export type Nf4Binding = Extract<Binding, { kind: "nf4" }>;

/** Rows and a number for each. */
export interface ScaledRows {
  readonly rows: string;
  readonly scale: string;
}

export interface EmitOptions {
  readonly outputs?: number;
  readonly domain?: string;
}

/** What a lowering row works with. */
export interface Emitter {
  /** Adds a node and returns the name of its first output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    options?: EmitOptions,
  ): string;
  /** Adds a node with several outputs; an output that is not wanted gets the empty name. */
  nodes(
    op: string,
    inputs: readonly string[],
    wanted: readonly boolean[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    domain?: string,
  ): string[];
  /** A stored array; equal small ones are shared. */
  initializer(array: HostArray): string;
  ints(values: readonly number[]): string;
  float(value: number): string;
  /** An int64 vector holding a shape, from numbers or computed from the inputs' sizes. */
  shape(shape: readonly Dim[]): string;
  /** True when some output or node reads this value. */
  isUsed(value: Value): boolean;
  /** True when it is read once. */
  isUsedOnce(value: Value): boolean;
  /** The binding of a value that is bound as int8. */
  int8Of(value: Value): Int8Binding | undefined;
  /** The binding of a value that is bound in blocks. */
  blocksOf(value: Value): BlocksBinding | undefined;
  /** The array of a value that is bound as an initialiser and read by one node only: it may be stored rearranged. */
  ownedArray(value: Value): HostArray | undefined;
  /** rows · scale, [rows, 1]: a product in integers that reads it takes the rows as they are, and its own rows are scaled. */
  scaleRows(rows: string, scale: string): string;
  /** What {@link scaleRows} multiplied to make this. */
  rowsOf(name: string): ScaledRows | undefined;
  /** Memoises something made once per model, such as a quantised weight. */
  once<T>(key: string, make: () => T): T;
}

/** An ONNX tensor of a host array. */
export function onnxTensor(name: string, array: HostArray): OnnxTensor {
  const { buffer, byteOffset, byteLength } = array.data;
  return {
    name,
    elementType: elementTypes[array.dtype as keyof typeof elementTypes],
    dims: array.shape,
    raw: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
  };
}

export const valueInfo = (name: string, dtype: DType, dims: readonly Dim[]): OnnxValueInfo => ({
  name,
  elementType: (elementTypes as Partial<Record<DType, number>>)[dtype] ?? 0,
  dims,
});

export interface Collected {
  readonly emitter: Emitter;
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxTensor[];
}

/** Emits shapes as int64 vectors: numbers as constants, symbols read from the inputs that have them. */
function shapeEmitter(
  graph: Graph,
  fed: readonly (readonly [name: string, value: Value])[],
  { node, ints, once }: Pick<Emitter, "node" | "ints" | "once">,
): Emitter["shape"] {
  const dimOf = (dim: Dim): string => {
    const { factor, atoms } = dimFactors(dim);
    const parts = atoms.map((atom) =>
      once(`dim ${atom}`, () =>
        atom.startsWith("(")
          ? sumParts(atom)
              .map(dimOf)
              .reduce((a, b) => node("Add", [a, b]))
          : symbol(atom),
      ),
    );
    return [...(factor === 1 && parts.length ? [] : [ints([factor])]), ...parts].reduce((a, b) => node("Mul", [a, b]));
  };
  const symbol = (name: string): string => {
    for (const [inputName, value] of fed) {
      const axis = value.shape.indexOf(name);
      if (axis >= 0) return node("Shape", [inputName], { start: axis, end: axis + 1 });
    }
    throw new ConcordError("E_LOWER", {
      operation: "lower",
      problem: `no input has the symbolic size ${name}`,
      got: graph.inputs.map(([n, v]) => `${n} [${v.shape}]`).join(" · "),
    });
  };
  return (dims) => {
    if (dims.every((d) => typeof d === "number")) return ints(dims as number[]);
    return once(`shape ${dims}`, () =>
      node(
        "Concat",
        dims.map((d) => (typeof d === "number" ? ints([d]) : dimOf(d))),
        { axis: 0 },
      ),
    );
  };
}

/** An emitter over the inputs that are given at run time (`fed`), with the bindings of the others. */
export function collect(
  graph: Graph,
  fed: readonly (readonly [name: string, value: Value])[],
  used: ReadonlyMap<Value, number>,
  bindings: ReadonlyMap<Value, Binding>,
): Collected {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const stored = new Map<string, string>();
  const memo = new Map<string, unknown>();
  let count = 0;
  const fresh = (op: string) => `${op}_${count++}`;
  const once = <T>(key: string, make: () => T): T => {
    if (!memo.has(key)) memo.set(key, make());
    return memo.get(key) as T;
  };
  const initializer = (array: HostArray): string => {
    const key =
      array.data.length <= 64
        ? `${array.dtype}[${array.shape}]${[...(array.data as Float32Array)].map((x) => (Object.is(x, -0) ? "-0" : x))}`
        : undefined;
    if (key && stored.has(key)) return stored.get(key)!;
    const name = fresh("const");
    initializers.push(onnxTensor(name, array));
    if (key) stored.set(key, name);
    return name;
  };
  const emit: Emitter["nodes"] = (op, inputs, wanted, attributes = {}, domain = "") => {
    const outputs = wanted.map((w) => (w ? fresh(op) : ""));
    while (outputs.length > 1 && outputs.at(-1) === "") outputs.pop();
    nodes.push({ op, domain, name: outputs.find(Boolean) ?? fresh(op), inputs, outputs, attributes });
    return wanted.map((_, i) => outputs[i] ?? "");
  };
  const node: Emitter["node"] = (op, inputs, attributes, options = {}) =>
    emit(op, inputs, [true], attributes, options.domain)[0]!;
  const ints = (values: readonly number[]) =>
    initializer({ dtype: "int64", shape: [values.length], data: BigInt64Array.from(values, BigInt) });
  const shape = shapeEmitter(graph, fed, { node, ints, once });
  const int8Of = (value: Value) => {
    const binding = bindings.get(value);
    return binding?.kind === "int8" ? binding : undefined;
  };
  const blocksOf = (value: Value) => {
    const binding = bindings.get(value);
    return binding?.kind === "blocks" ? binding : undefined;
  };
  const ownedArray = (value: Value) => {
    const binding = bindings.get(value);
    const owned = binding?.kind === "initializer" && used.get(value) === 1 && binding.array.dtype === value.dtype;
    return owned ? binding.array : undefined;
  };
  const factors = new Map<string, ScaledRows>();
  const scaleRows = (rows: string, scale: string) => {
    const name = node("Mul", [rows, scale]);
    factors.set(name, { rows, scale });
    return name;
  };
  const float = (value: number) => initializer({ dtype: "float32", shape: [], data: Float32Array.of(value) });
  return {
    emitter: {
      node,
      nodes: emit,
      initializer,
      ints,
      float,
      shape,
      isUsed: (v) => used.has(v),
      isUsedOnce: (v) => used.get(v) === 1,
      int8Of,
      blocksOf,
      ownedArray,
      scaleRows,
      rowsOf: (name) => factors.get(name),
      once,
    },
    nodes,
    initializers,
  };
}
