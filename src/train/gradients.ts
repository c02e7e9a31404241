// Picks the gradients of each parameter out of a program's results. Pure.
import type { HostArray } from "../base/index.ts";
import type { RowGradient } from "../optimizers/index.ts";
import type { TrainingProgram } from "./program.ts";

/**
 * Gradients by parameter: rows for the tables that are updated by row, dense arrays for all others (row gradients of a
 * table that is not are added into its dense one, or into zeros).
 * @param sizeOf number of elements of a table that has row gradients only and is not updated by row
 */
export function stepGradients(
  program: TrainingProgram,
  results: Readonly<Record<string, HostArray>>,
  feeds: Readonly<Record<string, HostArray>>,
  tables: ReadonlySet<string>,
  sizeOf?: (parameter: string) => number,
): [name: string, gradient: Float32Array | RowGradient][] {
  return program.gradients.flatMap(({ parameter, dense, rows }): [string, Float32Array | RowGradient][] => {
    const byRow = rows.map((r) => kept(feeds[r.index]!.data as Int32Array, results[r.output]!, r.skipId));
    if (tables.has(parameter)) return byRow.map((g) => [parameter, g]);
    const whole = dense ? (results[dense]!.data as Float32Array) : new Float32Array(sizeOf!(parameter));
    for (const g of byRow) addRows(whole, g);
    return [[parameter, whole]];
  });
}

/** The rows that count. */
function kept(indices: Int32Array, { data, shape }: HostArray, skipId: number | undefined): RowGradient {
  const rows = data as Float32Array;
  if (skipId === undefined || !indices.includes(skipId)) return { indices, rows };
  const width = shape[1]!;
  const keep = [...indices.keys()].filter((i) => indices[i] !== skipId);
  const out = new Float32Array(keep.length * width);
  keep.forEach((from, to) => {
    out.set(rows.subarray(from * width, (from + 1) * width), to * width);
  });
  return { indices: Int32Array.from(keep, (i) => indices[i]!), rows: out };
}

function addRows(table: Float32Array, { indices, rows }: RowGradient): void {
  const width = indices.length ? rows.length / indices.length : 0;
  indices.forEach((row, i) => {
    for (let j = 0; j < width; j++) table[row * width + j]! += rows[i * width + j]!;
  });
}
