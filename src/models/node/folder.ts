// Models as folders in the Hugging Face layout: config.json, model.safetensors, tokenizer.json. Opens and writes files.
import { join } from "node:path";
import { ConcordError, type HostArray, random } from "../../base/index.ts";
import { configOf, type JsonRecord, toFloat32 } from "../../formats/index.ts";
import { makeFolder, openModelFolder, writeFileAtomically, writeModelFolder } from "../../formats/node/index.ts";
import {
  familyOf,
  initialise,
  type Model,
  matchWeights,
  modelOf,
  type Pooling,
  type Task,
  withHead,
} from "../index.ts";

export interface LoadOptions {
  /** Another head than the file's: its task, label names and pooling (default the config's). Default the file's own. */
  readonly head?: { readonly task: Task; readonly labels?: readonly string[]; readonly pooling?: Pooling };
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
 * Loads a model folder; 16-bit weights become float32.
 * @throws E_IO, E_FORMAT for files; E_CONFIG, E_MODEL where config and weights do not fit
 * @example const { model, weights } = await loadModel("models/minilm-l6", { head: { task: "single-label", labels: ["ham", "spam"] } });
 */
export async function loadModel(path: string, { head, seed = 0 }: LoadOptions = {}): Promise<LoadedModel> {
  const folder = await openModelFolder(path);
  try {
    const where = `${path}/config.json`;
    const config: JsonRecord = head
      ? withHead(folder.config, familyOf(configOf(folder.config, where)), head.task, head.labels, head.pooling)
      : folder.config;
    const model = modelOf(configOf(config, where));
    checkPooling(model, head?.pooling, where);
    const { found, fresh, unused } = matchWeights(model, folder.entries, path);
    const weights = new Map<string, HostArray<"float32">>(initialise(model, random(seed), (p) => !found.has(p.name)));
    for (const [name, stored] of found) weights.set(name, toFloat32(await folder.read(stored)));
    return { model, weights, fresh, unused };
  } finally {
    await folder.close();
  }
}

/**
 * Writes a model folder that Transformers, transformers.js and `loadModel` open.
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
  for (const [name, content] of Object.entries(extra)) {
    const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
    await makeFolder(path);
    await writeFileAtomically(join(path, name), [new TextEncoder().encode(text)]);
  }
  await writeModelFolder(path, { ...model.config, dtype: "float32" }, tensors); // config.json last: it marks the folder whole
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
