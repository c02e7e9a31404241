// What a kind of adapter is, as a value: its parameters beside one linear layer, how they start, what they change of the layer's output,
// and how they are merged into its weight. Knows no architecture and no file.
import type { Random } from "../../base/index.ts";
import type { Value } from "../../graph/index.ts";
import type { Layout } from "../layout.ts";
import type { ForwardContext, Params } from "../params.ts";
import type { AdapterOptions } from "./options.ts";

/** One linear layer that has an adapter. */
export interface AdaptedShape {
  readonly module: string;
  readonly outs: number;
  readonly ins: number;
  /** Inner width r of this layer's adapter. */
  readonly rank: number;
  /** Factor on what the adapter adds: α/r, or α/√r. */
  readonly scale: number;
}

/** A linear layer in a forward pass. */
export interface LayerPass {
  /** Rows [T, in]. */
  readonly x: Value;
  readonly context: ForwardContext;
  /** Axis of the weight over which the entries of one output lie: 1 for [out, in], 0 for [in, out]. */
  readonly rowAxis: 0 | 1;
  /** rows·Wᵀ, plus a bias where one is given: rows [N, in] → [N, out]. */
  product(rows: Value, bias?: Value): Value;
}

/** What a model's forward pass is given beside parameters. */
export interface ModelPass {
  readonly inputs: Readonly<Record<string, Value | undefined>>;
  readonly layout?: Layout;
  /** Each row looks only at earlier ones. */
  readonly causal: boolean;
  /** Position of a text's first token. */
  readonly firstPosition: number;
  /** Rows of the word table for the ids of `inputs`, [T, E]. */
  words(): Value;
  /** Runs the model over other rows, for what the layout is asked on the way. Without dropout. */
  run(inputs: ModelPass["inputs"], layout: Layout): void;
  /** Of an output by rows: those of the text's own tokens. Default as it is. */
  ownRows?(x: Value): Value;
  /** To be called after the forward pass. @throws E_MODEL where the model did not read what was changed */
  done?(): void;
}

/** The stored arrays of a layer that an adapter is merged into. */
export interface MergedLayer extends AdaptedShape {
  /** As the model stores it. */
  readonly weight: Float32Array;
  readonly bias?: Float32Array;
  /** The adapter's own parameters by the last part of their names. */
  readonly parts: Readonly<Record<string, Float32Array>>;
  /** Place of W[o, i] in `weight`. */
  at(o: number, i: number): number;
}

export interface AdapterKind {
  /** Settings that it reads; others are refused. */
  readonly reads: readonly (keyof AdapterOptions)[];
  /** Shapes of its parameters beside one layer, by the last part of their names. */
  parameters(layer: AdaptedShape, options: AdapterOptions): Readonly<Record<string, readonly number[]>>;
  /** Shapes of its parameters that belong to no linear layer, by name below the kind's. Default none. */
  own?(options: AdapterOptions): Readonly<Record<string, readonly number[]>>;
  /** What a forward pass reads with it: other inputs, another layout. @param own its parameters of {@link own} */
  enter?(pass: ModelPass, own: Params, options: AdapterOptions): ModelPass;
  /** Positions of the model that its virtual tokens take. Default none. */
  positions?(options: AdapterOptions, causal: boolean): number;
  /** Numbers of one layer that a forward pass needs beside the parameters. */
  constants(layer: AdaptedShape, options: AdapterOptions): Readonly<Record<string, number>>;
  /**
   * Fills a fresh parameter, so that training starts at the base model.
   * @param base the layer's weight, where the model stores it [out, in] or [in, out] (see `MergedLayer.at`); of a parameter that belongs to
   * no layer the weight that `options.table` names
   */
  start(
    part: string,
    data: Float32Array,
    layer: AdaptedShape | undefined,
    stream: Random,
    base: () => StartWeight,
  ): void;
  /** The layer's output [T, out]. @param p the layer's part of the tree @param own the adapter's */
  forward(p: Params, own: Params, pass: LayerPass): Value;
  /** New weight and bias, rounded once. Absent: it is no change of a weight, and the model keeps it as parameters of its own. */
  merge?(layer: MergedLayer): { readonly weight: Float32Array; readonly bias?: Float32Array };
  /**
   * What it adds to the weight, entry by entry in the order of `weight`, where that depends on no weight: such updates of members of a
   * study can be averaged.
   */
  delta?(layer: Omit<MergedLayer, "weight">): Float64Array;
  /** The same as a product B [out, r] · A [r, in], scale and all: such adapters of one base can be switched between two requests. */
  asProduct?(layer: AdaptedShape & Pick<MergedLayer, "parts">): { readonly a: Float32Array; readonly b: Float32Array };
  /** Parameters of the model itself that it trains. Default none. */
  trains?(name: string): boolean;
  /** Factor on the learning rate of a parameter. Default 1. */
  rate?(part: string, options: AdapterOptions): number;
  /** Why private training does not hold for it. Absent: it holds. */
  readonly notPrivate?: string;
  /** Why the base cannot be held in integers beside it. Absent: it can. */
  readonly notStored?: string;
}

/** The base weight of a layer, for starts that depend on it. */
export type StartWeight = Pick<MergedLayer, "weight" | "at">;
