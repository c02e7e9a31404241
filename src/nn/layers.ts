// Layers as pure functions over parameter trees whose names are those of the weight files. Shapes: N rows, H width.
import { ConcordError } from "../base/index.ts";
import {
  add,
  embed as embedOp,
  gelu,
  geluTanh,
  layerNorm as layerNormOp,
  linear as linearOp,
  matmul,
  relu,
  reshape,
  scope,
  softmax,
  tanh,
  type Value,
} from "../graph/index.ts";
import { adaptedLayer } from "./adapters/forward.ts";
import { quickGelu, silu } from "./functional.ts";
import type { Layout } from "./layout.ts";
import { type ForwardContext, inference, type Params, weight } from "./params.ts";

/** x·Wᵀ + b, with W whole or as `factors` of a lower rank: outer [out, r] · inner [r, in]. */
function product(p: Params, x: Value, bias: Value | undefined): Value {
  if (p.factors === undefined) return linearOp(x, weight(p, "weight"), bias);
  return linearOp(linearOp(x, weight(p, "factors.inner")), weight(p, "factors.outer"), bias);
}

/**
 * y = x·Wᵀ + b, changed by the adapter that was put on the layer, if one was.
 * @param p `weight` [out, in] or its `factors`, optional `bias` [out], optional part of an adapter: see adapters/forward.ts
 */
export const linear = (p: Params, x: Value, context: ForwardContext = inference): Value =>
  adaptedLayer(p, { x, context, rowAxis: 1, product: (rows, bias) => product(p, rows, bias) });

/** As {@link linear} with the weight stored [in, out] (GPT-2). */
export const projection = (p: Params, x: Value, context: ForwardContext = inference): Value =>
  adaptedLayer(p, {
    x,
    context,
    rowAxis: 0,
    product: (rows, bias) => {
      const y = matmul(rows, weight(p, "weight"));
      return bias ? add(y, bias) : y;
    },
  });

/** Layer normalisation with `weight` and `bias` [H]. */
export const layerNorm = (p: Params, x: Value, epsilon: number): Value =>
  layerNormOp(x, weight(p, "weight"), weight(p, "bias"), epsilon);

/** Rows of `weight` [V, H] by id. */
export const embedding = (p: Params, ids: Value, paddingId?: number): Value =>
  embedOp(weight(p, "weight"), ids, paddingId);

/** Activation functions by the names that `config.json` uses. */
export const activations = {
  gelu,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  relu,
  silu,
  swish: silu,
  tanh,
  quick_gelu: quickGelu,
} as const;
export type Activation = keyof typeof activations;

/**
 * Scaled dot-product attention over blocks: softmax(q·kᵀ/√D + bias)·v.
 * @param q [B, A, Sq, D] @param k [B, A, S, D] @param v [B, A, S, D]
 * @param bias added to the scores, broadcasts to [B, A, Sq, S]
 */
export function attend(q: Value, k: Value, v: Value, bias: Value, context: ForwardContext, rate: number): Value {
  const width = q.shape.at(-1) as number;
  const scores = matmul(q, k, { transposeB: true, alpha: 1 / Math.sqrt(width) });
  const probabilities = softmax(add(scores, bias));
  context.attention?.(probabilities, scores);
  return matmul(context.dropout(probabilities, rate), v);
}

/** Multi-head attention over rows q, k, v [T, A·D] in a layout → [T, A·D]. */
export const attendRows = (
  layout: Layout,
  heads: number,
  q: Value,
  k: Value,
  v: Value,
  context: ForwardContext,
  rate: number,
): Value => {
  const [keys, values] = keysAndValues(layout, heads, k, v);
  return layout.fromHeads(attend(layout.toHeads(q, heads), keys, values, layout.scoreBias, context, rate));
};

/** Rows k, v [T, A·D] as blocks [B, A, S, D], with those of earlier tokens where the layout has some. */
export function keysAndValues(layout: Layout, heads: number, k: Value, v: Value): readonly [Value, Value] {
  const [keys, values] = [layout.toHeads(k, heads), layout.toHeads(v, heads)];
  return layout.withPast?.(keys, values) ?? [keys, values];
}

/** The parts of one encoder block whose norms follow the residual sums (BERT and its kin). */
export interface PostNormBlock {
  readonly query: Params;
  readonly key: Params;
  readonly value: Params;
  readonly output: Params;
  readonly attentionNorm: Params;
  readonly up: Params;
  readonly down: Params;
  readonly outputNorm: Params;
}

export interface BlockOptions {
  readonly heads: number;
  readonly activation: Activation;
  readonly epsilon: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  /** Rate after the attention's output projection. Default `hiddenDropout`. */
  readonly attentionOutputDropout?: number;
  /** Compute the block's output only for the first row of each example: all that a classifier reads of the last block. */
  readonly firstOnly?: boolean;
}

/** x [T, H] → [T, H], or [B, H] when `firstOnly`. */
export function postNormBlock(
  p: PostNormBlock,
  x: Value,
  layout: Layout,
  o: BlockOptions,
  context: ForwardContext,
): Value {
  const queries = o.firstOnly ? layout.first(x) : x;
  const mixed = scope("attention", () => {
    const q = linear(p.query, queries, context);
    const [k, v] = [linear(p.key, x, context), linear(p.value, x, context)];
    if (!o.firstOnly) return attendRows(layout, o.heads, q, k, v, context, o.attentionDropout);
    const [batch, width] = q.shape as [string, number];
    const single = reshape(q, [batch, o.heads, 1, width / o.heads]);
    return reshape(
      attend(single, ...keysAndValues(layout, o.heads, k, v), firstBias(layout), context, o.attentionDropout),
      [batch, width],
    );
  });
  const attended = layerNorm(
    p.attentionNorm,
    add(context.dropout(linear(p.output, mixed, context), o.attentionOutputDropout ?? o.hiddenDropout), queries),
    o.epsilon,
  );
  return scope("feed-forward", () => {
    const wide = activations[o.activation](linear(p.up, attended, context));
    return layerNorm(
      p.outputNorm,
      add(context.dropout(linear(p.down, wide, context), o.hiddenDropout), attended),
      o.epsilon,
    );
  });
}

/** The score bias of first rows: such a query may look everywhere that is not padding. */
function firstBias(layout: Layout): Value {
  if (layout.scoreBias.shape.at(-2) !== 1)
    throw new ConcordError("E_ARGUMENT", {
      operation: "attention",
      problem: "first-row blocks need a mask that is the same for all queries",
      got: `[${layout.scoreBias.shape}]`,
    });
  return layout.scoreBias;
}
