// What a trainer is given and what each of its steps reports: plain types.
import type { HostArray } from "../base/index.ts";
import type { Model } from "../models/index.ts";
import type { AdapterLayout } from "../nn/index.ts";
import type { NoiseSource, Phase } from "../privacy/index.ts";
import type { StoredParameters } from "../quantise/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { CompiledRun } from "./compiled-run.ts";
import type { Example } from "./example.ts";
import type { FrozenForm } from "./frozen.ts";
import type { Objective } from "./objectives/objective.ts";
import type { PruningLayout } from "./pruning.ts";
import type { Judge, RolloutPlan, RolloutReport } from "./rollouts.ts";
import type { TrainerOptions } from "./trainer-options.ts";

export interface TrainerSetup {
  readonly model: Model;
  /** Every parameter of the model (and of the adapter) by name; copied. */
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly runtime: Runtime;
  readonly examples: readonly Example[];
  /** Adapter: only its parameters and the modules it trains whole change. */
  readonly adapter?: AdapterLayout;
  /** Weights that are removed step by step; not with an adapter, nor privately. Default none. */
  readonly pruning?: PruningLayout;
  /** Parameters that change; the others stay as they are given. Default all, or what the adapter trains. */
  readonly trains?: (name: string) => boolean;
  /** Weights of the objective's teacher. Default none: an objective with a teacher is refused then. */
  readonly teacher?: ReadonlyMap<string, HostArray>;
  /** How the frozen matrices are held, the teacher's among them. Default `float32`. */
  readonly frozen?: FrozenForm;
  readonly threads?: number;
  /** Parameters that will be stored in integers: the forward pass computes as if they were. Default none. */
  readonly stored?: StoredParameters;
  /** What is learned. Default supervised. */
  readonly objective?: Objective;
  readonly options?: Partial<TrainerOptions>;
  /** Where noise and batches of private training come from; needed for `options.privacy`. */
  readonly noise?: NoiseSource;
  /** What private training has spent on the same rows before: its own noise is computed for what is left. Default nothing. */
  readonly spent?: readonly Phase[];
  /** Milliseconds of a steady clock, for the breakdown; default none. */
  readonly now?: () => number;
  /** What a trainer of the same programs has left ({@link Trainer.compiled}): nothing is compiled then. Default none. */
  readonly compiled?: CompiledRun;
  /** The model answers the examples, which are prompts, and learns from what `judge` gives. Default it learns from the examples. */
  readonly rollouts?: RolloutPlan;
  /** Rewards of answers; needed for rollouts. */
  readonly judge?: Judge;
  /** New examples for each epoch (masking, augmentation); default the same every time. */
  readonly examplesOf?: (epoch: number) => readonly Example[];
}

/** What trained a model in the place of this library. */
export interface EngineFacts {
  readonly name: "pytorch";
  /** Of PyTorch. */
  readonly version: string;
  readonly python: string;
  /** `cpu` or `cuda`, and its name. */
  readonly device: string;
  readonly deviceName: string;
  /** Processes that shared the parts of a batch. */
  readonly processes: number;
}

/** What one step did. */
export interface StepReport {
  /** 1 for the first. */
  readonly step: number;
  readonly epoch: number;
  /** Weighted mean loss of the batch. */
  readonly loss: number;
  readonly learningRate: number;
  /** Global gradient norm before clipping; of private training that of the noisy mean. */
  readonly gradientNorm: number;
  readonly examples: number;
  readonly tokens: number;
  /** Of answers that the model wrote in this step. */
  readonly rolled?: RolloutReport;
  /** Milliseconds by part, from `now`. */
  readonly spent: { readonly batch: number; readonly masks: number; readonly run: number; readonly optimizer: number };
}
