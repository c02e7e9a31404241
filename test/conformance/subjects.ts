// The conformance table: for every op, how its operands are filled, which sizes it is tried at, how exact a runtime must be, and
// where a runtime is known to differ. A new op that has no line here does not compile.
import { hostArray } from "../../src/base/index.ts";
import type { Attrs, OpName } from "../../src/graph/index.ts";
import {
  as,
  below,
  bools,
  type ExtremeClass,
  extremeAndOne,
  extremePairs,
  extremes,
  extremesAcross,
  type Fill,
  fixed,
  integers,
  nonZero,
  normal,
  ones,
  positive,
  spaced,
  zeros,
} from "./arrays.ts";

/** One trial: operand shapes, and what differs from the subject's own fillings and attributes. */
export interface Trial {
  readonly shapes: readonly (readonly number[])[];
  readonly attrs?: Attrs;
  readonly fill?: readonly Fill[];
  /** Equal elements, where the slope jumps: central differences do not apply. */
  readonly ties?: true;
}

/**
 * Largest deviation allowed: relative to each element, to the largest element of the array where sums cancel, or to the larger
 * of that and 1 where even the largest is what is left of terms of order 1.
 */
export interface Accuracy {
  readonly relative: number;
  readonly per: "element" | "array" | "unit";
  /** Why it is not 1e-6 per element. */
  readonly reason: string;
}

/** A deviation that is known, of one runtime, for a class of extreme values. The suite fails when it has gone. */
export interface Exception {
  readonly runtimes: readonly string[];
  readonly values: ExtremeClass;
  readonly reason: string;
}

export interface Subject {
  readonly fill: readonly Fill[];
  readonly random: readonly Trial[];
  readonly broadcast?: readonly Trial[];
  readonly degenerate: readonly Trial[];
  /** The trial over the n extreme values in force. */
  readonly extreme?: (n: number) => Trial;
  readonly attrs?: Attrs;
  /** For ops through which parameters enter: a trial whose other operands have this many rows along their first axis. */
  readonly examples?: (rows: number) => Trial;
  /** Default 1e-6 per element. */
  readonly accuracy?: Accuracy;
  /** Of the gradient on runtimes; default 2e-6 per array: gradients are sums. */
  readonly gradient?: Accuracy;
  readonly except?: readonly Exception[];
  /** Why central differences do not apply. */
  readonly noDifferences?: string;
}

const shapes = (...list: readonly (readonly number[])[]): Trial => ({ shapes: list });
const withAttrs = (attrs: Attrs, ...list: readonly (readonly number[])[]): Trial => ({ shapes: list, attrs });

/** A function of single elements of one operand. */
const unary = (fill: Fill, more: Partial<Subject> = {}): Subject => ({
  fill: [fill],
  random: [shapes([3, 4])],
  degenerate: [shapes([]), shapes([0]), shapes([1]), shapes([2, 0, 3])],
  extreme: (n) => ({ shapes: [[n]], fill: [fill.dtype === "float32" ? extremes : fill] }),
  ...more,
});

/** A function of single elements of two operands. */
const binary = (first: Fill, second: Fill, more: Partial<Subject> = {}): Subject => ({
  fill: [first, second],
  random: [shapes([3, 4], [3, 4])],
  broadcast: [shapes([2, 1, 3], [4, 1]), shapes([4], [2, 4]), shapes([2, 3], [])],
  degenerate: [
    shapes([], []),
    shapes([0], [0]),
    shapes([0], [1]),
    shapes([2, 0], [1]),
    shapes([], [3]),
    shapes([1], [1, 1]),
  ],
  extreme: (n) => ({
    shapes: [[n, 1], [n]],
    fill: first.dtype === "float32" ? [extremes, extremesAcross] : [first, second],
  }),
  ...more,
});

const logical: Partial<Subject> = { random: [shapes([3, 4], [3, 4])] };

/** Sums, means, extremes over axes; `empty`: whether folding no elements is defined. */
function folding(fill: Fill, empty: boolean, more: Partial<Subject> = {}): Subject {
  const over = (shape: readonly number[], axes: readonly number[], keepDims = false) =>
    withAttrs({ axes, keepDims }, shape);
  return {
    fill: [fill],
    random: [over([2, 3, 4], [1]), over([2, 3, 4], [0, 2], true), over([3, 4], [0, 1]), over([3, 2], [1], true)],
    degenerate: [
      over([], []),
      over([3], []),
      over([1], [0]),
      over([2, 1, 3], [1]),
      over([2, 0, 3], [2]),
      ...(empty ? [over([0], [0]), over([2, 0, 3], [1], true), over([0, 3], [0])] : []),
    ],
    extreme: (n) => ({ ...over([n, n, 2], [2]), fill: [extremePairs] }),
    ...more,
  };
}

const product = (a: readonly number[], b: readonly number[], attrs: Attrs = {}): Trial =>
  withAttrs({ transposeA: false, transposeB: false, alpha: 1, ...attrs }, a, b);
const along = (axis: number, ...list: readonly (readonly number[])[]): Trial => withAttrs({ axis }, ...list);
const cut = (axis: number, start: number, end: number, step: number, shape: readonly number[]): Trial =>
  withAttrs({ axis, start, end, step }, shape);
const folded = (shape: readonly number[], axis: number, reverse: boolean): Trial => withAttrs({ axis, reverse }, shape);
const best = (k: number, shape: readonly number[], largest = true): Trial => withAttrs({ k, largest }, shape);
const indexed = (axis: number, limit: number, ...list: readonly (readonly number[])[]): Trial => ({
  shapes: list,
  attrs: { axis },
  fill: [normal, below(limit), normal],
});
const summed = (axis: number, size: number, updates: readonly number[], indices: readonly number[]): Trial => ({
  shapes: [updates, indices],
  attrs: { axis, size: [size] },
  fill: [normal, below(size)],
});
const convolved = (
  x: readonly number[],
  weight: readonly number[],
  bias: boolean,
  { strides = [1], padding = [0], dilation = [1], groups = 1 } = {},
): Trial => {
  const all = (list: readonly number[]) => x.slice(2).map((_, i) => list[i] ?? list[0]!);
  return {
    shapes: [x, weight, ...(bias ? [[weight[0]!]] : [])],
    attrs: { strides: all(strides), padding: all(padding), dilation: all(dilation), groups },
  };
};

const moved = { complete: false, inverseComplete: false };
const epsilon = { epsilon: 1e-5 };
const sums: Accuracy = { relative: 1e-6, per: "array", reason: "a sum in another order; terms of both signs cancel" };
const unit = (reason: string, relative = 1e-6): Accuracy => ({ relative, per: "unit", reason });
const tail = unit("for negative x, 1 + erf or 1 + tanh is what is left of two terms of order 1");
const nearOne = unit("the logarithm of a sum near 1 keeps the sum's absolute error");
const centred = unit("the rows are differences from their mean");
/** onnxruntime, native or WebAssembly. */
const ort = ["cpu", "wasm"];
const known = (values: ExtremeClass, reason: string): Exception => ({ runtimes: ort, values, reason });
const lostNaN = known("nan", "ReduceMax and ReduceMin keep a NaN or lose it by its position");
const overflow = known("huge", "the squares overflow in float32");
const array = (dtype: "float32" | "int32", shape: readonly number[], data: readonly number[]) => ({
  value: hostArray(dtype, shape, data),
});

export const subjects: { readonly [K in Exclude<OpName, "input">]: Subject } = {
  constant: {
    fill: [],
    random: [withAttrs(array("float32", [2, 3], [1, -2, 3.5, 0.1, 1e-3, 7]))],
    degenerate: [
      withAttrs(array("float32", [], [3])),
      withAttrs(array("float32", [0], [])),
      withAttrs(array("int32", [2], [1, -2])),
    ],
  },
  add: binary(normal, normal),
  sub: binary(normal, normal),
  mul: binary(normal, normal),
  div: binary(normal, nonZero),
  pow: binary(positive, normal, {
    except: [
      known("denormal", "the kernel reads a denormal base as another number where the thread flushes denormals"),
    ],
  }),
  maximum: binary(spaced, normal),
  minimum: binary(spaced, normal),
  equal: binary(integers, integers, { extreme: (n) => ({ shapes: [[n, 1], [n]], fill: [extremes, extremesAcross] }) }),
  less: binary(normal, normal),
  and: binary(bools, bools, logical),
  or: binary(bools, bools, logical),
  not: unary(bools),
  where: {
    fill: [bools, normal, normal],
    random: [shapes([3, 4], [3, 4], [3, 4]), { shapes: [[4], [4], [4]], fill: [bools, integers, integers] }],
    broadcast: [shapes([2, 1, 6], [5, 1], [1]), shapes([], [2, 3], [3]), shapes([3, 1], [], [])],
    degenerate: [shapes([], [], []), shapes([0], [1], []), shapes([1], [2, 0], [1])],
    extreme: (n) => ({ shapes: [[2, 1, 1], [n, 1], [n]], fill: [fixed([0, 1], "bool"), extremes, extremesAcross] }),
  },
  neg: unary(normal),
  abs: unary(nonZero),
  sign: unary(nonZero),
  floor: unary(spaced),
  exp: unary(normal),
  log: unary(positive),
  log1p: unary(positive),
  sqrt: unary(positive),
  reciprocal: unary(nonZero),
  tanh: unary(normal),
  sigmoid: unary(normal),
  softplus: unary(normal),
  erf: unary(normal),
  sin: unary(normal),
  cos: unary(normal),
  relu: unary(nonZero),
  gelu: unary(normal, { accuracy: tail }),
  geluGrad: binary(normal, normal, { accuracy: tail }),
  geluTanh: unary(normal, { accuracy: tail }),
  cast: {
    fill: [spaced],
    random: [
      withAttrs({ dtype: "int32" }, [3, 4]),
      withAttrs({ dtype: "bool" }, [3, 4]),
      { shapes: [[4]], attrs: { dtype: "float32" }, fill: [integers] },
      { shapes: [[4]], attrs: { dtype: "float32" }, fill: [bools] },
      { shapes: [[4]], attrs: { dtype: "int64" }, fill: [integers] },
    ],
    degenerate: [withAttrs({ dtype: "int32" }, []), withAttrs({ dtype: "int32" }, [0])],
    extreme: (n) => ({ shapes: [[n]], attrs: { dtype: "bool" }, fill: [extremes] }),
    noDifferences: "integers and truth values have no slope; the float case is the identity",
  },
  stopGradient: unary(normal, { noDifferences: "the gradient is stopped on purpose" }),
  sum: folding(normal, true, { accuracy: sums }),
  mean: folding(normal, true, { accuracy: sums }),
  max: folding(spaced, false, { except: [lostNaN] }),
  min: folding(spaced, false, { except: [lostNaN] }),
  prod: folding(nonZero, true),
  argmax: {
    fill: [spaced],
    random: [along(0, [3, 4]), along(1, [2, 3, 4]), { ...along(1, [3, 6]), fill: [as("float32", integers)] }],
    degenerate: [along(0, [1]), along(1, [0, 3]), along(0, [3, 0])],
    extreme: (n) => ({ ...along(2, [n, n, 2]), fill: [extremePairs] }),
  },
  cumsum: {
    fill: [normal],
    random: [folded([3, 4], 0, false), folded([2, 3, 4], 2, true)],
    degenerate: [folded([1], 0, true), folded([0], 0, false), folded([2, 0], 1, true), folded([0, 2], 1, false)],
    extreme: (n) => ({ ...folded([n, n, 2], 2, false), fill: [extremePairs] }),
    accuracy: sums,
  },
  topk: {
    fill: [spaced],
    random: [
      best(2, [3, 4]),
      best(4, [2, 2, 4], false),
      { ...best(5, [6]), fill: [as("float32", integers)], ties: true },
    ],
    degenerate: [best(1, [1]), best(0, [3]), best(0, [0]), best(2, [0, 3])],
    extreme: (n) => ({ ...best(2, [n, n, 2]), fill: [extremePairs] }),
  },
  reshape: {
    fill: [normal],
    random: [withAttrs({ shape: [4, 3] }, [2, 6]), withAttrs({ shape: [2, 1, 6] }, [3, 4])],
    degenerate: [
      withAttrs({ shape: [] }, [1, 1]),
      withAttrs({ shape: [1] }, []),
      withAttrs({ shape: [3, 0] }, [0]),
      withAttrs({ shape: [0] }, [2, 0, 3]),
    ],
    extreme: (n) => ({ shapes: [[n]], attrs: { shape: [1, n] }, fill: [extremes] }),
  },
  transpose: {
    fill: [normal],
    random: [withAttrs({ permutation: [1, 0] }, [2, 3]), withAttrs({ permutation: [2, 0, 1] }, [2, 3, 4])],
    degenerate: [
      withAttrs({ permutation: [] }, []),
      withAttrs({ permutation: [0] }, [0]),
      withAttrs({ permutation: [1, 2, 0] }, [2, 0, 1]),
    ],
    extreme: (n) => ({ shapes: [[n, n, 2]], attrs: { permutation: [2, 1, 0] }, fill: [extremePairs] }),
  },
  broadcastTo: {
    fill: [normal],
    random: [withAttrs({ shape: [2, 3] }, [1, 3]), withAttrs({ shape: [2, 3, 4] }, [3, 1])],
    degenerate: [
      withAttrs({ shape: [] }, []),
      withAttrs({ shape: [2, 2] }, []),
      withAttrs({ shape: [2, 0] }, [0]),
      withAttrs({ shape: [0] }, [1]),
      withAttrs({ shape: [0, 3] }, [3]),
    ],
    extreme: (n) => ({ shapes: [[n, 1]], attrs: { shape: [n, 2] }, fill: [extremes] }),
  },
  barrier: {
    fill: [normal, normal],
    random: [shapes([3, 4], [2]), shapes([5], [2, 3]), { shapes: [[2, 2, 2], [4]], fill: [integers, normal] }],
    degenerate: [shapes([], []), shapes([1], []), shapes([0], [2]), shapes([2], [0])],
    extreme: (n) => ({ shapes: [[n], [n]], fill: [extremes, extremes] }),
  },
  concat: {
    fill: [normal, normal, normal],
    random: [along(0, [1, 3], [2, 3]), along(1, [2, 1], [2, 2], [2, 3])],
    degenerate: [along(0, [1]), along(0, [0], [2]), along(1, [0, 2], [0, 3]), along(0, [0], [0])],
    extreme: (n) => ({ ...along(0, [n], [1]), fill: [extremes, ones] }),
  },
  slice: {
    fill: [normal],
    random: [cut(1, 1, 4, 1, [2, 6]), cut(0, 1, 7, 2, [7, 2]), cut(2, -2, 99, 1, [2, 2, 5]), cut(0, 0, -1, 3, [8])],
    degenerate: [
      cut(0, 0, 1, 1, [1]),
      cut(0, 2, 2, 1, [3]),
      cut(0, 3, 1, 1, [4]),
      cut(0, 0, 0, 1, [0]),
      cut(1, 0, 2, 1, [0, 3]),
    ],
    extreme: (n) => ({ ...cut(0, 0, n, 2, [n]), fill: [extremes] }),
  },
  flip: {
    fill: [normal],
    random: [along(0, [3, 2]), along(2, [2, 2, 3])],
    degenerate: [along(0, [1]), along(0, [0]), along(1, [2, 0])],
    extreme: (n) => ({ ...along(0, [n]), fill: [extremes] }),
  },
  pad: {
    fill: [normal],
    random: [
      withAttrs({ axis: 1, before: 1, after: 2, value: 0.5 }, [2, 3]),
      { shapes: [[3]], attrs: { axis: 0, before: 2, after: 0, value: -7 }, fill: [integers] },
    ],
    degenerate: [
      withAttrs({ axis: 0, before: 1, after: 1, value: 0 }, [0]),
      withAttrs({ axis: 1, before: 1, after: 0, value: 0 }, [0, 2]),
      withAttrs({ axis: 0, before: 0, after: 0, value: 0 }, [1]),
    ],
    extreme: (n) => ({
      shapes: [[n]],
      attrs: { axis: 0, before: 1, after: 1, value: Number.NEGATIVE_INFINITY },
      fill: [extremes],
    }),
  },
  gather: {
    fill: [normal, below(3)],
    random: [along(0, [3, 2], [4]), along(1, [2, 3, 2], [2, 2]), along(2, [2, 2, 3], [1])],
    degenerate: [along(0, [3], []), along(0, [3, 2], [0]), along(0, [3, 0], [2]), along(1, [0, 3], [2])],
    extreme: (n) => ({ ...along(0, [n], [3]), fill: [extremes, below(n)] }),
  },
  scatterSum: {
    fill: [normal, below(3)],
    random: [summed(0, 3, [5, 2], [5]), summed(1, 4, [2, 2, 3, 2], [2, 3])],
    degenerate: [
      summed(0, 3, [2], []),
      summed(0, 3, [0, 2], [0]),
      summed(0, 2, [3, 0], [3]),
      summed(1, 2, [0, 3], [3]),
    ],
    accuracy: sums,
  },
  gatherElements: {
    fill: [normal, below(2)],
    random: [indexed(0, 2, [2, 3], [4, 3]), indexed(1, 3, [2, 3], [2, 2])],
    degenerate: [indexed(0, 1, [1], [1]), indexed(0, 2, [2], [0]), indexed(1, 2, [0, 2], [0, 3])],
    extreme: (n) => ({ ...indexed(0, n, [n], [n]), fill: [extremes, below(n)] }),
  },
  scatterElements: {
    fill: [normal, below(2), normal],
    random: [indexed(0, 2, [2, 3], [5, 3], [5, 3]), indexed(1, 3, [2, 3], [2, 2], [2, 2])],
    degenerate: [indexed(0, 1, [1], [1], [1]), indexed(0, 2, [2], [0], [0]), indexed(1, 2, [0, 2], [0, 3], [0, 3])],
    extreme: (n) => ({ ...indexed(0, 1, [n], [1], [1]), fill: [extremes, fixed([0]), ones] }),
    accuracy: sums,
  },
  moveRows: {
    fill: [normal],
    attrs: moved,
    random: [
      // slots 0, 1, 3 hold rows 2, 0, 1; slot 2 is padding
      {
        shapes: [[3, 2], [2, 2], [3]],
        fill: [normal, fixed([2, 0, 3, 1]), fixed([1, 3, 0])],
        attrs: { ...moved, inverseComplete: true },
      },
      {
        shapes: [[4, 2], [3], [2, 2]],
        fill: [normal, fixed([1, 3, 0]), fixed([2, 0, 3, 1])],
        attrs: { ...moved, complete: true },
      },
      { shapes: [[2, 3], [2], [2]], fill: [normal, fixed([1, 0]), fixed([1, 0])] },
    ],
    degenerate: [
      { shapes: [[1, 1], [1], [1]], fill: [normal, fixed([0]), fixed([0])] },
      { shapes: [[0, 2], [1], [0]], fill: [normal, fixed([0]), fixed([])] },
      { shapes: [[2, 0], [2], [2]], fill: [normal, fixed([1, 0]), fixed([1, 0])] },
    ],
  },
  matmul: {
    fill: [normal, normal],
    random: [
      product([2, 3], [3, 4]),
      product([3, 2], [3, 4], { transposeA: true }),
      product([2, 3], [4, 3], { transposeB: true, alpha: 0.5 }),
      product([3, 2], [4, 3], { transposeA: true, transposeB: true, alpha: -2 }),
      product([2, 2, 3], [2, 3, 2]),
    ],
    broadcast: [
      product([2, 1, 2, 3], [3, 3, 2]),
      product([2, 3], [2, 3, 2]),
      product([2, 2, 3], [2, 3], { transposeB: true }),
      product([2, 3, 2], [3, 2], { transposeA: true }),
      product([2, 1, 2, 3], [3, 2, 3], { transposeB: true, alpha: 2 }),
    ],
    degenerate: [
      product([1, 1], [1, 1]),
      product([0, 3], [3, 2]),
      product([2, 3], [3, 0]),
      product([2, 0], [0, 3]),
      product([0, 2, 3], [3, 2]),
      product([0, 2], [0, 3], { transposeA: true, alpha: 2 }),
      product([2, 0], [3, 0], { transposeB: true }),
    ],
    extreme: (n) => ({ ...product([n, 2], [n, 2], { transposeB: true }), fill: [extremeAndOne, extremeAndOne] }),
    accuracy: sums,
  },
  linear: {
    examples: (rows) => shapes([rows, 3], [4, 3], [4]),
    fill: [normal, normal, normal],
    random: [
      shapes([2, 3], [4, 3], [4]),
      shapes([2, 3], [4, 3]),
      shapes([2, 2, 3], [1, 3], [1]),
      shapes([3], [2, 3], [2]),
    ],
    degenerate: [
      shapes([1, 1], [1, 1], [1]),
      shapes([0, 3], [2, 3], [2]),
      shapes([2, 0], [3, 0], [3]),
      shapes([2, 3], [0, 3], [0]),
      shapes([2, 0, 3], [2, 3]),
    ],
    extreme: (n) => ({
      shapes: [
        [n, 2],
        [n, 2],
      ],
      fill: [extremeAndOne, extremeAndOne],
    }),
    accuracy: sums,
  },
  conv: {
    examples: (rows) => convolved([rows, 4, 5], [2, 2, 3], true, { padding: [1], groups: 2 }),
    fill: [normal, normal, normal],
    random: [
      convolved([2, 3, 7], [4, 3, 3], true),
      convolved([2, 4, 8], [6, 2, 3], true, { strides: [2], padding: [1], groups: 2 }),
      convolved([1, 3, 9], [3, 1, 4], false, { padding: [2], dilation: [2], groups: 3 }),
      convolved([1, 2, 5, 4], [2, 2, 2, 3], true, { strides: [2, 1], padding: [0, 1], dilation: [1, 1] }),
      convolved([2, 1, 6, 6], [2, 1, 2, 2], false, { strides: [3, 2], dilation: [2, 1] }),
    ],
    degenerate: [
      convolved([1, 1, 1], [1, 1, 1], true),
      convolved([0, 2, 5], [3, 2, 3], true),
      convolved([2, 2, 3], [2, 2, 3], false),
      convolved([1, 1, 2], [1, 1, 1], false, { padding: [3], strides: [4] }),
    ],
    extreme: (n) => ({ ...convolved([n, 1, 1], [n, 1, 1], false), fill: [extremes, extremes] }),
    accuracy: sums,
  },
  embed: {
    examples: (rows) => ({ shapes: [[3, 2], [rows]], attrs: { paddingId: 1 }, fill: [normal, below(3)] }),
    fill: [normal, below(4)],
    attrs: { paddingId: undefined },
    random: [
      shapes([4, 3], [5]),
      {
        shapes: [
          [4, 2],
          [2, 2],
        ],
        attrs: { paddingId: 0 },
        fill: [normal, fixed([1, 3, 3, 2])],
      },
    ],
    degenerate: [shapes([4, 3], []), shapes([4, 3], [0]), shapes([4, 0], [2])],
    extreme: (n) => ({ shapes: [[n, 1], [4]], fill: [extremes, below(n)] }),
  },
  softmax: {
    fill: [normal],
    random: [along(1, [3, 4]), along(0, [3, 4]), along(1, [2, 3, 2])],
    degenerate: [along(0, [1]), along(0, [0]), along(1, [0, 3]), along(0, [3, 0]), along(1, [2, 1, 2])],
    extreme: (n) => ({ ...along(2, [n, n, 2]), fill: [extremePairs] }),
  },
  logSoftmax: {
    fill: [normal],
    random: [along(1, [3, 4]), along(0, [3, 4]), along(1, [2, 3, 2])],
    degenerate: [along(0, [1]), along(0, [0]), along(1, [0, 3]), along(0, [3, 0]), along(1, [2, 1, 2])],
    extreme: (n) => ({ ...along(2, [n, n, 2]), fill: [extremePairs] }),
    accuracy: nearOne,
  },
  crossEntropy: {
    fill: [normal, below(3)],
    random: [shapes([4, 3], [4])],
    degenerate: [{ shapes: [[1, 1], [1]], fill: [normal, below(1)] }, shapes([0, 3], [0])],
    extreme: (n) => ({ shapes: [[n, 2], [n]], fill: [extremeAndOne, below(2)] }),
    accuracy: nearOne,
  },
  layerNorm: {
    examples: (rows) => shapes([rows, 3], [3], [3]),
    fill: [normal, normal, normal],
    attrs: epsilon,
    random: [shapes([3, 4], [4], [4]), shapes([2, 2, 5], [5], [5]), shapes([6], [6], [6])],
    degenerate: [shapes([0, 4], [4], [4]), shapes([3, 1], [1], [1]), shapes([1], [1], [1])],
    extreme: (n) => ({ shapes: [[n, n, 2], [2], [2]], fill: [extremePairs, ones, zeros] }),
    accuracy: centred,
    gradient: centred,
    except: [overflow, known("infinite", "the mean of an infinite row comes out as NaN")],
  },
  rmsNorm: {
    examples: (rows) => shapes([rows, 3], [3]),
    fill: [normal, normal],
    attrs: epsilon,
    random: [shapes([3, 4], [4]), shapes([2, 2, 5], [5]), shapes([6], [6])],
    degenerate: [shapes([0, 4], [4]), shapes([3, 1], [1]), shapes([1], [1])],
    extreme: (n) => ({ shapes: [[n, n, 2], [2]], fill: [extremePairs, ones] }),
    gradient: unit("the gradient along the row cancels, and is multiplied by 1/‖x‖", 1e-5),
    except: [overflow],
  },
};
