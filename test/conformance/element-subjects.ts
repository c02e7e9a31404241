// The conformance table of sources, functions of single elements, and ops that fold or order axes.
import { hostArray } from "../../src/base/index.ts";
import type { OpName } from "../../src/graph/index.ts";
import {
  as,
  bools,
  extremePairs,
  extremes,
  extremesAcross,
  type Fill,
  fixed,
  integers,
  nonZero,
  normal,
  positive,
  spaced,
} from "./arrays.ts";
import { along, known, type Subject, shapes, sums, type Trial, unit, withAttrs } from "./subject.ts";

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

const folded = (shape: readonly number[], axis: number, reverse: boolean): Trial => withAttrs({ axis, reverse }, shape);
const best = (k: number, shape: readonly number[], largest = true): Trial => withAttrs({ k, largest }, shape);
const tail = unit("for negative x, 1 + erf or 1 + tanh is what is left of two terms of order 1");
const lostNaN = known("nan", "ReduceMax and ReduceMin keep a NaN or lose it by its position");
const array = (dtype: "float32" | "int32", shape: readonly number[], data: readonly number[]) => ({
  value: hostArray(dtype, shape, data),
});

/** Sources, functions of single elements, and ops that fold or order axes. */
export const elementSubjects = {
  constant: {
    fill: [],
    random: [withAttrs(array("float32", [2, 3], [1, -2, 3.5, 0.1, 1e-3, 7]))],
    degenerate: [
      withAttrs(array("float32", [], [3])),
      withAttrs(array("float32", [0], [])),
      withAttrs(array("int32", [2], [1, -2])),
    ],
  },
  add: binary(normal, normal, { examples: (rows) => shapes([rows, 2, 3], [1, 1, 3]) }),
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
  straightThrough: {
    fill: [normal, normal],
    random: [shapes([3, 4], [3, 4]), shapes([2, 1, 5], [2, 1, 5])],
    degenerate: [shapes([], []), shapes([0, 3], [0, 3])],
    noDifferences: "the slope is that of another value",
  },
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
} satisfies Partial<Record<OpName, Subject>>;
