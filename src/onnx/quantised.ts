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

/** x · B with B stored in int8 (B = W, or Wᵀ when `turn`); the activations get one dynamic scale per tensor, or one per row. */
export function int8Product(
  emit: Emitter,
  x: string,
  { array, bits, scales: of }: Int8Binding,
  turn: boolean,
  key: string,
  bias?: string,
): string {
  const [values, scales] = emit.once(`int8 ${key} ${turn}`, () => {
    const q = quantiseColumns(turn ? transposed(array) : array, bits);
    return [emit.initializer(q.values), emit.initializer(q.scales)] as const;
  });
  if (of === "row") return rowProduct(emit, x, [values, scales], bias);
  return emit.node(
    "DynamicQuantizeMatMul",
    [x, values, scales, "", ...(bias ? [bias] : [])],
    {},
    { domain: "com.microsoft" },
  );
}

/** Largest magnitude of each row, and the rows divided by it. */
function scaledRows(emit: Emitter, x: string): [scaled: string, scale: string] {
  const size = emit.node("ReduceMax", [emit.node("Abs", [x]), emit.ints([-1])], { keepdims: 1 });
  const scale = emit.node("Max", [size, emit.float(1e-30)]);
  return [emit.node("Div", [x, scale]), scale];
}

/** Rows of x are q·s/127 with s their largest magnitude, q in ±127 stored from 128 as unsigned bytes. */
function rowProduct(emit: Emitter, x: string, [values, scales]: readonly [string, string], bias?: string): string {
  const [scaled, scale] = scaledRows(emit, x);
  const step = emit.float(1 / 127);
  const zero = emit.initializer(hostArray("uint8", [], [128]));
  const bytes = emit.node("QuantizeLinear", [scaled, step, zero]);
  const product = emit.node(
    "MatMulIntegerToFloat",
    [bytes, values, step, scales, zero],
    {},
    { domain: "com.microsoft" },
  );
  const y = emit.node("Mul", [product, scale]);
  return bias ? emit.node("Add", [y, bias]) : y;
}

/** As {@link int8Product} for gradients: each row is scaled to ±1 first, so that a small row keeps its bits. */
export function int8GradientProduct(emit: Emitter, g: string, weight: Int8Binding, turn: boolean, key: string): string {
  if (weight.scales === "row") return int8Product(emit, g, weight, turn, key);
  const [scaled, scale] = scaledRows(emit, g);
  return emit.node("Mul", [int8Product(emit, scaled, weight, turn, key), scale]);
}
