// The least and the largest value that each score can have, by its name.
import { type Draws, intervalOf, type Score, type UnitRows } from "./row-scores.ts";

type Range = readonly [least: number, most: number];

const named = (range: Range, names: string): [string, Range][] => names.split(" ").map((name) => [name, range]);

const ranges: Readonly<Record<string, Range>> = Object.fromEntries([
  ...named(
    [0, 1],
    "coverage accuracy macroF1 microF1 f1 answerF1 exactMatch withinOne ndcg recallAt1 recallAt10 mrr preferenceAccuracy",
  ),
  ...named([-1, 1], "spearman pearson quadraticKappa meanScore"),
  ...named([-Infinity, 1], "r2"),
  ...named([0, Infinity], "mae rmse rankMae bitsPerByte wql mase width"),
  ...named([0, 2], "smape"),
  ...named([1, Infinity], "perplexity"),
]);

/** Of one of several tasks that of its own score; of others, such as rewards, no limit. @example rangeOf("topic.macroF1") // [0, 1] */
export const rangeOf = (name: string): Range => ranges[name.slice(name.lastIndexOf(".") + 1)] ?? [-Infinity, Infinity];

/** {@link intervalOf}, which ends where the values of the score do: the widened percentiles of few rows would pass them. */
export function namedInterval(
  draws: Draws,
  rows: UnitRows,
  name: string,
  metric: (rows: Int32Array) => number,
  also?: string,
): Score {
  const [least, most] = rangeOf(name);
  const { value, low, high } = intervalOf(draws, rows, metric, also);
  return { value, low: Math.max(least, low), high: Math.min(most, high) };
}
