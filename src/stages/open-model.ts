// Opens the model of a finished run, or any model folder, for answering: its predictor, its calibration and its recipe.
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type CompressionRecord,
  compressionRecord,
  facts,
  isCompressedFolder,
  isRunFolder,
  model as modelArtifact,
  onnxFileIn,
  openRunFolder,
  readJson,
  rowsFolder,
  runOf,
} from "../artifacts/index.ts";
import { ConcordError, type HostArray, isConcordError } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { configOf, type JsonRecord, modelFiles } from "../formats/index.ts";
import type { Processor } from "../modalities/index.ts";
import { type Modality, modalityReadBy } from "../modalities/node/index.ts";
import { type Model, modelOf } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import { isTextPredictor, ownLogits, type Predictor, type TextPredictor } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime, fileRuntime, gpuRuntime } from "../runtime/node/ort.ts";
import { finishedStage, isAfter } from "../store/index.ts";
import { taskOf } from "../tasks/index.ts";
import { openAdapterSet } from "./open-adapters.ts";
import { withDecisions } from "./read-decisions.ts";

export interface OpenModelOptions {
  /** Default `cpu`. `gpu` is WebGPU in the native runtime. */
  readonly device?: "cpu" | "gpu";
  readonly threads?: number;
  /** Folder that relative paths of rows start from, for a model folder outside its run. Default the working folder. */
  readonly home?: string;
  /** Folders of adapters by name, which answer beside the model and share its weights. Default none. */
  readonly adapters?: Readonly<Record<string, string>>;
}

/** A model that answers inputs of one kind. Call `predictor.dispose` when done. */
export interface OpenAnyModel<I = unknown> {
  /** Answers by the folder's decisions, where it has some. */
  readonly predictor: Predictor<I>;
  /** What the model reads. */
  readonly modality: Modality;
  readonly processor: Processor<Row, I>;
  /** What evaluation divided the logits by to make probabilities honest; undefined where it has not run on this model. */
  readonly temperature?: number;
  /** The same of several heads, by the names of their tasks. */
  readonly temperatures?: Readonly<Record<string, number>>;
  /** Of the run; undefined for a bare model folder. */
  readonly recipe?: Recipe;
}

/** A model that answers texts. */
export interface OpenModel extends Omit<OpenAnyModel, "predictor" | "processor"> {
  readonly predictor: TextPredictor;
}

/**
 * Opens a run folder or a model folder whose model reads texts.
 * @throws E_IO, E_MODEL, E_TOKENIZER for what lacks or does not fit; E_MODEL for a model of images; E_DEVICE when there is no such device
 * @example const { predictor } = await openModel("runs/disease"); const [logits] = await predictor.logits(["a sore throat"]);
 */
export async function openModel(path: string, options: OpenModelOptions = {}): Promise<OpenModel> {
  const { weights: _, unadjusted: _unadjusted, ...model } = await openWithWeights(path, options); // they lie in the session too: not kept twice
  return model;
}

/** With what lies inside. */
export interface OpenedInside extends OpenModel {
  /** Absent for a compressed model that is an ONNX file: there is nothing to differentiate. */
  readonly weights?: ReadonlyMap<string, HostArray<"float32">>;
  /** The model by itself, without decisions. */
  readonly unadjusted: TextPredictor;
}

/** As {@link openModel}, with the weights, for what looks inside the model. */
export async function openWithWeights(path: string, options: OpenModelOptions = {}): Promise<OpenedInside> {
  const { predictor, unadjusted, ...opened } = await openAnyModel(path, options);
  if (isTextPredictor(predictor) && isTextPredictor(unadjusted)) return { ...opened, predictor, unadjusted };
  await unadjusted.dispose();
  throw new ConcordError("E_MODEL", {
    operation: "open model",
    problem: "the model reads no texts",
    expected: "a model of texts",
    got: opened.modality.name,
    path,
  });
}

/**
 * Opens a run folder or a model folder, whatever its model reads. A compressed model folder without model.safetensors runs its ONNX file,
 * whose weights are mapped.
 * @throws as {@link openModel}
 * @example const { modality, predictor } = await openAnyModel("runs/digits"); modality.name // "image"
 */
export async function openAnyModel(
  path: string,
  { device = "cpu", threads, home: given = ".", adapters }: OpenModelOptions = {},
): Promise<
  OpenAnyModel & {
    weights?: OpenedInside["weights"];
    unadjusted: Predictor<unknown>;
    /** What each adapter answers. */
    adapted: ReadonlyMap<string, Predictor<unknown>>;
  }
> {
  const isRun = isRunFolder(path);
  const folder = isRun ? join(path, modelArtifact.path) : path;
  const run = runOf(path);
  const { recipe, home = given } = run === undefined ? {} : await openRunFolder(run);
  if (isRun && !existsSync(folder))
    throw new ConcordError("E_IO", {
      operation: "open model",
      problem: "the run has no model yet",
      expected: "a run that got past its stage adapt",
      hint: `concord resume ${path}`,
      path,
    });
  const { model, weights, runtime } = await loaded(folder, device);
  if (recipe && model.task !== taskOf(recipe.task).head)
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "the model is for another task than its run",
      expected: taskOf(recipe.task).head,
      got: model.task,
      hint: `remove ${folder} and run the recipe again`,
      path: folder,
    });
  const modality = modalityReadBy(model);
  const options = { home: recipe ? rowsFolder(recipe, home) : home };
  const processor = await modality.open(folder, model, options);
  const set = await openAdapterSet(folder, model, weights, runtime, adapters);
  const own = set.weights ?? new Map<string, HostArray>();
  const unadjusted = await processor.predictor(set.model, own, set.runtime, { threads }).catch((fault: unknown) => {
    if (!isConcordError(fault, "E_MODEL")) throw fault;
    throw new ConcordError("E_MODEL", { hint: adaptFirst, path: folder, ...fault.facts });
  });
  const predictor = await withDecisions<unknown, Predictor<unknown>>(folder, unadjusted).catch(
    async (fault: unknown) => {
      await unadjusted.dispose();
      throw fault;
    },
  );
  const adapted = new Map<string, Predictor<unknown>>();
  for (const [name, adapterRuntime] of set.adapters)
    adapted.set(name, await processor.predictor(set.model, own, adapterRuntime, { threads }));
  const temperature = isRun ? await temperatureOf(path) : (await recordIn(folder)).temperature;
  const temperatures = isRun && model.heads ? await temperaturesOf(path) : undefined;
  return { modality, processor, predictor, unadjusted, adapted, weights, recipe, temperature, temperatures };
}

/** A folder's model with its weights, or the runtime of its ONNX file. */
async function loaded(folder: string, device: "cpu" | "gpu") {
  const file = await onnxFileIn(folder);
  if (file !== undefined) {
    if (device === "gpu")
      throw new ConcordError("E_DEVICE", {
        operation: "open model",
        problem: "a compressed ONNX file runs on the CPU",
        expected: "--device cpu, or the run's own model",
        path: folder,
      });
    const { temperature, temperatureApplied } = await recordIn(folder);
    const divides = temperatureApplied ? temperature : undefined;
    const runtime = divides === undefined ? fileRuntime(file) : ownLogits(fileRuntime(file), divides);
    return { model: await modelIn(folder), weights: undefined, runtime };
  }
  const { model, weights, fresh } = await loadModel(folder);
  if (fresh.length)
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "the model has not learned a task: weights of its head are missing",
      expected: "a model that was adapted, such as a run's",
      got: `without ${fresh.slice(0, 3).join(", ")}`,
      hint: adaptFirst,
      path: folder,
    });
  return { model, weights, runtime: device === "gpu" ? gpuRuntime : cpuRuntime };
}

/** What compression says of a model's temperature; nothing for a folder that is no compressed model. */
const recordIn = async (folder: string): Promise<Partial<CompressionRecord>> =>
  isCompressedFolder(folder) ? await compressionRecord.read(folder) : {};

const adaptFirst = "adapt it first: concord init, then concord run";

/** The temperature that evaluation fitted for the model that lies in a run now; undefined where it has not run on this model. */
export async function temperatureOf(run: string): Promise<number | undefined> {
  const evaluated = await evaluatedFacts(run);
  return evaluated && (evaluated.temperature ?? 1);
}

/** The same of several heads, by the names of their tasks. */
const temperaturesOf = async (run: string): Promise<OpenAnyModel["temperatures"]> =>
  (await evaluatedFacts(run))?.temperatures;

/** What evaluation fitted for the model that lies in a run now; undefined where it has not run on this model. */
async function evaluatedFacts(run: string) {
  const [adapted, evaluated] = await Promise.all([finishedStage(run, "adapt"), finishedStage(run, "evaluate")]);
  if (!adapted || !evaluated || !isAfter(evaluated, adapted)) return undefined;
  return facts.evaluate.of(evaluated);
}

/** The model that a folder's config.json describes. @throws E_IO, E_MODEL, E_CONFIG */
export async function modelIn(folder: string): Promise<Model> {
  const path = join(folder, modelFiles.config);
  return modelOf(configOf(await readJson<JsonRecord>(path), path));
}
