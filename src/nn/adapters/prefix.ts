// Prefix tuning (Li & Liang 2021, arXiv:2101.00190): every layer's attention also sees the learned keys and values of P virtual tokens, which
// stand before each text. No weight changes.
// Shapes: B texts, S longest, P virtual tokens, A key heads, D head width.
import { ConcordError, hostArray } from "../../base/index.ts";
import { add, broadcastTo, concat, constant, reshape, transpose, type Value } from "../../graph/index.ts";
import type { Layout } from "../layout.ts";
import { submodule, weight } from "../params.ts";
import type { AdapterKind } from "./kind.ts";

const startStd = 0.02;

/** Virtual keys or values [P, A·D] of one layer as blocks [B, A, P, D], like those of the text. */
function blocksOf(own: Value, like: Value): Value {
  const [batch, heads, , width] = like.shape as [string, number, string, number];
  const rows = own.shape[0] as number;
  const split = transpose(reshape(own, [1, rows, heads, width]), [0, 2, 1, 3]);
  return broadcastTo(split, [batch, heads, rows, width]);
}

/** The bias [B, 1, Sq, S] with P columns before it that every query may look at. */
function widened(bias: Value, tokens: number): Value {
  const [batch, one, queries, keys] = bias.shape;
  if (keys === 1) return bias; // nothing is masked
  const zeros = constant(hostArray("float32", [1, 1, 1, tokens], new Float32Array(tokens)));
  return concat([broadcastTo(zeros, [batch!, one!, queries!, tokens]), bias], 3);
}

export const prefix: AdapterKind = {
  reads: ["tokens", "widths"],
  parameters: () => ({}),
  own: ({ tokens, widths }) =>
    Object.fromEntries(
      widths.flatMap((width, layer) => ["keys", "values"].map((part) => [`${layer}.${part}`, [tokens, width]])),
    ),
  constants: () => ({}),
  start(_part, data, _layer, stream) {
    for (let i = 0; i < data.length; i++) data[i] = stream.normal() * startStd;
  },
  forward: (p, _own, { x, product }) => product(x, p.bias as Value | undefined),
  enter({ inputs, layout, causal }, own, { tokens, widths }) {
    if (!layout) throw new RangeError("a prefix stands before tokens"); // its caller asks for texts
    let layer = 0;
    const adapted: Layout = {
      ...layout,
      rowBias: layout.rowBias ?? layout.scoreBias,
      scoreBias: widened(layout.scoreBias, tokens),
      withPast(keys, values) {
        const [k, v] = layout.withPast?.(keys, values) ?? [keys, values];
        const part = submodule(own, `${layer++}`);
        return [concat([blocksOf(weight(part, "keys"), k), k], 2), concat([blocksOf(weight(part, "values"), v), v], 2)];
      },
    };
    // as in PEFT a decoder counts the virtual tokens; an encoder's positions stay
    const positions =
      inputs.positions && causal ? add(inputs.positions, constant(hostArray("int32", [], [tokens]))) : inputs.positions;
    const done = () => {
      if (layer === widths.length) return;
      throw new ConcordError("E_MODEL", {
        operation: "adapter prefix",
        problem: "the attention of this architecture takes no prefix",
        expected: `${widths.length} layers that do`,
        got: String(layer),
        hint: "use an adapter of kind lora",
      });
    };
    return { inputs: { ...inputs, positions }, layout: adapted, causal, done };
  },
  notPrivate: "its keys and values are seen by every row, so that the gradient of one example is not known",
};
