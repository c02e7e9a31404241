// What an optimizer is: a value with options, state arrays and an update rule. Knows no parameter names and no memory.
import { ConcordError } from "../base/index.ts";
import type { Kernels } from "./kernels/kernels.ts";
import type { StateSlot } from "./parameter-store.ts";

/** What changes from step to step. */
export interface StepScalars {
  /** 1 for the first step. */
  readonly step: number;
  readonly learningRate: number;
  /** 0 for parameters that are excluded from decay. */
  readonly weightDecay: number;
  /** Every gradient entry is multiplied by this when read (clipping, averaging). */
  readonly gradientScale: number;
}

/**
 * Updates one run of elements: byte offsets of the parameter and the gradient, of the state arrays' starts, how many bytes
 * into each state array the run begins, and its length in elements.
 */
export type RunUpdate = (
  parameter: number,
  gradient: number,
  slots: readonly number[],
  shift: number,
  count: number,
) => void;

/** One parameter as arrays. */
export interface WholeParameter {
  readonly shape: readonly number[];
  readonly parameter: Float32Array;
  readonly gradient: Float32Array;
  readonly slots: readonly Float32Array[];
}

/** A rule that updates elements one by one, with kernels, on any run of elements. */
export interface ElementwiseRule {
  readonly kind: "elementwise";
  /** True when zero state and a zero gradient only multiply the parameter by 1 − learningRate·weightDecay. */
  readonly decaysOnlyAtRest: boolean;
  /** Fixes what is the same for all runs of a step. */
  prepare(kernels: Kernels, scalars: StepScalars): RunUpdate;
}

/** A rule that sees a parameter as a whole, in plain TypeScript. */
export interface WholeRule {
  readonly kind: "whole";
  update(target: WholeParameter, scalars: StepScalars): void;
}

/** An optimizer as a value: options for a checkpoint, state arrays, and the rule. */
export interface Optimizer {
  readonly name: string;
  /** All options with their defaults filled in; plain data. */
  readonly options: Readonly<Record<string, number | boolean | readonly number[]>>;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** The state arrays of a parameter of this shape. */
  stateSlots(shape: readonly number[]): readonly StateSlot[];
  readonly rule: ElementwiseRule | WholeRule;
}

/** The least positive number that is not denormal: a runtime may have told the processor to read denormals as 0 in this thread. */
export const leastPositive = 2 ** -1022;

/** Throws E_ARGUMENT unless every option lies in its range, written `[low, high)` or `[low, …)`. */
export function checkOptions(
  operation: string,
  options: Readonly<Record<string, unknown>>,
  ranges: Readonly<Record<string, readonly [low: number, below: number]>>,
): void {
  for (const [name, [low, below]] of Object.entries(ranges))
    for (const value of [options[name]].flat())
      if (typeof value !== "number" || !(value >= low && value < below))
        throw new ConcordError("E_ARGUMENT", {
          operation,
          problem: `${name} is out of range`,
          expected: below === Infinity ? `a finite number ≥ ${low}` : `${low} ≤ ${name} < ${below}`,
          got: String(value),
        });
}
