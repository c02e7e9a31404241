// Gap calls where there is no gap: at most 5 % of audits call one, whatever the sizes, clusters, attributes and measures; and a planted gap
// is still found. Bounds are those of issue 15. npm run slow -- fairness-null
import { expect, test } from "vitest";
import { type Random, random } from "../../src/base/index.ts";
import { auditFairness, type Judged } from "../../src/fairness/index.ts";

const runs = 200;
/** Three standard errors above 5 %. */
const most = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs);

interface Setting {
  readonly groups: number;
  readonly rows: number;
  readonly right: number;
  /** Behind all others, of every group but the last of 1,000 rows. */
  readonly gap?: number;
  /** Rows of a patient, which are right or wrong together with this correlation. */
  readonly each?: number;
  readonly alike?: number;
  readonly attributes?: number;
  readonly pairs?: boolean;
}

function draw({ groups, rows, right, gap = 0, each = 1, alike = 1, attributes = 1 }: Setting, rng: Random) {
  const [truth, predicted]: [number[], number[]] = [[], []];
  const [group, patient]: [string[], string[]] = [[], []];
  const others: Record<string, string[]> = {};
  for (let a = 1; a < attributes; a++) others[`x${a}`] = [];
  for (let g = 0; g <= groups; g++) {
    const size = g < groups ? rows : 1000;
    const share = g < groups ? right - gap : right;
    for (let i = 0; i < size; ) {
      const own = Number(rng.float() < share);
      const values = Object.keys(others).map(() => `v${rng.int(3)}`);
      for (let k = 0; k < each && i < size; k++, i++) {
        truth.push(1);
        predicted.push(rng.float() < Math.sqrt(alike) ? own : Number(rng.float() < share));
        group.push(`g${g}`);
        patient.push(`${g} ${i - k}`);
        for (const [a, column] of Object.values(others).entries()) column.push(values[a]!);
      }
    }
  }
  const judged: Judged = { kind: "decisions", truth, predicted };
  return { judged, attributes: { group, ...others }, patients: each > 1 ? patient : undefined };
}

function called(setting: Setting, name: string): number {
  const rng = random(name);
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const { judged, attributes, patients } = draw(setting, rng);
    const { called } = auditFairness(judged, attributes, { pairs: (setting.attributes ?? 1) > 1 }, patients);
    if (called.length) count++;
  }
  return count / runs;
}

const grid: Setting[] = [
  ...[0.5, 0.75, 0.9, 0.95].flatMap((right) =>
    [
      [5, 10],
      [20, 10],
      [20, 20],
      [10, 50],
    ].map(([groups, rows]) => ({ groups: groups!, rows: rows!, right })),
  ),
  ...[0.5, 0.75, 0.9].flatMap((right) => [10, 20, 50].map((rows) => ({ groups: 10, rows, right, gap: 0.05 }))),
  ...[0.7, 0.9].flatMap((right) =>
    [
      [10, 10],
      [20, 10],
      [20, 5],
      [40, 10],
      [60, 10],
      [100, 10],
    ].flatMap(([rows, each]) => [1, 0.4].map((alike) => ({ groups: 3, rows: rows!, right, each: each!, alike }))),
  ),
  ...[4, 8].map((attributes) => ({ groups: 2, rows: 300, right: 0.75, attributes })),
  { groups: 2, rows: 300, right: 0.75, attributes: 4, each: 3, alike: 0.5 },
];

test.each(grid.map((setting) => [JSON.stringify(setting), setting] as const))(
  "no gap is called more often than in 5 percent: %s",
  (name, setting) => {
    expect(called(setting, name)).toBeLessThanOrEqual(most);
  },
);

test.each([
  [{ groups: 1, rows: 440, right: 0.8, gap: 0.2 }, 0.98],
  [{ groups: 1, rows: 440, right: 0.8, gap: 0.25, each: 2, attributes: 4 }, 0.95],
  [{ groups: 3, rows: 100, right: 0.8, gap: 0.25 }, 0.8],
] as [Setting, number][])("a planted gap is found: %j", (setting, least) => {
  expect(called(setting, JSON.stringify(setting))).toBeGreaterThanOrEqual(least);
});

test.each([
  [5, 10, 0.5],
  [10, 20, 0.1],
  [5, 50, 0.1],
  [5, 100, 0.3],
])("%i groups of %i rows, prevalence %f, no gap by any measure", (groups, rows, prevalence) => {
  const rng = random(`measures ${groups} ${rows}`);
  const counts: Record<string, number> = {};
  for (let run = 0; run < runs; run++) {
    const size = groups * rows + 1000;
    const group = Array.from({ length: size }, (_, i) => `g${Math.min(groups, Math.floor(i / rows))}`);
    const truth = group.map(() => Number(rng.float() < prevalence));
    const scores = truth.map((t) => 1 / (1 + Math.exp(-(rng.normal() + 1.2 * t - 0.6))));
    const predicted = scores.map((p) => Number(p > 0.5));
    const classes = group.map(() => rng.int(5));
    const said = classes.map((c) => (rng.float() < 0.7 ? c : rng.int(5)));
    const numbers = group.map(() => rng.normal());
    const decisions = { kind: "decisions", truth, predicted, scores } as const;
    const named = { kind: "classes", names: [..."abcde"], truth: classes, predicted: said } as const;
    const asked: [Judged, string[]][] = [
      [decisions, ["auc", "bpsnAuc", "precision", "truePositiveRate", "f1", "meanScore"]],
      [named, ["macroF1", "macroTruePositiveRate", "a.precision"]],
      [{ kind: "numbers", truth: numbers, predicted: numbers.map((x) => x + rng.normal()) }, ["mae"]],
    ];
    for (const [judged, measures] of asked)
      for (const measure of measures) {
        const { called } = auditFairness(judged, { group }, { measures: [measure], resamples: 200, seed: run });
        counts[measure] = (counts[measure] ?? 0) + called.length / runs;
      }
  }
  for (const [measure, share] of Object.entries(counts)) expect(share, measure).toBeLessThanOrEqual(most);
});

test.each([20, 50, 100, 300])("a calibrated model has no gap in calibration: group of %i rows", (rows) => {
  const rng = random(`calibrated ${rows}`);
  let [count, total] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const scores = Array.from({ length: rows + 1000 }, () => rng.float());
    const truth = scores.map((p) => Number(rng.float() < p));
    const group = scores.map((_, i) => (i < rows ? "small" : "rest"));
    const judged = { kind: "decisions", truth, predicted: scores.map((p) => Number(p > 0.5)), scores } as const;
    const { called, groupings } = auditFairness(judged, { group }, { measures: ["calibrationError"], resamples: 20 });
    count += Number(called.length > 0);
    const { measures } = groupings[0]!.groups.small as { measures: Record<string, { value: number }> };
    total += measures.calibrationError!.value;
  }
  expect(count / runs).toBeLessThanOrEqual(most);
  expect(total / runs).toBeLessThan(0.06);
});

test.each([
  [2, 500],
  [4, 440],
  [8, 100],
  [12, 30],
])("the largest difference of %i groups of %i rows that are alike reaches 0", (groups, rows) => {
  const rng = random(`difference ${groups} ${rows}`);
  let above = 0;
  for (let run = 0; run < runs; run++) {
    const group = Array.from({ length: groups * rows }, (_, i) => `g${i % groups}`);
    const predicted = group.map(() => Number(rng.float() < 0.75));
    const judged = { kind: "decisions", truth: group.map(() => 1), predicted } as const;
    const { between } = auditFairness(judged, { group }).groupings[0]!;
    if (between.accuracy!.difference.low > 0) above++;
  }
  expect(above / runs).toBeLessThanOrEqual(most);
});
