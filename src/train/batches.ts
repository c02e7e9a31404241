// What a step learns from: the next batch in seeded order, run in parts, its gradients given to the updater; and the update itself. Owns no
// checkpoint and no epoch.
import { ConcordError, type HostArray, random } from "../base/index.ts";
import { batchingOf } from "../modalities/index.ts";
import type { Updater } from "../optimizers/index.ts";
import type { Executable } from "../runtime/index.ts";
import { dropoutMasks } from "./dropout-masks.ts";
import { epochOrder } from "./epoch-order.ts";
import type { Example } from "./example.ts";
import { batchFeeds } from "./feeds.ts";
import { stepGradients } from "./gradients.ts";
import type { GroupRobust } from "./group-robust.ts";
import type { Objective } from "./objectives/objective.ts";
import { batchWeight } from "./objectives/targets.ts";
import { type PrivateSetup, privateGradients, sampledBatch } from "./private-steps.ts";
import type { TrainingProgram } from "./program.ts";
import { proximalTerm } from "./proximal.ts";
import type { RolloutReport, Rollouts } from "./rollouts.ts";
import type { OpenTeacher } from "./teacher.ts";
import type { TrainedParameters } from "./trained-parameters.ts";
import type { TrainerOptions } from "./trainer-options.ts";
import type { StepReport, TrainerSetup } from "./trainer-setup.ts";
import { examplesByUnit } from "./units.ts";

/** Gives the updater the gradients of a step. */
export type NextBatch = (
  step: number,
  epoch: number,
  start: number,
) => Promise<{
  readonly batch: readonly Example[];
  readonly loss: number;
  readonly spent: StepReport["spent"];
  /** What makes gradients a mean, where they are not one. */
  readonly gradientScale?: number;
  readonly rolled?: RolloutReport;
  /** Gives the updater the gradients of the same answers once more. @returns the loss */
  readonly again?: () => Promise<number>;
}>;

export function privateBatches(
  setup: Omit<PrivateSetup, "masks">,
  { examples, examplesOf }: TrainerSetup,
  { seed }: TrainerOptions,
): NextBatch {
  const secret = { ...setup, masks: dropoutMasks(setup.program, seed) };
  const rows = memoLast((epoch: number) => examplesOf?.(epoch) ?? examples);
  const byUnit = memoLast(examplesByUnit);
  return async (step, epoch) => {
    const batch = sampledBatch(secret, rows(epoch), step, byUnit);
    return { batch, ...(await privateGradients(secret, batch, step)) };
  };
}

/** What a step without noise works with. */
export interface PlainSetup extends TrainerSetup {
  readonly objective: Objective;
  readonly program: TrainingProgram;
  readonly parameters: TrainedParameters;
  readonly updates: Updater;
  readonly executable: Executable;
  readonly taught?: OpenTeacher["feeds"];
  readonly rolls?: Rollouts["answer"];
  /** What pruning feeds at a step. */
  fedAt(step: number): Record<string, HostArray> | undefined;
  now(): number;
}

export function plainBatches(setup: PlainSetup, options: TrainerOptions, robust: GroupRobust | undefined): NextBatch {
  const { model, examples, examplesOf, parameters, updates, rolls } = setup;
  const order = memoLast((epoch: number) =>
    epochOrder(examplesOf?.(epoch) ?? examples, epoch, options, batchingOf(model).rows),
  );
  const backward = backwardPass(setup, options);
  const pull = options.proximal ? proximalTerm(parameters, updates, options.proximal) : undefined;
  return async (step, epoch, start) => {
    const drawn = order(epoch).slice(start, start + options.batchSize);
    if (rolls) updates.flush();
    const rolled = await rolls?.(drawn, random(options.seed).split(`rollouts ${step}`));
    const batch = rolled?.examples ?? robust?.weigh(drawn) ?? drawn;
    const { losses, ...done } = await backward(batch, options.accumulate, step);
    robust?.update(batch, losses);
    pull?.();
    const again = rolled && (async () => (await backward(batch, options.accumulate, step)).loss);
    return { batch, ...done, rolled: rolled?.report, again };
  };
}

/** Runs a batch in parts, each with what its objective runs beside it, adds the gradients to the updater and gives the weighted mean loss. */
function backwardPass(
  {
    model,
    objective,
    now,
    program,
    parameters: { tables, fed, store },
    updates,
    executable,
    taught,
    fedAt,
  }: PlainSetup,
  { seed }: TrainerOptions,
) {
  const masks = dropoutMasks(program, seed);
  const lookUps = program.gradients.filter((g) => tables.has(g.parameter));
  return async (batch: readonly Example[], parts: number, step: number) => {
    const divisor = objective.divisor?.(batch) ?? batchWeight(model, batch);
    const size = Math.ceil(batch.length / parts);
    const spent = { batch: 0, masks: 0, run: 0, optimizer: 0 };
    const always = { ...fed, ...fedAt(step) };
    const losses = new Float32Array(batch.length);
    let loss = 0;
    for (let i = 0; i < batch.length; i += size) {
      const t0 = now();
      const part = batch.slice(i, i + size);
      const draw = (name: string) => random(seed).split(`${name} ${step}.${i}`);
      const feeds = batchFeeds(model, part, { divisor, draw }, objective);
      const tMasks = now();
      Object.assign(feeds, masks(feeds, `${step}.${i}`));
      spent.masks += now() - tMasks;
      for (const { parameter, rows } of lookUps)
        for (const { index } of rows) updates.touch(parameter, feeds[index]!.data as Int32Array);
      const t1 = now();
      if (taught) Object.assign(feeds, await taught(part, feeds));
      const results = await executable.run({ ...always, ...feeds });
      const t2 = now();
      updates.add(stepGradients(program, results, feeds, tables, (name) => store.parameter(name).size));
      const weights = feeds.weights!.data as Float32Array;
      losses.set((results.losses!.data as Float32Array).subarray(0, part.length), i);
      loss += (results.losses!.data as Float32Array).reduce((sum, l, b) => sum + l * weights[b]!, 0);
      spent.batch += t1 - t0; // masks included
      spent.run += t2 - t1;
      spent.optimizer += now() - t2;
    }
    return { loss, losses, spent };
  };
}

/** Updates by the gradients of a batch; of answers as often as they are learned from. @returns the first gradient norm @throws E_DIVERGED */
export async function applied(
  updates: Updater,
  { loss, gradientScale, again }: Awaited<ReturnType<NextBatch>>,
  { learningRate, maxGradNorm, times }: { learningRate: number; maxGradNorm: number; times: number },
  step: number,
): Promise<number> {
  const apply = (loss: number): number => {
    const norm = checkedNorm(loss, updates, step);
    const clipped = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (norm + 1e-6)) : 1;
    updates.step({ learningRate, gradientScale: gradientScale ?? clipped });
    return norm;
  };
  const norm = apply(loss);
  for (let i = 1; again && i < times; i++) apply(await again());
  return norm;
}

/** Global gradient norm. @throws E_DIVERGED when it or the loss is not finite, naming step and tensor */
function checkedNorm(loss: number, updates: Updater, step: number): number {
  const norm = updates.norm();
  if (Number.isFinite(loss) && Number.isFinite(norm)) return norm;
  const tensor = updates.findNonFinite();
  throw new ConcordError("E_DIVERGED", {
    operation: `training step ${step}`,
    problem: `${Number.isFinite(loss) ? "a gradient" : "the loss"} is NaN or infinite`,
    got: `loss ${loss}, gradient norm ${norm}${tensor ? `, first in the gradient of ${tensor}` : ""}`,
    hint: "lower the learning rate, lengthen the warm-up, or look for broken rows; the last checkpoint is intact",
  });
}

function memoLast<K, V>(make: (key: K) => V): (key: K) => V {
  let last: { key: K; value: V } | undefined;
  return (key) => {
    if (!last || last.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}
