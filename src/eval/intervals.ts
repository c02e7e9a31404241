// How sure a measured number is: Wilson's interval for shares, and the seeded bootstrap (percentile and BCa) for any
// metric, by rows, within strata, or over whole clusters. Knows no metric: it resamples row numbers.
import { ConcordError, type Random } from "../base/index.ts";
import { checkColumns, type Label } from "./labels.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/** An interval around an estimate. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Coverage that was asked for, such as 0.95. */
  readonly confidence: number;
}

/**
 * Wilson's score interval for a share (Wilson 1927): sensible for few trials and for shares near 0 or 1.
 * @param successes 0 … trials
 * @param trials at least 1
 * @param confidence default 0.95
 * @throws E_ARGUMENT for numbers out of range
 * @example wilson(8, 10).low // 0.490…
 */
export function wilson(successes: number, trials: number, confidence = 0.95): Interval {
  checkConfidence(confidence);
  if (!(trials > 0 && successes >= 0 && successes <= trials))
    throw new ConcordError("E_ARGUMENT", {
      operation: "wilson",
      problem: "these are not successes of trials",
      expected: "0 ≤ successes ≤ trials, trials > 0",
      got: `${successes} of ${trials}`,
    });
  const z = normalQuantile(0.5 + confidence / 2);
  const share = successes / trials;
  const center = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const half = (z / (1 + z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    estimate: share,
    low: successes === 0 ? 0 : Math.max(0, center - half),
    high: successes === trials ? 1 : Math.min(1, center + half),
    confidence,
  };
}

export interface BootstrapOptions {
  /** Where the draws come from; the same stream gives the same interval. */
  readonly random: Random;
  /** Resamples. Default 2000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** `bca` (default) corrects bias and skew and needs one more evaluation per row; `percentile` does not. */
  readonly method?: "bca" | "percentile";
  /** [N] Rows are redrawn within each stratum, so that its size stays. Default one stratum. */
  readonly strata?: ArrayLike<Label>;
  /** [N] Whole clusters (all rows of a patient, a document) are redrawn. Default each row by itself. */
  readonly clusters?: ArrayLike<Label>;
}

/** What a bootstrap found. */
export interface Bootstrap extends Interval {
  readonly method: "bca" | "percentile";
  /** Standard deviation of the resampled values. */
  readonly standardError: number;
  /** The value of each resample, in the order drawn. */
  readonly values: Float64Array;
  /** Resamples in which the metric was not a number; they are left out of the interval. */
  readonly undefinedCount: number;
}

/** A metric of some rows, given by number (with repeats). */
export type RowMetric = (rows: Int32Array) => number;

/** A number and the ends of its interval. */
type Ends = Pick<Interval, "low" | "high"> & { readonly value: number };

/**
 * a − b of independent numbers, by the ends of both intervals (Newcombe 1998, method 10; Zou & Donner 2008): no wider than needed where both
 * are large, and no narrower than an exact interval where one is small.
 * @example differenceByEnds({ value: 0.6, low: 0.49, high: 0.7 }, { value: 0.8, low: 0.69, high: 0.88 }) // { value: −0.2, low: −0.34, high: −0.05 }
 */
export const differenceByEnds = (a: Ends, b: Ends): Ends => {
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
};

/**
 * Turns a metric of columns into one of rows.
 * @example
 * const metric = onRows((truth, predicted) => accuracy(truth, predicted), truth, predicted);
 * bootstrap(metric, truth.length, { random: random(1) });
 */
export function onRows<C extends readonly ArrayLike<unknown>[]>(
  metric: (...columns: { [K in keyof C]: C[K][number][] }) => number,
  ...columns: C
): RowMetric {
  checkColumns("onRows", Object.fromEntries(columns.map((column, i) => [`column ${i}`, column])));
  return (rows) => {
    const picked = columns.map((column) => Array.from(rows, (row) => column[row]));
    return metric(...(picked as { [K in keyof C]: C[K][number][] }));
  };
}

/**
 * Bootstrap interval of a metric (Efron 1987).
 * @param metric see {@link onRows}
 * @param rowCount N
 * @throws E_ARGUMENT for options out of range, E_SHAPE for strata or clusters of another length, E_DATA when a cluster
 * crosses strata or the metric is never a number
 * @example bootstrap(onRows(accuracy, truth, predicted), truth.length, { random: random(1) }) // { estimate, low, high, … }
 */
export function bootstrap(metric: RowMetric, rowCount: number, options: BootstrapOptions): Bootstrap {
  const { random, resamples = 2000, confidence = 0.95, method = "bca" } = options;
  checkConfidence(confidence);
  if (!(Number.isInteger(resamples) && resamples > 0 && Number.isInteger(rowCount) && rowCount > 0))
    throw new ConcordError("E_ARGUMENT", {
      operation: "bootstrap",
      problem: "resamples and rows are whole numbers > 0",
      got: `${resamples} resamples of ${rowCount} rows`,
    });
  const strata = unitsOf(rowCount, options);
  const estimate = metric(Int32Array.from({ length: rowCount }, (_, i) => i));
  const values = Float64Array.from({ length: resamples }, () => metric(draw(strata, random)));
  const defined = values.filter((value) => !Number.isNaN(value)).sort();
  if (defined.length === 0 || Number.isNaN(estimate))
    throw new ConcordError("E_DATA", {
      operation: "bootstrap",
      problem: "the metric is not a number on these rows",
      hint: "use a metric that is defined without some class, or strata",
    });
  const tail = (1 - confidence) / 2;
  const [low, high] = method === "bca" ? correctedTails(metric, strata, estimate, defined, tail) : [tail, 1 - tail];
  const center = defined.reduce((sum, value) => sum + value, 0) / defined.length;
  const spread = defined.reduce((sum, value) => sum + (value - center) ** 2, 0) / Math.max(1, defined.length - 1);
  return {
    estimate,
    low: quantile(defined, low),
    high: quantile(defined, high),
    confidence,
    method,
    standardError: Math.sqrt(spread),
    values,
    undefinedCount: resamples - defined.length,
  };
}

/**
 * Percentile intervals of several metrics from the same draws: one pass instead of one for each metric.
 * @param metrics values of some rows, always as many; NaN where one is not defined
 * @returns one interval a metric; NaN throughout where the metric is not defined on all rows
 * @throws E_ARGUMENT, E_SHAPE, E_DATA for options as {@link bootstrap}
 * @example bootstrapMany((rows) => [mean(rows), largest(rows)], 100, { random: random(1) }) // two intervals
 */
export function bootstrapMany(
  metrics: (rows: Int32Array) => ArrayLike<number>,
  rowCount: number,
  options: Omit<BootstrapOptions, "method">,
): Interval[] {
  const { confidence = 0.95 } = options;
  const estimates = Array.from(metrics(Int32Array.from({ length: rowCount }, (_, i) => i)));
  const draws: ArrayLike<number>[] = [];
  const keep = (rows: Int32Array): number => {
    draws.push(metrics(rows));
    return 0;
  };
  bootstrap(keep, rowCount, { ...options, method: "percentile" });
  draws.shift(); // the first call is on all rows
  const tail = (1 - confidence) / 2;
  return estimates.map((estimate, k) => {
    const defined = Float64Array.from(draws, (values) => values[k]!)
      .filter((value) => !Number.isNaN(value))
      .sort();
    const at = (share: number) => (Number.isNaN(estimate) || !defined.length ? Number.NaN : quantile(defined, share));
    return { estimate, low: at(tail), high: at(1 - tail), confidence };
  });
}

/** A difference between two systems measured on the same rows. */
export interface PairedBootstrap extends Bootstrap {
  /** Two-sided: twice the smaller share of resamples on either side of 0, at least 1/(resamples + 1), at most 1. */
  readonly pValue: number;
}

/**
 * Paired bootstrap of metric(first) − metric(second): both systems are resampled on the same rows.
 * @throws as {@link bootstrap}
 * @example pairedBootstrap(onRows(accuracy, truth, ours), onRows(accuracy, truth, theirs), truth.length, { random: random(1) })
 */
export function pairedBootstrap(
  first: RowMetric,
  second: RowMetric,
  rowCount: number,
  options: BootstrapOptions,
): PairedBootstrap {
  const result = bootstrap((rows) => first(rows) - second(rows), rowCount, options);
  const defined = result.values.filter((value) => !Number.isNaN(value));
  const atMost = defined.filter((value) => value <= 0).length;
  const atLeast = defined.filter((value) => value >= 0).length;
  return { ...result, pValue: Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (defined.length + 1)) };
}

/** Linear interpolation between order statistics, as NumPy's default. @param sorted rising, not empty */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

/** Rows of each unit (row or cluster) of each stratum. */
function unitsOf(rowCount: number, { strata, clusters }: BootstrapOptions): Int32Array[][] {
  checkColumns("bootstrap", { rows: { length: rowCount }, strata, clusters });
  const byStratum = new Map<Label, Map<Label, number[]>>();
  const home = new Map<Label, Label>();
  for (let row = 0; row < rowCount; row++) {
    const stratum = strata?.[row] ?? 0;
    const cluster = clusters?.[row] ?? row;
    if ((home.get(cluster) ?? stratum) !== stratum)
      throw new ConcordError("E_DATA", {
        operation: "bootstrap",
        problem: "a cluster lies in two strata",
        got: `${cluster} in ${home.get(cluster)} and ${stratum}`,
      });
    home.set(cluster, stratum);
    const units = byStratum.get(stratum) ?? new Map<Label, number[]>();
    byStratum.set(stratum, units);
    const rows = units.get(cluster);
    if (rows) rows.push(row);
    else units.set(cluster, [row]);
  }
  return [...byStratum.values()].map((units) => [...units.values()].map((rows) => Int32Array.from(rows)));
}

function draw(strata: readonly Int32Array[][], random: Random): Int32Array {
  const drawn = strata.flatMap((units) => units.map(() => units[random.int(units.length)]!));
  return join(drawn);
}

function join(units: readonly Int32Array[]): Int32Array {
  const rows = new Int32Array(units.reduce((sum, unit) => sum + unit.length, 0));
  let at = 0;
  for (const unit of units) {
    rows.set(unit, at);
    at += unit.length;
  }
  return rows;
}

/** BCa: the shares at which to read the sorted values instead of tail and 1 − tail. */
function correctedTails(
  metric: RowMetric,
  strata: readonly Int32Array[][],
  estimate: number,
  sorted: Float64Array,
  tail: number,
): [number, number] {
  // Bias: how far the estimate is from the middle of the resamples; ties count half.
  const below = sorted.filter((value) => value < estimate).length;
  const atMost = sorted.filter((value) => value <= estimate).length;
  const bias = normalQuantile((below + atMost) / (2 * sorted.length));
  if (!Number.isFinite(bias)) return [tail, 1 - tail]; // all resamples on one side: there is nothing to correct by
  const acceleration = jackknifeSkew(metric, strata);
  const share = (z: number) => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
  const z = normalQuantile(tail);
  return [share(z), share(-z)];
}

/** Σ d³ / (6·(Σ d²)^1.5) over strata, d = (n − 1)·(mean − value without a unit), each divided as in SciPy. */
function jackknifeSkew(metric: RowMetric, strata: readonly Int32Array[][]): number {
  let [cubes, squares] = [0, 0];
  for (const [s, units] of strata.entries()) {
    const others = strata.filter((_, t) => t !== s).flat();
    const left = units.map((_, u) => metric(join([...others, ...units.slice(0, u), ...units.slice(u + 1)])));
    const kept = left.filter((value) => !Number.isNaN(value));
    const n = kept.length;
    if (n < 2) continue;
    const center = kept.reduce((sum, value) => sum + value, 0) / n;
    const influence = kept.map((value) => (n - 1) * (center - value));
    cubes += influence.reduce((sum, d) => sum + d ** 3, 0) / n ** 3;
    squares += influence.reduce((sum, d) => sum + d ** 2, 0) / n ** 2;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new ConcordError("E_ARGUMENT", {
      operation: "interval",
      problem: "the confidence is out of range",
      expected: "0 < confidence < 1",
      got: String(confidence),
    });
}
