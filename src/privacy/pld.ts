// ε by numerical composition of the privacy loss (Gopi, Lee & Wutschitz 2021, arXiv:2106.02848): the loss of each step on a grid,
// composed by the Fourier transform, with a bound of the discretisation's error. Both directions of add/remove are composed.
import { ConcordError } from "../base/index.ts";
import { forward, inverse } from "./fft.ts";
import { checkPhases, type Epsilon, type Phase } from "./mechanism.ts";
import { type Direction, discretised } from "./privacy-loss.ts";
import { rdpEpsilon } from "./rdp.ts";

export interface PldOptions {
  /** Half-width of the bound around ε from rounding to the grid. Default 0.01; larger where the grid would not fit. */
  readonly epsilonError?: number;
  /** Probability that the bound leaves out. Default δ/1000. */
  readonly deltaError?: number;
}

/** Points of the largest grid: 2^21 are 100 MB and less than a second. */
const mostPoints = 2 ** 21;

interface Grid {
  readonly n: number;
  readonly mesh: number;
  readonly zero: number;
  readonly epsilonError: number;
  readonly deltaError: number;
}

/**
 * ε at δ of Poisson-sampled steps, with lower and upper bounds.
 * @returns `estimate`, `lower`, `upper`; `epsilonError` and `deltaError` as they were reached
 * @throws E_ARGUMENT for values out of range, or for sampling of fixed size (use {@link rdpEpsilon})
 * @example pldEpsilon([{ sampling: "poisson", sampleRate: 0.01, noiseMultiplier: 1, steps: 1000 }], 1e-5) // 1.828, in [1.818, 1.838]
 */
export function pldEpsilon(phases: readonly Phase[], delta: number, options: PldOptions = {}) {
  checkPhases(phases, delta);
  const active = phases.filter((p) => p.steps > 0);
  if (active.some((p) => p.sampling === "fixed"))
    throw new ConcordError("E_ARGUMENT", {
      operation: "account for privacy",
      problem: "numerical composition covers Poisson sampling only",
      got: "sampling of fixed size",
      hint: "use the accountant rdp",
    });
  const about = { accountant: "pld" as const, epsilonError: 0, deltaError: 0 };
  if (active.length === 0) return { ...about, estimate: 0, lower: 0, upper: 0 };
  if (active.some((p) => p.noiseMultiplier === 0))
    return { ...about, estimate: Infinity, lower: Infinity, upper: Infinity };
  const grid = gridOf(active, delta, options);
  const composed = compose(active, grid);
  const at = (d: number) => Math.max(0, ...composed.map((c) => epsilonOf(c, grid, d)));
  const { epsilonError, deltaError } = grid;
  const result: Epsilon & { lower: number; upper: number; epsilonError: number; deltaError: number } = {
    ...about,
    epsilonError,
    deltaError,
    estimate: at(delta),
    lower: Math.max(0, at(delta + deltaError) - epsilonError),
    upper: at(delta - deltaError) + epsilonError,
  };
  return result;
}

function gridOf(phases: readonly Phase[], delta: number, options: PldOptions): Grid {
  const deltaError = options.deltaError ?? delta / 1000;
  const steps = phases.reduce((n, p) => n + p.steps, 0);
  const reach =
    3 +
    Math.max(
      rdpEpsilon(phases, deltaError / 4).upper,
      ...phases.map((p) => rdpEpsilon([{ ...p, steps: 1 }], deltaError / (8 * steps)).upper),
    );
  const spread = Math.sqrt((steps / 2) * Math.log(12 / deltaError)); // ε error = mesh · spread
  const wanted = (options.epsilonError ?? 0.01) / spread;
  const n = Math.min(mostPoints, Math.max(1024, 2 ** Math.ceil(Math.log2((2 * reach) / wanted))));
  const mesh = Math.max(wanted, (2 * reach) / n);
  return { n, mesh, zero: n / 2, epsilonError: mesh * spread, deltaError };
}

interface Composed {
  readonly probabilities: Float64Array;
  /** Loss at index 0. */
  readonly start: number;
}

/** Both directions at once: one is the real, one the imaginary part of each transform. */
function compose(phases: readonly Phase[], { n, mesh, zero }: Grid): Composed[] {
  const directions: Direction[] = ["remove", "add"];
  const total = {
    re: [new Float64Array(n).fill(1), new Float64Array(n).fill(1)],
    im: [new Float64Array(n), new Float64Array(n)],
  };
  const shift = [0, 0];
  for (const phase of phases) {
    const made = directions.map((d) => discretised(d, phase, { n, mesh, zero }));
    for (const i of [0, 1]) shift[i]! += phase.steps * (made[i]!.mean - made[i]!.gridMean);
    // index 0 must be loss 0, so that composing does not move the grid
    const [re, im] = made.map(({ probabilities: p }) => rotated(p, zero)) as [Float64Array, Float64Array];
    forward(re, im);
    for (let k = 0; k < n; k++) {
      const j = conjugate(k);
      if (j < k) continue;
      // spectra of two real arrays a + ib: A = (z_k + z̄_j)/2, B = (z_k − z̄_j)/2i
      raise(total, 0, k, j, (re[k]! + re[j]!) / 2, (im[k]! - im[j]!) / 2, phase.steps);
      raise(total, 1, k, j, (im[k]! + im[j]!) / 2, (re[j]! - re[k]!) / 2, phase.steps);
    }
  }
  const [re, im] = [total.re[0]!, total.im[0]!];
  for (let k = 0; k < n; k++) {
    re[k] = re[k]! - total.im[1]![k]!;
    im[k] = im[k]! + total.re[1]![k]!;
  }
  inverse(re, im);
  return [re, im].map((values, i) => {
    const probabilities = rotated(values, zero);
    for (let k = 0; k < n; k++) probabilities[k] = Math.max(0, probabilities[k]! / n);
    return { probabilities, start: shift[i]! - zero * mesh };
  });
}

/** total[which] at k (and its conjugate at j) times (x + iy)^power. */
function raise(
  total: { readonly re: Float64Array[]; readonly im: Float64Array[] },
  which: 0 | 1,
  k: number,
  j: number,
  x: number,
  y: number,
  power: number,
): void {
  const [re, im] = [total.re[which]!, total.im[which]!];
  const size = (Math.log(x * x + y * y) / 2) * power;
  let [r, s] = [0, 0];
  if (size > -80) {
    let [bx, by] = [x, y];
    [r, s] = [1, 0];
    for (let p = power; p > 0; p = Math.floor(p / 2)) {
      if (p % 2) [r, s] = [r * bx - s * by, r * by + s * bx];
      [bx, by] = [bx * bx - by * by, 2 * bx * by];
    }
  }
  const [a, b] = [re[k]! * r - im[k]! * s, re[k]! * s + im[k]! * r];
  [re[k], im[k], re[j], im[j]] = [a, b, a, k === j ? b : -b];
}

/** In bit-reversed order, the place of frequency −f: −f differs from f above its lowest set bit, so here below the highest. */
const conjugate = (place: number): number => (place === 0 ? 0 : place ^ ((1 << (31 - Math.clz32(place))) - 1));

function rotated(values: Float64Array, by: number): Float64Array {
  const out = new Float64Array(values.length);
  out.set(values.subarray(by));
  out.set(values.subarray(0, by), values.length - by);
  return out;
}

/** The ε with Σ_{t > ε} p(t)·(1 − e^{ε−t}) = δ, from the largest loss downwards. */
function epsilonOf({ probabilities, start }: Composed, { mesh }: Grid, delta: number): number {
  let [above, weighted] = [0, 0]; // Σ p, Σ p·e^{t_i − t} over t > t_i
  const shrink = Math.exp(-mesh);
  for (let i = probabilities.length - 2; i >= 0; i--) {
    above += probabilities[i + 1]!;
    weighted = (weighted + probabilities[i + 1]!) * shrink;
    if (above - weighted >= delta) return start + i * mesh + Math.log((above - delta) / weighted);
  }
  return 0;
}
