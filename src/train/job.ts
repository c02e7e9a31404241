// A training run as plain data and as a stream of events: what a worker thread is given and what it reports. Owns no file,
// clock or thread; checkpoints and time come from its host.
import type { HostArray } from "../base/index.ts";
import { configOf, type JsonRecord, modelFiles } from "../formats/index.ts";
import { type Augmentation, batchingOf, type ModelInput } from "../modalities/index.ts";
import { firstLayers, type Model, modelOf } from "../models/index.ts";
import { type AdapterLayout, type AdapterSettings, adapterLayout } from "../nn/index.ts";
import type { LedgerMark, NoiseSource, Phase } from "../privacy/index.ts";
import type { StoredParameters } from "../quantise/index.ts";
import type { Runtime } from "../runtime/index.ts";
import type { KeptRun } from "./compiled-run.ts";
import type { Example } from "./example.ts";
import type { FrozenForm } from "./frozen.ts";
import { type BatchSize, estimateMemory } from "./memory.ts";
import { type ObjectiveChoice, objectiveOf } from "./objectives/index.ts";
import type { PrivatePlan } from "./private-options.ts";
import { changesOf, type TrainingProgram, teacherProgram, trainingProgram } from "./program.ts";
import { type PruningPlan, pruningLayout } from "./pruning.ts";
import type { Judge, RolloutPlan } from "./rollouts.ts";
import type { ScoredEpoch, Selected, SelectionOptions } from "./selection.ts";
import type { TokenMasking } from "./token-masking.ts";
import type { Trainer } from "./trainer.ts";
import { type TrainerOptions, trainerOptions } from "./trainer-options.ts";
import type { EngineFacts, StepReport, TrainerSetup } from "./trainer-setup.ts";

/** Everything that determines a run. Can be posted to a worker. */
export interface TrainingJob {
  /** `config.json` of the model, head included. */
  readonly config: JsonRecord;
  /** Every parameter (the adapter's too). */
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly examples: readonly Example[];
  /** Examples whose logits are wanted after each epoch. */
  readonly dev?: readonly Example[];
  readonly adapter?: AdapterSettings;
  /** Weights of the teacher that the objective names, its whole model's. */
  readonly teacher?: ReadonlyMap<string, HostArray>;
  /** How frozen matrices are held, a teacher's among them. Default `float32`. */
  readonly frozen?: FrozenForm;
  readonly threads?: number;
  /** Weights that are removed while the model trains. Their scores are among the weights. Default none. */
  readonly pruning?: PruningPlan;
  /** Parameters that will be stored in integers: quantisation-aware training (Jacob 2018, arXiv:1712.05877). Default none. */
  readonly stored?: StoredParameters;
  readonly options?: Partial<TrainerOptions>;
  /** What is learned, by its name and settings. Default supervised. */
  readonly objective?: ObjectiveChoice;
  /** The model answers the examples, which are prompts (`given.row` their numbers), and learns from the host's rewards. Default none. */
  readonly rollouts?: RolloutPlan;
  /** Masks tokens of the examples anew in each epoch; labels stay. */
  readonly tokenMasking?: TokenMasking;
  /** Changes what the model reads of the examples anew in each epoch. @see Batching.augmented for who takes it */
  readonly augment?: Augmentation;
  /** Which parameters change: all (default), or with an adapter what that trains; only the task's head; only what lies below it. */
  readonly trains?: "head" | "encoder";
  /** The embeddings and this many of the first layers stay as they are. Default 0: nothing is frozen. */
  readonly frozenLayers?: number;
  /** Steps between checkpoints. Default one epoch. */
  readonly checkpointEvery?: number;
  /** Chooses an epoch, or stops, by the scores of `dev`, which the host gives. Default every epoch runs and the last one is kept. */
  readonly selection?: SelectionOptions;
  /** What runs the steps: this library, or PyTorch in a process of its own. Default `concord`. */
  readonly engine?: "concord" | "pytorch";
  /** Ends after this epoch; learning rates stay those of `options.epochs`. Default `options.epochs`. */
  readonly lastEpoch?: number;
}

export type TrainingEvent =
  | { readonly kind: "start"; readonly steps: number; readonly stepsPerEpoch: number; readonly step: number }
  | { readonly kind: "warning"; readonly message: string }
  /** What another engine is: versions and device. */
  | { readonly kind: "engine"; readonly about: EngineFacts }
  | ({ readonly kind: "step"; readonly atMs: number } & StepReport)
  /** `score`: what the host made of the logits; without one they are here. */
  | {
      readonly kind: "epoch";
      readonly epoch: number;
      readonly devLogits?: HostArray<"float32">[];
      readonly score?: number;
    }
  /** No further epoch runs: the score has not become better for `patience` epochs. */
  | { readonly kind: "stopped"; readonly epoch: number; readonly patience: number; readonly best: ScoredEpoch }
  | { readonly kind: "checkpoint"; readonly step: number }
  /** Private training may now go on through this step: what it will then have spent, as an upper bound. */
  | { readonly kind: "privacy"; readonly through: number; readonly epsilon: number; readonly delta: number }
  | { readonly kind: "interrupted"; readonly step: number }
  | {
      readonly kind: "done";
      readonly step: number;
      readonly weights: Map<string, HostArray<"float32">>;
      /** Of a job with a selection. */
      readonly selected?: Selected;
    };

/** The secret and the ledger of a private run. */
export interface PrivateHost {
  readonly noise: NoiseSource;
  /** What the same rows had spent when this run was opened. */
  readonly spent: readonly Phase[];
  /** Charges steps up to `through` before they run, and gives ε so far. @throws E_CONFIG where the budget does not cover them */
  charge(plan: PrivatePlan, through: number): Promise<number>;
  /** Where the ledger stands: kept in each checkpoint. */
  mark(): LedgerMark;
  /** Refuses a ledger that does not continue the one of a checkpoint. @throws E_CHECKSUM */
  resumes(mark: LedgerMark): void;
  /** The run is done: its key is erased. */
  finish(): Promise<void>;
}

/** What a run needs of its surroundings. */
export interface JobHost {
  readonly runtime: Runtime;
  /** Milliseconds of a steady clock. */
  now(): number;
  /** Secret noise, and the ledger that is charged before steps run; needed for private training. */
  readonly privacy?: PrivateHost;
  /** Of a host of several jobs: where what one has compiled waits for the next. Default it is compiled for each. */
  readonly kept?: KeptRun;
  /** The validation score of an epoch from the logits of the job's `dev`; needed for a selection. Default logits go into events. */
  score?(devLogits: readonly HostArray<"float32">[]): number | Promise<number>;
  /** Rewards of answers that the model wrote; needed for rollouts. */
  readonly judge?: Judge;
  /** What makes a trainer of another engine. Default {@link createTrainer}. */
  readonly engine?: (setup: TrainerSetup) => Promise<Trainer>;
  /** True once the run should stop at the next step. */
  interrupted(): boolean;
  /** Where checkpoints go; without it a run cannot be resumed. */
  readonly checkpoints?: {
    save(saved: ReturnType<Trainer["save"]>): Promise<void>;
    /** The newest valid one, and words on any that were skipped. */
    open(): Promise<{
      saved?: { tensors: ReadonlyMap<string, HostArray>; state: JsonRecord };
      skipped: readonly string[];
    }>;
  };
}

/**
 * Names the programs that a job runs by all that may shape them: everything but its numbers, its seed and its learning rate.
 * Whatever is added to jobs is part of the name until somebody says that it shapes nothing.
 */
export function programName(job: TrainingJob): string {
  const { weights: _, teacher: _t, examples: _e, dev: _d, selection: _s, lastEpoch: _l, options, ...shape } = job;
  const { seed: _seed, learningRate: _rate, ...settings } = options ?? {};
  return JSON.stringify([shape, settings]);
}

/** The program that a job will run, for an estimate of its memory. */
export function jobProgram(job: TrainingJob): TrainingProgram {
  const { model, adapter } = modelsOf(job);
  const options = trainerOptions(job.options);
  const clipping = options.privacy && { clip: 1, clipping: "flat" as const };
  const trainable = trainedBy(job, model, adapter) ?? adapter?.trains;
  return trainingProgram(model, {
    ...options,
    objective: objectiveOf(job.objective),
    clipping,
    trainable,
    ...changesOf({ adapter, pruning: job.pruning && pruningLayout(model, job.pruning) }),
    stored: job.stored,
  });
}

/** Bytes that a job's teacher holds while it runs on the largest batch: its weights as they came and as compiled, and its activations. */
export function teacherBytes({ config, objective, teacher }: TrainingJob, batch: BatchSize): number {
  const frozen = objectiveOf(objective).teacher?.(modelsOf({ config }).model);
  if (!frozen || !teacher) return 0;
  const weights = [...teacher.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  const program = { graph: teacherProgram(frozen), dropoutSites: [], gradients: [] };
  return 2 * weights + estimateMemory(program, batch).activations;
}

/** Whether a parameter is of the part of a model that a job trains. */
export function trainsOf(model: Model, part: "head" | "encoder"): (name: string) => boolean {
  const heads = new Set(model.parameters.filter((p) => p.head).map((p) => p.name));
  return (name) => heads.has(name) === (part === "head");
}

/** What a job's own settings say of which parameters change; undefined where that is all, or what the adapter trains. @throws E_CONFIG */
export function trainedBy(
  { trains, frozenLayers = 0 }: Pick<TrainingJob, "trains" | "frozenLayers">,
  model: Model,
  adapter: AdapterLayout | undefined,
): ((name: string) => boolean) | undefined {
  const part = trains && trainsOf(model, trains);
  if (frozenLayers === 0) return part;
  const isFrozen = firstLayers(model, frozenLayers);
  const others = part ?? adapter?.trains;
  return (name) => !isFrozen(name) && (others?.(name) ?? true);
}

/** The model of a job, and its adapter. */
export function modelsOf(job: Pick<TrainingJob, "config" | "adapter">) {
  const model = modelOf(configOf(job.config, modelFiles.config));
  return { model, adapter: job.adapter && adapterLayout(model.parameters, job.adapter, model.transposedWeights) };
}

/** The largest batch that a job can meet in one run of its graph: its longest examples together, with their counterparts. */
export function largestBatch({ config, examples, options, objective, rollouts }: TrainingJob): BatchSize {
  const { alongside = () => [], logitRows } = objectiveOf(objective);
  const { batchSize, accumulate, privacy } = trainerOptions(options);
  const atOnce = privacy ? (privacy.microBatch ?? 16) : Math.ceil(batchSize / accumulate);
  const answers = rollouts?.group ?? 1;
  const count = Math.min(examples.length, atOnce);
  const { rows: ownRows } = batchingOf(modelsOf({ config }).model);
  const rows = (e: ModelInput) => ownRows(e) + (rollouts?.maxTokens ?? 0);
  const others = (e: Example) => alongside(e).map(rows);
  const longest = examples
    .map((e) => ({ length: rows(e), other: Math.max(0, ...others(e)) }))
    .sort((a, b) => b.length + b.other - a.length - a.other)
    .slice(0, count);
  const lengths = longest.flatMap(({ length, other }) =>
    other ? [length, other] : Array.from({ length: answers }, () => length),
  );
  const tokens = lengths.reduce((a, b) => a + b, 0);
  return {
    examples: lengths.length,
    tokens,
    longest: lengths.reduce((most, n) => Math.max(most, n), 1),
    logitRows: logitRows === undefined ? tokens : count * logitRows,
  };
}
