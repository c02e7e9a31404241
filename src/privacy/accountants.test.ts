// Accountants where the answer is known in closed form, at their edges, and against each other.
import { describe, expect, test } from "vitest";
import { isConcordError, normalCdf } from "../base/index.ts";
import { calibrateNoise, charged, epsilonBy } from "./calibrate.ts";
import { gdpDelta, gdpEpsilon } from "./gdp.ts";
import type { Phase } from "./mechanism.ts";
import { pldEpsilon } from "./pld.ts";
import { rdpEpsilon, rdpOfStep } from "./rdp.ts";

const phase = (changes: Partial<Phase> = {}): Phase => ({
  sampling: "poisson",
  sampleRate: 0.01,
  noiseMultiplier: 1,
  steps: 1000,
  ...changes,
});

/** δ of a Gaussian with sensitivity Δ and deviation σ at ε (Balle & Wang 2018, arXiv:1805.06530). */
const gaussianDelta = (mu: number, epsilon: number) =>
  normalCdf(mu / 2 - epsilon / mu) - Math.exp(epsilon) * normalCdf(-mu / 2 - epsilon / mu);

describe("whole batches are one Gaussian with √steps/σ", () => {
  test.each([
    [5, 50],
    [20, 100],
    [2, 30],
  ])("σ %d, %d steps", (noiseMultiplier, steps) => {
    const phases = [phase({ sampleRate: 1, noiseMultiplier, steps })];
    const mu = Math.sqrt(steps) / noiseMultiplier;
    const { lower, upper, estimate } = pldEpsilon(phases, 1e-5);
    expect(gaussianDelta(mu, estimate)).toBeCloseTo(1e-5, 8);
    expect(gaussianDelta(mu, upper)).toBeLessThan(1e-5);
    expect(gaussianDelta(mu, lower)).toBeGreaterThan(1e-5);
    expect(rdpEpsilon(phases, 1e-5).upper).toBeGreaterThan(estimate);
    expect(gdpDelta(mu, estimate)).toBeCloseTo(gaussianDelta(mu, estimate), 12);
  });
});

test("one sampled step has the ε that its two densities give by quadrature", () => {
  const [q, sigma, delta] = [0.2, 0.8, 1e-4];
  const density = (x: number) => Math.exp((-x * x) / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI));
  const hockey = (epsilon: number) => {
    const sums = [0, 0];
    for (let x = -12; x < 14; x += 1e-4) {
      const [p, r] = [q * density(x - 1) + (1 - q) * density(x), density(x)];
      sums[0]! += Math.max(0, p - Math.exp(epsilon) * r) * 1e-4;
      sums[1]! += Math.max(0, r - Math.exp(epsilon) * p) * 1e-4;
    }
    return Math.max(...sums);
  };
  const { estimate } = pldEpsilon([phase({ sampleRate: q, noiseMultiplier: sigma, steps: 1 })], delta);
  expect(hockey(estimate) / delta).toBeCloseTo(1, 2);
});

test("above ε = 100 the composition stays finite, below the Rényi bound and above nothing", () => {
  for (const changes of [
    { noiseMultiplier: 0.5, sampleRate: 0.05, steps: 10_000 },
    { noiseMultiplier: 10, sampleRate: 1, steps: 100_000 },
  ]) {
    const { lower, upper, estimate } = pldEpsilon([phase(changes)], 1e-5, { epsilonError: 0.5 });
    expect(lower).toBeGreaterThan(100);
    expect(lower).toBeLessThanOrEqual(estimate);
    expect(estimate).toBeLessThanOrEqual(upper);
    expect(upper).toBeLessThan(rdpEpsilon([phase(changes)], 1e-5).upper);
  }
});

test("no noise has no guarantee, no steps cost nothing", () => {
  for (const accountant of ["pld", "rdp", "gdp"] as const) {
    expect(charged(epsilonBy(accountant, [phase({ noiseMultiplier: 0 })], 1e-5)), accountant).toBe(Infinity);
    expect(charged(epsilonBy(accountant, [phase({ steps: 0 })], 1e-5)), accountant).toBe(0);
    expect(charged(epsilonBy(accountant, [], 1e-5)), accountant).toBe(0);
  }
});

test.each([
  { sampleRate: 0 },
  { sampleRate: 1.1 },
  { noiseMultiplier: -1 },
  { steps: 0.5 },
  { noiseMultiplier: Number.NaN },
])("refuses %o", (changes) => {
  for (const accountant of ["pld", "rdp", "gdp"] as const)
    expect(() => epsilonBy(accountant, [phase(changes)], 1e-5)).toThrow(/out of range/);
});

test.each([0, 1, -1e-5, Number.NaN])("refuses δ %d", (delta) => {
  expect(() => pldEpsilon([phase()], delta)).toThrow(/0 < delta < 1/);
});

describe("batches of fixed size", () => {
  const fixed = (changes: Partial<Phase> = {}) => phase({ sampling: "fixed", noiseMultiplier: 4, ...changes });

  test("as a whole data set are a Gaussian of sensitivity 2C, and smaller ones cost less", () => {
    expect(rdpOfStep(fixed({ sampleRate: 1 }), 8)).toBeCloseTo((2 * 8) / 16, 12);
    expect(rdpOfStep(fixed({ sampleRate: 0.01 }), 8)).toBeLessThan(rdpOfStep(fixed({ sampleRate: 0.1 }), 8));
    expect(rdpOfStep(fixed({ sampleRate: 0.1 }), 8)).toBeLessThan(rdpOfStep(fixed({ sampleRate: 1 }), 8));
  });

  test("have the second-order bound of the theorem", () => {
    const [q, e2] = [0.01, (2 * 2) / 16];
    const bound = Math.log(1 + q * q * Math.min(4 * Math.expm1(e2), 2 * Math.exp(e2)));
    expect(rdpOfStep(fixed(), 2)).toBeCloseTo(bound, 14);
  });

  test("are refused by numerical composition, which does not cover them", () => {
    expect(() => pldEpsilon([fixed()], 1e-5)).toThrow(/Poisson/);
  });

  test("cost more by the Rényi bound than Poisson sampling, for their neighbours differ more", () => {
    expect(rdpEpsilon([fixed()], 1e-5).upper).toBeGreaterThan(rdpEpsilon([phase({ noiseMultiplier: 4 })], 1e-5).upper);
  });
});

test.each([
  ["poisson", 8],
  ["fixed", 3],
] as const)("the noise found for %s sampling and ε %d is enough, and hardly more than enough", (sampling, epsilon) => {
  const steps = { sampling, sampleRate: 0.02, steps: 300 };
  const sigma = calibrateNoise({ epsilon, delta: 1e-5 }, steps);
  const accountant = sampling === "poisson" ? "pld" : "rdp";
  const cost = (noiseMultiplier: number) => charged(epsilonBy(accountant, [{ ...steps, noiseMultiplier }], 1e-5));
  expect(cost(sigma)).toBeLessThanOrEqual(epsilon);
  expect(cost(sigma * 0.99)).toBeGreaterThan(epsilon * 0.99);
});

test.each([
  [0, 1e-5],
  [-1, 1e-5],
  [8, 1],
  [8, 0],
])("calibration refuses ε %d with δ %d", (epsilon, delta) => {
  try {
    calibrateNoise({ epsilon, delta }, { sampling: "poisson", sampleRate: 0.1, steps: 10 });
    expect.unreachable();
  } catch (error) {
    expect(isConcordError(error, "E_CONFIG")).toBe(true);
  }
});

test("the central limit theorem comes near the composition where steps are many and noise is large", () => {
  const phases = [phase({ noiseMultiplier: 4, sampleRate: 0.2, steps: 1000 })];
  expect(gdpEpsilon(phases, 1e-6).estimate / pldEpsilon(phases, 1e-6).estimate).toBeCloseTo(1, 1);
});
