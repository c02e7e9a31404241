// A model that answers, whatever it reads: what evaluation, audits, the command line, servers and pages ask of it.
import { ConcordError, type HostArray } from "../base/index.ts";
import { exportGraph, type Model } from "../models/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";
import type { Decisions, Reading } from "./decisions.ts";
import type { Answer, DecodeOptions, Forecast } from "./decode.ts";

export interface PredictorOptions {
  /** Inputs of one run. Default 32. */
  readonly batchSize?: number;
  readonly threads?: number;
}

/** An input as parts that can be hidden one by one, such as the patches of an image. */
export interface Parted {
  /** Parts of the input. */
  readonly count: number;
  /** The model's own logits with the parts of each set hidden (1) and all others seen. */
  logits(hidden: readonly Uint8Array[]): Promise<Float32Array[]>;
}

/** What a model says of inputs of one kind, in their order. */
export interface Predictor<I> {
  readonly model: Model;
  /** The rule that answers go through, where the model folder has one: see `deciding`. */
  readonly decisions?: Decisions;
  /**
   * Logits of each input.
   * @param groups of each input, for decisions that need them; undefined for one that is not known
   * @throws E_MODEL for a model that labels words
   */
  logits(inputs: readonly I[], groups?: readonly (string | undefined)[]): Promise<Float32Array[]>;
  /** The model's own logits with what its head reads. @throws E_MODEL as `features` */
  readings(inputs: readonly I[]): Promise<Reading[]>;
  /** What the head reads of each input, a vector as wide as the model. @throws E_MODEL where the model's file does not give it */
  features(inputs: readonly I[]): Promise<Float32Array[]>;
  /** An input as its parts. Absent for texts, whose words whoever explains them reads itself. */
  parted?(input: I): Parted;
  /** Quantiles of the steps to come. Present for series. */
  forecasts?(inputs: readonly I[]): Promise<Forecast[]>;
  /** Decoded answers. Entities have UTF-16 offsets. @throws E_MODEL for a pair of texts where words are labelled, and for series: see {@link forecasts} */
  answers(
    inputs: readonly I[],
    options?: DecodeOptions & { readonly groups?: readonly (string | undefined)[] },
  ): Promise<Answer[]>;
  dispose(): Promise<void>;
}

/** A model with its weights inside, compiled for answering. @throws E_MODEL where a weight is missing */
export async function compiledForAnswers(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  runtime: Runtime,
  { threads }: PredictorOptions,
): Promise<Executable> {
  const graph = exportGraph(model, { features: true });
  if (runtime.hasWeights) return await runtime.compile(graph, { threads });
  const bind = Object.fromEntries(
    model.parameters.map(({ name }) => {
      const array = weights.get(name);
      if (!array) throw new ConcordError("E_MODEL", { operation: "predict", problem: `weight ${name} is missing` });
      return [name, { kind: "initializer" as const, array }];
    }),
  );
  return await runtime.compile(graph, { bind, threads });
}

/** Rows of named outputs of one run: for each input an array for each name. @throws E_MODEL where the file lacks an output */
export function outputRows(
  given: Readonly<Record<string, HostArray>>,
  names: readonly string[],
  count: number,
): Float32Array[][] {
  const columns = names.map((name) => {
    const array = given[name];
    if (!array)
      throw new ConcordError("E_MODEL", {
        operation: "predict",
        problem: `the model's file does not give ${name}`,
        hint: "use the model folder itself, not an exported file",
      });
    return { data: array.data as Float32Array, width: array.data.length / count };
  });
  return Array.from({ length: count }, (_, row) =>
    columns.map(({ data, width }) => data.slice(row * width, (row + 1) * width)),
  );
}
