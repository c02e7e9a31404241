// Rényi differential privacy (Mironov 2017, arXiv:1702.07476) of subsampled Gaussian noise, and its conversion to (ε, δ). Composes by addition.
import { logNormalCdf } from "../base/index.ts";
import { fixedSizeRdp } from "./fixed-size.ts";
import { checkPhases, type Epsilon, type Phase } from "./mechanism.ts";

/** Opacus' orders: 1.1 … 10.9 by tenths, 12 … 63; and larger ones, which matter for small ε only. */
export const defaultOrders: readonly number[] = [
  ...Array.from({ length: 99 }, (_, i) => 1 + (i + 1) / 10),
  ...Array.from({ length: 52 }, (_, i) => 12 + i),
];

/** ln(eᵃ + eᵇ). */
export function logAdd(a: number, b: number): number {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  return low === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
}
/** ln(eᵃ − eᵇ) for a ≥ b. */
const logSub = (a: number, b: number): number =>
  b === -Infinity ? a : a <= b ? -Infinity : a + Math.log(-Math.expm1(b - a));

/** ln A(α) for whole α: Σ C(α, i) (1−q)^(α−i) q^i exp(i(i−1)/2σ²) (Mironov, Talwar & Zhang 2019, arXiv:1908.10530 §3.3). */
function wholeOrder(q: number, sigma: number, alpha: number): number {
  let total = -Infinity;
  let logBinomial = 0;
  for (let i = 0; i <= alpha; i++) {
    const term = logBinomial + i * Math.log(q) + (alpha - i) * Math.log1p(-q) + (i * i - i) / (2 * sigma * sigma);
    total = logAdd(total, term);
    logBinomial += Math.log((alpha - i) / (i + 1));
  }
  return total;
}

/** The same for other α: two alternating series, cut where terms fall below e⁻³⁰, which takes 16,000 terms for α = 1.1. */
function fractionalOrder(q: number, sigma: number, alpha: number): number {
  const [logQ, logRest, twice] = [Math.log(q), Math.log1p(-q), 2 * sigma * sigma];
  const z = sigma * sigma * Math.log(1 / q - 1) + 0.5;
  let [first, second] = [-Infinity, -Infinity];
  let [logBinomial, positive] = [0, true];
  for (let i = 0; ; i++) {
    const j = alpha - i;
    const a = logBinomial + i * logQ + j * logRest + (i * i - i) / twice + logNormalCdf((z - i) / sigma);
    const b = logBinomial + j * logQ + i * logRest + (j * j - j) / twice + logNormalCdf((j - z) / sigma);
    first = positive ? logAdd(first, a) : logSub(first, a);
    second = positive ? logAdd(second, b) : logSub(second, b);
    if (a < -30 && b < -30) return logAdd(first, second);
    const ratio = j / (i + 1);
    logBinomial += Math.log(Math.abs(ratio));
    if (ratio < 0) positive = !positive;
  }
}

/**
 * Rényi divergence of order α of one step.
 * @param order α > 1
 * @returns 0 … Infinity (no noise)
 * @example rdpOfStep({ sampling: "poisson", sampleRate: 0.01, noiseMultiplier: 1 }, 8)
 */
export function rdpOfStep(
  { sampling, sampleRate: q, noiseMultiplier: sigma }: Omit<Phase, "steps">,
  order: number,
): number {
  if (sigma === 0) return Infinity;
  if (sampling === "fixed") return fixedSizeRdp(q, sigma, order);
  if (q === 1) return order / (2 * sigma * sigma);
  const log = Number.isInteger(order) ? wholeOrder(q, sigma, order) : fractionalOrder(q, sigma, order);
  return Math.max(0, log / (order - 1));
}

/**
 * ε at δ from Rényi divergences (Canonne, Kamath & Steinke 2020, arXiv:2004.00010, proposition 12, as Opacus does).
 * @returns the bound and the order that gives it
 * @throws E_ARGUMENT for q, σ, steps or δ out of range
 * @example rdpEpsilon([{ sampling: "poisson", sampleRate: 0.01, noiseMultiplier: 1, steps: 1000 }], 1e-5).upper // 2.10
 */
export function rdpEpsilon(
  phases: readonly Phase[],
  delta: number,
  orders: readonly number[] = defaultOrders,
): Epsilon & { readonly upper: number; readonly order: number } {
  checkPhases(phases, delta);
  const active = phases.filter((p) => p.steps > 0);
  let [best, bestOrder] = [active.length ? Infinity : 0, orders[0]!];
  for (const order of active.length ? orders : []) {
    const rdp = active.reduce((sum, phase) => sum + phase.steps * rdpOfStep(phase, order), 0);
    const epsilon = rdp - (Math.log(delta) + Math.log(order)) / (order - 1) + Math.log((order - 1) / order);
    if (epsilon < best) [best, bestOrder] = [epsilon, order];
  }
  const upper = Math.max(0, best);
  return { accountant: "rdp", estimate: upper, upper, order: bestOrder };
}
