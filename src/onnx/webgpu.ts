// What ONNX Runtime's WebGPU provider has, as data, and the rows that differ because of it. Knows no device.
import { hostArray } from "../base/index.ts";
import type { Emitter } from "./emit.ts";
import { type LoweringTable, type Row, standardRows } from "./rows.ts";

/**
 * Operators of the standard domain that the WebGPU provider of onnxruntime 1.30 runs on the device, of those that this
 * library emits. Read from profiles of that build (each node names the provider that ran it) over every reference
 * operation and model, on the software device SwiftShader; test/web/browser/device.e2e.ts reads them again. The list in
 * onnxruntime-web's docs/webgpu-operators.md is of an older provider, without And, Identity, Max, Min, ScatterElements,
 * Softplus and TopK.
 *
 * Missing, and so not emitted: Or, Sign, LogSoftmax, OneHot, Dropout, Random*, FusedMatMul, and Slice of int32.
 * LayerNormalization is there but gives only its first output. Sin and Cos are as exact as WGSL asks of them (2⁻¹¹): see
 * `sine`. No kernel takes int64: the indices of ArgMax and TopK are cast to int32 on the CPU, with a copy each way.
 */
export const webgpuKernels = new Set([
  "Abs",
  "Add",
  "And",
  "ArgMax",
  "Cast",
  "Concat",
  "Conv",
  "Cos",
  "CumSum",
  "Div",
  "Equal",
  "Erf",
  "Exp",
  "Expand",
  "Floor",
  "Gather",
  "GatherElements",
  "Gelu",
  "Gemm",
  "Identity",
  "Less",
  "Log",
  "MatMul",
  "Max",
  "Min",
  "Mul",
  "Neg",
  "Not",
  "Pad",
  "Pow",
  "Reciprocal",
  "ReduceMax",
  "ReduceMean",
  "ReduceMin",
  "ReduceProd",
  "ReduceSum",
  "Relu",
  "Reshape",
  "ScatterElements",
  "Shape", // sizes are known to the CPU, which is where this one runs, without a copy
  "Sigmoid",
  "Sin",
  "Slice",
  "Softmax",
  "Softplus",
  "Sqrt",
  "Sub",
  "Tanh",
  "TopK",
  "Transpose",
  "Where",
]);

/** a ∨ b = ¬(¬a ∧ ¬b) */
const or: Row = (emit, [a, b]) =>
  emit.node("Not", [emit.node("And", [emit.node("Not", [a!]), emit.node("Not", [b!])])]);

/** 1 above zero, −1 below, and what is neither (0, −0, NaN) as it is */
const sign: Row = (emit, [x], node) => {
  const number = (value: number) => emit.initializer(hostArray(node.inputs[0]!.dtype, [], [value]));
  const zero = number(0);
  const negative = emit.node("Where", [emit.node("Less", [x!, zero]), number(-1), x!]);
  return emit.node("Where", [emit.node("Less", [zero, x!]), number(1), negative]);
};

/** Pads of every axis: with the input `axes`, the runtime's change to channels-last moves the wrong ones. */
const pad: Row = (emit, [x], node) => {
  const { dtype, shape } = node.outputs[0]!;
  const { axis, before, after, value } = node.attrs as Record<string, number>;
  const ends = [before!, after!].flatMap((n) => shape.map((_, i) => (i === axis ? n : 0)));
  return emit.node("Pad", [x!, emit.ints(ends), emit.initializer(hostArray(dtype, [], [value!]))]);
};

/** Rows start, start + step, … of an axis: Slice, or Gather for the whole numbers that Slice does not take. */
const slice: Row = (emit, inputs, node) => {
  const { axis, start, step } = node.attrs as Record<string, number>;
  const count = node.outputs[0]!.shape[axis!];
  if (node.inputs[0]!.dtype === "float32" || typeof count !== "number") return standardRows.slice(emit, inputs, node);
  return take(
    emit,
    inputs[0]!,
    axis!,
    Int32Array.from({ length: count }, (_, i) => start! + i * step!),
  );
};

/** An axis backwards, likewise. */
const flip: Row = (emit, inputs, node) => {
  const axis = node.attrs.axis as number;
  const count = node.outputs[0]!.shape[axis];
  if (node.inputs[0]!.dtype === "float32" || typeof count !== "number") return standardRows.flip(emit, inputs, node);
  return take(
    emit,
    inputs[0]!,
    axis,
    Int32Array.from({ length: count }, (_, i) => count - 1 - i),
  );
};

/** Products of matrices as Gemm, which turns its inputs itself; more axes as MatMul. */
const matmul: Row = (emit, inputs, node) => {
  if (node.inputs.some((v) => v.shape.length !== 2)) return standardRows.matmul(emit, inputs, node);
  const { transposeA, transposeB, alpha } = node.attrs;
  return emit.node("Gemm", inputs, {
    transA: transposeA ? 1 : 0,
    transB: transposeB ? 1 : 0,
    alpha: { float: alpha as number },
  });
};

/** x · Wᵀ + b. Without Gemm, fusing MatMul, Transpose and Add breaks graphs in which x is an output too (1.30). */
const linear: Row = (emit, inputs, node) => {
  if (node.inputs[0]!.shape.length === 2) return emit.node("Gemm", inputs, { transA: 0, transB: 1 });
  const [x, weight, bias] = inputs;
  const product = emit.node("MatMul", [x!, emit.node("Transpose", [weight!], { perm: [1, 0] })]);
  return bias ? emit.node("Add", [product, bias]) : product;
};

/**
 * sin(x + shift·π/2) to float32's precision, where WGSL promises 2⁻¹¹ (rotary positions need better). With k the nearest
 * whole number of quarter turns, r = x − k·π/2 in three parts (Cody and Waite 1980), then the Taylor series of sin r or
 * cos r on |r| ≤ π/4, whose first missing term is below 2⁻²⁵. Beyond 8192, where the parts no longer do, the device's own.
 */
const sine =
  (shift: 0 | 1): Row =>
  (emit, [x]) => {
    const op = (name: string, a: string, b: string | number): string =>
      emit.node(name, [a, typeof b === "number" ? emit.float(b) : b]);
    const odd = (n: string): string => op("Sub", n, op("Mul", emit.node("Floor", [op("Mul", n, 0.5)]), 2));
    const { k, sin, cos } = emit.once(`sine series of ${x}`, () => {
      const k = emit.node("Floor", [op("Add", op("Mul", x!, 2 / Math.PI), 0.5)]);
      const r = quarterTurn.reduce((rest, part) => op("Sub", rest, op("Mul", k, part)), x!);
      const square = op("Mul", r, r);
      const series = ([first, ...rest]: readonly number[]): string =>
        rest.reduce((sum, term) => op("Add", op("Mul", square, sum), term), emit.float(first!));
      return { k, sin: op("Mul", r, series(sinTerms)), cos: series(cosTerms) };
    });
    const quarters = op("Add", k, shift);
    const whole = emit.node("Where", [emit.node("Less", [odd(quarters), emit.float(0.5)]), sin, cos]);
    const half = emit.node("Floor", [op("Mul", quarters, 0.5)]); // odd: the lower half of the turn
    const exact = emit.node("Mul", [whole, op("Sub", emit.float(1), op("Mul", odd(half), 2))]);
    const near = emit.node("Less", [emit.node("Abs", [x!]), emit.float(8192)]);
    return emit.node("Where", [near, exact, emit.node(shift ? "Cos" : "Sin", [x!])]);
  };

/** π/2 as a sum: the first two parts times any k below 2¹³ are exact. */
const quarterTurn = [1.5703125, 4.837512969970703e-4, 7.549789948768648e-8];

// coefficients of (sin r)/r and of cos r in r², highest first
const sinTerms = [1 / 362880, -1 / 5040, 1 / 120, -1 / 6, 1];
const cosTerms = [1 / 40320, -1 / 720, 1 / 24, -1 / 2, 1];

const take = (emit: Emitter, x: string, axis: number, indices: Int32Array): string =>
  emit.node("Gather", [x, emit.initializer(hostArray("int32", [indices.length], indices))], { axis });

export const webgpuRows = {
  ...standardRows,
  or,
  sign,
  pad,
  slice,
  flip,
  matmul,
  linear,
  sin: sine(0),
  cos: sine(1),
  logSoftmax: "decompose",
  layerNorm: "decompose", // training needs all three outputs
} satisfies LoweringTable;
