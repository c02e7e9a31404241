// The products of a linear fit with sparse rows, by WebAssembly SIMD: the rows, the weights and their gradient lie in one memory.
import { ConcordError } from "../../base/index.ts";
import type { SparseRows } from "../sparse.ts";
import { kernelsBase64 } from "./kernels.gen.ts";

/** Rows in a memory of their own, ready to be multiplied. */
export interface RowProducts {
  /** [F, K]; the caller writes it. */
  readonly weight: Float64Array;
  /** [F, K]; `add` adds to it. */
  readonly gradient: Float64Array;
  /** [K]; what `score` adds to and `add` takes. */
  readonly scores: Float64Array;
  /** scores += row·weight, summed over the row's entries in their order. */
  score(row: number): void;
  /** gradient += scale·(row ⊗ scores) */
  add(row: number, scale: number): void;
}

interface Exports {
  scoreRow(scores: number, weight: number, columns: number, values: number, count: number, outputs: number): void;
  addRow(
    gradient: number,
    slopes: number,
    columns: number,
    values: number,
    count: number,
    outputs: number,
    scale: number,
  ): void;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Copies rows into a memory of their own: 12 bytes an entry, 16 bytes a weight.
 * @param outputs K
 * @throws E_RUNTIME where WebAssembly SIMD or the memory is missing
 * @example
 * const products = rowProducts(rows, 26);
 * products.score(0); // products.scores is row 0 · products.weight
 */
export function rowProducts({ rows, width, starts, columns, values }: SparseRows, outputs: number): RowProducts {
  const [entries, size] = [starts[rows]!, width * outputs];
  const weightAt = 8 * (outputs + (outputs & 1));
  const gradientAt = weightAt + 8 * size;
  const valuesAt = gradientAt + 8 * size;
  const columnsAt = valuesAt + 8 * entries;
  const { buffer, exports } = instance(columnsAt + 4 * entries);
  const scores = new Float64Array(buffer, 0, outputs);
  const weight = new Float64Array(buffer, weightAt, size);
  const gradient = new Float64Array(buffer, gradientAt, size);
  new Float64Array(buffer, valuesAt, entries).set(values.subarray(0, entries));
  new Int32Array(buffer, columnsAt, entries).set(columns.subarray(0, entries));
  const place = (row: number) => {
    const start = starts[row]!;
    return [columnsAt + 4 * start, valuesAt + 8 * start, starts[row + 1]! - start, outputs] as const;
  };
  return {
    weight,
    gradient,
    scores,
    score: (row) => exports.scoreRow(0, weightAt, ...place(row)),
    add: (row, scale) => exports.addRow(gradientAt, 0, ...place(row), scale),
  };
}

function instance(bytes: number): { buffer: ArrayBuffer; exports: Exports } {
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelsBase64), (letter) => letter.charCodeAt(0)));
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
    // exports carry no types; the kernels' own test checks each one
    const exports = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Exports;
    return { buffer: memory.buffer, exports };
  } catch (cause) {
    throw new ConcordError("E_RUNTIME", {
      operation: "fit a linear model",
      problem: "this JavaScript engine has no WebAssembly SIMD, or no memory for the rows",
      got: `${bytes} bytes`,
      hint: "use Node 20 or newer, or fewer rows",
      cause,
    });
  }
}
