// RoBERTa (Liu 2019, arXiv:1907.11692), XLM-RoBERTa and CamemBERT, which differ in vocabulary alone: BERT's encoder, positions that start after the pad id, heads of its own.
// Shapes as in bert.ts.
import type { Config } from "../formats/index.ts";
import { tanh, type Value } from "../graph/index.ts";
import { linear, submodule } from "../nn/index.ts";
import { type BertSettings, bertEncode, bertEncoderSpecs, bertSettings, headCounts, tableNames } from "./bert.ts";
import { encoderModel, type HeadInputs, maskedHead, twoLayerHead } from "./encoder.ts";
import { type Family, hasPooler } from "./heads.ts";
import type { ModelParts, ParameterSpec, Task } from "./model.ts";
import { specs } from "./specs.ts";

/** RoBERTa with the head that the config names. @throws E_CONFIG, E_MODEL */
export function roberta(config: Config, family: Family): ModelParts {
  const s = bertSettings(config, { epsilon: 1e-12, padId: 1 });
  return encoderModel(config, family, ({ prefix, task, outputs }) => ({
    parameters: [...bertEncoderSpecs(s, prefix), ...robertaHeadSpecs(s, task, outputs, hasPooler(config))],
    headCounts: headCounts(s),
    tokens: { ...robertaTokens(s), types: s.types, tableNames: tableNames(prefix) },
    encode: (encoder, inputs, layout, o, firstOnly) =>
      bertEncode(encoder, s, inputs, layout, o.context, firstOnly, s.padId),
    takesFirstOnly: true,
    ...robertaHeads(s, hasPooler(config)),
  }));
}

/** Tokens whose positions start at pad + 1: the table holds pad + 1 rows more than the longest text. */
export const robertaTokens = (s: Pick<BertSettings, "vocabulary" | "positions" | "padId">) => ({
  vocabulary: s.vocabulary,
  maxLength: s.positions - s.padId - 1,
  firstPosition: s.padId + 1,
  padId: s.padId,
  readsWords: true,
});

/** RoBERTa's heads, which MPNet has too. */
export const robertaHeads = (s: Pick<BertSettings, "classifierDropout" | "epsilon">, pools: boolean) => ({
  words: (rows: Value, { o }: HeadInputs) => o.context.dropout(rows, s.classifierDropout),
  whole: (rows: Value, at: HeadInputs) => ({ logits: twoLayerHead(rows, at, "tanh", s.classifierDropout) }),
  masked: (rows: Value, at: HeadInputs) => maskedHead(rows, at, { ...masked, activation: "gelu", epsilon: s.epsilon }),
  ...(pools && {
    bare: (rows: Value, { p, o }: HeadInputs) => tanh(linear(submodule(p, "pooler.dense"), rows, o.context)),
  }),
});

const masked = { dense: "lm_head.dense", norm: "lm_head.layer_norm", bias: "lm_head.bias" } as const;

/** The weights of {@link robertaHeads}. @param pools whether a bare model has a pooler */
export function robertaHeadSpecs(
  s: Pick<BertSettings, "std" | "width" | "vocabulary">,
  task: Task,
  outputs: number,
  pools: boolean,
): ParameterSpec[] {
  const { linear: lin, norm, vector } = specs(s.std);
  if (task === "features") return pools ? lin("pooler.dense", s.width, s.width, true) : [];
  if (task === "token") return lin("classifier", outputs, s.width, true);
  if (task === "masked-lm")
    return [
      ...lin(masked.dense, s.width, s.width, true),
      ...norm(masked.norm, s.width, true),
      vector(masked.bias, s.vocabulary, true),
    ];
  return [...lin("classifier.dense", s.width, s.width, true), ...lin("classifier.out_proj", outputs, s.width, true)];
}
