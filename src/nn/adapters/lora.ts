// LoRA (Hu 2021, arXiv:2106.09685): y = x·Wᵀ + b + (α/r)·(x·Aᵀ)·Bᵀ. rsLoRA changes the scale, LoRA+ the learning rate of B.
import { add, linear, mul, scope, type Value } from "../../graph/index.ts";
import { constantOf, type Params, weight } from "../params.ts";
import type { AdapterKind, LayerPass, MergedLayer } from "./kind.ts";

/** A uniform in ±√(1/in), as PEFT's Kaiming with a = √5; B stays zero. */
export const startLowRank: AdapterKind["start"] = (part, data, layer, stream) => {
  if (part !== "A") return;
  const bound = 1 / Math.sqrt(layer!.ins);
  for (let i = 0; i < data.length; i++) data[i] = (2 * stream.float() - 1) * bound;
};

/** scale·(dropout(x)·Aᵀ)·Bᵀ: the scale goes onto the thin product [T, r], not onto [T, out]. */
export function lowRankProduct(own: Params, { x, context }: Pick<LayerPass, "x" | "context">): Value {
  const inner = linear(context.dropout(x, constantOf(weight(own, "dropout"))), weight(own, "A"));
  return linear(mul(inner, weight(own, "scale")), weight(own, "B"));
}

/** scale·B·A in the order of the layer's weight, in float64. @param b [out, r] @param a [r, in] */
export function lowRankDelta(
  { outs, ins, rank, scale, at }: Omit<MergedLayer, "weight">,
  b: Float32Array,
  a: Float32Array,
): Float64Array {
  const delta = new Float64Array(outs * ins);
  for (let o = 0; o < outs; o++)
    for (let i = 0; i < ins; i++) {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += b[o * rank + r]! * a[r * ins + i]!;
      delta[at(o, i)] = scale * sum;
    }
  return delta;
}

/** W + Δ, rounded once. */
export const added = (base: Float32Array, delta: Float64Array) => ({ weight: base.map((w, i) => w + delta[i]!) });

const delta: NonNullable<AdapterKind["delta"]> = (layer) => lowRankDelta(layer, layer.parts.B!, layer.parts.A!);

export const lora: AdapterKind = {
  reads: ["rank", "alpha", "dropout", "modules", "rankStabilised", "rateRatio"],
  parameters: ({ outs, ins, rank }) => ({ A: [rank, ins], B: [outs, rank] }),
  constants: ({ scale }, { dropout }) => ({ scale, dropout }),
  start: startLowRank,
  forward: (p, own, pass) => {
    const base = pass.product(pass.x, p.bias as Value | undefined);
    return scope("lora", () => add(base, lowRankProduct(own, pass)));
  },
  delta,
  asProduct: ({ scale, parts }) => ({ a: parts.A!, b: parts.B!.map((x) => scale * x) }),
  merge: (layer) => added(layer.weight, delta(layer)),
  rate: (part, { rateRatio }) => (part === "B" ? rateRatio : 1),
};
