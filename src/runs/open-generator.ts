// Opens the model of a run, or a model folder, for writing texts.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRunFolder, model as modelArtifact, openRunFolder, runOf } from "../artifacts/index.ts";
import { ConcordError, type HostArray } from "../base/index.ts";
import { type Generator, textGenerator } from "../generate/index.ts";
import { textModality } from "../modalities/node/index.ts";
import { headFactsOf, type Model } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import { storedModel, storedRuntime, uncalibratedInt8 } from "../quantise/index.ts";
import type { Recipe } from "../recipe/index.ts";
import type { Runtime } from "../runtime/index.ts";
import { cpuRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import { modelIn, openAdapterSet } from "../stages/index.ts";

/** A model that writes texts. Call `generator.dispose` when done. */
export interface OpenGenerator {
  readonly generator: Generator;
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
  /** Generators of adapters, which share the base's weights. */
  readonly adapted: ReadonlyMap<string, Generator>;
}

/** Bits that matrices are held in. */
export const weightBits = [8, 4] as const;
export type WeightBits = (typeof weightBits)[number];

/** Bindings of the matrices: weights alone, so that no neighbour changes a continuation. @throws E_MODEL for a model without such matrices */
const heldIn = (bits: WeightBits, model: Model, weights: ReadonlyMap<string, HostArray>) =>
  storedModel(model, weights, { ...uncalibratedInt8, to: bits === 8 ? "int8-weights" : "int4" }).bind;

const folderOf = (path: string): string => (isRunFolder(path) ? join(path, modelArtifact.path) : path);

/** Whether the model of a run or of a folder writes texts: a causal language model. False where there is none. @throws E_MODEL, E_CONFIG, E_IO as reading its config */
export async function writesTexts(path: string): Promise<boolean> {
  const folder = folderOf(path);
  if (!existsSync(join(folder, "config.json"))) return false;
  return headFactsOf((await modelIn(folder)).task).ahead > 0;
}

/**
 * Opens a run folder or a model folder whose model writes texts.
 * @param options `device`: default `cpu`; `threads`: default 2; `adapters`: folders by name, default none; `bits`: matrices are held in 8 or
 * 4 bits, a scale for each 32 numbers, which reads less memory for each token; default they are held as they are stored
 * @throws E_IO, E_MODEL, E_TOKENIZER for what lacks or does not fit; E_DEVICE when there is no such device
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
  const folder = folderOf(path);
  const run = runOf(path);
  const recipe = run === undefined ? undefined : (await openRunFolder(run)).recipe;
  const { model, weights, fresh } = await loadModel(folder);
  if (fresh.length)
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "weights of the model are missing",
      expected: "a whole causal language model",
      got: `without ${fresh.slice(0, 3).join(", ")}`,
      path: folder,
    });
  const { tokenizer } = await textModality.open(folder, model, { home: "." });
  const runtime = device === "gpu" ? gpuRuntime : cpuRuntime;
  const set = await openAdapterSet(folder, model, weights, runtime, adapters);
  const open = (own: Runtime) => {
    const held = bits === undefined ? own : storedRuntime(own, heldIn(bits, set.model, set.weights!));
    return textGenerator(set.model, set.weights!, tokenizer, held, { threads });
  };
  const generator = await open(set.runtime);
  const adapted = new Map<string, Generator>();
  for (const [name, own] of set.adapters) adapted.set(name, await open(own));
  return { generator, adapted, recipe };
}
