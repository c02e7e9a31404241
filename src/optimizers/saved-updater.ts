// The state of an updater as named arrays, for a checkpoint. Knows no file format.
import { ConcordError, type HostArray } from "../base/index.ts";
import type { ParameterStore, StoredParameter } from "./parameter-store.ts";
import type { RowTable } from "./row-table.ts";

/** Everything of a run's updates that a checkpoint must hold beside the parameters. */
export interface SavedUpdater {
  readonly optimizer: string;
  /** Steps done. */
  readonly step: number;
  /** State arrays by `<parameter>/<slot>`, and `<parameter>/touched` and `/factor` for row tables: views, not copies. */
  readonly arrays: ReadonlyMap<string, HostArray>;
}

/** All state of the trainable parameters by name, as views. */
export function stateArrays(
  store: ParameterStore,
  trainable: readonly StoredParameter[],
  tables: ReadonlyMap<string, RowTable>,
): Map<string, HostArray> {
  const arrays = new Map<string, HostArray>();
  for (const { name, slots } of trainable)
    for (const slot of slots)
      arrays.set(`${name}/${slot.name}`, { dtype: "float32", shape: slot.shape, data: store.viewOf(slot) });
  for (const [name, { touched, factor }] of tables) {
    arrays.set(`${name}/touched`, { dtype: "uint8", shape: [touched.length], data: touched });
    arrays.set(`${name}/factor`, { dtype: "float64", shape: [1], data: factor });
  }
  return arrays;
}

/** Copies saved arrays over the own ones. @throws E_MODEL where optimizer, names, dtypes or shapes differ */
export function restoreArrays(current: Map<string, HostArray>, saved: SavedUpdater, optimizer: string): void {
  const misfit = (problem: string, expected: string, got: string) =>
    new ConcordError("E_MODEL", { operation: "restore optimizer state", problem, expected, got });
  if (saved.optimizer !== optimizer) throw misfit("the state is another optimizer's", optimizer, saved.optimizer);
  for (const [name, { dtype, shape }] of current) {
    const found = saved.arrays.get(name);
    if (found?.dtype !== dtype || found.shape.join() !== shape.join())
      throw misfit(
        `the state of ${name} does not fit`,
        `${dtype}[${shape}]`,
        found ? `${found.dtype}[${found.shape}]` : "none",
      );
  }
  for (const [name, { data }] of current) (data as Float32Array).set(saved.arrays.get(name)!.data as Float32Array);
}
