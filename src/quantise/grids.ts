// Numbers as they will be stored, as graph values: rounded to a grid of codes, with the gradient passed straight through (Jacob 2018,
// arXiv:1712.05877; Bengio 2013, arXiv:1308.3432). The twins of what `onnx` stores. Knows no model.
// Shapes: N rows, I inputs of a product, O outputs, K numbers of a block.
import {
  abs,
  add,
  type Dim,
  div,
  equal,
  floor,
  less,
  max,
  maximum,
  min,
  minimum,
  mul,
  neg,
  or,
  pad,
  reshape,
  scalar,
  slice,
  straightThrough,
  sub,
  type Value,
  where,
} from "../graph/index.ts";
import { byteGrid, type Int8Binding } from "../onnx/index.ts";

/** value = scale · (code − zero), codes whole numbers from `low` to `high`. */
export interface Grid {
  /** Broadcasts over the numbers, above 0. */
  readonly scale: Value;
  /** Whole. A number, or as `scale`. */
  readonly zero: Value | number;
  readonly low: number;
  readonly high: number;
}

/**
 * Each number as the nearest that the grid has. The gradient passes where the nearest code is one of the grid's, and is zero beyond.
 * @example onGrid(x, { scale: scalar(0.1), zero: 0, low: -127, high: 127 }) // 0.234 → 0.2
 */
export function onGrid(x: Value, { scale, zero, low, high }: Grid): Value {
  const code = floor(add(add(div(x, scale), zero), 0.5));
  const isOutside = or(less(code, scalar(low)), less(scalar(high), code));
  const kept = minimum(maximum(code, low), high);
  return straightThrough(where(isOutside, 0, x), mul(sub(kept, zero), scale));
}

/** Scales of 1 where all numbers are zero. */
const filled = (scale: Value): Value => where(equal(scale, scalar(0)), 1, scale);

/** A matrix in signed bytes with a scale for each place that `axis` leaves. @param axis of the inputs: 1 of [O, I], 0 of [I, O] */
export function byColumn(weight: Value, axis: number, bits: 7 | 8 = 7): Value {
  const limit = bits === 8 ? 127 : 64;
  const scale = filled(div(max(abs(weight), { axes: [axis], keepDims: true }), limit));
  return onGrid(weight, { scale, zero: 0, low: -limit, high: limit });
}

/** Numbers that are multiplied with an int8 matrix, [..., I]: on the grid of a known range, or each row on its own. */
export function asBytes(x: Value, scales: NonNullable<Int8Binding["scales"]>): Value {
  if (typeof scales === "object") {
    const { scale, zero } = byteGrid(scales);
    return onGrid(x, { scale: scalar(scale), zero, low: 0, high: 255 });
  }
  const axes = scales === "row" ? [x.shape.length - 1] : x.shape.map((_, i) => i);
  const size = maximum(max(abs(x), { axes, keepDims: true }), 1e-30);
  return onGrid(x, { scale: mul(size, 1 / 127), zero: 0, low: -127, high: 127 });
}

/** How a matrix [O, I] is stored in blocks along its inputs. */
interface BlockOptions {
  readonly bits: 4 | 8;
  readonly blockSize: number;
  readonly symmetric: boolean;
}

/** Rows in unsigned codes with a scale, and without `symmetric` a zero point, for each block: [O, I] → [O, I]. */
export function inBlocks(weight: Value, { bits, blockSize, symmetric }: BlockOptions): Value {
  const [rows, columns] = weight.shape as readonly [Dim, number];
  const count = Math.ceil(columns / blockSize);
  const blocks = reshape(pad(weight, 1, 0, count * blockSize - columns), [rows, count, blockSize]);
  const top = 2 ** bits - 1;
  const across = { axes: [2], keepDims: true };
  const [low, high] = [minimum(min(blocks, across), 0), maximum(max(blocks, across), 0)]; // [O, count, 1]
  const middle = (top + 1) / 2;
  const scale = symmetric
    ? filled(div(where(less(high, neg(low)), low, high), -middle)) // the larger side is the lowest code
    : filled(div(sub(high, low), top));
  const zero = symmetric ? middle : minimum(maximum(floor(add(div(neg(low), scale), 0.5)), 0), top);
  const stored = reshape(onGrid(blocks, { scale, zero, low: 0, high: top }), [rows, count * blockSize]);
  return slice(stored, 1, 0, columns);
}
