// Weights of a model folder in 8 bits: a matrix as int8 rows beside `<name>.scale`, float32 [rows]. A row is its integers times its scale.
import { ConcordError, type HostArray } from "../base/index.ts";
import { toFloat32 } from "../formats/index.ts";

/** Name of the scales of a weight that is stored in 8 bits. */
export const scaleName = (name: string): string => `${name}.scale`;

/** Names without those of scales: what a model may use. */
export function withoutScales<T>(entries: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const isScale = (name: string) => name.endsWith(".scale") && entries.has(name.slice(0, -".scale".length));
  return new Map([...entries].filter(([name]) => !isScale(name)));
}

/**
 * Rounds a matrix to int8 with a scale per row: the largest magnitude of a row becomes 127.
 * @returns the integers and the scales; a row of zeros has scale 0
 * @example const { rows, scale } = eightBits(weights.get("encoder.layer.0.output.dense.weight")!);
 */
export function eightBits({ shape, data }: HostArray<"float32">): {
  readonly rows: HostArray<"int8">;
  readonly scale: HostArray<"float32">;
} {
  const count = shape[0]!;
  const width = data.length / count;
  const rows = new Int8Array(data.length);
  const scale = new Float32Array(count);
  for (let r = 0; r < count; r++) {
    let most = 0;
    for (let c = 0; c < width; c++) most = Math.max(most, Math.abs(data[r * width + c]!));
    scale[r] = most / 127;
    if (most > 0) for (let c = 0; c < width; c++) rows[r * width + c] = Math.round(data[r * width + c]! / scale[r]!);
  }
  return {
    rows: { dtype: "int8", shape: [...shape], data: rows },
    scale: { dtype: "float32", shape: [count], data: scale },
  };
}

/** A stored weight in float32. @param scale of its rows, where it is int8 @throws E_FORMAT for int8 without fitting scales */
export function fullPrecision(name: string, stored: HostArray, scale: HostArray | undefined): HostArray<"float32"> {
  if (stored.dtype !== "int8") return toFloat32(stored);
  const count = stored.shape[0] ?? 0;
  const fits =
    scale?.dtype === "float32" &&
    scale.shape.length === 1 &&
    scale.shape[0] === count &&
    scale.data.every((x) => Number.isFinite(x));
  if (!scale || !fits)
    throw new ConcordError("E_FORMAT", {
      operation: "load weights",
      problem: `${name} is stored in 8 bits, and the scales of its rows are ${scale ? "wrong" : "missing"}`,
      expected: `${scaleName(name)} float32[${count}], all finite`,
      got: scale ? `${scale.dtype}[${scale.shape}]` : "nothing",
    });
  const width = stored.data.length / Math.max(1, count);
  const factors = scale.data as Float32Array;
  const data = Float32Array.from(stored.data as Int8Array, (x, i) => x * factors[Math.floor(i / width)]!);
  return { dtype: "float32", shape: stored.shape, data };
}
