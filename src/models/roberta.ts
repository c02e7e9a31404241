// RoBERTa (Liu 2019, arXiv:1907.11692), XLM-RoBERTa and CamemBERT, which differ in vocabulary alone: BERT's encoder, positions that start after the pad id, heads of its own.
// Shapes as in bert.ts.
import type { Config } from "../formats/index.ts";
import { linear as linearOp, scope, tanh, type Value } from "../graph/index.ts";
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
import { type Family, hasPooler, headOf, poolingOf } from "./heads.ts";
import type { ForwardOptions, ModelParts, ParameterSpec } from "./model.ts";
import { specs } from "./specs.ts";

/** RoBERTa with the head that the config names. @throws E_CONFIG, E_MODEL */
export function roberta(config: Config, family: Family): ModelParts {
  const s = bertSettings(config, { epsilon: 1e-12, padId: 1 });
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  const sequence = headFactsOf(head.task).of === "inputs";
  const pooling = poolingOf(config);
  const bare = head.task === "features" && !hasPooler(config);
  return {
    ...head,
    pooling: sequence ? pooling : undefined,
    prefix,
    parameters: [...bertEncoderSpecs(s, prefix), ...(bare ? [] : headSpecs(s, head.task, head.outputs))],
    headCounts: headCounts(s),
    causal: false,
    // positions pad + 1 … : the table holds pad + 1 rows more than the longest text
    tokens: {
      vocabulary: s.vocabulary,
      maxLength: s.positions - s.padId - 1,
      firstPosition: s.padId + 1,
      padId: s.padId,
      types: s.types,
      readsWords: true,
      tableNames: tableNames(prefix),
    },
    forward: (p, inputs, tokenLayout, o) => {
      const layout = tokenLayout!;
      const encoder = prefix ? submodule(p, prefix.slice(0, -1)) : p;
      const firstOnly = sequence && !o.allRows && pooling === "cls";
      const hidden = bertEncode(encoder, s, inputs, layout, o.context, firstOnly, s.padId);
      const last = hidden.at(-1)!; // [T, H], or [B, H] of the first rows
      if (bare) return { hidden, last };
      if (head.task === "features")
        return { hidden, last, pooled: tanh(linear(submodule(p, "pooler.dense"), layout.first(last), o.context)) };
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
      if (head.task === "masked-lm") return { hidden, last, logits: maskedLogits(p, s, wantedRows(last, o), o) };
      return { hidden, last, logits: sequenceLogits(p, s, headRows(last, layout, o, pooling), o) };
    },
  };
}

function headSpecs(s: BertSettings, task: string, outputs: number): ParameterSpec[] {
  const { linear: lin, norm, vector } = specs(s.std);
  if (task === "features") return lin("pooler.dense", s.width, s.width, true);
  if (task === "token") return lin("classifier", outputs, s.width, true);
  if (task === "masked-lm")
    return [
      ...lin("lm_head.dense", s.width, s.width, true),
      ...norm("lm_head.layer_norm", s.width, true),
      vector("lm_head.bias", s.vocabulary, true),
    ];
  return [...lin("classifier.dense", s.width, s.width, true), ...lin("classifier.out_proj", outputs, s.width, true)];
}

/** dropout → dense → tanh → dropout → out_proj: pooled rows [B, H] → [B, C]. */
function sequenceLogits(p: Params, s: BertSettings, rows: Value, o: ForwardOptions): Value {
  return scope("classifier", () => {
    const { dropout } = o.context;
    const mixed = tanh(linear(submodule(p, "classifier.dense"), dropout(rows, s.classifierDropout), o.context));
    return linear(submodule(p, "classifier.out_proj"), dropout(mixed, s.classifierDropout), o.context);
  });
}

/** Rows [M, H] → vocabulary logits [M, V], the decoder being the word table. */
function maskedLogits(p: Params, s: BertSettings, rows: Value, o: ForwardOptions): Value {
  return scope("masked lm", () => {
    const mixed = layerNorm(
      submodule(p, "lm_head.layer_norm"),
      activations.gelu(linear(submodule(p, "lm_head.dense"), rows, o.context)),
      s.epsilon,
    );
    return linearOp(mixed, weight(p, "roberta.embeddings.word_embeddings.weight"), weight(p, "lm_head.bias"));
  });
}
