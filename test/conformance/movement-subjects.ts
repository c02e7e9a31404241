// The conformance table of ops that move elements, and of the scatters that are their transposes.
import type { OpName } from "../../src/graph/index.ts";
import { below, extremePairs, extremes, fixed, integers, normal, ones } from "./arrays.ts";
import { along, type Subject, shapes, sums, type Trial, withAttrs } from "./subject.ts";

const cut = (axis: number, start: number, end: number, step: number, shape: readonly number[]): Trial =>
  withAttrs({ axis, start, end, step }, shape);
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
const moved = { complete: false, inverseComplete: false };

/** Ops that move elements. */
export const movementSubjects = {
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
    examples: (rows) => withAttrs({ shape: [rows, 2, 3] }, [1, 3]),
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
} satisfies Partial<Record<OpName, Subject>>;
