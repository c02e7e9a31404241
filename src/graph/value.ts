// What a graph is made of: typed values produced by nodes, each node one application of one op. Immutable data.
import type { DType, HostArray } from "../base/index.ts";
import type { Dim } from "./dims.ts";

/** Element type and sizes of a value. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: readonly Dim[];
}

/** Settings of a node: plain data; an array only for `constant`. */
export type Attr = number | boolean | string | readonly Dim[] | HostArray | undefined;
export type Attrs = Readonly<Record<string, Attr>>;

/** One application of an op. */
export interface Node {
  readonly id: number;
  /** Key of the op table. */
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attrs: Attrs;
  readonly outputs: readonly Value[];
  /** Names of the enclosing scopes while tracing, outermost first: `encoder.0 > attention`. */
  readonly scope: string;
  /** The innermost checkpointed part of the trace that made it. */
  readonly region: Region | undefined;
}

/** A part of a trace whose values a gradient computes again from `inputs` instead of keeping them. Passes forget it. */
export interface Region {
  readonly inputs: readonly Value[];
  readonly parent: Region | undefined;
}

/** One typed result of a node. */
export interface Value extends TensorType {
  readonly node: Node;
  /** Which of the node's outputs. */
  readonly index: number;
}

/** A float64 array inside the reference interpreter: every dtype is held in doubles there. */
export interface RefArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Context of a reference evaluation: resolves symbolic sizes. */
export interface EvalContext {
  dim(dim: Dim): number;
}

/** One op, everything about it in one record. */
export interface Op<A extends Attrs = Attrs> {
  /** One line of meaning. */
  readonly doc: string;
  readonly traits: {
    /** Output element i depends on input elements i only (after broadcasting). */
    readonly elementwise?: true;
    /** Same output for swapped operands. */
    readonly commutative?: true;
    /** The op only rearranges elements: no arithmetic. */
    readonly movement?: true;
    /** The output holds each element of input 0 once: what is looked for there may be looked for here. */
    readonly view?: true;
    /** Input index through which a trained parameter may enter, and what it is: the seam of private training. */
    readonly parameters?: { readonly [input: number]: "weight" | "bias" | "scale" | "shift" | "table" };
  };
  /** Of inputs named in `traits.parameters`: false where shapes or attributes let one element belong to some examples only. Default true. */
  shared?(inputs: readonly TensorType[], which: number, attrs: A): boolean;
  /** Types of the outputs; calls `fail` (which throws) where the inputs do not fit. */
  shape(inputs: readonly TensorType[], attrs: A, fail: Fail): TensorType | TensorType[];
  /** Reference result in float64. */
  eval(inputs: readonly RefArray[], attrs: A, context: EvalContext): RefArray | RefArray[];
  /** Vector–Jacobian product, or the reason that there is none. `g` is the gradient of output 0, `gs` of every output. */
  readonly vjp: Vjp<A> | { readonly none: string };
  /** For look-ups in a table (input 0): the gradient as rows and the row numbers they belong to, instead of a dense sum. */
  rowVjp?(
    g: Value,
    inputs: readonly Value[],
    attrs: A,
  ): { readonly ids: Value; readonly rows: Value; readonly skipId?: number };
  /** The same function in terms of other ops, for targets without a kernel. */
  decompose?(inputs: readonly Value[], attrs: A): Value[];
  /**
   * Squared norm of each example's gradient of parameter input `which`, from the op's inputs and output gradient, without
   * forming the gradients (ghost norms: Goodfellow 2015 arXiv:1510.01799, Li 2022 arXiv:2110.05679). `layout` gives rows → examples.
   */
  exampleNorm?(inputs: readonly Value[], g: Value, which: number, attrs: A, layout: ExampleLayout): Value;
  /**
   * Rows [N, n] whose sums over an example's rows are its gradient of parameter input `which`, where the gradient is such a sum: biases,
   * scales. Both its norm and its clipped sum are then had from one small array.
   */
  exampleRows?(
    inputs: readonly Value[],
    g: Value,
    which: number,
    attrs: A,
    outputs?: readonly Value[],
  ): Value | undefined;
  /**
   * The gradient of parameter input `which` with each row's share multiplied by its factor, `factors` [N, 1] for the N rows of g, where
   * that is cheaper than the gradient at a scaled g.
   */
  weightedGradient?(inputs: readonly Value[], g: Value, which: number, factors: Value, attrs: A): Value;
}

/** How rows belong to examples: `blocks(x [T, N]) → [B, S, N]` with zero rows for padding. */
export interface ExampleLayout {
  blocks(x: Value): Value;
  /** The op's own outputs, where they are at hand: what was computed once need not be computed again. */
  readonly outputs?: readonly Value[];
}

export type Vjp<A extends Attrs = Attrs> = (
  g: Value,
  inputs: readonly Value[],
  outputs: readonly Value[],
  attrs: A,
  gs: readonly (Value | undefined)[],
) => readonly (Value | undefined)[];

/** Raises a shape or dtype error in the user's terms. */
export type Fail = (problem: string, expected: string, hint?: string, code?: "E_SHAPE" | "E_DTYPE") => never;
