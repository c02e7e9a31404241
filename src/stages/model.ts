// The model that a recipe starts from: a folder, or a BERT made anew with a vocabulary from the texts.

import { from } from "../artifacts/index.ts";
import { ConcordError, type HostArray, random } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { configOf } from "../formats/index.ts";
import { type Language, say } from "../messages/index.ts";
import type { Processor } from "../modalities/index.ts";
import {
  type Modality,
  modalityReadBy,
  type ProcessorOptions,
  type TextProcessor,
  textModality,
  textProcessor,
} from "../modalities/node/index.ts";
import {
  type EmbeddingPooling,
  type HeadForm,
  headFactsOf,
  initialise,
  type Model,
  modelOf,
  type Task,
  type TaskHead,
  type TextHeadForm,
  withHead,
} from "../models/index.ts";
import { embeddedFolder, loadModel } from "../models/node/index.ts";
import { type Recipe, seriesReading } from "../recipe/index.ts";
import { taskOf } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { composed } from "../tokenizers/index.ts";
import { openTokenizer } from "../tokenizers/node/index.ts";

/** A model before it is trained. `P`: what stands between rows and it. */
export interface AnyStart<P extends Processor = Processor> {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  readonly processor: P;
  /** Parameters that started from random values. */
  readonly fresh: readonly string[];
}

/** A model of texts before it is trained. */
export interface StartingModel extends AnyStart<TextProcessor> {
  readonly tokenizer: Tokenizer;
}

/** Where a start's paths begin, and how long its texts are. */
interface StartOptions extends ProcessorOptions, HeadForm {
  readonly seed: number;
}

/** A model folder with the head of a task, whatever it reads. @throws E_MODEL where it reads another kind of data */
export async function openAnyStart(
  modality: Modality,
  folder: string,
  task: Task,
  labels: readonly string[] | undefined,
  { seed, pooling, text, layer, embedding, heads, ...options }: StartOptions,
): Promise<AnyStart> {
  const form = { pooling, text, layer, embedding, heads };
  const { model, weights, fresh } = await loadModel(folder, { head: { task, labels, ...form }, seed });
  if (modality.name === model.reads)
    return { model, weights, fresh, processor: await modality.open(folder, model, options) };
  throw new ConcordError("E_MODEL", {
    operation: "open model",
    problem: "the model reads another kind of data than the recipe's rows",
    expected: `a model of modality ${modality.name}`,
    got: modalityReadBy(model).name,
    hint: "set modality in the recipe, or name another folder in model.from",
    path: folder,
  });
}

/** A model folder of texts with the head of a task. @param form default the folder's own */
export async function openStart(
  folder: string,
  task: Task,
  labels: readonly string[] | undefined,
  { seed, ...form }: { readonly seed: number } & HeadForm,
): Promise<StartingModel> {
  const { model, weights, fresh } = await loadModel(folder, { head: { task, labels, ...form }, seed });
  const tokenizer = await openTokenizer(folder);
  return { model, weights, fresh, tokenizer, processor: textProcessor(tokenizer) };
}

/** How a recipe's head is made. */
export function headForm({ task, model: { pooling, head }, adapt: { embedding } }: Recipe): HeadForm {
  const { embeds, words } = taskOf(task);
  if (words) return { layer: head === "crf" || head === "linear" ? head : undefined };
  if (!embeds) {
    const named = typeof head === "string" ? { layer: head as TextHeadForm["layer"] } : head;
    const own = pooling === "attention" || head !== undefined;
    const text = own ? { ...named, ...(pooling && { pooling: pooling as TextHeadForm["pooling"] }) } : undefined;
    return { pooling: pooling === "last" || pooling === "attention" ? undefined : pooling, text };
  }
  const { normalize } = embedding;
  return {
    embedding: {
      ...(pooling && { pooling: pooling as EmbeddingPooling }),
      ...(normalize !== undefined && { normalize }),
    },
  };
}

/** True where a model reads whole texts, not each word for itself: pretrained without a head it will. */
function wholeText(task: Task): boolean {
  const { of, vocabulary } = headFactsOf(task);
  return (of !== "tokens" && of !== "spans") || vocabulary;
}

/** A model with random weights, made for training rows. @param reserved positions for virtual tokens. Default 0 @param heads of several tasks */
export async function makeAnyStart<R extends Row, P extends Processor<R>>(
  modality: Modality<R, P>,
  recipe: Recipe,
  home: string,
  rows: readonly R[],
  task: Task,
  labels: readonly string[] | undefined,
  { reserved = 0, heads }: { readonly reserved?: number; readonly heads?: readonly TaskHead[] } = {},
): Promise<AnyStart<P>> {
  const { scratch: given, maxLength } = recipe.model;
  const form = headForm(recipe);
  const scratch = headFactsOf(task).ahead ? { ...given!, decoder: given!.decoder ?? "gpt2" } : given!;
  const { family, config, processor } = await modality.make(
    { ...scratch, reserved, series: seriesReading(recipe) },
    rows,
    {
      home,
      maxLength,
    },
  );
  const pooling = family === "Bert" && wholeText(task) ? (form.pooling ?? "mean") : undefined;
  const model = modelOf(configOf(withHead(config, family, task, labels, { ...form, pooling, heads }), "recipe"));
  const weights = initialise(model, random(recipe.seed));
  return { model, weights, processor, fresh: model.parameters.map((p) => p.name) };
}

/** A BERT with random weights; its vocabulary is learned from the texts. */
export async function makeStart(
  recipe: Recipe,
  texts: readonly string[],
  task: Task,
  labels: readonly string[] | undefined,
): Promise<StartingModel> {
  const rows = texts.map((text) => ({ place: "", text, labels: [], attributes: {} }));
  const start = await makeAnyStart(textModality, recipe, ".", rows, task, labels);
  return { ...start, tokenizer: start.processor.tokenizer };
}

/** A model folder's files of its tokenizer. */
export const tokenizerFiles = (tokenizer: Tokenizer, maxLength: number) => textProcessor(tokenizer, maxLength).files();

/** The folder that a recipe's model comes from, if any: a path, or a model of this package by its name. */
export const startFolder = ({ model }: Recipe, home: string): string | undefined =>
  model.from && (embeddedFolder(model.from) ?? from(home, model.from));

/** Says in which form the model's tokenizer reads the characters of a text. */
export const textForm = ({ source }: Tokenizer, language: Language): string =>
  say(language, composed(source) === source ? "run.textComposed" : "run.textAsWritten");
