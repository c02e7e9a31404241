// Prefix tuning (Li & Liang 2021, arXiv:2101.00190): every layer's attention also sees the learned keys and values of P virtual tokens, which
// stand before each text. No weight changes.
// Shapes: P virtual tokens, A key heads, D head width.
import { reshape, transpose, type Value } from "../../graph/index.ts";
import { submodule, weight } from "../params.ts";
import type { AdapterKind } from "./kind.ts";
import { withVirtualKeys } from "./virtual-keys.ts";

const startStd = 0.02;

/** Virtual keys or values [P, A·D] of one layer as blocks [1, A, P, D]. */
function blocksOf(own: Value, headWidth: number): Value {
  const [rows, width] = own.shape as [number, number];
  return transpose(reshape(own, [1, rows, width / headWidth, headWidth]), [0, 2, 1, 3]);
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
  enter({ layout, ...pass }, own, { tokens, widths }) {
    if (!layout) throw new RangeError("a prefix stands before tokens"); // its caller asks for texts
    return withVirtualKeys({ ...pass, layout }, tokens, widths.length, (layer, headWidth) => {
      const part = submodule(own, `${layer}`);
      return [blocksOf(weight(part, "keys"), headWidth), blocksOf(weight(part, "values"), headWidth)];
    });
  },
  positions: ({ tokens }, causal) => (causal ? tokens : 0),
  notPrivate: "its keys and values are seen by every row, so that the gradient of one example is not known",
};
