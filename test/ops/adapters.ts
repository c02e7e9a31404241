// Reference names of test/golden/ops.json → this library's functions: the only place where torch's spelling is known.
import {
  abs, add, argmax, broadcastTo, cast, concat, cos, cumsum, div, embed, erf, exp, flip, gather, gatherElements, gelu, geluTanh,
  layerNorm, linear, log, log1p, logSoftmax, matmul, max, maximum, mean, min, minimum, mul, neg, not, pow, prod, reciprocal, relu,
  reshape, rmsNorm, scatterElements, sigmoid, sin, slice, softmax, softplus, sqrt, sub, sum, tanh, topk, transpose, type Value, where,
} from "../../src/graph/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: attributes of a reference case are whatever its expression needs
export type Attributes = Record<string, any>;
export type Adapter = (v: Record<string, Value>, a: Attributes) => Value | readonly Value[];

const axes = (a: Attributes) => ({ axes: a.dim === undefined ? undefined : [a.dim].flat(), keepDims: a.keepdim ?? false });

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
  softmax: ({ x, mask }, a) => softmax(mask ? add(x!, mask) : x!, a.dim ?? -1),
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
  permute: ({ x }, a) => transpose(x!, a.dims),
  expand: ({ x }, a) => broadcastTo(x!, a.shape),
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
};
void [cast, layerNorm, matmul, not, reshape, slice];
