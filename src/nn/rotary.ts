// Rotary positions (Su 2021, arXiv:2104.09864) in the half-and-half layout of Transformers' Llama.
import { hostArray } from "../base/index.ts";
import { add, cast, concat, constant, cos, mul, neg, reshape, sin, slice, type Value } from "../graph/index.ts";

/** cos and sin of position × frequency, [T, D] each, both halves alike. */
export interface Rotation {
  readonly cosine: Value;
  readonly sine: Value;
}

/** How frequencies are changed for texts longer than those of pretraining. Factors are at least 1 and have no unit. */
export type RotaryScaling =
  /** Every position counts 1/factor (Chen 2023, arXiv:2306.15595). */
  | { readonly type: "linear"; readonly factor: number }
  /**
   * Llama 3.1: wavelengths above original/low are slowed by the factor, those below original/high stay, between them a blend.
   * `original` is the longest text of pretraining, in tokens.
   */
  | {
      readonly type: "llama3";
      readonly factor: number;
      readonly low: number;
      readonly high: number;
      readonly original: number;
    }
  /**
   * YaRN (Peng 2023, arXiv:2309.00071): frequencies that turn more than `fast` times within the `original` length stay, those that
   * turn less than `slow` times are divided by the factor, between them a ramp. `whole` rounds the ramp's ends to whole numbers.
   */
  | {
      readonly type: "yarn";
      readonly factor: number;
      readonly fast: number;
      readonly slow: number;
      readonly original: number;
      readonly whole: boolean;
    };

/** The D/2 frequencies theta^(−2i/D), scaled; radians a position, as float32. */
export function rotaryFrequencies(width: number, theta: number, scaling?: RotaryScaling): Float32Array<ArrayBuffer> {
  const slowed = scaling?.type === "yarn" ? yarnRamp(width, theta, scaling) : undefined;
  return Float32Array.from({ length: width / 2 }, (_, i) => {
    const frequency = 1 / theta ** ((2 * i) / width);
    if (!scaling) return frequency;
    if (scaling.type === "linear") return frequency / scaling.factor;
    if (scaling.type === "yarn") return (frequency / scaling.factor) * slowed!(i) + frequency * (1 - slowed!(i));
    const { factor, low, high, original } = scaling;
    const turns = (original * frequency) / (2 * Math.PI); // original length over wavelength
    if (turns < low) return frequency / factor;
    if (turns > high) return frequency;
    const smooth = (turns - low) / (high - low);
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

/** How much of frequency i is divided by YaRN's factor: 0 … 1. */
function yarnRamp(
  width: number,
  theta: number,
  { fast, slow, original, whole }: Extract<RotaryScaling, { type: "yarn" }>,
): (i: number) => number {
  const turning = (turns: number) => (width * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [low, high] = whole ? [Math.floor(turning(fast)), Math.ceil(turning(slow))] : [turning(fast), turning(slow)];
  const [from, to] = [Math.max(low, 0), Math.min(high, width - 1)];
  return (i) => Math.min(Math.max((i - from) / (to === from ? 0.001 : to - from), 0), 1);
}

/**
 * The rotation of each position: angle i of D/2 is position · frequency i.
 * @param positions int32 [T] @param frequencies D/2, from {@link rotaryFrequencies}
 * @param factor of both cos and sin: YaRN's attention factor. Default 1
 */
export function rotation(positions: Value, frequencies: Float32Array<ArrayBuffer>, factor = 1): Rotation {
  const angles = mul(
    cast(reshape(positions, [positions.shape[0]!, 1]), "float32"),
    constant(hostArray("float32", [1, frequencies.length], frequencies)),
  ); // [T, D/2]
  const both = (x: Value) => (factor === 1 ? concat([x, x], 1) : mul(concat([x, x], 1), factor));
  return { cosine: both(cos(angles)), sine: both(sin(angles)) };
}

/** x·cos + (−x₂, x₁)·sin for x = (x₁, x₂) [.., D]; cos and sin broadcast to x. */
export function rotate(x: Value, { cosine, sine }: Rotation): Value {
  const [last, width] = [x.shape.length - 1, x.shape.at(-1) as number];
  const turned = concat([neg(slice(x, last, width / 2, width)), slice(x, last, 0, width / 2)], last);
  return add(mul(x, cosine), mul(turned, sine));
}
