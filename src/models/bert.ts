// BERT (Devlin 2018, arXiv:1810.04805) with its heads; ERNIE has a table more (Sun 2019, arXiv:1907.12412), and RoBERTa reuses the
// encoder. Knows token ids; not text, not files.
// Shapes: T token rows, B examples, H width, A heads, V vocabulary, C labels, M wanted rows.
import { ConcordError } from "../base/index.ts";
import {
  type Config,
  configLimits,
  field,
  flag,
  headCount,
  integer,
  layerCount,
  modelWidth,
  nullable,
  number,
  oneOf,
  padToken,
  positionCount,
  prunedHeads,
  rate,
  vocabularySize,
} from "../formats/index.ts";
import { add, linear as linearOp, scope, slice, tanh, type Value } from "../graph/index.ts";
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
import { type Family, hasPooler, headOf, poolingOf } from "./heads.ts";
import type { ForwardOptions, ModelInputs, ModelOutputs, ModelParts, ParameterSpec, Pooling } from "./model.ts";
import { specs } from "./specs.ts";

/** Settings of a BERT-like encoder. */
export interface BertSettings {
  readonly vocabulary: number;
  readonly width: number;
  /** Width of the embeddings; where it is another one a linear layer follows them (ELECTRA). */
  readonly embedded: number;
  readonly layers: number;
  readonly heads: number;
  /** Heads that each layer lacks, by its number; widths of the rest are as before. */
  readonly prunedHeads: ReadonlyMap<number, readonly number[]>;
  readonly inner: number;
  readonly activation: Activation;
  readonly positions: number;
  readonly types: number;
  /** Rows of ERNIE's table of tasks, of which texts read row 0; 0 where there is none. */
  readonly tasks: number;
  readonly epsilon: number;
  readonly std: number;
  readonly padId: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  readonly classifierDropout: number;
}

/** Reads the settings that BERT and RoBERTa share. @throws E_CONFIG naming the entry; E_MODEL where sizes do not fit */
export function bertSettings(
  config: Config,
  defaults: {
    readonly epsilon: number;
    readonly padId: number;
    readonly leastTypes?: 0 | 1;
    readonly activation?: Activation;
  },
): BertSettings {
  const hiddenDropout = field(config, "hidden_dropout_prob", rate, 0.1);
  const width = field(config, "hidden_size", modelWidth);
  const settings = {
    vocabulary: field(config, "vocab_size", vocabularySize),
    width,
    embedded: field(config, "embedding_size", nullable(modelWidth), null) ?? width,
    layers: field(config, "num_hidden_layers", layerCount),
    heads: field(config, "num_attention_heads", headCount),
    prunedHeads: prunedHeads(config),
    inner: field(config, "intermediate_size", modelWidth),
    activation: field(
      config,
      "hidden_act",
      oneOf(...(Object.keys(activations) as Activation[])),
      defaults.activation ?? "gelu",
    ),
    positions: field(config, "max_position_embeddings", positionCount),
    types: field(config, "type_vocab_size", integer(defaults.leastTypes ?? 1, configLimits.width), 2),
    tasks: field(config, "use_task_id", flag, false) ? field(config, "task_type_vocab_size", modelWidth, 3) : 0,
    epsilon: field(config, "layer_norm_eps", number(0, 1), defaults.epsilon),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    padId: field(config, "pad_token_id", nullable(padToken), defaults.padId) ?? defaults.padId,
    hiddenDropout,
    attentionDropout: field(config, "attention_probs_dropout_prob", rate, 0.1),
    classifierDropout: field(config, "classifier_dropout", nullable(rate), null) ?? hiddenDropout,
  };
  for (const [layer, gone] of settings.prunedHeads)
    if (layer >= settings.layers || gone.length >= settings.heads || gone.some((head) => head >= settings.heads))
      throw new ConcordError("E_MODEL", {
        operation: "read config",
        problem: "pruned_heads does not fit the model",
        expected: `layers 0 … ${settings.layers - 1}, of each fewer than its ${settings.heads} heads`,
        got: `layer ${layer}: ${gone.join(", ")}`,
        path: config.path,
      });
  if (settings.width % settings.heads)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "hidden_size is not a multiple of num_attention_heads",
      got: `${settings.width} and ${settings.heads}`,
      path: config.path,
    });
  return settings;
}

/** Heads that layer `i` has. */
const headsOf = ({ heads, prunedHeads }: BertSettings, i: number): number => heads - (prunedHeads.get(i)?.length ?? 0);

/** Numbers of heads that the layers have, each once. */
export const headCounts = (s: BertSettings): number[] => [
  ...new Set(Array.from({ length: s.layers }, (_, i) => headsOf(s, i))),
];

/** The encoder's parameters under a prefix. */
export function bertEncoderSpecs(s: BertSettings, prefix: string): ParameterSpec[] {
  const { linear: lin, norm, table } = specs(s.std);
  const layer = (i: number) => {
    const at = `${prefix}encoder.layer.${i}`;
    const mixed = (headsOf(s, i) * s.width) / s.heads;
    return [
      ...["query", "key", "value"].flatMap((n) => lin(`${at}.attention.self.${n}`, mixed, s.width)),
      ...lin(`${at}.attention.output.dense`, s.width, mixed),
      ...norm(`${at}.attention.output.LayerNorm`, s.width),
      ...lin(`${at}.intermediate.dense`, s.inner, s.width),
      ...lin(`${at}.output.dense`, s.width, s.inner),
      ...norm(`${at}.output.LayerNorm`, s.width),
    ];
  };
  return [
    table(`${prefix}embeddings.word_embeddings`, s.vocabulary, s.embedded, s.padId),
    table(`${prefix}embeddings.position_embeddings`, s.positions, s.embedded),
    table(`${prefix}embeddings.token_type_embeddings`, s.types, s.embedded),
    ...(s.tasks > 0 ? [table(`${prefix}embeddings.task_type_embeddings`, s.tasks, s.embedded)] : []),
    ...norm(`${prefix}embeddings.LayerNorm`, s.embedded),
    ...(s.embedded === s.width ? [] : lin(`${prefix}embeddings_project`, s.width, s.embedded)),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
  ];
}

/** Rows of all hidden states: embeddings, then each block; the last only for first rows when `firstOnly`. */
export function bertEncode(
  p: Params,
  s: BertSettings,
  inputs: ModelInputs,
  layout: Layout,
  context: ForwardContext,
  firstOnly: boolean,
  positionPad?: number,
): Value[] {
  const embedded = scope("embeddings", () => {
    const e = submodule(p, "embeddings");
    const words = inputs.words ?? embedding(submodule(e, "word_embeddings"), inputs.ids!, s.padId); // [T, H]
    const places = embedding(submodule(e, "position_embeddings"), inputs.positions!, positionPad);
    const types = embedding(submodule(e, "token_type_embeddings"), inputs.types!);
    const sum = add(add(words, types), places);
    const read = s.tasks > 0 ? add(sum, slice(weight(e, "task_type_embeddings.weight"), 0, 0, 1)) : sum;
    const rows = context.dropout(layerNorm(submodule(e, "LayerNorm"), read, s.epsilon), s.hiddenDropout);
    return s.embedded === s.width ? rows : linear(submodule(p, "embeddings_project"), rows, context);
  });
  const hidden = [embedded];
  for (let i = 0; i < s.layers; i++)
    scope(`layer ${i}`, () => {
      const l = submodule(p, `encoder.layer.${i}`);
      const at = (path: string) => submodule(l, path);
      const block = {
        query: at("attention.self.query"),
        key: at("attention.self.key"),
        value: at("attention.self.value"),
        output: at("attention.output.dense"),
        attentionNorm: at("attention.output.LayerNorm"),
        up: at("intermediate.dense"),
        down: at("output.dense"),
        outputNorm: at("output.LayerNorm"),
      };
      hidden.push(
        postNormBlock(
          block,
          hidden.at(-1)!,
          layout,
          { ...s, heads: headsOf(s, i), firstOnly: firstOnly && i === s.layers - 1 },
          context,
        ),
      ); // [T, H]
    });
  return hidden;
}

/** BERT with the head that the config names. @throws E_CONFIG, E_MODEL */
export function bert(config: Config, family: Family): ModelParts {
  const s = bertSettings(config, { epsilon: 1e-12, padId: 0 });
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  const { linear: lin, norm, vector } = specs(s.std);
  const sequence = headFactsOf(head.task).of === "inputs";
  const pooling = poolingOf(config);
  const headSpecs: Record<string, () => ParameterSpec[]> = {
    token: () => lin("classifier", head.outputs, s.width, true),
    features: () => (pooling === "cls" && hasPooler(config) ? lin("pooler.dense", s.width, s.width, true) : []),
    "masked-lm": () => [
      ...lin("cls.predictions.transform.dense", s.width, s.width, true),
      ...norm("cls.predictions.transform.LayerNorm", s.width, true),
      vector("cls.predictions.bias", s.vocabulary, true),
    ],
  };
  const sequenceSpecs = () => [
    ...(pooling !== "cls" ? [] : lin(`${prefix}pooler.dense`, s.width, s.width, true)),
    ...lin("classifier", head.outputs, s.width, true),
  ];
  return {
    ...head,
    pooling: sequence ? pooling : undefined,
    prefix,
    parameters: [...bertEncoderSpecs(s, prefix), ...(headSpecs[head.task] ?? sequenceSpecs)()],
    headCounts: headCounts(s),
    causal: false,
    tokens: {
      vocabulary: s.vocabulary,
      maxLength: s.positions,
      firstPosition: 0,
      padId: s.padId,
      types: s.types,
      readsWords: true,
      tableNames: tableNames(prefix),
    },
    forward: (p, inputs, tokenLayout, o) => {
      const layout = tokenLayout!;
      const encoder = prefix ? submodule(p, prefix.slice(0, -1)) : p;
      const firstOnly = sequence && !o.allRows && pooling === "cls";
      const hidden = bertEncode(encoder, s, inputs, layout, o.context, firstOnly);
      const last = hidden.at(-1)!;
      if (head.task === "token")
        return {
          hidden,
          last,
          logits: linear(
            submodule(p, "classifier"),
            o.context.dropout(wantedRows(last, o), s.classifierDropout),
            o.context,
          ),
        };
      if (head.task === "masked-lm") return { hidden, last, logits: maskedLogits(p, s, last, o, prefix) };
      if (head.task === "features" && pooling !== "cls")
        return { hidden, last, pooled: pooledRows(last, layout, pooling, firstOnly) };
      if (head.task === "features" && !hasPooler(config)) return { hidden, last };
      const rows = sequence ? pooledRows(last, layout, pooling, firstOnly) : layout.first(last);
      return pooledOutputs(p, encoder, s, hidden, rows, o, sequence ? pooling : undefined);
    },
  };
}

/** Names of the embedding tables under a prefix. */
export const tableNames = (prefix: string) => ({
  words: `${prefix}embeddings.word_embeddings.weight`,
  positions: `${prefix}embeddings.position_embeddings.weight`,
  types: `${prefix}embeddings.token_type_embeddings.weight`,
});

/** With the mean or the maximum of the rows there is no pooler: pretraining never made one for it. */
function pooledOutputs(
  p: Params,
  encoder: Params,
  s: BertSettings,
  hidden: Value[],
  rows: Value,
  o: ForwardOptions,
  classify: Pooling | undefined,
): ModelOutputs {
  const last = hidden.at(-1)!;
  const pooled =
    classify !== undefined && classify !== "cls"
      ? rows
      : scope("pooler", () => tanh(linear(submodule(encoder, "pooler.dense"), rows, o.context)));
  if (!classify) return { hidden, last, pooled };
  return {
    hidden,
    last,
    pooled,
    logits: scope("classifier", () =>
      linear(submodule(p, "classifier"), o.context.dropout(pooled, s.classifierDropout), o.context),
    ),
  }; // [B, C]
}

/** Vocabulary logits of the wanted rows, the decoder being the word table: [M, V]. */
function maskedLogits(p: Params, s: BertSettings, last: Value, o: ForwardOptions, prefix: string): Value {
  return scope("masked lm", () => {
    const rows = wantedRows(last, o);
    const t = submodule(p, "cls.predictions.transform");
    const mixed = layerNorm(
      submodule(t, "LayerNorm"),
      activations[s.activation](linear(submodule(t, "dense"), rows, o.context)),
      s.epsilon,
    );
    return linearOp(mixed, weight(p, tableNames(prefix).words), weight(p, "cls.predictions.bias"));
  });
}
