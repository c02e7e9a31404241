// One training run as a machine that is stepped: batches in seeded order, gradients from the runtime, updates in the store.
// Everything random is a function of (seed, step), so a saved run continues to the same bits. Owns no clock, file or thread.
import { ConcordError, type HostArray, random } from "../base/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import { batchingOf } from "../modalities/index.ts";
import { headFactsOf, initialise, type Model } from "../models/index.ts";
import type { LoraLayout } from "../nn/index.ts";
import { type Updater, type UpdaterOptions, updater, type WeightAverage, weightAverage } from "../optimizers/index.ts";
import type { NoiseSource } from "../privacy/index.ts";
import type { StoredParameters } from "../quantise/index.ts";
import type { Executable, Runtime } from "../runtime/index.ts";
import { type CompiledRun, compileRun } from "./compiled-run.ts";
import { dropoutMasks } from "./dropout-masks.ts";
import { epochOrder } from "./epoch-order.ts";
import type { Example } from "./example.ts";
import { batchFeeds } from "./feeds.ts";
import { stepGradients } from "./gradients.ts";
import { type GroupRobust, groupRobust } from "./group-robust.ts";
import { checkObjective, type Objective } from "./objectives/objective.ts";
import { supervised } from "./objectives/supervised.ts";
import { batchWeight } from "./objectives/targets.ts";
import { predictLogits } from "./predict-logits.ts";
import { predictLosses } from "./predict-losses.ts";
import { type PrivatePlan, privatePlan } from "./private-options.ts";
import { checkedNoise, type PrivateSetup, privateGradients, sampledBatch } from "./private-steps.ts";
import {
  changesOf,
  evaluationProgram,
  lossProgram,
  type ProgramOptions,
  type TrainingProgram,
  trainingProgram,
} from "./program.ts";
import { proximalTerm } from "./proximal.ts";
import { checkPruning, type PruningLayout } from "./pruning.ts";
import { type OpenTeacher, openTeacher } from "./teacher.ts";
import { type TrainedParameters, trainedParameters } from "./trained-parameters.ts";
import { optimizerOf, scheduleOf, type TrainerOptions, trainerOptions } from "./trainer-options.ts";

export interface TrainerSetup {
  readonly model: Model;
  /** Every parameter of the model (and of the adapter) by name; copied. */
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly runtime: Runtime;
  readonly examples: readonly Example[];
  /** Adapter: only its parameters and the modules it trains whole change. */
  readonly lora?: LoraLayout;
  /** Weights that are removed step by step; not with an adapter, nor privately. Default none. */
  readonly pruning?: PruningLayout;
  /** Parameters that change; the others stay as they are given. Default all, or what the adapter trains. */
  readonly trains?: (name: string) => boolean;
  /** Weights of the objective's teacher. Default none: an objective with a teacher is refused then. */
  readonly teacher?: ReadonlyMap<string, HostArray>;
  /** How the frozen matrices are held, the teacher's among them. Default `float32`. */
  readonly frozen?: "float32" | "int8";
  readonly threads?: number;
  /** Parameters that will be stored in integers: the forward pass computes as if they were. Default none. */
  readonly stored?: StoredParameters;
  /** What is learned. Default supervised. */
  readonly objective?: Objective;
  readonly options?: Partial<TrainerOptions>;
  /** Where noise and batches of private training come from; needed for `options.privacy`. */
  readonly noise?: NoiseSource;
  /** Milliseconds of a steady clock, for the breakdown; default none. */
  readonly now?: () => number;
  /** What a trainer of the same programs has left ({@link Trainer.compiled}): nothing is compiled then. Default none. */
  readonly compiled?: CompiledRun;
  /** New examples for each epoch (masking, augmentation); default the same every time. */
  readonly examplesOf?: (epoch: number) => readonly Example[];
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
  /** Milliseconds by part, from `now`. */
  readonly spent: { readonly batch: number; readonly masks: number; readonly run: number; readonly optimizer: number };
}

export interface Trainer {
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly step: number;
  /** Of private training: what runs on the examples, and the budget. */
  readonly plan?: PrivatePlan;
  /** One update. @throws E_DIVERGED naming step and tensor when loss or gradients are not finite; nothing is updated then */
  run(): Promise<StepReport>;
  /** Logits of examples, in their order, one row each (row tasks: one row per token, per example); of a head over a vocabulary each example's loss, [1]. */
  predict(examples: readonly Example[], batchSize?: number): Promise<HostArray<"float32">[]>;
  /** All parameters as they are now: views, valid until the next step. */
  weights(): Map<string, HostArray<"float32">>;
  /** The trained parameters as they are now: views, valid until the next step. */
  trained(): Map<string, HostArray<"float32">>;
  /** All parameters, trained ones averaged over the last steps; undefined where the options ask for no average. */
  averaged(): Map<string, HostArray<"float32">> | undefined;
  save(): { tensors: Map<string, HostArray>; state: JsonRecord };
  /** What it runs. */
  readonly compiled: CompiledRun;
  /** Lets go of all but {@link compiled}, which then is the caller's. */
  release(): Promise<void>;
  restore(saved: { readonly tensors: ReadonlyMap<string, HostArray>; readonly state: JsonRecord }): void;
  /** Releases it and disposes what it runs. */
  dispose(): Promise<void>;
}

/**
 * Compiles a run. Call `run` `steps` times.
 * @throws E_MODEL where weights are missing or do not fit; E_DATA without examples; E_CONFIG for options out of range
 * @example
 * const trainer = await createTrainer({ model, weights, runtime: cpuRuntime, examples });
 * while (trainer.step < trainer.steps) console.log((await trainer.run()).loss);
 */
export async function createTrainer(setup: TrainerSetup): Promise<Trainer> {
  const { model, examples } = setup;
  const options = trainerOptions(setup.options);
  if (examples.length === 0) throw new ConcordError("E_DATA", { operation: "train", problem: "there are no examples" });
  const stepsPerEpoch = Math.ceil(examples.length / options.batchSize);
  const steps = stepsPerEpoch * options.epochs;
  const laidOut = layOut(setup, options, steps);
  const { plan, secret, objective, program, parameters, updates } = laidOut;
  const { compiled, teacher } = await compileParts(setup, laidOut);
  const { executable } = compiled;
  const schedule = scheduleOf(options, steps);
  const robust = options.groupRobust === undefined ? undefined : groupRobust(examples, options.groupRobust);
  const average = options.average ? weightAverage(options.average, steps) : undefined;
  const now = setup.now ?? (() => 0);
  const fedAt = (at: number) => setup.pruning?.feeds(at, steps, (name) => parameters.store.view(name));
  const parts = { model, objective, program, parameters, executable, updates, now, taught: teacher?.feeds, fedAt };
  const next = secret
    ? privateBatches({ ...parts, ...secret }, setup, options)
    : plainBatches({ ...setup, ...parts }, options, robust);
  const { rows } = batchingOf(model);
  let step = 0;
  return {
    steps,
    stepsPerEpoch,
    plan,
    get step() {
      return step;
    },
    async run() {
      const epoch = Math.floor(step / stepsPerEpoch);
      const { batch, loss, spent, gradientScale } = await next(step, epoch, (step % stepsPerEpoch) * options.batchSize);
      const t = now();
      const norm = checkedNorm(loss, updates, step + 1);
      const learningRate = schedule(step);
      const clipped = options.maxGradNorm > 0 ? Math.min(1, options.maxGradNorm / (norm + 1e-6)) : 1;
      updates.step({ learningRate, gradientScale: gradientScale ?? clipped });
      step++;
      if (average?.wants(step)) takeIn(average, parameters, updates);
      return {
        step,
        epoch,
        loss,
        learningRate,
        gradientNorm: norm * (gradientScale ?? 1),
        examples: batch.length,
        tokens: batch.reduce((n, e) => n + rows(e), 0),
        spent: { ...spent, optimizer: spent.optimizer + now() - t },
      };
    },
    predict: async (rows, batchSize = 32) => {
      updates.flush();
      const fed = { ...parameters.fed, ...fedAt(step) };
      const evaluator = await compiled.evaluator();
      if (headFactsOf(model.task).vocabulary) return predictLosses(evaluator, model, fed, rows);
      return predictLogits(evaluator, model, fed, rows, batchSize);
    },
    weights: () => {
      updates.flush();
      return parameters.all();
    },
    trained: () => {
      updates.flush();
      return new Map(parameters.trained.map((name) => [name, parameters.fed[name]!]));
    },
    averaged: () => average && averagedWeights(parameters, average),
    save: () => {
      const run = { step, steps, seed: options.seed, ...(robust && { groups: robust.state() }) };
      return withAverage(saved(parameters, updates, run), average);
    },
    restore: (from) => {
      if (robust) restoreGroups(from, robust);
      average?.restore(from.tensors, from.state.averaged);
      step = restore(from, parameters, updates, { steps, seed: options.seed });
    },
    compiled,
    release: async () => await teacher?.dispose(),
    async dispose() {
      await teacher?.dispose();
      await compiled.dispose();
    },
  };
}

/** What a run needs before it is compiled: its privacy, the program to train, the parameters and their updates. */
function layOut(setup: TrainerSetup, options: TrainerOptions, steps: number) {
  const { model, lora, examples, objective = supervised() } = setup;
  checkObjective(objective, options);
  checkPruning(setup.pruning, { lora, privacy: options.privacy });
  const plan =
    options.privacy && privatePlan(options.privacy, { examples: examples.length, batchSize: options.batchSize, steps });
  const secret = plan && { plan, noise: checkedNoise(setup.noise) };
  const programOptions = privateProgram(model, plan, {
    ...options,
    objective,
    trainable: setup.trains ?? lora?.trains,
    ...changesOf(setup),
    stored: setup.stored,
  });
  const program = setup.compiled?.program ?? trainingProgram(model, programOptions);
  const optimizer = optimizerOf(options);
  const beside = objective.parameters?.(model) ?? [];
  const parameters = trainedParameters(program, optimizer, {
    ...setup,
    weights: new Map([
      ...initialise({ parameters: beside }, random(options.seed).split(objective.name)),
      ...setup.weights,
    ]),
    beside,
    ...gradientsIn(options),
    keeps: (plan || setup.trains) && programOptions.trainable && ((name) => !programOptions.trainable!(name)),
  });
  const updates = updater(parameters.store, optimizer, { rate: rateOf(model, options) });
  return { plan, secret, objective, programOptions, program, parameters, updates };
}

/** The teacher of the objective and the programs of the run, compiled. */
async function compileParts(setup: TrainerSetup, laidOut: ReturnType<typeof layOut>) {
  const { objective, programOptions, program, parameters } = laidOut;
  const { model, runtime, threads } = setup;
  const teacher = await openTeacher({ ...setup, objective });
  try {
    const evaluation = () =>
      headFactsOf(model.task).vocabulary
        ? lossProgram(model, programOptions)
        : evaluationProgram(model, programOptions);
    const { bind } = parameters;
    return { teacher, compiled: setup.compiled ?? (await compileRun(runtime, program, evaluation, { bind, threads })) };
  } catch (error) {
    await teacher?.dispose();
    throw error;
  }
}

/** Factor on the rate of each parameter: 1 for the head's. */
function rateOf(model: Model, { encoderRate = 1 }: TrainerOptions): UpdaterOptions["rate"] {
  if (encoderRate === 1) return undefined;
  const heads = new Set(model.parameters.filter((p) => p.head).map((p) => p.name));
  return ({ name }) => (heads.has(name) ? 1 : encoderRate);
}

/** How gradients are held. */
const gradientsIn = ({ privacy, accumulate, proximal }: TrainerOptions) => ({
  gradients: privacy
    ? ("receive" as const)
    : accumulate > 1 || proximal
      ? ("accumulate" as const)
      : ("outside" as const),
  isPrivate: privacy !== undefined,
  isDense: privacy !== undefined || Boolean(proximal),
});

/** What a private program changes: clipping, and tables that may be kept. */
function privateProgram(model: Model, plan: PrivatePlan | undefined, options: ProgramOptions): ProgramOptions {
  if (!plan) return options;
  const tables = new Set<string>(plan.options.tables === "freeze" ? Object.values(model.tokens?.tableNames ?? {}) : []);
  const { trainable } = options;
  return {
    ...options,
    clipping: plan.options,
    trainable: tables.size ? (name) => !tables.has(name) && (trainable?.(name) ?? true) : trainable,
  };
}

/** Gives the updater the gradients of a step. */
type NextBatch = (
  step: number,
  epoch: number,
  start: number,
) => Promise<{
  readonly batch: readonly Example[];
  readonly loss: number;
  readonly spent: StepReport["spent"];
  /** What makes gradients a mean, where they are not one. */
  readonly gradientScale?: number;
}>;

function privateBatches(
  setup: Omit<PrivateSetup, "masks">,
  { examples, examplesOf }: TrainerSetup,
  { seed }: TrainerOptions,
): NextBatch {
  const secret = { ...setup, masks: dropoutMasks(setup.program, seed) };
  const rows = memoLast((epoch: number) => examplesOf?.(epoch) ?? examples);
  return async (step, epoch) => {
    const batch = sampledBatch(secret, rows(epoch), step);
    return { batch, ...(await privateGradients(secret, batch, step)) };
  };
}

/** What a step without noise works with. */
interface PlainSetup extends TrainerSetup {
  readonly objective: Objective;
  readonly program: TrainingProgram;
  readonly parameters: TrainedParameters;
  readonly updates: Updater;
  readonly executable: Executable;
  readonly taught?: OpenTeacher["feeds"];
  /** What pruning feeds at a step. */
  fedAt(step: number): Record<string, HostArray> | undefined;
  now(): number;
}

function plainBatches(setup: PlainSetup, options: TrainerOptions, robust: GroupRobust | undefined): NextBatch {
  const { model, examples, examplesOf, parameters, updates } = setup;
  const order = memoLast((epoch: number) =>
    epochOrder(examplesOf?.(epoch) ?? examples, epoch, options, batchingOf(model).rows),
  );
  const backward = backwardPass(setup, options);
  const pull = options.proximal ? proximalTerm(parameters, updates, options.proximal) : undefined;
  return async (step, epoch, start) => {
    const drawn = order(epoch).slice(start, start + options.batchSize);
    const batch = robust?.weigh(drawn) ?? drawn;
    const { losses, ...done } = await backward(batch, options.accumulate, step);
    robust?.update(batch, losses);
    pull?.();
    return { batch, ...done };
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

/** Adds the weights as they are to their average. */
function takeIn(average: WeightAverage, { trained, fed }: TrainedParameters, updates: Updater): void {
  updates.flush(); // at the same steps in every run
  average.add(trained.map((name) => [name, fed[name]!] as const));
}

/** A saved run with the average of its weights, where it keeps one. */
function withAverage({ tensors, state }: Saved, average: WeightAverage | undefined): Saved {
  if (!average) return { tensors, state };
  const mean = average.save();
  return { tensors: new Map([...tensors, ...mean.tensors]), state: { ...state, averaged: mean.count } };
}

/** Before the first step that counts, the weights as they are. */
function averagedWeights(parameters: TrainedParameters, average: WeightAverage): Map<string, HostArray<"float32">> {
  const means = average.mean();
  return new Map(
    [...parameters.all()].map(([name, a]) => [name, means.has(name) ? { ...a, data: means.get(name)! } : a]),
  );
}

type Saved = ReturnType<Trainer["save"]>;

function saved(
  { store, trained, fed }: TrainedParameters,
  updates: Updater,
  run: { step: number; steps: number; seed: number; groups?: number[] },
): Saved {
  const { arrays, step: updaterSteps, optimizer } = updates.save();
  const values = trained.map((name): [string, HostArray] => [
    `weights.${name}`,
    { ...fed[name]!, data: store.view(name) },
  ]);
  const states = [...arrays].map(([name, a]): [string, HostArray] => [`state.${name}`, a]);
  return { tensors: new Map([...values, ...states]), state: { ...run, updaterSteps, optimizer } };
}

/** @throws E_CONFIG for a checkpoint of a run without group-robust training, or with other groups */
function restoreGroups({ state }: Parameters<Trainer["restore"]>[0], robust: GroupRobust): void {
  const { groups } = state;
  if (!Array.isArray(groups) || groups.length !== robust.state().length)
    throw new ConcordError("E_CONFIG", {
      operation: "resume",
      problem: "the checkpoint is of another run",
      expected: `weights of ${robust.state().length} groups`,
      got: Array.isArray(groups) ? `${groups.length} groups` : "no groups",
      hint: "use another folder, or the settings of the first run",
    });
  robust.restore(groups as number[]);
}

/** Puts a saved run back and gives its step. @throws E_CONFIG for a checkpoint of another run, E_MODEL where arrays do not fit */
function restore(
  { tensors, state }: Parameters<Trainer["restore"]>[0],
  { store, trained }: TrainedParameters,
  updates: Updater,
  run: { steps: number; seed: number },
): number {
  if (state.steps !== run.steps || state.seed !== run.seed)
    throw new ConcordError("E_CONFIG", {
      operation: "resume",
      problem: "the checkpoint is of another run",
      expected: `seed ${run.seed}, ${run.steps} steps`,
      got: `seed ${state.seed}, ${state.steps} steps`,
      hint: "use another folder, or the settings of the first run",
    });
  for (const name of trained) {
    const array = tensors.get(`weights.${name}`);
    if (array?.data.length !== store.view(name).length)
      throw new ConcordError("E_MODEL", { operation: "resume", problem: `the checkpoint has no ${name} of this size` });
    store.view(name).set(array.data as Float32Array);
  }
  const arrays = new Map(
    [...tensors].flatMap(([name, a]): [string, HostArray][] =>
      name.startsWith("state.") ? [[name.slice("state.".length), a]] : [],
    ),
  );
  updates.restore({ optimizer: state.optimizer as string, step: state.updaterSteps as number, arrays });
  return state.step as number;
}

function memoLast<K, V>(make: (key: K) => V): (key: K) => V {
  let last: { key: K; value: V } | undefined;
  return (key) => {
    if (!last || last.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}
