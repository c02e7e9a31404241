// Convolution layers and pooling over images and sequences [N, C, ..]. Parameters enter through the op `conv`.
import { hostArray } from "../base/index.ts";
import {
  argmax,
  broadcastTo,
  constant,
  conv,
  div,
  divDims,
  flip,
  gatherElements,
  mulDims,
  padOrCrop,
  reshape,
  stretch,
  sum,
  transpose,
  type Value,
  type WindowOptions,
  windowCounts,
  windows,
} from "../graph/index.ts";
import { type Params, weight } from "./params.ts";

export interface ConvolutionOptions {
  /** Distance between windows. Default 1. */
  readonly stride?: number | readonly number[];
  /** Zeros on both sides. Default 0. */
  readonly padding?: number | readonly number[];
  /** Distance between the elements under a kernel. Default 1. */
  readonly dilation?: number | readonly number[];
  /** Channels fall into groups that do not see each other; as many groups as channels is depthwise. Default 1. */
  readonly groups?: number;
}

const perAxis = (value: number | readonly number[], rank: number): readonly number[] =>
  typeof value === "number" ? Array<number>(rank).fill(value) : value;

/**
 * Cross-correlation with `weight` [O, C/groups, ..kernel] and optional `bias` [O].
 * @param x [N, C, L] or [N, C, height, width], or more axes
 * @returns [N, O, ..]
 * @example convolution({ weight, bias }, x, { stride: 2, padding: 1 })
 */
export function convolution(p: Params, x: Value, o: ConvolutionOptions = {}): Value {
  const rank = x.shape.length - 2;
  return conv(x, weight(p, "weight"), p.bias as Value | undefined, {
    strides: perAxis(o.stride ?? 1, rank),
    padding: perAxis(o.padding ?? 0, rank),
    dilation: perAxis(o.dilation ?? 1, rank),
    groups: o.groups ?? 1,
  });
}

/**
 * The transpose of {@link convolution}: `weight` [C, O/groups, ..kernel], optional `bias` [O].
 * @param x [N, C, ..] @param o `outputPadding`: elements added at the end of each axis, default 0
 * @returns [N, O, ..] of size (L − 1)·stride − 2·padding + dilation·(k − 1) + outputPadding + 1
 */
export function transposedConvolution(
  p: Params,
  x: Value,
  o: ConvolutionOptions & { readonly outputPadding?: number | readonly number[] } = {},
): Value {
  const w = weight(p, "weight");
  const kernel = w.shape.slice(2) as number[];
  const [rank, groups] = [kernel.length, o.groups ?? 1];
  const [stride, padding, dilation, extra] = [o.stride ?? 1, o.padding ?? 0, o.dilation ?? 1, o.outputPadding ?? 0].map(
    (v) => perAxis(v, rank),
  ) as [readonly number[], readonly number[], readonly number[], readonly number[]];
  const wide = kernel.reduce((v, k, i) => {
    const reach = dilation[i]! * (k - 1) - padding[i]!;
    return padOrCrop(stretch(v, i + 2, stride[i]!), i + 2, reach, reach + extra[i]!);
  }, x);
  const [ins, outs] = [divDims(w.shape[0]!, groups)!, w.shape[1]!];
  const swapped = transpose(reshape(w, [groups, ins, outs, ...kernel]), [0, 2, 1, ...kernel.map((_, i) => i + 3)]);
  const turned = kernel.reduce<Value>(
    (v, _, i) => flip(v, i + 2),
    reshape(swapped, [mulDims(groups, outs), ins, ...kernel]),
  );
  return conv(wide, turned, p.bias as Value | undefined, { dilation, groups });
}

export interface PoolOptions {
  /** Size of a window. */
  readonly kernel: number | readonly number[];
  /** Distance between windows. Default the kernel. */
  readonly stride?: number | readonly number[];
  /** Places added on both sides, at most half the kernel. Default 0. */
  readonly padding?: number | readonly number[];
}

function windowOptions(x: Value, o: PoolOptions): WindowOptions {
  const rank = x.shape.length - 2;
  return {
    kernel: perAxis(o.kernel, rank),
    strides: perAxis(o.stride ?? o.kernel, rank),
    padding: perAxis(o.padding ?? 0, rank),
    dilation: perAxis(1, rank),
  };
}

/** The largest element under each window: x [N, C, ..] → [N, C, ..]. The gradient goes to the first of equals. */
export function maxPool(x: Value, o: PoolOptions): Value {
  const w = windowOptions(x, o);
  const each = transpose(windows(x, w, Number.NEGATIVE_INFINITY), [0, 1, 3, 2]); // [N, C, L, K]
  const best = argmax(each, -1);
  const picked = gatherElements(each, reshape(best, [...best.shape, 1]), 3);
  return reshape(picked, [...x.shape.slice(0, 2), ...windowCounts(x.shape.slice(2) as number[], w)]);
}

/** The mean under each window: x [N, C, ..] → [N, C, ..]. @param o `countPadding`: padding counts as zeros, default true */
export function averagePool(x: Value, o: PoolOptions & { readonly countPadding?: boolean }): Value {
  const w = windowOptions(x, o);
  const total = (v: Value) => sum(windows(v, w), { axes: [2] }); // [N, C, L]
  const size = w.kernel.reduce((a, b) => a * b, 1);
  const ones = broadcastTo(constant(hostArray(x.dtype, [], [1])), [1, 1, ...x.shape.slice(2)]);
  const mean = div(total(x), o.countPadding === false ? total(ones) : size);
  return reshape(mean, [...x.shape.slice(0, 2), ...windowCounts(x.shape.slice(2) as number[], w)]);
}
