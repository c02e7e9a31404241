// Exponentiated gradient beside fairlearn's on the same rows with the same learner; the file says how its numbers were made.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { type FairCriterion, fairDisparity, fairRates } from "../fairness/index.ts";
import { exponentiatedGradient, meanHead } from "./reductions.ts";
import { answersOf } from "./softmax-regression.ts";

interface Case {
  readonly criterion: FairCriterion;
  readonly bound: number;
  readonly eps: number;
  readonly linprog: boolean;
  readonly error: number;
  readonly violation: number;
  readonly best_gap: number;
  readonly iterations: number;
  readonly probability?: readonly number[];
}
const reference = JSON.parse(
  readFileSync(new URL("../../test/audit/fairlearn-reductions.json", import.meta.url), "utf8"),
) as { inputs: number[][]; truth: number[]; groups: number[]; cases: Case[] };
const rows = {
  inputs: reference.inputs.flat(),
  truth: reference.truth,
  groupOf: reference.groups,
  groups: 3,
  classes: 2,
};
// fairlearn's equalized odds look at answers 1 among rows of either label
const solve = ({ criterion, bound, eps }: Case) =>
  exponentiatedGradient(rows, { rates: fairRates(criterion, [1]), bound, eps });
const mixed = (found: ReturnType<typeof solve>) => {
  const answers = found.heads.map((head) => answersOf(head, rows.inputs, rows.truth.length));
  return rows.truth.map((_, i) => found.weights.reduce((sum, w, k) => sum + w * answers[k]![i]!, 0));
};

test.each(reference.cases.filter((c) => !c.linprog))(
  "$criterion within $bound at eps $eps: the mixture is fairlearn's",
  (wanted) => {
    const found = solve(wanted);
    expect(found.iterations).toBe(wanted.iterations);
    expect(found.error).toBeCloseTo(wanted.error, 10);
    expect(found.violation).toBeCloseTo(wanted.violation, 10);
    expect(found.gap).toBeCloseTo(wanted.best_gap, 8);
    for (const [i, p] of mixed(found).entries()) expect(p, `row ${i}`).toBeCloseTo(wanted.probability![i]!, 8);
  },
);

test.each(reference.cases.filter((c) => c.linprog && c.eps === 0.01 && c.bound === 0.05))(
  "$criterion within $bound: error and violation lie near those that fairlearn reaches with its linear programs",
  (wanted) => {
    const found = solve(wanted);
    expect(found.violation).toBeLessThan(wanted.bound + 0.01);
    expect(found.error).toBeLessThan(wanted.error + 0.03);
  },
);

test("the mean head of a mixture is one head that answers every text in one way, and loses two fifths of the gap", () => {
  const rates = fairRates("demographic-parity", [1]);
  const gapOf = (bound: number) => {
    const found = exponentiatedGradient(rows, { rates, bound });
    return fairDisparity(rates, rows, answersOf(meanHead(found), rows.inputs, rows.truth.length));
  };
  expect(gapOf(0.02)).toBeLessThan(0.6 * gapOf(1));
});

test("of three classes each one's share of answers is made alike", () => {
  const rng = random(3);
  const size = 600;
  const groupOf = Int32Array.from({ length: size }, () => rng.int(2));
  const truth = Int32Array.from(groupOf, (g) => (rng.float() < 0.6 ? g : rng.int(3)));
  const inputs = Float64Array.from({ length: 4 * size }, (_, k) => {
    const [row, h] = [Math.floor(k / 4), k % 4];
    return rng.normal() + (h === 3 ? 1.5 * groupOf[row]! : h === truth[row] ? 1.5 : 0);
  });
  const three = { inputs, truth, groupOf, groups: 2, classes: 3 };
  const rates = fairRates("demographic-parity", [0, 1, 2]);
  const [free, bound] = [1, 0.02].map((b) => exponentiatedGradient(three, { rates, bound: b, eps: 0.02 }));
  expect(free!.violation).toBeGreaterThan(0.1);
  expect(bound!.violation).toBeLessThan(0.05);
  expect(bound!.error).toBeGreaterThan(free!.error);
});
