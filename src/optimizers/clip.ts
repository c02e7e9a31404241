// Gradient clipping over plain arrays, by torch's definitions. Knows no parameters and no memory; the updater has the same
// norm on kernels.
import { ConcordError } from "../base/index.ts";

/** Which norm: p = 1, 2 (default), … or Infinity. */
export type NormType = number;

/**
 * The p-norm of several arrays taken as one vector, in float64.
 * @param gradients arrays of any sizes; none gives 0
 * @param type p > 0 or Infinity (largest magnitude); default 2
 * @throws E_ARGUMENT when p is not positive
 * @example globalNorm([Float32Array.of(3), Float32Array.of(4)]) // 5
 */
export function globalNorm(gradients: Iterable<Float32Array>, type: NormType = 2): number {
  checkNormType(type);
  let total = 0;
  for (const gradient of gradients)
    for (const g of gradient)
      total = type === Infinity ? Math.max(total, Math.abs(g)) : total + (type === 2 ? g * g : Math.abs(g) ** type);
  return type === Infinity ? total : type === 2 ? Math.sqrt(total) : total ** (1 / type);
}

/** Throws E_ARGUMENT unless p is positive. */
export function checkNormType(type: NormType): void {
  if (!(type > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "gradient norm",
      problem: "a norm needs p > 0",
      expected: "1, 2, … or Infinity",
      got: String(type),
    });
}

/**
 * The factor that brings a norm down to `maximum`: min(1, maximum / (norm + 1e-6)), as torch's clip_grad_norm_.
 * NaN for a NaN norm, so that a broken gradient is never hidden.
 * @throws E_ARGUMENT when the maximum is not positive
 * @example clipFactor(5, 1) // 0.19999996…
 */
export function clipFactor(norm: number, maximum: number): number {
  if (!(maximum > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "clip gradients",
      problem: "the largest norm is not positive",
      expected: "a number > 0 (Infinity: no clipping)",
      got: String(maximum),
    });
  return maximum === Infinity ? 1 : Math.min(1, maximum / (norm + 1e-6));
}

/**
 * Scales arrays in place so that their common norm is at most `maximum`.
 * @returns the norm before clipping
 * @example clipGradNorm([gradient], 1)
 */
export function clipGradNorm(gradients: readonly Float32Array[], maximum: number, type: NormType = 2): number {
  const norm = globalNorm(gradients, type);
  const factor = Math.fround(clipFactor(norm, maximum));
  if (factor !== 1) for (const g of gradients) for (let i = 0; i < g.length; i++) g[i] = g[i]! * factor;
  return norm;
}

/**
 * Limits every entry to [−limit, limit] in place. NaN stays NaN.
 * @throws E_ARGUMENT when the limit is negative or NaN
 * @example clipGradValue([gradient], 0.5)
 */
export function clipGradValue(gradients: Iterable<Float32Array>, limit: number): void {
  if (!(limit >= 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "clipGradValue",
      problem: "the limit is not a number ≥ 0",
      got: String(limit),
    });
  for (const g of gradients) for (let i = 0; i < g.length; i++) g[i] = Math.min(limit, Math.max(-limit, g[i]!));
}
