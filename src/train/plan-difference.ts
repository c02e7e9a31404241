// Whether a mechanism that somebody states is the one that a recipe comes to.
import type { Budget, Mechanism } from "../privacy/index.ts";
import type { PrivatePlan } from "./private-options.ts";

/** What is stated otherwise than planned. */
export interface PlanDifference {
  readonly what: keyof Mechanism | keyof Budget;
  readonly expected: string;
  readonly got: string;
}

const near = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance * Math.abs(b);

/**
 * The first thing in which a stated mechanism differs from the planned one; undefined where it is the same.
 * @example planDifference(opened, privatePlan(options, run))?.what // "noiseMultiplier"
 */
export function planDifference(
  stated: { readonly mechanism: Mechanism; readonly budget: Budget },
  { mechanism, budget }: Pick<PrivatePlan, "mechanism" | "budget">,
): PlanDifference | undefined {
  const difference = (what: PlanDifference["what"], expected: unknown, got: unknown): PlanDifference => ({
    what,
    expected: String(expected),
    got: String(got),
  });
  for (const name of ["sampling", "clip", "clipping", "unit", "draws"] as const) {
    const got = stated.mechanism[name] ?? (name === "draws" ? 1 : undefined);
    if (got !== mechanism[name]) return difference(name, mechanism[name], got);
  }
  const { sampleRate, noiseMultiplier } = stated.mechanism;
  if (!near(sampleRate, mechanism.sampleRate, 1e-9)) return difference("sampleRate", mechanism.sampleRate, sampleRate);
  if (!near(noiseMultiplier, mechanism.noiseMultiplier, 2e-3))
    // as near as calibration goes
    return difference("noiseMultiplier", mechanism.noiseMultiplier, noiseMultiplier);
  if (!near(stated.budget.delta, budget.delta, 1e-9)) return difference("delta", budget.delta, stated.budget.delta);
  return undefined;
}
