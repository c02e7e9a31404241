// Gaussian differential privacy by the central limit theorem (Dong, Roth & Su 2019, arXiv:1905.02383; Bu et al. 2020,
// arXiv:1911.11607). An approximation that may be too small: it is shown beside bounds, never instead of one.
import { normalCdf } from "../base/index.ts";
import { checkPhases, type Epsilon, type Phase } from "./mechanism.ts";

/** μ = √Σ steps·q²·(e^{1/σ²} − 1). Sampling of fixed size moves sums by 2C: σ counts half. */
export function gdpMu(phases: readonly Phase[]): number {
  const square = ({ sampling, sampleRate, noiseMultiplier, steps }: Phase) =>
    steps * sampleRate ** 2 * Math.expm1(((sampling === "fixed" ? 2 : 1) / noiseMultiplier) ** 2);
  return Math.sqrt(phases.filter((p) => p.steps > 0).reduce((sum, p) => sum + square(p), 0));
}

/** δ of a μ-GDP mechanism at ε: Φ(−ε/μ + μ/2) − e^ε·Φ(−ε/μ − μ/2). */
export const gdpDelta = (mu: number, epsilon: number): number => {
  const far = normalCdf(-epsilon / mu - mu / 2);
  return normalCdf(-epsilon / mu + mu / 2) - (far === 0 ? 0 : Math.exp(epsilon + Math.log(far)));
};

/**
 * ε at δ by the central limit theorem.
 * @throws E_ARGUMENT for q, σ, steps or δ out of range
 * @example gdpEpsilon([{ sampling: "poisson", sampleRate: 0.01, noiseMultiplier: 1, steps: 1000 }], 1e-5).estimate
 */
export function gdpEpsilon(phases: readonly Phase[], delta: number): Epsilon & { readonly mu: number } {
  checkPhases(phases, delta);
  const mu = gdpMu(phases);
  if (mu === 0) return { accountant: "gdp", estimate: 0, mu };
  if (!Number.isFinite(mu)) return { accountant: "gdp", estimate: Infinity, mu };
  let [low, high] = [0, 1];
  while (gdpDelta(mu, high) > delta) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (gdpDelta(mu, middle) > delta) low = middle;
    else high = middle;
  }
  return { accountant: "gdp", estimate: high, mu };
}
