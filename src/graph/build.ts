// Builders: one typed function per op, the words in which models and gradients are written. No shapes or rules here.
import { type DType, type HostArray, hostArray } from "../base/index.ts";
import { apply, applyAll, makeNode } from "./apply.ts";
import { type Dim, sameShape } from "./dims.ts";
import type { Value } from "./value.ts";

/** A value, or a plain number that becomes a scalar constant of the other operand's dtype. */
export type Operand = Value | number;

/** A named graph input. Sizes may be symbols. @example input("ids", "int32", ["T"]) */
export const input = (name: string, dtype: DType, shape: readonly Dim[]): Value =>
  makeNode("input", [], { name }, [{ dtype, shape }]).outputs[0]!;
/** A constant held in the graph. */
export const constant = (value: HostArray): Value => apply("constant", [], { value });
/** A scalar constant. */
export const scalar = (value: number, dtype: DType = "float32"): Value => constant(hostArray(dtype, [], [value]));

const both = (x: Operand, y: Operand): [Value, Value] => {
  const dtype = typeof x === "number" ? (typeof y === "number" ? "float32" : y.dtype) : x.dtype;
  return [typeof x === "number" ? scalar(x, dtype) : x, typeof y === "number" ? scalar(y, dtype) : y];
};

// arithmetic, broadcasting as NumPy does
/** Sum by element; shapes broadcast. */
export const add = (x: Operand, y: Operand): Value => apply("add", both(x, y));
/** Difference by element; shapes broadcast. */
export const sub = (x: Operand, y: Operand): Value => apply("sub", both(x, y));
/** Product by element; shapes broadcast. */
export const mul = (x: Operand, y: Operand): Value => apply("mul", both(x, y));
/** Quotient by element; shapes broadcast. */
export const div = (x: Operand, y: Operand): Value => apply("div", both(x, y));
/** Power by element, x to the y; shapes broadcast. */
export const pow = (x: Operand, y: Operand): Value => apply("pow", both(x, y));
/** The larger of two by element; shapes broadcast. */
export const maximum = (x: Operand, y: Operand): Value => apply("maximum", both(x, y));
/** The smaller of two by element; shapes broadcast. */
export const minimum = (x: Operand, y: Operand): Value => apply("minimum", both(x, y));
/** Whether two are equal, by element, as bool; shapes broadcast. */
export const equal = (x: Operand, y: Operand): Value => apply("equal", both(x, y));
/** Whether x is below y, by element, as bool; shapes broadcast. */
export const less = (x: Operand, y: Operand): Value => apply("less", both(x, y));
/** Whether x is above y, by element, as bool; shapes broadcast. */
export const greater = (x: Operand, y: Operand): Value => apply("less", both(y, x));
/** Whether both are true, by element; shapes broadcast. */
export const and = (x: Value, y: Value): Value => apply("and", [x, y]);
/** Whether one is true, by element; shapes broadcast. */
export const or = (x: Value, y: Value): Value => apply("or", [x, y]);
/** Whether a bool is false, by element. */
export const not = (x: Value): Value => apply("not", [x]);
/** `condition ? x : y` by element. */
export const where = (condition: Value, x: Operand, y: Operand): Value => apply("where", [condition, ...both(x, y)]);

// functions of one value
/** The value with its sign turned, by element. */
export const neg = (x: Value): Value => apply("neg", [x]);
/** Absolute value by element. */
export const abs = (x: Value): Value => apply("abs", [x]);
/** Sign by element: −1, 0 or 1. */
export const sign = (x: Value): Value => apply("sign", [x]);
/** eˣ by element. */
export const exp = (x: Value): Value => apply("exp", [x]);
/** Natural logarithm by element. */
export const log = (x: Value): Value => apply("log", [x]);
/** ln(1 + x) by element, exact near 0. */
export const log1p = (x: Value): Value => apply("log1p", [x]);
/** Square root by element; NaN below 0. */
export const sqrt = (x: Value): Value => apply("sqrt", [x]);
/** 1 / x by element. */
export const reciprocal = (x: Value): Value => apply("reciprocal", [x]);
/** Hyperbolic tangent by element. */
export const tanh = (x: Value): Value => apply("tanh", [x]);
/** Logistic function by element, 1 / (1 + e⁻ˣ). */
export const sigmoid = (x: Value): Value => apply("sigmoid", [x]);
/** ln(1 + eˣ) by element. */
export const softplus = (x: Value): Value => apply("softplus", [x]);
/** Error function by element. */
export const erf = (x: Value): Value => apply("erf", [x]);
/** Sine by element, of radians. */
export const sin = (x: Value): Value => apply("sin", [x]);
/** Cosine by element, of radians. */
export const cos = (x: Value): Value => apply("cos", [x]);
/** The larger of x and 0, by element. */
export const relu = (x: Value): Value => apply("relu", [x]);
/** Largest whole number that is not above x, by element. */
export const floor = (x: Value): Value => apply("floor", [x]);
/** x·Φ(x), the exact (erf) form. */
export const gelu = (x: Value): Value => apply("gelu", [x]);
/** dgelu/dx · g, exact. */
export const geluGrad = (g: Value, x: Value): Value => apply("geluGrad", [g, x]);
/** GELU by the tanh approximation (GPT-2). */
export const geluTanh = (x: Value): Value => apply("geluTanh", [x]);
/** The value in another dtype; itself where it has that dtype already. */
export const cast = (x: Value, dtype: DType): Value => (x.dtype === dtype ? x : apply("cast", [x], { dtype }));
/** The value, with no gradient through it. */
export const stopGradient = (x: Value): Value => apply("stopGradient", [x]);
/** y, whose gradient goes to x as if it were x. @param y of x's type */
export const straightThrough = (x: Value, y: Value): Value => apply("straightThrough", [x, y]);

/** x itself, but not before `signal` is known, and never merged with x: a recomputation stays apart and late. */
export const barrier = (x: Value, signal: Value): Value => apply("barrier", [x, signal]);

// reductions: `axes` default to all; negative axes count from the end
export interface Reduce {
  readonly axes?: readonly number[];
  readonly keepDims?: boolean;
}
const reduce =
  (name: string) =>
  (x: Value, { axes, keepDims = false }: Reduce = {}): Value => {
    const list = (axes ?? x.shape.map((_, i) => i)).map((a) => (a < 0 ? a + x.shape.length : a)).sort((a, b) => a - b);
    return apply(name, [x], { axes: list, keepDims });
  };
export const sum = reduce("sum");
export const mean = reduce("mean");
export const max = reduce("max");
export const min = reduce("min");
export const prod = reduce("prod");
const axisOf = (x: Value, axis: number): number => (axis < 0 ? axis + x.shape.length : axis);
/** Index (int32) of the first largest element along an axis; the axis is dropped. */
export const argmax = (x: Value, axis: number): Value => apply("argmax", [x], { axis: axisOf(x, axis) });
/** Sums up to each element along an axis; from the end where `reverse` is set. */
export const cumsum = (x: Value, axis: number, reverse = false): Value =>
  apply("cumsum", [x], { axis: axisOf(x, axis), reverse });
/** The k largest (or smallest) along the last axis, sorted: [values, indices int32]. */
export const topk = (x: Value, k: number, largest = true): readonly [Value, Value] =>
  applyAll("topk", [x], { k, largest }) as readonly [Value, Value];

// matrix products
export interface MatMul {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Factor of the result. */
  readonly alpha?: number;
}
/** a · b over the last two axes, leading axes broadcast. */
export const matmul = (a: Value, b: Value, { transposeA = false, transposeB = false, alpha = 1 }: MatMul = {}): Value =>
  apply("matmul", [a, b], { transposeA, transposeB, alpha });

/** Settings of a convolution, one number per spatial axis. */
export interface Conv {
  /** Default 1. */
  readonly strides?: readonly number[];
  /** Zeros on both sides. Default 0. */
  readonly padding?: readonly number[];
  /** Distance between elements under the kernel. Default 1. */
  readonly dilation?: readonly number[];
  /** Channels fall into this many groups that do not see each other. Default 1. */
  readonly groups?: number;
}
/** Cross-correlation: x [N, C, ..], weight [O, C/groups, ..kernel], bias [O] → [N, O, ..]. Any number of spatial axes. */
export const conv = (
  x: Value,
  weight: Value,
  bias?: Value,
  {
    strides = x.shape.slice(2).map(() => 1),
    padding = x.shape.slice(2).map(() => 0),
    dilation = x.shape.slice(2).map(() => 1),
    groups = 1,
  }: Conv = {},
): Value => apply("conv", bias ? [x, weight, bias] : [x, weight], { strides, padding, dilation, groups });

// movement
/** The same elements under another shape. */
export const reshape = (x: Value, shape: readonly Dim[]): Value =>
  sameShape(x.shape, shape) ? x : apply("reshape", [x], { shape });
/** The value with its axes in another order: axis i of the result is axis `permutation[i]`. */
export const transpose = (x: Value, permutation: readonly number[]): Value =>
  permutation.every((p, i) => p === i) ? x : apply("transpose", [x], { permutation });
/** The value repeated along axes of size 1 until it has a shape. */
export const broadcastTo = (x: Value, shape: readonly Dim[]): Value =>
  sameShape(x.shape, shape) ? x : apply("broadcastTo", [x], { shape });
/** Values joined along an axis; their other sizes are equal. */
export const concat = (parts: readonly Value[], axis: number): Value =>
  apply("concat", parts, { axis: axisOf(parts[0]!, axis) });
/** Elements start, start+step, … before end along one axis; negative ends count from the end; step may be −1 (then start is the last). */
export const slice = (x: Value, axis: number, start: number, end: number, step = 1): Value =>
  apply("slice", [x], { axis: axisOf(x, axis), start, end, step });
/** Reverses an axis. */
export const flip = (x: Value, axis: number): Value => apply("flip", [x], { axis: axisOf(x, axis) });
/** Adds `before` and `after` elements of `value` along one axis. */
export const pad = (x: Value, axis: number, before: number, after: number, value = 0): Value =>
  before === 0 && after === 0 ? x : apply("pad", [x], { axis: axisOf(x, axis), before, after, value });
/** Whole slices by index (int32) along an axis: out.shape = x.shape with the axis replaced by indices.shape. */
export const gather = (x: Value, indices: Value, axis = 0): Value =>
  apply("gather", [x, indices], { axis: axisOf(x, axis) });
/** The transpose of `gather`: adds slices `updates` into zeros of `size` along the axis; duplicates add up. */
export const scatterSum = (updates: Value, indices: Value, size: Dim, axis = 0): Value =>
  apply("scatterSum", [updates, indices], { axis, size: [size] });
/** x[i][indices[i][j]] … by element along an axis (int32 indices, same rank). */
export const gatherElements = (x: Value, indices: Value, axis: number): Value =>
  apply("gatherElements", [x, indices], { axis: axisOf(x, axis) });
/** x with `updates` added at `indices` along an axis, by element; duplicates add up. */
export const scatterElements = (x: Value, indices: Value, updates: Value, axis: number): Value =>
  apply("scatterElements", [x, indices, updates], { axis: axisOf(x, axis) });
/**
 * Rows of x by index, where index = number of rows reads a zero row; `inverse` is the index that undoes it, so that the
 * gradient is a gather too, never a scatter. `complete` promises that no index reads the zero row, `inverseComplete` that no
 * inverse does: either saves a copy. x [N, D], index int32 [M…], inverse int32 [K…] → [M…, D].
 */
export const moveRows = (
  x: Value,
  index: Value,
  inverse: Value,
  { complete = false, inverseComplete = false } = {},
): Value => apply("moveRows", [x, index, inverse], { complete, inverseComplete });

// composites that are differentiated as one and may have a kernel
/** Softmax along an axis; default the last. */
export const softmax = (x: Value, axis = -1): Value => apply("softmax", [x], { axis: axisOf(x, axis) });
/** Logarithm of the softmax along an axis; default the last. */
export const logSoftmax = (x: Value, axis = -1): Value => apply("logSoftmax", [x], { axis: axisOf(x, axis) });
/** Layer normalisation over the last axis (Ba 2016, arXiv:1607.06450). */
export const layerNorm = (x: Value, weight: Value, bias: Value, epsilon: number): Value =>
  apply("layerNorm", [x, weight, bias], { epsilon });
/** Root-mean-square normalisation over the last axis (Zhang 2019, arXiv:1910.07467). */
export const rmsNorm = (x: Value, weight: Value, epsilon: number): Value => apply("rmsNorm", [x, weight], { epsilon });
/** x · Wᵀ + b: x [.., in], weight [out, in], bias [out]. */
export const linear = (x: Value, weight: Value, bias?: Value): Value =>
  apply("linear", bias ? [x, weight, bias] : [x, weight]);
/** Rows of a table by id: table [V, H], ids int32 [..] → [.., H]. The row `paddingId` gets no gradient from here. */
export const embed = (table: Value, ids: Value, paddingId?: number): Value =>
  apply("embed", [table, ids], { paddingId });
/** −log softmax(logits)[label] per row: logits [N, C], labels int32 [N] in range → [N]. */
export const crossEntropy = (logits: Value, labels: Value): Value => apply("crossEntropy", [logits, labels]);
