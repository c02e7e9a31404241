// The Llama-style decoder (Touvron 2023, arXiv:2302.13971): RMS norms, rotary positions, grouped keys and values, gated
// feed-forward; Mistral, Qwen2, Qwen3 and SmolLM3 differ in what {@link LlamaStyle} says. For language modelling, and with heads for texts and words. Knows token ids; not text, not files.
// Shapes: T token rows, H width, A heads, K key/value heads, D head width, V vocabulary.
import { ConcordError } from "../base/index.ts";
import {
  type Config,
  field,
  flag,
  has,
  headCount,
  integer,
  layerCount,
  list,
  modelWidth,
  nullable,
  number,
  oneOf,
  padToken,
  positionCount,
  rate,
  vocabularySize,
} from "../formats/index.ts";
import { add, linear as linearOp, mul, reshape, rmsNorm, scope, type Value } from "../graph/index.ts";
import {
  type Activation,
  activations,
  attend,
  embedding,
  type ForwardContext,
  keysAndValues,
  type Layout,
  linear,
  type Params,
  repeatInterleave,
  rotate,
  rotation,
  submodule,
  weight,
} from "../nn/index.ts";
import { decoderHead, decoderOutputs } from "./decoder-heads.ts";
import { wantedRows } from "./encoder.ts";
import { type Family, headOf } from "./heads.ts";
import type { ModelInputs, ModelParts, ParameterSpec } from "./model.ts";
import { ropeOf } from "./rope.ts";
import { specs } from "./specs.ts";

/** What a model of this shape has that Llama has not. */
export interface LlamaStyle {
  /** Biases of queries, keys and values, and of the attention's output. Default as `attention_bias` says. */
  readonly biases?: { readonly input: boolean; readonly output: boolean };
  /** RMS norms of each head's queries and keys, before they are turned. Default false. */
  readonly headNorms?: boolean;
  /** Head width where `head_dim` is absent. Default hidden_size / num_attention_heads. */
  readonly headWidth?: number;
  /** Layers without rotary positions are listed or counted (`no_rope_layers`, `no_rope_layer_interval`). Default false. */
  readonly someWithoutPositions?: boolean;
  /** Base of the rotary frequencies where the config names none. Default 10000. */
  readonly theta?: number;
}

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(config: Config, { output }: Family, style: LlamaStyle) {
  const width = field(config, "hidden_size", modelWidth);
  const heads = field(config, "num_attention_heads", headCount);
  const groups = field(config, "num_key_value_heads", nullable(headCount), null) ?? heads;
  const headWidth = field(config, "head_dim", nullable(modelWidth), null) ?? style.headWidth ?? width / heads;
  const bad = (problem: string, got: string): never => {
    throw new ConcordError("E_MODEL", { operation: "read config", problem, got, path: config.path });
  };
  if (!Number.isInteger(headWidth) || headWidth % 2)
    bad(
      "the head width is not an even whole number",
      `hidden_size ${width}, num_attention_heads ${heads}, head_dim ${headWidth}`,
    );
  if (heads % groups) bad("num_attention_heads is not a multiple of num_key_value_heads", `${heads} and ${groups}`);
  const positions = field(config, "max_position_embeddings", positionCount);
  const layers = field(config, "num_hidden_layers", layerCount);
  const bias = style.biases ? undefined : field(config, "attention_bias", flag, false);
  return {
    vocabulary: field(config, "vocab_size", vocabularySize),
    width,
    heads,
    groups,
    headWidth,
    layers,
    inner: field(config, "intermediate_size", modelWidth),
    // a window of the last tokens changes nothing for texts that it holds
    longest: Math.min(positions, windowOf(config)),
    activation: field(config, "hidden_act", oneOf(...(Object.keys(activations) as Activation[])), "silu" as const),
    epsilon: field(config, "rms_norm_eps", number(0, 1), 1e-6),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    pad: field(config, "pad_token_id", nullable(padToken), null) ?? undefined,
    classifierDropout: field(config, "classifier_dropout", nullable(rate), null) ?? 0.1,
    rope: ropeOf(config, headWidth, positions, style.theta),
    turns: style.someWithoutPositions ? turningLayers(config, layers) : Array<boolean>(layers).fill(true),
    headNorms: style.headNorms ?? false,
    inputBias: bias ?? style.biases!.input,
    outputBias: bias ?? style.biases!.output,
    innerBias: field(config, "mlp_bias", flag, false),
    tied: field(config, "tie_word_embeddings", flag, output?.tied ?? false),
    attentionDropout: field(config, "attention_dropout", rate, 0),
  };
}

/** Tokens that a query sees at most, itself among them. */
function windowOf(config: Config): number {
  const kinds = field(config, "layer_types", nullable(list(oneOf("full_attention", "sliding_attention"))), null);
  const none = field(config, "use_sliding_window", nullable(flag), null) === false;
  if (none || kinds?.every((kind) => kind === "full_attention")) return Number.POSITIVE_INFINITY;
  return field(config, "sliding_window", nullable(positionCount), null) ?? Number.POSITIVE_INFINITY;
}

/** Whether each layer turns its queries and keys: as listed, 1 for those that do, else all but each n-th. */
function turningLayers(config: Config, layers: number): boolean[] {
  const listed = field(config, "no_rope_layers", nullable(list(integer(0, 1), layers)), null);
  const interval = field(config, "no_rope_layer_interval", nullable(layerCount), null) ?? 4;
  return Array.from({ length: layers }, (_, i) => (listed ? listed[i] === 1 : (i + 1) % interval !== 0));
}

function parametersOf(s: Settings, prefix: string, head: boolean): ParameterSpec[] {
  const { linear: lin, scale, table } = specs(s.std);
  const layer = (i: number) => {
    const at = `${prefix}layers.${i}`;
    const [all, some] = [s.heads * s.headWidth, s.groups * s.headWidth];
    const attention: [string, number, number, boolean][] = [
      ["q_proj", all, s.width, s.inputBias],
      ["k_proj", some, s.width, s.inputBias],
      ["v_proj", some, s.width, s.inputBias],
      ["o_proj", s.width, all, s.outputBias],
    ];
    const inner: [string, number, number][] = [
      ["gate_proj", s.inner, s.width],
      ["up_proj", s.inner, s.width],
      ["down_proj", s.width, s.inner],
    ];
    return [
      scale(`${at}.input_layernorm`, s.width),
      ...attention.flatMap(([n, outs, ins, bias]) => lin(`${at}.self_attn.${n}`, outs, ins, false, bias)),
      ...(s.headNorms ? ["q_norm", "k_norm"].map((n) => scale(`${at}.self_attn.${n}`, s.headWidth)) : []),
      scale(`${at}.post_attention_layernorm`, s.width),
      ...inner.flatMap(([n, outs, ins]) => lin(`${at}.mlp.${n}`, outs, ins, false, s.innerBias)),
    ];
  };
  const output = head && !s.tied ? lin("lm_head", s.vocabulary, s.width, true, false) : [];
  return [
    table(`${prefix}embed_tokens`, s.vocabulary, s.width),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    scale(`${prefix}norm`, s.width),
    ...output,
  ];
}

function decode(p: Params, s: Settings, inputs: ModelInputs, layout: Layout, context: ForwardContext): Value[] {
  const norm = (at: Params, x: Value) => rmsNorm(x, weight(at, "weight"), s.epsilon);
  const { cosine, sine } = rotation(inputs.positions!, s.rope.frequencies, s.rope.factor); // [T, D]
  const [T, D] = [inputs.positions!.shape[0]!, s.headWidth];
  const turn = { cosine: reshape(cosine, [T, 1, D]), sine: reshape(sine, [T, 1, D]) };
  /** Rows [T, heads·D], each head normed where the model does so, and rotated by its position. */
  const prepared = (x: Value, heads: number, scale: Params | undefined, rotates: boolean) => {
    if (!scale && !rotates) return x;
    const split = reshape(x, [T, heads, D]);
    const normed = scale ? norm(scale, split) : split;
    return reshape(rotates ? rotate(normed, turn) : normed, x.shape);
  };
  const hidden = [inputs.words ?? embedding(submodule(p, "embed_tokens"), inputs.ids!)];
  for (let i = 0; i < s.layers; i++)
    scope(`layer ${i}`, () => {
      const l = submodule(p, `layers.${i}`);
      const x = hidden.at(-1)!;
      const project = (name: string, v: Value) => linear(submodule(l, name), v, context);
      const attended = scope("attention", () => {
        const normed = norm(submodule(l, "input_layernorm"), x);
        const ready = (part: "q" | "k", heads: number) => {
          const scale = s.headNorms ? submodule(l, `self_attn.${part}_norm`) : undefined;
          return prepared(project(`self_attn.${part}_proj`, normed), heads, scale, s.turns[i]!);
        };
        const q = layout.toHeads(ready("q", s.heads), s.heads);
        const [k, v] = keysAndValues(layout, s.groups, ready("k", s.groups), project("self_attn.v_proj", normed));
        const times = s.heads / s.groups;
        const mixed = attend(
          q,
          repeatInterleave(k, times, 1), // each key/value head serves `times` query heads
          repeatInterleave(v, times, 1),
          layout.scoreBias,
          context,
          s.attentionDropout,
        );
        return add(x, project("self_attn.o_proj", layout.fromHeads(mixed)));
      });
      const normed = norm(submodule(l, "post_attention_layernorm"), attended);
      const gated = mul(activations[s.activation](project("mlp.gate_proj", normed)), project("mlp.up_proj", normed)); // SwiGLU
      hidden.push(add(attended, project("mlp.down_proj", gated)));
    });
  return hidden;
}

/** A Llama-style decoder with its language-model head, a head for texts or words, or bare. @throws E_CONFIG, E_MODEL */
export function llama(config: Config, family: Family, style: LlamaStyle = {}): ModelParts {
  const s = settingsOf(config, family, style);
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  return {
    ...head,
    prefix,
    parameters: [...parametersOf(s, prefix, head.task === "causal-lm"), ...decoderHead(head, s, "score")],
    headCounts: [s.heads, s.groups],
    layersDiffer: style.someWithoutPositions === true && !has(config, "no_rope_layers"),
    causal: true,
    cache: { layers: s.layers, heads: s.groups, width: s.headWidth },
    tokens: {
      vocabulary: s.vocabulary,
      maxLength: s.longest,
      firstPosition: 0,
      padId: s.pad ?? 0,
      lastSkips: s.pad,
      types: 0,
      readsWords: true,
      tableNames: { words: `${prefix}embed_tokens.weight` },
    },
    forward: (p, inputs, tokenLayout, o) => {
      const layout = tokenLayout!;
      const inside = prefix ? submodule(p, "model") : p;
      const blocks = decode(inside, s, inputs, layout, o.context);
      const last = rmsNorm(blocks.at(-1)!, weight(inside, "norm.weight"), s.epsilon);
      const hidden = [...blocks.slice(0, -1), last];
      if (head.task !== "causal-lm")
        return { hidden, last, ...decoderOutputs(head.task, p, "score", last, layout, s.classifierDropout, o) };
      return {
        hidden,
        last,
        logits: linearOp(
          wantedRows(last, o),
          s.tied ? weight(inside, "embed_tokens.weight") : weight(p, "lm_head.weight"),
        ),
      };
    },
  };
}
