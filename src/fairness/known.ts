// What is known of a number, and what follows for differences, ratios and extremes of several. One form for every measure: a value and
// the ends of its interval at any confidence, from as many independent units (patients) as it has. Knows no measure and no group.
import { differenceByEnds, type MacroF1, macroF1Limits, type Share, shareLimits, tQuantile } from "../eval/index.ts";

/** A number and its interval; `low` and `high` are NaN where the number is. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What is known of a number. */
export interface Known {
  readonly value: number;
  /** Where its interval lies around: the value less what is known of its bias. */
  readonly centre: number;
  /** Independent units that tell it. */
  readonly units: number;
  /** Rows (cases) that it is a share of; groups with few are not shown. */
  readonly cases: number;
  /** Ends of its two-sided interval. */
  limits(confidence: number): readonly [low: number, high: number];
}

const notANumber = [Number.NaN, Number.NaN] as const;

/** Nothing is known. */
export const unknown: Known = { value: NaN, centre: NaN, units: 0, cases: 0, limits: () => notANumber };

/** Keeps the limits that were asked for: the same few confidences are, again and again. */
function remembering(value: Omit<Known, "limits">, limits: Known["limits"]): Known {
  const known = new Map<number, readonly [number, number]>();
  return {
    ...value,
    limits(confidence) {
      const before = known.get(confidence);
      if (before) return before;
      const made = Number.isNaN(value.value) ? notANumber : limits(confidence);
      known.set(confidence, made);
      return made;
    },
  };
}

/** @param transform rising, from the share to the measure */
export function knownShare(share: Share, transform: (x: number) => number = (x) => x): Known {
  const value = transform(share.value);
  return remembering({ value, centre: value, units: share.units, cases: share.trials }, (confidence) => {
    const [low, high] = shareLimits(share, confidence);
    return [transform(low), transform(high)];
  });
}

export const knownMacroF1 = (estimate: MacroF1): Known =>
  remembering({ value: estimate.value, centre: estimate.centre, units: estimate.units, cases: estimate.rows }, (c) =>
    macroF1Limits(estimate, c),
  );

/** A number with a standard error from so many units, and the range that it cannot leave. */
export function knownBySpread(
  value: number,
  spread: { readonly centre: number; readonly standardError: number; readonly units: number; readonly cases: number },
  [least, most]: readonly [number, number],
): Known {
  const { centre, standardError, units, cases } = spread;
  return remembering({ value, centre, units, cases }, (confidence) => {
    const half = tQuantile((1 + confidence) / 2, units - 1) * standardError;
    return [Math.max(least, centre - half), Math.min(most, centre + half)].map((x) =>
      Number.isNaN(x) ? value : x,
    ) as [number, number];
  });
}

export function estimateOf(known: Known, confidence: number): Estimate {
  const [low, high] = known.limits(confidence);
  return { value: known.value, low, high };
}

/** a − b, by the ends of both intervals (see `differenceByEnds`), around what is left without their biases. */
export function differenceOf(a: Known, b: Known, confidence: number): Estimate {
  const ends = (known: Known) => {
    const [low, high] = known.limits(confidence);
    return { value: known.centre, low, high };
  };
  return { ...differenceByEnds(ends(a), ends(b)), value: a.value - b.value };
}

/** a / b of numbers of 0 or more, by the ends of both intervals (Donner & Zou 2012). */
export function ratioOf(a: Known, b: Known, confidence: number): Estimate {
  const [[la, ua], [lb, ub]] = [a.limits(confidence), b.limits(confidence)];
  const [x, y] = [Math.max(0, a.centre), Math.max(0, b.centre)];
  const end = (leftEnd: number, otherEnd: number, side: 1 | -1) => {
    const below = otherEnd * (2 * y - otherEnd);
    if (!(below > 0)) return side === 1 ? Number.POSITIVE_INFINITY : 0;
    const inside = (x * y) ** 2 - leftEnd * otherEnd * (2 * x - leftEnd) * (2 * y - otherEnd);
    return Math.max(0, (x * y + side * Math.sqrt(Math.max(0, inside))) / below);
  };
  return { value: a.value / b.value, low: end(Math.max(0, la), ub, -1), high: end(ua, Math.max(0, lb), 1) };
}
