// Runs a training job: resumes it, steps it, scores epochs, writes checkpoints, and gives what it ends with, as a stream of events.
import { ConcordError, type HostArray, random } from "../base/index.ts";
import { isJsonRecord, type JsonRecord } from "../formats/index.ts";
import type { Model } from "../models/index.ts";
import type { LedgerMark } from "../privacy/index.ts";
import { augmentation } from "./augmented.ts";
import type { Example } from "./example.ts";
import { type JobHost, modelsOf, programName, type TrainingEvent, type TrainingJob, trainedBy } from "./job.ts";
import { objectiveOf } from "./objectives/index.ts";
import type { Objective } from "./objectives/objective.ts";
import { pruningLayout } from "./pruning.ts";
import { checkSelection, type Selection, selectionOf } from "./selection.ts";
import { maskedTokens } from "./token-masking.ts";
import { createTrainer, type Trainer } from "./trainer.ts";
import { trainerOptions } from "./trainer-options.ts";

/**
 * Runs a job from its newest checkpoint, or from the start.
 * @throws E_DIVERGED (the last checkpoint is kept), E_CONFIG, E_MODEL, E_DATA, E_IO
 * @example for await (const event of runJob(job, host)) if (event.kind === "step") console.log(event.loss);
 */
export async function* runJob(job: TrainingJob, host: JobHost): AsyncGenerator<TrainingEvent> {
  const { model, adapter } = modelsOf(job);
  const objective = objectiveOf(job.objective);
  const pruning = job.pruning && pruningLayout(model, job.pruning);
  const { seed } = trainerOptions(job.options);
  const selection = openSelection(job, host);
  const name = programName(job);
  const compiled = await host.kept?.take(name);
  const trainer = await (host.engine ?? createTrainer)({
    ...job,
    compiled,
    model,
    adapter,
    pruning,
    objective,
    runtime: host.runtime,
    now: host.now,
    noise: host.privacy?.noise,
    spent: host.privacy?.spent,
    judge: host.judge,
    trains: trainedBy(job, model, adapter),
    examplesOf: examplesOfEpoch(job, model, objective, seed),
  }).catch(async (error: unknown) => {
    await compiled?.dispose();
    throw error;
  });
  let broken = true; // a runtime that threw is not asked again
  try {
    if (trainer.engine) yield { kind: "engine", about: trainer.engine };
    yield* resume(trainer, selection, host);
    yield { kind: "start", steps: trainer.steps, stepsPerEpoch: trainer.stepsPerEpoch, step: trainer.step };
    const finished = yield* trainOn({ job, host, trainer, selection });
    await trainer.fetch?.();
    if (finished) await host.privacy?.finish();
    broken = false;
    if (!finished) yield { kind: "interrupted", step: trainer.step };
    else yield doneWith(trainer, selection, job);
  } finally {
    if (broken || !host.kept || !trainer.compiled) await trainer.dispose();
    else {
      await trainer.release();
      await host.kept.put(name, trainer.compiled);
    }
  }
}

interface Running {
  readonly job: TrainingJob;
  readonly host: JobHost;
  readonly trainer: Trainer;
  readonly selection?: Selection;
}

/** Steps until the end, or until it is interrupted. @returns whether it got to the end */
async function* trainOn({ job, host, trainer, selection }: Running): AsyncGenerator<TrainingEvent, boolean> {
  const every = job.checkpointEvery ?? trainer.stepsPerEpoch;
  const end = Math.min(trainer.steps, (job.lastEpoch ?? Number.POSITIVE_INFINITY) * trainer.stepsPerEpoch);
  const over = () => trainer.step >= end || selection?.stops === true;
  let paid = 0; // steps that the ledger has been charged for, up to the next checkpoint: a resumed run replays their noise
  while (!over()) {
    if (host.interrupted()) {
      await trainer.fetch?.();
      await host.checkpoints?.save(savedRun(trainer, selection, host));
      return false;
    }
    if (trainer.plan && host.privacy && trainer.step >= paid) {
      paid = Math.min(end, (Math.floor(trainer.step / every) + 1) * every);
      const epsilon = await host.privacy.charge(trainer.plan, paid);
      yield { kind: "privacy", through: paid, epsilon, delta: trainer.plan.budget.delta };
    }
    yield { kind: "step", ...(await trainer.run()), atMs: host.now() };
    if (trainer.step % trainer.stepsPerEpoch === 0) yield* endEpoch({ job, host, trainer, selection });
    if (host.checkpoints && (trainer.step % every === 0 || over())) {
      await trainer.fetch?.();
      await host.checkpoints.save(savedRun(trainer, selection, host));
      yield { kind: "checkpoint", step: trainer.step };
    }
  }
  return true;
}

/** Scores an epoch and takes it into the selection. */
async function* endEpoch({ job, host, trainer, selection }: Running): AsyncGenerator<TrainingEvent> {
  const epoch = trainer.step / trainer.stepsPerEpoch;
  const devLogits = job.dev && (await trainer.predict(job.dev));
  const score = devLogits && (await host.score?.(devLogits));
  await trainer.fetch?.();
  yield { kind: "epoch", epoch, ...(score === undefined ? { devLogits } : { score }) };
  if (!selection || score === undefined) return;
  selection.add({ epoch, score }, () => trainer.trained());
  if (selection.stops && trainer.step < trainer.steps)
    yield { kind: "stopped", epoch, patience: job.selection!.patience!, best: selection.result(epoch).best };
}

/** The last event: the weights that the run ends with. */
function doneWith(trainer: Trainer, selection: Selection | undefined, { weights }: TrainingJob): TrainingEvent {
  const best = selection?.weights();
  const final = best ? new Map([...trainer.weights(), ...best]) : (trainer.averaged() ?? trainer.weights());
  const selected = selection?.result(trainer.steps / trainer.stepsPerEpoch);
  return { kind: "done", step: trainer.step, weights: result(final, weights), ...(selected && { selected }) };
}

/** @throws E_CONFIG for a selection that does not fit the options; E_ARGUMENT where nothing can be scored */
function openSelection({ selection, dev, options = {} }: TrainingJob, { score }: JobHost): Selection | undefined {
  if (!selection) return undefined;
  checkSelection(selection, options);
  if (dev?.length && score) return selectionOf(selection);
  throw new ConcordError("E_ARGUMENT", {
    operation: "train",
    problem: "an epoch is to be chosen, and nothing scores it",
    expected: "validation examples and a host that scores their logits",
    got: dev?.length ? "no score" : "no validation examples",
  });
}

async function* resume(
  trainer: Trainer,
  selection: Selection | undefined,
  host: JobHost,
): AsyncGenerator<TrainingEvent> {
  const found = await host.checkpoints?.open();
  for (const message of found?.skipped ?? []) yield { kind: "warning", message };
  if (!found?.saved) return;
  const { tensors, state } = found.saved;
  if (trainer.plan) host.privacy?.resumes(markIn(state));
  selection?.restore({ tensors, state: isJsonRecord(state.selection) ? state.selection : {} });
  trainer.restore(found.saved);
}

/** What a checkpoint holds: the trainer, the selection with its best weights, and of a private run where its ledger stood. */
function savedRun(
  trainer: Trainer,
  selection: Selection | undefined,
  { privacy }: JobHost,
): ReturnType<Trainer["save"]> {
  const { tensors, state } = trainer.save();
  const selected = selection?.save();
  return {
    tensors: selected ? new Map([...tensors, ...selected.tensors]) : tensors,
    state: {
      ...state,
      ...(selected && { selection: selected.state }),
      ...(trainer.plan && privacy && { ledger: { ...privacy.mark() } }),
    },
  };
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
