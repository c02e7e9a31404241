// Reference names of test/golden/ops.json → this library's functions: the only place where torch's spelling is known.
import {
  abs,
  add,
  argmax,
  broadcastTo,
  concat,
  cos,
  cumsum,
  div,
  embed,
  erf,
  exp,
  flip,
  gather,
  gatherElements,
  gelu,
  geluTanh,
  linear,
  log,
  log1p,
  logSoftmax,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  neg,
  padOrCrop,
  pow,
  prod,
  reciprocal,
  relu,
  reshape,
  rmsNorm,
  scatterElements,
  sigmoid,
  sin,
  slice,
  softmax,
  softplus,
  sqrt,
  sub,
  sum,
  tanh,
  topk,
  transpose,
  type Value,
  where,
} from "../../src/graph/index.ts";
import {
  clamp,
  cosineSimilarity,
  layerNormOver,
  leakyRelu,
  logSigmoid,
  logSumExp,
  lowerTriangle,
  matrixProduct,
  norm,
  normalize,
  quickGelu,
  reflectPad,
  repeatInterleave,
  replicatePad,
  select,
  silu,
  sort,
  split,
  stack,
  standardDeviation,
  swapAxes,
  swiglu,
  tile,
  upperTriangle,
  variance,
} from "../../src/nn/index.ts";
import { layerAdapters } from "./layer-adapters.ts";
import { lossAdapters } from "./loss-adapters.ts";

// biome-ignore lint/suspicious/noExplicitAny: attributes of a reference case are whatever its expression needs
export type Attributes = Record<string, any>;
/** Values and attributes by their names in the expression, and the expression itself where several forms share a name. */
export type Adapter = (v: Record<string, Value>, a: Attributes, torch: string) => Value | readonly Value[];

const axes = (a: Attributes) => ({
  axes: a.dim === undefined ? undefined : [a.dim].flat(),
  keepDims: a.keepdim ?? false,
});

export const coreAdapters: Record<string, Adapter> = {
  add: ({ x, y }) => add(x!, y!),
  sub: ({ x, y }) => sub(x!, y!),
  mul: ({ x, y }) => mul(x!, y!),
  div: ({ x, y }) => div(x!, y!),
  pow: ({ x, y }, a) => pow(x!, y ?? a.p),
  exp: ({ x }) => exp(x!),
  tanh: ({ x }) => tanh(x!),
  sigmoid: ({ x }) => sigmoid(x!),
  erf: ({ x }) => erf(x!),
  gelu_erf: ({ x }) => gelu(x!),
  gelu_tanh: ({ x }) => geluTanh(x!),
  softplus: ({ x }) => softplus(x!),
  sin: ({ x }) => sin(x!),
  cos: ({ x }) => cos(x!),
  neg: ({ x }) => neg(x!),
  square: ({ x }) => mul(x!, x!),
  relu: ({ x }) => relu(x!),
  abs: ({ x }) => abs(x!),
  log: ({ x }) => log(x!),
  sqrt: ({ x }) => sqrt(x!),
  rsqrt: ({ x }) => reciprocal(sqrt(x!)),
  reciprocal: ({ x }) => reciprocal(x!),
  log1p: ({ x }) => log1p(x!),
  maximum: ({ x, y }) => maximum(x!, y!),
  minimum: ({ x, y }) => minimum(x!, y!),
  softmax: ({ x, mask }, a, torch) =>
    softmax(mask ? add(torch.includes("0 * x") ? mul(x!, 0) : x!, mask) : x!, a.dim ?? -1),
  log_softmax: ({ x }, a) => logSoftmax(x!, a.dim),
  rms_norm: ({ x, weight }, a) => rmsNorm(x!, weight!, a.eps),
  linear: ({ x, weight, bias }) => linear(x!, weight!, bias),
  embedding: ({ ids, weight }, a) => embed(weight!, ids!, a.padding_idx),
  gather: ({ x, ids }, a) => gatherElements(x!, ids!, a.dim),
  take_along_axis: ({ x, ids }, a) => gatherElements(x!, ids!, a.dim),
  index_select: ({ x, ids }, a) => gather(x!, ids!, a.dim),
  scatter_add: ({ x, ids, src }, a) => scatterElements(x!, ids!, src!, a.dim),
  concat: ({ x, y }, a) => concat([x!, y!], a.dim),
  flip: ({ x }, a) => a.dims.reduce((v: Value, d: number) => flip(v, d), x!),
  permute: ({ x }, a) =>
    transpose(
      x!,
      a.dims.map((d: number) => (d < 0 ? d + x!.shape.length : d)),
    ),
  expand: ({ x }, a) =>
    broadcastTo(
      x!,
      a.shape.map((d: number, i: number) => (d < 0 ? x!.shape[i - a.shape.length + x!.shape.length]! : d)),
    ),
  sum: ({ x }, a) => sum(x!, axes(a)),
  mean: ({ x }, a) => mean(x!, axes(a)),
  prod: ({ x }, a) => prod(x!, axes(a)),
  amax: ({ x }, a) => max(x!, axes(a)),
  amin: ({ x }, a) => min(x!, axes(a)),
  argmax: ({ x }, a) => argmax(x!, a.dim),
  topk: ({ x }, a) => topk(x!, a.k),
  where: ({ cond, x, y }) => where(cond!, x!, y!),
  masked_fill: ({ cond, x }, a) => where(cond!, a.value, x!),
  cumsum: ({ x }, a) => cumsum(x!, a.dim),
  silu: ({ x }) => silu(x!),
  logsigmoid: ({ x }) => logSigmoid(x!),
  quick_gelu: ({ x }) => quickGelu(x!),
  leaky_relu: ({ x }, a) => leakyRelu(x!, a.negative_slope),
  clamp: ({ x }, a) => clamp(x!, a.lo, a.hi),
  swiglu: ({ x, w1, w3 }) => swiglu(x!, w1!, w3!),
  matmul: ({ x, y }) => matrixProduct(x!, y!),
  stack: ({ x, y }, a) => stack([x!, y!], a.dim),
  split: ({ x }, a) => split(x!, a.sizes, a.dim),
  slice: ({ x }, a, torch) => {
    if (torch === "x[-1]") return select(x!, 0, -1);
    if (torch === "x[:, idx]") return select(x!, 1, a.idx);
    const axis = torch.startsWith("x[...,") ? x!.shape.length - 1 : 1;
    return slice(x!, axis, a.start, a.stop ?? (x!.shape[axis] as number), a.step ?? 1);
  },
  pad: ({ x }, a) => eachPair(x!, a.pad, (v, axis, before, after) => padOrCrop(v, axis, before, after, a.value)),
  pad_reflect: ({ x }, a) => eachPair(x!, a.pad, reflectPad),
  pad_replicate: ({ x }, a) => eachPair(x!, a.pad, replicatePad),
  transpose: ({ x }, a) => swapAxes(x!, a.d0, a.d1),
  reshape: ({ x }, a, torch) => {
    const v = torch.includes("transpose") ? swapAxes(x!, 0, 1) : x!;
    const size = v.shape.reduce<number>((n, d) => n * (d as number), 1);
    const known = a.shape.reduce((n: number, d: number) => (d < 0 ? n : n * d), 1);
    return reshape(
      v,
      a.shape.map((d: number) => (d < 0 ? size / known : d)),
    );
  },
  tile: ({ x }, a) => tile(x!, a.reps),
  repeat_interleave: ({ x }, a) => repeatInterleave(x!, a.repeats, a.dim),
  max_dim: ({ x }, a) => {
    const best = argmax(x!, a.dim);
    const axis = a.dim < 0 ? a.dim + x!.shape.length : a.dim;
    const shape = x!.shape.map((d, i) => (i === axis ? 1 : d));
    return [reshape(gatherElements(x!, reshape(best, shape), a.dim), best.shape), best];
  },
  sort: ({ x }, a) => sort(x!, a.dim, a.descending),
  var: ({ x }, a) => variance(x!, { ...axes(a), correction: a.correction }),
  std: ({ x }, a) => standardDeviation(x!, { ...axes(a), correction: a.correction }),
  logsumexp: ({ x }, a) => logSumExp(x!, axes(a)),
  norm: ({ x }, a) => norm(x!, axes(a)),
  normalize: ({ x }, a) => normalize(x!, -1, a.eps),
  cosine_similarity: ({ x, y }, a) => cosineSimilarity(x!, y!, -1, a.eps),
  tril: ({ x }, a) => lowerTriangle(x!, a.k),
  triu: ({ x }, a) => upperTriangle(x!, a.k),
  layer_norm: ({ x, weight, bias }, a) =>
    layerNormOver(x!, a.eps, a.normalized_shape.length, { weight: weight!, bias: bias! }),
};

/** Every reference operation. */
export const adapters: Readonly<Record<string, Adapter>> = { ...coreAdapters, ...layerAdapters, ...lossAdapters };

/** torch lists padding from the last axis backwards, as pairs. */
function eachPair(
  x: Value,
  pairs: readonly number[],
  step: (x: Value, axis: number, before: number, after: number) => Value,
): Value {
  let out = x;
  for (let i = 0; i < pairs.length / 2; i++) out = step(out, x.shape.length - 1 - i, pairs[2 * i]!, pairs[2 * i + 1]!);
  return out;
}
