// Shape rules and gradient steps that several op records share.
import { type DType, hostArray } from "../../base/index.ts";
import { broadcastTo, constant, div, mul, pad, reshape, scalar, slice, sub, sum } from "../build.ts";
import { broadcastShapes, type Dim, sameShape, sizeOfDims, typeText } from "../dims.ts";
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

/** A list with the entry at an axis replaced by others. */
export const replaceAxis = <T>(shape: readonly T[], axis: number, ...by: readonly T[]): T[] => [
  ...shape.slice(0, axis),
  ...by,
  ...shape.slice(axis + 1),
];

/** Puts step − 1 zeros between elements of an axis. */
export function stretch(g: Value, axis: number, step: number): Value {
  const size = g.shape[axis] as number;
  if (size <= 1) return g;
  const wide = pad(reshape(g, replaceAxis<Dim>(g.shape, axis, size, 1)), axis + 1, 0, step - 1);
  return slice(reshape(wide, replaceAxis<Dim>(g.shape, axis, size * step)), axis, 0, (size - 1) * step + 1);
}

/** Constant padding of one axis; a negative count crops. */
export function padOrCrop(x: Value, axis: number, before: number, after: number, value = 0): Value {
  const end = (x.shape[axis] as number) - Math.max(0, -after);
  const inside = before < 0 || after < 0 ? slice(x, axis, Math.max(0, -before), end) : x;
  return pad(inside, axis, Math.max(0, before), Math.max(0, after), value);
}

/** Squared norm of Σ_s over [B, S, H] blocks → [B]. */
export function rowSumNorm(rows: Value): Value {
  const total = sum(rows, { axes: [1] });
  return sum(mul(total, total), { axes: [1] });
}

/** [N, .., W] → [N, W]: sums over the axes between, all of one row's. */
export const rowTotals = (x: Value): Value =>
  x.shape.length > 2 ? sum(x, { axes: x.shape.slice(1, -1).map((_, i) => i + 1) }) : x;

/** True where a value is repeated along the first axis of a shape that it broadcasts to: every row reads all of it. */
export const repeatsFirst = ({ shape }: TensorType, to: readonly Dim[]): boolean =>
  shape.length < to.length || shape[0] === 1;

/** ‖Σ g‖² of each example [B] for a value that is broadcast to g [N, ..]: sums over the axes that repeat it, but not over examples. */
export function repeatedNorm(x: TensorType, g: Value, blocks: (rows: Value) => Value): Value {
  const lead = g.shape.length - x.shape.length;
  const axes = g.shape.flatMap((d, i) => (i > 0 && (i < lead || x.shape[i - lead] === 1) && d !== 1 ? [i] : []));
  const kept = axes.length ? sum(g, { axes }) : g;
  return rowSumNorm(blocks(reshape(kept, [g.shape[0]!, sizeOfDims(kept.shape.slice(1))])));
}

/** 1 / number of elements folded, as a value: the sizes may be symbols. */
export const reciprocalCount = (x: Value, axes: readonly number[]): Value => {
  const sizes = axes.map((a) => x.shape[a]!);
  const known = sizes.every((d) => typeof d === "number");
  return known
    ? scalar(1 / sizes.reduce<number>((a, d) => a * (d as number), 1), x.dtype)
    : div(1, sum(broadcastTo(scalar(1, x.dtype), sizes)));
};
