// Bootstrap draws of counts: rows that count alike lie in one cell, and the cells of a redraw of N rows are multinomial, so
// drawing them equals redrawing rows. Exact binomials: inversion, or BTRS (Hörmann 1993). Knows no metric.
import type { Random } from "../base/index.ts";

const small = Float64Array.from({ length: 128 }, () => 0);
for (let k = 2; k < small.length; k++) small[k] = small[k - 1]! + Math.log(k);

/** log k! by a table, then Stirling's series. */
function logFactorial(k: number): number {
  if (k < small.length) return small[k]!;
  const x = k + 1;
  return (x - 0.5) * Math.log(x) - x + 0.9189385332046727 + (1 / 12 - 1 / (360 * x * x)) / x;
}

const uniform = (random: Random) => (random.uint32() + 0.5) / 4294967296;

/**
 * How many of `trials` succeed with probability `share`.
 * @example binomial(100, 0.3, random(1)) // about 30
 */
export function binomial(trials: number, share: number, random: Random): number {
  if (trials <= 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  if (share > 0.5) return trials - binomial(trials, 1 - share, random);
  return trials * share < 10 ? byInversion(trials, share, random) : byRejection(trials, share, random);
}

function byInversion(n: number, p: number, random: Random): number {
  const odds = p / (1 - p);
  for (;;) {
    let mass = Math.exp(n * Math.log1p(-p));
    let left = uniform(random);
    for (let k = 0; k <= n && k < 200; k++) {
      if (left <= mass) return k;
      left -= mass;
      mass *= (odds * (n - k)) / (k + 1);
    }
  }
}

function byRejection(n: number, p: number, random: Random): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const middle = n * p + 0.5;
  const inside = 0.92 - 4.2 / b;
  for (;;) {
    const u = uniform(random) - 0.5;
    const v = uniform(random);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + middle);
    if (us >= 0.07 && v <= inside) return k;
    if (k < 0 || k > n) continue;
    const mode = Math.floor((n + 1) * p);
    const scaled = Math.log((v * (2.83 + 5.1 / b) * spread) / (a / (us * us) + b));
    const mass =
      logFactorial(mode) +
      logFactorial(n - mode) -
      logFactorial(k) -
      logFactorial(n - k) +
      (k - mode) * Math.log(p / (1 - p));
    if (scaled <= mass) return k;
  }
}

/** Fills `out` with the counts of one redraw. */
export type Redraw = (random: Random, out: Float64Array) => void;

/** Redraws rows: counts of cells are multinomial. @param counts rows of each cell */
export function redrawRows(counts: Float64Array): Redraw {
  const cells = Int32Array.from(counts.keys()).filter((cell) => counts[cell]! > 0);
  const all = cells.reduce((sum, cell) => sum + counts[cell]!, 0);
  return (random, out) => {
    let [rows, weight] = [all, all];
    for (const cell of cells) {
      const drawn = rows === 0 ? 0 : binomial(rows, counts[cell]! / weight, random);
      out[cell] = drawn;
      rows -= drawn;
      weight -= counts[cell]!;
    }
  };
}

/**
 * Redraws whole clusters (all rows of a patient).
 * @param cellOf cell of each row [N]
 * @param clusterOf number of each row's cluster [N], 0 … clusters − 1
 */
export function redrawClusters(cellOf: Int32Array, clusterOf: Int32Array, clusters: number): Redraw {
  const times = new Float64Array(clusters);
  return (random, out) => {
    times.fill(0);
    out.fill(0);
    for (let i = 0; i < clusters; i++) times[random.int(clusters)]!++;
    for (let row = 0; row < cellOf.length; row++) out[cellOf[row]!]! += times[clusterOf[row]!]!;
  };
}

/** Numbers for names, in order of first appearance; undefined when every name is its own (rows are redrawn then). */
export function clusterNumbers(names: readonly string[]): { of: Int32Array; count: number } | undefined {
  const numbers = new Map<string, number>();
  const of = Int32Array.from(names, (name) => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  });
  return numbers.size === names.length ? undefined : { of, count: numbers.size };
}
