// The model that a study starts from, made before anybody takes part: of public texts only, with a head for the study's labels. Members'
// rows have no part in it: a vocabulary, or weights, that learned from them would give them away.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { from } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { saveModel } from "../models/node/index.ts";
import type { Recipe } from "../recipe/index.ts";
import {
  type FreeText,
  freeTexts,
  headForm,
  makeStart,
  openStart,
  pretrainingJob,
  pretrainingTask,
  type StartingModel,
  startFolder,
  tokenizerFiles,
} from "../stages/index.ts";
import { taskOf } from "../tasks/index.ts";
import { train } from "../train/node/train.ts";

export interface StartModelOptions {
  /** Its `model` says what to start from; with a section `pretrain` it learns masked words of the texts. */
  readonly recipe: Recipe;
  /** Folder that the recipe's paths are relative to. Default the working folder. */
  readonly home?: string;
  /** Table of public texts, in the column `pretrain.text`, default `data.text`. Default `pretrain.file`. Not needed where the model comes from a folder and is not pretrained. */
  readonly texts?: string;
  /** Labels of the head, in order. */
  readonly labels: readonly string[];
  /** Where the model folder goes. */
  readonly folder: string;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly loss: number }) => void;
  /** Aborting stops at the next step and writes nothing. */
  readonly signal?: AbortSignal;
}

/**
 * Makes the folder that a study starts from.
 * @throws E_ARGUMENT for labels; E_CONFIG without texts to learn from; E_IO, E_DATA for the table; E_INTERRUPTED after an abort
 * @example await makeStartModel({ recipe, texts: "public.csv", labels: ["cold", "flu"], folder: "start" });
 */
export async function makeStartModel(options: StartModelOptions): Promise<void> {
  const { recipe, home = ".", labels, folder } = options;
  const names = new Set(labels);
  if (names.size < 2 || names.size < labels.length || names.has(""))
    throw new ConcordError("E_ARGUMENT", {
      operation: "make start model",
      problem: "a study needs labels that differ",
      expected: "two or more different names",
      got: labels.join(", ") || "none",
      path: "labels",
    });
  if (recipe.pretrain?.canaries)
    throw new ConcordError("E_CONFIG", {
      operation: "make start model",
      problem: "planted secrets measure a run's own training texts, and a study's start model has no such audit",
      path: "pretrain.canaries",
    });
  const given = startFolder(recipe, home);
  const task = taskOf(recipe.task).head;
  const head = { seed: recipe.seed, ...headForm(recipe) };
  const made = recipe.pretrain
    ? await afterPretraining(options, given, (pretrained) => openStart(pretrained, task, labels, head))
    : given
      ? await openStart(given, task, labels, head)
      : await makeStart(recipe, wordsOf(await publicTexts(options)), task, labels);
  await save(folder, made, recipe);
}

const save = (folder: string, { model, weights, tokenizer }: StartingModel, { model: { maxLength } }: Recipe) =>
  saveModel(folder, model, weights, tokenizerFiles(tokenizer, maxLength));

const wordsOf = (texts: readonly FreeText[]) => texts.map((t) => t.text);

/** Pretrains, then gives the encoder to `open`. */
async function afterPretraining(
  options: StartModelOptions,
  given: string | undefined,
  open: (folder: string) => Promise<StartingModel>,
): Promise<StartingModel> {
  const { recipe, onProgress, signal } = options;
  const texts = await publicTexts(options);
  const start = given
    ? await openStart(given, pretrainingTask(recipe), undefined, { seed: recipe.seed })
    : await makeStart(recipe, wordsOf(texts), pretrainingTask(recipe), undefined);
  let total = 0;
  const result = await train(await pretrainingJob(recipe, start, texts), {
    signal,
    onEvent: (event) => {
      if (event.kind === "start") total = event.steps;
      if (event.kind === "step") onProgress?.({ done: event.step, total, loss: event.loss });
    },
  });
  if (!result.finished)
    throw new ConcordError("E_INTERRUPTED", {
      operation: "make start model",
      problem: `stopped after step ${result.step} of ${total}; nothing was written`,
      path: options.folder,
    });
  const pretrained = await mkdtemp(join(tmpdir(), "concord-start-"));
  try {
    await save(pretrained, { ...start, weights: result.weights }, recipe);
    return await open(pretrained);
  } finally {
    await rm(pretrained, { recursive: true, force: true });
  }
}

async function publicTexts({ recipe, home = ".", texts }: StartModelOptions): Promise<FreeText[]> {
  const { pretrain, data } = recipe;
  const file = texts ?? (pretrain?.file && from(home, pretrain.file));
  if (!file)
    throw new ConcordError("E_CONFIG", {
      operation: "make start model",
      problem: "there are no public texts to learn from",
      expected: "a table of texts",
      hint: "name one: pretrain.file, or --texts",
      path: "pretrain.file",
    });
  const read = await freeTexts(recipe, file);
  if (read.length === 0)
    throw new ConcordError("E_DATA", {
      operation: "make start model",
      problem: `no texts in column ${pretrain?.text ?? data.text}`,
      path: file,
    });
  return read;
}
