// Shares of rows that come from independent units (patients), and their intervals: the exact one of Clopper and Pearson for as many
// rows as those rows are worth (Korn & Graubard 1998: rows ÷ design effect, fewer still where few units tell it). Knows no metric.
import { clopperPearson } from "./clopper-pearson.ts";
import type { Interval } from "./intervals.ts";
import { checkColumns, type Label } from "./labels.ts";
import { tQuantile } from "./student.ts";

/** Hits among trials of each unit [U]: rows that are right among rows that count. */
export interface UnitCounts {
  readonly hits: ArrayLike<number>;
  readonly trials: ArrayLike<number>;
}

/** A share, and what its trials are worth. */
export interface Share {
  /** hits / trials; NaN for no trial. */
  readonly value: number;
  readonly trials: number;
  /** Units that have a trial. */
  readonly units: number;
  /** Trials ÷ design effect: independent trials that would tell as much. */
  readonly effective: number;
}

/** A correlation told by few units is told too low: this much by the number of units is added. Chosen by test/slow/intervals.slow.ts. */
const unsure = 2;

/**
 * How alike rows of one unit are, 0 … 1: the intraclass correlation of hits about the share of their own group.
 * @param groups counts by unit of each group
 * @returns undefined where no unit has two trials, or every trial ends alike
 */
export function intraclass(groups: readonly UnitCounts[]): number | undefined {
  let [between, within, pairs, trials, units] = [0, 0, 0, 0, 0];
  for (const { hits, trials: m } of groups) {
    let [h, n] = [0, 0];
    for (let u = 0; u < m.length; u++) [h, n] = [h + hits[u]!, n + m[u]!];
    const p = h / n;
    for (let u = 0; u < m.length; u++) {
      const variation = hits[u]! * (1 - p) ** 2 + (m[u]! - hits[u]!) * p ** 2;
      if (m[u]! > 1) between += (hits[u]! - m[u]! * p) ** 2 - variation;
      if (m[u]! > 0) {
        within += variation;
        units++;
      }
      pairs += m[u]! * (m[u]! - 1);
    }
    trials += n;
  }
  if (pairs === 0 || within === 0) return undefined;
  return Math.min(1, Math.max(0, between / pairs / (within / trials)) + unsure / units);
}

/**
 * A share by units.
 * @param alike intraclass correlation that is known from more rows; the larger of it and the share's own is taken. Where neither can be
 * told (all hits or none), rows of a unit count as one
 * @example shareOf({ hits: [3, 0], trials: [3, 2] }).effective // 2: both units are of one piece
 */
export function shareOf(counts: UnitCounts, alike?: number): Share {
  let [hits, trials, squares, units] = [0, 0, 0, 0];
  for (let u = 0; u < counts.trials.length; u++) {
    const m = counts.trials[u]!;
    if (m === 0) continue;
    hits += counts.hits[u]!;
    trials += m;
    squares += m * m;
    units++;
  }
  const icc = units === trials ? 0 : intraclass([counts]);
  const correlation = units === trials ? 0 : Math.max(icc ?? (alike === undefined ? 1 : 0), alike ?? 0);
  const effect = trials === 0 ? 1 : 1 + (squares / trials - 1) * correlation;
  return { value: hits / trials, trials, units, effective: trials / effect };
}

/** Ends of the interval of a share at a confidence; [0, 1] where one unit has all trials. */
export function shareLimits(
  { value, trials, units, effective }: Share,
  confidence: number,
): [low: number, high: number] {
  if (trials === 0) return [Number.NaN, Number.NaN];
  return limitsOfEffective(value, effective, trials, units, confidence);
}

/**
 * Clopper and Pearson's interval for a value of 0 … 1 that is worth `effective` independent trials.
 * @param trials rows it is from @param units independent units among them
 */
export function limitsOfEffective(
  value: number,
  effective: number,
  trials: number,
  units: number,
  confidence: number,
): [low: number, high: number] {
  if (units < trials && units < 2) return [0, 1];
  const tail = (1 + confidence) / 2;
  const few = units < trials ? (tQuantile(tail, trials - 1) / tQuantile(tail, units - 1)) ** 2 : 1;
  const n = effective * few;
  const { low, high } = clopperPearson(Math.min(n, Math.max(0, value * n)), n, confidence);
  return [low, high];
}

/**
 * Interval of the share of rows that are hits.
 * @param hits 0 or 1 [N] @param clusters [N] rows of one name are not independent. Default each row by itself
 * @throws E_SHAPE, E_DATA for columns that do not fit or no rows
 * @example shareInterval([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]).low // 0.69, never 1
 */
export function shareInterval(hits: ArrayLike<number>, clusters?: ArrayLike<Label>, confidence = 0.95): Interval {
  checkColumns("share", { hits, clusters });
  const share = shareOf(countsByUnit(hits, clusters));
  const [low, high] = shareLimits(share, confidence);
  return { estimate: share.value, low, high, confidence };
}

function countsByUnit(hits: ArrayLike<number>, clusters?: ArrayLike<Label>): UnitCounts {
  if (!clusters) return { hits, trials: new Float64Array(hits.length).fill(1) };
  const numbers = new Map<Label, number>();
  const counts = { hits: [] as number[], trials: [] as number[] };
  for (let row = 0; row < hits.length; row++) {
    const name = clusters[row]!;
    let unit = numbers.get(name);
    if (unit === undefined) {
      unit = counts.trials.push(0) - 1;
      counts.hits.push(0);
      numbers.set(name, unit);
    }
    counts.hits[unit]! += hits[row]!;
    counts.trials[unit]!++;
  }
  return counts;
}
