// Host arrays: a dtype, a shape and a typed array in row-major order. Knows no graph and no runtime.
import { ConcordError } from "./errors.ts";

/** Element types that a graph or a file may hold. `int4` and the like are packed inside `uint8`. */
export const dtypes = [
  "float32",
  "float16",
  "bfloat16",
  "float64",
  "int64",
  "int32",
  "int16",
  "int8",
  "uint8",
  "bool",
] as const;
export type DType = (typeof dtypes)[number];

/** Bytes of one element. */
export const dtypeBytes: Record<DType, number> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** The typed array that holds each dtype on the host (16-bit floats as their bits). */
export interface ArrayDataOf {
  float32: Float32Array;
  float16: Uint16Array;
  bfloat16: Uint16Array;
  float64: Float64Array;
  int64: BigInt64Array;
  int32: Int32Array;
  int16: Int16Array;
  int8: Int8Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}
export type ArrayData = ArrayDataOf[DType];

/** A host array: `data.length` equals the product of `shape`. */
export interface HostArray<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: ArrayDataOf[D];
}

const constructors = {
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/** A zeroed typed array of `length` elements. */
export function allocate<D extends DType>(dtype: D, length: number): ArrayDataOf[D] {
  return new constructors[dtype](length) as ArrayDataOf[D];
}

/** Typed view of bytes; `offset` must be a multiple of the element size. */
export function viewBytes<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): ArrayDataOf[D] {
  return new constructors[dtype](buffer as ArrayBuffer, offset, length) as ArrayDataOf[D];
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/**
 * Wraps or copies data as a host array.
 * @param dtype element type
 * @param shape sizes, row-major
 * @param data a typed array of the dtype (kept, not copied) or plain numbers (copied)
 * @throws E_SHAPE when the length is not the product of the shape
 * @example hostArray("float32", [2, 2], [1, 2, 3, 4])
 */
export function hostArray<D extends DType>(
  dtype: D,
  shape: readonly number[],
  data?: ArrayDataOf[D] | readonly number[],
): HostArray<D> {
  const size = sizeOf(shape);
  const kept =
    data === undefined
      ? allocate(dtype, size)
      : ArrayBuffer.isView(data)
        ? data
        : fromNumbers(dtype, data as readonly number[]);
  if (kept.length !== size)
    throw new ConcordError("E_SHAPE", {
      operation: "hostArray",
      problem: "data does not fill the shape",
      expected: `${size} elements for [${shape}]`,
      got: `${kept.length}`,
    });
  return { dtype, shape: [...shape], data: kept as ArrayDataOf[D] };
}

function fromNumbers<D extends DType>(dtype: D, numbers: readonly number[]): ArrayDataOf[D] {
  const out = allocate(dtype, numbers.length);
  for (let i = 0; i < numbers.length; i++) out[i] = (dtype === "int64" ? BigInt(numbers[i]!) : numbers[i]!) as never;
  return out;
}
