// Keys and values of virtual tokens before those of a text, in every layer. Shapes: B texts, S longest, P virtual tokens, A key heads, D head width.
import { ConcordError, hostArray } from "../../base/index.ts";
import { add, broadcastTo, concat, constant, type Value } from "../../graph/index.ts";
import type { Layout } from "../layout.ts";
import type { ModelPass } from "./kind.ts";

/** Keys and values of virtual tokens in one layer, [1, A, P, D] each. */
export type LayerKeys = readonly [keys: Value, values: Value];

/** One text's blocks [1, A, P, D] before those of every text [B, A, S, D]. */
function before(own: Value, text: Value): Value {
  const [, ...rest] = own.shape;
  return concat([broadcastTo(own, [text.shape[0]!, ...rest]), text], 2);
}

/** The bias [B, 1, Sq, S] with P columns before it that every query may look at. */
export function widened(bias: Value, tokens: number): Value {
  const [batch, one, queries, keys] = bias.shape;
  if (keys === 1) return bias; // nothing is masked
  const zeros = constant(hostArray("float32", [1, 1, 1, tokens], new Float32Array(tokens)));
  return concat([broadcastTo(zeros, [batch!, one!, queries!, tokens]), bias], 3);
}

/**
 * A pass whose attention also sees P virtual tokens, which stand before every text.
 * @param keysOf keys and values of a layer
 * @param layers how many layers have to ask for them
 */
export function withVirtualKeys(
  { inputs, layout, ...pass }: ModelPass & { readonly layout: Layout },
  tokens: number,
  layers: number,
  keysOf: (layer: number, headWidth: number) => LayerKeys,
): ModelPass {
  let layer = 0;
  const adapted: Layout = {
    ...layout,
    rowBias: layout.rowBias ?? layout.scoreBias,
    scoreBias: widened(layout.scoreBias, tokens),
    withPast(keys, values) {
      const text = layout.withPast?.(keys, values) ?? [keys, values];
      const [ownKeys, ownValues] = keysOf(layer++, keys.shape[3] as number);
      return [before(ownKeys, text[0]), before(ownValues, text[1])];
    },
  };
  // as in PEFT a decoder counts the virtual tokens; an encoder's positions stay
  const positions = inputs.positions && pass.causal ? add(inputs.positions, tokens) : inputs.positions;
  const done = () => {
    if (layer === layers) return;
    throw new ConcordError("E_MODEL", {
      operation: "adapter",
      problem: "the attention of this architecture takes no virtual tokens",
      expected: `${layers} layers that do`,
      got: String(layer),
      hint: "use an adapter of kind lora",
    });
  };
  return { ...pass, inputs: { ...inputs, positions }, layout: adapted, done };
}
