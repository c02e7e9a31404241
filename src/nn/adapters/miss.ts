// MiSS (Kang 2024, arXiv:2409.15371): y = x·Wᵀ + b + g·D with D [r, out], and g [r] the sums of every r-th input: LoRA whose A is fixed,
// A[j, i] = 1 where i mod r = j. Half the parameters at the same rank.
import { hostArray } from "../../base/index.ts";
import { add, constant, linear, matmul, scope, type Value } from "../../graph/index.ts";
import { constantOf, weight } from "../params.ts";
import type { AdapterKind } from "./kind.ts";
import { added, lowRankDelta } from "./lora.ts";

/** A [r, in]. */
function groups(rank: number, ins: number): Float32Array<ArrayBuffer> {
  const a = new Float32Array(rank * ins);
  for (let i = 0; i < ins; i++) a[(i % rank) * ins + i] = 1;
  return a;
}

const asProduct: NonNullable<AdapterKind["asProduct"]> = ({ outs, ins, rank, parts }) => {
  const b = new Float32Array(outs * rank); // Dᵀ
  for (let r = 0; r < rank; r++) for (let o = 0; o < outs; o++) b[o * rank + r] = parts.D![r * outs + o]!;
  return { a: groups(rank, ins), b };
};

const delta: NonNullable<AdapterKind["delta"]> = (layer) => {
  const { a, b } = asProduct(layer);
  return lowRankDelta({ ...layer, scale: 1 }, b, a);
};

export const miss: AdapterKind = {
  reads: ["rank", "dropout"],
  parameters: ({ outs, rank }) => ({ D: [rank, outs] }),
  constants: ({ ins }, { dropout }) => ({ dropout, ins }),
  start: () => {}, // D is zero
  forward: (p, own, { x, context, product }) => {
    const base = product(x, p.bias as Value | undefined);
    return scope("miss", () => {
      const d = weight(own, "D");
      const [rank, ins] = [d.shape[0] as number, constantOf(weight(own, "ins"))];
      const a = constant(hostArray("float32", [rank, ins], groups(rank, ins)));
      const sums = linear(context.dropout(x, constantOf(weight(own, "dropout"))), a);
      return add(base, matmul(sums, d));
    });
  },
  delta,
  asProduct,
  merge: (layer) => added(layer.weight, delta(layer)),
};
