// A model as the graph that the ecosystem expects: padded int64 inputs, symbolic batch and length, Transformers' names.
import { unflattenTree } from "../base/index.ts";
import {
  add,
  broadcastTo,
  cast,
  cumsum,
  div,
  equal,
  type Graph,
  input,
  less,
  makeGraph,
  max,
  maximum,
  minimum,
  mul,
  mulDims,
  not,
  reshape,
  scalar,
  slice,
  sub,
  sum,
  type Value,
  where,
} from "../graph/index.ts";
import { inference, type Layout, lowest, paddedLayout } from "../nn/index.ts";
import { headFactsOf } from "./head-facts.ts";
import type { ArrayInput, Model, ModelInputs } from "./model.ts";

const batch = "batch_size";
const length = "sequence_length";

/**
 * The inference graph with Transformers' input and output names.
 * Inputs: `input_ids`, `attention_mask` (and `token_type_ids`) int64 [batch_size, sequence_length]; or the array of a model that reads one, such as `pixel_values`.
 * Outputs: `logits`, or `start_logits` and `end_logits` [batch_size, sequence_length] of a model that finds answers, or `last_hidden_state` and `sentence_embedding` [batch_size, H] of a model that makes vectors of texts, or `last_hidden_state` (and `pooler_output`) of a bare encoder; the model's parameters are inputs too.
 * @param options `features`: also what a head of whole inputs reads of each, `features` [batch_size, H]; of a head that labels tokens the mean
 * of the last hidden states over the text's tokens. Default false. A chained model also gives `transitions` [labels + 2, labels].
 * `temperature`: logits are divided by it. Default 1
 */
export function exportGraph(
  model: Model,
  { features = false, temperature = 1 }: { readonly features?: boolean; readonly temperature?: number } = {},
): Graph {
  const parameters = Object.fromEntries(
    model.parameters.map(({ name, shape }) => [name, input(name, "float32", shape)]),
  );
  const { named, inputs, layout } = model.array ? arrayInputs(model.array) : tokenInputs(model);
  const out = model.forward(unflattenTree(Object.entries(parameters)), inputs, layout, { context: inference });
  const perToken = (x: Value) => reshape(x, [batch, length, x.shape[1]!]);
  const isRow = (x: Value) => x.shape[0] === mulDims(batch, length);
  const scaled = out.logits && temperature !== 1 ? div(out.logits, temperature) : out.logits;
  const place = (x: Value, column: number) => reshape(slice(x, 1, column, column + 1), [batch, length]);
  if (headFactsOf(model.task).of === "spans")
    return makeGraph({ ...parameters, ...named }, { start_logits: place(scaled!, 0), end_logits: place(scaled!, 1) });
  const results: Record<string, Value> = model.embedding
    ? { last_hidden_state: perToken(out.last), sentence_embedding: out.logits! }
    : scaled
      ? { logits: isRow(scaled) ? perToken(scaled) : scaled }
      : {
          last_hidden_state: model.tokens ? perToken(out.last) : perPatch(out.last, model),
          ...(out.pooled ? { pooler_output: out.pooled } : {}),
        };
  if (out.transitions) results.transitions = out.transitions;
  const read = out.pooled ?? out.last;
  const { of, vocabulary } = headFactsOf(model.task);
  if (model.embedding) return makeGraph({ ...parameters, ...named }, results);
  if (features && read.shape[0] === batch) results.features = read;
  else if (features && of === "tokens" && !vocabulary)
    results.features = meanOfTokens(perToken(out.last), named.attention_mask!);
  return makeGraph({ ...parameters, ...named }, results);
}

/** Rows of images [B·N, H] → [B, N, H], N being the patches and the class token; [B, H] of others as they are. */
function perPatch(x: Value, { image }: Model): Value {
  return image ? reshape(x, [batch, image.rows, x.shape[1]!]) : x;
}

/** [B, S, H] → [B, H]: the mean over tokens that are not padding. */
function meanOfTokens(x: Value, mask: Value): Value {
  const real = reshape(cast(mask, "float32"), [batch, length, 1]);
  return div(sum(mul(x, real), { axes: [1] }), sum(real, { axes: [1] }));
}

function arrayInputs({ name, exported, shape }: ArrayInput): {
  named: Record<string, Value>;
  inputs: ModelInputs;
  layout: undefined;
} {
  const array = input(exported, "float32", [batch, ...shape]);
  return { named: { [exported]: array }, inputs: { [name]: array }, layout: undefined };
}

function tokenInputs(model: Model): { named: Record<string, Value>; inputs: ModelInputs; layout: Layout } {
  const { firstPosition, padId, types } = model.tokens!;
  const ids = input("input_ids", "int64", [batch, length]);
  const mask = input("attention_mask", "int64", [batch, length]);
  const segments = input("token_type_ids", "int64", [batch, length]);
  const rows = (x: Value) => reshape(cast(x, "int32"), [mulDims(batch, length)]);
  // RoBERTa counts only tokens that are not padding; the others count every place
  const count = (x: Value) => cumsum(x, 1);
  const ones = broadcastTo(scalar(1, "int32"), [batch, length]);
  const real = cast(not(equal(cast(ids, "int32"), scalar(padId, "int32"))), "int32");
  const positions = firstPosition > 0 ? add(mul(count(real), real), padId) : sub(count(ones), 1);
  const inputs: ModelInputs = {
    ids: rows(ids),
    positions: reshape(positions, [mulDims(batch, length)]),
    ...(types > 0 ? { types: rows(segments) } : {}),
  };
  const keys = reshape(cast(mask, "float32"), [batch, 1, 1, length]);
  const padding = mul(sub(1, keys), lowest);
  const bias = model.causal ? minimum(padding, causalBias()) : padding;
  return {
    named: { input_ids: ids, attention_mask: mask, ...(types > 0 ? { token_type_ids: segments } : {}) },
    inputs,
    layout: paddedLayout(batch, length, bias, model.causal ? lastRows(model, ids, mask, count(ones)) : undefined),
  };
}

/** [B, S]: 1 at each text's last token that is not padding, by its id as in Transformers, else by the mask. `places` count from 1. */
function lastRows({ tokens }: Model, ids: Value, mask: Value, places: Value): Value {
  const { lastSkips } = tokens!;
  const skipped = scalar(lastSkips ?? 0, "int32");
  const real = lastSkips === undefined ? cast(mask, "int32") : cast(not(equal(cast(ids, "int32"), skipped)), "int32");
  const last = maximum(max(mul(places, real), { axes: [1], keepDims: true }), 1);
  return cast(equal(places, last), "float32");
}

/** [1, 1, S, S]: the lowest number where the key comes after the query. */
function causalBias(): Value {
  const places = cumsum(broadcastTo(scalar(1, "int32"), [1, length]), 1);
  const [query, key] = [reshape(places, [1, 1, length, 1]), reshape(places, [1, 1, 1, length])];
  return where(less(query, key), lowest, broadcastTo(scalar(0), [1, 1, length, length]));
}
