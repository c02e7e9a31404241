// A causal language model as the graph that generation runs: what earlier tokens left behind goes in and comes out, under the names
// that Optimum exports and transformers.js reads. Knows no tokens and no sampling.
// Shapes: B batch_size, S sequence_length, P past_sequence_length, K key/value heads, D head width, V vocabulary.
import { ConcordError, hostArray, unflattenTree } from "../base/index.ts";
import {
  add,
  addDims,
  cast,
  concat,
  constant,
  cumsum,
  flip,
  type Graph,
  gather,
  input,
  less,
  makeGraph,
  minimum,
  mul,
  mulDims,
  reshape,
  sub,
  sum,
  type Value,
  where,
} from "../graph/index.ts";
import { inference, type Layout, lowest, paddedLayout } from "../nn/index.ts";
import { headFactsOf } from "./head-facts.ts";
import type { Model } from "./model.ts";

const [batch, length, past] = ["batch_size", "sequence_length", "past_sequence_length"] as const;
const whole = addDims(past, length);

/** Names of the arrays of one layer: what goes in, and what comes out in its place. */
export const cacheNames = (layer: number) =>
  (["key", "value"] as const).map((part) => ({
    past: `past_key_values.${layer}.${part}`,
    present: `present.${layer}.${part}`,
  }));

/**
 * The graph of one step of generation.
 * Inputs: `input_ids`, `position_ids` int64 [B, S]; `attention_mask` int64 [B, P+S]; `past_key_values.<i>.key`, `.value` float32
 * [B, K, P, D]; and the model's parameters. Outputs: `logits`, and `present.<i>.key`, `.value` [B, K, P+S, D].
 * @param options `logits`: of every token [B, S, V] (default, as transformers.js reads them), or of the last one only [B, V]
 * @throws E_MODEL for a model that is no causal language model
 * @example const graph = decoderGraph(model, { logits: "last" });
 */
export function decoderGraph(model: Model, { logits = "all" }: { readonly logits?: "all" | "last" } = {}): Graph {
  if (headFactsOf(model.task).ahead === 0 || !model.cache)
    throw new ConcordError("E_MODEL", {
      operation: "generate",
      problem: `a model for ${model.task} does not write texts`,
      expected: "a causal language model, such as GPT2LMHeadModel or LlamaForCausalLM",
      got: model.architecture,
    });
  const parameters = Object.fromEntries(
    model.parameters.map(({ name, shape }) => [name, input(name, "float32", shape)]),
  );
  const ids = input("input_ids", "int64", [batch, length]);
  const positions = input("position_ids", "int64", [batch, length]);
  const mask = input("attention_mask", "int64", [batch, whole]);
  const rows = (x: Value) => reshape(cast(x, "int32"), [mulDims(batch, length)]);
  const cache = cacheOf(model.cache);
  const out = model.forward(
    unflattenTree(Object.entries(parameters)),
    { ids: rows(ids), positions: rows(positions) },
    { ...paddedLayout(batch, length, scoreBias(ids, mask)), withPast: cache.withPast },
    { context: inference, ...(logits === "last" && { logitRows: lastRows(ids) }) },
  );
  const width = out.logits!.shape[1]!;
  return makeGraph(
    { ...parameters, input_ids: ids, attention_mask: mask, position_ids: positions, ...cache.inputs },
    { logits: logits === "last" ? out.logits! : reshape(out.logits!, [batch, length, width]), ...cache.outputs },
  );
}

/** What each layer keeps: inputs by name, and outputs once a forward pass has asked for every layer. */
function cacheOf({ layers, heads, width }: NonNullable<Model["cache"]>): {
  inputs: Record<string, Value>;
  outputs: Record<string, Value>;
  withPast: NonNullable<Layout["withPast"]>;
} {
  const names = Array.from({ length: layers }, (_, layer) => cacheNames(layer));
  const inputs = Object.fromEntries(
    names.flat().map((name) => [name.past, input(name.past, "float32", [batch, heads, past, width])]),
  );
  const outputs: Record<string, Value> = {};
  let layer = 0;
  return {
    inputs,
    outputs,
    withPast: (keys, values) => {
      const [k, v] = names[layer++]!;
      const all = [concat([inputs[k!.past]!, keys], 2), concat([inputs[v!.past]!, values], 2)] as const;
      [outputs[k!.present], outputs[v!.present]] = all;
      return all;
    },
  };
}

/** 1 everywhere, int32 in the shape of x: what says how many there are. */
const ones = (x: Value): Value => add(mul(cast(x, "int32"), 0), 1);
const total = (x: Value): Value => sum(ones(x), { axes: [1], keepDims: true });

/** 0 where a query may look, [B, 1, S, P+S]: at tokens that are not padding, up to its own. */
function scoreBias(ids: Value, mask: Value): Value {
  const padding = mul(sub(1, reshape(cast(mask, "float32"), [batch, 1, 1, whole])), lowest);
  const before = sub(total(mask), total(ids)); // P
  const query = reshape(add(cumsum(ones(ids), 1), before), [batch, 1, length, 1]);
  const key = reshape(cumsum(ones(mask), 1), [batch, 1, 1, whole]);
  return minimum(padding, where(less(query, key), lowest, 0));
}

/** The last row of each example among rows [B·S], int32 [B]. */
function lastRows(ids: Value): Value {
  const numbers = sub(cumsum(reshape(ones(ids), [mulDims(batch, length)]), 0), 1);
  return gather(flip(reshape(numbers, [batch, length]), 1), constant(hostArray("int32", [], [0])), 1);
}
