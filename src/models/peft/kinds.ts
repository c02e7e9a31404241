// How PEFT names each kind of adapter: its type, the tensors of a layer, and the entries of its config. Kinds that PEFT does not have are
// written under names of ours, which it refuses.
import {
  type Config,
  field,
  flag,
  integer,
  type JsonRecord,
  list,
  nullable,
  number,
  rate,
  text,
} from "../../formats/index.ts";
import type { AdapterName, AdapterOptions } from "../../nn/index.ts";

export interface PeftKind {
  /** `peft_type`. */
  readonly type: string;
  /** Entries of its config beside those that all have. */
  readonly entries: readonly string[];
  /** Names of a layer's tensors in the file, by ours. Default ours. */
  readonly tensors: Readonly<Record<string, string>>;
  /** The shape of a tensor in the file. Default ours. */
  stored?(part: string, shape: readonly number[]): readonly number[];
  read(config: Config): Partial<AdapterOptions>;
  /** @param transposed whether the model stores weights [in, out] */
  write(options: AdapterOptions, transposed: boolean): JsonRecord;
}

const rank = integer(1, 2 ** 16);

const lowRank = (dora: boolean): PeftKind => ({
  type: "LORA",
  entries: ["r", "lora_alpha", "lora_dropout", "use_rslora", "use_dora", "rank_pattern", "alpha_pattern"],
  tensors: {
    A: "lora_A.weight",
    B: "lora_B.weight",
    ...(dora && { magnitude: "lora_magnitude_vector" }),
  },
  read: (config) => ({
    rank: field(config, "r", rank),
    alpha: field(config, "lora_alpha", number(0, 1e6), field(config, "r", rank)),
    dropout: field(config, "lora_dropout", rate, 0),
    rankStabilised: field(config, "use_rslora", flag, false),
  }),
  write: ({ rank, alpha, dropout, rankStabilised, modules }, transposed) => {
    const single = Object.entries(modules ?? {});
    return {
      r: rank,
      lora_alpha: alpha,
      lora_dropout: dropout,
      use_rslora: rankStabilised,
      use_dora: dora,
      rank_pattern: Object.fromEntries(single.map(([name, one]) => [name, one.rank])),
      alpha_pattern: Object.fromEntries(single.map(([name, one]) => [name, one.alpha])),
      bias: "none",
      fan_in_fan_out: transposed,
      init_lora_weights: true,
    };
  },
});

/** By our names. */
export const peftKinds: Readonly<Record<AdapterName, PeftKind>> = {
  lora: lowRank(false),
  dora: lowRank(true),
  miss: {
    type: "MISS",
    entries: ["r", "miss_dropout", "mini_r"],
    tensors: { D: "miss_block" },
    read: (config) => ({ rank: field(config, "r", rank), dropout: field(config, "miss_dropout", rate, 0) }),
    write: ({ rank, dropout }) => ({ r: rank, miss_dropout: dropout, mini_r: 1, bias: "none", init_weights: true }),
  },
  ia3: {
    type: "IA3",
    entries: ["feedforward_modules", "init_ia3_weights"],
    tensors: { input: "ia3_l", output: "ia3_l" },
    stored: (part, [width]) => (part === "input" ? [1, width!] : [width!, 1]),
    read: (config) => {
      const names = config.entries.feedforward_modules;
      return typeof names === "string"
        ? {}
        : { feedForward: field(config, "feedforward_modules", nullable(list(text, 4096)), null) ?? [] };
    },
    write: ({ feedForward }, transposed) => ({
      feedforward_modules: [...feedForward],
      fan_in_fan_out: transposed,
      init_ia3_weights: true,
    }),
  },
  bottleneck: {
    type: "CONCORD_BOTTLENECK",
    entries: ["width"],
    tensors: {
      down: "bottleneck.down",
      downBias: "bottleneck.downBias",
      up: "bottleneck.up",
      upBias: "bottleneck.upBias",
    },
    read: (config) => ({ width: field(config, "width", rank) }),
    write: ({ width }) => ({ width }),
  },
  prefix: {
    type: "PREFIX_TUNING",
    entries: [
      "num_virtual_tokens",
      "num_layers",
      "num_attention_heads",
      "token_dim",
      "num_transformer_submodules",
      "encoder_hidden_size",
    ],
    tensors: {},
    read: (config) => ({ tokens: field(config, "num_virtual_tokens", integer(1, 4096)) }),
    write: ({ tokens, widths }) => ({
      num_virtual_tokens: tokens,
      num_layers: widths.length,
      token_dim: widths[0]!,
      num_transformer_submodules: 1,
      prefix_projection: false,
    }),
  },
  prompt: {
    type: "PROMPT_TUNING",
    entries: [
      ...["num_virtual_tokens", "num_layers", "num_attention_heads", "token_dim", "num_transformer_submodules"],
      // how it started
      ...["prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path", "tokenizer_kwargs"],
    ],
    tensors: {},
    read: (config) => ({ tokens: field(config, "num_virtual_tokens", integer(1, 4096)) }),
    write: ({ tokens, widths }) => ({
      num_virtual_tokens: tokens,
      token_dim: widths[0]!,
      num_transformer_submodules: 1,
      prompt_tuning_init: "RANDOM",
    }),
  },
  biases: { type: "CONCORD_BIASES", entries: [], tensors: {}, read: () => ({}), write: () => ({}) },
};
