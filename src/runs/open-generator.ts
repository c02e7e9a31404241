// Opens the model of a run, or a model folder, for writing texts.
import { ConcordError, type HostArray } from "../base/index.ts";
import { type Generator, textGenerator } from "../generate/index.ts";
import { textModality } from "../modalities/node/index.ts";
import { headFactsOf, type Model } from "../models/index.ts";
import { storedModel, storedRuntime, uncalibratedInt8 } from "../quantise/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Runtime } from "../runtime/index.ts";
import { cpuRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import { openAdapterSet } from "../stages/index.ts";
import { generationDefaults } from "./generation-file.ts";
import { taskIn, wholeModel } from "./whole-model.ts";

/** A model that writes texts. Call `generator.dispose` when done. */
export interface OpenGenerator {
  readonly generator: Generator;
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
  /** Generators of adapters, which share the base's weights. */
  readonly adapted: ReadonlyMap<string, Generator>;
  /** Entries of its generation_config.json that would change texts and are not covered. */
  readonly ignored: readonly string[];
}

/** Bits that matrices are held in. */
export const weightBits = [8, 4] as const;
export type WeightBits = (typeof weightBits)[number];

/** Bindings of the matrices: weights alone, so that no neighbour changes a continuation. @throws E_MODEL for a model without such matrices */
const heldIn = (bits: WeightBits, model: Model, weights: ReadonlyMap<string, HostArray>) =>
  storedModel(model, weights, { ...uncalibratedInt8, to: bits === 8 ? "int8-weights" : "int4" }).bind;

/** Whether the model of a run or of a folder writes texts: a causal language model. False where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function writesTexts(path: string): Promise<boolean> {
  const task = await taskIn(path);
  return task !== undefined && headFactsOf(task).ahead > 0;
}

/**
 * Opens a run folder or a model folder whose model writes texts.
 * @param options `device`: default `cpu`; `threads`: default 2; `adapters`: folders by name, default none; `bits`: matrices are held in 8 or
 * 4 bits, a scale for each 32 numbers, which reads less memory for each token; default they are held as they are stored
 * A generation_config.json in the folder gives the defaults of its options.
 * @throws E_CONFIG for a value there that cannot be; E_IO, E_MODEL, E_TOKENIZER for what lacks or does not fit; E_DEVICE when there is no such device
 * @example const { generator } = await openGenerator("runs/mails"); const [one] = await generator.continuations(["Dear"]);
 */
export async function openGenerator(
  path: string,
  {
    device = "cpu",
    threads,
    bits,
    adapters,
  }: {
    readonly device?: "cpu" | "gpu";
    readonly threads?: number;
    readonly bits?: WeightBits;
    readonly adapters?: Readonly<Record<string, string>>;
  } = {},
): Promise<OpenGenerator> {
  if (bits !== undefined && adapters)
    throw new ConcordError("E_ARGUMENT", {
      operation: "open model",
      problem: "matrices that adapters share are not held in fewer bits",
      expected: "bits, or adapters",
      got: "both",
    });
  const { folder, recipe, model, weights } = await wholeModel(path, "a whole causal language model");
  const { tokenizer } = await textModality.open(folder, model, { home: "." });
  const runtime = device === "gpu" ? gpuRuntime : cpuRuntime;
  const defaults = await generationDefaults(folder);
  const set = await openAdapterSet(folder, model, weights, runtime, adapters);
  const open = (own: Runtime) => {
    const held = bits === undefined ? own : storedRuntime(own, heldIn(bits, set.model, set.weights!));
    return textGenerator(set.model, set.weights!, tokenizer, held, { threads, defaults });
  };
  const generator = await open(set.runtime);
  const adapted = new Map<string, Generator>();
  for (const [name, own] of set.adapters) adapted.set(name, await open(own));
  return { generator, adapted, recipe, ignored: defaults.ignored };
}
