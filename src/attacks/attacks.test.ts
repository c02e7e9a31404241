// Attacks on scores whose truth is known: no leak, a leak of known size, differences that are not the model's.
import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { rocAuc } from "../eval/index.ts";
import {
  blindScores,
  deLong,
  drawCanaries,
  epsilonLowerBound,
  exposure,
  liraScores,
  logitOfLabel,
  membershipReport,
  rmiaScores,
} from "./index.ts";

const normal = (count: number, mean: number, seed: number) => {
  const rng = random(seed);
  return Float64Array.from({ length: count }, () => mean + rng.normal());
};

test("without a leak the area is chance and ε has no lower bound; its interval covers 0.5 in about 95 of 100 draws", () => {
  let covered = 0;
  let bounded = 0;
  for (let seed = 0; seed < 100; seed++) {
    const { auc, epsilonLower } = membershipReport({
      members: normal(100, 0, 2 * seed),
      others: normal(100, 0, 2 * seed + 1),
    });
    if (auc.low <= 0.5 && auc.high >= 0.5) covered++;
    if (epsilonLower > 0) bounded++;
  }
  expect(covered).toBeGreaterThanOrEqual(88); // 95 expected, standard deviation 2.2
  expect(bounded).toBeLessThanOrEqual(9); // at most 5 may be wrong, plus two standard deviations
});

test("a leak of d standard deviations has the area Φ(d/√2) and a lower bound below its true ε", () => {
  const [members, others] = [normal(20_000, 1, 1), normal(20_000, 0, 2)];
  const { auc, tprAtFpr, epsilonLower } = membershipReport({ members, others });
  expect(auc.estimate).toBeCloseTo(0.7602, 2); // Φ(1/√2)
  expect(tprAtFpr["0.1"]!.estimate).toBeCloseTo(0.3891, 1); // 1 − Φ(z₀.₉ − 1)
  expect(epsilonLower).toBeGreaterThan(0.8);
  // a threshold test on N(1,1) against N(0,1) that fits ε, δ = 0 does not exist, so ε grows with the tail; the bound has to stay finite
  expect(epsilonLower).toBeLessThan(4);
});

test("δ lowers the bound on ε, and randomised response gives its own ε back", () => {
  const rng = random(5);
  const answer = (truth: number) => (rng.float() < 0.75 ? truth : 1 - truth); // ε = ln 3
  const noise = () => rng.float() * 1e-6;
  const [members, others] = [1, 0].map((truth) => Float64Array.from({ length: 40_000 }, () => answer(truth) + noise()));
  const bound = epsilonLowerBound({ members: members!, others: others! });
  expect(bound).toBeLessThan(Math.log(3));
  expect(bound).toBeGreaterThan(Math.log(3) - 0.06);
  expect(epsilonLowerBound({ members: members!, others: others! }, 0.1)).toBeLessThan(bound);
});

test("the area is that of the ROC curve, with ties, and few rows or NaN are refused", () => {
  const rng = random(3);
  const coarse = (mean: number) => Float64Array.from({ length: 60 }, () => Math.round(mean + 2 * rng.normal()));
  const [a, b] = [coarse(1), coarse(0)];
  const truth = [...a, ...b].map((_, i) => Number(i < a.length));
  expect(deLong(a, b).estimate).toBeCloseTo(rocAuc(truth, [...a, ...b]), 12);
  expect(() => membershipReport({ members: [1], others: normal(30, 0, 1) })).toThrow("E_DATA");
  expect(() =>
    membershipReport({ members: normal(30, 0, 1), others: normal(30, 0, 1).fill(Number.NaN, 0, 1) }),
  ).toThrow("E_ARGUMENT");
});

test("few patients that are told apart without fault are no certainty, and one patient tells nothing", () => {
  const [high, low] = [normal(20, 9, 1), normal(20, 0, 2)];
  const { estimate, low: least, high: most } = deLong(high, low);
  expect([estimate, most]).toEqual([1, 1]);
  expect(least).toBeGreaterThan(0.8);
  expect(least).toBeLessThan(0.98);
  const patients = (count: number) => Array.from({ length: 20 }, (_, i) => `p${i % count}`);
  const byPatient = (count: number) => deLong(high, low, 0.95, { positives: patients(count), negatives: patients(20) });
  expect(byPatient(4).low).toBeLessThan(least);
  expect(byPatient(1)).toMatchObject({ low: 0, high: 1 });
  const constant = deLong(new Float64Array(20), new Float64Array(20));
  expect(constant.estimate).toBe(0.5);
  expect(constant.low).toBeLessThan(0.5);
});

test("a patient with most of the rows widens the interval beyond that of as many equal ones", () => {
  const [members, others] = [normal(200, 0, 3), normal(200, 0, 4)];
  const width = (unitOf: (i: number) => number) => {
    const units = Array.from({ length: 200 }, (_, i) => unitOf(i));
    const { low, high } = deLong(members, others, 0.95, { positives: units.map((u) => `in ${u}`), negatives: units });
    return high - low;
  };
  expect(width((i) => (i < 181 ? 0 : i))).toBeGreaterThan(2 * width((i) => i % 20));
});

test("the signal is the log odds of the own label, for large logits too", () => {
  const p = Math.exp(2) / (Math.exp(2) + Math.exp(1) + Math.exp(-1));
  expect(logitOfLabel([2, 1, -1], 0)).toBeCloseTo(Math.log(p / (1 - p)), 12);
  expect(logitOfLabel([1000, 0], 0)).toBe(1000);
  expect(logitOfLabel([1000, 0], 1)).toBe(-1000);
});

test("reference models show a leak that hides behind how hard each row is", () => {
  const rng = random(7);
  const rows = 2000;
  const hard = Float64Array.from({ length: rows }, () => 3 * rng.normal());
  const signal = (row: number, trained: boolean) => hard[row]! + 0.5 * rng.normal() + (trained ? 0.6 : 0);
  const attacked = hard.map((_, row) => signal(row, row < rows / 2));
  const trained = Array.from({ length: 16 }, () => Uint8Array.from({ length: rows }, () => rng.int(2)));
  const references = { trained, signals: trained.map((holds) => hard.map((_, row) => signal(row, holds[row] === 1))) };
  const areaOf = (scores: ArrayLike<number>) =>
    membershipReport({
      members: Float64Array.from(scores).subarray(0, rows / 2),
      others: Float64Array.from(scores).subarray(rows / 2),
    }).auc;
  const population = Array.from({ length: rows / 2 }, (_, i) => rows / 2 + i);
  expect(areaOf(attacked).high).toBeLessThan(0.6);
  expect(areaOf(liraScores(attacked, references)).low).toBeGreaterThan(0.72);
  expect(areaOf(rmiaScores(attacked, references, population)).low).toBeGreaterThan(0.57);
  const few = { trained: trained.slice(0, 4), signals: references.signals.slice(0, 4) };
  expect(areaOf(liraScores(attacked, few)).low).toBeGreaterThan(0.68);
});

test("the blind attack finds words that only one side has, and nothing where both have the same", () => {
  const rng = random(9);
  const words = "a b c d e f g h".split(" ");
  const text = (extra: string) => `${Array.from({ length: 6 }, () => words[rng.int(8)]).join(" ")} ${extra}`;
  const areaOf = (mark: string) => {
    const texts = Array.from({ length: 400 }, (_, i) => text(i < 200 && i % 2 ? mark : "x"));
    const scores = blindScores(
      texts,
      texts.map((_, i) => i < 200),
      (t) => t.split(" "),
    );
    return deLong(scores.subarray(0, 200), scores.subarray(200));
  };
  expect(areaOf("x").low).toBeLessThan(0.5);
  expect(areaOf("y").low).toBeGreaterThan(0.6);
});

test("exposure is the log of the rank; canaries come from the words given", () => {
  expect(exposure(5, [1, 2, 3])).toBe(2);
  expect(exposure(0, [1, 2, 3])).toBe(0);
  expect(exposure(2, [1, 2, 3])).toBeCloseTo(Math.log2(4 / 3), 12);
  const [canary] = drawCanaries(["blue", "seven"], 1, 4, random(1));
  expect(canary!.text).toBe(`the secret phrase is ${canary!.secret.join(" ")}`);
  expect(canary!.secret.every((word) => ["blue", "seven"].includes(word))).toBe(true);
});
