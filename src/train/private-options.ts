// Settings of private training, checked, and the mechanism that they come to. Knows no key and no file.
import { ConcordError } from "../base/index.ts";
import {
  accountantFor,
  type Budget,
  calibrateNoise,
  charged,
  epsilonBy,
  type Mechanism,
  type Phase,
  type Sampling,
  samplingOf,
} from "../privacy/index.ts";

/** Differentially private training (DP-SGD: Abadi 2016, arXiv:1607.00133). Plain data; the key is not part of it. */
export interface PrivacyOptions {
  /** Budget ε: the noise is set so that all steps stay within it, and a step beyond it does not start. */
  readonly epsilon?: number;
  /** Default 1/n^1.1 for n examples. */
  readonly delta?: number;
  /** Noise over the clip bound, σ, instead of the one that the budget asks for. */
  readonly noiseMultiplier?: number;
  /** Largest gradient norm of one example, C. Default 1. */
  readonly clip?: number;
  /** Default `poisson`; see {@link Sampling} for what each protects. */
  readonly sampling?: Sampling;
  /** Default `flat`. */
  readonly clipping?: "flat" | "per-layer";
  /** Examples that are run at once; a batch is as many runs as it needs. Default 16. */
  readonly microBatch?: number;
  /** Gaussian numbers that one noise value is the sum of: 4 hides float32's pattern (Mironov 2012) at four times the cost of noise. Default 4. */
  readonly draws?: 1 | 4;
  /** What the units are, for the ledger: rows (`example`), or persons. {@link Example.unit} says of which an example is. Default `example`. */
  readonly unit?: "example" | "person";
  /** Embedding tables: `train` gives every row noise at every step; `freeze` keeps them as they are. Default `train`. */
  readonly tables?: "train" | "freeze";
}

/** What will run: settings with their defaults, the mechanism and the budget. */
export interface PrivatePlan {
  readonly options: Required<Pick<PrivacyOptions, "clip" | "clipping" | "microBatch" | "tables">>;
  readonly mechanism: Mechanism;
  readonly budget: Budget;
}

/** δ where none is given: 1/n^1.1, below one over the number of examples. */
export const defaultDelta = (examples: number): number => examples ** -1.1;

/**
 * Checks settings and finds the noise.
 * @param run number of units, size of a batch (for Poisson sampling its mean), number of steps, and
 * what was spent on the same rows before
 * @throws E_CONFIG naming the setting that is out of range, a batch above the data, or a budget that the given noise exceeds
 * @example privatePlan({ epsilon: 8 }, { examples: 5000, batchSize: 64, steps: 400 }).mechanism.noiseMultiplier
 */
export function privatePlan(
  given: PrivacyOptions,
  run: {
    readonly examples: number;
    readonly batchSize: number;
    readonly steps: number;
    readonly spent?: readonly Phase[];
  },
): PrivatePlan {
  const { clip = 1, clipping = "flat", microBatch = 16, tables = "train", sampling = "poisson", draws = 4 } = given;
  const { unit = "example" } = given;
  const { spent = [] } = run;
  samplingOf([...spent, { sampling }]);
  const delta = given.delta ?? defaultDelta(Math.max(2, run.examples));
  checkSettings({ ...given, clip, microBatch, delta, draws }, run);
  const steps = { sampling, sampleRate: run.batchSize / run.examples, steps: run.steps };
  const noiseMultiplier =
    given.noiseMultiplier ?? calibrateNoise({ epsilon: given.epsilon!, delta }, steps, accountantFor(sampling), spent);
  const cost = () => charged(epsilonBy(accountantFor(sampling), [...spent, { ...steps, noiseMultiplier }], delta));
  return {
    options: { clip, clipping, microBatch, tables },
    mechanism: {
      name: "dp-sgd",
      sampling,
      sampleRate: steps.sampleRate,
      noiseMultiplier,
      clip,
      clipping,
      unit,
      examples: run.examples,
      draws,
    },
    budget: { epsilon: given.epsilon ?? cost(), delta },
  };
}

function checkSettings(
  { epsilon, delta, noiseMultiplier, clip, microBatch, draws }: PrivacyOptions,
  { examples, batchSize }: { readonly examples: number; readonly batchSize: number },
): void {
  const bad = (path: string, problem: string, expected: string, got: unknown): never => {
    throw new ConcordError("E_CONFIG", {
      operation: "private training",
      problem: `${path}: ${problem}`,
      expected,
      got: String(got),
      path: `adapt.privacy.${path}`,
    });
  };
  if (epsilon === undefined && noiseMultiplier === undefined)
    bad("epsilon", "neither a budget nor noise is given", "epsilon, or noise", "none");
  if (epsilon !== undefined && !(epsilon > 0 && epsilon < Infinity))
    bad("epsilon", "out of range", "a number > 0", epsilon);
  if (!(delta! > 0 && delta! < 1)) bad("delta", "out of range", "0 < delta < 1", delta);
  if (noiseMultiplier !== undefined && !(noiseMultiplier > 0 && noiseMultiplier < Infinity))
    bad("noise", "out of range", "a number > 0", noiseMultiplier);
  if (!(clip! > 0 && clip! < Infinity)) bad("clip", "out of range", "a number > 0", clip);
  if (!(Number.isInteger(microBatch) && microBatch! >= 1))
    bad("microBatch", "out of range", "a whole number ≥ 1", microBatch);
  if (draws !== 1 && draws !== 4) bad("draws", "out of range", "1 or 4", draws);
  if (batchSize > examples)
    throw new ConcordError("E_CONFIG", {
      operation: "private training",
      problem: "a batch has more examples than there are",
      expected: `adapt.batchSize at most ${examples}`,
      got: `${batchSize}`,
      path: "adapt.batchSize",
    });
}
