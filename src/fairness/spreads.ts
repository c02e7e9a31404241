// How far several groups lie apart, with intervals that hold for the extreme of all: the largest of many differences is large by chance
// too, so its lower end must hold for every pair at once (Bonferroni), while its upper end need only hold for the pair that is furthest
// apart. Definitions are those of fairlearn's MetricFrame (disparity.ts). Knows no measure.
import { difference, groupMax, groupMin, ratio } from "./disparity.ts";
import { differenceOf, type Estimate, type Known, ratioOf } from "./known.ts";

export const spreads = ["min", "max", "difference", "ratio", "differenceToOverall", "ratioToOverall"] as const;
export type Spread = (typeof spreads)[number];

const none: Estimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN };

/** Confidence of each of `count` intervals that hold together. */
export const together = (confidence: number, count: number): number => 1 - (1 - confidence) / Math.max(1, count);

/** Groups that have a value and an interval. */
const shownOf = (groups: readonly Known[], confidence: number): Known[] =>
  groups.filter((group) => !Number.isNaN(group.value) && !Number.isNaN(group.limits(confidence)[0]));

/** All spreads of one measure over groups; NaN where fewer than two have a value. */
export function spreadsOf(groups: readonly Known[], overall: Known, confidence: number): Record<Spread, Estimate> {
  const shown = shownOf(groups, confidence);
  if (shown.length < 2) return Object.fromEntries(spreads.map((name) => [name, none])) as Record<Spread, Estimate>;
  const values = shown.map((g) => g.value);
  const each = together(confidence, shown.length);
  const [once, strict] = [shown.map((g) => g.limits(confidence)), shown.map((g) => g.limits(each))];
  const toOverall = shown.map((g) => [differenceOf(g, overall, confidence), differenceOf(g, overall, each)] as const);
  const ratios = shown.map((g) => [ratioOf(g, overall, confidence), ratioOf(g, overall, each)] as const);
  const nearer = (e: Estimate) => Math.max(0, e.low, -e.high);
  const further = (e: Estimate) => Math.max(Math.abs(e.low), Math.abs(e.high));
  const least = (e: Estimate) => Math.min(e.low, 1 / e.high);
  const most = (e: Estimate) => Math.min(1, e.high, 1 / e.low);
  return {
    min: { value: groupMin(values), low: groupMin(once.map((l) => l[0])), high: groupMin(strict.map((l) => l[1])) },
    max: { value: groupMax(values), low: groupMax(strict.map((l) => l[0])), high: groupMax(once.map((l) => l[1])) },
    difference: extremeOf([shown], "difference", confidence),
    ratio: extremeOf([shown], "ratio", confidence),
    differenceToOverall: {
      value: difference(values, overall.value),
      low: groupMax(toOverall.map(([, e]) => nearer(e))),
      high: groupMax(toOverall.map(([e]) => further(e))),
    },
    ratioToOverall: {
      value: ratio(values, overall.value),
      low: groupMin(ratios.map(([e]) => least(e))),
      high: groupMin(ratios.map(([, e]) => most(e))),
    },
  };
}

/**
 * The largest difference, or the smallest ratio, between two groups of any of some measures: equalized odds joins two rates.
 * @param measures of each measure the groups
 */
export function extremeOf(
  measures: readonly (readonly Known[])[],
  as: "difference" | "ratio",
  confidence: number,
): Estimate {
  const shown = measures.map((groups) => shownOf(groups, confidence)).filter((groups) => groups.length > 1);
  const pairs = shown.reduce((n, groups) => n + groups.length * (groups.length - 1), 0); // both ways round
  if (pairs === 0) return none;
  const strict = together(confidence, pairs);
  const found = as === "ratio" ? { value: Infinity, low: Infinity, high: 1 } : { value: 0, low: 0, high: 0 };
  for (const groups of shown)
    for (const a of groups)
      for (const b of groups) {
        if (a === b) continue;
        if (as === "difference") {
          const once = differenceOf(a, b, confidence);
          found.value = Math.max(found.value, once.value);
          found.low = Math.max(found.low, differenceOf(a, b, strict).low);
          found.high = Math.max(found.high, once.high);
        } else {
          const once = ratioOf(a, b, confidence);
          if (Number.isNaN(once.value)) continue; // 0 / 0
          found.value = Math.min(found.value, once.value);
          found.low = Math.min(found.low, once.low);
          found.high = Math.min(found.high, ratioOf(a, b, strict).high);
        }
      }
  return Number.isFinite(found.value) ? found : none;
}
