// Which entries of a config.json are known, by architecture: read by the model, without effect on its numbers, or covered with one
// value only. Any other entry is refused by name: a model that is read without it would give other numbers and nobody would know.
import { ConcordError } from "../base/index.ts";
import type { Config, JsonRecord, JsonValue } from "../formats/index.ts";

/** What an architecture knows of its config. */
export interface KnownEntries {
  /** Read by the architecture's own file. */
  readonly used: readonly string[];
  /** Present in published configs and without effect on what the model computes. */
  readonly harmless?: readonly string[];
  /** Entries that change the mathematics, with the values that are covered; a text names another entry that they must equal. */
  readonly fixed?: Readonly<Record<string, readonly JsonValue[] | string>>;
  /** Other names of entries (Transformers' `attribute_map`): other → own. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** What any config may say of its head, read by heads.ts, chain.ts, embedding.ts, several.ts and text-head.ts, and of factors, read by low-rank.ts. */
const headEntries = words(
  "architectures model_type id2label label2id num_labels problem_type classifier_pooling tie_word_embeddings add_pooling_layer low_rank_factors token_head sentence_embedding text_head task_heads concord_adapter",
);

/** Where the model comes from, how it is run or generates: never what one forward pass computes in float32. */
const harmless = words(`
  _attn_implementation _attn_implementation_autoset _attn_implementation_internal _commit_hash _flash_attn_2_enabled _name_or_path
  _num_labels _output_attentions attn_implementation author bad_words_ids begin_suppress_tokens bos_token_id chunk_size_feed_forward
  cls_token_id created_date description cross_attention_hidden_size custom_pipelines decoder_start_token_id diversity_penalty do_sample dtype early_stopping
  encoder_no_repeat_ngram_size eos_token_id eos_token_ids exponential_decay_length_penalty finetuning_task forced_bos_token_id
  forced_eos_token_id gradient_checkpointing initializer_factor initializer_range is_composition language
  length_penalty license mask_token_id max_length max_new_tokens min_length model_max_length name_or_path no_repeat_ngram_size
  num_beam_groups num_beams num_return_sequences output_attentions output_hidden_states output_past output_scores pad_token_id
  prefix pretraining_tp remove_invalid_values repetition_penalty return_dict return_dict_in_generate sentence_transformers
  sep_token_id suppress_tokens task_specific_params temperature tf_legacy_loss tokenizer_class top_k top_p torch_dtype torchscript
  transformers.js_config transformers_version typical_p unk_token_id unsloth_fixed unsloth_version use_bfloat16 use_cache
  xla_device`);

/** Of every family. An empty value is the one that nothing comes of. */
const fixed: Readonly<Record<string, readonly JsonValue[]>> = {
  is_encoder_decoder: [false],
  tie_encoder_decoder: [false],
  add_cross_attention: [false],
  pruned_heads: [null],
  quantization_config: [null],
  auto_map: [null],
};

/** BERT and the encoders of its shape. */
export const bertEntries: KnownEntries = {
  used: words(`vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size hidden_act max_position_embeddings
    type_vocab_size layer_norm_eps initializer_range pad_token_id hidden_dropout_prob attention_probs_dropout_prob
    classifier_dropout pruned_heads`),
  harmless:
    words(`pooler_fc_size pooler_num_attention_heads pooler_num_fc_layers pooler_size_per_head cell structure pre_trained
    training do_lower_case max_seq_length`),
  fixed: {
    is_decoder: [false],
    position_embedding_type: ["absolute"],
    directionality: ["bidi"],
    pooler_type: ["first_token_transform"],
    emb_size: "hidden_size",
    embedding_size: "hidden_size",
  },
};

export const ernieEntries: KnownEntries = {
  ...bertEntries,
  used: [...bertEntries.used, "use_task_id", "task_type_vocab_size"],
};

const { embedding_size: _e, ...bertFixed } = bertEntries.fixed!;
/** BERT's entries without those that fix something, and others. */
const bertAnd = (more: string, harmlessToo = ""): KnownEntries => ({
  used: [...bertEntries.used.filter((name) => name !== "pruned_heads"), ...words(more)],
  harmless: [...bertEntries.harmless!, ...words(harmlessToo)],
  fixed: bertFixed,
});

// summaries belong to other heads
export const electraEntries: KnownEntries = bertAnd(
  "embedding_size",
  "summary_type summary_use_proj summary_activation summary_first_dropout summary_last_dropout",
);
export const albertEntries: KnownEntries = bertAnd(
  "embedding_size num_hidden_groups inner_group_num classifier_dropout_prob",
  "gap_size net_structure_type num_memory_blocks",
);
export const mpnetEntries: KnownEntries = {
  ...bertAnd(""),
  fixed: { ...bertFixed, relative_attention_num_buckets: [32] },
};
export const debertaEntries: KnownEntries = {
  ...bertAnd(
    `embedding_size relative_attention position_buckets max_relative_positions pos_att_type share_att_key norm_rel_ebd
    position_biased_input pooler_dropout pooler_hidden_act cls_dropout`,
    "legacy attention_head_size",
  ),
  fixed: { ...bertFixed, conv_kernel_size: [0], pooler_hidden_size: "hidden_size", talking_head: [false] },
};

export const modernbertEntries: KnownEntries = {
  used: words(`vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size hidden_activation
    max_position_embeddings norm_eps norm_bias initializer_range pad_token_id attention_bias mlp_bias classifier_bias decoder_bias
    classifier_activation embedding_dropout attention_dropout mlp_dropout classifier_dropout local_attention layer_types
    global_attn_every_n_layers global_rope_theta local_rope_theta rope_parameters`),
  harmless:
    words(`initializer_cutoff_factor deterministic_flash_attn sparse_prediction sparse_pred_ignore_index reference_compile
    repad_logits_with_grad position_embedding_type layer_norm_eps`),
  fixed: { rope_scaling: [null] },
};

export const distilbertEntries: KnownEntries = {
  used: words(`vocab_size dim n_layers n_heads hidden_dim activation max_position_embeddings initializer_range pad_token_id dropout
    attention_dropout seq_classif_dropout`),
  // the position table lies in the file, whatever it was made from
  harmless: words("sinusoidal_pos_embds tie_weights_ qa_dropout do_lower_case"),
  fixed: { is_decoder: [false], position_embedding_type: ["absolute"] },
  aliases: { hidden_size: "dim", num_attention_heads: "n_heads", num_hidden_layers: "n_layers" },
};

export const gpt2Entries: KnownEntries = {
  used: words(`vocab_size n_embd n_layer n_head n_inner n_positions activation_function layer_norm_epsilon initializer_range
    pad_token_id embd_pdrop attn_pdrop resid_pdrop classifier_dropout`),
  // summaries belong to the double-heads model; upcasting changes 16-bit numbers only
  harmless: words(`n_ctx predict_special_tokens summary_type summary_use_proj summary_activation summary_proj_to_labels
    summary_first_dropout reorder_and_upcast_attn is_decoder`),
  fixed: { scale_attn_weights: [true], scale_attn_by_inverse_layer_idx: [false] },
  aliases: {
    hidden_size: "n_embd",
    max_position_embeddings: "n_positions",
    num_attention_heads: "n_head",
    num_hidden_layers: "n_layer",
  },
};

export const llamaEntries: KnownEntries = {
  used: words(`vocab_size hidden_size num_hidden_layers num_attention_heads num_key_value_heads head_dim intermediate_size hidden_act
    max_position_embeddings rms_norm_eps initializer_range pad_token_id rope_parameters rope_scaling rope_theta attention_bias
    mlp_bias attention_dropout classifier_dropout original_max_position_embeddings`),
  harmless: words("is_decoder max_sequence_length max_seq_length is_llama_config"),
  fixed: {
    partial_rotary_factor: [1, null],
    rope_interleaved: [false],
    activation: ["swiglu"],
    sliding_window: [null],
    use_sliding_window: [false],
    residual_multiplier: [1],
    logits_scaling: [1],
  },
};

const windows = words("sliding_window use_sliding_window max_window_layers layer_types");
const { sliding_window: _s, use_sliding_window: _u, ...llamaFixed } = llamaEntries.fixed!;
/** Llama's entries, a window of the last tokens, and others. */
const llamaAnd = (more: string): KnownEntries => ({
  used: [...llamaEntries.used, ...windows, ...words(more)],
  harmless: llamaEntries.harmless,
  fixed: { ...llamaFixed, use_mrope: [false] },
});
const withoutBias = ({ used, ...rest }: KnownEntries): KnownEntries => ({
  ...rest,
  used: used.filter((name) => name !== "attention_bias"),
});

export const mistralEntries: KnownEntries = withoutBias(llamaAnd(""));
export const qwen2Entries: KnownEntries = withoutBias(llamaAnd(""));
export const qwen3Entries: KnownEntries = llamaAnd("");
export const smollm3Entries: KnownEntries = llamaAnd("no_rope_layers no_rope_layer_interval");

export const vitEntries: KnownEntries = {
  used: words(`hidden_size num_hidden_layers num_attention_heads intermediate_size image_size patch_size num_channels hidden_act
    layer_norm_eps initializer_range qkv_bias hidden_dropout_prob attention_probs_dropout_prob`),
  harmless: words("encoder_stride is_decoder"),
  fixed: { pooler_act: ["tanh"], pooler_output_size: "hidden_size" },
};

export const seriesPatchesEntries: KnownEntries = {
  used: words(`hidden_size num_hidden_layers num_attention_heads intermediate_size context_length prediction_length patch_length
    num_input_channels quantiles layer_norm_eps initializer_range hidden_dropout_prob attention_probs_dropout_prob`),
};

export const deitEntries: KnownEntries = vitEntries;
export const dinov2Entries: KnownEntries = {
  used: words(`hidden_size num_hidden_layers num_attention_heads mlp_ratio use_swiglu_ffn image_size patch_size num_channels hidden_act
    layer_norm_eps initializer_range qkv_bias hidden_dropout_prob attention_probs_dropout_prob use_mask_token`),
  // backbones pick layers; the scale's first value lies in the file
  harmless: words("apply_layernorm reshape_hidden_states out_features out_indices stage_names layerscale_value"),
  fixed: { drop_path_rate: [0] },
};

/** True for a value that nothing comes of: null, {} or []. */
const empty = (value: JsonValue): boolean =>
  value === null || (typeof value === "object" && Object.keys(value).length === 0);

/**
 * The config with its entries under their own names.
 * @throws E_MODEL naming an entry that is not known, or whose value is not covered
 */
export function knownConfig(config: Config, type: string, known: KnownEntries): Config {
  const entries = withoutAliases(config, known.aliases ?? {});
  const free = new Set([...headEntries, ...known.used, ...(known.harmless ?? []), ...harmless]);
  const bound = { ...fixed, ...known.fixed };
  for (const [name, value] of Object.entries(entries)) {
    if (Object.hasOwn(bound, name) && !known.used.includes(name)) checkFixed(config, entries, name, bound[name]!);
    else if (!free.has(name) && !empty(value)) throw unknown(config, type, name, value);
  }
  return { ...config, entries };
}

function withoutAliases(config: Config, aliases: Readonly<Record<string, string>>): JsonRecord {
  const entries: JsonRecord = {};
  for (const [name, value] of Object.entries(config.entries)) {
    const canonical = Object.hasOwn(aliases, name) ? aliases[name]! : name;
    if (canonical !== name && Object.hasOwn(config.entries, canonical) && config.entries[canonical] !== value)
      throw notCovered(config, name, `${name} and ${canonical} disagree`, `${canonical}, or both alike`, value);
    entries[canonical] = value;
  }
  return entries;
}

function checkFixed(config: Config, entries: JsonRecord, name: string, values: readonly JsonValue[] | string): void {
  const value = entries[name]!;
  const allowed = typeof values === "string" ? [entries[values]!] : values;
  if (allowed.some((one) => one === value || (empty(one) && empty(value)))) return;
  if (empty(value) && typeof values === "string") return;
  const expected = allowed.map((one) => JSON.stringify(one)).join(" or ");
  throw notCovered(config, name, `${name} is covered with one value only`, expected, value);
}

function unknown(config: Config, type: string, name: string, value: JsonValue): ConcordError {
  const problem = `${name} is not an entry of ${type} that Concord knows: it may change what the model computes`;
  return notCovered(config, name, problem, "entries of Transformers' own configuration", value);
}

function notCovered(config: Config, name: string, problem: string, expected: string, value: JsonValue): ConcordError {
  return new ConcordError("E_MODEL", {
    operation: "read config",
    problem,
    expected,
    got: JSON.stringify(value)?.slice(0, 200),
    hint: `if ${name} has no effect on this model, remove it from config.json`,
    path: `${config.path} > ${name}`,
  });
}
