// Where a run's parameters live: trained ones in the store's memory and fed as views, frozen ones stored in the session, but for
// the embedding tables, which are fed as they are.
import { ConcordError, type HostArray } from "../base/index.ts";
import type { Model } from "../models/index.ts";
import type { AdapterLayout } from "../nn/index.ts";
import type { Optimizer } from "../optimizers/index.ts";
import { type ParameterStore, parameterStore } from "../optimizers/index.ts";
import type { CompileOptions } from "../runtime/index.ts";
import { type FrozenForm, frozenBinding } from "./frozen.ts";
import type { TrainingProgram } from "./program.ts";
import type { PruningLayout } from "./pruning.ts";

export interface TrainedParameters {
  readonly store: ParameterStore;
  /** Trained parameters that are updated by row. */
  readonly tables: ReadonlySet<string>;
  /** Names of the trained parameters. */
  readonly trained: readonly string[];
  /** What every run is fed: views of trained parameters, and the frozen embedding tables. */
  readonly fed: Readonly<Record<string, HostArray<"float32">>>;
  /** How the frozen ones are stored. */
  readonly bind: NonNullable<CompileOptions["bind"]>;
  /** Every parameter as it is now. */
  all(): Map<string, HostArray<"float32">>;
}

export interface TrainedParameterOptions {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly adapter?: AdapterLayout;
  readonly pruning?: PruningLayout;
  /** Parameters of the loss, trained with the model and in no result. Default none. */
  readonly beside?: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly frozen?: FrozenForm;
  /** Where dense gradients lie: see {@link ParameterStore.gradients}. */
  readonly gradients: ParameterStore["gradients"];
  /** Trains what the adapter trains, or without one all but these. Default none is kept. */
  readonly keeps?: (name: string) => boolean;
  /**
   * Tables have dense gradients too, for noise goes to every row; and what is multiplied with matrices in 8-bit integers has a scale
   * per row, so that no example changes another's gradient. Default false.
   */
  readonly isPrivate?: boolean;
  /** Tables have dense gradients. Default as `isPrivate`. */
  readonly isDense?: boolean;
}

/** Copies trained parameters into a store and binds the others. @throws E_MODEL for a missing or misshapen weight */
export function trainedParameters(
  program: TrainingProgram,
  optimizer: Optimizer,
  {
    model,
    weights,
    adapter,
    pruning,
    beside = [],
    frozen = "float32",
    gradients,
    keeps,
    isPrivate,
    isDense = isPrivate,
  }: TrainedParameterOptions,
): TrainedParameters {
  const own = [...model.parameters, ...((pruning ?? adapter)?.parameters ?? [])];
  const specs = [...own, ...beside];
  const always = new Set(beside.map((p) => p.name));
  const array = (name: string, shape: readonly number[]): HostArray<"float32"> => {
    const given = weights.get(name);
    if (given?.dtype === "float32" && String(given.shape) === String(shape)) return given as HostArray<"float32">;
    throw new ConcordError("E_MODEL", {
      operation: "train",
      problem: `weight ${name} is ${given ? "of another shape or dtype" : "missing"}`,
      expected: `float32[${shape}]`,
      got: given ? `${given.dtype}[${given.shape}]` : "nothing",
    });
  };
  const trains = (name: string) => always.has(name) || ((adapter?.trains(name) ?? true) && !keeps?.(name));
  const trained = specs.filter((p) => trains(p.name));
  const byRow = isDense || isPrivate ? [] : program.gradients.filter((g) => !g.dense && g.rows.length > 0);
  const tables = new Set(byRow.map((g) => g.parameter));
  const store = parameterStore(
    trained.map(({ name, shape }) => ({ name, shape, rows: tables.has(name) })),
    { slots: optimizer.stateSlots, gradients },
  );
  const fed: Record<string, HostArray<"float32">> = {};
  for (const { name, shape } of trained) {
    store.view(name).set(array(name, shape).data);
    fed[name] = { dtype: "float32", shape, data: store.view(name) };
  }
  const tableNames = new Set(Object.values(model.tokens?.tableNames ?? {}));
  const bind: Record<string, TrainedParameters["bind"][string]> = {};
  const scales = isPrivate ? "row" : "tensor";
  for (const { name, shape } of specs.filter((p) => !trains(p.name))) {
    const product = name.endsWith(".weight") && shape.length === 2; // worth storing: the runtime packs it once
    // Rows are only looked up: a fed table is read where it lies, a stored one would be copied into every session.
    if (tableNames.has(name)) fed[name] = array(name, shape);
    else bind[name] = frozenBinding(array(name, shape), product ? frozen : "float32", scales);
  }
  return {
    store,
    tables,
    trained: trained.map((p) => p.name),
    fed,
    bind,
    all: () => new Map(own.map(({ name, shape }) => [name, fed[name] ?? array(name, shape)])),
  };
}
