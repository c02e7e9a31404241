// How much each row moves an area under a ROC curve: DeLong's components (DeLong 1988), for any two sets of positives and negatives.
// Knows no classes, groups by number only.

/** Rows by rising score, for one split into positives and negatives. */
export interface Ranked {
  readonly order: Int32Array;
  readonly scores: ArrayLike<number>;
  /** 1 for positives [N]. */
  readonly positive: Uint8Array;
}

/** Of each row the rows of the other side that it stands right with: negatives below a positive, positives above a negative; ties half. */
export type RightPairs = Float64Array;

/** @param scores [N] @param positive 1 for positives [N] */
export function ranked(scores: ArrayLike<number>, positive: Uint8Array): Ranked {
  const order = Int32Array.from({ length: scores.length }, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  return { order, scores, positive };
}

/** Counts only rows for which `within` is 1 on the other side; every row gets its count. */
export function rightPairs({ order, scores, positive }: Ranked, within?: Uint8Array): RightPairs {
  const out = new Float64Array(order.length);
  let [negatives, positives] = [0, 0];
  const counts = (row: number) => (within ? within[row]! : 1);
  const allPositives = order.reduce((n, row) => n + positive[row]! * counts(row), 0);
  for (let start = 0, end = 0; start < order.length; start = end) {
    let [tiedNegative, tiedPositive] = [0, 0];
    for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) {
      const row = order[end]!;
      if (positive[row]) tiedPositive += counts(row);
      else tiedNegative += counts(row);
    }
    for (let k = start; k < end; k++) {
      const row = order[k]!;
      out[row] = positive[row] ? negatives + tiedNegative / 2 : allPositives - positives - tiedPositive / 2;
    }
    negatives += tiedNegative;
    positives += tiedPositive;
  }
  return out;
}

/** What an area is made of: which rows are its positives and negatives, and the right pairs of a row with the other side. */
export interface AreaSides {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
  right(row: number): number;
}

/**
 * The area, and what each of its rows adds to its error: area of redrawn rows ≈ area + Σ (times drawn − 1)·influence.
 * @returns NaN where a side is empty; then `move` is never called
 */
export function areaOf({ positives, negatives, right }: AreaSides, move: (row: number, by: number) => void): number {
  const [p, n] = [positives.length, negatives.length];
  if (p === 0 || n === 0) return Number.NaN;
  let pairs = 0;
  for (const row of positives) pairs += right(row);
  const area = pairs / (p * n);
  for (const row of positives) move(row, (right(row) / n - area) / p);
  for (const row of negatives) move(row, (right(row) / p - area) / n);
  return area;
}
