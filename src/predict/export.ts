// A model as the ONNX file that the ecosystem expects, weights inside or, where it is too large for that, in files beside it.
import { ConcordError, type HostArray } from "../base/index.ts";
import { decoderGraph, exportGraph, type Model } from "../models/index.ts";
import { storedModel, uncalibratedInt8 } from "../quantise/index.ts";
import { type CompileOptions, type OnnxFiles, toOnnx, toOnnxFiles } from "../runtime/index.ts";
import { isCalibratedBySoftmax } from "./head-answers.ts";

/** How weights are stored in an export. */
export type StoredWeights = "float32" | "int8";

/** Bindings of every parameter, where something else decided how each is stored. */
export type StoredBindings = NonNullable<CompileOptions["bind"]>;

export interface ExportOptions {
  /** The file also gives what the head reads, which some decisions need. Default false. */
  readonly features?: boolean;
  /**
   * Of calibration: the file's logits are divided by it, so softmax of them, as transformers.js computes it, gives calibrated probabilities.
   * Default 1: the model's own logits.
   */
  readonly temperature?: number;
  /**
   * Of a causal language model: keys and values of earlier tokens go in and come out (`past_key_values`, `present`), which `generate` of
   * transformers.js needs. Default false: the file gives the logits of a whole text.
   */
  readonly past?: boolean;
}

/**
 * Bytes of the ONNX model with its weights.
 * @param stored `int8`: matrices of products in 8 bits with a scale a column, their inputs with a scale a row, tables with a scale a row;
 * heads, biases and norms stay float32. Default `float32`
 * @throws E_MODEL when a weight is missing; E_ARGUMENT for a temperature that is not above 0, or that the head does not have; E_LOWER
 * above 2 GiB (use `saveOnnx`, or {@link exportOnnxFiles})
 * @example const bytes = exportOnnx(model, weights, "int8");
 */
export function exportOnnx(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  stored: StoredWeights | StoredBindings = "float32",
  options: ExportOptions = {},
): Uint8Array {
  return toOnnx(graphOf(model, options), "portable", bound(model, weights, stored));
}

/**
 * The same for a model of any size: above the limit its weights are in further files, as views of the arrays given.
 * @param name of the model's file; the others are `<name>_data`, `<name>_data_1` …
 * @param options `limitBytes`: largest weights in the model's own file and largest further file. Default just under 2 GiB
 * @throws E_MODEL, E_ARGUMENT as {@link exportOnnx}; E_LOWER
 */
export function exportOnnxFiles(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  name: string,
  stored: StoredWeights | StoredBindings = "float32",
  { limitBytes, ...options }: ExportOptions & { readonly limitBytes?: number } = {},
): OnnxFiles {
  return toOnnxFiles(graphOf(model, options), "portable", bound(model, weights, stored), `${name}_data`, {
    limitBytes,
  });
}

const graphOf = (model: Model, { past = false, ...options }: ExportOptions) =>
  past ? decoderGraph(model) : exportGraph(model, checked(model, options));

/** @throws E_ARGUMENT for a temperature that is not above 0, and for a head whose answers are no softmax of its logits */
function checked({ task, chained }: Model, options: ExportOptions): ExportOptions {
  const { temperature = 1 } = options;
  const softmaxed = (isCalibratedBySoftmax(task) && !chained) || temperature === 1;
  if (softmaxed && temperature > 0 && Number.isFinite(temperature)) return options;
  throw new ConcordError("E_ARGUMENT", {
    operation: "export",
    problem: softmaxed ? "not a temperature" : `a model for ${task} has no temperature`,
    expected: softmaxed ? "a number above 0" : "1",
    got: String(temperature),
  });
}

function bound(
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  stored: StoredWeights | StoredBindings,
): StoredBindings {
  if (typeof stored === "object") return stored;
  if (stored === "int8") return storedModel(model, weights, uncalibratedInt8).bind;
  return Object.fromEntries(
    model.parameters.map(({ name }) => {
      const array = weights.get(name);
      if (!array) throw new ConcordError("E_MODEL", { operation: "export", problem: `weight ${name} is missing` });
      return [name, { kind: "initializer" as const, array }];
    }),
  );
}
