// What the product has to know of a kind of data. One value for each; text and images are the first. Nothing else asks which it is.
import { ConcordError, type HostArray, type Random } from "../base/index.ts";
import type { SparseRows } from "../baseline/index.ts";
import type { Refusal, Row } from "../data/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import type { InputSpec, Value } from "../graph/index.ts";
import type { Model } from "../models/index.ts";
import type { Layout } from "../nn/index.ts";
import type { Predictor, PredictorOptions } from "../predict/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { Augmentation, PictureChange } from "./image/augment.ts";
import type { Picture } from "./image/picture.ts";

export { type ModalityName, modalityNames } from "../models/index.ts";

/** Tokens of a text. */
export interface TokenInput {
  /** Token ids with their special tokens, at least one. */
  readonly ids: Int32Array;
  /** Segment of each token. Default all 0. */
  readonly types?: Int32Array;
}

/** An image in 8 bits. */
export interface PictureInput {
  /** In the model's size. */
  readonly picture: Picture;
  /** What each byte becomes, by channel: one table that all examples of a job share. */
  readonly values: readonly Float32Array[];
  /** What is done to it first. Default nothing. */
  readonly change?: PictureChange;
}

/** An image as a model's numbers, for those who have no picture. */
export interface PixelInput {
  /** Pixels [channels, height, width]. */
  readonly pixels: Float32Array;
}

/** A window of a series as a model's numbers. */
export interface SeriesInput {
  /** [channels, steps], on the scale of its history. */
  readonly series: Float32Array;
}

/** What a model reads of one row: the part of a training example that is not its target. */
export type ModelInput = TokenInput | PictureInput | PixelInput | SeriesInput;

/** @throws E_DATA for an input that a model does not take @param at its number in the batch */
export function refuseInput(at: number, problem: string, expected: string, got: unknown): never {
  throw new ConcordError("E_DATA", { operation: `example ${at} of the batch`, problem, expected, got: String(got) });
}

/** What a model reads of rows, as a batch: inputs of its graph and the arrays that feed them. Every function throws E_DATA, with the number of the example, for inputs of another. */
export interface Batching {
  /** Inputs of the graph that hold what the model reads. */
  specs(model: Model): Record<string, InputSpec>;
  /** Which rows form an example; none for models that lay out their own. */
  layout?(values: Readonly<Record<string, Value>>): Layout;
  /** Arrays of {@link specs}. @throws E_DATA for an input that the model does not take */
  feeds(model: Model, inputs: readonly ModelInput[]): Record<string, HostArray>;
  /** Rows that an input has in the batch, tokens: its length and what it costs. 0 where all inputs of a model are alike. */
  rows(input: ModelInput): number;
  /** An input as one epoch sees it: drawn from the stream. None for a modality that is not augmented so. */
  augmented?(input: ModelInput, how: Augmentation, rng: Random): ModelInput;
}

/** A way to change what a model reads of a row that leaves its answer right. */
export interface Perturbation<I> {
  /** How much of it is tried where a recipe does not say. */
  readonly rates: readonly number[];
  /** @param rate how much, 0 … 1 @returns the input itself where nothing changed */
  change(input: I, rate: number, rng: Random): I;
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
  /** How its inputs can be perturbed, by the names that recipes give under `audit.robustness`. */
  readonly perturbations: Readonly<Record<string, Perturbation<I>>>;
  /** Files of the model folder that hold it, by name. */
  files(): Readonly<Record<string, string | JsonRecord>>;
}

/** Numbers of rows for a linear model. */
export interface LinearFeatures<R extends Row = Row> {
  readonly width: number;
  rows(rows: readonly R[]): Promise<SparseRows>;
}

/** One input as it was given for an answer, and what the model reads of it. */
export interface Given<I = unknown> {
  /** The text itself, or the path of a file. */
  readonly given: string;
  /** `file:line`, for rows of a table. */
  readonly place?: string;
  /** What a further column of the table says: the group. */
  readonly group?: string;
  /** Every column of its row, as the table has it. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** As a predictor takes it; or why it cannot be used. */
  readonly input: { readonly content: I } | { readonly unusable: Unusable };
}

/** Why an input has no answer. */
export type Unusable = Extract<Refusal, "no-text" | "too-long" | "no-image" | "broken-image">;

/** What records say of a model's inputs: of texts the longest in tokens, of images a side in pixels, of others words for readers. */
export interface InputFacts {
  readonly maxLength?: number;
  readonly imageSide?: number;
  /** `format` for machines: `series`. The words stand for many: "series of 16 numbers". */
  readonly inputs?: { readonly format: string; readonly en: string; readonly zh: string };
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
