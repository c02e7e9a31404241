// Rényi divergence of Gaussian noise on a batch of fixed size, drawn without replacement, where neighbours differ in the content
// of one example (Wang, Balle & Kasiviswanathan 2019, arXiv:1808.00087, theorem 9).

/** ε(α) of the noise alone: replacing one example moves a clipped sum by up to 2C. */
const gaussian = (order: number, sigma: number): number => (2 * order) / (sigma * sigma);

/**
 * Upper bound of order α for one step; between whole orders the bound is interpolated as the theorem's corollary 10 allows
 * ((α−1)·ε(α) is convex).
 * @param q share of the examples in a batch @param sigma noise multiplier over the clip bound C
 * @example fixedSizeRdp(0.01, 4, 8)
 */
export function fixedSizeRdp(q: number, sigma: number, order: number): number {
  if (q === 1) return gaussian(order, sigma);
  const low = Math.floor(order);
  const logAt = (n: number) => (n <= 1 ? 0 : wholeOrder(q, sigma, n));
  const at = logAt(low) + (order - low) * (order > low ? logAt(low + 1) - logAt(low) : 0);
  return Math.min(at / (order - 1), gaussian(order, sigma));
}

/** (α − 1)·ε'(α) for whole α ≥ 2; ε(∞) of a Gaussian is infinite, so every minimum with it is 2. */
function wholeOrder(q: number, sigma: number, order: number): number {
  let logBinomial = Math.log(order);
  let total = 0; // ln 1
  for (let j = 2; j <= order; j++) {
    logBinomial += Math.log((order - j + 1) / j);
    const e = gaussian(j, sigma);
    const factor = j === 2 ? Math.min(Math.log(4) + logExpm1(e), Math.log(2) + e) : Math.log(2) + (j - 1) * e;
    const term = j * Math.log(q) + logBinomial + factor;
    total = Math.max(total, term) + Math.log1p(Math.exp(-Math.abs(total - term)));
  }
  return total;
}

const logExpm1 = (x: number): number => (x > 30 ? x : Math.log(Math.expm1(x)));
