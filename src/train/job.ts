// A training run as plain data and as a stream of events: what a worker thread is given and what it reports. Owns no file,
// clock or thread; checkpoints and time come from its host.
import { ConcordError, type HostArray, random } from "../base/index.ts";
import { configOf, isJsonRecord, type JsonRecord, modelFiles } from "../formats/index.ts";
import { type Augmentation, batchingOf } from "../modalities/index.ts";
import { type Model, modelOf } from "../models/index.ts";
import { type LoraOptions, loraLayout } from "../nn/index.ts";
import type { LedgerMark, NoiseSource } from "../privacy/index.ts";
import type { Runtime } from "../runtime/index.ts";
import { augmentation } from "./augmented.ts";
import type { KeptRun } from "./compiled-run.ts";
import type { Example } from "./example.ts";
import type { BatchSize } from "./memory.ts";
import { type ObjectiveChoice, objectiveOf } from "./objectives/index.ts";
import type { Objective } from "./objectives/objective.ts";
import type { PrivatePlan } from "./private-options.ts";
import { type TrainingProgram, trainingProgram } from "./program.ts";
import { maskedTokens, type TokenMasking } from "./token-masking.ts";
import { createTrainer, type StepReport, type Trainer } from "./trainer.ts";
import { type TrainerOptions, trainerOptions } from "./trainer-options.ts";

/** Everything that determines a run. Can be posted to a worker. */
export interface TrainingJob {
  /** `config.json` of the model, head included. */
  readonly config: JsonRecord;
  /** Every parameter (the adapter's too). */
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly examples: readonly Example[];
  /** Examples whose logits are wanted after each epoch. */
  readonly dev?: readonly Example[];
  readonly lora?: Partial<LoraOptions> & Pick<LoraOptions, "targets">;
  readonly frozen?: "float32" | "int8";
  readonly threads?: number;
  readonly options?: Partial<TrainerOptions>;
  /** What is learned, by its name and settings. Default supervised. */
  readonly objective?: ObjectiveChoice;
  /** Masks tokens of the examples anew in each epoch; labels stay. */
  readonly tokenMasking?: TokenMasking;
  /** Changes what the model reads of the examples anew in each epoch. @see Batching.augmented for who takes it */
  readonly augment?: Augmentation;
  /** Which parameters change: all (default), or with an adapter what that trains; only the task's head; only what lies below it. */
  readonly trains?: "head" | "encoder";
  /** Steps between checkpoints. Default one epoch. */
  readonly checkpointEvery?: number;
}

export type TrainingEvent =
  | { readonly kind: "start"; readonly steps: number; readonly stepsPerEpoch: number; readonly step: number }
  | { readonly kind: "warning"; readonly message: string }
  | ({ readonly kind: "step"; readonly atMs: number } & StepReport)
  | { readonly kind: "epoch"; readonly epoch: number; readonly devLogits?: HostArray<"float32">[] }
  | { readonly kind: "checkpoint"; readonly step: number }
  /** Private training may now go on through this step: what it will then have spent, as an upper bound. */
  | { readonly kind: "privacy"; readonly through: number; readonly epsilon: number; readonly delta: number }
  | { readonly kind: "interrupted"; readonly step: number }
  | { readonly kind: "done"; readonly step: number; readonly weights: Map<string, HostArray<"float32">> };

/** The secret and the ledger of a private run. */
export interface PrivateHost {
  readonly noise: NoiseSource;
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
 * Runs a job from its newest checkpoint, or from the start.
 * @throws E_DIVERGED (the last checkpoint is kept), E_CONFIG, E_MODEL, E_DATA, E_IO
 * @example for await (const event of runJob(job, host)) if (event.kind === "step") console.log(event.loss);
 */
export async function* runJob(job: TrainingJob, host: JobHost): AsyncGenerator<TrainingEvent> {
  const { model, lora } = modelsOf(job);
  const objective = objectiveOf(job.objective);
  const { seed } = trainerOptions(job.options);
  const name = programName(job);
  const compiled = await host.kept?.take(name);
  const trainer = await createTrainer({
    ...job,
    compiled,
    model,
    lora,
    objective,
    runtime: host.runtime,
    now: host.now,
    noise: host.privacy?.noise,
    trains: job.trains && trainsOf(model, job.trains),
    examplesOf: examplesOfEpoch(job, model, objective, seed),
  }).catch(async (error: unknown) => {
    await compiled?.dispose();
    throw error;
  });
  let broken = true; // a runtime that threw is not asked again
  try {
    yield* resume(trainer, host);
    yield { kind: "start", steps: trainer.steps, stepsPerEpoch: trainer.stepsPerEpoch, step: trainer.step };
    const every = job.checkpointEvery ?? trainer.stepsPerEpoch;
    let paid = 0; // steps that the ledger has been charged for, up to the next checkpoint: a resumed run replays their noise
    while (trainer.step < trainer.steps) {
      if (host.interrupted()) {
        await host.checkpoints?.save(savedRun(trainer, host));
        broken = false;
        yield { kind: "interrupted", step: trainer.step };
        return;
      }
      if (trainer.plan && host.privacy && trainer.step >= paid) {
        paid = Math.min(trainer.steps, (Math.floor(trainer.step / every) + 1) * every);
        const epsilon = await host.privacy.charge(trainer.plan, paid);
        yield { kind: "privacy", through: paid, epsilon, delta: trainer.plan.budget.delta };
      }
      yield { kind: "step", ...(await trainer.run()), atMs: host.now() };
      if (trainer.step % trainer.stepsPerEpoch === 0) {
        const devLogits = job.dev && (await trainer.predict(job.dev));
        yield { kind: "epoch", epoch: trainer.step / trainer.stepsPerEpoch, devLogits };
      }
      if (host.checkpoints && (trainer.step % every === 0 || trainer.step === trainer.steps)) {
        await host.checkpoints.save(savedRun(trainer, host));
        yield { kind: "checkpoint", step: trainer.step };
      }
    }
    await host.privacy?.finish();
    broken = false;
    yield { kind: "done", step: trainer.step, weights: result(trainer.averaged() ?? trainer.weights(), job.weights) };
  } finally {
    if (broken || !host.kept) await trainer.dispose();
    else await host.kept.put(name, trainer.compiled);
  }
}

/**
 * Names the programs that a job runs by all that may shape them: everything but its numbers, its seed and its learning rate.
 * Whatever is added to jobs is part of the name until somebody says that it shapes nothing.
 */
export function programName({ weights: _, examples: _e, dev: _d, options, ...shape }: TrainingJob): string {
  const { seed: _s, learningRate: _l, ...settings } = options ?? {};
  return JSON.stringify([shape, settings]);
}

/** The program that a job will run, for an estimate of its memory. */
export function jobProgram(job: TrainingJob): TrainingProgram {
  const { model, lora } = modelsOf(job);
  const extra = new Map(lora?.parameters.map((p) => [p.name, p.shape]));
  const options = trainerOptions(job.options);
  const clipping = options.privacy && { clip: 1, clipping: "flat" as const };
  const trainable = job.trains ? trainsOf(model, job.trains) : lora?.trains;
  return trainingProgram(model, {
    ...options,
    objective: objectiveOf(job.objective),
    clipping,
    trainable,
    adapt: lora?.adapt,
    extra,
  });
}

/** Whether a parameter is of the part of a model that a job trains. */
function trainsOf(model: Model, part: "head" | "encoder"): (name: string) => boolean {
  const heads = new Set(model.parameters.filter((p) => p.head).map((p) => p.name));
  return (name) => heads.has(name) === (part === "head");
}

function modelsOf(job: Pick<TrainingJob, "config" | "lora">) {
  const model = modelOf(configOf(job.config, modelFiles.config));
  return { model, lora: job.lora && loraLayout(model.parameters, job.lora, model.transposedWeights) };
}

/** The largest batch that a job can meet in one run of its graph: its longest examples together, with their counterparts. */
export function largestBatch({ config, examples, options, objective }: TrainingJob): BatchSize {
  const { alongside = () => [], logitRows } = objectiveOf(objective);
  const { batchSize, accumulate, privacy } = trainerOptions(options);
  const atOnce = privacy ? (privacy.microBatch ?? 16) : Math.ceil(batchSize / accumulate);
  const count = Math.min(examples.length, atOnce);
  const { rows } = batchingOf(modelsOf({ config }).model);
  const others = (e: Example) => alongside(e).map(rows);
  const longest = examples
    .map((e) => ({ length: rows(e), other: Math.max(0, ...others(e)) }))
    .sort((a, b) => b.length + b.other - a.length - a.other)
    .slice(0, count);
  const lengths = longest.flatMap(({ length, other }) => (other ? [length, other] : [length]));
  const tokens = lengths.reduce((a, b) => a + b, 0);
  return {
    examples: lengths.length,
    tokens,
    longest: lengths.reduce((most, n) => Math.max(most, n), 1),
    logitRows: logitRows === undefined ? tokens : count * logitRows,
  };
}

async function* resume(trainer: Trainer, host: JobHost): AsyncGenerator<TrainingEvent> {
  const found = await host.checkpoints?.open();
  for (const message of found?.skipped ?? []) yield { kind: "warning", message };
  if (!found?.saved) return;
  if (trainer.plan) host.privacy?.resumes(markIn(found.saved.state));
  trainer.restore(found.saved);
}

/** What a checkpoint holds: the trainer, and of a private run where its ledger stood. */
function savedRun(trainer: Trainer, { privacy }: JobHost): ReturnType<Trainer["save"]> {
  const { tensors, state } = trainer.save();
  return { tensors, state: trainer.plan && privacy ? { ...state, ledger: { ...privacy.mark() } } : state };
}

/** @throws E_CONFIG for the checkpoint of a run that was not private: its weights know the rows without noise */
function markIn({ ledger }: JsonRecord): LedgerMark {
  if (isJsonRecord(ledger) && typeof ledger.lines === "number" && typeof ledger.head === "string")
    return { lines: ledger.lines, head: ledger.head };
  throw new ConcordError("E_CONFIG", {
    operation: "resume",
    problem: "the checkpoint names no privacy ledger: its weights were trained without noise, or by an older version",
    hint: "use another folder, or the settings of the first run",
    path: "adapt.privacy",
  });
}

/** What changes from epoch to epoch, if anything: what the objective draws, or masked tokens; then augmented inputs. */
function examplesOfEpoch(
  { examples, tokenMasking, augment }: TrainingJob,
  model: Model,
  objective: Objective,
  seed: number,
): ((epoch: number) => readonly Example[]) | undefined {
  const drawn =
    objective.epochs?.(examples, random(seed)) ??
    (tokenMasking && ((epoch: number) => maskedTokens(examples, tokenMasking, random(seed), epoch)));
  const changed = augment && augmentation(model, augment, random(seed));
  return changed ? (epoch) => changed(drawn?.(epoch) ?? examples, epoch) : drawn;
}

/** The weights after the run: trained ones copied out of the store, frozen ones as they were given. */
const result = (weights: Map<string, HostArray<"float32">>, given: TrainingJob["weights"]) =>
  new Map([...weights].map(([name, a]) => [name, a === given.get(name) ? a : { ...a, data: a.data.slice() }]));
