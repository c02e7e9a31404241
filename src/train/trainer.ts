// One training run as a machine that is stepped: batches in seeded order, gradients from the runtime, updates in the store.
// Everything random is a function of (seed, step), so a saved run continues to the same bits. Owns no clock, file or thread.
import { ConcordError, type HostArray, random } from "../base/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import { batchingOf } from "../modalities/index.ts";
import { headFactsOf, initialise, layerDepths, type Model } from "../models/index.ts";
import type { AdapterLayout } from "../nn/index.ts";
import { type Updater, type UpdaterOptions, updater, type WeightAverage, weightAverage } from "../optimizers/index.ts";
import { applied, plainBatches, privateBatches } from "./batches.ts";
import { checkAdapter } from "./check-adapter.ts";
import { type CompiledRun, compileRun } from "./compiled-run.ts";
import type { Example } from "./example.ts";
import { type GroupRobust, groupRobust } from "./group-robust.ts";
import { checkObjective } from "./objectives/objective.ts";
import { supervised } from "./objectives/supervised.ts";
import { predictLogits } from "./predict-logits.ts";
import { predictLosses } from "./predict-losses.ts";
import { type PrivatePlan, privatePlan } from "./private-options.ts";
import { checkedNoise } from "./private-steps.ts";
import { changesOf, evaluationProgram, lossProgram, type ProgramOptions, trainingProgram } from "./program.ts";
import { checkPruning } from "./pruning.ts";
import { type Rollouts, rolloutsOf } from "./rollouts.ts";
import { openTeacher } from "./teacher.ts";
import { type TrainedParameters, trainedParameters } from "./trained-parameters.ts";
import { optimizerOf, scheduleOf, type TrainerOptions, trainerOptions } from "./trainer-options.ts";
import type { EngineFacts, StepReport, TrainerSetup } from "./trainer-setup.ts";
import { unitCount } from "./units.ts";

export type { StepReport, TrainerSetup } from "./trainer-setup.ts";

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
  /** Brings here what another process holds: asked before weights, saved state and averages. Default none is elsewhere. */
  fetch?(): Promise<void>;
  /** All parameters as they are now: views, valid until the next step. */
  weights(): Map<string, HostArray<"float32">>;
  /** The trained parameters as they are now: views, valid until the next step. */
  trained(): Map<string, HostArray<"float32">>;
  /** All parameters, trained ones averaged over the last steps; undefined where the options ask for no average. */
  averaged(): Map<string, HostArray<"float32">> | undefined;
  save(): { tensors: Map<string, HostArray>; state: JsonRecord };
  /** What another engine is. */
  readonly engine?: EngineFacts;
  /** What it runs; none where another engine does. */
  readonly compiled?: CompiledRun;
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
  const stepsPerEpoch = Math.ceil((options.privacy ? unitCount(examples) : examples.length) / options.batchSize);
  const steps = stepsPerEpoch * options.epochs;
  const laidOut = layOut(setup, options, steps);
  const { plan, secret, objective, program, parameters, updates } = laidOut;
  const { compiled, teacher, rollouts } = await compileParts(setup, laidOut);
  const { executable } = compiled;
  const schedule = scheduleOf(options, steps);
  const robust = options.groupRobust === undefined ? undefined : groupRobust(examples, options.groupRobust);
  const average = options.average ? weightAverage(options.average, steps) : undefined;
  const now = setup.now ?? (() => 0);
  const fedAt = (at: number) => setup.pruning?.feeds(at, steps, (name) => parameters.store.view(name));
  const parts = { model, objective, program, parameters, executable, updates, now, taught: teacher?.feeds, fedAt };
  const next = secret
    ? privateBatches({ ...parts, ...secret }, setup, options)
    : plainBatches({ ...setup, ...parts, rolls: rollouts?.answer }, options, robust);
  const release = async () => void (await Promise.all([teacher?.dispose(), rollouts?.dispose()]));
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
      const start = (step % stepsPerEpoch) * options.batchSize;
      const drawn = await next(step, epoch, start);
      const { batch, loss, spent, gradientScale, rolled } = drawn;
      const t = now();
      const learningRate = schedule(step);
      const norm = await applied(
        updates,
        drawn,
        { ...options, learningRate, times: setup.rollouts?.updates ?? 1 },
        step + 1,
      );
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
        ...(rolled && { rolled }),
        spent: { ...spent, optimizer: spent.optimizer + now() - t },
      };
    },
    predict: (rows, batchSize = 32) =>
      predicted(model, compiled, { ...flushed(updates, parameters).fed, ...fedAt(step) }, rows, batchSize),
    weights: () => flushed(updates, parameters).all(),
    trained: () => {
      const { trained, fed } = flushed(updates, parameters);
      return new Map(trained.map((name) => [name, fed[name]!]));
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
    release,
    async dispose() {
      await release();
      await compiled.dispose();
    },
  };
}

/** The parameters with every update so far. */
function flushed(updates: Updater, parameters: TrainedParameters): TrainedParameters {
  updates.flush();
  return parameters;
}

/** Logits of examples, or of a head over a vocabulary their losses. */
export async function predicted(
  model: Model,
  compiled: Pick<CompiledRun, "evaluator">,
  fed: Readonly<Record<string, HostArray>>,
  rows: readonly Example[],
  batchSize: number,
): Promise<HostArray<"float32">[]> {
  const evaluator = await compiled.evaluator();
  if (headFactsOf(model.task).vocabulary) return predictLosses(evaluator, model, fed, rows);
  return predictLogits(evaluator, model, fed, rows, batchSize);
}

/** What a run needs before it is compiled: its privacy, the program to train, the parameters and their updates. */
function layOut(setup: TrainerSetup, options: TrainerOptions, steps: number) {
  const { model, adapter, examples, objective = supervised() } = setup;
  checkObjective(objective, options);
  checkPruning(setup.pruning, { adapter, privacy: options.privacy });
  checkAdapter(setup, options);
  const { privacy, batchSize } = options;
  const plan = privacy && privatePlan(privacy, { examples: unitCount(examples), batchSize, steps, spent: setup.spent });
  const secret = plan && { plan, noise: checkedNoise(setup.noise) };
  const programOptions = privateProgram(model, plan, {
    ...options,
    objective,
    trainable: setup.trains ?? adapter?.trains,
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
  const updates = updater(parameters.store, optimizer, { rate: rateOf(model, options, adapter) });
  return { plan, secret, objective, programOptions, program, parameters, updates };
}

/** The teacher of the objective and the programs of the run, compiled. */
async function compileParts(setup: TrainerSetup, laidOut: ReturnType<typeof layOut>) {
  const { objective, programOptions, program, parameters } = laidOut;
  const { model, runtime, threads } = setup;
  const teacher = await openTeacher({ ...setup, objective });
  let rollouts: Rollouts | undefined;
  try {
    rollouts = await rolloutsOf({ ...setup, ...laidOut });
    const evaluation = () =>
      headFactsOf(model.task).vocabulary
        ? lossProgram(model, programOptions)
        : evaluationProgram(model, programOptions);
    const { bind } = parameters;
    const compiled = setup.compiled ?? (await compileRun(runtime, program, evaluation, { bind, threads }));
    return { teacher, rollouts, compiled };
  } catch (error) {
    await teacher?.dispose();
    await rollouts?.dispose();
    throw error;
  }
}

/** Factor on the rate of each parameter: by its layer, by the adapter, and 1 for the head's. */
export function rateOf(
  model: Model,
  { encoderRate = 1, layerDecay = 1 }: TrainerOptions,
  adapter: AdapterLayout | undefined,
): UpdaterOptions["rate"] {
  if (encoderRate === 1 && layerDecay === 1 && (adapter?.options.rateRatio ?? 1) === 1) return undefined;
  const heads = new Set(model.parameters.filter((p) => p.head).map((p) => p.name));
  const depthOf = layerDepths(model);
  return ({ name }) => (heads.has(name) ? 1 : encoderRate) * layerDecay ** depthOf(name) * (adapter?.rateOf(name) ?? 1);
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

/** @throws E_CONFIG for a checkpoint of another run, or of another engine */
export function checkSaved(state: JsonRecord, run: { steps: number; seed: number; engine: string | undefined }): void {
  if (state.steps === run.steps && state.seed === run.seed && state.engine === run.engine) return;
  const engine = (name: unknown) => (name === undefined ? "" : `, engine ${String(name)}`);
  throw new ConcordError("E_CONFIG", {
    operation: "resume",
    problem: "the checkpoint is of another run",
    expected: `seed ${run.seed}, ${run.steps} steps${engine(run.engine)}`,
    got: `seed ${state.seed}, ${state.steps} steps${engine(state.engine)}`,
    hint: "use another folder, or the settings of the first run",
  });
}

/** Puts a saved run back and gives its step. @throws E_CONFIG for a checkpoint of another run, E_MODEL where arrays do not fit */
function restore(
  { tensors, state }: Parameters<Trainer["restore"]>[0],
  { store, trained }: TrainedParameters,
  updates: Updater,
  run: { steps: number; seed: number },
): number {
  checkSaved(state, { ...run, engine: undefined });
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
