// A kind of data with its files: what stages and commands are written against.
import type { PrepareOptions, Row, RowKind, SourceRow } from "../../data/index.ts";
import type { Decoder, Model } from "../../models/index.ts";
import type { ReadRowsOptions } from "../../tables/node/index.ts";
import type { Given, InputFacts, LinearFeatures, ModalityName, NewModel, Processor, Shown } from "../modality.ts";
import type { SeriesOptions, SeriesReading } from "./series-records.ts";

/** Settings of a model made anew: `model.scratch` of a recipe. */
export interface ScratchSettings {
  readonly vocabulary?: number;
  /** Of texts: a model that writes, of this architecture. Default one that reads: BERT. */
  readonly decoder?: Decoder;
  readonly side?: number;
  readonly patch?: number;
  /** Of series: how they are read and cut. */
  readonly series?: SeriesReading;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly inner: number;
  readonly scale: number;
  readonly dropout: number;
  /** Of texts: positions beside those of the longest text, for virtual tokens. Default 0. */
  readonly reserved?: number;
}

/** Where a model folder's processor works. */
export interface ProcessorOptions {
  /** Folder that relative paths of rows start from. */
  readonly home: string;
  /** Longest input in tokens. Default what the folder says, else the model's own limit. */
  readonly maxLength?: number;
}

/** A kind of data. `R`: a row of a table; `P`: what stands between rows and a model. */
export interface Modality<R extends Row = Row, P extends Processor<R> = Processor<R>> {
  readonly name: ModalityName;
  /** Records of a table, or of what stands for one. @throws E_IO, E_DATA */
  source(file: string, options: SeriesOptions): AsyncIterable<SourceRow>;
  /** Digest of all that {@link source} and {@link rows} read of a table. @param columns of the recipe @throws E_IO */
  fingerprint(file: string, options: ReadRowsOptions, columns: PrepareOptions["columns"]): Promise<unknown>;
  /** How its rows are read and compared. @param home folder that relative paths of rows start from */
  rows(home: string): RowKind<R>;
  /** The processor of a model folder. @throws E_IO, E_CONFIG, E_TOKENIZER, E_MODEL */
  open(folder: string, model: Model, options: ProcessorOptions): Promise<P>;
  /** A model made anew for training rows. */
  make(settings: ScratchSettings, rows: readonly R[], options: Required<ProcessorOptions>): Promise<NewModel<P>>;
  /** What the linear model is called: `linear` of character n-grams, `pixels`. */
  readonly linearName: "linear" | "pixels" | "lags";
  /** Numbers for a linear model, learned from training rows. @param most features @param home as for {@link rows} */
  linear(rows: readonly R[], options: { readonly most: number; readonly home: string }): Promise<LinearFeatures<R>>;
  /** Numbers that a row has in {@link linear}, on average. */
  linearValues(rows: readonly R[]): number;
  /** Column of the content, among the recipe's keys of data. */
  column(data: { readonly text: string; readonly image?: string }): string;
  /** How large its inputs may be. @param maxLength of the recipe, in tokens */
  inputFacts(model: Model, maxLength: number): InputFacts;
  /** How what somebody gives becomes inputs. Absent for texts, which stream and may be pairs: `runs` reads those. */
  readonly given?: {
    /** From the command line. @throws E_ARGUMENT for none; as decoding */
    each(args: readonly string[]): AsyncIterable<Given>;
    /** From a table, or what stands for one. @throws E_IO, E_DATA */
    file(file: string, column: string, reading: ReadRowsOptions): AsyncIterable<Given>;
    /** From bytes that a request holds. @throws E_FORMAT for what cannot be read */
    bytes(bytes: Uint8Array, name: string): Promise<Given>;
  };
  /** A row as a report shows it. */
  show(row: R, home: string): Promise<Shown>;
}
