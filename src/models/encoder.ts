// What encoders share around their blocks: which rows a head reads, how it is chosen, and heads of words and texts. An architecture gives
// its blocks, its weights' names, and what its own heads do. Knows token ids; not text, not files.
// Shapes: T token rows, B examples, H width, V vocabulary, C labels, M wanted rows.
import type { Config } from "../formats/index.ts";
import { gather, linear as linearOp, scope, type Value } from "../graph/index.ts";
import {
  type Activation,
  activations,
  type Layout,
  layerNorm,
  linear,
  maxOfRows,
  meanOfRows,
  type Params,
  submodule,
  weight,
} from "../nn/index.ts";
import { headFactsOf } from "./head-facts.ts";
import { type Family, type Head, headOf, poolingOf } from "./heads.ts";
import type {
  ForwardOptions,
  ModelInputs,
  ModelOutputs,
  ModelParts,
  ParameterSpec,
  Pooling,
  TokenSettings,
} from "./model.ts";

/** What a config asks of an encoder. */
export interface EncoderAsked extends Head {
  /** Before the names of the encoder's weights. */
  readonly prefix: string;
  readonly pooling: Pooling;
}

/** What a head is computed from. */
export interface HeadInputs {
  /** All parameters, and those of the encoder. */
  readonly p: Params;
  readonly encoder: Params;
  readonly o: ForwardOptions;
}

/** An encoder's own part. */
export interface EncoderParts {
  readonly tokens: TokenSettings;
  readonly headCounts: readonly number[];
  readonly parameters: readonly ParameterSpec[];
  /** Hidden states, the last one after any final norm. `firstOnly`: the last may hold first rows alone. */
  encode(encoder: Params, inputs: ModelInputs, layout: Layout, o: ForwardOptions, firstOnly: boolean): Value[];
  readonly layersDiffer?: boolean;
  /** Whether it makes use of `firstOnly`. Default false. */
  readonly takesFirstOnly?: boolean;
  /** What words' labels are read from: rows [M, H] → [M, H]. */
  words(rows: Value, at: HeadInputs): Value;
  /** Logits of whole texts from what the pooling gives, [B, H]. */
  whole(rows: Value, at: HeadInputs): Pick<ModelOutputs, "pooled" | "logits">;
  /** Vocabulary logits of rows [M, H]. Default the architecture has no such head. */
  masked?(rows: Value, at: HeadInputs): Value;
  /** What a bare encoder gives beside its states, from first rows [B, H]. Default nothing. */
  readonly bare?: (rows: Value, at: HeadInputs) => Value;
}

/** The rows whose logits are wanted, [M, H]. */
export const wantedRows = (last: Value, o: ForwardOptions): Value => (o.logitRows ? gather(last, o.logitRows) : last);

/** What a head of whole texts reads, [B, H]. @param isFirst whether `last` holds first rows already */
export function pooledRows(last: Value, layout: Layout, pooling: Pooling, isFirst: boolean): Value {
  if (pooling === "mean") return meanOfRows(layout, last);
  if (pooling === "max") return maxOfRows(layout, last);
  return isFirst ? last : layout.first(last);
}

/** An encoder with the head that the config names. @throws E_CONFIG, E_MODEL */
export function encoderModel(config: Config, family: Family, make: (asked: EncoderAsked) => EncoderParts): ModelParts {
  const head = headOf(config, family);
  const { of, vocabulary } = headFactsOf(head.task);
  const prefix = of === "nothing" ? "" : family.prefix;
  const pooling = poolingOf(config);
  const parts = make({ ...head, prefix, pooling });
  const { tokens, headCounts, parameters } = parts;
  return {
    ...head,
    pooling: of === "inputs" ? pooling : undefined,
    prefix,
    parameters,
    headCounts,
    layersDiffer: parts.layersDiffer,
    causal: false,
    tokens,
    forward: (p, inputs, layout, o) => {
      const encoder = prefix ? submodule(p, prefix.slice(0, -1)) : p;
      const at = { p, encoder, o };
      const firstOnly = parts.takesFirstOnly === true && of === "inputs" && !o.allRows && pooling === "cls";
      const hidden = parts.encode(encoder, inputs, layout!, o, firstOnly);
      const last = hidden.at(-1)!;
      if (vocabulary) return { hidden, last, logits: parts.masked!(wantedRows(last, o), at) };
      if (of === "tokens") {
        const rows = parts.words(wantedRows(last, o), at);
        return { hidden, last, logits: linear(submodule(p, "classifier"), rows, o.context) };
      }
      if (of === "inputs") return { hidden, last, ...parts.whole(pooledRows(last, layout!, pooling, firstOnly), at) };
      return { hidden, last, ...(parts.bare && { pooled: parts.bare(layout!.first(last), at) }) };
    },
  };
}

/** dropout → dense → activation → dropout → out_proj: pooled rows [B, H] → [B, C]. */
export const twoLayerHead = (rows: Value, { p, o }: HeadInputs, activation: Activation, rate: number): Value =>
  scope("classifier", () => {
    const { dropout } = o.context;
    const wide = activations[activation](linear(submodule(p, "classifier.dense"), dropout(rows, rate), o.context));
    return linear(submodule(p, "classifier.out_proj"), dropout(wide, rate), o.context);
  });

/** Where a head of masked words has its weights, and what its first layer is followed by. */
export interface MaskedNames {
  readonly dense: string;
  readonly norm: string;
  readonly bias: string;
  readonly activation: Activation;
  readonly epsilon: number;
}

/** dense → activation → norm → word table: rows [M, H] → vocabulary logits [M, V]. */
export const maskedHead = (rows: Value, { p, encoder, o }: HeadInputs, names: MaskedNames): Value =>
  scope("masked lm", () => {
    const wide = activations[names.activation](linear(submodule(p, names.dense), rows, o.context));
    const mixed = layerNorm(submodule(p, names.norm), wide, names.epsilon);
    return linearOp(mixed, weight(encoder, "embeddings.word_embeddings.weight"), weight(p, names.bias));
  });
