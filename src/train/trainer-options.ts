// Settings of a training run: plain data, checked, with the optimizer and the schedule that they name.
import { ConcordError, nearestName } from "../base/index.ts";
import type { Optimizer } from "../optimizers/index.ts";
import {
  adafactor,
  adagrad,
  adam,
  adamw,
  lion,
  rmsprop,
  type Schedule,
  type ScheduleName,
  scheduleName,
  schedules,
  sgd,
} from "../optimizers/index.ts";
import type { LossOptions } from "./objectives/targets.ts";
import type { PrivacyOptions } from "./private-options.ts";

/** Optimizers by name. */
export const optimizers = { adamw, adam, sgd, lion, rmsprop, adagrad, adafactor } as const;
export type OptimizerName = keyof typeof optimizers;

/** Settings of a run; every default is what fine-tuning BERT usually takes. */
export interface TrainerOptions extends LossOptions {
  /** Passes over the examples. Default 3. */
  readonly epochs: number;
  /** Examples per update. Default 16. */
  readonly batchSize: number;
  /** Parts that a batch is run in, gradients summed: less memory, the same update. Default 1. */
  readonly accumulate: number;
  /** Highest learning rate. Default 5e-5. */
  readonly learningRate: number;
  /** Rate over the steps. Default `linear` decay to 0. */
  readonly schedule: ScheduleName;
  /** Share of all steps over which the rate rises from 0. Default 0. */
  readonly warmupRatio: number;
  /** Floor of `cosine_with_min_lr` and `warmup_stable_decay`, as a share of the rate. Default 0. */
  readonly minimumRatio: number;
  /** Share of all steps over which `warmup_stable_decay` falls. Default 0.1. */
  readonly decayRatio: number;
  /** Decoupled weight decay of matrices (not biases, not norms). Default 0.01. */
  readonly weightDecay: number;
  /** Largest global gradient norm; 0 turns clipping off. Default 1. */
  readonly maxGradNorm: number;
  /**
   * Only what passes from layer to layer is kept for the backward pass; what a layer computes inside is computed again (Chen 2016,
   * arXiv:1604.06174). Less memory, about a third more time, the same updates. Default false.
   */
  readonly gradientCheckpointing?: boolean;
  /** Seed of order, dropout and fresh weights. Default 0. */
  readonly seed: number;
  /** Default true: rates are the model's own. */
  readonly dropout: boolean;
  /** `length` sorts within runs of 20 batches, so that attention blocks are less uneven; batches are then less mixed. Default `none`. */
  readonly grouping: "none" | "length";
  /** Default `adamw`. */
  readonly optimizer: OptimizerName;
  /** Differentially private training; then `maxGradNorm`, `accumulate` and `grouping` do not apply. Default none. */
  readonly privacy?: PrivacyOptions;
  /** Group-robust training: how fast the weights of groups follow their losses. Default none. */
  readonly groupRobust?: number;
  /** Adds μ·(w − w₀) to every gradient, w₀ where the run started: FedProx (Li 2020, arXiv:1812.06127). Tables are then trained whole. Default 0. */
  readonly proximal?: number;
  /** Factor on the learning rate of all but the head: pretrained weights move less than fresh ones (Howard & Ruder 2018, arXiv:1801.06146). Default 1. */
  readonly encoderRate?: number;
  /**
   * Layer-wise rates: each layer learns at this factor of the rate of the one above it, and the head at the full rate (Clark 2020,
   * arXiv:2003.10555). Default 1.
   */
  readonly layerDecay?: number;
  /** Share of the last steps whose weights are averaged: what a run ends with. Default 0: the last step's. */
  readonly average?: number;
  /** Further settings of the optimizer, such as `{ betas: [0.9, 0.98] }`. Default none. */
  readonly optimizerOptions: Readonly<Record<string, number | boolean | readonly number[]>>;
}

export const defaultTrainerOptions: TrainerOptions = {
  epochs: 3,
  batchSize: 16,
  accumulate: 1,
  learningRate: 5e-5,
  schedule: "linear",
  warmupRatio: 0,
  minimumRatio: 0,
  decayRatio: 0.1,
  weightDecay: 0.01,
  maxGradNorm: 1,
  seed: 0,
  dropout: true,
  grouping: "none",
  optimizer: "adamw",
  optimizerOptions: {},
};

/** Allowed values: [least, most] of each number. */
const ranges: Readonly<Record<string, readonly [number, number, "whole" | "real"]>> = {
  epochs: [1, 1e6, "whole"],
  batchSize: [1, 2 ** 20, "whole"],
  accumulate: [1, 2 ** 20, "whole"],
  learningRate: [0, 1e3, "real"],
  warmupRatio: [0, 1, "real"],
  minimumRatio: [0, 1, "real"],
  decayRatio: [0, 1, "real"],
  weightDecay: [0, 1e3, "real"],
  maxGradNorm: [0, 1e9, "real"],
  labelSmoothing: [0, 1, "real"],
  focal: [0, 10, "real"],
  groupRobust: [0, 1, "real"],
  proximal: [0, 1e6, "real"],
  encoderRate: [0, 1e3, "real"],
  layerDecay: [0, 1, "real"],
  average: [0, 1, "real"],
};

/** Fills in the defaults. @throws E_CONFIG naming the setting that is out of range or unknown */
export function trainerOptions(given: Partial<TrainerOptions> = {}): TrainerOptions {
  const bad = (setting: string, expected: string, got: unknown, hint?: string): never => {
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: `${setting} is wrong`,
      expected,
      got: String(got),
      hint,
    });
  };
  const options: TrainerOptions = { ...defaultTrainerOptions, ...given };
  for (const [setting, [least, most, kind]] of Object.entries(ranges)) {
    // looked up by names from outside
    const value = (options as unknown as Record<string, unknown>)[setting];
    if (value === undefined && !(setting in defaultTrainerOptions)) continue;
    const fits =
      typeof value === "number" && value >= least && value <= most && (kind === "real" || Number.isInteger(value));
    if (!fits) bad(setting, `a ${kind === "whole" ? "whole number" : "number"} from ${least} to ${most}`, value);
  }
  if (!Object.hasOwn(optimizers, options.optimizer)) {
    const near = nearestName(options.optimizer, Object.keys(optimizers));
    bad("optimizer", Object.keys(optimizers).join(", "), options.optimizer, near && `did you mean ${near}?`);
  }
  scheduleName(options.schedule);
  if (options.groupRobust !== undefined && options.privacy)
    bad(
      "groupRobust",
      "none in private training: weights that follow losses are not covered by its guarantee",
      options.groupRobust,
    );
  if (options.gradientCheckpointing && options.privacy)
    bad("gradientCheckpointing", "false in private training: its norms read what layers computed", true);
  if (options.proximal && options.privacy)
    bad("proximal", "0 in private training: its step takes noisy gradients only", options.proximal);
  return options;
}

/** The optimizer that the settings name. @throws E_ARGUMENT where its own settings are out of range */
export const optimizerOf = ({ optimizer, optimizerOptions, learningRate, weightDecay }: TrainerOptions): Optimizer =>
  optimizers[optimizer]({ learningRate, weightDecay, ...optimizerOptions });

/** The learning rate of each step. */
export const scheduleOf = (o: TrainerOptions, steps: number): Schedule =>
  schedules[o.schedule]({
    learningRate: o.learningRate,
    warmupSteps: Math.round(o.warmupRatio * steps),
    trainingSteps: steps,
    minimumRatio: o.minimumRatio,
    decaySteps: Math.round(o.decayRatio * steps),
  });
