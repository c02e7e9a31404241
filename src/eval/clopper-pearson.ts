// Exact intervals of a share (Clopper & Pearson 1934) from the regularised incomplete beta function. Knows no data.
import { ConcordError } from "../base/index.ts";
import type { Interval } from "./intervals.ts";

/** ln Γ(x) for x > 0: Stirling's series above 15, the recurrence below. */
export function logGamma(x: number): number {
  let [shift, z] = [0, x];
  while (z < 15) shift += Math.log(z++);
  const s = 1 / (z * z);
  const series = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360))))) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}

/**
 * I_x(a, b): the distribution function of the beta distribution (continued fraction by Lentz's method, DLMF 8.17.22).
 * @example betaCdf(0.5, 2, 2) // 0.5
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / away(1 + term * d, tiny);
      c = away(1 + term / c, tiny);
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

const away = (x: number, tiny: number): number => (Math.abs(x) < tiny ? tiny : x);

/** The x with I_x(a, b) = p: Newton's method, kept inside a bracket that halves where a step would leave it. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const constant = logGamma(a + b) - logGamma(a) - logGamma(b);
  let [low, high] = [0, 1];
  let x = a / (a + b);
  for (let i = 0; i < 200 && high - low > Number.EPSILON * high; i++) {
    const miss = betaCdf(x, a, b) - p;
    if (miss === 0) return x;
    if (miss < 0) low = x;
    else high = x;
    const density = Math.exp(constant + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
    const next = x - miss / density;
    const inside = next > low && next < high;
    if (inside && Math.abs(next - x) <= 2 * Number.EPSILON * x) return next;
    x = inside && i % 8 !== 7 ? next : (low + high) / 2;
  }
  return (low + high) / 2;
}

/**
 * Clopper–Pearson interval of a share: never covers less often than it says.
 * @param confidence of both ends together. Default 0.95
 * @throws E_ARGUMENT for numbers out of range
 * @example clopperPearson(0, 100).high // 0.0362…
 */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): Interval {
  if (!(trials > 0 && successes >= 0 && successes <= trials && confidence > 0 && confidence < 1))
    throw new ConcordError("E_ARGUMENT", {
      operation: "clopperPearson",
      problem: "these are not successes of trials",
      expected: "0 ≤ successes ≤ trials, trials > 0, 0 < confidence < 1",
      got: `${successes} of ${trials}, ${confidence}`,
    });
  const tail = (1 - confidence) / 2;
  return {
    estimate: successes / trials,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    high: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
    confidence,
  };
}
