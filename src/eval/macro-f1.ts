// The interval of macro F1, the mean of the classes' F1. F1 is 2J / (1 + J) of J, the share of hits among the rows that have or are given
// the class; with few such rows the mean F1 of samples lies below that of the population (2J / (1 + J) is concave), so that a percentile
// bootstrap covers 60–87 % instead of 95 %. The interval lies around the value less that bias, each class's computed exactly from the
// binomial distribution at a share drawn towards the mean of all classes. Rows of one unit (patient) are not independent: the variance is
// that of sums over units. Knows no labels.
import { logGamma } from "./clopper-pearson.ts";
import { limitsOfEffective } from "./shares.ts";

/** What rows say about classes: each event is a hit of a class, or a row in which it is missed or given wrongly. */
export interface ClassEvents {
  /** [E] Unit of each event, 0 … units − 1. */
  readonly unit: ArrayLike<number>;
  /** [E] Its class. */
  readonly of: ArrayLike<number>;
  /** [E] 1 for a hit. */
  readonly hit: ArrayLike<number>;
  readonly rows: number;
  readonly units: number;
  readonly classes: number;
}

/** Macro F1 and what its interval is made of. */
export interface MacroF1 {
  /** Mean F1 over the classes that occur; NaN where none does. */
  readonly value: number;
  /** The value less its bias. */
  readonly centre: number;
  readonly standardError: number;
  readonly rows: number;
  readonly units: number;
  /** Classes that occur, among rows or answers. */
  readonly known: number;
  readonly classes: number;
}

/** A class's share is drawn towards the mean of all classes as by this many events. */
const drawnBy = 4;

const f1Of = (share: number): number => (2 * share) / (1 + share);

/** @example macroF1Of(eventsOfClasses([0, 1], [0, 1], 2)).value // 1 */
export function macroF1Of(events: ClassEvents): MacroF1 {
  const { classes, rows, units } = events;
  const [hits, all] = [new Float64Array(classes), new Float64Array(classes)];
  for (let e = 0; e < events.of.length; e++) {
    all[events.of[e]!]!++;
    hits[events.of[e]!]! += events.hit[e]!;
  }
  const occurring = [...all.keys()].filter((k) => all[k]! > 0);
  const known = occurring.length;
  const shares = occurring.map((k) => hits[k]! / all[k]!);
  const value = shares.reduce((sum, share) => sum + f1Of(share), 0) / known;
  if (known === 0) return { value, centre: value, standardError: Number.NaN, rows, units, known, classes };
  const edge = 0.5 / (1 + all.reduce((a, b) => a + b, 0));
  const mean = shares.reduce((a, b) => a + b, 0) / known;
  const towards = Math.min(1 - edge, Math.max(edge, mean));
  const drawn = new Float64Array(classes);
  for (const k of occurring) drawn[k] = (hits[k]! + drawnBy * towards) / (all[k]! + drawnBy);
  const each = occurring.map((k) => momentsOf(all[k]!, drawn[k]!));
  const independent = each.reduce((sum, estimate) => sum + estimate.variance, 0);
  const bias = each.reduce((sum, estimate) => sum + estimate.bias, 0);
  const { together, apart } = spreadOf(events, hits, all, drawn);
  // classes share rows and rows share units: what that adds to the variance of classes on their own
  const effect = apart > 0 ? Math.max(1, together / apart) : 1;
  const unseen =
    known < classes ? (((classes - known) / classes) ** 2 * (spread(shares.map(f1Of)) + 0.01)) / (classes - known) : 0;
  return {
    value,
    centre: Math.min(1, value - (bias * effect) / known),
    standardError: Math.sqrt((independent * effect) / known ** 2 + unseen),
    rows,
    units,
    known,
    classes,
  };
}

/**
 * Ends of the interval: those of a share with the same standard error, which keeps them within 0 … 1.
 * @returns NaN twice where fewer than half of the classes occur: what the others would add is not known
 */
export function macroF1Limits(estimate: MacroF1, confidence: number): [low: number, high: number] {
  if (estimate.known === 0 || 2 * estimate.known < estimate.classes) return [Number.NaN, Number.NaN];
  const { centre, standardError, rows, units, value } = estimate;
  const inside = Math.min(1 - 0.5 / rows, Math.max(0.5 / rows, centre));
  const effective = Math.min(rows, (inside * (1 - inside)) / standardError ** 2);
  const [low, high] = limitsOfEffective(centre, effective, rows, units, confidence);
  return [Math.min(low, value), Math.max(high, value)];
}

/** Bias and variance of the F1 of a class whose share of hits among n events is J: exact, by series for many events. */
function momentsOf(n: number, share: number): { bias: number; variance: number } {
  const truth = f1Of(share);
  if (n > 100) {
    const variance = (share * (1 - share)) / n;
    return { bias: -(2 * variance) / (1 + share) ** 3, variance: (4 * variance) / (1 + share) ** 4 };
  }
  let [mean, square] = [0, 0];
  const choose = logGamma(n + 1);
  for (let h = 0; h <= n; h++) {
    const log = choose - logGamma(h + 1) - logGamma(n - h + 1) + h * Math.log(share) + (n - h) * Math.log1p(-share);
    const weight = Math.exp(log);
    const f1 = f1Of(h / n);
    mean += weight * f1;
    square += weight * f1 * f1;
  }
  return { bias: mean - truth, variance: Math.max(0, square - mean * mean) };
}

/** Variance of the sum of F1, linear in the events: of sums over units, and as if every class had rows of its own. */
function spreadOf(
  { unit, of, hit, units }: ClassEvents,
  hits: Float64Array,
  all: Float64Array,
  drawn: Float64Array,
): { together: number; apart: number } {
  const sums = new Float64Array(units);
  let apart = 0;
  for (let e = 0; e < of.length; e++) {
    const k = of[e]!;
    const steep = 2 / (1 + drawn[k]!) ** 2 / all[k]!;
    const moved = steep * (hit[e]! - hits[k]! / all[k]!);
    sums[unit[e]!]! += moved;
    apart += moved * moved;
  }
  const scale = units > 1 ? units / (units - 1) : 1;
  return { together: scale * sums.reduce((sum, x) => sum + x * x, 0), apart };
}

function spread(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

/**
 * Events of rows that have one class each and are given one.
 * @param truth class numbers [N] @param predicted [N] @param clusters unit of each row [N], 0 …; default each row by itself
 * @param rows which rows. Default all
 */
export function eventsOfClasses(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  clusters?: ArrayLike<number>,
  rows?: ArrayLike<number>,
): ClassEvents {
  const found = { unit: [] as number[], of: [] as number[], hit: [] as number[] };
  const numbers = new Map<number, number>();
  const count = rows?.length ?? truth.length;
  for (let i = 0; i < count; i++) {
    const row = rows ? rows[i]! : i;
    const unit = clusters ? numberOf(numbers, clusters[row]!) : i;
    const add = (k: number, hit: 0 | 1) => {
      found.unit.push(unit);
      found.of.push(k);
      found.hit.push(hit);
    };
    if (truth[row] === predicted[row]) add(truth[row]!, 1);
    else {
      add(truth[row]!, 0);
      add(predicted[row]!, 0);
    }
  }
  return { ...found, rows: count, units: clusters ? numbers.size : count, classes };
}

const numberOf = (numbers: Map<number, number>, name: number): number => {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
};
