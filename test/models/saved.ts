// Small models of every architecture and head, saved as users would save them: what real Transformers was given once.
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { familyOf, initialise, type Model, modelOf, type Task, withHead } from "../../src/models/index.ts";
import { tokenizerConfig } from "../../src/predict/index.ts";
import type { Tokenizer } from "../../src/tokenizer-files/index.ts";
import { composed, jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";

const bertLike = {
  vocab_size: 60,
  hidden_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  intermediate_size: 40,
  max_position_embeddings: 20,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
};
const bases: Record<string, JsonRecord> = {
  bert: { model_type: "bert", ...bertLike },
  roberta: { model_type: "roberta", ...bertLike, type_vocab_size: 1, pad_token_id: 1, layer_norm_eps: 1e-5 },
  distilbert: {
    model_type: "distilbert",
    vocab_size: 60,
    dim: 24,
    n_layers: 2,
    n_heads: 3,
    hidden_dim: 40,
    max_position_embeddings: 20,
  },
  "xlm-roberta": { model_type: "xlm-roberta", ...bertLike, type_vocab_size: 1, pad_token_id: 1, layer_norm_eps: 1e-5 },
  camembert: { model_type: "camembert", ...bertLike, type_vocab_size: 1, pad_token_id: 1, layer_norm_eps: 1e-5 },
  ernie: { model_type: "ernie", ...bertLike, type_vocab_size: 4, use_task_id: true, task_type_vocab_size: 3 },
  gpt2: { model_type: "gpt2", vocab_size: 60, n_embd: 24, n_layer: 2, n_head: 3, n_positions: 20 },
  llama: {
    model_type: "llama",
    vocab_size: 60,
    hidden_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 3,
    num_key_value_heads: 1,
    intermediate_size: 40,
    max_position_embeddings: 20,
    rms_norm_eps: 1e-5,
  },
};
bases["llama-pad"] = { ...bases.llama!, pad_token_id: 3 }; // the rows of savedIds end with it
bases.vit = {
  model_type: "vit",
  hidden_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  intermediate_size: 40,
  image_size: 8,
  patch_size: 4,
};
bases["llama-linear"] = { ...bases.llama!, rope_scaling: { type: "linear", factor: 3 }, rope_theta: 5000 };
bases["llama-3"] = {
  ...bases.llama!,
  rope_theta: 100,
  tie_word_embeddings: true,
  rope_scaling: {
    rope_type: "llama3",
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8,
  },
};
const cases: readonly (readonly [type: string, task: Task, labels: readonly string[]])[] = [
  ["bert", "single-label", ["a", "b", "c"]],
  ["bert", "multi-label", ["a", "b", "c"]],
  ["bert", "regression", ["score"]],
  ["bert", "token", ["O", "B-X", "I-X"]],
  ["bert", "masked-lm", []],
  ["roberta", "single-label", ["a", "b"]],
  ["roberta", "token", ["O", "X"]],
  ["roberta", "masked-lm", []],
  ["distilbert", "single-label", ["a", "b"]],
  ["distilbert", "token", ["O", "X"]],
  ["distilbert", "masked-lm", []],
  ["xlm-roberta", "single-label", ["a", "b"]],
  ["xlm-roberta", "token", ["O", "X"]],
  ["xlm-roberta", "masked-lm", []],
  ["camembert", "single-label", ["a", "b"]],
  ["camembert", "masked-lm", []],
  ["ernie", "single-label", ["a", "b"]],
  ["ernie", "token", ["O", "X"]],
  ["ernie", "masked-lm", []],
  ["gpt2", "causal-lm", []],
  ["gpt2", "single-label", ["a", "b", "c"]],
  ["gpt2", "regression", ["score"]],
  ["gpt2", "token", ["O", "X"]],
  ["gpt2", "features", []],
  ["llama", "causal-lm", []],
  ["llama", "single-label", ["a", "b", "c"]],
  ["llama", "token", ["O", "X"]],
  ["llama", "features", []],
  ["llama-pad", "multi-label", ["a", "b", "c"]],
  ["bert", "features", []],
  ["roberta", "features", []],
  ["roberta", "regression", ["score"]],
  ["distilbert", "features", []],
  ["distilbert", "regression", ["score"]],
  ["xlm-roberta", "features", []],
  ["camembert", "token", ["O", "X"]],
  ["camembert", "features", []],
  ["ernie", "features", []],
  ["vit", "single-label", ["a", "b", "c"]],
  ["vit", "features", []],
  ["llama-linear", "causal-lm", []],
  ["llama-3", "causal-lm", []],
];

export interface SavedCase {
  readonly name: string;
  readonly model: Model;
  readonly weights: Map<string, HostArray<"float32">>;
}

/** Every case with weights large enough that its logits are far from uniform. */
export function savedCases(): SavedCase[] {
  return cases.map(([type, task, labels]) => {
    const base = bases[type]!;
    const model = modelOf(configOf(withHead(base, familyOf(configOf(base, type)), task, labels), type));
    const weights = initialise(model, random(11));
    for (const [name, { data }] of weights)
      if (!/norm/i.test(name)) data.set(data.map((x, i) => x * 8 + 0.05 * Math.sin(i)));
    return { name: `${type}-${task}`, model, weights };
  });
}

/** Two rows of different lengths, padded with each architecture's pad id by whoever needs a rectangle. */
export const savedIds: readonly (readonly number[])[] = [
  [2, 17, 33, 8, 59, 21, 3],
  [2, 40, 5, 3],
];

/** Pixels of the two images that stand in the place of rows for models of images, [2, channels, side, side]. */
export const savedPixels = (channels: number, side: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: 2 * channels * side * side }, (_, i) => Math.sin(i));

/** A text and a second one, as a tokenizer of {@link savedTokenizer} is asked for them. */
export const savedTexts = ["a sore throat，again", "ＦＥＶＥＲ at night"] as const;

/** A tokenizer of 60 tokens or fewer, in NFKC as those of runs. */
export const savedTokenizer = (): Promise<Tokenizer> =>
  jsTokenizer(composed(trainWordPiece(["a sore throat, again", "fever at night"], { vocabSize: 60, minFrequency: 1 })));

/** The files of a case beside its config and weights: its tokenizer, for models that read tokens. */
export const savedFiles = ({ tokens }: Model, tokenizer: Tokenizer): Record<string, string | JsonRecord> =>
  tokens
    ? { "tokenizer.json": JSON.stringify(tokenizer.source), "tokenizer_config.json": tokenizerConfig(tokenizer, 20) }
    : {};
