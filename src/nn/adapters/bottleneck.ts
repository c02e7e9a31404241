// Bottleneck adapters (Houlsby 2019, arXiv:1902.00751; Pfeiffer 2021, arXiv:2005.00247, puts them after the feed-forward layer only): the
// output y of a layer becomes y + relu(y·Dᵀ + d)·Uᵀ + u. U and u start at zero. They cannot be merged into a weight.
import { add, linear, relu, scope, type Value } from "../../graph/index.ts";
import { weight } from "../params.ts";
import type { AdapterKind } from "./kind.ts";

const downStd = 0.02;

export const bottleneck: AdapterKind = {
  reads: ["width"],
  parameters: ({ outs }, { width }) => ({ down: [width, outs], downBias: [width], up: [outs, width], upBias: [outs] }),
  constants: () => ({}),
  start(part, data, _layer, stream) {
    if (part === "down") for (let i = 0; i < data.length; i++) data[i] = stream.normal() * downStd;
  },
  forward: (p, own, { x, product }) => {
    const y = product(x, p.bias as Value | undefined);
    return scope("bottleneck", () => {
      const inner = relu(linear(y, weight(own, "down"), weight(own, "downBias")));
      return add(y, linear(inner, weight(own, "up"), weight(own, "upBias")));
    });
  },
};
