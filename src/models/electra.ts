// ELECTRA (Clark 2020, arXiv:2003.10555): BERT's encoder, embeddings of their own width, heads of its own. Its discriminator's head,
// which tells replaced tokens, is left out. Shapes as in bert.ts.
import type { Config } from "../formats/index.ts";
import { type BertSettings, bertEncode, bertEncoderSpecs, bertSettings, headCounts, tableNames } from "./bert.ts";
import { encoderModel, maskedHead, twoLayerHead } from "./encoder.ts";
import type { Family } from "./heads.ts";
import type { ModelParts, ParameterSpec, Task } from "./model.ts";
import { specs } from "./specs.ts";

const masked = {
  dense: "generator_predictions.dense",
  norm: "generator_predictions.LayerNorm",
  bias: "generator_lm_head.bias",
} as const;

/** ELECTRA with the head that the config names. @throws E_CONFIG, E_MODEL */
export function electra(config: Config, family: Family): ModelParts {
  const s = bertSettings(config, { epsilon: 1e-12, padId: 0 });
  return encoderModel(config, family, ({ prefix, task, outputs }) => ({
    parameters: [...bertEncoderSpecs(s, prefix), ...headSpecs(s, task, outputs)],
    headCounts: headCounts(s),
    tokens: {
      vocabulary: s.vocabulary,
      maxLength: s.positions,
      firstPosition: 0,
      padId: s.padId,
      types: s.types,
      readsWords: true,
      tableNames: tableNames(prefix),
    },
    encode: (encoder, inputs, layout, o, firstOnly) => bertEncode(encoder, s, inputs, layout, o.context, firstOnly),
    takesFirstOnly: true,
    words: (rows, { o }) => o.context.dropout(rows, s.classifierDropout),
    whole: (rows, at) => ({ logits: twoLayerHead(rows, at, "gelu", s.classifierDropout) }),
    masked: (rows, at) => maskedHead(rows, at, { ...masked, activation: "gelu", epsilon: s.epsilon }),
  }));
}

function headSpecs(s: BertSettings, task: Task, outputs: number): ParameterSpec[] {
  const { linear: lin, norm, vector } = specs(s.std);
  if (task === "features") return [];
  if (task === "token") return lin("classifier", outputs, s.width, true);
  if (task === "masked-lm")
    return [
      ...lin(masked.dense, s.embedded, s.width, true),
      ...norm(masked.norm, s.embedded, true),
      vector(masked.bias, s.vocabulary, true),
    ];
  return [...lin("classifier.dense", s.width, s.width, true), ...lin("classifier.out_proj", outputs, s.width, true)];
}
