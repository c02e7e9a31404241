// What the conformance table says of one op: fillings, trials, accuracy, known deviations.
import type { Attrs } from "../../src/graph/index.ts";
import type { ExtremeClass, Fill } from "./arrays.ts";

/** One trial: operand shapes, and what differs from the subject's own fillings and attributes. */
export interface Trial {
  readonly shapes: readonly (readonly number[])[];
  readonly attrs?: Attrs;
  readonly fill?: readonly Fill[];
  /** Equal elements, where the slope jumps: central differences do not apply. */
  readonly ties?: true;
}

/**
 * Largest deviation allowed: relative to each element, to the largest element of the array where sums cancel, or to the larger
 * of that and 1 where even the largest is what is left of terms of order 1.
 */
export interface Accuracy {
  readonly relative: number;
  readonly per: "element" | "array" | "unit";
  /** Why it is not 1e-6 per element. */
  readonly reason: string;
}

/** A deviation that is known, of one runtime, for a class of extreme values. The suite fails when it has gone. */
export interface Exception {
  readonly runtimes: readonly string[];
  readonly values: ExtremeClass;
  readonly reason: string;
}

export interface Subject {
  readonly fill: readonly Fill[];
  readonly random: readonly Trial[];
  readonly broadcast?: readonly Trial[];
  readonly degenerate: readonly Trial[];
  /** The trial over the n extreme values in force. */
  readonly extreme?: (n: number) => Trial;
  readonly attrs?: Attrs;
  /** For ops through which parameters enter: a trial whose other operands have this many rows along their first axis. */
  readonly examples?: (rows: number) => Trial;
  /** Default 1e-6 per element. */
  readonly accuracy?: Accuracy;
  /** Of the gradient on runtimes; default 2e-6 per array: gradients are sums. */
  readonly gradient?: Accuracy;
  readonly except?: readonly Exception[];
  /** Why central differences do not apply. */
  readonly noDifferences?: string;
}

/** Operand shapes alone. */
export const shapes = (...list: readonly (readonly number[])[]): Trial => ({ shapes: list });
/** Attributes and operand shapes. */
export const withAttrs = (attrs: Attrs, ...list: readonly (readonly number[])[]): Trial => ({ shapes: list, attrs });

export const sums: Accuracy = {
  relative: 1e-6,
  per: "array",
  reason: "a sum in another order; terms of both signs cancel",
};
export const unit = (reason: string, relative = 1e-6): Accuracy => ({ relative, per: "unit", reason });
/** onnxruntime, native or WebAssembly. */
const ort = ["cpu", "wasm"];
export const known = (values: ExtremeClass, reason: string): Exception => ({ runtimes: ort, values, reason });
/** An axis, and operand shapes. */
export const along = (axis: number, ...list: readonly (readonly number[])[]): Trial => withAttrs({ axis }, ...list);
