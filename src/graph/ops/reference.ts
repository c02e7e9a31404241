// Float64 loops that the reference evaluation of every op is written with. Slow and obvious on purpose.
import { type DType, sizeOf, stridesOf } from "../../base/index.ts";
import { broadcastShapes } from "../dims.ts";
import type { RefArray } from "../value.ts";

/** A float64 array of zeros (or of given data) with a nominal dtype. */
export const refArray = (
  shape: readonly number[],
  dtype: DType = "float32",
  data = new Float64Array(sizeOf(shape)),
): RefArray => ({ dtype, shape, data });

/** One function by element. */
export function mapRef(x: RefArray, f: (a: number) => number, dtype: DType = x.dtype): RefArray {
  return refArray(x.shape, dtype, x.data.map(f));
}

/** Strides that read `shape` as if broadcast to `to`. */
export function broadcastStrides(shape: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(shape);
  return to.map((_, i) => {
    const j = i - (to.length - shape.length);
    return j < 0 || shape[j] === 1 ? 0 : strides[j]!;
  });
}

/** Calls `visit` with each multi-index of a shape, in row-major order; the array is reused. */
export function eachIndex(shape: readonly number[], visit: (index: readonly number[], flat: number) => void): void {
  const size = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  for (let flat = 0; flat < size; flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Position of a multi-index under strides. */
export const at = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);

/** A function of several arrays by element, with broadcasting. */
export function zipRef(inputs: readonly RefArray[], f: (...a: number[]) => number, dtype: DType): RefArray {
  const shape = broadcastShapes(...inputs.map((x) => x.shape)) as number[];
  const out = refArray(shape, dtype);
  const strides = inputs.map((x) => broadcastStrides(x.shape, shape));
  eachIndex(shape, (index, flat) => {
    out.data[flat] = f(...inputs.map((x, i) => x.data[at(index, strides[i]!)]!));
  });
  return out;
}

/** Folds axes: `start`, then `step(accumulator, element)`, then `end(accumulator, count)`. */
export function reduceRef(
  x: RefArray,
  axes: readonly number[],
  keepDims: boolean,
  start: number,
  step: (acc: number, a: number) => number,
  end: (acc: number, count: number) => number = (a) => a,
): RefArray {
  const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const out = refArray(kept, x.dtype);
  out.data.fill(start);
  const strides = broadcastStrides(kept, x.shape);
  eachIndex(x.shape, (index, flat) => {
    const to = at(index, strides);
    out.data[to] = step(out.data[to]!, x.data[flat]!);
  });
  const count = axes.reduce((n, a) => n * x.shape[a]!, 1);
  const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
  return refArray(
    shape,
    x.dtype,
    out.data.map((a) => end(a, count)),
  );
}

/** Rows along one axis: calls `row` with a copy of each line of x and writes back what it returns. */
export function alongAxis(
  x: RefArray,
  axis: number,
  row: (line: Float64Array) => ArrayLike<number>,
  dtype: DType = x.dtype,
): RefArray {
  const outer = x.shape.map((d, i) => (i === axis ? 1 : d));
  const strides = stridesOf(x.shape);
  const length = x.shape[axis]!;
  let out: RefArray | undefined;
  let outStrides: number[] = [];
  eachIndex(outer, (index) => {
    const base = at(index, strides);
    const result = row(Float64Array.from({ length }, (_, i) => x.data[base + i * strides[axis]!]!));
    if (!out) {
      out = refArray(replaceLength(x.shape, axis, result.length), dtype);
      outStrides = stridesOf(out.shape);
    }
    const outBase = at(index, outStrides);
    for (let i = 0; i < result.length; i++) out.data[outBase + i * outStrides[axis]!] = result[i]!;
  });
  return out ?? refArray(replaceLength(x.shape, axis, row(new Float64Array(length)).length), dtype); // no rows at all
}

const replaceLength = (shape: readonly number[], axis: number, length: number): number[] =>
  shape.map((d, i) => (i === axis ? length : d));

/** erf to double precision: Taylor series near 0, continued fraction of erfc beyond (Abramowitz & Stegun 7.1.5, 7.1.14). */
export function erfFloat64(x: number): number {
  if (Number.isNaN(x)) return x;
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum) && n < 200; n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 120; n >= 1; n--) fraction = n / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}
