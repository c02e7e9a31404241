// Normalisations over other axes than the last. Scale and shift that are learned per channel enter by plain products here, so
// private training refuses them; the ops `layerNorm` and `rmsNorm` have the seam that it needs.
import {
  add,
  broadcastTo,
  type Dim,
  layerNorm,
  mean,
  mul,
  reciprocal,
  reshape,
  scalar,
  sizeOfDims,
  sqrt,
  sub,
  type Value,
} from "../graph/index.ts";

/** Learned scale and shift; either may be absent. */
export interface Affine {
  readonly weight?: Value;
  readonly bias?: Value;
}

/**
 * Layer normalisation over the last `count` axes (default 1), as one.
 * @param affine weight and bias of those axes' shape
 */
export function layerNormOver(x: Value, epsilon: number, count = 1, { weight, bias }: Affine = {}): Value {
  const at = x.shape.length - count;
  const width = sizeOfDims(x.shape.slice(at));
  const filled = (v: Value | undefined, otherwise: number) =>
    v ? reshape(v, [width]) : broadcastTo(scalar(otherwise, x.dtype), [width]);
  const rows = reshape(x, [...x.shape.slice(0, at), width]);
  return reshape(layerNorm(rows, filled(weight, 1), filled(bias, 0), epsilon), x.shape);
}

/** Group normalisation (Wu 2018, arXiv:1803.08494): x [N, C, ..] in groups of channels; scale and shift [C]. */
export function groupNorm(x: Value, groups: number, epsilon: number, affine: Affine = {}): Value {
  const [batch, channels, ...rest] = x.shape as [Dim, number, ...Dim[]];
  const grouped = reshape(x, [batch, groups, sizeOfDims([channels / groups, ...rest])]);
  return perChannel(reshape(layerNormOver(grouped, epsilon), x.shape), affine);
}

/** Batch normalisation (Ioffe 2015, arXiv:1502.03167) by the batch's own mean and biased variance: x [N, C, ..], scale and shift [C]. */
export function batchNorm(x: Value, epsilon: number, affine: Affine = {}): Value {
  const axes = x.shape.flatMap((_, i) => (i === 1 ? [] : [i]));
  const centred = sub(x, mean(x, { axes, keepDims: true }));
  const inverse = reciprocal(sqrt(add(mean(mul(centred, centred), { axes, keepDims: true }), epsilon)));
  return perChannel(mul(centred, inverse), affine);
}

function perChannel(x: Value, { weight, bias }: Affine): Value {
  const column = (v: Value) => reshape(v, [v.shape[0]!, ...x.shape.slice(2).map(() => 1)]);
  const scaled = weight ? mul(x, column(weight)) : x;
  return bias ? add(scaled, column(bias)) : scaled;
}
