// The Llama-style decoder (Touvron 2023, arXiv:2302.13971): RMS norms, rotary positions, grouped keys and values, gated
// feed-forward. For language modelling, and with heads for texts and words. Knows token ids; not text, not files.
// Shapes: T token rows, H width, A heads, K key/value heads, D head width, V vocabulary.
import { ConcordError } from "../base/index.ts";
import {
  type Config,
  field,
  flag,
  headCount,
  layerCount,
  modelWidth,
  nullable,
  number,
  oneOf,
  padToken,
  positionCount,
  rate,
  section,
  text,
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
  rotaryFrequencies,
  rotate,
  rotation,
  submodule,
  weight,
} from "../nn/index.ts";
import { wantedRows } from "./bert.ts";
import { decoderHead, decoderOutputs } from "./decoder-heads.ts";
import { type Family, headOf } from "./heads.ts";
import type { ModelInputs, ModelParts, ParameterSpec } from "./model.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(config: Config) {
  const width = field(config, "hidden_size", modelWidth);
  const heads = field(config, "num_attention_heads", headCount);
  const groups = field(config, "num_key_value_heads", nullable(headCount), null) ?? heads;
  const headWidth = field(config, "head_dim", nullable(modelWidth), null) ?? width / heads;
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
  return {
    vocabulary: field(config, "vocab_size", vocabularySize),
    width,
    heads,
    groups,
    headWidth,
    layers: field(config, "num_hidden_layers", layerCount),
    inner: field(config, "intermediate_size", modelWidth),
    positions,
    activation: field(config, "hidden_act", oneOf(...(Object.keys(activations) as Activation[])), "silu" as const),
    epsilon: field(config, "rms_norm_eps", number(0, 1), 1e-6),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    pad: field(config, "pad_token_id", nullable(padToken), null) ?? undefined,
    classifierDropout: field(config, "classifier_dropout", nullable(rate), null) ?? 0.1,
    frequencies: frequenciesOf(config, headWidth, positions),
    attentionBias: field(config, "attention_bias", flag, false),
    innerBias: field(config, "mlp_bias", flag, false),
    tied: field(config, "tie_word_embeddings", flag, false),
    attentionDropout: field(config, "attention_dropout", rate, 0),
  };
}

/** `rope_parameters`, which before Transformers 5 was `rope_scaling` beside `rope_theta`; `type` is the older name of `rope_type`. */
function frequenciesOf(config: Config, headWidth: number, positions: number): Float32Array<ArrayBuffer> {
  const rope = section(config, "rope_parameters") ?? section(config, "rope_scaling");
  const theta = field(config, "rope_theta", nullable(number(1, 1e12)), null) ?? 10000;
  if (!rope) return rotaryFrequencies(headWidth, theta);
  const type = field(rope, "rope_type", nullable(text), null) ?? field(rope, "type", nullable(text), null) ?? "default";
  const base = field(rope, "rope_theta", nullable(number(1, 1e12)), null) ?? theta;
  const known = ["rope_type", "type", "rope_theta", "factor", "partial_rotary_factor", ...llama3Entries];
  const odd = Object.keys(rope.entries).find((name) => !known.includes(name) && rope.entries[name] !== null);
  if (!["default", "linear", "llama3"].includes(type) || odd !== undefined || turnsPart(rope))
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "this rotary scaling is not covered",
      expected: "default, linear or llama3, over the whole head",
      got: odd === undefined || type !== "default" ? type : odd,
      path: rope.path,
    });
  if (type === "default") return rotaryFrequencies(headWidth, base);
  const factor = field(rope, "factor", number(1, 1e6));
  if (type === "linear") return rotaryFrequencies(headWidth, base, { type, factor });
  const original = field(config, "original_max_position_embeddings", positionCount, undefined);
  return rotaryFrequencies(headWidth, base, {
    type: "llama3",
    factor,
    low: field(rope, "low_freq_factor", number(1e-6, 1e6)),
    high: field(rope, "high_freq_factor", number(1e-6, 1e6)),
    original: original ?? field(rope, "original_max_position_embeddings", positionCount, positions),
  });
}

const llama3Entries = ["low_freq_factor", "high_freq_factor", "original_max_position_embeddings"];
const turnsPart = (rope: Config): boolean =>
  (field(rope, "partial_rotary_factor", nullable(number(0, 1)), null) ?? 1) !== 1;

function parametersOf(s: Settings, prefix: string, head: boolean): ParameterSpec[] {
  const { linear: lin, scale, table } = specs(s.std);
  const layer = (i: number) => {
    const at = `${prefix}layers.${i}`;
    const [all, some] = [s.heads * s.headWidth, s.groups * s.headWidth];
    const attention: [string, number, number][] = [
      ["q_proj", all, s.width],
      ["k_proj", some, s.width],
      ["v_proj", some, s.width],
      ["o_proj", s.width, all],
    ];
    const inner: [string, number, number][] = [
      ["gate_proj", s.inner, s.width],
      ["up_proj", s.inner, s.width],
      ["down_proj", s.width, s.inner],
    ];
    return [
      scale(`${at}.input_layernorm`, s.width),
      ...attention.flatMap(([n, outs, ins]) => lin(`${at}.self_attn.${n}`, outs, ins, false, s.attentionBias)),
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
  const { cosine, sine } = rotation(inputs.positions!, s.frequencies); // [T, D]
  const [T, D] = [inputs.positions!.shape[0]!, s.headWidth];
  const turn = { cosine: reshape(cosine, [T, 1, D]), sine: reshape(sine, [T, 1, D]) };
  /** Rows [T, heads·D], each head rotated by its position. */
  const turned = (x: Value, heads: number) => reshape(rotate(reshape(x, [T, heads, D]), turn), x.shape);
  const hidden = [embedding(submodule(p, "embed_tokens"), inputs.ids!)];
  for (let i = 0; i < s.layers; i++)
    scope(`layer ${i}`, () => {
      const l = submodule(p, `layers.${i}`);
      const x = hidden.at(-1)!;
      const project = (name: string, v: Value) => linear(submodule(l, name), v, context);
      const attended = scope("attention", () => {
        const normed = norm(submodule(l, "input_layernorm"), x);
        const q = layout.toHeads(turned(project("self_attn.q_proj", normed), s.heads), s.heads);
        const turnedKeys = turned(project("self_attn.k_proj", normed), s.groups);
        const [k, v] = keysAndValues(layout, s.groups, turnedKeys, project("self_attn.v_proj", normed));
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
export function llama(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  return {
    ...head,
    prefix,
    parameters: [...parametersOf(s, prefix, head.task === "causal-lm"), ...decoderHead(head, s, "score")],
    headCounts: [s.heads, s.groups],
    causal: true,
    cache: { layers: s.layers, heads: s.groups, width: s.headWidth },
    tokens: {
      vocabulary: s.vocabulary,
      maxLength: s.positions,
      firstPosition: 0,
      padId: s.pad ?? 0,
      lastSkips: s.pad,
      types: 0,
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
