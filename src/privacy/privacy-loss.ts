// The privacy loss of one step of Poisson-sampled Gaussian noise, as probabilities on a grid. Knows no composition.
import { normalCdf } from "../base/index.ts";

/** Which neighbour is seen: `remove` draws from the data set that has the example, `add` from the one that has not. */
export type Direction = "remove" | "add";

/** One step's noise at sampling rate q, in units of the clip bound. */
export interface GaussianStep {
  readonly sampleRate: number;
  readonly noiseMultiplier: number;
}

/** ln of the density ratio (1 − q) + q·exp((2x − 1)/2σ²) of the mixture to the plain Gaussian at x. */
const logRatio = (x: number, q: number, sigma: number): number => {
  const e = (2 * x - 1) / (2 * sigma * sigma);
  return e > 0 ? e + Math.log(q + (1 - q) * Math.exp(-e)) : Math.log1p(q * Math.expm1(e));
};

/** The x with {@link logRatio} t; −Infinity where the ratio never falls so low. */
const ratioInverse = (t: number, q: number, sigma: number): number => {
  const rest = (Math.exp(-t) * (q - 1) + 1) / q; // (e^t − 1 + q)/q = rest·e^t
  return rest <= 0 ? -Infinity : sigma * sigma * (t + Math.log(rest)) + 0.5;
};

/**
 * Probabilities of the loss falling nearest to each grid point k·mesh, k = −n/2 … n/2 − 1, and its exact mean. Index 0 is loss 0, so that
 * composing does not move the grid; the losses below 0 follow the largest. Loss beyond the grid is dropped; its probability is part of
 * the caller's error.
 * @param grid n a power of two
 */
export function discretised(
  direction: Direction,
  { sampleRate: q, noiseMultiplier: sigma }: GaussianStep,
  grid: { readonly n: number; readonly mesh: number },
): { readonly probabilities: Float64Array; readonly mean: number; readonly gridMean: number } {
  const removes = direction === "remove";
  const density = (x: number) =>
    ((removes ? q * Math.exp(-((x - 1) ** 2) / (2 * sigma * sigma)) : 0) +
      (removes ? 1 - q : 1) * Math.exp((-x * x) / (2 * sigma * sigma))) /
    (sigma * Math.sqrt(2 * Math.PI));
  const cdf = (x: number) =>
    x === -Infinity
      ? 0
      : removes
        ? q * normalCdf((x - 1) / sigma) + (1 - q) * normalCdf(x / sigma)
        : normalCdf(x / sigma);
  const [least, most] = [-9.5 * sigma, 9.5 * sigma + 1]; // beyond: less than 1e-20
  const probabilities = new Float64Array(grid.n);
  const place = (loss: number) => Math.round(loss / grid.mesh);
  const lossAt = (x: number) => (removes ? 1 : -1) * logRatio(x, q, sigma);
  const [from, to] = [place(lossAt(removes ? least : most)), place(lossAt(removes ? most : least))];
  const edge = (k: number) => {
    const t = (k - 0.5) * grid.mesh;
    const x = ratioInverse(removes ? t : -t, q, sigma);
    return removes ? x : -x; // increasing in t either way
  };
  const [first, end] = [Math.max(-grid.n / 2, from), Math.min(grid.n / 2 - 1, to)];
  let [gridMean, left] = [0, edge(first)];
  for (let k = first; k <= end; k++) {
    const right = edge(k + 1);
    const [a, b] = removes ? [left, right] : [-right, -left];
    const p = b - a < 0.1 * sigma ? integral(density, a, b) : Math.max(0, cdf(b) - cdf(a));
    probabilities[k & (grid.n - 1)] = p;
    gridMean += p * k * grid.mesh;
    left = right;
  }
  let mean = 0;
  const step = sigma / 64; // the trapezoidal rule is exact to rounding for analytic tails
  for (let x = least - sigma; x <= most + sigma; x += step) mean += density(x) * lossAt(x) * step;
  return { probabilities, mean, gridMean };
}

/** Three-point Gauss–Legendre rule. */
function integral(f: (x: number) => number, a: number, b: number): number {
  const [c, h] = [(a + b) / 2, (b - a) / 2];
  const d = h * Math.sqrt(0.6);
  return (h / 9) * (5 * f(c - d) + 8 * f(c) + 5 * f(c + d));
}
