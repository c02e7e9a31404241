// Prompt tuning (Lester 2021, arXiv:2104.08691): the learned rows of P virtual tokens stand before each text's rows of the word table. No
// weight changes. In a causal model the virtual tokens see no text, so that they are read once for all texts of a batch.
import { hostArray } from "../../base/index.ts";
import { constant, type Value } from "../../graph/index.ts";
import { lowest, paddedLayout } from "../layout.ts";
import { type Params, weight } from "../params.ts";
import type { AdapterKind, ModelPass } from "./kind.ts";
import { type LayerKeys, withVirtualKeys } from "./virtual-keys.ts";
import { withVirtualRows } from "./virtual-rows.ts";

const int32 = (values: readonly number[]): Value =>
  constant(hostArray("int32", [values.length], Int32Array.from(values)));

/** 0 where a virtual token may look, [1, 1, P, P]: at itself and those before it. */
function causalBias(tokens: number): Value {
  const bias = Float32Array.from({ length: tokens * tokens }, (_, i) =>
    i % tokens > Math.floor(i / tokens) ? lowest : 0,
  );
  return constant(hostArray("float32", [1, 1, tokens, tokens], bias));
}

/** Keys and values of the virtual tokens in each layer of a causal model. */
function keysOf({ run, inputs, firstPosition }: ModelPass, rows: Value, tokens: number): LayerKeys[] {
  const seen: LayerKeys[] = [];
  const positions = int32(Array.from({ length: tokens }, (_, i) => firstPosition + i));
  run(
    { words: rows, positions, ...(inputs.types && { types: int32(new Array(tokens).fill(0)) }) },
    {
      ...paddedLayout(1, tokens, causalBias(tokens)),
      withPast(keys, values) {
        seen.push([keys, values]);
        return [keys, values];
      },
    },
  );
  return seen;
}

export const prompt: AdapterKind = {
  reads: ["tokens", "widths", "table"],
  parameters: () => ({}),
  own: ({ tokens, widths }) => ({ embeddings: [tokens, widths[0]!] }),
  constants: () => ({}),
  /** As the paper's sampled vocabulary: each virtual token starts as a random word. */
  start(_part, data, _layer, stream, base) {
    const { weight: table, at } = base();
    const width = at(1, 0);
    for (let from = 0; from < data.length; from += width) {
      const row = at(stream.int(table.length / width), 0);
      data.set(table.subarray(row, row + width), from);
    }
  },
  forward: (p, _own, { x, product }) => product(x, p.bias as Value | undefined),
  enter({ layout, ...pass }, own: Params, { tokens }) {
    if (!layout) throw new RangeError("a prompt stands before tokens"); // its caller asks for texts
    const rows = weight(own, "embeddings");
    if (!pass.causal) return withVirtualRows({ ...pass, layout }, rows);
    const seen = keysOf(pass, rows, tokens);
    return withVirtualKeys({ ...pass, layout }, tokens, Math.max(1, seen.length), (layer) => seen[layer]!);
  },
  positions: ({ tokens }) => tokens,
  notPrivate: "its rows are seen by every text, so that the gradient of one example is not known",
};
