// The model that a recipe starts from: a folder, or a BERT made anew with a vocabulary from the texts.
import { type HostArray, random } from "../base/index.ts";
import { composed, jsTokenizer, type Tokenizer, trainWordPiece } from "../data/index.ts";
import { openTokenizer } from "../data/node/index.ts";
import { configOf, type JsonRecord } from "../formats/index.ts";
import { type Language, say } from "../messages/index.ts";
import { initialise, type Model, modelOf, type Pooling, type Task, withHead } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import { tokenizerConfig } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { from } from "./files.ts";

export interface StartingModel {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  readonly tokenizer: Tokenizer;
  /** Parameters that started from random values. */
  readonly fresh: readonly string[];
}

/** A model folder with the head of a task. @param pooling default the folder's own */
export async function openStart(
  folder: string,
  task: Task,
  labels: readonly string[] | undefined,
  { seed, pooling }: { readonly seed: number; readonly pooling?: Pooling },
): Promise<StartingModel> {
  const { model, weights, fresh } = await loadModel(folder, { head: { task, labels, pooling }, seed });
  return { model, weights, fresh, tokenizer: await openTokenizer(folder) };
}

/** True where a model reads whole texts: pretrained without a head it will. */
const wholeText = (task: Task): boolean => task !== "token" && task !== "causal-lm";

/** A BERT with random weights; its vocabulary is learned from the texts. */
export async function makeStart(
  { model: { scratch, maxLength, pooling }, seed }: Recipe,
  texts: readonly string[],
  task: Task,
  labels: readonly string[] | undefined,
): Promise<StartingModel> {
  const { vocabulary, width, layers, heads, inner, scale, dropout } = scratch!;
  const own = trainWordPiece(
    texts.map((text) => text.normalize("NFKC")),
    { vocabSize: vocabulary },
  );
  const tokenizer = await jsTokenizer(composed(own)); // whoever opens the folder reads text in the form that it was learned in
  const base: JsonRecord = {
    model_type: "bert",
    vocab_size: tokenizer.vocabSize,
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: inner,
    max_position_embeddings: maxLength,
    type_vocab_size: 2,
    pad_token_id: tokenizer.special.pad!.id,
    initializer_range: scale,
    hidden_dropout_prob: dropout,
    attention_probs_dropout_prob: dropout,
  };
  const model = modelOf(
    configOf(withHead(base, "Bert", task, labels, wholeText(task) ? (pooling ?? "mean") : undefined), "recipe"),
  );
  const weights = initialise(model, random(seed));
  return { model, weights, tokenizer, fresh: model.parameters.map((p) => p.name) };
}

/** A model folder's files of its tokenizer. */
export const tokenizerFiles = (tokenizer: Tokenizer, maxLength: number) => ({
  "tokenizer.json": JSON.stringify(tokenizer.source),
  "tokenizer_config.json": tokenizerConfig(tokenizer, maxLength),
});

/** The folder that a recipe's model comes from, if any. */
export const startFolder = ({ model }: Recipe, home: string): string | undefined =>
  model.from && from(home, model.from);

/** Says in which form the model's tokenizer reads the characters of a text. */
export const textForm = ({ source }: Tokenizer, language: Language): string =>
  say(language, composed(source) === source ? "run.textComposed" : "run.textAsWritten");
