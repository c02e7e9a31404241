// Lazy, exact updates of an embedding table. A row that never had a gradient has zero state, so a step only multiplies it
// by 1 − lr·wd: one running factor stands for all such rows and is applied at a row's first touch or at a flush. Touched
// rows are updated at every step. Knows no schedule, no file and no other parameter.
import { ConcordError } from "../base/index.ts";
import type { Optimizer, StepScalars } from "./optimizer.ts";
import type { ParameterStore, StoredParameter } from "./parameter-store.ts";

/** The update of one table [V, H]. Made by {@link rowTable}. */
export interface RowTable {
  /** [V]: 1 for rows that are updated at every step. */
  readonly touched: Uint8Array;
  /** [1]: what rows that are not touched still have to be multiplied by. */
  readonly factor: Float64Array;
  /** Brings rows up to date and marks them touched. @throws E_ARGUMENT for an index outside the table */
  touch(indices: Int32Array): void;
  /** Sums weight·rows into the gradient table. */
  add(gradient: { readonly indices: Int32Array; readonly rows: Float32Array }, weight: number): void;
  /** Views of the gradient table's runs of rows that got a gradient since the last step. */
  dirtyRuns(): Generator<Float32Array>;
  step(scalars: StepScalars): void;
  /** Applies the running factor to all untouched rows. */
  flush(): void;
  /** True between add and step. */
  pending(): boolean;
  /** Forgets gradients that were not applied: after parameters and state were replaced. */
  discard(): void;
}

/**
 * The lazy update of a row table under an optimizer's rule. Where the rule moves resting rows in another way (coupled
 * decay, factored state), every row counts as touched and the update is dense.
 */
export function rowTable(store: ParameterStore, parameter: StoredParameter, rule: Optimizer["rule"]): RowTable {
  const [height, width] = parameter.shape as [number, number];
  const { kernels } = store;
  const gradient = parameter.gradient!;
  const touched = new Uint8Array(height);
  const dirty = new Uint8Array(height);
  const lazy = rule.kind === "elementwise" && rule.decaysOnlyAtRest;
  if (!lazy) touched.fill(1);
  const factor = Float64Array.of(1); // what untouched rows still have to be multiplied by
  const rowBytes = width * 4;
  const scaleRows = (first: number, count: number) =>
    kernels.scale(parameter.offset + first * rowBytes, count * width, factor[0]!);

  const check = (indices: Int32Array) => {
    const wrong = indices.find((row) => row < 0 || row >= height);
    if (wrong !== undefined)
      throw new ConcordError("E_ARGUMENT", {
        operation: `rows of ${parameter.name}`,
        problem: "a row index is outside the table",
        expected: `0 … ${height - 1}`,
        got: String(wrong),
      });
  };
  const clear = () => {
    for (const [first, count] of runsOf(dirty, 1)) kernels.fill(gradient.offset + first * rowBytes, count * width, 0);
    dirty.fill(0);
  };
  const touch = (indices: Int32Array) => {
    check(indices);
    for (const row of indices) {
      if (touched[row]) continue;
      if (factor[0] !== 1) scaleRows(row, 1);
      touched[row] = 1;
    }
  };
  return {
    touched,
    factor,
    touch,
    add({ indices, rows }, weight) {
      if (rows.length !== indices.length * width)
        throw new ConcordError("E_SHAPE", {
          operation: `rows of ${parameter.name}`,
          problem: "the rows do not fit the indices",
          expected: `[${indices.length}, ${width}]`,
          got: `${rows.length} elements`,
        });
      touch(indices);
      for (const row of indices) dirty[row] = 1;
      store.scatterRows(parameter.name, indices, rows, weight);
    },
    *dirtyRuns() {
      const table = store.viewOf(gradient);
      for (const [first, count] of runsOf(dirty, 1)) yield table.subarray(first * width, (first + count) * width);
    },
    step(scalars) {
      const { slots, shape, offset } = parameter;
      if (rule.kind === "whole") {
        const arrays = {
          parameter: store.viewOf(parameter),
          gradient: store.viewOf(gradient),
          slots: slots.map(store.viewOf),
        };
        rule.update({ shape, ...arrays }, scalars);
      } else {
        const update = rule.prepare(kernels, scalars);
        const offsets = slots.map((slot) => slot.offset);
        for (const [first, count] of runsOf(touched, 1)) {
          const shift = first * rowBytes;
          update(offset + shift, gradient.offset + shift, offsets, shift, count * width);
        }
      }
      // The factor that a dense step would use, rounded as the kernel rounds it.
      if (lazy) factor[0]! *= Math.fround(1 - scalars.learningRate * scalars.weightDecay);
      clear();
    },
    pending: () => dirty.includes(1),
    discard: clear,
    flush() {
      if (factor[0] !== 1) for (const [first, count] of runsOf(touched, 0)) scaleRows(first, count);
      factor[0] = 1;
    },
  };
}

/** Runs of equal marks: [first, count] of each. */
function* runsOf(marks: Uint8Array, mark: 0 | 1): Generator<[first: number, count: number]> {
  for (let first = marks.indexOf(mark); first >= 0; ) {
    const next = marks.indexOf(1 - mark, first);
    const end = next < 0 ? marks.length : next;
    yield [first, end - first];
    first = next < 0 ? -1 : marks.indexOf(mark, end);
  }
}
