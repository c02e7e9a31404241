// Ops that fold or order the elements of axes.
import { broadcastTo, cast, cumsum, div, equal, mul, prod, scalar, scatterElements, sum, where } from "../build.ts";
import type { Op, TensorType, Vjp } from "../value.ts";
import { alongAxis, reduceRef } from "./reference.ts";
import { keptShape, reciprocalCount, spread, wantAxis, wantDtype, zerosLike } from "./rules.ts";

export interface ReduceAttrs {
  readonly [key: string]: readonly number[] | boolean;
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

const reduction = (
  doc: string,
  start: number,
  step: (acc: number, a: number) => number,
  vjp: Vjp<ReduceAttrs>,
  end?: (acc: number, count: number) => number,
  decompose?: Op<ReduceAttrs>["decompose"],
): Op<ReduceAttrs> => ({
  doc,
  traits: {},
  shape: ([x], { axes, keepDims }, fail): TensorType => {
    wantDtype(x!, ["float32", "float64", "int32", "int64"], fail);
    for (const axis of axes) wantAxis(x!, axis, fail);
    if (start !== 0 && start !== 1 && axes.some((a) => x!.shape[a] === 0))
      fail("an empty axis has no extreme", "at least one element in each reduced axis");
    return {
      dtype: x!.dtype,
      shape: keepDims ? keptShape(x!.shape, axes) : x!.shape.filter((_, i) => !axes.includes(i)),
    };
  },
  eval: ([x], { axes, keepDims }) => reduceRef(x!, axes, keepDims, start, step, end),
  vjp,
  ...(decompose ? { decompose } : {}),
});

// the gradient goes to the extreme elements; ties share it equally, as torch.amax does
const extremeVjp: Vjp<ReduceAttrs> = (g, [x], [y], { axes }) => {
  const hit = cast(equal(x!, spread(y!, x!, axes)), g.dtype);
  return [div(mul(spread(g, x!, axes), hit), sum(hit, { axes, keepDims: true }))];
};

export const reduceOps = {
  sum: reduction(
    "Sum over axes.",
    0,
    (a, b) => a + b,
    (g, [x], _y, { axes }) => [spread(g, x!, axes)],
  ),
  mean: reduction(
    "Mean over axes; NaN over no elements.",
    0,
    (a, b) => a + b,
    (g, [x], _y, { axes }) => [mul(spread(g, x!, axes), reciprocalCount(x!, axes))],
    (a, n) => a / n,
  ),
  max: reduction("Largest over axes; NaN if any is.", -Infinity, (a, b) => Math.max(a, b), extremeVjp),
  min: reduction("Smallest over axes; NaN if any is.", Infinity, (a, b) => Math.min(a, b), extremeVjp),
  // d∏x = ∏ of the others, also where some are 0: with one zero only that element has a gradient, with two none
  prod: reduction(
    "Product over axes.",
    1,
    (a, b) => a * b,
    (g, [x], _y, { axes }) => {
      const zero = equal(x!, zerosLike(x!));
      const zeros = sum(cast(zero, x!.dtype), { axes, keepDims: true });
      const others = prod(where(zero, 1, x!), { axes, keepDims: true });
      const full = broadcastTo(others, x!.shape);
      const none = broadcastTo(cast(equal(zeros, zerosLike(zeros)), x!.dtype), x!.shape);
      const one = broadcastTo(cast(equal(zeros, broadcastTo(scalar(1, x!.dtype), zeros.shape)), x!.dtype), x!.shape);
      const slope = where(zero, mul(full, one), div(mul(full, none), where(zero, 1, x!)));
      return [mul(spread(g, x!, axes), slope)];
    },
  ),
  argmax: {
    doc: "Index (int32) of the first largest element along an axis.",
    traits: {},
    shape: ([x], { axis }, fail): TensorType => {
      wantAxis(x!, axis as number, fail);
      return { dtype: "int32", shape: x!.shape.filter((_, i) => i !== axis) };
    },
    eval: ([x], { axis }) => {
      const picked = alongAxis(
        x!,
        axis as number,
        (line) => [line.reduce((best, a, i) => (a > line[best]! ? i : best), 0)],
        "int32",
      );
      return { ...picked, shape: x!.shape.filter((_, i) => i !== axis) };
    },
    vjp: { none: "integer output" },
  },
  cumsum: {
    doc: "Running sum along an axis, from the end when reverse.",
    traits: {},
    shape: ([x], { axis }, fail): TensorType => {
      wantAxis(x!, axis as number, fail);
      return { dtype: x!.dtype, shape: x!.shape };
    },
    eval: ([x], { axis, reverse }) =>
      alongAxis(x!, axis as number, (line) => {
        let total = 0;
        const out = reverse ? line.slice().reverse() : line.slice();
        for (let i = 0; i < out.length; i++) out[i] = total += out[i]!;
        return reverse ? out.reverse() : out;
      }),
    vjp: (g, _x, _y, { axis, reverse }) => [cumsum(g, axis as number, !reverse)],
  },
  topk: {
    doc: "The k largest (or smallest) of the last axis in order, and their indices (int32); equal elements by lower index first.",
    traits: {},
    shape: ([x], { k }, fail): TensorType[] => {
      const last = x!.shape.at(-1);
      if (last === undefined || (typeof last === "number" && (k as number) > last))
        fail(`k = ${k} exceeds the last axis`, `k ≤ ${last}`);
      const shape = [...x!.shape.slice(0, -1), k as number];
      return [
        { dtype: x!.dtype, shape },
        { dtype: "int32", shape },
      ];
    },
    eval: ([x], { k, largest }) => {
      const order = (line: Float64Array) =>
        [...line.keys()]
          .sort((i, j) => (largest ? line[j]! - line[i]! : line[i]! - line[j]!) || i - j)
          .slice(0, k as number);
      const axis = x!.shape.length - 1;
      return [alongAxis(x!, axis, (line) => order(line).map((i) => line[i]!)), alongAxis(x!, axis, order, "int32")];
    },
    vjp: (g, [x], [, indices]) => [scatterElements(zerosLike(x!), indices!, g, x!.shape.length - 1)],
  },
} satisfies Record<string, Op<never>>;
