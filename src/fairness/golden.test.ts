// Every number of test/golden/fairness.json, and for each kind a mutation that must fail.
import { describe, expect, test } from "vitest";
import { goldenJson } from "../../test/golden.ts";
import { optimizeThresholds, positiveProbability, reweighing, type ThresholdConstraint } from "../mitigation/index.ts";
import { intersection, type RateFrame, rateFrame } from "./frame.ts";
import { rateNames } from "./rates.ts";

type Value = number | "NaN";
type Table = Record<string, Record<string, Value>>;
interface FrameSet {
  name: string;
  y_true: number[];
  y_pred: number[];
  groups: string[] | Record<string, string[]>;
  by_group: Table;
  sample_weight?: number[];
  [name: string]: unknown;
}
interface ThresholdCase {
  constraints: string;
  objective: string;
  grid_size: number;
  flip: boolean;
  positive_probability: number[];
  interpolation: Record<string, { p0: number; p_ignore?: number; operation0: { threshold: Value | "Infinity" } }>;
}
const golden = goldenJson<{
  sets: FrameSet[];
  threshold_data: { scores: number[]; y_true: number[]; groups: string[] };
  threshold_optimizer: ThresholdCase[];
  reweighing: { groups: string[]; y_true: number[]; weights: number[] };
}>("fairness.json");

const snake = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const same = (got: number, wanted: unknown, what: string, tolerance = 1e-12) => {
  if (wanted === "NaN") expect(got, what).toBeNaN();
  else expect(Math.abs(got - (wanted as number)) <= tolerance, `${what}: ${got} instead of ${wanted}`).toBe(true);
};
const groupsOf = ({ groups }: FrameSet) => (Array.isArray(groups) ? groups : intersection(Object.values(groups)));

/** Expects a frame's parity numbers under the names of fairlearn's functions. */
function expectParities(frame: RateFrame, set: FrameSet, suffix: string): void {
  const own = { demographic_parity: frame.demographicParity, equal_opportunity: frame.equalOpportunity };
  for (const as of ["difference", "ratio"] as const)
    for (const [ending, comparison] of [
      ["", "between-groups"],
      ["_to_overall", "to-overall"],
    ] as const) {
      if (suffix && ending) continue;
      for (const [name, of] of Object.entries(own))
        same(of(as, comparison), set[`${name}_${as}${ending}${suffix}`], `${name}_${as}${ending}${suffix}`);
      const odds = `equalized_odds_${as}${ending}${suffix}`;
      same(frame.equalizedOdds(as, comparison), set[odds], odds);
    }
}

describe.each(golden.sets)("fairness golden: $name", (set) => {
  const frame = rateFrame(set.y_true, set.y_pred, groupsOf(set), { groups: Object.keys(set.by_group) });

  test("every rate of every group, and of all rows", () => {
    for (const rate of rateNames) {
      same(frame.overall[rate], (set.overall as Record<string, Value>)[snake(rate)], rate);
      for (const [group, rates] of Object.entries(set.by_group))
        same(frame.byGroup[group]![rate], rates[snake(rate)], `${group} ${rate}`);
    }
  });

  test("least, most, differences and ratios", () => {
    for (const rate of rateNames) {
      const wanted = (table: string) => (set[table] as Record<string, Value>)[snake(rate)];
      same(frame.min(rate), wanted("group_min"), `min ${rate}`);
      same(frame.max(rate), wanted("group_max"), `max ${rate}`);
      same(frame.difference(rate), wanted("difference"), `difference ${rate}`);
      same(frame.difference(rate, "to-overall"), wanted("difference_to_overall"), `to overall ${rate}`);
      same(frame.ratio(rate), wanted("ratio"), `ratio ${rate}`);
      same(frame.ratio(rate, "to-overall"), wanted("ratio_to_overall"), `ratio to overall ${rate}`);
    }
  });

  test("demographic parity, equal opportunity and equalized odds", () => {
    expectParities(frame, set, "");
    same(frame.equalizedOdds("difference", undefined, "mean"), set.equalized_odds_difference_mean, "mean difference");
    same(frame.equalizedOdds("ratio", undefined, "mean"), set.equalized_odds_ratio_mean, "mean ratio");
    if (!set.sample_weight) return;
    const weighted = rateFrame(set.y_true, set.y_pred, groupsOf(set), { sampleWeight: set.sample_weight });
    expectParities(weighted, set, "_weighted");
  });

  test("one changed decision changes the table", () => {
    const mutated = set.y_pred.map((p, i) => (i === 3 ? 1 - p : p));
    const other = rateFrame(set.y_true, mutated, groupsOf(set), { groups: Object.keys(set.by_group) });
    expect(other.overall.accuracy).not.toBe(frame.overall.accuracy);
  });
});

describe.each(golden.threshold_optimizer)("thresholds golden: $constraints, $objective", (own) => {
  const { y_true, scores, groups } = golden.threshold_data;
  const constraint = own.constraints.replaceAll("_", "-") as ThresholdConstraint;
  const objective = own.objective === "accuracy_score" ? "accuracy" : "balancedAccuracy";
  const options = { constraint, objective, gridSize: own.grid_size, flip: own.flip } as const;
  const rules = optimizeThresholds(y_true, scores, groups, options);

  test("the probability of each row, and the rule of each group", () => {
    for (const [row, wanted] of own.positive_probability.entries())
      same(positiveProbability(rules.get(groups[row]!)!, scores[row]!), wanted, `row ${row}`, 1e-9);
    for (const [group, { p0, p_ignore = 0, operation0 }] of Object.entries(own.interpolation)) {
      same(rules.get(group)!.p0, p0, `${group} p0`, 1e-9);
      same(rules.get(group)!.ignore, p_ignore, `${group} ignored`, 1e-9);
      expect(String(rules.get(group)!.first.threshold)).toBe(String(operation0.threshold));
    }
  });

  test("another label changes the rules", () => {
    const flipped = y_true.map((y, i) => (i % 5 === 0 ? 1 - y : y));
    const others = optimizeThresholds(flipped, scores, groups, options);
    const changed = scores.some((score, row) => {
      const [a, b] = [rules, others].map((r) => positiveProbability(r.get(groups[row]!)!, score));
      return a !== b;
    });
    expect(changed).toBe(true);
  });
});

test("reweighing golden: each row's weight; another label changes it", () => {
  const { groups, y_true, weights } = golden.reweighing;
  const own = reweighing(groups, y_true.map(String));
  for (const [row, wanted] of weights.entries()) same(own[row]!, wanted, `row ${row}`);
  const other = reweighing(
    groups,
    y_true.map((y, i) => String(i === 0 ? 1 - y : y)),
  );
  expect(other[0]).not.toBe(own[0]);
});
