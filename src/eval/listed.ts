// What files list of many classes: the likeliest probabilities, the classes that say most, the confusions that occur. Sizes grow with
// rows, never with rows × classes. Pure.
import { csvCell } from "../base/index.ts";
import type { ClassRecord, Score } from "./row-scores.ts";

/** Most classes in a table that a person reads. */
export const mostClasses = 40;

/** Up to so many classes, metrics.json and predictions.jsonl list everything. */
export const mostListed = 100;

/** The classes of a table in order: the most frequent ones, then the worst of the others that have rows. */
export function chosenClasses<T>(
  classes: readonly T[],
  facts: (one: T) => { readonly support: number; readonly score: number },
): T[] {
  if (classes.length <= mostClasses) return [...classes];
  const known = classes.map((one) => ({ one, ...facts(one) })).sort((a, b) => b.support - a.support);
  const [frequent, others] = [known.slice(0, mostClasses / 2), known.slice(mostClasses / 2)];
  const worst = others.filter((k) => k.support > 0).sort((a, b) => a.score - b.score || b.support - a.support);
  return [...frequent, ...worst.slice(0, mostClasses / 2)].map((k) => k.one);
}

/** Of more classes: probabilities of a row, besides those that are asked for by name. */
export const keptProbabilities = 20;

/** Of more classes: confusions in metrics.json, the most frequent ones. */
export const keptConfusions = 200;

/** Numbers of the k largest values, the largest first; of equal ones the earlier. */
export function largest(values: ArrayLike<number>, k: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (best.length === k && !(values[i]! > values[best[k - 1]!]!)) continue;
    let at = best.length;
    while (at > 0 && values[i]! > values[best[at - 1]!]!) at--;
    best.splice(at, 0, i);
    if (best.length > k) best.pop();
  }
  return best;
}

/**
 * Probabilities of a row by label, six decimals: all of them, or of many classes the likeliest and those of `always`.
 * @param logits of the row @param probability from a logit @param always numbers of classes
 */
export function listedProbabilities(
  labels: readonly string[],
  logits: ArrayLike<number>,
  probability: (logit: number) => number,
  always: Iterable<number>,
): Record<string, number> {
  const chosen =
    labels.length <= mostListed ? labels.keys() : new Set([...largest(logits, keptProbabilities), ...always]);
  return Object.fromEntries(Array.from(chosen, (k) => [labels[k]!, Number(probability(logits[k]!).toFixed(6))]));
}

/** The classes of metrics.json; the file classes.csv has all. */
export const listedClasses = (classes: readonly ClassRecord[]): readonly ClassRecord[] =>
  classes.length <= mostListed
    ? classes
    : chosenClasses(classes, ({ support, f1 }) => ({ support, score: f1?.value ?? 1 }));

/** classes.csv: a row for each class. */
export function classesCsv(classes: readonly ClassRecord[]): string {
  const cells = (score: Score | null) =>
    score ? [score.value, score.low, score.high].map((x) => x.toFixed(6)) : ["", "", ""];
  const names = ["precision", "recall", "f1"].flatMap((name) => [name, `${name}.low`, `${name}.high`]);
  const rows = classes.map(({ label, support, precision, recall, f1 }) =>
    [csvCell(label), support, ...[precision, recall, f1].flatMap(cells)].join(","),
  );
  return `${[["label", "rows", ...names].join(","), ...rows].join("\n")}\n`;
}

/** A kind of error and how often it was made. */
export interface ConfusionCount {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
}

/** Confusions that occur, the most frequent first. @param truth class numbers @param predicted class numbers */
export function confusionsOf(
  labels: readonly string[],
  truth: readonly number[],
  predicted: readonly number[],
): ConfusionCount[] {
  const counts = new Map<number, number>();
  for (const [i, t] of truth.entries()) {
    const key = t * labels.length + predicted[i]!;
    if (t !== predicted[i]) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a - b)
    .map(([key, count]) => ({
      truth: labels[Math.floor(key / labels.length)]!,
      predicted: labels[key % labels.length]!,
      count,
    }));
}
