// What ran on the training rows, as accountants see it: Gaussian noise on a sum over a sampled batch. Knows no model and no file.
import { ConcordError } from "../base/index.ts";

/**
 * How a batch is drawn. `poisson`: each example independently with probability q; two data sets are neighbours when one has one
 * example more (add/remove), sensitivity C. `fixed`: exactly q·n examples without replacement; neighbours differ in one
 * example's content (replace one), sensitivity 2C. The two notions of ε are not comparable: the second is the stronger.
 */
export type Sampling = "poisson" | "fixed";

/** Steps of one kind. */
export interface Phase {
  readonly sampling: Sampling;
  /** Probability q that an example is in a batch, 0 < q ≤ 1. */
  readonly sampleRate: number;
  /** σ: standard deviation of the noise over the clip bound C. */
  readonly noiseMultiplier: number;
  readonly steps: number;
}

/** A privacy statement (ε at a given δ) with what is proved around it. */
export interface Epsilon {
  readonly accountant: "pld" | "rdp" | "gdp";
  /** Best estimate; for `rdp` the bound itself. */
  readonly estimate: number;
  /** The true ε is at least this; absent where the method gives none. */
  readonly lower?: number;
  /** The true ε is at most this; absent for `gdp`, which is an approximation and no bound. */
  readonly upper?: number;
}

/** Checks phases and δ. @throws E_ARGUMENT naming what is out of range */
export function checkPhases(phases: readonly Phase[], delta: number): void {
  const bad = (what: string, expected: string, got: number): never => {
    throw new ConcordError("E_ARGUMENT", {
      operation: "account for privacy",
      problem: `${what} is out of range`,
      expected,
      got: String(got),
    });
  };
  if (!(delta > 0 && delta < 1)) bad("delta", "0 < delta < 1", delta);
  for (const { sampleRate, noiseMultiplier, steps } of phases) {
    if (!(sampleRate > 0 && sampleRate <= 1)) bad("the sampling rate", "0 < q ≤ 1", sampleRate);
    if (!(noiseMultiplier >= 0)) bad("the noise multiplier", "a number ≥ 0", noiseMultiplier);
    if (!(Number.isSafeInteger(steps) && steps >= 0)) bad("the number of steps", "a whole number ≥ 0", steps);
  }
}
