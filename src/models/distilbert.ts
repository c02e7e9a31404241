// DistilBERT (Sanh 2019, arXiv:1910.01108): BERT without segments and pooler. Knows token ids; not text, not files.
// Shapes as in bert.ts.
import {
  type Config,
  field,
  headCount,
  layerCount,
  modelWidth,
  nullable,
  number,
  oneOf,
  padToken,
  positionCount,
  rate,
  vocabularySize,
} from "../formats/index.ts";
import { add, linear as linearOp, relu, scope, type Value } from "../graph/index.ts";
import {
  type Activation,
  activations,
  embedding,
  type ForwardContext,
  type Layout,
  layerNorm,
  linear,
  type Params,
  postNormBlock,
  submodule,
  weight,
} from "../nn/index.ts";
import { pooledRows, wantedRows } from "./encoder.ts";
import { headFactsOf } from "./head-facts.ts";
import { type Family, headOf, poolingOf } from "./heads.ts";
import type { ModelInputs, ModelParts, ParameterSpec, Task } from "./model.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;
const epsilon = 1e-12; // not in the config: fixed by the published model

function settingsOf(config: Config) {
  return {
    vocabulary: field(config, "vocab_size", vocabularySize, 30522),
    width: field(config, "dim", modelWidth),
    layers: field(config, "n_layers", layerCount),
    heads: field(config, "n_heads", headCount),
    inner: field(config, "hidden_dim", modelWidth),
    activation: field(config, "activation", oneOf(...(Object.keys(activations) as Activation[])), "gelu" as const),
    positions: field(config, "max_position_embeddings", positionCount),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    padId: field(config, "pad_token_id", nullable(padToken), 0) ?? 0,
    hiddenDropout: field(config, "dropout", rate, 0.1),
    attentionDropout: field(config, "attention_dropout", rate, 0.1),
    classifierDropout: field(config, "seq_classif_dropout", rate, 0.2),
    epsilon,
  };
}

function encoderSpecs(s: Settings, prefix: string): ParameterSpec[] {
  const { linear: lin, norm, table } = specs(s.std);
  const layer = (i: number) => {
    const at = `${prefix}transformer.layer.${i}`;
    return [
      ...["q_lin", "k_lin", "v_lin", "out_lin"].flatMap((n) => lin(`${at}.attention.${n}`, s.width, s.width)),
      ...norm(`${at}.sa_layer_norm`, s.width),
      ...lin(`${at}.ffn.lin1`, s.inner, s.width),
      ...lin(`${at}.ffn.lin2`, s.width, s.inner),
      ...norm(`${at}.output_layer_norm`, s.width),
    ];
  };
  return [
    table(`${prefix}embeddings.word_embeddings`, s.vocabulary, s.width, s.padId),
    table(`${prefix}embeddings.position_embeddings`, s.positions, s.width),
    ...norm(`${prefix}embeddings.LayerNorm`, s.width),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
  ];
}

function headSpecs(s: Settings, task: Task, outputs: number): ParameterSpec[] {
  const { linear: lin, norm, vector } = specs(s.std);
  if (task === "features") return [];
  if (task === "token") return lin("classifier", outputs, s.width, true);
  if (task === "masked-lm")
    return [
      ...lin("vocab_transform", s.width, s.width, true),
      ...norm("vocab_layer_norm", s.width, true),
      vector("vocab_projector.bias", s.vocabulary, true),
    ];
  return [...lin("pre_classifier", s.width, s.width, true), ...lin("classifier", outputs, s.width, true)];
}

function encode(
  p: Params,
  s: Settings,
  inputs: ModelInputs,
  layout: Layout,
  context: ForwardContext,
  firstOnly: boolean,
): Value[] {
  const e = submodule(p, "embeddings");
  const hidden = [
    scope("embeddings", () => {
      const words = inputs.words ?? embedding(submodule(e, "word_embeddings"), inputs.ids!, s.padId); // [T, H]
      const places = embedding(submodule(e, "position_embeddings"), inputs.positions!);
      return context.dropout(layerNorm(submodule(e, "LayerNorm"), add(words, places), epsilon), s.hiddenDropout);
    }),
  ];
  for (let i = 0; i < s.layers; i++)
    scope(`layer ${i}`, () => {
      const l = submodule(p, `transformer.layer.${i}`);
      const at = (path: string) => submodule(l, path);
      const block = {
        query: at("attention.q_lin"),
        key: at("attention.k_lin"),
        value: at("attention.v_lin"),
        output: at("attention.out_lin"),
        attentionNorm: at("sa_layer_norm"),
        up: at("ffn.lin1"),
        down: at("ffn.lin2"),
        outputNorm: at("output_layer_norm"),
      };
      hidden.push(
        postNormBlock(
          block,
          hidden.at(-1)!,
          layout,
          { ...s, attentionOutputDropout: 0, firstOnly: firstOnly && i === s.layers - 1 },
          context,
        ),
      );
    });
  return hidden;
}

/** DistilBERT with the head that the config names. @throws E_CONFIG, E_MODEL */
export function distilbert(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  const sequence = headFactsOf(head.task).of === "inputs";
  const pooling = poolingOf(config);
  return {
    ...head,
    pooling: sequence ? pooling : undefined,
    prefix,
    parameters: [...encoderSpecs(s, prefix), ...headSpecs(s, head.task, head.outputs)],
    headCounts: [s.heads],
    causal: false,
    tokens: {
      vocabulary: s.vocabulary,
      maxLength: s.positions,
      firstPosition: 0,
      padId: s.padId,
      types: 0,
      readsWords: true,
      tableNames: {
        words: `${prefix}embeddings.word_embeddings.weight`,
        positions: `${prefix}embeddings.position_embeddings.weight`,
      },
    },
    forward: (p, inputs, tokenLayout, o) => {
      const layout = tokenLayout!;
      const firstOnly = sequence && !o.allRows && pooling === "cls";
      const hidden = encode(prefix ? submodule(p, "distilbert") : p, s, inputs, layout, o.context, firstOnly);
      const last = hidden.at(-1)!; // [T, H], or [B, H] of the first rows
      if (head.task === "features") return { hidden, last };
      if (head.task === "token")
        return {
          hidden,
          last,
          logits: linear(
            submodule(p, "classifier"),
            o.context.dropout(wantedRows(last, o), s.hiddenDropout),
            o.context,
          ),
        };
      if (head.task === "masked-lm") {
        const mixed = layerNorm(
          submodule(p, "vocab_layer_norm"),
          activations[s.activation](linear(submodule(p, "vocab_transform"), wantedRows(last, o), o.context)),
          epsilon,
        );
        return {
          hidden,
          last,
          logits: linearOp(
            mixed,
            weight(p, "distilbert.embeddings.word_embeddings.weight"),
            weight(p, "vocab_projector.bias"),
          ),
        };
      }
      const mixed = relu(
        linear(submodule(p, "pre_classifier"), pooledRows(last, layout, pooling, firstOnly), o.context),
      );
      return {
        hidden,
        last,
        logits: linear(submodule(p, "classifier"), o.context.dropout(mixed, s.classifierDropout), o.context),
      }; // [B, C]
    },
  };
}
