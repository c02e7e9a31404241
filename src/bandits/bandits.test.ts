// Bandits: models and estimates are numpy's, intervals hold the truth of a synthetic log as often as they say, policies find what is better,
// and a log that cannot be judged by is refused.
import { expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { goldenJson } from "../../test/golden.ts";
import { random } from "../base/index.ts";
import {
  contextOf,
  decisionReader,
  evaluatePolicy,
  fixedPolicy,
  type LoggedDecision,
  learnPolicy,
  loggedDecisions,
  type OffPolicyReport,
  policyDifference,
  policyFile,
  policyKinds,
  policyOf,
  readPolicyFile,
  uniformPolicy,
} from "./index.ts";
import { meanReward, uncertainty } from "./ridge.ts";

type Interval = [number, number, number];
type Estimates = Record<"ips" | "snips" | "dr", Interval> & { effectiveRows: number; clipped: number };
const golden = goldenJson<{
  contexts: number[][];
  actions: number[];
  propensities: number[];
  rewards: number[];
  theta: number[][];
  ucb: number[][];
  exploration: number;
  policy: number[][];
  plain: Estimates;
  clip: number;
  cut: Estimates;
}>("bandits.json");
const log = golden.contexts.map(
  (x, i): LoggedDecision => ({
    context: Float64Array.from(x),
    action: golden.actions[i]!,
    reward: golden.rewards[i]!,
    propensity: golden.propensities[i]!,
  }),
);

test("linear models and their bounds are numpy's", () => {
  const { models } = learnPolicy(log, { kind: "linucb", actions: 3, exploration: golden.exploration });
  for (const [k, theta] of golden.theta.entries())
    for (const [i, value] of theta.entries()) expect(models[k]!.theta[i]).toBeCloseTo(value, 10);
  for (const [row, scores] of golden.ucb.entries())
    for (const [k, score] of scores.entries()) {
      const x = log[row]!.context;
      const found = meanReward(models[k]!, x) + golden.exploration * uncertainty(models[k]!, x);
      expect(found).toBeCloseTo(score, 10);
    }
});

test("IPS, SNIPS and DR with their intervals are numpy's, clipped and not", () => {
  const rows = new Map(log.map(({ context }, i) => [context, Float64Array.from(golden.policy[i]!)]));
  const policy = { probabilities: (context: Float64Array) => rows.get(context)! };
  const compare = (report: OffPolicyReport, want: Estimates) => {
    for (const name of ["ips", "snips", "dr"] as const)
      for (const [i, part] of (["value", "low", "high"] as const).entries())
        expect(report[name][part], `${name} ${part}`).toBeCloseTo(want[name][i]!, 10);
    expect(report.effectiveRows).toBeCloseTo(want.effectiveRows, 8);
    expect(report.clipped).toBe(want.clipped);
  };
  compare(evaluatePolicy(log, policy, { actions: 3 }), golden.plain);
  compare(evaluatePolicy(log, policy, { actions: 3, clip: golden.clip }), golden.cut);
  expect(golden.cut.clipped).toBeGreaterThan(0);
  const held = evaluatePolicy(log, policy, { actions: 3, lambda: 50 }).dr.value;
  expect(Math.abs(held - golden.plain.dr[0])).toBeGreaterThan(1e-3);
});

/** A world whose truth is known: three actions, two numbers of context, rewards that bend, a logging policy that prefers. */
const mean = (x: number, y: number, a: number) => [0.5 * x, 0.4 * y + 0.2, 0.6 * x * y][a]!;
function world(rows: number, seed: string): LoggedDecision[] {
  const rng = random(seed);
  return Array.from({ length: rows }, () => {
    const [x, y] = [rng.normal(), rng.normal()];
    const raw = [1, Math.exp(0.8 * x), Math.exp(-0.5 * y)];
    const total = raw.reduce((a, b) => a + b, 0);
    const u = rng.float() * total;
    const action = u < raw[0]! ? 0 : u < raw[0]! + raw[1]! ? 1 : 2;
    const reward = mean(x, y, action) + 0.5 * rng.normal();
    return { context: Float64Array.of(x, y, 1), action, reward, propensity: raw[action]! / total };
  });
}
/** Chooses by the sign of x. */
const bySign = {
  probabilities: ([x]: Float64Array) => (x! > 0 ? Float64Array.of(0.8, 0.1, 0.1) : Float64Array.of(0.1, 0.8, 0.1)),
};
const truth = (() => {
  const rng = random("truth");
  let sum = 0;
  const draws = 200_000;
  for (let i = 0; i < draws; i++) {
    const [x, y] = [rng.normal(), rng.normal()];
    for (const [a, p] of bySign.probabilities(Float64Array.of(x, y, 1)).entries()) sum += p * mean(x, y, a);
  }
  return sum / draws;
})();

test("95 % intervals hold the known truth in about 95 of 100 logs, and DR's are the shortest", () => {
  const logs = Array.from({ length: 200 }, (_, i) => evaluatePolicy(world(400, `log ${i}`), bySign, { actions: 3 }));
  const width = { ips: 0, snips: 0, dr: 0 };
  for (const name of ["ips", "snips", "dr"] as const) {
    const covered = logs.filter((report) => report[name].low <= truth && truth <= report[name].high).length;
    expect(covered / logs.length, name).toBeGreaterThan(0.9);
    expect(covered / logs.length, name).toBeLessThan(0.99);
    width[name] = logs.reduce((sum, report) => sum + report[name].high - report[name].low, 0) / logs.length;
  }
  expect(width.dr).toBeLessThan(width.ips);
});

test.each(policyKinds)("%s chooses better than the best fixed action, and its policy outlives a file", (kind) => {
  const learned = learnPolicy(world(1000, "learn"), { kind, actions: 3, exploration: 0.3, draws: 50 });
  const judged = world(2000, "judge");
  const options = { actions: 3 };
  const best = [0, 1, 2]
    .map((a) => evaluatePolicy(judged, fixedPolicy(3, a), options))
    .reduce((a, b) => (b.dr.value > a.dr.value ? b : a));
  const found = evaluatePolicy(judged, policyOf(learned), options);
  expect(policyDifference(found, best).low).toBeGreaterThan(0);
  expect(policyDifference(found, evaluatePolicy(judged, uniformPolicy(3), options)).low).toBeGreaterThan(0);
  const reader = { actions: ["a", "b", "c"], columns: [] };
  const read = readPolicyFile(policyFile({ policy: learned, reader }), "policy.json");
  const context = judged[0]!.context;
  expect(policyOf(read.policy).probabilities(context)).toEqual(policyOf(learned).probabilities(context));
});

test("neural-linear sees what bends, and each setting changes a policy", () => {
  const [train, judged] = [world(1500, "learn"), world(2000, "judge")];
  const value = (given: Parameters<typeof learnPolicy>[1]) =>
    evaluatePolicy(judged, policyOf(learnPolicy(train, given)), { actions: 3 }).dr.value;
  const base = { actions: 3, kind: "neural-linear", exploration: 0.1, draws: 50 } as const;
  const bent = value(base);
  expect(bent).toBeGreaterThan(value({ ...base, kind: "linucb" }) + 0.02);
  const text = (given: object) => {
    const learned = learnPolicy(train.slice(0, 60), { ...base, exploration: 1, ...given });
    const chances = train.slice(60, 70).map(({ context }) => [...policyOf(learned).probabilities(context)]);
    return JSON.stringify([chances, [...learned.models[0]!.theta]]);
  };
  for (const given of [{ lambda: 5 }, { draws: 20 }, { width: 4 }, { seed: 1 }, { exploration: 3 }])
    expect(text(given)).not.toBe(text({}));
});

test("a propensity of 0, rewards that are no numbers and settings out of range are refused", () => {
  const broken = (more: Partial<LoggedDecision>) => [...log.slice(1), { ...log[0]!, ...more }];
  const judge = (rows: readonly LoggedDecision[]) => () => evaluatePolicy(rows, uniformPolicy(3), { actions: 3 });
  const zero = fault("E_DATA", judge(broken({ propensity: 0 })));
  expect(zero.facts).toMatchObject({
    problem: `decision ${log.length} has no propensity that could be divided by`,
    got: "0",
  });
  for (const more of [{ propensity: 1.2 }, { propensity: Number.NaN }, { reward: Number.NaN }])
    fault("E_DATA", judge(broken(more)));
  fault("E_DATA", judge(log.slice(0, 3)));
  fault("E_ARGUMENT", () => evaluatePolicy(log, uniformPolicy(3), { actions: 3, clip: 0 }));
  fault("E_ARGUMENT", () => learnPolicy(log, { kind: "linucb", actions: 1 }));
  fault("E_DATA", () => learnPolicy([], { kind: "linucb", actions: 3 }));
  fault("E_DATA", () => learnPolicy(broken({ action: 7 }), { kind: "linucb", actions: 3 }));
  fault("E_FORMAT", () => readPolicyFile("{", "x"));
  fault("E_FORMAT", () => readPolicyFile('{"format":"concord-bandit","version":1}', "x"));
  fault("E_VERSION", () => readPolicyFile('{"format":"concord-bandit","version":9}', "x"));
});

test("records become decisions: numbers by their deviation, words by columns, and what is broken is named with its row", () => {
  const row = (age: unknown, region: string, offer: string, chance: unknown, i: number) => ({
    fields: { age, region, offer, clicked: i % 2, chance },
    place: `log.csv:${i + 2}`,
  });
  const records = [row(20, "north", "a", 0.5, 0), row("40", "south", "b", "0.25", 1), row(30, "south", "b", 0.25, 2)];
  const columns = { context: ["age", "region"], action: "offer", reward: "clicked", propensity: "chance" };
  const reader = decisionReader(records, columns);
  const decisions = loggedDecisions(reader, records, columns);
  expect(decisions[1]).toMatchObject({ action: 1, reward: 1, propensity: 0.25 });
  expect([...contextOf(reader, { fields: { age: 30, region: "elsewhere" }, place: "" })]).toEqual([0, 0, 0, 1]);
  expect(loggedDecisions(reader, records, { ...columns, propensity: undefined })[1]!.propensity).toBeCloseTo(2 / 3);
  const zero = fault("E_DATA", () => loggedDecisions(reader, [row(20, "north", "a", 0, 5)], columns));
  expect(zero.facts).toMatchObject({ problem: "the propensity is no probability above 0", path: "log.csv:7" });
  expect(fault("E_DATA", () => decisionReader(records, { ...columns, reward: "gain" })).facts.got).toBe("gain");
  expect(fault("E_DATA", () => decisionReader(records.slice(1), columns)).facts.problem).toBe(
    "there is one action only",
  );
  expect(fault("E_DATA", () => contextOf(reader, { fields: { region: "north" }, place: "p" })).facts.problem).toBe(
    "age is no number",
  );
});
