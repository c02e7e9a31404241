// Accountants against Opacus: Rényi orders and ε to 1e-6, numerical composition within its bounds.
import { describe, expect, test } from "vitest";
import { type Phase, pldEpsilon, rdpEpsilon, rdpOfStep } from "../../src/privacy/index.ts";
import { goldenJson } from "../golden.ts";

interface Row {
  readonly noise_multiplier: number;
  readonly sample_rate: number;
  readonly steps: number;
  readonly delta: number;
  readonly rdp_epsilon: number;
  readonly rdp_alpha: number;
  readonly rdp_at_2_8_32: readonly number[];
  readonly prv_epsilon: number;
  readonly prv_estimate: number;
  readonly prv_lower: number;
}
const golden = goldenJson<{
  rows: readonly Row[];
  tolerance: { rdp_rel: number; prv_abs: number };
  accountants: { alphas: readonly number[] };
  composed: { history: readonly [number, number, number][]; delta: number; rdp_epsilon: number; prv_epsilon: number };
}>("dp.json");
const phase = (noiseMultiplier: number, sampleRate: number, steps: number): Phase => ({
  sampling: "poisson",
  sampleRate,
  noiseMultiplier,
  steps,
});
const relative = (got: number, want: number) => Math.abs(got - want) / Math.abs(want);

describe.each(golden.rows)("σ $noise_multiplier, q $sample_rate, $steps steps", (row) => {
  const phases = [phase(row.noise_multiplier, row.sample_rate, row.steps)];

  test("has Opacus' Rényi divergences, ε and order", () => {
    row.rdp_at_2_8_32.forEach((want, i) => {
      const got = row.steps * rdpOfStep(phases[0]!, [2, 8, 32][i]!);
      expect(relative(got, want)).toBeLessThan(golden.tolerance.rdp_rel);
    });
    const found = rdpEpsilon(phases, row.delta, golden.accountants.alphas);
    expect(relative(found.upper, row.rdp_epsilon)).toBeLessThan(golden.tolerance.rdp_rel);
    expect(found.order).toBeCloseTo(row.rdp_alpha, 12);
  });

  test("has Opacus' numerically composed ε, and bounds around it", () => {
    const found = pldEpsilon(phases, row.delta);
    expect(Math.abs(found.estimate - row.prv_estimate)).toBeLessThan(golden.tolerance.prv_abs);
    expect(found.estimate).toBeGreaterThanOrEqual(row.prv_lower);
    expect(found.estimate).toBeLessThanOrEqual(row.prv_epsilon);
    expect(found.lower).toBeLessThanOrEqual(row.prv_estimate);
    expect(found.upper).toBeGreaterThanOrEqual(row.prv_estimate);
  });
});

test("steps of different noise and rates compose as in Opacus", () => {
  const { history, delta, rdp_epsilon, prv_epsilon } = golden.composed;
  const phases = history.map(([sigma, q, steps]) => phase(sigma, q, steps));
  expect(relative(rdpEpsilon(phases, delta).upper, rdp_epsilon)).toBeLessThan(golden.tolerance.rdp_rel);
  expect(Math.abs(pldEpsilon(phases, delta).upper - prv_epsilon)).toBeLessThan(golden.tolerance.prv_abs);
});
