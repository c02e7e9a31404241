// One row of each text's rows by attention: a learned query says how much each token counts (Yang 2016, "Hierarchical Attention Networks
// for Document Classification", section 2.2). Shapes: T token rows, B examples, S longest, H width.
import { matmul, reshape, softmax, tanh, type Value } from "../graph/index.ts";
import { linear } from "./layers.ts";
import { type Layout, scoresOfRows } from "./layout.ts";
import { type ForwardContext, type Params, submodule } from "./params.ts";

/**
 * Rows [T, H] → [B, H]: Σ αᵢ·hᵢ with α = softmax over an example's tokens of cᵀ·tanh(W·hᵢ + b); padding left out.
 * @param p `dense` [H, H] with its bias, and `context` [1, H] without one
 */
export function attentionOfRows(p: Params, layout: Layout, x: Value, context: ForwardContext): Value {
  const keys = tanh(linear(submodule(p, "dense"), x, context));
  const scores = scoresOfRows(layout, linear(submodule(p, "context"), keys, context)); // [B, S]
  const [batch, longest] = scores.shape as [string, string];
  const width = x.shape[1] as number;
  const mixed = matmul(reshape(softmax(scores), [batch, 1, longest]), layout.blocks(x)); // [B, 1, H]
  return reshape(mixed, [batch, width]);
}
