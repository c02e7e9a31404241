// The conformance table of products, convolution, look-up, softmax and normalisations.
import type { Attrs, OpName } from "../../src/graph/index.ts";
import { below, extremeAndOne, extremePairs, extremes, fixed, normal, ones, zeros } from "./arrays.ts";
import { along, known, type Subject, shapes, sums, type Trial, unit, withAttrs } from "./subject.ts";

const product = (a: readonly number[], b: readonly number[], attrs: Attrs = {}): Trial =>
  withAttrs({ transposeA: false, transposeB: false, alpha: 1, ...attrs }, a, b);
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
const epsilon = { epsilon: 1e-5 };
const nearOne = unit("the logarithm of a sum near 1 keeps the sum's absolute error");
const centred = unit("the rows are differences from their mean");
const overflow = known("huge", "the squares overflow in float32");

/** Products, softmax and normalisations. */
export const productSubjects = {
  matmul: {
    examples: (rows) => product([rows, 3], [3, 4]),
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
} satisfies Partial<Record<OpName, Subject>>;
