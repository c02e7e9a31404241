// Scores, gaps between groups and calibration of both models on the test rows. Knows no model: answers in, changes out.
import { hiddenCells } from "../../base/index.ts";
import { eceOfRows, errorScores, type RowMetric } from "../../eval/index.ts";
import { groupingOf } from "../../fairness/index.ts";
import type { Comparison, Metrics, Rows, Scoring } from "../../tasks/index.ts";
import { type Change, type PairedDraws, pairedChange } from "./sides.ts";

/** The evaluation of both models on the same test rows. */
export interface BothMetrics {
  readonly before: Metrics;
  readonly after: Metrics;
}

/** Names of the scores of which less is better. */
export const lessIsBetter = new RegExp(
  `^(${errorScores.join("|")}|medianAe|ece|gap\\.|latency|size|sets\\.size|membership|flips)`,
);

/** Every score of the task, each attribute's gap and groups, and the calibration error. */
export function scoreChanges({ before, after }: BothMetrics, rows: Rows, scoring: Scoring): Record<string, Change> {
  const changes: Record<string, Change> = {};
  const put = (name: string, found: Change | undefined) => {
    if (found) changes[name] = found;
  };
  const [a, b] = [before.comparison, after.comparison];
  if (!a || !b) return changes;
  for (const [name, of] of Object.entries(a.scores))
    put(name, pairedChange(name, of(a.answers), of(b.answers), rows, scoring));
  Object.assign(changes, groupChanges(a, b, rows, scoring));
  const [x, y] = [before.stated, after.stated].map((stated) => stated && eceOfRows(rows.length, stated));
  if (x && y) put("ece", pairedChange("ece", x, y, rows, scoring));
  return changes;
}

/** The score that groups are compared by: accuracy where the task has it, else its first. */
const groupScore = ({ scores }: Comparison): string => ("accuracy" in scores ? "accuracy" : Object.keys(scores)[0]!);

/** For each attribute the score of each group, and the gap between the best and the worst. Small groups are left out, as in the report. */
function groupChanges(
  a: Comparison,
  b: Comparison,
  rows: Rows,
  scoring: Scoring & PairedDraws,
): Record<string, Change> {
  const name = groupScore(a);
  const [before, after] = [a.scores[name]!(a.answers), b.scores[name]!(b.answers)];
  const changes: Record<string, Change> = {};
  for (const [attribute, { groups }] of Object.entries(scoring.groups)) {
    const { names, rows: sizes, groupOf } = groupingOf(attribute, groups);
    const hidden = hiddenCells(sizes, scoring.smallestCell);
    const shown = names.flatMap((_, g) => (sizes[g]! >= scoring.smallestCell && !hidden.has(g) ? [g] : []));
    const within = (metric: RowMetric, g: number) => (picked: Int32Array) => {
      const members = picked.filter((row) => groupOf[row] === g);
      return members.length ? metric(members) : Number.NaN;
    };
    const gap = (metric: RowMetric) => (picked: Int32Array) => {
      const values = shown.map((g) => within(metric, g)(picked)).filter(Number.isFinite);
      return values.length < 2 ? Number.NaN : Math.max(...values) - Math.min(...values);
    };
    if (shown.length < 2) continue;
    const found = pairedChange(`gap ${attribute}`, gap(before), gap(after), rows, scoring);
    if (found) changes[`gap.${attribute}.${name}`] = asExtreme(found);
    for (const g of shown) {
      const label = `groups.${attribute}.${names[g]}.${name}`;
      const one = pairedChange(label, within(before, g), within(after, g), rows, scoring);
      if (one) changes[label] = one;
    }
  }
  return changes;
}

/** The largest of several differences lies far out by chance too: gates take its interval. */
const asExtreme = ({ before, after, change }: Change): Change => ({
  before: { ...before, extreme: true },
  after: { ...after, extreme: true },
  change,
});
