// Lowering rows that every ONNX target shares: op → ONNX nodes of the standard domain.
import { type DType, type HostArray, hostArray } from "../base/index.ts";
import type { Dim, Node, OpName, Value } from "../graph/index.ts";
import type { Emitter } from "./emit.ts";
import { elementTypes } from "./wire.ts";

/** Lowers one node: the names of its inputs in, the names of its outputs out. */
export type Row = (emit: Emitter, inputs: readonly string[], node: Node) => string | readonly string[];
/** A target's table: every op has a row or is replaced by its decomposition before lowering. */
export type LoweringTable = { readonly [K in Exclude<OpName, "input">]: Row | "decompose" };

const direct =
  (op: string): Row =>
  (emit, inputs) =>
    emit.node(op, inputs);
const attr = <T>(node: Node, name: string): T => node.attrs[name] as T;
const int64Max = 9007199254740991;

const reduceRow =
  (op: string): Row =>
  (emit, [x], node) => {
    const axes = attr<readonly number[]>(node, "axes");
    if (axes.length === 0) return emit.node("Identity", [x!]);
    return emit.node(op, [x!, emit.ints(axes)], { keepdims: attr<boolean>(node, "keepDims") ? 1 : 0 });
  };

const toInt32 = (emit: Emitter, name: string): string => emit.node("Cast", [name], { to: elementTypes.int32 });

/** Sums over no channels: zeros, or the bias. */
function emptySums(emit: Emitter, [, , bias]: readonly string[], node: Node): string {
  const { dtype, shape } = node.outputs[0]!;
  const zeros = emit.node("Expand", [emit.initializer(hostArray(dtype, [], [0])), emit.shape(shape)]);
  if (!bias) return zeros;
  return emit.node("Add", [zeros, emit.node("Reshape", [bias, emit.ints([-1, ...shape.slice(2).map(() => 1)])])]);
}

export const standardRows = {
  constant: (emit, _inputs, node) => emit.initializer(attr<HostArray>(node, "value")),
  add: direct("Add"),
  sub: direct("Sub"),
  mul: direct("Mul"),
  div: direct("Div"),
  pow: direct("Pow"),
  maximum: direct("Max"),
  minimum: direct("Min"),
  equal: direct("Equal"),
  less: direct("Less"),
  and: direct("And"),
  or: direct("Or"),
  not: direct("Not"),
  where: direct("Where"),
  neg: direct("Neg"),
  abs: direct("Abs"),
  sign: direct("Sign"),
  floor: direct("Floor"),
  exp: direct("Exp"),
  log: direct("Log"),
  log1p: "decompose",
  sqrt: direct("Sqrt"),
  reciprocal: direct("Reciprocal"),
  tanh: direct("Tanh"),
  sigmoid: direct("Sigmoid"),
  softplus: direct("Softplus"),
  erf: direct("Erf"),
  sin: direct("Sin"),
  cos: direct("Cos"),
  relu: direct("Relu"),
  gelu: direct("Gelu"),
  geluGrad: "decompose",
  geluTanh: (emit, inputs) => emit.node("Gelu", inputs, { approximate: "tanh" }),
  cast: (emit, [x], node) =>
    emit.node("Cast", [x!], { to: elementTypes[attr<DType>(node, "dtype") as keyof typeof elementTypes] }),
  stopGradient: direct("Identity"),
  straightThrough: "decompose",
  sum: reduceRow("ReduceSum"),
  mean: (emit, inputs, node) => {
    const empty = attr<readonly number[]>(node, "axes").some((a) => node.inputs[0]!.shape[a] === 0);
    const total = reduceRow(empty ? "ReduceSum" : "ReduceMean")(emit, inputs, node) as string;
    return empty ? emit.node("Div", [total, emit.float(0)]) : total; // 0/0, where ReduceMean says 0
  },
  max: reduceRow("ReduceMax"),
  min: reduceRow("ReduceMin"),
  prod: reduceRow("ReduceProd"),
  argmax: (emit, [x], node) =>
    toInt32(emit, emit.node("ArgMax", [x!], { axis: attr<number>(node, "axis"), keepdims: 0 })),
  cumsum: (emit, [x], node) =>
    emit.node("CumSum", [x!, emit.initializer(hostArray("int64", [], [attr<number>(node, "axis")]))], {
      reverse: attr<boolean>(node, "reverse") ? 1 : 0,
    }),
  topk: (emit, [x], node) => {
    const [values, indices] = emit.nodes("TopK", [x!, emit.ints([attr<number>(node, "k")])], [true, true], {
      axis: -1,
      largest: attr<boolean>(node, "largest") ? 1 : 0,
      sorted: 1,
    });
    return [values!, toInt32(emit, indices!)];
  },
  matmul: (emit, [a, b], node) => {
    const flip = (name: string, on: boolean, rank: number) =>
      on
        ? emit.node("Transpose", [name], {
            perm: [...Array(rank).keys()].map((i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i)),
          })
        : name;
    const product = emit.node("MatMul", [
      flip(a!, attr(node, "transposeA"), node.inputs[0]!.shape.length),
      flip(b!, attr(node, "transposeB"), node.inputs[1]!.shape.length),
    ]);
    const alpha = attr<number>(node, "alpha");
    return alpha === 1 ? product : emit.node("Mul", [product, emit.float(alpha)]);
  },
  reshape: (emit, [x], node) => {
    const shape = attr<readonly Dim[]>(node, "shape");
    const symbols = shape.filter((d) => typeof d === "string").length;
    // one unknown size may be left to the runtime, unless an empty array would make it ambiguous
    const inferred =
      symbols === 1 && !shape.includes(0)
        ? emit.ints(shape.map((d) => (typeof d === "string" ? -1 : d)))
        : emit.shape(shape);
    return emit.node("Reshape", [x!, inferred], { allowzero: shape.includes(0) ? 1 : 0 });
  },
  transpose: (emit, [x], node) => emit.node("Transpose", [x!], { perm: attr<readonly number[]>(node, "permutation") }),
  broadcastTo: (emit, [x], node) => emit.node("Expand", [x!, emit.shape(attr<readonly Dim[]>(node, "shape"))]),
  // the runtime drops identities and merges equal nodes, so the dependency is real: no elements of `signal` are appended to x
  barrier: (emit, [x, signal], node) => {
    const [{ dtype, shape }, other] = node.inputs as [Value, Value];
    const rows = shape.length === 0 ? [1] : shape;
    const none = emit.node("Slice", [
      other.shape.length === 1 ? signal! : emit.node("Reshape", [signal!, emit.ints([-1])]),
      emit.ints([0]),
      emit.ints([0]),
    ]);
    const typed =
      other.dtype === dtype
        ? none
        : emit.node("Cast", [none], { to: elementTypes[dtype as keyof typeof elementTypes] });
    const empty = emit.node("Reshape", [typed, emit.shape([0, ...rows.slice(1)])], { allowzero: 1 });
    const whole = shape.length === 0 ? emit.node("Reshape", [x!, emit.ints([1])]) : x!;
    const copy = emit.node("Concat", [whole, empty], { axis: 0 });
    return shape.length === 0 ? emit.node("Reshape", [copy, emit.ints([])]) : copy;
  },
  concat: (emit, inputs, node) => emit.node("Concat", inputs, { axis: attr<number>(node, "axis") }),
  slice: (emit, [x], node) =>
    emit.node("Slice", [x!, ...["start", "end", "axis", "step"].map((k) => emit.ints([attr<number>(node, k)]))]),
  flip: (emit, [x], node) =>
    emit.node("Slice", [
      x!,
      emit.ints([-1]),
      emit.ints([-int64Max]),
      emit.ints([attr<number>(node, "axis")]),
      emit.ints([-1]),
    ]),
  pad: (emit, [x], node) => {
    const { dtype } = node.outputs[0]!;
    return emit.node("Pad", [
      x!,
      emit.ints([attr<number>(node, "before"), attr<number>(node, "after")]),
      emit.initializer(hostArray(dtype, [], [attr<number>(node, "value")])),
      emit.ints([attr<number>(node, "axis")]),
    ]);
  },
  gather: (emit, [x, indices], node) => emit.node("Gather", [x!, indices!], { axis: attr<number>(node, "axis") }),
  scatterSum: "decompose",
  gatherElements: (emit, [x, indices], node) =>
    emit.node("GatherElements", [x!, indices!], { axis: attr<number>(node, "axis") }),
  scatterElements: (emit, [x, indices, updates], node) =>
    emit.node("ScatterElements", [x!, indices!, updates!], { axis: attr<number>(node, "axis"), reduction: "add" }),
  moveRows: (emit, [x, index], node) => {
    const { dtype, shape } = node.inputs[0]!;
    const rows = attr<boolean>(node, "complete")
      ? x!
      : emit.node("Concat", [x!, emit.initializer(hostArray(dtype, [1, shape[1] as number]))], { axis: 0 });
    return emit.node("Gather", [rows, index!], { axis: 0 });
  },
  linear: "decompose",
  conv: (emit, inputs, node) => {
    if (node.inputs[1]!.shape.includes(0)) return emptySums(emit, inputs, node); // the kernel leaves them unset
    const padding = attr<readonly number[]>(node, "padding");
    return emit.node("Conv", inputs, {
      kernel_shape: node.inputs[1]!.shape.slice(2) as number[],
      strides: attr<readonly number[]>(node, "strides"),
      pads: [...padding, ...padding],
      dilations: attr<readonly number[]>(node, "dilation"),
      group: attr<number>(node, "groups"),
    });
  },
  embed: (emit, [table, ids]) => emit.node("Gather", [table!, ids!], { axis: 0 }),
  softmax: (emit, [x], node) => emit.node("Softmax", [x!], { axis: attr<number>(node, "axis") }),
  logSoftmax: (emit, [x], node) => emit.node("LogSoftmax", [x!], { axis: attr<number>(node, "axis") }),
  crossEntropy: "decompose",
  layerNorm: (emit, inputs, node) =>
    emit.nodes(
      "LayerNormalization",
      inputs,
      node.outputs.map((v, i) => i === 0 || emit.isUsed(v)),
      { axis: -1, epsilon: { float: attr<number>(node, "epsilon") } },
    ),
  rmsNorm: "decompose",
} satisfies LoweringTable;
