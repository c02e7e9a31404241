// What has to be equal between groups, as shares of answers among rows of an event, and how far answers are from it. Knows no model.

/** What is made equal between groups (Hardt 2016, arXiv:1610.02413; of several classes each against the rest). */
export const fairCriteria = ["demographic-parity", "equal-opportunity", "equalized-odds"] as const;
export type FairCriterion = (typeof fairCriteria)[number];

/** The share of rows answered `label`: among all rows, among those that are of the label, or among those that are not. */
export interface FairRate {
  readonly label: number;
  readonly among: "all" | "own" | "others";
}

/**
 * The shares that a criterion makes equal.
 * @param labels class numbers that are meant. Of two classes one says everything where the criterion does not look at the truth
 * @example fairRates("equalized-odds", [1]) // true and false positive rate of class 1
 */
export function fairRates(criterion: FairCriterion, labels: readonly number[]): FairRate[] {
  const among = (
    { "demographic-parity": ["all"], "equal-opportunity": ["own"], "equalized-odds": ["own", "others"] } as const
  )[criterion];
  return labels.flatMap((label) => among.map((which) => ({ label, among: which })));
}

/** Whether a row of a true class is in the event of a rate. */
export const inEvent = ({ label, among }: FairRate, truth: number): boolean =>
  among === "all" || (among === "own") === (truth === label);

/** Rows whose answers are compared. */
export interface GroupedRows {
  /** True class of each row [N]. */
  readonly truth: ArrayLike<number>;
  /** Group of each row [N]; −1 for rows that are not compared. */
  readonly groupOf: ArrayLike<number>;
  readonly groups: number;
}

/** Rows of each rate and group [rates][groups]. */
export function eventCounts(rates: readonly FairRate[], { truth, groupOf, groups }: GroupedRows): Float64Array[] {
  const counts = rates.map(() => new Float64Array(groups));
  for (let i = 0; i < truth.length; i++)
    for (let m = 0; m < rates.length && groupOf[i]! >= 0; m++)
      if (inEvent(rates[m]!, truth[i]!)) counts[m]![groupOf[i]!]!++;
  return counts;
}

/** Largest difference of a rate between two groups; cells under `smallestCell` rows are not looked at. @param shares [rates][groups] */
export function disparityOf(
  shares: readonly ArrayLike<number>[],
  counts: readonly ArrayLike<number>[],
  smallestCell = 1,
): number {
  let largest = 0;
  for (const [m, share] of shares.entries()) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let g = 0; g < share.length; g++) {
      if (counts[m]![g]! < Math.max(1, smallestCell)) continue;
      low = Math.min(low, share[g]!);
      high = Math.max(high, share[g]!);
    }
    largest = Math.max(largest, high - low);
  }
  return largest;
}

/**
 * Largest difference between groups in the rates of a criterion.
 * @param answers class numbers [N]
 * @param picked rows to look at, by number; default all, once each
 * @example fairDisparity(fairRates("demographic-parity", [1]), rows, answers) // 0.12
 */
export function fairDisparity(
  rates: readonly FairRate[],
  rows: GroupedRows,
  answers: ArrayLike<number>,
  smallestCell = 1,
  picked: ArrayLike<number> = Int32Array.from({ length: answers.length }, (_, i) => i),
): number {
  const counts = rates.map(() => new Float64Array(rows.groups));
  const hits = rates.map(() => new Float64Array(rows.groups));
  for (let k = 0; k < picked.length; k++) {
    const [g, truth, answer] = [rows.groupOf[picked[k]!]!, rows.truth[picked[k]!]!, answers[picked[k]!]!];
    if (g < 0) continue;
    for (let m = 0; m < rates.length; m++) {
      if (!inEvent(rates[m]!, truth)) continue;
      counts[m]![g]!++;
      if (answer === rates[m]!.label) hits[m]![g]!++;
    }
  }
  return disparityOf(
    hits.map((counted, m) => counted.map((n, g) => n / counts[m]![g]!)),
    counts,
    smallestCell,
  );
}
