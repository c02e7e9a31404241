// Rearrangements of arrays beyond the ops: stacking, cutting, repeating, padding by what is there, ordering. No arithmetic.
import { hostArray } from "../base/index.ts";
import {
  broadcastTo,
  concat,
  constant,
  type Dim,
  gather,
  mulDims,
  reshape,
  slice,
  topk,
  transpose,
  type Value,
} from "../graph/index.ts";

const axisOf = (rank: number, axis: number): number => (axis < 0 ? axis + rank : axis);

/** Arrays of one shape along a new axis. @example stack([x, y], 0) // [2, ...x.shape] */
export function stack(parts: readonly Value[], axis: number): Value {
  const at = axisOf(parts[0]!.shape.length + 1, axis);
  return concat(
    parts.map((x) => reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)])),
    at,
  );
}

/** Consecutive parts of the given sizes along an axis. */
export function split(x: Value, sizes: readonly number[], axis: number): Value[] {
  const ends = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((a, b) => a + b, 0));
  return sizes.map((size, i) => slice(x, axis, ends[i]! - size, ends[i]!));
}

/** The slice at one index of an axis, which is dropped; a negative index counts from the end. */
export function select(x: Value, axis: number, index: number): Value {
  const at = axisOf(x.shape.length, axis);
  const from = axisOf(x.shape[at] as number, index);
  return reshape(slice(x, at, from, from + 1), [...x.shape.slice(0, at), ...x.shape.slice(at + 1)]);
}

/** Two axes exchanged. */
export function swapAxes(x: Value, a: number, b: number): Value {
  const [i, j] = [axisOf(x.shape.length, a), axisOf(x.shape.length, b)];
  return transpose(
    x,
    x.shape.map((_, axis) => (axis === i ? j : axis === j ? i : axis)),
  );
}

/** The whole array repeated `times[i]` times along axis i; more numbers than axes add axes in front. */
export function tile(x: Value, times: readonly number[]): Value {
  const rank = Math.max(times.length, x.shape.length);
  const sizes: Dim[] = [...Array<Dim>(rank - x.shape.length).fill(1), ...x.shape];
  const counts = [...Array<number>(rank - times.length).fill(1), ...times];
  const spaced = reshape(
    x,
    sizes.flatMap((d) => [1, d]),
  );
  return reshape(
    broadcastTo(
      spaced,
      sizes.flatMap((d, i) => [counts[i]!, d]),
    ),
    sizes.map((d, i) => mulDims(counts[i]!, d)),
  );
}

/** Each element of an axis repeated in place: a b → a a b b. */
export function repeatInterleave(x: Value, times: number, axis: number): Value {
  const at = axisOf(x.shape.length, axis);
  const [before, size, after] = [x.shape.slice(0, at), x.shape[at]!, x.shape.slice(at + 1)];
  const spread = broadcastTo(reshape(x, [...before, size, 1, ...after]), [...before, size, times, ...after]);
  return reshape(spread, [...before, mulDims(size, times), ...after]);
}

/** Padding of one axis with its mirror image; the edge itself is not repeated. `before` and `after` stay below the size. */
export const reflectPad = (x: Value, axis: number, before: number, after: number): Value =>
  readAxis(x, axis, before, after, (i, size) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i));

/** Padding of one axis with its first and last elements. */
export const replicatePad = (x: Value, axis: number, before: number, after: number): Value =>
  readAxis(x, axis, before, after, (i, size) => Math.min(Math.max(i, 0), size - 1));

function readAxis(
  x: Value,
  axis: number,
  before: number,
  after: number,
  source: (i: number, size: number) => number,
): Value {
  const at = axisOf(x.shape.length, axis);
  const size = x.shape[at] as number;
  const index = Int32Array.from({ length: before + size + after }, (_, i) => source(i - before, size));
  return gather(x, constant(hostArray("int32", [index.length], index)), at);
}

/** An axis in order: [values, indices int32]; equal elements keep theirs. */
export function sort(x: Value, axis = -1, descending = false): readonly [Value, Value] {
  const at = axisOf(x.shape.length, axis);
  const last = x.shape.length - 1;
  const [values, indices] = topk(swapAxes(x, at, last), x.shape[at] as number, descending);
  return [swapAxes(values, at, last), swapAxes(indices, at, last)];
}
