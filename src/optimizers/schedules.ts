// Learning-rate schedules by the definitions of Transformers' get_*_schedule: pure functions step → rate. Step k (from 0)
// uses rate(k). Knows no optimizer.
import { ConcordError, nearestName } from "../base/index.ts";

/** Rate of a step (from 0), in the unit of the base learning rate. */
export type Schedule = (step: number) => number;

/** A stretch of warm-up, then training until a last step. */
export interface ScheduleOptions {
  /** The rate that the schedule scales. */
  readonly learningRate: number;
  /** Steps from 0 up to the base rate. Default 0. */
  readonly warmupSteps?: number;
}
export interface FiniteScheduleOptions extends ScheduleOptions {
  /** All steps, warm-up included. */
  readonly trainingSteps: number;
}
export interface CosineOptions extends FiniteScheduleOptions {
  /** Waves (for restarts: whole restarts). Default 0.5: one fall to 0 (restarts: 1). */
  readonly cycles?: number;
}
export interface CosineFloorOptions extends CosineOptions {
  /** Floor as a share of the base rate. */
  readonly minimumRatio: number;
}
export interface PolynomialOptions extends FiniteScheduleOptions {
  /** Rate at and after the last step. Default 1e-7. */
  readonly endRate?: number;
  /** Default 1. */
  readonly power?: number;
}
export interface InverseSqrtOptions extends ScheduleOptions {
  /** Steps after which the rate has fallen by √2. Default the warm-up steps, or 10,000 without warm-up. */
  readonly timescale?: number | null;
}
/** Curve of a warm-up or a decay. */
export type Curve = "linear" | "cosine" | "1-sqrt";
export interface WarmupStableDecayOptions extends ScheduleOptions {
  readonly decaySteps: number;
  /** Steps at the base rate; or give `trainingSteps` and it is the rest. */
  readonly stableSteps?: number;
  readonly trainingSteps?: number;
  /** Default "linear". */
  readonly warmup?: Curve;
  /** Default "cosine". */
  readonly decay?: Curve;
  /** Start of the warm-up and floor of the decay, as a share of the base rate. Default 0. */
  readonly minimumRatio?: number;
  /** Waves of a cosine decay. Default 0.5. */
  readonly cycles?: number;
}

/** The base rate at every step. @example constant({ learningRate: 5e-5 })(100) // 5e-5 */
export const constant = ({ learningRate }: Pick<ScheduleOptions, "learningRate">): Schedule =>
  warm({ learningRate }, () => 1);

/** A linear warm-up, then the base rate. @throws E_ARGUMENT for negative steps */
export const constantWithWarmup = (options: ScheduleOptions): Schedule => warm(options, () => 1);

/**
 * A linear warm-up, then linear to 0 at `trainingSteps`.
 * @throws E_ARGUMENT for negative steps
 * @example linear({ learningRate: 5e-5, warmupSteps: 10, trainingSteps: 100 })(10) // 5e-5
 */
export const linear = (options: FiniteScheduleOptions): Schedule => {
  const { warmupSteps = 0, trainingSteps } = finite("linear", options);
  return warm(options, (step) => Math.max(0, (trainingSteps - step) / Math.max(1, trainingSteps - warmupSteps)));
};

/** A linear warm-up, then half a cosine wave (or `cycles` waves) to 0. @throws E_ARGUMENT for negative steps */
export const cosine = (options: CosineOptions): Schedule => cosineWithFloor({ ...options, minimumRatio: 0 });

/** The same down to `minimumRatio` of the base rate. @throws E_ARGUMENT for negative steps */
export const cosineWithFloor = (options: CosineFloorOptions): Schedule => {
  const { cycles = 0.5, minimumRatio } = options;
  const progress = progressOf(finite("cosineWithFloor", options));
  return warm(options, (step) => {
    const wave = 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress(step)));
    return Math.max(0, wave * (1 - minimumRatio) + minimumRatio);
  });
};

/** A linear warm-up, then `cycles` falls to 0 along half a cosine wave. @throws E_ARGUMENT for negative steps */
export const cosineWithRestarts = (options: CosineOptions): Schedule => {
  const { cycles = 1 } = options;
  const progress = progressOf(finite("cosineWithRestarts", options));
  return warm(options, (step) => {
    const done = progress(step);
    return done >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * ((cycles * done) % 1))));
  });
};

/**
 * A linear warm-up, then (base − end)·(1 − progress)^power + end.
 * @throws E_ARGUMENT for negative steps, or an end rate not below the base rate
 */
export const polynomial = (options: PolynomialOptions): Schedule => {
  const { learningRate, warmupSteps = 0, trainingSteps } = finite("polynomial", options);
  const { endRate = 1e-7, power = 1 } = options;
  if (!(learningRate > endRate))
    refuse("polynomial", "the end rate is not below the base rate", `< ${learningRate}`, endRate);
  return warm(options, (step) => {
    if (step > trainingSteps) return endRate / learningRate;
    // Without any step to decay over, the one step left (step = trainingSteps) is at the end of the curve.
    const left = trainingSteps === warmupSteps ? 0 : 1 - (step - warmupSteps) / (trainingSteps - warmupSteps);
    return ((learningRate - endRate) * left ** power + endRate) / learningRate;
  });
};

/** A linear warm-up, then 1/√((step − warm-up + timescale)/timescale). @throws E_ARGUMENT for negative steps */
export const inverseSqrt = (options: InverseSqrtOptions): Schedule => {
  const { warmupSteps = 0 } = options;
  const timescale = options.timescale ?? (warmupSteps || 10_000);
  return warm(options, (step) => 1 / Math.sqrt((step + (timescale - warmupSteps)) / timescale));
};

/**
 * Warm-up along a curve, a plateau at the base rate, decay along a curve, then the floor.
 * @throws E_ARGUMENT without stableSteps and trainingSteps, for negative steps or an unknown curve
 * @example warmupStableDecay({ learningRate: 1e-3, warmupSteps: 10, decaySteps: 20, trainingSteps: 100 })
 */
export const warmupStableDecay = (options: WarmupStableDecayOptions): Schedule => {
  const { learningRate, warmupSteps = 0, decaySteps, trainingSteps, cycles = 0.5, minimumRatio = 0 } = options;
  const { warmup = "linear", decay = "cosine" } = options;
  if (options.stableSteps === undefined && trainingSteps === undefined)
    refuse("warmupStableDecay", "the length of the plateau is open", "stableSteps or trainingSteps", undefined);
  const stableSteps = options.stableSteps ?? trainingSteps! - warmupSteps - decaySteps;
  checkSteps("warmupStableDecay", { warmupSteps, decaySteps });
  checkRate(learningRate);
  for (const curve of [warmup, decay])
    if (!["linear", "cosine", "1-sqrt"].includes(curve))
      refuse("warmupStableDecay", "unknown curve", "linear, cosine or 1-sqrt", curve);
  const rise = {
    linear: (t: number) => t,
    cosine: (t: number) => 0.5 * (1 - Math.cos(Math.PI * t)),
    "1-sqrt": (t: number) => 1 - Math.sqrt(1 - t),
  }[warmup];
  const fall = {
    linear: (t: number) => 1 - t,
    cosine: (t: number) => 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * t)),
    "1-sqrt": (t: number) => 1 - Math.sqrt(t),
  }[decay];
  const above = (share: number) => Math.max(0, share * (1 - minimumRatio) + minimumRatio);
  return (step) => {
    checkStep(step);
    const after = step - warmupSteps - stableSteps;
    if (step < warmupSteps) return learningRate * above(rise(step / Math.max(1, warmupSteps)));
    if (after < 0) return learningRate;
    if (after < decaySteps) return learningRate * above(fall(after / Math.max(1, decaySteps)));
    return learningRate * minimumRatio;
  };
};

/** Schedules by the name that Transformers gives them, for recipes. */
export const schedules = {
  constant,
  constant_with_warmup: constantWithWarmup,
  linear,
  cosine,
  cosine_with_restarts: cosineWithRestarts,
  cosine_with_min_lr: cosineWithFloor,
  polynomial,
  inverse_sqrt: inverseSqrt,
  warmup_stable_decay: warmupStableDecay,
} as const;

/** A key of {@link schedules}. */
export type ScheduleName = keyof typeof schedules;

/** Checks a schedule's name from a recipe. @throws E_CONFIG that lists the known ones */
export function scheduleName(name: string): ScheduleName {
  if (Object.hasOwn(schedules, name)) return name as ScheduleName;
  const near = nearestName(name, Object.keys(schedules));
  throw new ConcordError("E_CONFIG", {
    operation: "schedule",
    problem: "unknown schedule",
    expected: Object.keys(schedules).join(", "),
    got: name,
    hint: near ? `did you mean ${near}?` : undefined,
  });
}

/** Linear warm-up to the base rate, then `factor` of it. */
function warm({ learningRate, warmupSteps = 0 }: ScheduleOptions, factor: Schedule): Schedule {
  checkSteps("schedule", { warmupSteps });
  checkRate(learningRate);
  return (step) => {
    checkStep(step);
    return learningRate * (step < warmupSteps ? step / Math.max(1, warmupSteps) : factor(step));
  };
}

const progressOf =
  ({ warmupSteps = 0, trainingSteps }: FiniteScheduleOptions): Schedule =>
  (step) =>
    (step - warmupSteps) / Math.max(1, trainingSteps - warmupSteps);

function finite<O extends FiniteScheduleOptions>(operation: string, options: O): O {
  checkSteps(operation, { trainingSteps: options.trainingSteps });
  return options;
}

function checkSteps(operation: string, counts: Record<string, number>): void {
  for (const [name, count] of Object.entries(counts))
    if (!(count >= 0)) refuse(operation, `${name} is not a number of steps`, "≥ 0", count);
}

function checkRate(learningRate: number): void {
  if (!(learningRate >= 0 && learningRate < Infinity))
    refuse("schedule", "the base rate is not a finite number ≥ 0", "≥ 0", learningRate);
}

function checkStep(step: number): void {
  if (!(step >= 0)) refuse("schedule", "a step counts from 0", "≥ 0", step);
}

function refuse(operation: string, problem: string, expected: string, got: unknown): never {
  throw new ConcordError("E_ARGUMENT", { operation, problem, expected, got: String(got) });
}
