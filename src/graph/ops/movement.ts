// Ops that move elements without arithmetic, and the scatters that are their transposes.
import { stridesOf } from "../../base/index.ts";
import {
  add,
  broadcastTo,
  cast,
  concat,
  cumsum,
  flip,
  gather,
  gatherElements,
  moveRows,
  pad,
  reshape,
  scalar,
  scatterElements,
  scatterSum,
  slice,
  sub,
  sum,
  transpose,
} from "../build.ts";
import { addDims, broadcastShapes, type Dim, sameShape, sizeOfDims } from "../dims.ts";
import type { EvalContext, Op, RefArray, TensorType, Value } from "../value.ts";
import { at, broadcastStrides, eachIndex, refArray } from "./reference.ts";
import { repeatedNorm, repeatsFirst, replaceAxis, stretch, sumTo, wantAxis, wantDtype, zerosLike } from "./rules.ts";

/** from, from + 1, …: int32 [size], of a size that may be a symbol. */
const countedFrom = (from: Dim, size: Dim): Value => {
  const ones = (n: Dim) => broadcastTo(scalar(1), [n]);
  const before = typeof from === "number" ? from - 1 : sub(sum(ones(from), { axes: [0] }), 1);
  return cast(add(cumsum(ones(size), 0), before), "int32");
};

const resolve = (shape: unknown, context: EvalContext): number[] => (shape as Dim[]).map((d) => context.dim(d));

/** Copies with an index change: out[i] = x[source(i)], or `fill` where source gives undefined. */
function copyRef(
  x: RefArray,
  shape: readonly number[],
  source: (index: readonly number[]) => readonly number[] | undefined,
  fill = 0,
): RefArray {
  const out = refArray(shape, x.dtype);
  const strides = stridesOf(x.shape);
  eachIndex(shape, (index, flat) => {
    const from = source(index);
    out.data[flat] = from ? x.data[at(from, strides)]! : fill;
  });
  return out;
}

/** Range of a slice once the axis' length is known: [start, count]. */
export function sliceRange(length: number, start: number, end: number, step: number): [start: number, count: number] {
  const clip = (i: number) => Math.min(Math.max(i < 0 ? i + length : i, 0), length);
  const from = clip(start);
  return [from, Math.max(0, Math.ceil((clip(end) - from) / step))];
}

/** The permutation that undoes another. */
const invert = (p: readonly number[]): number[] => p.map((_, i) => p.indexOf(i));

export const movementOps = {
  reshape: {
    doc: "Same elements in row-major order under another shape.",
    traits: { movement: true, view: true },
    shape: ([x], { shape }, fail): TensorType => {
      const to = shape as readonly Dim[];
      if (sizeOfDims(x!.shape) !== sizeOfDims(to))
        fail(
          "sizes have different products",
          `a shape of ${sizeOfDims(x!.shape)} elements`,
          "every size of the new shape is given, none inferred",
        );
      return { dtype: x!.dtype, shape: to };
    },
    eval: ([x], { shape }, context) => ({ dtype: x!.dtype, shape: resolve(shape, context), data: x!.data }),
    vjp: (g, [x]) => [reshape(g, x!.shape)],
  },
  transpose: {
    doc: "Axes in another order: out axis i is x axis permutation[i].",
    traits: { movement: true, view: true },
    shape: ([x], { permutation }, fail): TensorType => {
      const p = permutation as readonly number[];
      if ([...p].sort((a, b) => a - b).some((axis, i) => axis !== i) || p.length !== x!.shape.length)
        fail("not a permutation of the axes", `0 … ${x!.shape.length - 1}, each once`);
      return { dtype: x!.dtype, shape: p.map((axis) => x!.shape[axis]!) };
    },
    eval: ([x], { permutation }) => {
      const p = permutation as readonly number[];
      return copyRef(
        x!,
        p.map((axis) => x!.shape[axis]!),
        (index) => {
          const from = new Array<number>(index.length);
          for (const [i, axis] of p.entries()) from[axis] = index[i]!;
          return from;
        },
      );
    },
    vjp: (g, _x, _y, { permutation }) => [transpose(g, invert(permutation as readonly number[]))],
  },
  broadcastTo: {
    doc: "Repeats axes of size 1, and new leading axes, up to a shape.",
    traits: { movement: true, parameters: { 0: "bias" } },
    shape: ([x], { shape }, fail): TensorType => {
      const to = shape as readonly Dim[];
      const fits = broadcastShapes(x!.shape, to);
      if (!fits || !sameShape(fits, to)) fail("does not broadcast", `a shape that broadcasts to [${to}]`);
      return { dtype: x!.dtype, shape: to };
    },
    eval: ([x], { shape }, context) => {
      const to = resolve(shape, context);
      const out = refArray(to, x!.dtype);
      const strides = broadcastStrides(x!.shape, to);
      eachIndex(to, (index, flat) => {
        out.data[flat] = x!.data[at(index, strides)]!;
      });
      return out;
    },
    vjp: (g, [x]) => [sumTo(g, x!)],
    shared: ([x], _which, { shape }) => repeatsFirst(x!, shape as readonly Dim[]),
    exampleNorm: ([x], g, _which, _attrs, { blocks }) => repeatedNorm(x!, g, blocks),
  },
  barrier: {
    doc: "x, once `signal` is known; no pass looks through it.",
    traits: { movement: true },
    shape: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
    eval: ([x]) => x!,
    vjp: (g) => [g, undefined],
  },
  concat: {
    doc: "Parts one after the other along an axis.",
    traits: { movement: true },
    shape: (parts, { axis }, fail): TensorType => {
      const [first, ...rest] = parts as [TensorType, ...TensorType[]];
      wantAxis(first, axis as number, fail);
      const others = (t: TensorType) => replaceAxis(t.shape, axis as number);
      if (
        rest.some(
          (t) =>
            t.dtype !== first.dtype || t.shape.length !== first.shape.length || !sameShape(others(t), others(first)),
        )
      )
        fail("parts differ outside the axis", `equal dtypes, and equal sizes but for axis ${axis}`);
      return {
        dtype: first.dtype,
        shape: replaceAxis(first.shape, axis as number, parts.map((t) => t.shape[axis as number]!).reduce(addDims)),
      };
    },
    eval: (parts, { axis }) => {
      const a = axis as number;
      const total = parts.reduce((n, p) => n + p.shape[a]!, 0);
      const out = refArray(replaceAxis(parts[0]!.shape, a, total), parts[0]!.dtype);
      const strides = stridesOf(out.shape);
      let offset = 0;
      for (const part of parts) {
        eachIndex(part.shape, (index, flat) => {
          out.data[at(index, strides) + offset * strides[a]!] = part.data[flat]!;
        });
        offset += part.shape[a]!;
      }
      return out;
    },
    vjp: (g, parts, _y, { axis }) => {
      const a = axis as number;
      let start: Dim = 0;
      return parts.map((part) => {
        const [from, size] = [start, part.shape[a]!];
        start = addDims(from, size);
        if (typeof from === "number" && typeof size === "number" && typeof g.shape[a] === "number")
          return slice(g, a, from, from + size);
        return gather(g, countedFrom(from, size), a);
      });
    },
  },
  slice: {
    doc: "Every step-th element from start up to end (exclusive) of one axis; negative positions count from the end.",
    traits: { movement: true },
    shape: ([x], { axis, start, end, step }, fail): TensorType => {
      wantAxis(x!, axis as number, fail);
      const length = x!.shape[axis as number]!;
      if (typeof length !== "number")
        return fail("a symbolic axis cannot be sliced", "a numeric size", "gather with an index input instead");
      if (!Number.isInteger(step) || (step as number) < 1)
        fail(`step ${step}`, "a step of 1 or more", "use flip to reverse an axis");
      return {
        dtype: x!.dtype,
        shape: replaceAxis(
          x!.shape,
          axis as number,
          sliceRange(length, start as number, end as number, step as number)[1],
        ),
      };
    },
    eval: ([x], { axis, start, end, step }) => {
      const [from, count] = sliceRange(x!.shape[axis as number]!, start as number, end as number, step as number);
      return copyRef(x!, replaceAxis(x!.shape, axis as number, count), (index) =>
        replaceAxis(index, axis as number, from + index[axis as number]! * (step as number)),
      );
    },
    vjp: (g, [x], _y, { axis, start, end, step }) => {
      const length = x!.shape[axis as number] as number;
      const [from, count] = sliceRange(length, start as number, end as number, step as number);
      const spaced = (step as number) === 1 ? g : stretch(g, axis as number, step as number);
      return [
        pad(
          spaced,
          axis as number,
          from,
          length - from - Math.max(0, (count - 1) * (step as number) + Math.min(count, 1)),
        ),
      ];
    },
  },
  flip: {
    doc: "An axis in reverse order.",
    traits: { movement: true },
    shape: ([x], { axis }, fail): TensorType => {
      wantAxis(x!, axis as number, fail);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    eval: ([x], { axis }) =>
      copyRef(x!, x!.shape, (index) =>
        replaceAxis(index, axis as number, x!.shape[axis as number]! - 1 - index[axis as number]!),
      ),
    vjp: (g, _x, _y, { axis }) => [flip(g, axis as number)],
  },
  pad: {
    doc: "Adds elements of a constant value before and after along one axis.",
    traits: { movement: true },
    shape: ([x], { axis, before, after }, fail): TensorType => {
      wantAxis(x!, axis as number, fail);
      if ((before as number) < 0 || (after as number) < 0)
        fail("negative padding", "0 or more on each side", "slice to shorten an axis");
      return {
        dtype: x!.dtype,
        shape: replaceAxis(
          x!.shape,
          axis as number,
          addDims(x!.shape[axis as number]!, (before as number) + (after as number)),
        ),
      };
    },
    eval: ([x], { axis, before, after, value }) => {
      const a = axis as number;
      const length = x!.shape[a]!;
      const inside = (i: number) => i >= (before as number) && i < (before as number) + length;
      return copyRef(
        x!,
        replaceAxis(x!.shape, a, length + (before as number) + (after as number)),
        (index) => (inside(index[a]!) ? replaceAxis(index, a, index[a]! - (before as number)) : undefined),
        value as number,
      );
    },
    vjp: (g, [x], _y, { axis, before }) => [
      slice(g, axis as number, before as number, (before as number) + (x!.shape[axis as number] as number)),
    ],
  },
  gather: {
    doc: "Whole slices of an axis by index (int32).",
    traits: { movement: true },
    shape: ([x, indices], { axis }, fail): TensorType => {
      wantAxis(x!, axis as number, fail);
      wantDtype(indices!, ["int32"], fail);
      return { dtype: x!.dtype, shape: replaceAxis(x!.shape, axis as number, ...indices!.shape) };
    },
    eval: ([x, indices], { axis }) => {
      const rank = indices!.shape.length;
      const strides = stridesOf(indices!.shape);
      const a = axis as number;
      return copyRef(x!, replaceAxis(x!.shape, a, ...indices!.shape), (index) => [
        ...index.slice(0, a),
        indices!.data[at(index.slice(a, a + rank), strides)]!,
        ...index.slice(a + rank),
      ]);
    },
    vjp: (g, [x, indices], _y, { axis }) => [
      scatterSum(g, indices!, x!.shape[axis as number]!, axis as number),
      undefined,
    ],
  },
  scatterSum: {
    doc: "Adds slices into zeros by index along an axis; duplicates add up. The transpose of gather.",
    traits: {},
    shape: ([updates, indices], { axis, size }, fail): TensorType => {
      wantDtype(indices!, ["int32"], fail);
      const a = axis as number;
      const rank = indices!.shape.length;
      if (!sameShape(updates!.shape.slice(a, a + rank), indices!.shape))
        fail("updates do not have the shape of the indices", `axes ${a} … of the updates to be [${indices!.shape}]`);
      return {
        dtype: updates!.dtype,
        shape: [...updates!.shape.slice(0, a), ...(size as Dim[]), ...updates!.shape.slice(a + rank)],
      };
    },
    eval: ([updates, indices], { axis, size }, context) => {
      const a = axis as number;
      const rank = indices!.shape.length;
      const out = refArray(
        [...updates!.shape.slice(0, a), ...resolve(size, context), ...updates!.shape.slice(a + rank)],
        updates!.dtype,
      );
      const [to, from] = [stridesOf(out.shape), stridesOf(indices!.shape)];
      eachIndex(updates!.shape, (index, flat) => {
        out.data[
          at([...index.slice(0, a), indices!.data[at(index.slice(a, a + rank), from)]!, ...index.slice(a + rank)], to)
        ]! += updates!.data[flat]!;
      });
      return out;
    },
    vjp: (g, [, indices], _y, { axis }) => [gather(g, indices!, axis as number), undefined],
    decompose: ([updates, indices], { axis, size }) => {
      const [a, rank] = [axis as number, indices!.shape.length];
      const [before, after] = [updates!.shape.slice(0, a), updates!.shape.slice(a + rank)];
      const flat = reshape(updates!, [...before, sizeOfDims(indices!.shape), ...after]);
      const column = reshape(indices!, [...before.map(() => 1), sizeOfDims(indices!.shape), ...after.map(() => 1)]);
      const zeros = broadcastTo(scalar(0, updates!.dtype), [...before, ...(size as Dim[]), ...after]);
      return [scatterElements(zeros, broadcastTo(column, flat.shape), flat, a)];
    },
  },
  gatherElements: {
    doc: "x[…, indices[…, j], …] by element along an axis.",
    traits: { movement: true },
    shape: ([x, indices], { axis }, fail): TensorType => {
      wantDtype(indices!, ["int32"], fail);
      wantAxis(x!, axis as number, fail);
      if (indices!.shape.length !== x!.shape.length) fail("indices have another rank", `rank ${x!.shape.length}`);
      return { dtype: x!.dtype, shape: indices!.shape };
    },
    eval: ([x, indices], { axis }) => {
      const indexStrides = stridesOf(indices!.shape);
      return copyRef(x!, indices!.shape, (index) =>
        replaceAxis(index, axis as number, indices!.data[at(index, indexStrides)]!),
      );
    },
    vjp: (g, [x, indices], _y, { axis }) => [scatterElements(zerosLike(x!), indices!, g, axis as number), undefined],
  },
  scatterElements: {
    doc: "x with updates added at indices along an axis, by element; duplicates add up.",
    traits: {},
    shape: ([x, indices, updates], { axis }, fail): TensorType => {
      wantDtype(indices!, ["int32"], fail);
      wantAxis(x!, axis as number, fail);
      if (!sameShape(indices!.shape, updates!.shape) || indices!.shape.length !== x!.shape.length)
        fail("indices and updates differ in shape", "one shape for both, of the rank of x");
      return { dtype: x!.dtype, shape: x!.shape };
    },
    eval: ([x, indices, updates], { axis }) => {
      const out = refArray(x!.shape, x!.dtype, x!.data.slice());
      const strides = stridesOf(x!.shape);
      eachIndex(indices!.shape, (index, flat) => {
        out.data[at(replaceAxis(index, axis as number, indices!.data[flat]!), strides)]! += updates!.data[flat]!;
      });
      return out;
    },
    vjp: (g, [, indices], _y, { axis }) => [g, undefined, gatherElements(g, indices!, axis as number)],
  },
  moveRows: {
    doc: "Rows by index, where index = number of rows reads zeros; `inverse` undoes it, so the gradient is a gather too.",
    traits: { movement: true },
    shape: ([x, index, inverse], _attrs, fail): TensorType => {
      wantDtype(index!, ["int32"], fail);
      wantDtype(inverse!, ["int32"], fail);
      if (x!.shape.length !== 2) fail("x is not a table of rows", "x [N, D]");
      return { dtype: x!.dtype, shape: [...index!.shape, x!.shape[1]!] };
    },
    eval: ([x, index]) => {
      const width = x!.shape[1]!;
      const out = refArray([...index!.shape, width], x!.dtype);
      for (const [row, from] of index!.data.entries())
        if (from < x!.shape[0]!) out.data.set(x!.data.subarray(from * width, (from + 1) * width), row * width);
      return out;
    },
    vjp: (g, [x, index, inverse], _y, { complete, inverseComplete }) => {
      const rows = reshape(g, [sizeOfDims(index!.shape), x!.shape[1]!]);
      return [
        reshape(
          moveRows(rows, inverse!, index!, {
            complete: inverseComplete as boolean,
            inverseComplete: complete as boolean,
          }),
          x!.shape,
        ),
        undefined,
        undefined,
      ];
    },
    decompose: ([x, index]) => {
      const padded = concat([x!, broadcastTo(scalar(0, x!.dtype), [1, x!.shape[1]!])], 0);
      return [gather(padded, index!, 0)];
    },
  },
} satisfies Record<string, Op>;
