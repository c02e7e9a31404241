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
    };

/** The D/2 frequencies theta^(−2i/D), scaled; radians a position, as float32. */
export function rotaryFrequencies(width: number, theta: number, scaling?: RotaryScaling): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: width / 2 }, (_, i) => {
    const frequency = 1 / theta ** ((2 * i) / width);
    if (!scaling) return frequency;
    if (scaling.type === "linear") return frequency / scaling.factor;
    const { factor, low, high, original } = scaling;
    const turns = (original * frequency) / (2 * Math.PI); // original length over wavelength
    if (turns < low) return frequency / factor;
    if (turns > high) return frequency;
    const smooth = (turns - low) / (high - low);
    return ((1 - smooth) * frequency) / factor + smooth * frequency;
  });
}

/**
 * The rotation of each position: angle i of D/2 is position · frequency i.
 * @param positions int32 [T] @param frequencies D/2, from {@link rotaryFrequencies}
 */
export function rotation(positions: Value, frequencies: Float32Array<ArrayBuffer>): Rotation {
  const angles = mul(
    cast(reshape(positions, [positions.shape[0]!, 1]), "float32"),
    constant(hostArray("float32", [1, frequencies.length], frequencies)),
  ); // [T, D/2]
  return { cosine: concat([cos(angles), cos(angles)], 1), sine: concat([sin(angles), sin(angles)], 1) };
}

/** x·cos + (−x₂, x₁)·sin for x = (x₁, x₂) [.., D]; cos and sin broadcast to x. */
export function rotate(x: Value, { cosine, sine }: Rotation): Value {
  const [last, width] = [x.shape.length - 1, x.shape.at(-1) as number];
  const turned = concat([neg(slice(x, last, width / 2, width)), slice(x, last, 0, width / 2)], last);
  return add(mul(x, cosine), mul(turned, sine));
}
