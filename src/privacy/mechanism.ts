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

/**
 * The sampling that all phases have in common.
 * @returns `poisson` where there is no phase
 * @throws E_CONFIG for phases of both kinds: their ε are of different neighbours, and no sum of them is a bound of anything
 */
export function samplingOf(phases: readonly Pick<Phase, "sampling">[]): Sampling {
  const [first, ...rest] = phases.map(({ sampling }) => sampling);
  if (first === undefined || rest.every((one) => one === first)) return first ?? "poisson";
  throw new ConcordError("E_CONFIG", {
    operation: "account for privacy",
    problem:
      "steps of Poisson batches and steps of batches of fixed size protect different neighbours: their costs cannot be added",
    expected: "one kind of sampling for all that these rows spend",
    got: "poisson, fixed",
    hint: "go on with the sampling that the rows began with",
    path: "adapt.privacy.sampling",
  });
}

/** Checks phases and δ. @throws E_ARGUMENT naming what is out of range; E_CONFIG as {@link samplingOf} */
export function checkPhases(phases: readonly Phase[], delta: number): void {
  const bad = (what: string, expected: string, got: number): never => {
    throw new ConcordError("E_ARGUMENT", {
      operation: "account for privacy",
      problem: `${what} is out of range`,
      expected,
      got: String(got),
    });
  };
  samplingOf(phases);
  if (!(delta > 0 && delta < 1)) bad("delta", "0 < delta < 1", delta);
  for (const { sampleRate, noiseMultiplier, steps } of phases) {
    if (!(sampleRate > 0 && sampleRate <= 1)) bad("the sampling rate", "0 < q ≤ 1", sampleRate);
    if (!(noiseMultiplier >= 0)) bad("the noise multiplier", "a number ≥ 0", noiseMultiplier);
    if (!(Number.isSafeInteger(steps) && steps >= 0)) bad("the number of steps", "a whole number ≥ 0", steps);
  }
}
