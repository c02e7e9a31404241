// ELECTRA (Clark 2020, arXiv:2003.10555): BERT's encoder, embeddings of their own width, heads of its own. Its discriminator's head,
// which tells replaced tokens, is left out. Shapes as in bert.ts.
import type { Config } from "../formats/index.ts";
import { linear as linearOp, scope, type Value } from "../graph/index.ts";
import { activations, layerNorm, linear, type Params, submodule, weight } from "../nn/index.ts";
import {
  type BertSettings,
  bertEncode,
  bertEncoderSpecs,
  bertSettings,
  headCounts,
  headRows,
  tableNames,
  wantedRows,
} from "./bert.ts";
import { headFactsOf } from "./head-facts.ts";
import { type Family, headOf, poolingOf } from "./heads.ts";
import type { ForwardOptions, ModelParts, ParameterSpec, Task } from "./model.ts";
import { specs } from "./specs.ts";

/** ELECTRA with the head that the config names. @throws E_CONFIG, E_MODEL */
export function electra(config: Config, family: Family): ModelParts {
  const s = bertSettings(config, { epsilon: 1e-12, padId: 0 });
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  const sequence = headFactsOf(head.task).of === "inputs";
  const pooling = poolingOf(config);
  return {
    ...head,
    pooling: sequence ? pooling : undefined,
    prefix,
    parameters: [...bertEncoderSpecs(s, prefix), ...headSpecs(s, head.task, head.outputs)],
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
      if (head.task === "features") return { hidden, last };
      if (head.task === "masked-lm")
        return { hidden, last, logits: maskedLogits(p, encoder, s, wantedRows(last, o), o) };
      const { dropout } = o.context;
      if (head.task === "token") {
        const rows = dropout(wantedRows(last, o), s.classifierDropout);
        return { hidden, last, logits: linear(submodule(p, "classifier"), rows, o.context) };
      }
      const rows = dropout(headRows(last, layout, o, pooling), s.classifierDropout);
      const mixed = activations.gelu(linear(submodule(p, "classifier.dense"), rows, o.context));
      const logits = linear(submodule(p, "classifier.out_proj"), dropout(mixed, s.classifierDropout), o.context);
      return { hidden, last, logits }; // [B, C]
    },
  };
}

function headSpecs(s: BertSettings, task: Task, outputs: number): ParameterSpec[] {
  const { linear: lin, norm, vector } = specs(s.std);
  if (task === "features") return [];
  if (task === "token") return lin("classifier", outputs, s.width, true);
  if (task === "masked-lm")
    return [
      ...lin("generator_predictions.dense", s.embedded, s.width, true),
      ...norm("generator_predictions.LayerNorm", s.embedded, true),
      vector("generator_lm_head.bias", s.vocabulary, true),
    ];
  return [...lin("classifier.dense", s.width, s.width, true), ...lin("classifier.out_proj", outputs, s.width, true)];
}

/** Rows [M, H] → vocabulary logits [M, V], the decoder being the word table. */
function maskedLogits(p: Params, encoder: Params, s: BertSettings, rows: Value, o: ForwardOptions): Value {
  return scope("masked lm", () => {
    const wide = activations.gelu(linear(submodule(p, "generator_predictions.dense"), rows, o.context));
    const mixed = layerNorm(submodule(p, "generator_predictions.LayerNorm"), wide, s.epsilon);
    return linearOp(mixed, weight(encoder, "embeddings.word_embeddings.weight"), weight(p, "generator_lm_head.bias"));
  });
}
