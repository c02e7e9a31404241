import { describe, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { type FairCriterion, fairCriteria, fairDisparity, fairRates } from "../../src/fairness/index.ts";
import { fitFairRule } from "../../src/mitigation/fair-rule.ts";
import { groupEstimator } from "../../src/mitigation/group-estimator.ts";
import { optimizeThresholds } from "../../src/mitigation/thresholds.ts";

/** Rows whose probabilities are right; each group has a class that is commoner in it. */
function drawn(classes: number, size: number, seed = 1) {
  const rng = random(seed);
  const [truth, groupOf] = [new Int32Array(size), new Int32Array(size)];
  const probabilities = new Float64Array(size * classes);
  for (let i = 0; i < size; i++) {
    const g = rng.int(3);
    groupOf[i] = g;
    const raw = Array.from({ length: classes }, (_, y) => Math.exp(1.5 * rng.normal() + Number(y === g % classes)));
    const sum = raw.reduce((a, b) => a + b);
    const at = rng.float() * sum;
    truth[i] = raw.findIndex((_, y) => at < raw.slice(0, y + 1).reduce((a, b) => a + b));
    for (const [y, x] of raw.entries()) probabilities[i * classes + y] = x / sum;
  }
  return { truth, groupOf, groups: 3, probabilities };
}
const ratesOf = (criterion: FairCriterion, classes: number) =>
  fairRates(criterion, classes === 2 ? [1] : [...Array(classes).keys()]);

/** What a rule answers on other rows whose groups are known. */
function answered(rows: ReturnType<typeof drawn>, { scale, shift }: ReturnType<typeof fitFairRule>) {
  const classes = scale[0]!.length;
  return Int32Array.from(rows.truth, (_, i) => {
    const g = rows.groupOf[i]!;
    const scores = scale[g]!.map((s, y) => rows.probabilities[i * classes + y]! * (1 - s) - shift[g]![y]!);
    return scores.indexOf(Math.max(...scores));
  });
}

describe.each([2, 3])("with %i classes", (classes) => {
  test.each(fairCriteria)("%s: the gap closes on the rows and on others, at a small cost", (criterion) => {
    const [rows, others] = [drawn(classes, 2000), drawn(classes, 4000, 2)];
    const rates = ratesOf(criterion, classes);
    const rule = fitFairRule(rows, { rates, tolerance: 0.03 });
    expect(rule.before.disparity).toBeGreaterThan(0.2);
    expect(rule.after.disparity).toBeLessThan(0.05);
    expect(rule.after.accuracy).toBeGreaterThan(rule.before.accuracy - 0.04);
    expect(fairDisparity(rates, others, answered(others, rule))).toBeLessThan(rule.before.disparity / 2);
  });
});

test("of two classes it comes within 1/100 of fairlearn's best mixture of thresholds, without drawing", () => {
  const rows = drawn(2, 3000);
  const scores = Float64Array.from(rows.truth, (_, i) => rows.probabilities[2 * i + 1]!);
  const names = Array.from(rows.groupOf, String);
  const mixture = optimizeThresholds(rows.truth, scores, names, { constraint: "demographic-parity" });
  const best = Array.from(rows.truth, (t, i) => {
    const { p0, p1, first, second } = mixture.get(names[i]!)!;
    const says = (threshold: number) => Number(scores[i]! > threshold);
    const positive = p0 * says(first.threshold) + p1 * says(second.threshold);
    return t ? positive : 1 - positive;
  }).reduce((a, b) => a + b);
  const rule = fitFairRule(rows, { rates: ratesOf("demographic-parity", 2), tolerance: 0.005 });
  expect(rule.after.disparity).toBeLessThan(0.01);
  expect(rule.after.accuracy).toBeGreaterThan(best / 3000 - 0.01);
});

test("a lower cost is kept, at the price of a larger gap", () => {
  const rows = drawn(3, 1500);
  const options = { rates: ratesOf("demographic-parity", 3), tolerance: 0.02 };
  const [free, cheap] = [fitFairRule(rows, options), fitFairRule(rows, { ...options, cost: 0.01 })];
  expect(cheap.after.accuracy).toBeGreaterThanOrEqual(cheap.before.accuracy - 0.01);
  expect(cheap.after.disparity).toBeGreaterThan(free.after.disparity);
  expect(cheap.after.disparity).toBeLessThan(cheap.before.disparity);
});

test("where the group is only estimated, half of the planted gap goes on held-out draws for a point of accuracy", () => {
  const draw = (seed: number, size: number) => {
    const rng = random(seed);
    const [truth, groupOf] = [new Int32Array(size), new Int32Array(size)];
    const probabilities = new Float64Array(2 * size);
    const features = Array.from({ length: size }, (_, i) => {
      groupOf[i] = rng.int(2);
      const x = [rng.normal() + (groupOf[i] ? 1 : -1), rng.normal()];
      const p = 1 / (1 + Math.exp(-(0.8 * x[0]! + 1.5 * x[1]!)));
      truth[i] = Number(rng.float() < p);
      probabilities.set([1 - p, p], 2 * i);
      return x;
    });
    return { truth, groupOf, groups: 2, probabilities, features };
  };
  const [learned, dev, held] = [draw(1, 2000), draw(2, 1500), draw(3, 8000)];
  const estimator = groupEstimator({ ...learned, label: learned.truth, classes: 2 });
  const jointOf = ({ features, probabilities }: typeof dev) =>
    Float64Array.from(
      features.flatMap((x, i) => {
        const byLabel = [0, 1].map((y) => {
          const z = estimator.weights.map((w, g) => w[0]! * x[0]! + w[1]! * x[1]! + estimator.constants[g]![y]!);
          return [0, 1].map((g) => Math.exp(z[g]!) / (Math.exp(z[0]!) + Math.exp(z[1]!)));
        });
        return [0, 1].flatMap((g) => [0, 1].map((y) => byLabel[y]![g]! * probabilities[2 * i + y]!));
      }),
    );
  const rates = fairRates("demographic-parity", [1]);
  const { scale, shift, before } = fitFairRule({ ...dev, joint: jointOf(dev) }, { rates, tolerance: 0.1, cost: 0.05 });
  const joint = jointOf(held);
  const answers = Int32Array.from(held.truth, (_, i) => {
    const scores = [0, 1].map((y) =>
      [0, 1].reduce(
        (sum, g) => {
          const own = joint.subarray(4 * i + 2 * g, 4 * i + 2 * g + 2);
          return sum - scale[g]![y]! * own[y]! - shift[g]![y]! * (own[0]! + own[1]!);
        },
        held.probabilities[2 * i + y]!,
      ),
    );
    return Number(scores[1]! > scores[0]!);
  });
  const right = answers.reduce((n, y, i) => n + Number(y === held.truth[i]), 0) / answers.length;
  expect(before.disparity).toBeGreaterThan(0.3);
  expect(fairDisparity(rates, held, answers)).toBeLessThan(before.disparity / 2);
  expect(right).toBeGreaterThan(before.accuracy - 0.02);
});

test("a wider tolerance leaves a wider gap and keeps more answers", () => {
  const rows = drawn(3, 1500);
  const at = (tolerance: number) => fitFairRule(rows, { rates: ratesOf("demographic-parity", 3), tolerance }).after;
  const [narrow, wide] = [at(0.03), at(0.15)];
  expect(wide.disparity).toBeGreaterThan(narrow.disparity);
  expect(wide.accuracy).toBeGreaterThan(narrow.accuracy);
});

test("only the labels that are meant get weights", () => {
  const { shift, scale } = fitFairRule(drawn(3, 900), { rates: fairRates("equalized-odds", [1]), tolerance: 0.02 });
  for (const weights of [shift, scale])
    for (const own of weights) expect([own[0] === 0, own[1] === 0, own[2] === 0]).toEqual([true, false, true]);
});

test("rows of groups that are not compared keep the likeliest class", () => {
  const rows = drawn(3, 900);
  const groupOf = rows.groupOf.map((g) => (g === 2 ? -1 : g));
  const rates = ratesOf("demographic-parity", 3);
  const rule = fitFairRule({ ...rows, groupOf, groups: 2 }, { rates, tolerance: 0.02 });
  expect(rule.after.disparity).toBeLessThan(rule.before.disparity);
  expect(rule.scale).toHaveLength(2);
});

test.each([
  ["too few rows of a group", { groupOf: new Int32Array(60), groups: 2 }, /no two groups/],
  ["columns of other lengths", { joint: new Float64Array(7) }, /joint \[N, G, K\]/],
  ["numbers that are none", { probabilities: new Float64Array(120).fill(Number.NaN) }, /probabilities/],
])("%s are refused", (_, change, words) => {
  const rows = { ...drawn(2, 60), ...change };
  expect(() => fitFairRule(rows, { rates: fairRates("demographic-parity", [1]), tolerance: 0.1 })).toThrow(words);
});
