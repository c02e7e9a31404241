// ModernBERT (Warner 2024, arXiv:2412.13663): pre-norm blocks without biases, rotary positions, gated feed-forward, and layers that
// see only their neighbourhood between those that see all. Knows token ids; not text, not files. Shapes as in bert.ts; S longest example.
import { ConcordError, hostArray } from "../base/index.ts";
import {
  type Config,
  field,
  flag,
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
  section,
  vocabularySize,
} from "../formats/index.ts";
import {
  add,
  constant,
  layerNorm as layerNormOp,
  linear as linearOp,
  mul,
  reshape,
  scope,
  slice,
  type Value,
} from "../graph/index.ts";
import {
  type Activation,
  activations,
  attend,
  embedding,
  type ForwardContext,
  type Layout,
  linear,
  neighbours,
  type Params,
  rotate,
  rotation,
  submodule,
  weight,
} from "../nn/index.ts";
import { encoderModel, type HeadInputs } from "./encoder.ts";
import type { Family } from "./heads.ts";
import type { ModelInputs, ModelParts, ParameterSpec, Task } from "./model.ts";
import { plainRope, type Rope, scaledRope } from "./rope.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;
const activation = oneOf(...(Object.keys(activations) as Activation[]));

function settingsOf(config: Config) {
  const width = field(config, "hidden_size", modelWidth);
  const heads = field(config, "num_attention_heads", headCount);
  const layers = field(config, "num_hidden_layers", layerCount);
  const positions = field(config, "max_position_embeddings", positionCount, 8192);
  if (width % heads || (width / heads) % 2)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "hidden_size / num_attention_heads is not an even whole number",
      got: `${width} and ${heads}`,
      path: config.path,
    });
  return {
    vocabulary: field(config, "vocab_size", vocabularySize),
    width,
    heads,
    layers,
    inner: field(config, "intermediate_size", modelWidth),
    positions,
    activation: field(config, "hidden_activation", activation, "gelu" as const),
    headActivation: field(config, "classifier_activation", activation, "gelu" as const),
    epsilon: field(config, "norm_eps", number(0, 1), 1e-5),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    padId: field(config, "pad_token_id", nullable(padToken), null) ?? 0,
    normBias: field(config, "norm_bias", flag, false),
    attentionBias: field(config, "attention_bias", flag, false),
    innerBias: field(config, "mlp_bias", flag, false),
    headBias: field(config, "classifier_bias", flag, false),
    outputBias: field(config, "decoder_bias", flag, true),
    embeddingDropout: field(config, "embedding_dropout", rate, 0),
    attentionDropout: field(config, "attention_dropout", rate, 0),
    innerDropout: field(config, "mlp_dropout", rate, 0),
    classifierDropout: field(config, "classifier_dropout", rate, 0),
    /** Places before and after a token that a layer of the second kind sees. */
    reach: Math.floor(field(config, "local_attention", integer(1, 2 ** 20), 128) / 2),
    local: localLayers(config, layers),
    ropes: ropesOf(config, width / heads, positions),
  };
}

/** Whether each layer sees only its neighbourhood: as listed, else all but each n-th from the first. */
function localLayers(config: Config, layers: number): boolean[] {
  const listed = field(
    config,
    "layer_types",
    nullable(list(oneOf("full_attention", "sliding_attention"), layers)),
    null,
  );
  const every = field(config, "global_attn_every_n_layers", layerCount, 3);
  return Array.from({ length: layers }, (_, i) => (listed ? listed[i] === "sliding_attention" : i % every !== 0));
}

/** Positions of the layers that see all, and of the others: `rope_parameters`, or the entries of Transformers 4. */
function ropesOf(config: Config, headWidth: number, positions: number): readonly [whole: Rope, local: Rope] {
  const theta = nullable(number(1, 1e12));
  const whole = field(config, "global_rope_theta", theta, null) ?? 160000;
  const local = field(config, "local_rope_theta", theta, null) ?? 10000;
  const given = section(config, "rope_parameters");
  const read = (name: string, base: number) => {
    const own = given && section(given, name);
    return own ? scaledRope(config, own, headWidth, positions, base) : plainRope(headWidth, base);
  };
  return [read("full_attention", whole), read("sliding_attention", local)];
}

function parametersOf(s: Settings, prefix: string, task: Task, outputs: number): ParameterSpec[] {
  const { linear: lin, norm, scale, table, vector } = specs(s.std);
  const normed = (name: string, head = false) =>
    s.normBias ? norm(name, s.width, head) : [{ ...scale(name, s.width), head }];
  const layer = (i: number) => {
    const at = `${prefix}layers.${i}`;
    return [
      ...(i === 0 ? [] : normed(`${at}.attn_norm`)),
      ...lin(`${at}.attn.Wqkv`, 3 * s.width, s.width, false, s.attentionBias),
      ...lin(`${at}.attn.Wo`, s.width, s.width, false, s.attentionBias),
      ...normed(`${at}.mlp_norm`),
      ...lin(`${at}.mlp.Wi`, 2 * s.inner, s.width, false, s.innerBias),
      ...lin(`${at}.mlp.Wo`, s.width, s.inner, false, s.innerBias),
    ];
  };
  const head = [...lin("head.dense", s.width, s.width, true, s.headBias), ...normed("head.norm", true)];
  const answers =
    task === "masked-lm"
      ? s.outputBias
        ? [vector("decoder.bias", s.vocabulary, true)]
        : []
      : lin("classifier", outputs, s.width, true);
  return [
    table(`${prefix}embeddings.tok_embeddings`, s.vocabulary, s.width, s.padId),
    ...normed(`${prefix}embeddings.norm`),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    ...normed(`${prefix}final_norm`),
    ...(task === "features" ? [] : [...head, ...answers]),
  ];
}

/** Layer normalisation whose bias may be absent. */
function normOf(p: Params, x: Value, s: Settings): Value {
  const bias = s.normBias ? weight(p, "bias") : constant(hostArray("float32", [s.width]));
  return layerNormOp(x, weight(p, "weight"), bias, s.epsilon);
}

function encode(p: Params, s: Settings, inputs: ModelInputs, layout: Layout, context: ForwardContext): Value[] {
  const [T, D] = [inputs.positions!.shape[0]!, s.width / s.heads];
  const turns = s.ropes.map(({ frequencies, factor }) => {
    const { cosine, sine } = rotation(inputs.positions!, frequencies, factor);
    return { cosine: reshape(cosine, [T, 1, D]), sine: reshape(sine, [T, 1, D]) };
  });
  const biases = [
    layout.scoreBias,
    s.local.includes(true) ? neighbours(layout, inputs.positions!, s.reach) : undefined,
  ];
  const e = submodule(p, "embeddings");
  const words = inputs.words ?? embedding(submodule(e, "tok_embeddings"), inputs.ids!, s.padId);
  const hidden = [context.dropout(normOf(submodule(e, "norm"), words, s), s.embeddingDropout)];
  for (let i = 0; i < s.layers; i++)
    scope(`layer ${i}`, () => {
      const l = submodule(p, `layers.${i}`);
      const x = hidden.at(-1)!;
      const kind = s.local[i] ? 1 : 0;
      const attended = scope("attention", () => {
        const normed = i === 0 ? x : normOf(submodule(l, "attn_norm"), x, s);
        const qkv = linear(submodule(l, "attn.Wqkv"), normed, context); // [T, 3H]
        const part = (j: number) => slice(qkv, 1, j * s.width, (j + 1) * s.width);
        const turned = (v: Value) =>
          layout.toHeads(reshape(rotate(reshape(v, [T, s.heads, D]), turns[kind]!), v.shape), s.heads);
        const values = layout.toHeads(part(2), s.heads);
        const mixed = attend(turned(part(0)), turned(part(1)), values, biases[kind]!, context, s.attentionDropout);
        const out = linear(submodule(l, "attn.Wo"), layout.fromHeads(mixed), context);
        return add(x, context.dropout(out, s.attentionDropout));
      });
      const wide = linear(submodule(l, "mlp.Wi"), normOf(submodule(l, "mlp_norm"), attended, s), context); // [T, 2·inner]
      const [value, gate] = [slice(wide, 1, 0, s.inner), slice(wide, 1, s.inner, 2 * s.inner)];
      const gated = context.dropout(mul(activations[s.activation](value), gate), s.innerDropout);
      hidden.push(add(attended, linear(submodule(l, "mlp.Wo"), gated, context)));
    });
  return hidden;
}

/** ModernBERT with the head that the config names. @throws E_CONFIG, E_MODEL */
export function modernbert(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  /** Rows [N, H] → [N, H]: dense, activation, norm. */
  const mixed = (rows: Value, { p, o }: HeadInputs) =>
    normOf(
      submodule(p, "head.norm"),
      activations[s.headActivation](linear(submodule(p, "head.dense"), rows, o.context)),
      s,
    );
  const dropped = (rows: Value, { o }: HeadInputs) => o.context.dropout(rows, s.classifierDropout);
  return encoderModel(config, family, ({ prefix, task, outputs }) => ({
    parameters: parametersOf(s, prefix, task, outputs),
    headCounts: [s.heads],
    layersDiffer: true, // the first has no norm before it
    tokens: {
      vocabulary: s.vocabulary,
      maxLength: s.positions,
      firstPosition: 0,
      padId: s.padId,
      types: 0,
      readsWords: true,
      tableNames: { words: `${prefix}embeddings.tok_embeddings.weight` },
    },
    encode: (encoder, inputs, layout, o) => {
      const blocks = encode(encoder, s, inputs, layout, o.context);
      return [...blocks.slice(0, -1), normOf(submodule(encoder, "final_norm"), blocks.at(-1)!, s)];
    },
    words: (rows, at) => dropped(mixed(rows, at), at),
    whole: (rows, at) => {
      const pooled = mixed(rows, at);
      return { pooled, logits: linear(submodule(at.p, "classifier"), dropped(pooled, at), at.o.context) };
    },
    masked: (rows, at) => {
      const bias = s.outputBias ? weight(at.p, "decoder.bias") : undefined;
      return linearOp(mixed(rows, at), weight(at.encoder, "embeddings.tok_embeddings.weight"), bias);
    },
  }));
}
