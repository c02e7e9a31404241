// ALBERT (Lan 2019, arXiv:1909.11942): BERT's block with weights that layers share, and narrow embeddings. Knows token ids; not text, not files.
// Shapes as in bert.ts; E embedding width.
import { ConcordError } from "../base/index.ts";
import { type Config, field, integer, rate } from "../formats/index.ts";
import { add, scope, tanh, type Value } from "../graph/index.ts";
import {
  embedding,
  type ForwardContext,
  type Layout,
  layerNorm,
  linear,
  type Params,
  postNormBlock,
  submodule,
} from "../nn/index.ts";
import { bertSettings, tableNames } from "./bert.ts";
import { encoderModel, type HeadInputs, maskedHead } from "./encoder.ts";
import { type Family, hasPooler } from "./heads.ts";
import type { ModelInputs, ModelParts, ParameterSpec, Task } from "./model.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(config: Config) {
  const s = bertSettings(config, { epsilon: 1e-12, padId: 0, activation: "gelu_new" });
  const groups = field(config, "num_hidden_groups", integer(1, s.layers), 1);
  if (s.layers % groups)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "num_hidden_layers is not a multiple of num_hidden_groups",
      got: `${s.layers} and ${groups}`,
      path: config.path,
    });
  return {
    ...s,
    groups,
    /** Blocks of a group, which each of its layers runs in turn. */
    blocks: field(config, "inner_group_num", integer(1, 64), 1),
    classifierDropout: field(config, "classifier_dropout_prob", rate, 0.1),
  };
}

function encoderSpecs(s: Settings, prefix: string): ParameterSpec[] {
  const { linear: lin, norm, table } = specs(s.std);
  const block = (group: number, k: number) => {
    const at = `${prefix}encoder.albert_layer_groups.${group}.albert_layers.${k}`;
    return [
      ...norm(`${at}.full_layer_layer_norm`, s.width),
      ...["query", "key", "value", "dense"].flatMap((n) => lin(`${at}.attention.${n}`, s.width, s.width)),
      ...norm(`${at}.attention.LayerNorm`, s.width),
      ...lin(`${at}.ffn`, s.inner, s.width),
      ...lin(`${at}.ffn_output`, s.width, s.inner),
    ];
  };
  const places = Array.from(
    { length: s.groups * s.blocks },
    (_, i) => [Math.floor(i / s.blocks), i % s.blocks] as const,
  );
  return [
    table(`${prefix}embeddings.word_embeddings`, s.vocabulary, s.embedded, s.padId),
    table(`${prefix}embeddings.position_embeddings`, s.positions, s.embedded),
    table(`${prefix}embeddings.token_type_embeddings`, s.types, s.embedded),
    ...norm(`${prefix}embeddings.LayerNorm`, s.embedded),
    ...lin(`${prefix}encoder.embedding_hidden_mapping_in`, s.width, s.embedded),
    ...places.flatMap(([group, k]) => block(group, k)),
  ];
}

function headSpecs(s: Settings, prefix: string, task: Task, outputs: number, pools: boolean): ParameterSpec[] {
  const { linear: lin, norm, vector } = specs(s.std);
  if (task === "token") return lin("classifier", outputs, s.width, true);
  if (task === "masked-lm")
    return [
      ...lin("predictions.dense", s.embedded, s.width, true),
      ...norm("predictions.LayerNorm", s.embedded, true),
      vector("predictions.bias", s.vocabulary, true),
    ];
  return [
    ...(pools ? lin(`${prefix}pooler`, s.width, s.width, true) : []),
    ...(task === "features" ? [] : lin("classifier", outputs, s.width, true)),
  ];
}

/** Rows of all hidden states; the last only for first rows when `firstOnly`. */
function encode(
  p: Params,
  s: Settings,
  inputs: ModelInputs,
  layout: Layout,
  context: ForwardContext,
  firstOnly: boolean,
): Value[] {
  const first = scope("embeddings", () => {
    const e = submodule(p, "embeddings");
    const words = inputs.words ?? embedding(submodule(e, "word_embeddings"), inputs.ids!, s.padId); // [T, E]
    const types = embedding(submodule(e, "token_type_embeddings"), inputs.types!);
    const sum = add(add(words, types), embedding(submodule(e, "position_embeddings"), inputs.positions!));
    const rows = context.dropout(layerNorm(submodule(e, "LayerNorm"), sum, s.epsilon), s.hiddenDropout);
    return linear(submodule(p, "encoder.embedding_hidden_mapping_in"), rows, context); // [T, H]
  });
  const hidden = [first];
  for (let i = 0; i < s.layers; i++) {
    const group = Math.floor(i / (s.layers / s.groups));
    const blocks = Array.from({ length: s.blocks }, (_, k) =>
      submodule(p, `encoder.albert_layer_groups.${group}.albert_layers.${k}`),
    );
    const out = scope(`layer ${i}`, () =>
      blocks.reduce((x, l, k) => {
        const last = i === s.layers - 1 && k === s.blocks - 1;
        return albertBlock(l, x, layout, s, context, firstOnly && last);
      }, hidden.at(-1)!),
    );
    hidden.push(out);
  }
  return hidden;
}

/** One block; nothing is dropped after its feed-forward part. */
function albertBlock(l: Params, x: Value, layout: Layout, s: Settings, context: ForwardContext, firstOnly: boolean) {
  const at = (path: string) => submodule(l, path);
  const block = {
    query: at("attention.query"),
    key: at("attention.key"),
    value: at("attention.value"),
    output: at("attention.dense"),
    attentionNorm: at("attention.LayerNorm"),
    up: at("ffn"),
    down: at("ffn_output"),
    outputNorm: at("full_layer_layer_norm"),
  };
  const dropouts = { hiddenDropout: 0, attentionOutputDropout: s.hiddenDropout };
  return postNormBlock(block, x, layout, { ...s, ...dropouts, firstOnly }, context);
}

/** ALBERT with the head that the config names. @throws E_CONFIG, E_MODEL */
export function albert(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  return encoderModel(config, family, ({ prefix, task, outputs, pooling }) => {
    const pools = pooling === "cls" && (task !== "features" || hasPooler(config));
    const pooler = (rows: Value, { encoder, o }: HeadInputs) =>
      scope("pooler", () => tanh(linear(submodule(encoder, "pooler"), rows, o.context)));
    return {
      parameters: [...encoderSpecs(s, prefix), ...headSpecs(s, prefix, task, outputs, pools)],
      headCounts: [s.heads],
      layersDiffer: true, // groups of them share weights
      tokens: {
        vocabulary: s.vocabulary,
        maxLength: s.positions,
        firstPosition: 0,
        padId: s.padId,
        types: s.types,
        readsWords: true,
        tableNames: tableNames(prefix),
      },
      encode: (encoder, inputs, layout, o, firstOnly) => encode(encoder, s, inputs, layout, o.context, firstOnly),
      takesFirstOnly: true,
      words: (rows, { o }) => o.context.dropout(rows, s.classifierDropout),
      whole: (rows, at) => {
        const pooled = pools ? pooler(rows, at) : rows;
        const dropped = at.o.context.dropout(pooled, s.classifierDropout);
        return { pooled, logits: linear(submodule(at.p, "classifier"), dropped, at.o.context) }; // [B, C]
      },
      masked: (rows, at) => maskedHead(rows, at, { ...masked, activation: s.activation, epsilon: s.epsilon }),
      ...(pools && { bare: pooler }),
    };
  });
}

const masked = { dense: "predictions.dense", norm: "predictions.LayerNorm", bias: "predictions.bias" } as const;
