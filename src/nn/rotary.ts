// Rotary positions (Su 2021, arXiv:2104.09864) in the half-and-half layout of Transformers' Llama.
import { hostArray } from "../base/index.ts";
import { add, cast, concat, constant, cos, mul, neg, reshape, sin, slice, type Value } from "../graph/index.ts";

/** cos and sin of position × frequency, [T, D] each, both halves alike. */
export interface Rotation {
  readonly cosine: Value;
  readonly sine: Value;
}

/**
 * The rotation of each position: angle i of D/2 is position · theta^(−2i/D).
 * @param positions int32 [T] @param width D, even @param theta base of the frequencies
 */
export function rotation(positions: Value, width: number, theta: number): Rotation {
  const half = width / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => 1 / theta ** ((2 * i) / width));
  const angles = mul(
    cast(reshape(positions, [positions.shape[0]!, 1]), "float32"),
    constant(hostArray("float32", [1, half], frequencies)),
  ); // [T, D/2]
  return { cosine: concat([cos(angles), cos(angles)], 1), sine: concat([sin(angles), sin(angles)], 1) };
}

/** x·cos + (−x₂, x₁)·sin for x = (x₁, x₂) [.., D]; cos and sin broadcast to x. */
export function rotate(x: Value, { cosine, sine }: Rotation): Value {
  const [last, width] = [x.shape.length - 1, x.shape.at(-1) as number];
  const turned = concat([neg(slice(x, last, width / 2, width)), slice(x, last, 0, width / 2)], last);
  return add(mul(x, cosine), mul(turned, sine));
}
