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
  return { n, mesh, epsilonError: mesh * spread, deltaError };
}

interface Composed {
  /** At index k the probability of the loss `from` + k·mesh, or k − n for the upper half of the indices; times n. */
  readonly probabilities: Float64Array;
  /** Loss at index 0. */
  readonly from: number;
}

/** Two complex arrays: the spectra of both directions packed as A + iB. */
type Packed = readonly [re: Float64Array, im: Float64Array];

/** Both directions at once: one is the real, one the imaginary part of each transform. */
function compose(phases: readonly Phase[], { n, mesh }: Grid): Composed[] {
  const directions: Direction[] = ["remove", "add"];
  const shift = [0, 0];
  let total: Packed | undefined;
  for (const phase of phases) {
    const made = directions.map((d) => discretised(d, phase, { n, mesh }));
    for (const i of [0, 1]) shift[i]! += phase.steps * (made[i]!.mean - made[i]!.gridMean);
    const spectra: Packed = [made[0]!.probabilities, made[1]!.probabilities];
    forward(...spectra);
    multiply(spectra, phase.steps, total);
    total = spectra;
  }
  inverse(...total!);
  return total!.map((probabilities, i) => ({ probabilities, from: shift[i]! }));
}

/** Spectra to the power of the steps, times the earlier ones, in place. */
function multiply([re, im]: Packed, steps: number, earlier: Packed | undefined): void {
  const power = powerOf(steps);
  const [a, b, other] = [new Float64Array(2), new Float64Array(2), new Float64Array(2)];
  for (let k = 0; k < re.length; k++) {
    const j = conjugate(k);
    if (j < k) continue;
    // spectra of two real arrays a + ib: A = (z_k + z̄_j)/2, B = (z_k − z̄_j)/2i
    power((re[k]! + re[j]!) / 2, (im[k]! - im[j]!) / 2, a);
    power((im[k]! + im[j]!) / 2, (re[j]! - re[k]!) / 2, b);
    if (earlier) {
      const [r, s] = earlier;
      times(a, (r[k]! + r[j]!) / 2, (s[k]! - s[j]!) / 2, other);
      times(b, (s[k]! + s[j]!) / 2, (r[j]! - r[k]!) / 2, other);
    }
    re[j] = a[0]! + b[1]!;
    im[j] = b[0]! - a[1]!;
    re[k] = a[0]! - b[1]!;
    im[k] = a[1]! + b[0]!;
  }
}

/** z ← z·(x + iy). */
function times(z: Float64Array, x: number, y: number, scratch: Float64Array): void {
  scratch.set(z);
  z[0] = scratch[0]! * x - scratch[1]! * y;
  z[1] = scratch[0]! * y + scratch[1]! * x;
}

/** (x + iy)^power by squaring; 0 where it is below e^−80, as most of a spectrum is after many steps. */
function powerOf(power: number): (x: number, y: number, out: Float64Array) => void {
  const least = Math.exp(-160 / power);
  return (x, y, out) => {
    let [r, s] = [0, 0];
    if (x * x + y * y > least) {
      let [bx, by] = [x, y];
      [r, s] = [1, 0];
      for (let p = power; p > 0; p = Math.floor(p / 2)) {
        if (p % 2) [r, s] = [r * bx - s * by, r * by + s * bx];
        [bx, by] = [bx * bx - by * by, 2 * bx * by];
      }
    }
    out[0] = r;
    out[1] = s;
  };
}

/** In bit-reversed order, the place of frequency −f: −f differs from f above its lowest set bit, so here below the highest. */
const conjugate = (place: number): number => (place === 0 ? 0 : place ^ ((1 << (31 - Math.clz32(place))) - 1));

/** The ε with Σ_{t > ε} p(t)·(1 − e^{ε−t}) = δ, from the largest loss downwards. */
function epsilonOf({ probabilities, from }: Composed, { n, mesh }: Grid, delta: number): number {
  let [above, weighted] = [0, 0]; // Σ p, Σ p·e^{t_i − t} over t > t_i
  const shrink = Math.exp(-mesh);
  for (let i = n / 2 - 2; i >= -n / 2; i--) {
    const p = Math.max(0, probabilities[(i + 1) & (n - 1)]! / n);
    above += p;
    weighted = (weighted + p) * shrink;
    if (above - weighted >= delta) return from + i * mesh + Math.log((above - delta) / weighted);
  }
  return 0;
}
