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
const rows = bases.llama!;
bases["llama-yarn"] = {
  ...rows,
  rope_theta: 100,
  max_position_embeddings: 32,
  rope_scaling: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 8 },
};
bases.mistral = { ...rows, model_type: "mistral", sliding_window: 8 };
bases.qwen2 = { ...rows, model_type: "qwen2", use_sliding_window: false, sliding_window: 4, max_window_layers: 1 };
bases["qwen2-tied"] = { ...bases.qwen2, tie_word_embeddings: true, rope_theta: 1e6 };
bases.qwen3 = { ...rows, model_type: "qwen3", head_dim: 12, tie_word_embeddings: true };
bases.smollm3 = { ...rows, model_type: "smollm3", no_rope_layers: [1, 0], tie_word_embeddings: true, pad_token_id: 0 };
bases.electra = { model_type: "electra", ...bertLike, embedding_size: 16 };
bases.albert = {
  ...{ model_type: "albert", ...bertLike, embedding_size: 16, num_hidden_layers: 4, num_hidden_groups: 2 },
  inner_group_num: 2,
};
bases.mpnet = { model_type: "mpnet", ...bertLike, pad_token_id: 1 };
bases["deberta-v2"] = {
  ...{ model_type: "deberta-v2", ...bertLike, type_vocab_size: 0, layer_norm_eps: 1e-7, relative_attention: true },
  ...{ pos_att_type: "p2c|c2p", share_att_key: true, position_buckets: 4, norm_rel_ebd: "layer_norm" },
  position_biased_input: false,
};
bases["deberta-plain"] = {
  ...bases["deberta-v2"],
  ...{ position_buckets: -1, max_relative_positions: 5, norm_rel_ebd: "none", position_biased_input: true },
  ...{ type_vocab_size: 2, embedding_size: 16 },
};
const { type_vocab_size: _t, layer_norm_eps: _l, ...modern } = bertLike;
bases.modernbert = {
  ...{ model_type: "modernbert", ...modern, num_hidden_layers: 3, pad_token_id: 0, local_attention: 4 },
  ...{ bos_token_id: 2, cls_token_id: 2, eos_token_id: 3, sep_token_id: 3 },
};
bases["modernbert-mean"] = { ...bases.modernbert, classifier_pooling: "mean", norm_bias: true, attention_bias: true };
bases.deit = { ...bases.vit, model_type: "deit" };
const { intermediate_size: _i, ...images } = bases.vit;
bases.dinov2 = { ...images, model_type: "dinov2", mlp_ratio: 2 };
bases["dinov2-gated"] = { ...bases.dinov2, use_swiglu_ffn: true };
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
  ["llama-yarn", "causal-lm", []],
  ["mistral", "causal-lm", []],
  ["mistral", "single-label", ["a", "b"]],
  ["qwen2", "causal-lm", []],
  ["qwen2", "single-label", ["a", "b", "c"]],
  ["qwen2", "token", ["O", "X"]],
  ["qwen2-tied", "causal-lm", []],
  ["qwen3", "causal-lm", []],
  ["qwen3", "features", []],
  ["qwen3", "single-label", ["a", "b"]],
  ["smollm3", "causal-lm", []],
  ["smollm3", "single-label", ["a", "b", "c"]],
  ["electra", "single-label", ["a", "b", "c"]],
  ["electra", "token", ["O", "X"]],
  ["electra", "masked-lm", []],
  ["electra", "features", []],
  ["albert", "single-label", ["a", "b", "c"]],
  ["albert", "token", ["O", "X"]],
  ["albert", "masked-lm", []],
  ["albert", "features", []],
  ["mpnet", "single-label", ["a", "b", "c"]],
  ["mpnet", "token", ["O", "X"]],
  ["mpnet", "masked-lm", []],
  ["mpnet", "features", []],
  ["deberta-v2", "single-label", ["a", "b", "c"]],
  ["deberta-v2", "token", ["O", "X"]],
  ["deberta-v2", "features", []],
  ["deberta-plain", "regression", ["score"]],
  ["modernbert", "single-label", ["a", "b", "c"]],
  ["modernbert", "token", ["O", "X"]],
  ["modernbert", "masked-lm", []],
  ["modernbert", "features", []],
  ["modernbert-mean", "multi-label", ["a", "b", "c"]],
  ["deit", "single-label", ["a", "b", "c"]],
  ["deit", "features", []],
  ["dinov2", "single-label", ["a", "b", "c"]],
  ["dinov2", "features", []],
  ["dinov2-gated", "single-label", ["a", "b"]],
  ...[
    "bert",
    "roberta",
    "distilbert",
    "xlm-roberta",
    "camembert",
    "ernie",
    "electra",
    "albert",
    "mpnet",
    "deberta-v2",
  ].map((type) => [type, "question-answering", []] as const),
];

/** Cases whose gradients are recorded too: architectures that the reference set of test/golden/models has not. */
export const gradientCases: readonly string[] = [
  ...[
    "albert",
    "deberta-v2",
    "electra",
    "modernbert",
    "mpnet",
    "mistral",
    "qwen2",
    "qwen3",
    "smollm3",
    "deit",
    "dinov2",
  ],
].map((type) => `${type}-single-label`);

export interface SavedCase {
  readonly name: string;
  readonly model: Model;
  readonly weights: Map<string, HostArray<"float32">>;
}

/** Every case with weights large enough that its logits are far from uniform. */
export const savedCases = (): SavedCase[] => cases.map(caseOf);

/** One of them, anew. */
export const savedCase = (name: string): SavedCase => caseOf(cases.find((one) => nameOf(one) === name)!);

const nameOf = ([type, task]: (typeof cases)[number]): string => `${type}-${task}`;

function caseOf(one: (typeof cases)[number]): SavedCase {
  const [type, task, labels] = one;
  const base = bases[type]!;
  const model = modelOf(configOf(withHead(base, familyOf(configOf(base, type)), task, labels), type));
  const weights = initialise(model, random(11));
  for (const [name, { data }] of weights)
    if (!/norm/i.test(name)) data.set(data.map((x, i) => x * 8 + 0.05 * Math.sin(i)));
  return { name: nameOf(one), model, weights };
}

/** The first of each architecture; with CONCORD_ALL_MODELS, which CI sets, all of them. */
export const oneOfEach = (cases: readonly SavedCase[]): readonly SavedCase[] =>
  process.env.CONCORD_ALL_MODELS
    ? cases
    : cases.filter(({ model }, i) => cases.findIndex((one) => one.model.type === model.type) === i);

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
