import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import {
  adjusted,
  binned,
  categoryDifference,
  driftOf,
  type Measurement,
  orderedDifference,
  profileOf,
} from "./index.ts";
import { embeddingName, projector } from "./profile.ts";

test("the χ² test of homogeneity gives SciPy's probability (chi2_contingency, correction=False)", () => {
  expect(categoryDifference([50, 30, 20], [40, 45, 15]).p).toBeCloseTo(0.08957326253887996, 12);
  expect(categoryDifference([50, 30, 20], [40, 45, 15]).distance).toBeCloseTo(0.15, 12);
});

test("Kolmogorov's probability falls with the distance and is 1 without one", () => {
  expect(orderedDifference([10, 10, 10], [100, 100, 100]).p).toBe(1);
  // √(nm/(n+m)) = 1e3·0.5 …: with many rows Stephens' correction vanishes, and λ = 1 is kstwobign.sf(1) = 0.27
  const n = 2e8;
  const shift = Math.round(n * (1 / Math.sqrt(n / 2)));
  expect(orderedDifference([n / 2, n / 2], [n / 2 + shift, n / 2 - shift]).p).toBeCloseTo(0.26999967, 3);
});

test("adjusted probabilities are statsmodels' fdr_by", () => {
  const found = adjusted([0.001, 0.02, 0.5, 0.04]);
  for (const [k, p] of [1 / 120, 1 / 12, 1, 1 / 9].entries()) expect(found[k]).toBeCloseTo(p, 10);
});

test("PSI of equal shares is 0, of no rows 0, and grows with the difference", () => {
  expect(orderedDifference([100, 100], [10, 10]).psi).toBeCloseTo(0, 6);
  expect(orderedDifference([100, 100], [0, 0])).toEqual({ psi: 0, psiByChance: 0, distance: 0, p: 1 });
  expect(orderedDifference([500, 500], [100, 900]).psi).toBeCloseTo(0.4 * Math.log(5) + 0.4 * Math.log(9 / 5), 1);
});

test("rare categories count together: a label of one row does not make an alarm of its own", () => {
  expect(categoryDifference([500, 500, 0], [50, 50, 1]).p).toBeGreaterThan(0.5);
});

const draws = (seed: string) => {
  const draw = random(seed);
  return (shift: number, rows: number): Measurement[] =>
    Array.from({ length: rows }, () => {
      const vector = Array.from({ length: 32 }, (_, h) => draw.normal() + (h < 8 ? shift : 0));
      const answer = draw.float() < 0.5 + shift / 4 ? "flu" : "cold";
      return { numbers: { "input.length": 20 + 5 * draw.normal() + 4 * shift }, answer, features: vector };
    });
};
const recordsOf = (profile: ReturnType<typeof profileOf>, rows: readonly Measurement[]) => {
  const bins = binned(profile);
  return rows.map((row) => ({ bins: bins(row), answer: row.answer, abstained: false }));
};

test("without drift few windows raise an alarm; with drift every window does", () => {
  let [alarms, found] = [0, 0];
  for (let run = 0; run < 40; run++) {
    const make = draws(`drift ${run}`);
    const profile = profileOf(make(0, 400));
    alarms += Number(driftOf(profile, recordsOf(profile, make(0, 300))).findings.some(({ alarm }) => alarm));
    found += Number(driftOf(profile, recordsOf(profile, make(1, 300))).findings.some(({ alarm }) => alarm));
  }
  expect(found).toBe(40);
  expect(alarms).toBeLessThanOrEqual(2);
});

test("the embedding's distance is near its chance level without drift, and tells the shift of the mean", () => {
  const make = draws("distance");
  const profile = profileOf(make(0, 2000));
  const same = driftOf(profile, recordsOf(profile, make(0, 500))).embedding!;
  expect(same.distance).toBeLessThan(2 * same.byChance);
  const moved = driftOf(profile, recordsOf(profile, make(1, 500))).embedding!;
  expect(moved.distance).toBeGreaterThan(0.3); // 8 of 32 entries by 1: √(8/32) on average over directions
  expect(moved.distance).toBeLessThan(0.8);
});

test("a profile holds counts and edges, at least `smallest` rows a bin, and no value alone", () => {
  const profile = profileOf(draws("small")(0, 45), { smallest: 10 });
  for (const { counts } of Object.values(profile.numbers)) expect(Math.min(...counts)).toBeGreaterThanOrEqual(10);
  const one = profileOf([{ numbers: { "input.length": 3 }, answer: "a" }]);
  expect(one.numbers["input.length"]).toEqual({ edges: [3], counts: [1, 0], means: [3, 0] });
});

test("a number that was always the same is tested too: unknown tokens where there were none", () => {
  const rows = (share: number) =>
    Array.from({ length: 200 }, () => ({ numbers: { "input.unknown": share }, answer: "a" }));
  const profile = profileOf(rows(0));
  const alarms = (share: number) => driftOf(profile, recordsOf(profile, rows(share))).findings.filter((f) => f.alarm);
  expect(alarms(0)).toEqual([]);
  expect(alarms(0.4).map(({ name }) => name)).toEqual(["input.unknown"]);
});

test("a number that was not measured and a vector of another width fall in no bin", () => {
  const profile = profileOf(draws("bins")(0, 100));
  const bins = binned(profile)({ numbers: {}, features: [1, 2, 3] });
  expect([...new Set(bins)]).toEqual([255]);
  expect(driftOf(profile, [{ bins, answer: "flu", abstained: false }]).findings[0]!.p).toBe(1);
});

test("projections keep lengths on average and are the same for the same seed", () => {
  const project = projector({ seed: 3, width: 64, directions: 16 });
  const vector = Array.from({ length: 64 }, (_, h) => Math.sin(h));
  expect([...project(vector)]).toEqual([...projector({ seed: 3, width: 64, directions: 16 })(vector)]);
  expect(embeddingName(2)).toBe("embedding.2");
});
