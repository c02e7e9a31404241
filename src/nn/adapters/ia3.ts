// IA³ (Liu 2022, arXiv:2205.05638): one learned factor for each output of a layer, or for each input of a feed-forward layer; ones at the start.
import { mul, scope, type Value } from "../../graph/index.ts";
import { weight } from "../params.ts";
import type { AdapterKind } from "./kind.ts";

const isFeedForward = (module: string, names: readonly string[]): boolean =>
  names.some((name) => module === name || module.endsWith(`.${name}`));

export const ia3: AdapterKind = {
  reads: ["feedForward"],
  parameters({ module, outs, ins }, { feedForward }): Record<string, readonly number[]> {
    return isFeedForward(module, feedForward) ? { input: [ins] } : { output: [outs] };
  },
  constants: () => ({}),
  start: (_part, data) => void data.fill(1),
  forward: (p, own, { x, product }) =>
    scope("ia3", () => {
      const bias = p.bias as Value | undefined;
      return own.input ? product(mul(x, weight(own, "input")), bias) : mul(product(x, bias), weight(own, "output"));
    }),
  merge({ outs, ins, weight: base, bias, parts, at }) {
    const isInput = parts.input !== undefined;
    const factors = parts.input ?? parts.output!;
    const merged = new Float32Array(base.length);
    for (let o = 0; o < outs; o++)
      for (let i = 0; i < ins; i++) merged[at(o, i)] = base[at(o, i)]! * factors[isInput ? i : o]!;
    return { weight: merged, ...(bias && !isInput && { bias: bias.map((b, o) => b * factors[o]!) }) };
  },
  notPrivate: "its factors enter through a product whose example norms are not known",
};
