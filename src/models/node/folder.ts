// Models as folders in the Hugging Face layout: config.json, model.safetensors, tokenizer.json. Opens and writes files.
import { dirname, join } from "node:path";
import { ConcordError, type HostArray, random } from "../../base/index.ts";
import { configOf, isJsonRecord, type JsonRecord, modelFiles, parseJson } from "../../formats/index.ts";
import { makeFolder, openModelFolder, writeFileAtomically, writeModelFolder } from "../../formats/node/index.ts";
import { fullPrecision, scaleName, withoutScales } from "../eight-bits.ts";
import {
  familyOf,
  type HeadForm,
  headFactsOf,
  initialise,
  type Model,
  matchWeights,
  modelOf,
  type Pooling,
  type Task,
  textHeadEntry,
  tokenInputs,
  withHead,
} from "../index.ts";
import { sentenceFiles, sentenceForm, withSentenceForm } from "./sentence-folder.ts";

export interface LoadOptions {
  /** Another head than the file's: its task, label names and form (default the config's). Default the file's own. */
  readonly head?: { readonly task: Task; readonly labels?: readonly string[] } & HeadForm;
  /** Seed of head weights that the file lacks. Default 0. */
  readonly seed?: number;
}

export interface LoadedModel {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  /** Parameters that were not in the file and start from random values. */
  readonly fresh: readonly string[];
  /** Weights of the file that the model does not use. */
  readonly unused: readonly string[];
}

/**
 * Loads a model folder; weights in 16 or 8 bits become float32.
 * @throws E_IO, E_FORMAT for files; E_CONFIG, E_MODEL where config and weights do not fit
 * @example const { model, weights } = await loadModel("models/minilm-l6", { head: { task: "single-label", labels: ["ham", "spam"] } });
 */
export async function loadModel(path: string, { head, seed = 0 }: LoadOptions = {}): Promise<LoadedModel> {
  const folder = await openModelFolder(path);
  try {
    const where = `${path}/config.json`;
    const form = head && headFactsOf(head.task).vector ? await sentenceForm(path) : undefined;
    const config: JsonRecord = head
      ? withHead(
          withSentenceForm(folder.config, form),
          familyOf(configOf(folder.config, where)),
          head.task,
          head.labels,
          head,
        )
      : folder.config;
    const described = modelOf(configOf(config, where));
    if (!(textHeadEntry in config)) checkPooling(described, head?.pooling, where);
    const entries = withoutScales(folder.entries);
    const model = withoutMissingPooler(described, matchWeights(described, entries, path).fresh, where);
    const { found, fresh, tied, unused } = matchWeights(model, entries, path);
    const read = async (stored: string) => {
      const scale = scaleName(stored);
      const scales = folder.entries.has(scale) ? await folder.read(scale) : undefined;
      return fullPrecision(stored, await folder.read(stored), scales);
    };
    const weights = new Map<string, HostArray<"float32">>(initialise(model, random(seed), (p) => !found.has(p.name)));
    for (const [name, stored] of found) weights.set(name, await read(stored));
    for (const [name, double] of readsTied(model) ? tied : [])
      checkTied(weights.get(name)!, await read(double), name, double, path);
    return { model, weights, fresh, unused };
  } finally {
    await folder.close();
  }
}

/**
 * Writes a model folder that Transformers, transformers.js and `loadModel` open. A tokenizer_config.json among the further files gets
 * the names of the model's inputs (`model_input_names`): without them tokenizers send segments that the model does not take, or none.
 * @param extra further files by name, such as `tokenizer.json`
 * @throws E_IO; E_MODEL when a parameter is missing
 */
export async function saveModel(
  path: string,
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  extra: Readonly<Record<string, string | JsonRecord>> = {},
): Promise<void> {
  const tensors = model.parameters.map(({ name }): [string, HostArray] => {
    const array = weights.get(name);
    if (!array) throw new ConcordError("E_MODEL", { operation: "save model", problem: `weight ${name} is missing` });
    return [name, array];
  });
  // without settings of its own a tokenizer.json would be made anew by the class of the model's type
  const bare = modelFiles.tokenizer in extra && !(modelFiles.tokenizerConfig in extra);
  const files = bare
    ? { ...extra, [modelFiles.tokenizerConfig]: { tokenizer_class: "PreTrainedTokenizerFast" } }
    : extra;
  const layout = sentenceFiles(model, longestIn(extra[modelFiles.tokenizerConfig]));
  for (const [name, given] of Object.entries({ ...files, ...layout })) {
    const content = name === modelFiles.tokenizerConfig ? withInputNames(given, model) : given;
    const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
    await makeFolder(dirname(join(path, name)));
    await writeFileAtomically(join(path, name), [new TextEncoder().encode(text)]);
  }
  await writeModelFolder(path, { ...model.config, dtype: "float32" }, tensors); // config.json last: it marks the folder whole
}

/** Longest text that settings of a tokenizer name. */
function longestIn(given: string | JsonRecord | undefined): number | undefined {
  const settings = typeof given === "string" ? parseJson(given, modelFiles.tokenizerConfig) : given;
  return isJsonRecord(settings) && typeof settings.model_max_length === "number"
    ? settings.model_max_length
    : undefined;
}

function withInputNames(given: string | JsonRecord, model: Model): string | JsonRecord {
  const names = tokenInputs(model);
  const settings = typeof given === "string" ? parseJson(given, modelFiles.tokenizerConfig) : given;
  return names && isJsonRecord(settings) ? { ...settings, model_input_names: names } : given;
}

/** A bare encoder whose file has no pooler is one without: a random one would only give random numbers. */
function withoutMissingPooler(model: Model, fresh: readonly string[], where: string): Model {
  if (headFactsOf(model.task).of !== "nothing" || fresh.length === 0) return model;
  return modelOf(configOf({ ...model.config, add_pooling_layer: false }, where));
}

/** True for heads whose vocabulary logits come of the word table. */
const readsTied = ({ task }: Model): boolean => headFactsOf(task).vocabulary;

/** Transformers 5 unties weights that a file holds twice with different numbers; here they are refused. */
function checkTied(array: HostArray, other: HostArray, name: string, double: string, path: string): void {
  const [a, b] = [array.data as Float32Array, other.data as Float32Array];
  if (a.every((x, i) => Object.is(x, b[i]))) return;
  throw new ConcordError("E_MODEL", {
    operation: "load model",
    problem: `${double} holds other numbers than ${name}, which it should share`,
    expected: "one weight under both names",
    hint: "an output layer with weights of its own is not covered",
    path,
  });
}

function checkPooling({ type, pooling }: Model, wanted: Pooling | undefined, path: string): void {
  if (wanted === undefined || pooling === wanted) return;
  throw new ConcordError("E_CONFIG", {
    operation: "load model",
    problem: `the head of ${type} for this task has no pooling to choose`,
    got: `pooling ${wanted}`,
    hint: "leave out model.pooling",
    path,
  });
}
