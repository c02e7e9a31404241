// Frozen weights as signed 8-bit integers with one scale per column, and the products that read them.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import type { Emitter, Int8Binding } from "./emit.ts";

/**
 * Symmetric per-column quantisation of a [rows, columns] matrix: q = round(w / s), s = max|column| / limit, where the limit is
 * 127 for 8 bits and 64 for 7: two products of such a value with an unsigned byte add up within 16 bits (2·255·64 < 2¹⁵).
 * @returns int8 values of the same layout and the float32 scales [columns]; a column of zeros has scale 1
 * @throws E_ARGUMENT for a weight that is not finite
 */
export function quantiseColumns(
  weight: HostArray,
  bits: 7 | 8 = 7,
): { values: HostArray<"int8">; scales: HostArray<"float32"> } {
  const [rows, columns] = weight.shape as [number, number];
  const limit = bits === 8 ? 127 : 64;
  const w = weight.data as Float32Array;
  const scales = new Float32Array(columns);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++) {
      const size = Math.abs(w[at]!);
      if (!(size < Number.POSITIVE_INFINITY)) throw notFinite(w[at]!, i, j);
      if (size > scales[j]!) scales[j] = size;
    }
  for (let j = 0; j < columns; j++) scales[j] = scales[j]! / limit || 1;
  const values = new Int8Array(rows * columns);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++) values[at] = Math.floor(w[at]! / scales[j]! + 0.5); // as Math.round, five times as fast; within ±limit: the scale's own rounding is far below 1/2
  return { values: hostArray("int8", weight.shape, values), scales: hostArray("float32", [columns], scales) };
}

const notFinite = (value: number, row: number, column: number) =>
  new ConcordError("E_ARGUMENT", {
    operation: "quantise",
    problem: "a weight is not finite",
    got: `${value} in row ${row}, column ${column}`,
  });

/** A matrix with its two axes exchanged. */
export function transposed(weight: HostArray): HostArray<"float32"> {
  const [rows, columns] = weight.shape as [number, number];
  const out = new Float32Array(rows * columns);
  const w = weight.data as Float32Array;
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = w[i * columns + j]!;
  return hostArray("float32", [columns, rows], out);
}

/** x · B with B stored in int8 (B = W, or Wᵀ when `turn`); the activations get one dynamic scale per tensor. */
export function int8Product(
  emit: Emitter,
  x: string,
  { array, bits }: Int8Binding,
  turn: boolean,
  key: string,
  bias?: string,
): string {
  const [values, scales] = emit.once(`int8 ${key} ${turn}`, () => {
    const q = quantiseColumns(turn ? transposed(array) : array, bits);
    return [emit.initializer(q.values), emit.initializer(q.scales)] as const;
  });
  return emit.node(
    "DynamicQuantizeMatMul",
    [x, values, scales, "", ...(bias ? [bias] : [])],
    {},
    { domain: "com.microsoft" },
  );
}

/** As {@link int8Product} for gradients: each row is scaled to ±1 first, so that a small row keeps its bits. */
export function int8GradientProduct(emit: Emitter, g: string, weight: Int8Binding, turn: boolean, key: string): string {
  const size = emit.node("ReduceMax", [emit.node("Abs", [g]), emit.ints([-1])], { keepdims: 1 });
  const scale = emit.node("Max", [size, emit.float(1e-30)]);
  return emit.node("Mul", [int8Product(emit, emit.node("Div", [g, scale]), weight, turn, key), scale]);
}
