// Numerical composition on small grids, where the answer is known: Gaussians in closed form, sampled steps by quadrature.
import { describe, expect, test } from "vitest";
import { normalCdf } from "../base/index.ts";
import type { Phase } from "./mechanism.ts";
import { pldEpsilon } from "./pld.ts";
import { discretised } from "./privacy-loss.ts";

const coarse = { epsilonError: 0.2 };
const whole = (noiseMultiplier: number, steps: number): Phase => ({
  sampling: "poisson",
  sampleRate: 1,
  noiseMultiplier,
  steps,
});

/** δ of a Gaussian with sensitivity over deviation μ at ε (Balle & Wang 2018, arXiv:1805.06530). */
const gaussianDelta = (mu: number, epsilon: number) =>
  normalCdf(mu / 2 - epsilon / mu) - Math.exp(epsilon) * normalCdf(-mu / 2 - epsilon / mu);

test.each([
  ["one step", [whole(2, 1)]],
  ["twelve steps", [whole(3, 12)]],
  ["three kinds of steps, one of which never ran", [whole(3, 2), whole(5, 11), whole(1, 0), whole(4, 1)]],
] as const)("%s of whole batches are one Gaussian", (_, phases) => {
  const mu = Math.sqrt(phases.reduce((sum, p) => sum + p.steps / p.noiseMultiplier ** 2, 0));
  const found = pldEpsilon(phases, 1e-5, coarse);
  expect(gaussianDelta(mu, found.estimate) / 1e-5).toBeCloseTo(1, 1);
  expect(gaussianDelta(mu, found.upper)).toBeLessThan(1e-5);
  expect(gaussianDelta(mu, found.lower)).toBeGreaterThan(1e-5);
  expect(found).toMatchObject({ accountant: "pld", deltaError: 1e-8 });
  expect(found.epsilonError).toBeCloseTo(0.2, 12);
  expect(found.upper - found.estimate).toBeGreaterThan(0.2); // ε's error and what δ's error adds
  expect(found.estimate - found.lower).toBeGreaterThan(0.2);
  expect(found.upper - found.lower).toBeLessThan(0.42);
});

test("an ε near 0 has a lower bound of 0, and where δ is enough by itself ε is 0", () => {
  const found = pldEpsilon([whole(50, 1)], 1e-3, coarse);
  expect(found.lower).toBe(0);
  expect(gaussianDelta(1 / 50, found.upper)).toBeLessThan(1e-3);
  expect(pldEpsilon([whole(50, 1)], 0.1, coarse).estimate).toBe(0);
});

test("the probability that the bound leaves out is as asked for", () => {
  const [small, large] = [1e-9, 5e-6].map((deltaError) => pldEpsilon([whole(2, 1)], 1e-5, { ...coarse, deltaError }));
  expect([small!.deltaError, large!.deltaError]).toEqual([1e-9, 5e-6]);
  expect(large!.upper - large!.estimate).toBeGreaterThan(small!.upper - small!.estimate + 0.01);
  expect(large!.estimate - large!.lower).toBeGreaterThan(small!.estimate - small!.lower + 0.01);
});

const [q, sigma] = [0.2, 0.8];
const density = (x: number) => Math.exp((-x * x) / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI));
const mixture = (x: number) => q * density(x - 1) + (1 - q) * density(x);

/** δ at ε of independent steps with the densities at these points, the larger of both directions. */
function hockey(steps: 1 | 2, epsilon: number): number {
  const dx = steps === 1 ? 1e-3 : 0.02;
  const points: [number, number][] = [];
  for (let x = -8; x < 9; x += dx) points.push([mixture(x) * dx, density(x) * dx]);
  const sums = [0, 0];
  const add = (p: number, r: number) => {
    sums[0]! += Math.max(0, p - Math.exp(epsilon) * r);
    sums[1]! += Math.max(0, r - Math.exp(epsilon) * p);
  };
  for (const [p, r] of points) steps === 1 ? add(p, r) : points.forEach(([s, t]) => void add(p * s, r * t));
  return Math.max(...sums);
}

test.each([1, 2] as const)("%d sampled steps have the ε that their densities give by quadrature", (steps) => {
  const { estimate } = pldEpsilon([{ ...whole(sigma, steps), sampleRate: q }], 1e-4, coarse);
  expect(hockey(steps, estimate) / 1e-4).toBeCloseTo(1, 1);
});

test("adding is the worse direction where it is: few steps of frequent sampling at a large δ", () => {
  const step = { ...whole(0.7, 1), sampleRate: 0.9 };
  const [remove, add] = (["remove", "add"] as const).map((direction) => {
    const { probabilities } = discretised(direction, step, { n: 1024, mesh: 0.02 });
    const at = (k: number) => (k < 512 ? k : k - 1024) * 0.02;
    return probabilities.reduce((sum, p, k) => sum + (at(k) > 1 ? p * (1 - Math.exp(1 - at(k))) : 0), 0);
  });
  const worse = Math.max(remove!, add!);
  expect(pldEpsilon([step], worse, coarse).estimate).toBeCloseTo(1, 1);
});

describe.each(["remove", "add"] as const)("the loss of one step, direction %s", (direction) => {
  const sign = direction === "remove" ? 1 : -1;
  const grid = { n: 2048, mesh: 0.01 };
  const { probabilities, mean, gridMean } = discretised(direction, { sampleRate: q, noiseMultiplier: sigma }, grid);
  const of = direction === "remove" ? mixture : density;
  const lossAt = (x: number) => sign * Math.log(mixture(x) / density(x));
  const place = (k: number) => (k < grid.n / 2 ? k : k - grid.n);

  test("falls on the grid with the probabilities of its density", () => {
    const want = new Float64Array(grid.n);
    for (let x = -8; x < 9; x += 1e-4) {
      const k = Math.round(lossAt(x) / grid.mesh);
      if (Math.abs(k) < grid.n / 2) want[k & (grid.n - 1)]! += of(x) * 1e-4;
    }
    let worst = 0;
    for (let k = 0; k < grid.n; k++) worst = Math.max(worst, Math.abs(want[k]! - probabilities[k]!));
    expect(worst).toBeLessThan(5e-5);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
  });

  test("has the mean of its density, and that of the grid", () => {
    let exact = 0;
    for (let x = -8; x < 9; x += 1e-3) exact += of(x) * lossAt(x) * 1e-3;
    expect(mean).toBeCloseTo(exact, 8);
    expect(gridMean).toBeCloseTo(
      probabilities.reduce((sum, p, k) => sum + p * place(k) * grid.mesh, 0),
      12,
    );
  });
});

test("loss beyond the grid is dropped on both sides, and nothing is written twice", () => {
  const [narrow, wide] = [128, 4096].map(
    (n) => discretised("remove", { sampleRate: 1, noiseMultiplier: 1 }, { n, mesh: 0.02 }).probabilities,
  );
  for (let k = -64; k < 64; k++) expect(narrow![k & 127]).toBeCloseTo(wide![k & 4095]!, 14);
});
