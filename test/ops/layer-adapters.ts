// Reference names → this library: normalisations, convolutions, pooling, attention, rotary positions.
import { hostArray } from "../../src/base/index.ts";
import { constant } from "../../src/graph/index.ts";
import {
  averagePool,
  batchNorm,
  convolution,
  groupNorm,
  maxPool,
  repeatInterleave,
  rotaryFrequencies,
  rotate,
  rotation,
  scaledDotProduct,
  transposedConvolution,
} from "../../src/nn/index.ts";
import type { Adapter } from "./adapters.ts";

const convolve: Adapter = ({ x, weight, bias }, a) =>
  convolution({ weight: weight!, ...(bias ? { bias } : {}) }, x!, a);

export const layerAdapters: Record<string, Adapter> = {
  group_norm: ({ x, weight, bias }, a) => groupNorm(x!, a.groups, a.eps, { weight: weight!, bias: bias! }),
  batch_norm: ({ x, weight, bias }, a) => batchNorm(x!, a.eps, { weight: weight!, bias: bias! }),
  conv1d: convolve,
  conv2d: convolve,
  conv_transpose1d: ({ x, weight, bias }, a) =>
    transposedConvolution({ weight: weight!, ...(bias ? { bias } : {}) }, x!, {
      ...a,
      outputPadding: a.output_padding,
    }),
  max_pool2d: ({ x }, a) => maxPool(x!, { kernel: a.kernel, stride: a.stride, padding: a.padding }),
  avg_pool2d: ({ x }, a) =>
    averagePool(x!, { kernel: a.kernel, stride: a.stride, padding: a.padding, countPadding: a.include }),
  sdpa: ({ q, k, v, mask }, a, torch) =>
    scaledDotProduct(q!, k!, v!, {
      ...(mask ? { mask } : {}),
      causal: torch.includes("is_causal=True"),
      scale: a.scale,
    }),
  sdpa_gqa: ({ q, k, v }, a) =>
    scaledDotProduct(q!, repeatInterleave(k!, a.rep, 1), repeatInterleave(v!, a.rep, 1), { causal: true }),
  rope: ({ x }, a) => {
    const [length, width] = x!.shape.slice(-2) as [number, number];
    const positions = constant(hostArray("int32", [length], [...Array(length).keys()]));
    return rotate(x!, rotation(positions, rotaryFrequencies(width, a.theta)));
  },
};
