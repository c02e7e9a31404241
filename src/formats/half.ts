// 16-bit floats as their bits: exact widening to float32, narrowing with round-to-nearest, ties to even (IEEE 754).
// Knows no file format.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";

const word = new Uint32Array(1);
const real = new Float32Array(word.buffer);

/** One float16 from its bits, exactly. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent ? sign * (1 + fraction / 1024) * 2 ** (exponent - 15) : sign * fraction * 2 ** -24;
}

let widened: Uint32Array | undefined; // float32 bits of every float16; 256 KiB, made at first use

function float16Table(): Uint32Array {
  if (widened) return widened;
  widened = new Uint32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    real[0] = float16ToNumber(bits);
    // A NaN keeps its sign and payload; the number type does not promise to.
    const nan = (bits & 0x7fff) > 0x7c00;
    widened[bits] = nan ? ((bits & 0x8000) << 16) | 0x7f800000 | ((bits & 0x3ff) << 13) : word[0]!;
  }
  return widened;
}

/** float16 bits → float32, exact (subnormals, infinities and NaN too). */
export function float16ToFloat32(bits: Uint16Array, into = new Float32Array(bits.length)): Float32Array {
  const table = float16Table();
  const out = new Uint32Array(into.buffer, into.byteOffset, bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = table[bits[i]!]!;
  return into;
}

/** bfloat16 bits → float32, exact: they are its upper half. */
export function bfloat16ToFloat32(bits: Uint16Array, into = new Float32Array(bits.length)): Float32Array {
  const out = new Uint32Array(into.buffer, into.byteOffset, bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = bits[i]! << 16;
  return into;
}

/** float32 → bfloat16 bits, nearest, ties to even; a NaN stays one (quiet). */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const x = bits[i]!;
    out[i] = (x & 0x7fffffff) > 0x7f800000 ? (x >>> 16) | 0x40 : (x + 0x7fff + ((x >>> 16) & 1)) >>> 16;
  }
  return out;
}

/** float32 → float16 bits, nearest, ties to even; beyond 65504 (from 65520) infinity, below 2⁻²⁵ zero; NaN stays one. */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const out = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) out[i] = narrow(bits[i]!);
  return out;
}

function narrow(x: number): number {
  const sign = (x >>> 16) & 0x8000;
  const size = x & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00 | ((size >>> 13) & 0x3ff);
  if (size >= 0x477ff000) return sign | 0x7c00; // 65520 and above
  if (size >= 0x38800000) return sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13); // normal: exponent − 112
  if (size < 0x33000000) return sign; // below 2⁻²⁵, half of the least subnormal
  // Subnormal: fraction · 2^(e−126) in units of 2⁻²⁴, i.e. shifted right by 126 − e.
  const shift = 126 - (size >>> 23);
  const fraction = (size & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}

/**
 * The same numbers as float32: 16-bit floats widened exactly, float32 returned as it is, float64 rounded.
 * @param array float16, bfloat16, float32 or float64
 * @throws E_DTYPE for integers and booleans
 * @example toFloat32(tensors.get("embeddings.word_embeddings.weight")!)
 */
export function toFloat32(array: HostArray): HostArray<"float32"> {
  switch (array.dtype) {
    case "float32":
      return array as HostArray<"float32">;
    case "float16":
      return hostArray("float32", array.shape, float16ToFloat32(array.data as Uint16Array));
    case "bfloat16":
      return hostArray("float32", array.shape, bfloat16ToFloat32(array.data as Uint16Array));
    case "float64":
      return hostArray("float32", array.shape, Float32Array.from(array.data as Float64Array));
    default:
      throw new ConcordError("E_DTYPE", {
        operation: "toFloat32",
        problem: "not a floating-point array",
        expected: "float16, bfloat16, float32 or float64",
        got: array.dtype,
      });
  }
}

/**
 * A float32 array in a 16-bit type, nearest, ties to even.
 * @param array float32 of any shape
 * @param dtype the type to hold it in
 * @example fromFloat32(hostArray("float32", [1], [1.5]), "bfloat16").data // Uint16Array [0x3fc0]
 */
export function fromFloat32<D extends "float16" | "bfloat16">(array: HostArray<"float32">, dtype: D): HostArray<D> {
  const narrowed = dtype === "float16" ? float32ToFloat16(array.data) : float32ToBfloat16(array.data);
  // TypeScript does not narrow D by the comparison above
  return { dtype, shape: [...array.shape], data: narrowed } as unknown as HostArray<D>;
}
