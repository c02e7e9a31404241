// Frozen weights as signed 8-bit integers with one scale per column, and the products that read them.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import type { ActivationRange, Emitter, Int8Binding } from "./emit.ts";
import { elementTypes } from "./wire.ts";

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

/**
 * x · B with B stored in int8 (B = W, or Wᵀ when `turn`); the activations get one dynamic scale per tensor, one per row, or that of a
 * known range.
 */
export function int8Product(
  emit: Emitter,
  x: string,
  { array, bits, scales: of, smooth }: Int8Binding,
  turn: boolean,
  key: string,
  bias?: string,
): string {
  const stored = emit.once(`int8 ${key} ${turn}`, () => {
    const turned = turn ? transposed(array) : array;
    const q = quantiseColumns(smooth ? withRows(turned, smooth) : turned, bits);
    return [emit.initializer(q.values), emit.initializer(q.scales)] as const;
  });
  const divided = smooth ? smoothed(emit, x, smooth) : x;
  if (of === "row") return rowProduct(emit, divided, stored, bias);
  if (typeof of === "object") return staticProduct(emit, divided, stored, of, bias);
  return emit.node(
    "DynamicQuantizeMatMul",
    [divided, ...stored, "", ...(bias ? [bias] : [])],
    {},
    { domain: "com.microsoft" },
  );
}

/** Row k multiplied by the k-th number. */
function withRows(matrix: HostArray, by: Float32Array): HostArray<"float32"> {
  const [rows, columns] = matrix.shape as [number, number];
  const out = Float32Array.from(matrix.data as Float32Array);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) out[at]! *= by[i]!;
  return hostArray("float32", matrix.shape, out);
}

/** x divided by the numbers, column by column. */
function smoothed(emit: Emitter, x: string, by: Float32Array): string {
  const inverse = emit.initializer(
    hostArray(
      "float32",
      [by.length],
      by.map((s) => 1 / s),
    ),
  );
  return emit.once(`smooth ${x} ${inverse}`, () => emit.node("Mul", [x, inverse]));
}

/** The unsigned byte grid of a range: value = scale · (byte − zero). Zero is always on it. */
export function byteGrid({ low, high }: ActivationRange): { readonly scale: number; readonly zero: number } {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const scale = Math.fround((to - from) / 255 || 1);
  return { scale, zero: Math.max(0, Math.min(255, Math.round(-from / scale))) };
}

/** All numbers on one grid that was fixed beforehand. */
function staticProduct(
  emit: Emitter,
  x: string,
  [values, scales]: readonly [string, string],
  range: ActivationRange,
  bias?: string,
): string {
  const grid = byteGrid(range);
  const scale = emit.float(grid.scale);
  const zero = emit.initializer(hostArray("uint8", [], [grid.zero]));
  const bytes = emit.once(`bytes ${x} ${scale} ${zero}`, () => emit.node("QuantizeLinear", [x, scale, zero]));
  return emit.node(
    "MatMulIntegerToFloat",
    [bytes, values, scale, scales, zero, ...(bias ? ["", bias] : [])],
    {},
    { domain: "com.microsoft" },
  );
}

/** Largest magnitude of each row, and the rows divided by it. */
const scaledRows = (emit: Emitter, x: string): readonly [scaled: string, scale: string] =>
  emit.once(`scaled rows ${x}`, () => {
    const size = emit.node("ReduceMax", [emit.node("Abs", [x]), emit.ints([-1])], { keepdims: 1 });
    const scale = emit.node("Max", [size, emit.float(1e-30)]);
    return [emit.node("Div", [x, scale]), scale] as const;
  });

/** Rows of x are q·s/127 with s their largest magnitude, q in ±127 stored from 128 as unsigned bytes. */
function rowProduct(emit: Emitter, x: string, [values, scales]: readonly [string, string], bias?: string): string {
  const [scaled, scale] = scaledRows(emit, x);
  const step = emit.float(1 / 127);
  const zero = emit.initializer(hostArray("uint8", [], [128]));
  const bytes = emit.once(`row bytes ${x}`, () => emit.node("QuantizeLinear", [scaled, step, zero]));
  const product = emit.node(
    "MatMulIntegerToFloat",
    [bytes, values, step, scales, zero],
    {},
    { domain: "com.microsoft" },
  );
  const y = emit.node("Mul", [product, scale]);
  return bias ? emit.node("Add", [y, bias]) : y;
}

/**
 * As {@link int8Product} for gradients: each row is scaled to ±1 first, so that a small row keeps its bits. Rows that were scaled for
 * the product before, and only multiplied element by element since, keep that scale.
 */
export function int8GradientProduct(emit: Emitter, g: string, weight: Int8Binding, turn: boolean, key: string): string {
  if (weight.scales !== undefined && weight.scales !== "tensor") return int8Product(emit, g, weight, turn, key);
  const known = emit.rowsOf(g);
  const [scaled, scale] = known ? [known.rows, known.scale] : scaledRows(emit, g);
  return emit.scaleRows(int8Product(emit, scaled, weight, turn, key), scale);
}

/** Rows of a table stored in int8 with one scale a row: as exact as its products, whatever rows are read together. */
export function int8Rows(emit: Emitter, { array, bits, smooth }: Int8Binding, ids: string, key: string): string {
  if (smooth) throw new ConcordError("E_LOWER", { operation: key, problem: "a table of rows is not smoothed" });
  const [values, scales] = emit.once(`int8 rows ${key}`, () => {
    const q = quantiseColumns(transposed(array), bits);
    const [rows, columns] = array.shape as [number, number];
    const turned = new Int8Array(rows * columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) turned[i * columns + j] = q.values.data[j * rows + i]!;
    const scalesOfRows = hostArray("float32", [rows, 1], q.scales.data);
    return [emit.initializer(hostArray("int8", array.shape, turned)), emit.initializer(scalesOfRows)] as const;
  });
  const rows = emit.node("Cast", [emit.node("Gather", [values, ids], { axis: 0 })], { to: elementTypes.float32 });
  return emit.node("Mul", [rows, emit.node("Gather", [scales, ids], { axis: 0 })]);
}
