// DINOv2 (Oquab 2023, arXiv:2304.07193): ViT's block with a learned scale on what each half adds; its classifier reads the class token
// beside the mean of the patches. Knows pixels; not files. Shapes: B images, N patches + 1, T = B·N rows, H width.
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
import { add, concat, constant, mean, mul, reshape, scope, slice, type Value } from "../graph/index.ts";
import {
  type Activation,
  activations,
  attendRows,
  type ForwardContext,
  type Layout,
  layerNorm,
  linear,
  type Params,
  paddedLayout,
  silu,
  submodule,
  weight,
} from "../nn/index.ts";
import { type Family, headOf } from "./heads.ts";
import type { ModelParts, ParameterSpec } from "./model.ts";
import { specs } from "./specs.ts";
import { patchRows } from "./vit.ts";

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(config: Config) {
  const width = field(config, "hidden_size", modelWidth, 768);
  const heads = field(config, "num_attention_heads", headCount, 12);
  const [side, patch] = [field(config, "image_size", imageSide, 224), field(config, "patch_size", imageSide, 14)];
  const inner = Math.trunc(width * field(config, "mlp_ratio", number(0.01, 64), 4));
  const gated = field(config, "use_swiglu_ffn", flag, false);
  if (side % patch || width % heads)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "image_size must be a multiple of patch_size, and hidden_size of num_attention_heads",
      got: `${side}, ${patch}; ${width}, ${heads}`,
      path: config.path,
    });
  return {
    width,
    heads,
    layers: field(config, "num_hidden_layers", layerCount, 12),
    gated,
    // two thirds of the width where the feed-forward part is gated, rounded up to a multiple of 8
    inner: gated ? Math.floor((Math.trunc((inner * 2) / 3) + 7) / 8) * 8 : inner,
    side,
    patch,
    grid: side / patch,
    channels: field(config, "num_channels", imageSide, 3),
    activation: field(config, "hidden_act", oneOf(...(Object.keys(activations) as Activation[])), "gelu" as const),
    epsilon: field(config, "layer_norm_eps", number(0, 1), 1e-6),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    qkvBias: field(config, "qkv_bias", flag, true),
    maskToken: field(config, "use_mask_token", flag, true),
    hiddenDropout: field(config, "hidden_dropout_prob", rate, 0),
    attentionDropout: field(config, "attention_probs_dropout_prob", rate, 0),
  };
}

function parametersOf(s: Settings, prefix: string, outputs: number): ParameterSpec[] {
  const { array, linear: lin, norm, ones, vector } = specs(s.std);
  const e = `${prefix}embeddings`;
  const layer = (i: number) => {
    const at = `${prefix}encoder.layer.${i}`;
    return [
      ...norm(`${at}.norm1`, s.width),
      ...["query", "key", "value"].flatMap((n) =>
        lin(`${at}.attention.attention.${n}`, s.width, s.width, false, s.qkvBias),
      ),
      ...lin(`${at}.attention.output.dense`, s.width, s.width),
      ones(`${at}.layer_scale1.lambda1`, s.width),
      ...norm(`${at}.norm2`, s.width),
      ...lin(`${at}.mlp.${s.gated ? "weights_in" : "fc1"}`, s.gated ? 2 * s.inner : s.inner, s.width),
      ...lin(`${at}.mlp.${s.gated ? "weights_out" : "fc2"}`, s.width, s.inner),
      ones(`${at}.layer_scale2.lambda1`, s.width),
    ];
  };
  return [
    array(`${e}.cls_token`, [1, 1, s.width]),
    ...(s.maskToken ? [array(`${e}.mask_token`, [1, s.width])] : []), // of pretraining; kept, never read
    array(`${e}.position_embeddings`, [1, s.grid ** 2 + 1, s.width]),
    array(`${e}.patch_embeddings.projection.weight`, [s.width, s.channels, s.patch, s.patch]),
    vector(`${e}.patch_embeddings.projection.bias`, s.width),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    ...norm(`${prefix}layernorm`, s.width),
    ...(outputs > 0 ? lin("classifier", outputs, 2 * s.width, true) : []),
  ];
}

function block(l: Params, x: Value, layout: Layout, s: Settings, context: ForwardContext): Value {
  const normed = layerNorm(submodule(l, "norm1"), x, s.epsilon);
  const [q, k, v] = ["query", "key", "value"].map((n) =>
    linear(submodule(l, `attention.attention.${n}`), normed, context),
  ) as [Value, Value, Value];
  const rows = attendRows(layout, s.heads, q, k, v, context, s.attentionDropout);
  const mixed = context.dropout(linear(submodule(l, "attention.output.dense"), rows, context), s.hiddenDropout);
  const attended = add(x, mul(mixed, weight(l, "layer_scale1.lambda1")));
  const again = layerNorm(submodule(l, "norm2"), attended, s.epsilon);
  return add(attended, mul(feedForward(submodule(l, "mlp"), again, s, context), weight(l, "layer_scale2.lambda1")));
}

function feedForward(p: Params, x: Value, s: Settings, context: ForwardContext): Value {
  if (!s.gated)
    return linear(submodule(p, "fc2"), activations[s.activation](linear(submodule(p, "fc1"), x, context)), context);
  const wide = linear(submodule(p, "weights_in"), x, context);
  const gated = mul(silu(slice(wide, 1, 0, s.inner)), slice(wide, 1, s.inner, 2 * s.inner));
  return linear(submodule(p, "weights_out"), gated, context);
}

/** DINOv2 with an image classifier, or bare. @throws E_CONFIG, E_MODEL */
export function dinov2(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  const count = s.grid ** 2 + 1;
  return {
    ...head,
    prefix,
    parameters: parametersOf(s, prefix, head.outputs),
    headCounts: [s.heads],
    causal: false,
    image: { channels: s.channels, side: s.side, rows: count },
    array: { name: "pixels", exported: "pixel_values", shape: [s.channels, s.side, s.side] },
    forward: (p, inputs, _layout, o) => {
      const inside = prefix ? submodule(p, prefix.slice(0, -1)) : p;
      const batch = inputs.pixels!.shape[0]!;
      const layout = paddedLayout(batch, count, constant(hostArray("float32", [1, 1, 1, 1])));
      const embeddings = submodule(inside, "embeddings");
      const hidden = [scope("embeddings", () => patchRows(embeddings, s, ["cls_token"], inputs.pixels!, o.context))];
      for (let i = 0; i < s.layers; i++)
        scope(`layer ${i}`, () => {
          hidden.push(block(submodule(inside, `encoder.layer.${i}`), hidden.at(-1)!, layout, s, o.context));
        });
      const last = layerNorm(submodule(inside, "layernorm"), hidden.at(-1)!, s.epsilon);
      const first = layout.first(last); // [B, H]
      if (head.task === "features") return { hidden, last, pooled: first };
      const patches = slice(reshape(last, [batch, count, s.width]), 1, 1, count);
      const pooled = concat([first, mean(patches, { axes: [1] })], 1); // [B, 2H]
      return { hidden, last, pooled, logits: linear(submodule(p, "classifier"), pooled, o.context) };
    },
  };
}
