// Rows of mostly zeros, as three flat arrays (compressed sparse rows).

/** N rows of F features. Row i holds `values[k]` at feature `columns[k]` for k from `starts[i]` to `starts[i + 1]`. */
export interface SparseRows {
  readonly rows: number;
  readonly width: number;
  /** [N + 1] */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Rows of dense features [N, F], for models that take sparse ones. */
export function denseRows(features: readonly ArrayLike<number>[]): SparseRows {
  const [rows, width] = [features.length, features[0]?.length ?? 0];
  return {
    rows,
    width,
    starts: Int32Array.from({ length: rows + 1 }, (_, i) => i * width),
    columns: Int32Array.from({ length: rows * width }, (_, k) => k % width),
    values: Float64Array.from({ length: rows * width }, (_, k) => features[Math.floor(k / width)]![k % width]!),
  };
}
