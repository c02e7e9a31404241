// Convolution over any number of spatial axes, and the windows that it and pooling read. Knows images only as [N, C, ..].
import { hostArray, sizeOf, stridesOf } from "../../base/index.ts";
import { add, type Conv, constant, conv, flip, gather, matmul, pad, reshape, slice, sum, transpose } from "../build.ts";
import { type Dim, divDims, mulDims, sizeOfDims } from "../dims.ts";
import type { Fail, Op, TensorType, Value } from "../value.ts";
import { at, eachIndex, refArray } from "./reference.ts";
import { padOrCrop, rowSumNorm, stretch, wantDtype } from "./rules.ts";

type ConvAttrs = Required<Conv> & { readonly [key: string]: readonly number[] | number };
/** How windows are laid over spatial axes; one number per axis. */
export interface WindowOptions {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** Number of windows along each spatial axis: ⌊(L + 2p − d(k − 1) − 1)/s⌋ + 1. */
export const windowCounts = (sizes: readonly number[], o: WindowOptions): number[] =>
  sizes.map((l, i) => Math.floor((l + 2 * o.padding[i]! - reach(o, i) - 1) / o.strides[i]!) + 1);

const reach = (o: Pick<WindowOptions, "dilation" | "kernel">, axis: number): number =>
  o.dilation[axis]! * (o.kernel[axis]! - 1);

/**
 * The elements under each window (im2col), by a gather with a constant index.
 * @param x [N, C, ..spatial] @param fill value of the padding
 * @returns [N, C, K, L]: K places of the kernel, L windows, both in row-major order
 */
export function windows(x: Value, o: WindowOptions, fill = 0): Value {
  const sizes = x.shape.slice(2) as number[];
  const wide = sizes.map((l, i) => l + 2 * o.padding[i]!);
  const counts = windowCounts(sizes, o);
  const strides = stridesOf(wide);
  const index = new Int32Array(sizeOf(o.kernel) * sizeOf(counts));
  eachIndex([...o.kernel, ...counts], (place, flat) => {
    const from = wide.map((_, i) => place[i]! * o.dilation[i]! + place[wide.length + i]! * o.strides[i]!);
    index[flat] = at(from, strides);
  });
  const padded = o.padding.reduce((v, p, i) => pad(v, i + 2, p, p, fill), x);
  const flat = reshape(padded, [x.shape[0]!, x.shape[1]!, sizeOf(wide)]);
  return gather(flat, constant(hostArray("int32", [sizeOf(o.kernel), sizeOf(counts)], index)), 2);
}

const spatial = (shape: readonly Dim[]): number[] => shape.slice(2) as number[];
const kernelOf = (weight: TensorType, a: ConvAttrs): WindowOptions => ({ ...a, kernel: spatial(weight.shape) });
/** [.., G·n, ..] at `axis` → [.., G, n, ..]. */
const splitGroups = (x: Value, axis: number, groups: number): Value =>
  reshape(x, [...x.shape.slice(0, axis), groups, divDims(x.shape[axis]!, groups)!, ...x.shape.slice(axis + 1)]);

/** The gradient with respect to x is a convolution of the spread-out gradient with the flipped kernel. */
function inputGradient(g: Value, x: Value, weight: Value, a: ConvAttrs): Value {
  const o = kernelOf(weight, a);
  const wide = spatial(x.shape).reduce((v, length, i) => {
    const axis = i + 2;
    const spread = stretch(v, axis, a.strides[i]!);
    return padOrCrop(
      spread,
      axis,
      reach(o, i) - a.padding[i]!,
      length - (spread.shape[axis] as number) + a.padding[i]!,
    );
  }, g);
  const grouped = splitGroups(weight, 0, a.groups); // [G, O/G, C/G, ..]
  const swapped = transpose(grouped, [0, 2, 1, ...o.kernel.map((_, i) => i + 3)]);
  const turned = o.kernel.reduce<Value>(
    (v, _, i) => flip(v, i + 2),
    reshape(swapped, [mulDims(a.groups, weight.shape[1]!), divDims(weight.shape[0]!, a.groups)!, ...o.kernel]),
  );
  return conv(wide, turned, undefined, { dilation: a.dilation, groups: a.groups });
}

/** The gradient with respect to the weight is a convolution too: examples play the channels, the gradient the kernel. */
function weightGradient(g: Value, x: Value, weight: Value, a: ConvAttrs): Value {
  const axes = a.strides.map((_, i) => i);
  const grouped = splitGroups(x, 1, a.groups); // [N, G, C/G, ..]
  const channels = transpose(grouped, [2, 1, 0, ...axes.map((i) => i + 3)]);
  const image = reshape(channels, [channels.shape[0]!, mulDims(a.groups, x.shape[0]!), ...x.shape.slice(2)]);
  const kernel = transpose(g, [1, 0, ...axes.map((i) => i + 2)]);
  const full = conv(image, kernel, undefined, {
    strides: a.dilation,
    padding: a.padding,
    dilation: a.strides,
    groups: a.groups,
  });
  const cut = spatial(weight.shape).reduce((v, k, i) => slice(v, i + 2, 0, k), full);
  return transpose(cut, [1, 0, ...axes.map((i) => i + 2)]);
}

function convShape([x, weight, bias]: readonly TensorType[], a: ConvAttrs, fail: Fail): TensorType {
  wantDtype(x!, ["float32", "float64"], fail);
  const rank = x!.shape.length - 2;
  if (rank < 1 || weight!.shape.length !== rank + 2)
    fail("the kernel does not fit the input's axes", "x [N, C, ..spatial] · weight [O, C/groups, ..kernel]");
  const inputs = divDims(x!.shape[1]!, a.groups);
  if (inputs === undefined || inputs !== weight!.shape[1] || divDims(weight!.shape[0]!, a.groups) === undefined)
    fail("channels do not fit the kernel and groups", `x [N, C, ..] · weight [O, C/groups, ..] for ${a.groups} groups`);
  if ([...x!.shape.slice(2), ...weight!.shape.slice(2)].some((d) => typeof d !== "number"))
    fail("a spatial size is symbolic", "numeric spatial sizes; only the batch and channels may be symbols");
  if ([a.strides, a.padding, a.dilation].some((list) => list.length !== rank))
    fail("strides, padding or dilation do not fit", `${rank} numbers each`);
  const counts = windowCounts(spatial(x!.shape), kernelOf(weight!, a));
  if (counts.some((n) => n < 1)) fail("the kernel is larger than the padded input", "at least one window in each axis");
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== weight!.shape[0]))
    fail("the bias does not fit the weight", `bias [${weight!.shape[0]}]`);
  return { dtype: x!.dtype, shape: [x!.shape[0]!, weight!.shape[0]!, ...counts] };
}

export const convolutionOps = {
  conv: {
    doc: "Cross-correlation of x [N, C, ..] with weight [O, C/groups, ..], plus bias [O].",
    traits: { parameters: { 1: "weight", 2: "bias" } },
    shape: convShape,
    eval: ([x, weight, bias], a) => {
      const o = kernelOf(weight!, a);
      const sizes = spatial(x!.shape);
      const [outs, ins] = weight!.shape as [number, number];
      const out = refArray([x!.shape[0]!, outs, ...windowCounts(sizes, o)], x!.dtype);
      const [strideX, strideW] = [stridesOf(x!.shape), stridesOf(weight!.shape)];
      eachIndex(out.shape, ([n, channel, ...place], flat) => {
        const first = Math.floor(channel! / (outs / a.groups)) * ins;
        let total = bias ? bias.data[channel!]! : 0;
        eachIndex([ins, ...o.kernel], ([c, ...k]) => {
          const from = place.map((w, i) => w * a.strides[i]! + k[i]! * a.dilation[i]! - a.padding[i]!);
          if (from.every((p, i) => p >= 0 && p < sizes[i]!))
            total +=
              x!.data[at([n!, first + c!, ...from], strideX)]! * weight!.data[at([channel!, c!, ...k], strideW)]!;
        });
        out.data[flat] = total;
      });
      return out;
    },
    vjp: (g, [x, weight, bias], _y, a) => [
      inputGradient(g, x!, weight!, a),
      weightGradient(g, x!, weight!, a),
      ...(bias ? [sum(g, { axes: [0, ...a.strides.map((_, i) => i + 2)] })] : []),
    ],
    decompose: ([x, weight, bias], a) => {
      const o = kernelOf(weight!, a);
      const [batch, outs] = [x!.shape[0]!, weight!.shape[0]!];
      const counts = windowCounts(spatial(x!.shape), o);
      const product = matmul(flatKernel(weight!, a), columns(x!, o, a));
      const y = reshape(product, [batch, outs, ...counts]);
      return [bias ? add(y, reshape(bias, [outs, ...counts.map(() => 1)])) : y];
    },
    // the gradient of one image is dy·columnsᵀ per group; images of one example add up
    exampleNorm: ([x, weight], g, which, a, { blocks }) => {
      if (which === 2) return rowSumNorm(blocks(sum(g, { axes: a.strides.map((_, i) => i + 2) })));
      const cols = columns(x!, kernelOf(weight!, a), a);
      const dy = splitGroups(reshape(g, [g.shape[0]!, g.shape[1]!, sizeOfDims(g.shape.slice(2))]), 1, a.groups);
      const each = matmul(dy, cols, { transposeB: true });
      return rowSumNorm(blocks(reshape(each, [g.shape[0]!, sizeOfDims(weight!.shape)])));
    },
  } satisfies Op<ConvAttrs>,
};

/** [N, G, C/G·K, L]. */
function columns(x: Value, o: WindowOptions, { groups }: ConvAttrs): Value {
  const each = windows(x, o);
  const [batch, channels, places, count] = each.shape as [Dim, Dim, number, number];
  return reshape(each, [batch, groups, mulDims(divDims(channels, groups)!, places), count]);
}

/** [G, O/G, C/G·K]. */
const flatKernel = (weight: Value, { groups }: ConvAttrs): Value =>
  reshape(weight, [groups, divDims(weight.shape[0]!, groups)!, sizeOfDims(weight.shape.slice(1))]);
