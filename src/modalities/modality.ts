// What the product has to know of a kind of data. One value for each; text and images are the first. Nothing else asks which it is.
import type { HostArray } from "../base/index.ts";
import type { SparseRows } from "../baseline/index.ts";
import type { Row } from "../data/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import type { Model } from "../models/index.ts";
import type { Predictor, PredictorOptions } from "../predict/index.ts";
import type { Runtime } from "../runtime/index.ts";

/** Names of the kinds of data, as recipes write them. */
export const modalityNames = ["text", "image"] as const;
export type ModalityName = (typeof modalityNames)[number];

/** What a model reads of one row: the part of a training example that is not its target. */
export interface ModelInput {
  /** Token ids with their special tokens; empty for images. */
  readonly ids: Int32Array;
  /** Segment of each token. */
  readonly types?: Int32Array;
  /** Pixels [channels, height, width]. */
  readonly pixels?: Float32Array;
}

/** What stands between rows and a model, and is saved beside it. `R`: a row of a table; `I`: what a predictor takes. */
export interface Processor<R extends Row = Row, I = unknown> {
  /** Rows whose inputs are held together. Default all. */
  readonly atOnce?: number;
  /** What a predictor is asked with. @throws E_IO, E_DATA, E_FORMAT where a row's content is gone or has changed */
  inputs(rows: readonly R[]): Promise<I[]>;
  /** What the trainer reads. @throws as `inputs` */
  examples(rows: readonly R[]): Promise<ModelInput[]>;
  /** A model that answers. @throws E_MODEL where model and processor do not fit */
  predictor(
    model: Model,
    weights: ReadonlyMap<string, HostArray>,
    runtime: Runtime,
    options?: PredictorOptions,
  ): Promise<Predictor<I>>;
  /** Files of the model folder that hold it, by name. */
  files(): Readonly<Record<string, string | JsonRecord>>;
}

/** Numbers of rows for a linear model. */
export interface LinearFeatures<R extends Row = Row> {
  readonly width: number;
  rows(rows: readonly R[]): Promise<SparseRows>;
}

/** A row as a report shows it. */
export interface Shown {
  readonly text: string;
  /** An image as a `data:` address. */
  readonly image?: string;
}

/** A model made anew: its settings, without a head, and the processor that goes with it. */
export interface NewModel<P extends Processor = Processor> {
  /** As Transformers names its classes: `Bert`, `ViT`. */
  readonly family: string;
  readonly config: JsonRecord;
  readonly processor: P;
}
