// A transformer encoder of series in patches (as PatchTST, Nie 2022, arXiv:2211.14730, and Chronos-Bolt): the history and the steps to come
// stand in one row of patches; the head gives quantiles of each step to come, beside a linear forecast of the history (as TiDE has, Das 2023,
// arXiv:2304.08424). Reads numbers that are already on their own scale; knows no
// stamp and no file. Shapes: B series, C channels, P steps of a patch, N patches, T = B·N rows, H width, Q quantiles.
import { ConcordError, hostArray } from "../base/index.ts";
import {
  type Config,
  field,
  headCount,
  integer,
  layerCount,
  list,
  modelWidth,
  number,
  rate,
} from "../formats/index.ts";
import { add, broadcastTo, constant, mulDims, reshape, scope, slice, transpose, type Value } from "../graph/index.ts";
import {
  activations,
  attendRows,
  type ForwardContext,
  type Layout,
  layerNorm,
  linear,
  type Params,
  paddedLayout,
  submodule,
  weight,
} from "../nn/index.ts";
import { type Family, headOf } from "./heads.ts";
import type { ModelParts, ParameterSpec, SeriesForm } from "./model.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;

/** Most steps of a history, or of what is predicted. */
const mostSteps = 16_384;
const levels = {
  expected: "levels between 0 and 1, ascending, with 0.5 among them",
  take: (value: unknown) => {
    const found = list(number(0, 1), 99).take(value as never);
    const fits = found?.every((level, i) => level > 0 && level < 1 && (i === 0 || level > found[i - 1]!));
    return fits && found!.includes(0.5) ? found : undefined;
  },
};

function settingsOf(config: Config) {
  const s = {
    context: field(config, "context_length", integer(1, mostSteps)),
    horizon: field(config, "prediction_length", integer(1, mostSteps)),
    patch: field(config, "patch_length", integer(1, 1024)),
    channels: field(config, "num_input_channels", integer(2, 1024)),
    quantiles: field(config, "quantiles", levels),
    width: field(config, "hidden_size", modelWidth),
    layers: field(config, "num_hidden_layers", layerCount),
    heads: field(config, "num_attention_heads", headCount),
    inner: field(config, "intermediate_size", modelWidth),
    epsilon: field(config, "layer_norm_eps", number(0, 1), 1e-5),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    dropout: field(config, "hidden_dropout_prob", rate, 0),
    attentionDropout: field(config, "attention_probs_dropout_prob", rate, 0),
  };
  if (s.width % s.heads)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "hidden_size must be a multiple of num_attention_heads",
      got: `${s.width}, ${s.heads}`,
      path: config.path,
    });
  const past = Math.ceil(s.context / s.patch);
  const future = Math.ceil(s.horizon / s.patch);
  return { ...s, past, future, patches: past + future };
}

/** Steps that a model reads, its history and what it predicts both filled up to whole patches. */
const stepsOf = ({ patches, patch }: Settings): number => patches * patch;

function parametersOf(s: Settings, prefix: string, hasHead: boolean): ParameterSpec[] {
  const { array, linear: lin, norm } = specs(s.std);
  const layer = (i: number) => {
    const at = `${prefix}encoder.layer.${i}`;
    return [
      ...norm(`${at}.norm1`, s.width),
      ...["query", "key", "value", "output"].flatMap((n) => lin(`${at}.attention.${n}`, s.width, s.width)),
      ...norm(`${at}.norm2`, s.width),
      ...lin(`${at}.intermediate`, s.inner, s.width),
      ...lin(`${at}.output`, s.width, s.inner),
    ];
  };
  return [
    ...lin(`${prefix}embeddings.patches`, s.width, s.channels * s.patch),
    array(`${prefix}embeddings.positions`, [1, s.patches, s.width]),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    ...norm(`${prefix}norm`, s.width),
    ...(hasHead
      ? [...lin("quantiles", s.patch * s.quantiles.length, s.width, true), ...lin("direct", s.horizon, s.context, true)]
      : []),
  ];
}

/** Channels of numbers [B, C, N·P] → rows [B·N, H]. */
function patchRows(p: Params, s: Settings, series: Value, context: ForwardContext): Value {
  const batch = series.shape[0]!;
  const cut = transpose(reshape(series, [batch, s.channels, s.patches, s.patch]), [0, 2, 1, 3]); // [B, N, C, P]
  const rows = linear(
    submodule(p, "patches"),
    reshape(cut, [mulDims(batch, s.patches), s.channels * s.patch]),
    context,
  );
  const places = broadcastTo(weight(p, "positions"), [batch, s.patches, s.width]);
  const placed = add(reshape(rows, [batch, s.patches, s.width]), places);
  return context.dropout(reshape(placed, [mulDims(batch, s.patches), s.width]), s.dropout);
}

function block(l: Params, x: Value, layout: Layout, s: Settings, context: ForwardContext): Value {
  const normed = layerNorm(submodule(l, "norm1"), x, s.epsilon);
  const of = (name: string) => linear(submodule(l, `attention.${name}`), normed, context);
  const rows = attendRows(layout, s.heads, of("query"), of("key"), of("value"), context, s.attentionDropout);
  const attended = add(x, context.dropout(linear(submodule(l, "attention.output"), rows, context), s.dropout));
  const wide = activations.gelu(
    linear(submodule(l, "intermediate"), layerNorm(submodule(l, "norm2"), attended, s.epsilon), context),
  );
  return add(attended, context.dropout(linear(submodule(l, "output"), wide, context), s.dropout));
}

/** Rows → quantiles of the steps to come, [B, horizon · Q], all quantiles of the first step first. */
function quantilesOf(
  p: Params,
  s: Settings,
  { last, series }: { readonly last: Value; readonly series: Value },
  context: ForwardContext,
): Value {
  const batch = series.shape[0]!;
  const rows = reshape(last, [batch, s.patches, s.width]);
  const future = reshape(slice(rows, 1, s.past, s.patches), [mulDims(batch, s.future), s.width]);
  const given = linear(submodule(p, "quantiles"), future, context); // [B·F, P·Q]
  const count = s.quantiles.length;
  const steps = slice(reshape(given, [batch, s.future * s.patch, count]), 1, 0, s.horizon); // [B, horizon, Q]
  const values = reshape(slice(series, 1, 0, 1), [batch, stepsOf(s)]);
  const end = s.past * s.patch;
  const direct = linear(submodule(p, "direct"), slice(values, 1, end - s.context, end), context); // [B, horizon]
  const moved = add(steps, broadcastTo(reshape(direct, [batch, s.horizon, 1]), [batch, s.horizon, count]));
  return reshape(moved, [batch, s.horizon * count]);
}

/** The encoder with its head for quantiles, or bare. @throws E_CONFIG, E_MODEL */
export function seriesPatches(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  const series: SeriesForm = {
    context: s.context,
    horizon: s.horizon,
    channels: s.channels,
    quantiles: s.quantiles,
    before: s.past * s.patch,
    steps: stepsOf(s),
  };
  return {
    ...head,
    prefix,
    parameters: parametersOf(s, prefix, head.task !== "features"),
    headCounts: [s.heads],
    causal: false,
    series,
    array: { name: "series", exported: "series_values", shape: [s.channels, stepsOf(s)] },
    forward: (p, inputs, _layout, o) => {
      const inside = prefix ? submodule(p, prefix.slice(0, -1)) : p;
      const batch = inputs.series!.shape[0]!;
      const layout = paddedLayout(batch, s.patches, constant(hostArray("float32", [1, 1, 1, 1])));
      const hidden = [
        scope("embeddings", () => patchRows(submodule(inside, "embeddings"), s, inputs.series!, o.context)),
      ];
      for (let i = 0; i < s.layers; i++)
        scope(`layer ${i}`, () => {
          hidden.push(block(submodule(inside, `encoder.layer.${i}`), hidden.at(-1)!, layout, s, o.context));
        });
      const last = layerNorm(submodule(inside, "norm"), hidden.at(-1)!, s.epsilon);
      const pooled = reshape(slice(reshape(last, [batch, s.patches, s.width]), 1, s.past - 1, s.past), [
        batch,
        s.width,
      ]);
      if (head.task === "features") return { hidden, last, pooled };
      return { hidden, last, pooled, logits: quantilesOf(p, s, { last, series: inputs.series! }, o.context) };
    },
  };
}
