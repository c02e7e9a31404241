// Heads of whole texts as values: how a text's rows become one, and what reads it, whatever head the architecture has itself. Adds them
// to any architecture that reads tokens. Knows no architecture and no file.
// Shapes: T token rows, B examples, H width, C outputs.
import { ConcordError } from "../base/index.ts";
import { type Check, type Config, field, isJsonRecord, number } from "../formats/index.ts";
import { scope, type Value } from "../graph/index.ts";
import {
  type Activation,
  activations,
  attentionOfRows,
  type ForwardContext,
  type Layout,
  linear,
  type Params,
  submodule,
} from "../nn/index.ts";
import { pooledRows } from "./encoder.ts";
import { headFactsOf } from "./head-facts.ts";
import { type Family, headOf } from "./heads.ts";
import { type ModelParts, type ParameterSpec, poolings } from "./model.ts";
import { specs } from "./specs.ts";

/** Entry of config.json; Transformers has none such. */
export const textHeadEntry = "text_head";

/** Module of the weights: `attention.dense`, `attention.context`, `dense`, `out`. */
export const textHeadModule = "text_head";

/** What one row of a text is made of: the first token's row, the mean or the maximum of all, or their mean by learned weights. */
export const headPoolings = [...poolings, "attention"] as const;
/** What reads that row. */
export const textHeadLayers = ["linear", "mlp"] as const;

/** How a head is made. */
export interface TextHeadForm {
  /** Default `mean`. */
  readonly pooling: (typeof headPoolings)[number];
  /** linear: dropout, then one layer. mlp: dropout, a layer, its activation, dropout, and a second layer. Default `linear`. */
  readonly layer: (typeof textHeadLayers)[number];
  /** Of an MLP: width of the layer between. Default the model's width. */
  readonly hidden?: number;
  /** Of an MLP. Default `gelu`. */
  readonly activation: Activation;
  /** Rate of dropout, 0 … 1. Default 0.1. */
  readonly dropout: number;
}

/** Activations of an MLP. */
export const headActivations = Object.keys(activations) as [Activation, ...Activation[]];

const widest = 2 ** 16;
const isOne = <T extends string>(names: readonly T[], value: unknown): value is T => names.includes(value as T);

const form: Check<TextHeadForm> = {
  expected: `{ "pooling": ${headPoolings.join(", ")}; "layer": ${textHeadLayers.join(", ")}; "hidden", "activation", "dropout" }`,
  take(value) {
    if (!isJsonRecord(value)) return undefined;
    const { pooling = "mean", layer = "linear", hidden, activation = "gelu", dropout = 0.1, ...others } = value;
    const sized =
      hidden === undefined ||
      (typeof hidden === "number" && Number.isInteger(hidden) && hidden > 0 && hidden <= widest);
    const rated = typeof dropout === "number" && dropout >= 0 && dropout < 1;
    if (Object.keys(others).length || !sized || !rated) return undefined;
    if (!isOne(headPoolings, pooling) || !isOne(textHeadLayers, layer) || !isOne(headActivations, activation))
      return undefined;
    return { pooling, layer, ...(hidden !== undefined && { hidden: hidden as number }), activation, dropout };
  },
};

/**
 * The parts of a config, through `read`; where the config has {@link textHeadEntry}, the bare encoder with that head.
 * @throws E_CONFIG for a wrong entry; E_MODEL where a model answers nothing about whole texts, reads no tokens, or looks back only and
 * is asked for its first row
 */
export function readTextHead(
  config: Config,
  family: Family,
  read: (config: Config, family: Family) => ModelParts,
): ModelParts {
  const wanted = field(config, textHeadEntry, form, undefined);
  if (wanted === undefined) return read(config, family);
  const refuse = (problem: string, expected: string, got: string): never => {
    throw new ConcordError("E_MODEL", { operation: "read config", problem, expected, got, path: config.path });
  };
  const head = headOf(config, family);
  if (headFactsOf(head.task).of !== "inputs")
    refuse(
      `${textHeadEntry} is for models that answer about whole texts`,
      "a head for sequence classification",
      head.architecture,
    );
  const parts = bareParts(config, family, read);
  if (!parts.tokens) refuse(`${textHeadEntry} is for models that read texts`, "an encoder of texts", family.type);
  if (parts.causal && wanted.pooling === "cls")
    refuse("the first token of this model sees no other", "pooling mean, max or attention", "pooling cls");
  return {
    ...parts,
    ...head,
    parameters: [...parts.parameters, ...parametersOf(wanted, widthOf(parts), config, head.outputs)],
    forward(params, inputs, layout, options) {
      const encoder = submodule(params, family.prefix.slice(0, -1));
      const { hidden, last } = parts.forward(encoder, inputs, layout, { ...options, allRows: true });
      const own = submodule(params, textHeadModule);
      return { hidden, last, ...textHead(own, wanted, layout!, last, options.context) };
    },
  };
}

/** The encoder without a head, its weights named as in a model with one. */
function bareParts(config: Config, family: Family, read: (config: Config, family: Family) => ModelParts): ModelParts {
  const { [textHeadEntry]: _t, classifier_pooling: _p, id2label: _i, label2id: _l, ...entries } = config.entries;
  const bare = { ...entries, architectures: [`${family.name}Model`], add_pooling_layer: false };
  const parts = read({ ...config, entries: bare }, family);
  const named = (name: string) => family.prefix + name;
  const { tokens } = parts;
  return {
    ...parts,
    prefix: family.prefix,
    parameters: parts.parameters.map((one) => ({ ...one, name: named(one.name) })),
    tokens: tokens && {
      ...tokens,
      tableNames: Object.fromEntries(
        Object.entries(tokens.tableNames).map(([key, name]) => [key, named(name)]),
      ) as unknown as typeof tokens.tableNames,
    },
  };
}

/** Of a model's rows: an encoder and a decoder end with a vector of that width, the shift or the scale of their last norm or layer. */
const widthOf = ({ parameters }: ModelParts): number =>
  parameters.findLast(({ shape }) => shape.length === 1)!.shape[0]!;

/** The last matrix is that of the answers: whoever scales numbers looks for it there. */
function parametersOf(
  { pooling, layer, hidden }: TextHeadForm,
  width: number,
  config: Config,
  outputs: number,
): ParameterSpec[] {
  const { linear: lin } = specs(field(config, "initializer_range", number(0, 10), 0.02));
  const at = (name: string) => `${textHeadModule}.${name}`;
  const inner = hidden ?? width;
  return [
    ...(pooling === "attention"
      ? [...lin(at("attention.dense"), width, width, true), ...lin(at("attention.context"), 1, width, true, false)]
      : []),
    ...(layer === "mlp" ? lin(at("dense"), inner, width, true) : []),
    ...lin(at("out"), outputs, layer === "mlp" ? inner : width, true),
  ];
}

/** What a head gives of rows [T, H]: the row that stands for each text, [B, H], and its logits [B, C]. @param p parameters of {@link textHeadModule} */
export function textHead(p: Params, form: TextHeadForm, layout: Layout, rows: Value, context: ForwardContext) {
  const pooled = scope("pooling", () => pool(p, form, layout, rows, context));
  return { pooled, logits: scope("classifier", () => answer(p, form, pooled, context)) };
}

/** Rows [T, H] → [B, H]. */
function pool(p: Params, { pooling }: TextHeadForm, layout: Layout, rows: Value, context: ForwardContext): Value {
  if (pooling === "attention") return attentionOfRows(submodule(p, "attention"), layout, rows, context);
  return pooledRows(rows, layout, pooling, false);
}

/** [B, H] → [B, C]. */
function answer(p: Params, { layer, activation, dropout }: TextHeadForm, row: Value, context: ForwardContext): Value {
  const dropped = context.dropout(row, dropout);
  if (layer === "linear") return linear(submodule(p, "out"), dropped, context);
  const wide = activations[activation](linear(submodule(p, "dense"), dropped, context));
  return linear(submodule(p, "out"), context.dropout(wide, dropout), context);
}
