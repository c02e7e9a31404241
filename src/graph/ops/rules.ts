// Shape rules and gradient steps that several op records share.
import { type DType, hostArray } from "../../base/index.ts";
import { broadcastTo, constant, mul, reshape, sub, sum } from "../build.ts";
import { broadcastShapes, type Dim, sameShape, typeText } from "../dims.ts";
import type { Fail, TensorType, Value } from "../value.ts";

/** Type of a broadcasting elementwise op; all operands share a dtype unless `out` names the result's. */
export function broadcastRule(inputs: readonly TensorType[], fail: Fail, out?: DType): TensorType {
  const [first, ...rest] = inputs as [TensorType, ...TensorType[]];
  if (rest.some((t) => t.dtype !== first.dtype))
    fail("operands have different dtypes", "one dtype", "cast one of them: cast(x, dtype)", "E_DTYPE");
  const shape = broadcastShapes(...inputs.map((t) => t.shape));
  if (!shape) return fail("sizes do not broadcast", "equal sizes, or 1, in each axis counted from the last");
  return { dtype: out ?? first.dtype, shape };
}

/** Refuses dtypes other than the named ones. */
export function wantDtype(t: TensorType, allowed: readonly DType[], fail: Fail): void {
  if (!allowed.includes(t.dtype)) fail(`dtype ${t.dtype} is not taken`, allowed.join(" or "), undefined, "E_DTYPE");
}

/** Refuses an axis outside the rank. */
export function wantAxis(t: TensorType, axis: number, fail: Fail): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= t.shape.length)
    fail(`axis ${axis} does not exist`, `an axis below the rank ${t.shape.length} of ${typeText(t)}`);
}

/** Sums a gradient over the axes along which its operand was broadcast. */
export function sumTo(g: Value, to: TensorType): Value {
  if (sameShape(g.shape, to.shape)) return g;
  const lead = g.shape.length - to.shape.length;
  const axes = g.shape.flatMap((d, i) => (i < lead || (to.shape[i - lead] === 1 && d !== 1) ? [i] : []));
  return reshape(axes.length ? sum(g, { axes }) : g, to.shape);
}

/** Puts dropped axes back as 1 and broadcasts a reduced value to the shape of what was reduced. */
export function spread(y: Value, like: Value, axes: readonly number[]): Value {
  return broadcastTo(reshape(y, keptShape(like.shape, axes)), like.shape);
}

/** A shape with the given axes set to 1. */
export const keptShape = (shape: readonly Dim[], axes: readonly number[]): Dim[] =>
  shape.map((d, i) => (axes.includes(i) ? 1 : d));

/** Zeros of a value's shape. */
export const zerosLike = (x: Value): Value => broadcastTo(constant(hostArray(x.dtype, [])), x.shape);

/** g ∘ y − y ∘ Σ(g ∘ y): the vjp of softmax at output y. */
export function softmaxStep(g: Value, y: Value, axis: number): Value {
  const gy = mul(g, y);
  return sub(gy, mul(y, sum(gy, { axes: [axis], keepDims: true })));
}
