// Quantiles of Student's t and of χ², for intervals from few units. Knows no data.
import { normalQuantile } from "../base/index.ts";
import { betaCdf, betaQuantile, logGamma } from "./clopper-pearson.ts";

const known = new Map<string, number>();

/**
 * Quantile of Student's t.
 * @param share 0 … 1 @param freedom degrees of freedom, > 0; Infinity is the normal distribution
 * @example tQuantile(0.975, 4) // 2.776…
 */
export function tQuantile(share: number, freedom: number): number {
  if (!(freedom > 0)) return share === 0.5 ? 0 : Math.sign(share - 0.5) * Number.POSITIVE_INFINITY;
  if (share < 0.5) return -tQuantile(1 - share, freedom);
  if (share === 0.5) return 0;
  if (freedom > 1e6) return normalQuantile(share);
  const key = `${share} ${freedom}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  // P(|T| > t) = I_x(ν/2, 1/2) with x = ν / (ν + t²)
  const x = betaQuantile(2 * (1 - share), freedom / 2, 0.5);
  const found = Math.sqrt((freedom * (1 - x)) / x);
  if (known.size > 10_000) known.clear();
  known.set(key, found);
  return found;
}

/**
 * P(T > t) of Student's t, for t ≥ 0.
 * @param freedom degrees of freedom, > 0
 * @example studentSurvival(2.7764451051977987, 4) // 0.025
 */
export const studentSurvival = (t: number, freedom: number): number =>
  0.5 * betaCdf(freedom / (freedom + t * t), freedom / 2, 0.5);

/** Quantile of χ² by the cube-root approximation (Wilson & Hilferty 1931). @param freedom > 0, need not be whole */
export function chiSquareQuantile(share: number, freedom: number): number {
  const scale = 2 / (9 * freedom);
  return freedom * Math.max(0, 1 - scale + normalQuantile(share) * Math.sqrt(scale)) ** 3;
}

/**
 * P(χ² > x): the regularised upper incomplete gamma function Q(ν/2, x/2), by its series below ν/2 + 1 and its continued fraction above
 * (DLMF 8.11.4, 8.9.2).
 * @param freedom > 0
 * @example chiSquareSurvival(3.841458820694124, 1) // 0.05
 */
export function chiSquareSurvival(x: number, freedom: number): number {
  if (!(x > 0)) return 1;
  const [a, z] = [freedom / 2, x / 2];
  const front = Math.exp(a * Math.log(z) - z - logGamma(a));
  if (z < a + 1) {
    let term = 1 / a;
    let total = term;
    for (let k = 1; k < 10_000 && term > total * 1e-17; k++) {
      term *= z / (a + k);
      total += term;
    }
    return Math.max(0, 1 - front * total);
  }
  const tiny = 1e-300;
  let b = z + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 10_000; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / away(numerator * d + b, tiny);
    c = away(b + numerator / c, tiny);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

const away = (x: number, tiny: number): number => (Math.abs(x) < tiny ? tiny : x);
