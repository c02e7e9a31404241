// One training run's updates: takes gradients (dense or rows), gives their norm, applies an optimizer to the store, and
// keeps what a checkpoint needs. Embedding tables are updated lazily but exactly: see row-table.ts. Knows no model, no
// schedule and no file.
import { ConcordError } from "../base/index.ts";
import { checkNormType, clipFactor, clipGradValue, globalNorm, type NormType } from "./clip.ts";
import type { Optimizer, StepScalars } from "./optimizer.ts";
import type { ParameterStore, StoredParameter } from "./parameter-store.ts";
import { rowTable } from "./row-table.ts";
import { restoreArrays, type SavedUpdater, stateArrays } from "./saved-updater.ts";

/** Gradient of an embedding look-up: row i belongs to table row `indices[i]`; duplicates are summed. */
export interface RowGradient {
  /** [N] */
  readonly indices: Int32Array;
  /** [N, H] */
  readonly rows: Float32Array;
}

/** Gradients by parameter name: a Map, or Object.entries of a record. */
export type Gradients = Iterable<readonly [name: string, gradient: Float32Array | RowGradient]>;

export interface UpdaterOptions {
  /** Which parameters decay. Default: those with two or more dimensions (no biases, no norm weights). */
  readonly decay?: (parameter: StoredParameter) => boolean;
  /** Factor on the learning rate of a parameter. Default 1. */
  readonly rate?: (parameter: StoredParameter) => number;
}

/** What one step may set. */
export interface UpdateStep {
  /** Default the optimizer's. */
  readonly learningRate?: number;
  /** Factor on every gradient entry: the clip factor, 1 / (batches summed). Default 1. */
  readonly gradientScale?: number;
}

export interface Updater {
  /** Steps done. */
  readonly steps: number;
  /** Brings table rows up to date before a forward pass reads them. Other parameters always are. */
  touch(name: string, indices: Int32Array): void;
  /**
   * Takes gradients of a batch. Dense arrays are kept by reference until the step, unless the store accumulates: then
   * weight·gradient is added to the store's segment. Row gradients are always summed into the store's table.
   * @throws E_SHAPE for a wrong length, E_ARGUMENT for an unknown or frozen name or an index out of range
   */
  add(gradients: Gradients, weight?: number): void;
  /** p-norm over all gradients added, duplicate rows summed first. */
  norm(type?: NormType): number;
  /** The factor to pass as `gradientScale` so that the norm is at most `maximum`, and the norm. */
  clipNorm(maximum: number, type?: NormType): { norm: number; gradientScale: number };
  /** Limits every gradient entry to [−limit, limit] in place. */
  clipValue(limit: number): void;
  /** Name of the first gradient that holds NaN or Infinity, if any. */
  findNonFinite(): string | undefined;
  /** Applies the gradients and forgets them. @throws E_GRADIENT when a trainable parameter got none */
  step(options?: UpdateStep): void;
  /** Brings every table row up to date: before the parameters are saved, evaluated or exported. */
  flush(): void;
  /** The state, and nothing is changed: rows that are behind stay so, for a run that goes on must not differ from one that was saved. @throws E_ARGUMENT between add and step */
  save(): SavedUpdater;
  /** Continues from a saved state; the parameters are restored by the caller. @throws E_MODEL where it does not fit */
  restore(saved: SavedUpdater): void;
}

/**
 * Connects an optimizer to a store that was laid out with its slots.
 * @param store made with `slots: optimizer.stateSlots`
 * @throws E_ARGUMENT when the store lacks the optimizer's state
 * @example
 * const optimizer = adamw({ learningRate: 1e-3 });
 * const store = parameterStore([{ name: "w", shape: [2, 2] }], { slots: optimizer.stateSlots });
 * const updates = updater(store, optimizer);
 * updates.add([["w", Float32Array.of(1, 2, 3, 4)]]);
 * const { gradientScale } = updates.clipNorm(1);
 * updates.step({ gradientScale });
 */
export function updater(store: ParameterStore, optimizer: Optimizer, options: UpdaterOptions = {}): Updater {
  const decays = options.decay ?? ((parameter: StoredParameter) => parameter.shape.length >= 2);
  const trainable = store.parameters.filter((p) => p.trainable);
  for (const parameter of trainable) checkSlots(parameter, optimizer);
  const tables = new Map(trainable.filter((p) => p.rows).map((p) => [p.name, rowTable(store, p, optimizer.rule)]));
  const pending = new Map<string, Float32Array>();
  let steps = 0;

  const table = (name: string) => tables.get(name) ?? refuse("is not a trainable row table", name);
  const addDense = (parameter: StoredParameter, gradient: Float32Array, weight: number) => {
    const { name } = parameter;
    checkSize(parameter, gradient);
    if (store.gradients === "accumulate") accumulate(store, parameter, gradient, weight, pending.has(name));
    else if (pending.has(name)) refuse('got a second gradient; make the store with gradients: "accumulate"', name);
    else if (weight !== 1) refuse('got a weighted gradient; make the store with gradients: "accumulate"', name);
    pending.set(name, store.gradients === "accumulate" ? store.gradient(name) : gradient);
  };
  /** All gradient arrays: dense ones and the used runs of the tables. */
  function* gradientRuns(): Generator<[name: string, run: Float32Array]> {
    yield* pending;
    for (const [name, { dirtyRuns }] of tables) for (const run of dirtyRuns()) yield [name, run];
  }
  const norm = (type?: NormType) => normOf(store, gradientRuns(), type);
  const flush = () => {
    for (const each of tables.values()) each.flush();
  };

  return {
    get steps() {
      return steps;
    },
    touch: (name, indices) => table(name).touch(indices),
    add(gradients, weight = 1) {
      for (const [name, gradient] of gradients) {
        const parameter = store.parameter(name);
        if (!parameter.trainable) refuse("is frozen and takes no gradient", name);
        if (!(gradient instanceof Float32Array)) table(name).add(gradient, weight);
        else if (parameter.rows) refuse("is a row table and takes { indices, rows }", name);
        else addDense(parameter, gradient, weight);
      }
    },
    norm,
    clipNorm(maximum, type) {
      const total = norm(type);
      return { norm: total, gradientScale: clipFactor(total, maximum) };
    },
    clipValue(limit) {
      for (const [, run] of gradientRuns()) clipGradValue([run], limit);
    },
    findNonFinite() {
      for (const [name, run] of gradientRuns()) if (!run.every(Number.isFinite)) return name;
      return undefined;
    },
    step({ learningRate = optimizer.learningRate, gradientScale = 1 } = {}) {
      checkComplete(trainable, pending);
      steps++;
      for (const parameter of trainable) {
        const weightDecay = decays(parameter) ? optimizer.weightDecay : 0;
        const rate = options.rate?.(parameter) ?? 1;
        const scalars = { step: steps, learningRate: learningRate * rate, weightDecay, gradientScale };
        if (parameter.rows) table(parameter.name).step(scalars);
        else stepDense(store, parameter, pending.get(parameter.name)!, optimizer, scalars);
      }
      pending.clear();
    },
    flush,
    save() {
      const unapplied = [...pending.keys(), ...[...tables].filter(([, each]) => each.pending()).map(([name]) => name)];
      if (unapplied[0]) refuse("has a gradient that was not applied; save before add or after step", unapplied[0]);
      return { optimizer: optimizer.name, step: steps, arrays: stateArrays(store, trainable, tables) };
    },
    restore(saved) {
      restoreArrays(stateArrays(store, trainable, tables), saved, optimizer.name);
      for (const each of tables.values()) each.discard();
      pending.clear();
      steps = saved.step;
    },
  };
}

function normOf(store: ParameterStore, runs: Iterable<[name: string, run: Float32Array]>, type: NormType = 2): number {
  checkNormType(type);
  const { kernels } = store;
  let total = 0;
  for (const [, run] of runs) {
    if (type !== 2 && type !== Infinity) total += globalNorm([run], type) ** type;
    else
      store.stage(run, (offset, _start, count) => {
        if (type === 2) total += kernels.sumSquares(offset, count);
        else total = Math.max(total, kernels.largestMagnitude(offset, count));
      });
  }
  return type === Infinity ? total : type === 2 ? Math.sqrt(total) : total ** (1 / type);
}

function stepDense(
  store: ParameterStore,
  parameter: StoredParameter,
  gradient: Float32Array,
  optimizer: Optimizer,
  scalars: StepScalars,
): void {
  const { rule } = optimizer;
  const { slots, shape } = parameter;
  if (rule.kind === "whole") {
    rule.update({ shape, parameter: store.viewOf(parameter), gradient, slots: slots.map(store.viewOf) }, scalars);
    return;
  }
  const update = rule.prepare(store.kernels, scalars);
  const offsets = slots.map((slot) => slot.offset);
  store.stage(gradient, (offset, start, count) =>
    update(parameter.offset + start * 4, offset, offsets, start * 4, count),
  );
}

/** sum ← weight·gradient for the first batch of a step, sum + weight·gradient after it. */
function accumulate(
  store: ParameterStore,
  { name, gradient: segment }: StoredParameter,
  gradient: Float32Array,
  weight: number,
  more: boolean,
): void {
  const sum = store.gradient(name);
  if (gradient === sum) refuse('cannot be added to itself; make the store with gradients: "receive"', name);
  if (more) {
    store.stage(gradient, (offset, start, count) =>
      store.kernels.axpy(segment!.offset + start * 4, offset, count, weight),
    );
    return;
  }
  sum.set(gradient);
  if (weight !== 1) store.kernels.scale(segment!.offset, segment!.size, weight);
}

function checkSlots({ name, shape, slots }: StoredParameter, optimizer: Optimizer): void {
  const wanted = optimizer.stateSlots(shape).map((slot) => `${slot.name}[${slot.shape}]`);
  const present = slots.map((slot) => `${slot.name}[${slot.shape}]`);
  if (wanted.join() !== present.join())
    throw new ConcordError("E_ARGUMENT", {
      operation: `updater with ${optimizer.name}`,
      problem: `the store's state of ${name} is not this optimizer's`,
      expected: wanted.join(", ") || "no state",
      got: present.join(", ") || "no state",
      hint: "make the store with slots: optimizer.stateSlots",
    });
}

function checkSize({ name, size, shape }: StoredParameter, gradient: Float32Array): void {
  if (gradient.length !== size)
    throw new ConcordError("E_SHAPE", {
      operation: `gradient of ${name}`,
      problem: "the gradient does not have the parameter's size",
      expected: `${size} elements for [${shape}]`,
      got: String(gradient.length),
    });
}

function checkComplete(trainable: readonly StoredParameter[], pending: ReadonlyMap<string, unknown>): void {
  const missing = trainable.find((p) => !p.rows && !pending.has(p.name));
  if (missing)
    throw new ConcordError("E_GRADIENT", {
      operation: "optimizer step",
      problem: `${missing.name} is trainable but got no gradient`,
      hint: "add its gradient, or lay it out with trainable: false",
    });
}

function refuse(problem: string, name: string): never {
  throw new ConcordError("E_ARGUMENT", { operation: "updater", problem: `${name} ${problem}`, got: name });
}
