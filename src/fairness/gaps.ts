// Whether a group lies behind: three verdicts. A gap is found where the interval of the difference to all other rows lies above what is
// tolerated; it is within where the interval of every group lies below; else the rows do not tell. The intervals hold for all groups,
// attributes and measures together (Bonferroni). Knows no table.
import { normalQuantile } from "../eval/index.ts";
import type { Apart, GroupIntervals } from "./group-intervals.ts";
import { worseWay } from "./judged.ts";
import { differenceOf, type Estimate } from "./known.ts";

/** `gap`: found. `within`: no group lies behind by more than is tolerated. `undetermined`: the rows do not tell. */
export type Verdict = "gap" | "within" | "undetermined";

/** How far a group lies behind all other rows; the interval holds for all groups, attributes and measures together. */
export interface Gap extends Estimate {
  readonly group: string;
  readonly measure: string;
  readonly tolerance: number;
  /** Whether the group's own value is below or above that of all others. */
  readonly side: "below" | "above";
  /** True when the whole interval lies above the tolerance. */
  readonly called: boolean;
  /** Of the attribute by this measure: `within` only where the intervals of all its groups lie below the tolerance. */
  readonly verdict: Verdict;
  /** Independent units (patients, or rows) of the group. */
  readonly units: number;
  /** Why the verdict is undetermined without looking at the interval. */
  readonly reason?: "few-units";
  /** A gap of this size would be found four times in five, with so many units as the group has; NaN where none would. */
  readonly detectable: number;
}

/** Fewer independent units tell nothing about a group, however many rows they have. */
export const fewestUnits = 5;

/** How many comparisons the groups of a grouping are: two groups that are all rows are one. */
export const comparisons = (measured: GroupIntervals, measure: string): number => {
  const known = measured.apart(measure).filter(({ inside }) => !Number.isNaN(inside.value)).length;
  return known === 2 ? 1 : known;
};

/**
 * The group that lies furthest behind by a measure, and the verdict of all groups.
 * @param confidence of each comparison
 * @returns undefined where no group has a value
 */
export function gapOf(
  measured: GroupIntervals,
  measure: string,
  { confidence, tolerance }: { readonly confidence: number; readonly tolerance: number },
): Gap | undefined {
  const behind = measured
    .apart(measure)
    .flatMap((apart) => behindOf(apart, measure, confidence, tolerance))
    // a group that is not behind comes after all that are, however narrow its interval is
    .sort((a, b) => Number(b.value > 0) - Number(a.value > 0) || b.low - a.low || b.value - a.value);
  const [worst] = behind;
  if (!worst) return undefined;
  const within = behind.every(({ high, reason }) => reason === undefined && high <= tolerance);
  const { called } = worst;
  return { ...worst, verdict: called ? "gap" : within ? "within" : "undetermined" };
}

function behindOf(
  { group, inside, rest }: Apart,
  measure: string,
  confidence: number,
  tolerance: number,
): Omit<Gap, "verdict">[] {
  const way = worseWay(measure);
  const [found, usual] = [differenceOf(inside, rest, confidence), differenceOf(inside, rest, 0.95)];
  if (Number.isNaN(found.value)) return [];
  const turned = way === "down" || (way === "either" && found.value < 0);
  const { value, low, high } = turned ? turn(found) : found;
  const plain = turned ? turn(usual) : usual;
  const few = Math.min(inside.units, rest.units) < fewestUnits;
  const spread = (plain.high - plain.low) / (2 * normalQuantile(0.975));
  const detectable = tolerance + (value - low) + normalQuantile(0.8) * spread;
  return [
    {
      group,
      measure,
      value,
      low,
      high,
      tolerance,
      side: inside.value < rest.value ? "below" : "above",
      called: !few && low > tolerance,
      units: inside.units,
      ...(few && { reason: "few-units" as const }),
      detectable: few || !Number.isFinite(detectable) ? Number.NaN : detectable,
    },
  ];
}

/** For a measure of which less is worse; also where less is as bad as more, and this group has less. */
const turn = ({ value, low, high }: Estimate): Estimate => ({ value: -value, low: -high, high: -low });
