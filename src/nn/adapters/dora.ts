// DoRA (Liu 2024, arXiv:2402.09353): the weight's size and direction apart, y = m/‖V‖·(x·Vᵀ) + b with V = W + (α/r)·B·A, a norm for each output.
// As in the paper's section 4.3 and in PEFT no gradient passes through ‖V‖.
import {
  add,
  div,
  linear,
  matmul,
  mul,
  scope,
  sqrt,
  stopGradient,
  sum,
  transpose,
  type Value,
} from "../../graph/index.ts";
import { type Params, weight } from "../params.ts";
import type { AdapterKind, LayerPass } from "./kind.ts";
import { lora, lowRankDelta, lowRankProduct, startLowRank } from "./lora.ts";

/** ‖V‖² by output [out] without V itself: ‖W‖² + 2s·Σ (W·Aᵀ)∘B + s²·Σ (B·A·Aᵀ)∘B. */
function squaredNorms(p: Params, own: Params, { product, rowAxis }: LayerPass): Value {
  const [w, a, b, scale] = [weight(p, "weight"), weight(own, "A"), weight(own, "B"), weight(own, "scale")];
  const whole = sum(mul(w, w), { axes: [rowAxis] });
  const crossed = sum(mul(transpose(product(a), [1, 0]), b), { axes: [1] });
  const thin = sum(mul(matmul(b, linear(a, a)), b), { axes: [1] });
  return add(whole, mul(add(mul(crossed, 2), mul(thin, scale)), scale));
}

export const dora: AdapterKind = {
  reads: lora.reads,
  parameters: (layer, options) => ({ ...lora.parameters(layer, options), magnitude: [layer.outs] }),
  constants: lora.constants,
  start(part, data, layer, stream, base) {
    if (part !== "magnitude") return startLowRank(part, data, layer, stream, base);
    const { weight: w, at } = base();
    for (let o = 0; o < layer!.outs; o++) {
      let squares = 0;
      for (let i = 0; i < layer!.ins; i++) squares += w[at(o, i)]! ** 2;
      data[o] = Math.sqrt(squares);
    }
  },
  forward: (p, own, pass) =>
    scope("dora", () => {
      const size = div(weight(own, "magnitude"), stopGradient(sqrt(squaredNorms(p, own, pass))));
      const y = mul(add(pass.product(pass.x), lowRankProduct(own, pass)), size);
      return p.bias ? add(y, p.bias as Value) : y;
    }),
  merge(layer) {
    const { outs, ins, at, parts } = layer;
    const v = lowRankDelta(layer, parts.B!, parts.A!);
    const merged = new Float32Array(v.length);
    for (let o = 0; o < outs; o++) {
      let squares = 0;
      for (let i = 0; i < ins; i++) {
        v[at(o, i)]! += layer.weight[at(o, i)]!;
        squares += v[at(o, i)]! ** 2;
      }
      const factor = parts.magnitude![o]! / Math.sqrt(squares);
      for (let i = 0; i < ins; i++) merged[at(o, i)] = v[at(o, i)]! * factor;
    }
    return { weight: merged };
  },
  rate: lora.rate,
  notPrivate: "its norms join all weights of an output, so that the gradient of one example is not known",
  notStored: "it reads the norms of the base weights themselves",
};
