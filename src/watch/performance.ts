// How good answers were, by the true labels that came back: scores and gaps with intervals, calibration, abstention. Knows no store.
import { clopperPearson, differenceByEnds, reliability, wilson } from "../eval/index.ts";
import type { JudgedRecord, WatchedShare } from "./records.ts";

/** A group's accuracy less that of all other answers, with its 95 % interval. */
export interface WatchedGap {
  readonly attribute: string;
  readonly group: string;
  readonly accuracy: WatchedShare;
  readonly difference: Omit<WatchedShare, "rows">;
}

/** How often a group gets an answer. */
export interface WatchedRate extends WatchedShare {
  readonly attribute: string;
  readonly group: string;
  readonly answer: string;
}

export interface PerformanceReport {
  readonly rows: number;
  /** Answers whose true label came back. */
  readonly judged: number;
  readonly abstention?: WatchedShare;
  readonly accuracy?: WatchedShare;
  /** Mean absolute error of numbers. */
  readonly meanAbsoluteError?: number;
  /** Expected calibration error in ten equal bins, and what perfect calibration would give for so few rows. */
  readonly calibration?: { readonly error: number; readonly byChance: number };
  readonly gaps: readonly WatchedGap[];
  readonly rates: readonly WatchedRate[];
}

/**
 * Scores answers whose true label is known. An answer that the model abstained from is none: it is neither right nor wrong.
 * @param options `smallest`: groups of fewer answers are not reported. Default 10
 * @example performanceOf(await store.answers({ last: 1000 })).accuracy // { value: 0.91, low: 0.86, high: 0.95, rows: 212 }
 */
export function performanceOf(
  records: readonly JudgedRecord[],
  { smallest = 10 }: { readonly smallest?: number } = {},
): PerformanceReport {
  const answered = records.filter(({ abstained }) => !abstained);
  const judged = answered.filter(({ truth }) => truth !== undefined);
  const numbers = judged.filter(({ value }) => value !== undefined);
  const labelled = judged.filter(({ answer }) => answer !== undefined);
  return {
    rows: records.length,
    judged: judged.length,
    ...(records.length && { abstention: shareOf(records, ({ abstained }) => abstained) }),
    ...(labelled.length && { accuracy: shareOf(labelled, isRight) }),
    ...(numbers.length && {
      meanAbsoluteError:
        numbers.reduce((total, { value, truth }) => total + Math.abs(value! - Number(truth)), 0) / numbers.length,
    }),
    ...(labelled.some(({ confidence }) => confidence !== undefined) && { calibration: calibrationOf(labelled) }),
    gaps: groupsIn(labelled, smallest).map(([attribute, group, inside]) => gapOf(labelled, attribute, group, inside)),
    rates: groupsIn(answered, smallest).flatMap(([attribute, group, inside]) => ratesOf(attribute, group, inside)),
  };
}

const isRight = ({ answer, truth }: JudgedRecord): boolean => answer === truth;

function shareOf(records: readonly JudgedRecord[], hit: (record: JudgedRecord) => boolean): WatchedShare {
  const hits = records.filter(hit).length;
  const { estimate, low, high } = clopperPearson(hits, records.length);
  return { value: estimate, low, high, rows: records.length };
}

/** Groups of at least `smallest` answers. */
function groupsIn(
  records: readonly JudgedRecord[],
  smallest: number,
): [attribute: string, group: string, inside: JudgedRecord[]][] {
  const found = new Map<string, Map<string, JudgedRecord[]>>();
  for (const record of records)
    for (const [attribute, group] of Object.entries(record.groups)) {
      const groups = found.get(attribute) ?? new Map<string, JudgedRecord[]>();
      found.set(attribute, groups);
      const inside = groups.get(group);
      if (inside) inside.push(record);
      else groups.set(group, [record]);
    }
  return [...found].flatMap(([attribute, groups]) =>
    [...groups].flatMap(([group, inside]) =>
      inside.length >= smallest ? [[attribute, group, inside] as [string, string, JudgedRecord[]]] : [],
    ),
  );
}

/** A group against all others. */
function gapOf(
  records: readonly JudgedRecord[],
  attribute: string,
  group: string,
  inside: readonly JudgedRecord[],
): WatchedGap {
  const accuracy = shareOf(inside, isRight);
  const others = records.filter(
    (record) => record.groups[attribute] !== undefined && record.groups[attribute] !== group,
  );
  if (others.length === 0) return { attribute, group, accuracy, difference: { value: 0, low: -1, high: 1 } };
  return { attribute, group, accuracy, difference: shareDifference(accuracy, shareOf(others, isRight)) };
}

/**
 * A share less another of other answers, with its 95 % interval (Newcombe 1998, method 10).
 * @example shareDifference(performanceOf(b).accuracy!, performanceOf(a).accuracy!) // { value: 0.02, low: −0.01, high: 0.05 }
 */
export function shareDifference(own: WatchedShare, other: WatchedShare): Omit<WatchedShare, "rows"> {
  const ends = ({ value, rows }: WatchedShare) => ({ value, ...wilson(Math.round(value * rows), rows) });
  return differenceByEnds(ends(own), ends(other));
}

function ratesOf(attribute: string, group: string, inside: readonly JudgedRecord[]): WatchedRate[] {
  const labels = [...new Set(inside.flatMap(({ answer }) => (answer === undefined ? [] : [answer])))].sort();
  return labels.map((answer) => ({
    attribute,
    group,
    answer,
    ...shareOf(inside, (record) => record.answer === answer),
  }));
}

/** @returns the error, and its expectation where probabilities are right: Σ over bins of √(2 n p(1 − p) / π) / N */
function calibrationOf(records: readonly JudgedRecord[]): NonNullable<PerformanceReport["calibration"]> {
  const sure = records.filter(({ confidence }) => confidence !== undefined);
  const { bins, ece } = reliability(
    sure.map(({ confidence }) => confidence!),
    sure.map((record) => Number(isRight(record))),
    10,
  );
  const spread = ({ count, confidence }: (typeof bins)[number]) =>
    Math.sqrt((2 * count * confidence * (1 - confidence)) / Math.PI);
  return { error: ece, byChance: bins.reduce((total, bin) => total + spread(bin), 0) / sure.length };
}
