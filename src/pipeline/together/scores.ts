// Scores from summed counts: what one table of all rows would give, without that table. Intervals redraw rows from the counts; who
// wrote which row is not known, so that several rows of a patient count as rows of several. Pure.
import { random } from "../../base/index.ts";
import { bootstrap, bootstrapMany, type Interval, onRows, quantile, wilson } from "../../eval/index.ts";

/** A number and its 95 % interval, as metrics.json holds it. */
export interface CountedScore {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** [C·C] Counts of answers by label, row by row. */
export type Confusion = readonly number[];

const sideOf = (confusion: Confusion): number => Math.round(Math.sqrt(confusion.length));
export const rowsOf = (confusion: Confusion): number => confusion.reduce((a, b) => a + b, 0);

/** How many answers are right. */
export function rightOf(confusion: Confusion): number {
  const side = sideOf(confusion);
  return confusion.reduce((n, count, at) => n + (at % (side + 1) === 0 ? count : 0), 0);
}

/** Precision, recall and F1 of each label; NaN where no row defines one. */
function labelScores(confusion: Confusion | Int32Array, side: number) {
  const [actual, predicted] = [new Float64Array(side), new Float64Array(side)];
  for (let at = 0; at < confusion.length; at++) {
    actual[Math.floor(at / side)]! += confusion[at]!;
    predicted[at % side]! += confusion[at]!;
  }
  const share = (hits: number, of: number) => (of === 0 ? Number.NaN : hits / of);
  return Array.from({ length: side }, (_, k) => {
    const hits = confusion[k * side + k]!;
    return {
      precision: share(hits, predicted[k]!),
      recall: share(hits, actual[k]!),
      f1: share(2 * hits, actual[k]! + predicted[k]!),
      support: actual[k]!,
    };
  });
}

/** Mean F1 over the labels that occur, among rows or among answers. */
export function macroF1Of(confusion: Confusion | Int32Array): number {
  const known = labelScores(confusion, Math.round(Math.sqrt(confusion.length))).filter(({ f1 }) => !Number.isNaN(f1));
  return known.reduce((sum, { f1 }) => sum + f1, 0) / known.length;
}

/** What a member may show of its own rows. @param test counts on its test rows @param train rows that it learned from */
export function siteScores(test: Confusion, train: number): Record<string, number> {
  const rows = rowsOf(test);
  const scores: Record<string, number> = rows ? { accuracy: rightOf(test) / rows, macroF1: macroF1Of(test) } : {};
  return { train, test: rows, ...scores };
}

const scoreOf = ({ estimate, low, high }: Interval): CountedScore => ({ value: estimate, low, high });

/** The cell of each row, in the order of the cells. */
function cellsOf(confusion: Confusion): Int32Array {
  const cells = new Int32Array(rowsOf(confusion));
  let at = 0;
  for (const [cell, count] of confusion.entries()) {
    cells.fill(cell, at, at + count);
    at += count;
  }
  return cells;
}

/** Accuracy with Wilson's interval, macro-F1 and the labels' scores with bootstrap intervals. @param confusion of at least one row */
export function countedScores(
  confusion: Confusion,
  labels: readonly string[],
  { seed, resamples }: { readonly seed: number; readonly resamples: number },
) {
  const side = labels.length;
  const cells = cellsOf(confusion);
  const redrawn = (rows: Int32Array) => {
    const counts = new Int32Array(side * side);
    for (const row of rows) counts[cells[row]!]!++;
    return counts;
  };
  const names = ["precision", "recall", "f1"] as const;
  const [macroF1, ...each] = bootstrapMany(
    (rows) => {
      const counts = redrawn(rows);
      const by = labelScores(counts, side);
      return [macroF1Of(counts), ...by.flatMap((scores) => names.map((name) => scores[name]))];
    },
    cells.length,
    { random: random(`together ${seed}`), resamples },
  );
  const supports = labelScores(confusion, side);
  const classes = labels.map((label, k) => {
    const [precision, recall, f1] = names.map((_, j) => {
      const interval = each[k * names.length + j]!;
      return Number.isNaN(interval.estimate) ? null : scoreOf(interval);
    });
    return { label, precision: precision!, recall: recall!, f1: f1!, support: supports[k]!.support };
  });
  return {
    accuracy: scoreOf(wilson(rightOf(confusion), cells.length)),
    macroF1: scoreOf(macroF1!),
    classes,
    confusion: { labels, counts: Array.from({ length: side }, (_, k) => confusion.slice(k * side, (k + 1) * side)) },
  };
}

/** A group's counts. */
export interface GroupCounts {
  readonly name: string;
  readonly confusion: Confusion;
}

/**
 * Accuracy of each group, its distance to all other rows, and the largest distance between two groups. Groups under the smallest cell are
 * not shown. The whole less the shown groups gives the sum of the others: the next smallest are not shown either until that sum is of two
 * groups or more, and no small cell itself.
 */
export function groupScores(
  groups: readonly GroupCounts[],
  {
    smallestCell,
    seed,
    resamples,
  }: { readonly smallestCell: number; readonly seed: number; readonly resamples: number },
) {
  const sized = groups.map((g) => ({ ...g, rows: rowsOf(g.confusion) })).filter(({ rows }) => rows > 0);
  const small = new Set(sized.filter(({ rows }) => rows < smallestCell).map(({ name }) => name));
  let hidden = sized.filter(({ name }) => small.has(name)).reduce((n, { rows }) => n + rows, 0);
  for (const { name, rows } of sized.toSorted((a, b) => a.rows - b.rows)) {
    if (small.size === 0 || (small.size > 1 && hidden >= smallestCell)) break;
    if (small.has(name)) continue;
    small.add(name);
    hidden += rows;
  }
  const shown = sized.filter(({ name }) => !small.has(name));
  const all = { rows: 0, right: 0 };
  for (const { rows, confusion } of sized) {
    all.rows += rows;
    all.right += rightOf(confusion);
  }
  const scores = Object.fromEntries(
    sized.map(({ name, rows, confusion }) => {
      if (small.has(name)) return [name, { rows: rows < smallestCell ? `under ${smallestCell}` : "withheld" }];
      const right = rightOf(confusion);
      const others = { rows: all.rows - rows, right: all.right - right };
      return [
        name,
        {
          rows,
          accuracy: scoreOf(wilson(right, rows)),
          macroF1: macroOf(confusion, seed, resamples, name),
          ...(others.rows > 0 && { difference: newcombe({ rows, right }, others) }),
        },
      ];
    }),
  );
  return { scores, gap: shown.length > 1 ? largestGap(shown, seed, resamples) : undefined };
}

function macroOf(confusion: Confusion, seed: number, resamples: number, name: string): CountedScore {
  const side = sideOf(confusion);
  const metric = onRows((cells: number[]) => {
    const counts = new Int32Array(side * side);
    for (const cell of cells) counts[cell]!++;
    return macroF1Of(counts);
  }, cellsOf(confusion));
  const options = { random: random(`together ${seed} ${name}`), resamples, method: "percentile" } as const;
  return scoreOf(bootstrap(metric, rowsOf(confusion), options));
}

interface Shares {
  readonly rows: number;
  readonly right: number;
}

/** Difference of two shares with Newcombe's interval from two of Wilson's (Newcombe 1998, method 10). */
export function newcombe(a: Shares, b: Shares): CountedScore {
  const [x, y] = [wilson(a.right, a.rows), wilson(b.right, b.rows)];
  const value = x.estimate - y.estimate;
  return {
    value,
    low: value - Math.hypot(x.estimate - x.low, y.high - y.estimate),
    high: value + Math.hypot(x.high - x.estimate, y.estimate - y.low),
  };
}

/** Largest accuracy minus smallest; each group's right answers are redrawn from its own share. */
function largestGap(
  groups: readonly (GroupCounts & { rows: number })[],
  seed: number,
  resamples: number,
): CountedScore {
  const shares = groups.map(({ confusion, rows }) => ({ rows, share: rightOf(confusion) / rows }));
  const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  const rng = random(`together ${seed} gap`);
  const draws = Float64Array.from({ length: resamples }, () =>
    spread(
      shares.map(({ rows, share }) => {
        let right = 0;
        for (let i = 0; i < rows; i++) right += Number(rng.float() < share);
        return right / rows;
      }),
    ),
  ).sort();
  return { value: spread(shares.map((s) => s.share)), low: quantile(draws, 0.025), high: quantile(draws, 0.975) };
}
