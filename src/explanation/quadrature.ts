// Points and weights that stand for the integral over [0, 1], by the rules that Captum names. Pure numbers.
import { ConcordError } from "../base/index.ts";

/** A rule of quadrature. Riemann rules are evenly spaced; `gauss-legendre` is exact for polynomials of degree 2·steps − 1. */
export const quadratureRules = ["gauss-legendre", "middle", "left", "right", "trapezoid"] as const;
export type QuadratureRule = (typeof quadratureRules)[number];

/** Where to look on the way from 0 to 1, and how much each place counts. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

const mostSteps = 10_000;

/**
 * Points and weights of a rule. `trapezoid` follows Captum 0.9: points k/(n − 1), weights 1/n and half of it at both ends, so
 * that they add up to (n − 1)/n; the others add up to 1.
 * @throws E_ARGUMENT for steps that are not 1 … 10,000 (2 … for `trapezoid`)
 * @example quadrature("middle", 2) // points 0.25, 0.75; weights 0.5, 0.5
 */
export function quadrature(rule: QuadratureRule, steps: number): Quadrature {
  const least = rule === "trapezoid" ? 2 : 1;
  if (!(Number.isInteger(steps) && steps >= least && steps <= mostSteps))
    throw new ConcordError("E_ARGUMENT", {
      operation: "integrated gradients",
      problem: "the number of steps is out of range",
      expected: `${least} … ${mostSteps}`,
      got: String(steps),
    });
  if (rule === "gauss-legendre") return gaussLegendre(steps);
  const even = (point: (k: number) => number) => Float64Array.from({ length: steps }, (_, k) => point(k));
  const weights = even(() => 1 / steps);
  if (rule === "middle") return { points: even((k) => (k + 0.5) / steps), weights };
  if (rule === "left") return { points: even((k) => k / steps), weights };
  if (rule === "right") return { points: even((k) => (k + 1) / steps), weights };
  weights[0] = weights[steps - 1] = 0.5 / steps;
  return { points: even((k) => k / (steps - 1)), weights };
}

/** Roots of the Legendre polynomial by Newton's method from Tricomi's guess, moved from [−1, 1] to [0, 1]. */
function gaussLegendre(n: number): Quadrature {
  const [points, weights] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k++) {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let round = 0; round < 100; round++) {
      let [before, value] = [1, x]; // P₀, P₁
      for (let j = 2; j <= n; j++) [before, value] = [value, ((2 * j - 1) * x * value - (j - 1) * before) / j];
      slope = (n * (x * value - before)) / (x * x - 1);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    points[n - 1 - k] = (1 + x) / 2;
    weights[n - 1 - k] = 1 / ((1 - x * x) * slope * slope); // half of 2/((1 − x²)P′²)
  }
  return { points, weights };
}
