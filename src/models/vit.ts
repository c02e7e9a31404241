// ViT (Dosovitskiy 2020, arXiv:2010.11929): patches as a reshape and a product, then pre-norm blocks. DeiT (Touvron 2020, arXiv:2012.12877)
// has a second token in front. Knows pixels; not files.
// Shapes: B images, C channels, P patch side, N patches + 1, T = B·N rows, H width.
import { ConcordError, hostArray } from "../base/index.ts";
import {
  type Config,
  field,
  flag,
  headCount,
  imageSide,
  layerCount,
  modelWidth,
  number,
  oneOf,
  rate,
} from "../formats/index.ts";
import {
  add,
  broadcastTo,
  concat,
  constant,
  type Dim,
  linear as linearOp,
  mulDims,
  reshape,
  scope,
  transpose,
  type Value,
} from "../graph/index.ts";
import {
  type Activation,
  activations,
  attendRows,
  type ForwardContext,
  layerNorm,
  linear,
  type Params,
  paddedLayout,
  submodule,
  weight,
} from "../nn/index.ts";
import { type Family, hasPooler, headOf } from "./heads.ts";
import type { ModelParts, ParameterSpec } from "./model.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(config: Config) {
  const s = {
    width: field(config, "hidden_size", modelWidth),
    layers: field(config, "num_hidden_layers", layerCount),
    heads: field(config, "num_attention_heads", headCount),
    inner: field(config, "intermediate_size", modelWidth),
    side: field(config, "image_size", imageSide, 224),
    patch: field(config, "patch_size", imageSide, 16),
    channels: field(config, "num_channels", imageSide, 3),
    activation: field(config, "hidden_act", oneOf(...(Object.keys(activations) as Activation[])), "gelu" as const),
    epsilon: field(config, "layer_norm_eps", number(0, 1), 1e-12),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    qkvBias: field(config, "qkv_bias", flag, true),
    hiddenDropout: field(config, "hidden_dropout_prob", rate, 0),
    attentionDropout: field(config, "attention_probs_dropout_prob", rate, 0),
  };
  if (s.side % s.patch || s.width % s.heads)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "image_size must be a multiple of patch_size, and hidden_size of num_attention_heads",
      got: `${s.side}, ${s.patch}; ${s.width}, ${s.heads}`,
      path: config.path,
    });
  return { ...s, grid: s.side / s.patch };
}

/** What a model of this shape has that ViT has not. */
export interface VitStyle {
  /** A token of a teacher's answers after the class token, which heads do not read. Default false. */
  readonly distillationToken?: boolean;
}

function parametersOf(
  s: Settings,
  tokens: readonly string[],
  prefix: string,
  outputs: number,
  pooler: boolean,
): ParameterSpec[] {
  const { array, linear: lin, norm, vector } = specs(s.std);
  const e = `${prefix}embeddings`;
  const layer = (i: number) => {
    const at = `${prefix}encoder.layer.${i}`;
    return [
      ...["query", "key", "value"].flatMap((n) =>
        lin(`${at}.attention.attention.${n}`, s.width, s.width, false, s.qkvBias),
      ),
      ...lin(`${at}.attention.output.dense`, s.width, s.width),
      ...norm(`${at}.layernorm_before`, s.width),
      ...lin(`${at}.intermediate.dense`, s.inner, s.width),
      ...lin(`${at}.output.dense`, s.width, s.inner),
      ...norm(`${at}.layernorm_after`, s.width),
    ];
  };
  return [
    ...tokens.map((token) => array(`${e}.${token}`, [1, 1, s.width])),
    array(`${e}.position_embeddings`, [1, s.grid ** 2 + tokens.length, s.width]),
    array(`${e}.patch_embeddings.projection.weight`, [s.width, s.channels, s.patch, s.patch]),
    vector(`${e}.patch_embeddings.projection.bias`, s.width),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    ...norm(`${prefix}layernorm`, s.width),
    ...(outputs > 0 ? lin("classifier", outputs, s.width, true) : []),
    ...(outputs === 0 && pooler ? lin("pooler.dense", s.width, s.width, true) : []),
  ];
}

/** What cutting an image asks of a model. */
interface PatchSettings {
  readonly width: number;
  readonly channels: number;
  readonly grid: number;
  readonly patch: number;
  readonly hiddenDropout: number;
}

/**
 * Images [B, C, side, side] → rows [B·N, H]: patches flattened, projected, the tokens in front, positions added.
 * @param tokens names of the arrays that stand in front
 */
export function patchRows(
  p: Params,
  s: PatchSettings,
  tokens: readonly string[],
  pixels: Value,
  context: ForwardContext,
): Value {
  const batch = pixels.shape[0]!;
  const cut = transpose(reshape(pixels, [batch, s.channels, s.grid, s.patch, s.grid, s.patch]), [0, 2, 4, 1, 3, 5]);
  const patches = reshape(cut, [mulDims(batch, s.grid ** 2), s.channels * s.patch ** 2]);
  const kernel = reshape(weight(p, "patch_embeddings.projection.weight"), [s.width, s.channels * s.patch ** 2]);
  const projected = reshape(linearOp(patches, kernel, weight(p, "patch_embeddings.projection.bias")), [
    batch,
    s.grid ** 2,
    s.width,
  ]);
  const front = tokens.map((token) => broadcastTo(weight(p, token), [batch, 1, s.width]));
  const rows = add(concat([...front, projected], 1), weight(p, "position_embeddings"));
  return context.dropout(reshape(rows, [mulDims(batch, s.grid ** 2 + tokens.length), s.width]), s.hiddenDropout);
}

/** ViT with an image classifier, or bare. @throws E_CONFIG, E_MODEL */
export function vit(config: Config, family: Family, style: VitStyle = {}): ModelParts {
  const s = settingsOf(config);
  const tokens = style.distillationToken ? ["cls_token", "distillation_token"] : ["cls_token"];
  const count = s.grid ** 2 + tokens.length;
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  return {
    ...head,
    prefix,
    parameters: parametersOf(s, tokens, prefix, head.outputs, hasPooler(config)),
    headCounts: [s.heads],
    causal: false,
    image: { channels: s.channels, side: s.side, rows: count },
    array: { name: "pixels", exported: "pixel_values", shape: [s.channels, s.side, s.side] },
    forward: (p, inputs, _layout, o) => {
      const inside = prefix ? submodule(p, prefix.slice(0, -1)) : p;
      const batch: Dim = inputs.pixels!.shape[0]!;
      const layout = paddedLayout(batch, count, constant(hostArray("float32", [1, 1, 1, 1])));
      const embeddings = submodule(inside, "embeddings");
      const hidden = [scope("embeddings", () => patchRows(embeddings, s, tokens, inputs.pixels!, o.context))];
      for (let i = 0; i < s.layers; i++)
        scope(`layer ${i}`, () => {
          const l = submodule(inside, `encoder.layer.${i}`);
          const x = hidden.at(-1)!;
          const normed = layerNorm(submodule(l, "layernorm_before"), x, s.epsilon);
          const [q, k, v] = ["query", "key", "value"].map((n) =>
            linear(submodule(l, `attention.attention.${n}`), normed, o.context),
          ) as [Value, Value, Value];
          const mixed = linear(
            submodule(l, "attention.output.dense"),
            attendRows(layout, s.heads, q, k, v, o.context, s.attentionDropout),
            o.context,
          );
          const attended = add(x, o.context.dropout(mixed, s.hiddenDropout));
          const wide = activations[s.activation](
            linear(
              submodule(l, "intermediate.dense"),
              layerNorm(submodule(l, "layernorm_after"), attended, s.epsilon),
              o.context,
            ),
          );
          hidden.push(
            add(attended, o.context.dropout(linear(submodule(l, "output.dense"), wide, o.context), s.hiddenDropout)),
          );
        });
      const last = layerNorm(submodule(inside, "layernorm"), hidden.at(-1)!, s.epsilon);
      const first = layout.first(last); // [B, H]
      if (head.task === "features" && !hasPooler(config)) return { hidden, last };
      if (head.task === "features")
        return { hidden, last, pooled: activations.tanh(linear(submodule(p, "pooler.dense"), first, o.context)) };
      return { hidden, last, pooled: first, logits: linear(submodule(p, "classifier"), first, o.context) };
    },
  };
}
