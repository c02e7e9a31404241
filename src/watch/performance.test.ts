import { expect, test } from "vitest";
import { alertsOf, type JudgedRecord, performanceOf } from "./index.ts";

const record = (id: number, fields: Partial<JudgedRecord> = {}): JudgedRecord => ({
  id: `r${id}`,
  at: id,
  model: "m",
  version: "v",
  answer: "flu",
  confidence: 0.9,
  abstained: false,
  ms: 1,
  groups: {},
  ...fields,
});
const many = (count: number, of: (i: number) => Partial<JudgedRecord>) =>
  Array.from({ length: count }, (_, i) => record(i, of(i)));

test("accuracy counts answers with a true label; abstained and unjudged answers are neither right nor wrong", () => {
  const found = performanceOf([
    ...many(40, (i) => ({ truth: i < 30 ? "flu" : "cold" })),
    ...many(10, () => ({ abstained: true, answer: undefined, truth: "flu" })),
    ...many(50, () => ({})),
  ]);
  expect(found).toMatchObject({
    rows: 100,
    judged: 40,
    accuracy: { value: 0.75, rows: 40 },
    abstention: { value: 0.1 },
  });
  expect(found.accuracy!.low).toBeCloseTo(0.588, 3); // scipy.stats.binomtest(30, 40).proportion_ci("exact")
  expect(found.accuracy!.high).toBeCloseTo(0.8731, 3);
});

test("a group's gap has Newcombe's interval; groups of few answers are left out", () => {
  const found = performanceOf([
    ...many(80, (i) => ({ truth: i < 56 ? "flu" : "cold", groups: { region: "islands" } })),
    ...many(80, (i) => ({ truth: i < 48 ? "flu" : "cold", groups: { region: "coast" } })),
    ...many(3, () => ({ truth: "flu", groups: { region: "hills" } })),
  ]);
  expect(found.gaps.map(({ group }) => group)).toEqual(["islands", "coast"]);
  const { difference } = performanceOf([
    ...many(80, (i) => ({ truth: i < 48 ? "flu" : "cold", groups: { region: "a" } })),
    ...many(70, (i) => ({ truth: i < 56 ? "flu" : "cold", groups: { region: "b" } })),
  ]).gaps[0]!;
  // statsmodels confint_proportions_2indep(48, 80, 56, 70, method="newcomb")
  expect(difference.value).toBeCloseTo(-0.2, 10);
  expect(difference.low).toBeCloseTo(-0.33387265403690614, 10);
  expect(difference.high).toBeCloseTo(-0.05243147240236498, 10);
});

test("rates of answers by group, and the mean absolute error of numbers", () => {
  const found = performanceOf(many(40, (i) => ({ answer: i % 4 ? "flu" : "cold", groups: { sex: "f" } })));
  expect(found.rates.map(({ answer, value }) => [answer, value])).toEqual([
    ["cold", 0.25],
    ["flu", 0.75],
  ]);
  const numbers = performanceOf(many(4, (i) => ({ answer: undefined, value: i, truth: "1" })));
  expect(numbers.meanAbsoluteError).toBe(1);
});

test("calibration: certain and right is 0; certain and half wrong is a half, far above chance", () => {
  expect(performanceOf(many(50, () => ({ confidence: 1, truth: "flu" }))).calibration!.error).toBe(0);
  const half = performanceOf(many(100, (i) => ({ confidence: 0.95, truth: i % 2 ? "flu" : "cold" }))).calibration!;
  expect(half.error).toBeCloseTo(0.45, 10);
  expect(half.byChance).toBeLessThan(0.02);
});

test("an alert needs the whole interval beyond its limit, and names the policy gate that it breaks", () => {
  const performance = performanceOf(
    many(200, (i) => ({ truth: i < 100 ? "flu" : "cold", groups: { region: i % 2 ? "coast" : "islands" } })),
  );
  const gates = [
    { value: "metrics.accuracy", atLeast: 0.8 },
    { value: "metrics.groups.*.accuracy", atLeast: 0.7 },
  ];
  expect(alertsOf([{ when: "accuracy", below: 0.5 }], { performance, gates })).toEqual([]);
  expect(alertsOf([{ when: "accuracy", below: 0.8 }], { performance, gates })).toEqual([
    { rule: "accuracy", about: "accuracy", measured: 0.5, limit: 0.8, rows: 200, gate: "metrics.accuracy" },
  ]);
  expect(alertsOf([{ when: "gate" }], { performance, gates }).map(({ about }) => about)).toEqual([
    "metrics.accuracy",
    "metrics.groups.region.islands.accuracy",
    "metrics.groups.region.coast.accuracy",
  ]);
  const abstaining = performanceOf(many(100, (i) => ({ abstained: i < 50 })));
  expect(alertsOf([{ when: "abstention", above: 0.3 }], { performance: abstaining })).toHaveLength(1);
  expect(alertsOf([{ when: "abstention", above: 0.45 }], { performance: abstaining })).toEqual([]);
  expect(alertsOf([{ when: "drift" }, { when: "gap", above: 0.1 }], { performance })).toEqual([]);
});
