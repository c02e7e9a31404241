// Configurations of the wild: full ones of Transformers 4 and 5 (fixtures/configs-*.json, written by tools/transformers-configs.py) and
// what published folders add are read; what changes the mathematics is refused by name.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { configOf, type JsonRecord, type JsonValue } from "../../src/formats/index.ts";
import { modelOf } from "../../src/models/index.ts";
import { fault } from "../fault.ts";

const dumps = [4, 5].map(
  (major) =>
    JSON.parse(readFileSync(new URL(`./fixtures/configs-${major}.json`, import.meta.url), "utf8")) as {
      versions: string;
      configs: Record<string, JsonRecord>;
    },
);
const read = (entries: JsonRecord) => modelOf(configOf(entries, "config.json"));

describe.each(dumps)("$versions", ({ configs }) => {
  test.each(Object.keys(configs))("a full configuration of %s is read", (type) => {
    const model = read(configs[type]!);
    expect(model.type).toBe(type);
    expect(model.parameters.length).toBeGreaterThan(50);
  });
});

const small: Record<string, JsonRecord> = {
  bert: {
    model_type: "bert",
    vocab_size: 60,
    hidden_size: 24,
    num_hidden_layers: 1,
    num_attention_heads: 3,
    intermediate_size: 40,
    max_position_embeddings: 20,
  },
  distilbert: {
    model_type: "distilbert",
    vocab_size: 60,
    dim: 24,
    n_layers: 1,
    n_heads: 3,
    hidden_dim: 40,
    max_position_embeddings: 20,
  },
  gpt2: { model_type: "gpt2", vocab_size: 60, n_embd: 24, n_layer: 1, n_head: 3, n_positions: 20 },
  llama: {
    model_type: "llama",
    vocab_size: 60,
    hidden_size: 24,
    num_hidden_layers: 1,
    num_attention_heads: 3,
    intermediate_size: 40,
    max_position_embeddings: 20,
  },
  vit: {
    model_type: "vit",
    hidden_size: 24,
    num_hidden_layers: 1,
    num_attention_heads: 3,
    intermediate_size: 40,
    image_size: 8,
    patch_size: 4,
  },
};

// What published folders hold beside the sizes: bert-base-chinese, dslim/bert-base-NER, TinyBERT, distilbert of 2019, distilgpt2,
// kogpt2, stanford-crfm (the part in 16 bits), TinyLlama, SmolLM2, Falcon3, vit-base-patch16-224, a fine-tuned image classifier.
test.each<[string, JsonRecord]>([
  [
    "bert",
    {
      directionality: "bidi",
      pooler_fc_size: 768,
      pooler_num_attention_heads: 12,
      pooler_num_fc_layers: 3,
      pooler_size_per_head: 128,
      pooler_type: "first_token_transform",
      output_past: true,
      gradient_checkpointing: false,
    },
  ],
  [
    "bert",
    { _num_labels: 9, max_length: 512, torch_dtype: "float32", pruned_heads: {}, position_embedding_type: "absolute" },
  ],
  ["bert", { cell: {}, structure: [], pre_trained: "", training: "", emb_size: 24 }],
  [
    "bert",
    { finetuning_task: "mrpc", task_specific_params: { a: { b: 1 } }, "transformers.js_config": { dtype: "q8" } },
  ],
  [
    "bert",
    { architectures: null, problem_type: null, classifier_dropout: null, is_decoder: false, an_unknown_one: null },
  ],
  ["distilbert", { sinusoidal_pos_embds: true, tie_weights_: true, qa_dropout: 0.1, seq_classif_dropout: 0.2 }],
  ["distilbert", { dim: undefined as never, hidden_size: 24 }],
  [
    "gpt2",
    { n_ctx: 1024, predict_special_tokens: true, summary_type: "cls_index", summary_activation: null, n_inner: null },
  ],
  [
    "gpt2",
    { author: "someone", created_date: "2021-04-28", license: "CC-BY-NC-SA 4.0", reorder_and_upcast_attn: true },
  ],
  [
    "llama",
    { pretraining_tp: 1, rope_scaling: null, max_sequence_length: 2048, eos_token_id: [1, 2], pad_token_id: -1 },
  ],
  [
    "llama",
    { is_llama_config: true, rope_interleaved: false, activation: "swiglu", unsloth_fixed: true, use_cache: true },
  ],
  ["llama", { rope_scaling: { type: "linear", factor: 4 }, _attn_implementation_autoset: true }],
  ["llama", { architectures: ["LLaMAForCausalLM"] }],
  [
    "vit",
    { encoder_stride: 16, pooler_act: "tanh", pooler_output_size: 24, label2id: { a: "0" }, id2label: { "0": "a" } },
  ],
])("%s of a published folder is read: %j", (type, more) => {
  const entries = Object.fromEntries(
    Object.entries({ ...small[type]!, ...more }).filter(([, value]) => value !== undefined),
  );
  expect(read(entries as JsonRecord).type).toBe(type);
});

test("another name of an entry counts, and both must agree", () => {
  const { n_embd: _, ...rest } = small.gpt2!;
  expect(read({ ...rest, hidden_size: 48 }).parameters[0]!.shape).toEqual([60, 48]);
  expect(fault("E_MODEL", () => read({ ...small.gpt2!, hidden_size: 48 })).facts.problem).toMatch(/hidden_size/);
});

test.each<[string, string, JsonValue]>([
  ["bert", "is_decoder", true],
  ["bert", "add_cross_attention", true],
  ["bert", "position_embedding_type", "relative_key"],
  ["bert", "embedding_size", 16],
  ["distilbert", "pruned_heads", { "0": [1] }],
  ["bert", "feed_forward_type", "geglu"],
  ["bert", "auto_map", { AutoModel: "modeling.Own" }],
  ["bert", "quantization_config", { bits: 4 }],
  ["distilbert", "position_embedding_type", "relative_key_query"],
  ["gpt2", "scale_attn_by_inverse_layer_idx", true],
  ["gpt2", "scale_attn_weights", false],
  ["gpt2", "add_cross_attention", true],
  ["llama", "rope_interleaved", true],
  ["llama", "partial_rotary_factor", 0.5],
  ["llama", "sliding_window", 4096],
  ["llama", "logits_scaling", 8],
  ["llama", "residual_multiplier", 0.22],
  ["llama", "an_unknown_one", 1],
  ["vit", "pooler_act", "gelu"],
  ["vit", "use_mean_pooling", true],
])("%s with %s %j is refused by name", (type, name, value) => {
  const { facts } = fault("E_MODEL", () => read({ ...small[type]!, [name]: value }));
  expect(facts.path).toBe(`config.json > ${name}`);
  expect(`${facts.problem} ${facts.hint}`).toContain(name);
  expect(facts.got).toBe(JSON.stringify(value));
});

test.each([
  [{ type: "yarn", factor: 4, short_factor: [1] }, /short_factor/],
  [{ rope_type: "dynamic", factor: 2 }, /dynamic/],
  [{ rope_type: "linear", factor: 2, partial_rotary_factor: 0.5 }, /linear/],
  [{ rope_type: "default", mrope_section: [1, 2] }, /mrope_section/],
])("rotary scaling %j is refused", (rope_scaling, named) => {
  expect(fault("E_MODEL", () => read({ ...small.llama!, rope_scaling })).facts.got).toMatch(named);
});

test.each(["bert", "distilbert", "gpt2"])("an output layer of its own is refused in %s, where it is one", (type) => {
  const untied = { ...small[type]!, tie_word_embeddings: false };
  const lm = { bert: "BertForMaskedLM", distilbert: "DistilBertForMaskedLM", gpt2: "GPT2LMHeadModel" }[type]!;
  expect(fault("E_MODEL", () => read({ ...untied, architectures: [lm] })).facts.path).toMatch(/tie_word_embeddings/);
  expect(read(untied).task).toBe("features");
});

test.each([
  ["gpt2", "GPT2DoubleHeadsModel"],
  ["llama", "LlamaForMaskedLM"],
  ["llama", "LlamaForQuestionAnswering"],
  ["bert", "BertForNextSentencePrediction"],
  ["bert", "BertLMHeadModel"],
  ["bert", "RobertaForSequenceClassification"],
  ["vit", "ViTForSequenceClassification"],
  ["distilbert", "DistilBertForPreTraining"],
])("in %s the head %s is refused, and those that are covered are named", (type, architecture) => {
  const { facts } = fault("E_MODEL", () => read({ ...small[type]!, architectures: [architecture] }));
  expect(facts.problem).toBe(`architecture ${architecture} is not covered`);
  expect(facts.expected).toMatch(new RegExp(`the heads of ${type}: .*Model`));
});

test.each([
  ["squeezebert", /nearest covered: distilbert/],
  ["bart", /nearest covered: google-bert/],
  ["gemma2", /nearest covered: a model of type llama/],
  ["swin", /vit-base/],
  ["Roberta", /^write roberta$/],
  ["never-heard-of", /^start from a covered model/],
])("model_type %s is refused with what comes nearest", (model_type, hint) => {
  const { facts } = fault("E_MODEL", () => read({ ...small.bert!, model_type }));
  expect(facts.hint).toMatch(hint);
  expect(facts.hint).not.toMatch(/did you mean/);
  expect(facts.expected).toMatch(/albert, bert, camembert, .*xlm-roberta/);
});
