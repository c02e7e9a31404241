// Vectors of whole texts: a bare encoder, pooled and normalised (Reimers & Gurevych 2019, arXiv:1908.10084). Adds that to the parts of any
// architecture that reads tokens. Knows no architecture and no file.
import { ConcordError } from "../base/index.ts";
import { type Check, type Config, field, isJsonRecord } from "../formats/index.ts";
import type { Value } from "../graph/index.ts";
import { type Layout, maxOfRows, meanOfRows, normalize } from "../nn/index.ts";
import { headFactsOf } from "./head-facts.ts";
import { type EmbeddingForm, type EmbeddingPooling, embeddingPoolings, type ModelParts } from "./model.ts";

/** Entry of config.json; Transformers has none such, sentence-transformers has files of its own. */
export const embeddingEntry = "sentence_embedding";

const form: Check<EmbeddingForm> = {
  expected: '{ "pooling": "mean", "cls", "max" or "last", "normalize": true or false }',
  take(value) {
    if (!isJsonRecord(value)) return undefined;
    const { pooling = "mean", normalize: unit = true } = value;
    const known = embeddingPoolings.find((name) => name === pooling);
    return known && typeof unit === "boolean" ? { pooling: known, normalize: unit } : undefined;
  },
};

/**
 * The parts with vectors in the place of logits, [B, H], where the config asks for them.
 * @throws E_CONFIG for a wrong entry; E_MODEL where a model has a head, reads no tokens, or looks back only and is asked for its first row
 */
export function withEmbedding(parts: ModelParts, config: Config): ModelParts {
  const wanted = field(config, embeddingEntry, form, undefined);
  if (wanted === undefined) return parts;
  const refuse = (problem: string, expected: string, got: string): never => {
    throw new ConcordError("E_MODEL", { operation: "read config", problem, expected, got, path: config.path });
  };
  if (headFactsOf(parts.task).of !== "nothing" || !parts.tokens)
    refuse(`${embeddingEntry} is for bare encoders of texts`, "a model without a head", parts.architecture);
  if (parts.causal && wanted.pooling === "cls")
    refuse("the first token of this model sees no other", "pooling last, mean or max", "pooling cls");
  if (!parts.causal && wanted.pooling === "last")
    refuse("the last token is read of models that look back only", "pooling mean, cls or max", "pooling last");
  return {
    ...parts,
    task: "embedding",
    embedding: wanted,
    forward(params, inputs, layout, options) {
      const { hidden, last } = parts.forward(params, inputs, layout, { ...options, allRows: true });
      const pooled = pooledRows(layout!, last, wanted.pooling);
      return { hidden, last, logits: wanted.normalize ? normalize(pooled) : pooled };
    },
  };
}

function pooledRows(layout: Layout, last: Value, pooling: EmbeddingPooling): Value {
  if (pooling === "mean") return meanOfRows(layout, last);
  if (pooling === "max") return maxOfRows(layout, last);
  return pooling === "cls" ? layout.first(last) : layout.last(last);
}
