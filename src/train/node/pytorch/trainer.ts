// A trainer whose steps PyTorch runs: it gets the graph of the losses, the weights and each batch, and keeps parameters and the optimizer;
// order, batches, rates, selection and checkpoints stay here. Whatever has a graph trains so, by whatever loss.
import { ConcordError, type HostArray, random } from "../../../base/index.ts";
import { batchingOf } from "../../../modalities/index.ts";
import { headFactsOf, initialise } from "../../../models/index.ts";
import { epochOrder } from "../../epoch-order.ts";
import { batchFeeds } from "../../feeds.ts";
import { supervised } from "../../objectives/supervised.ts";
import { batchWeight } from "../../objectives/targets.ts";
import { changesOf, evaluationProgram, lossProgram, trainingProgram } from "../../program.ts";
import { checkSaved, predicted, rateOf, type Trainer, type TrainerSetup } from "../../trainer.ts";
import { scheduleOf, type TrainerOptions, trainerOptions } from "../../trainer-options.ts";
import type { EngineFacts } from "../../trainer-setup.ts";
import { graphData, sizeData } from "./graph-data.ts";
import { type Answer, type PythonProcess, startPython, trainScript } from "./process.ts";

/** Optimizers that PyTorch has under the same name and settings. */
const shared: readonly string[] = ["adamw", "adam", "sgd"];

/**
 * As `createTrainer`, with PyTorch. Dropout masks are PyTorch's own, a function of (seed, step) on one device; with dropout 0 the losses
 * are those of this library to rounding.
 * @throws E_CONFIG for what this engine does not do; E_DEPENDENCY without PyTorch
 * @example const trainer = await pytorchTrainer({ model, weights, runtime: cpuRuntime, examples });
 */
export async function pytorchTrainer(setup: TrainerSetup, script: string = trainScript()): Promise<Trainer> {
  const options = trainerOptions(setup.options);
  checkEngine(setup, options);
  const { model, examples, adapter } = setup;
  if (examples.length === 0) throw new ConcordError("E_DATA", { operation: "train", problem: "there are no examples" });
  const objective = setup.objective ?? supervised();
  const trains = setup.trains ?? adapter?.trains;
  const programOptions = { ...options, objective, trainable: trains, ...changesOf(setup) };
  const program = trainingProgram(model, programOptions);
  const isVocabulary = headFactsOf(model.task).vocabulary;
  const evaluated = isVocabulary ? lossProgram(model, programOptions) : evaluationProgram(model, programOptions);
  const training = graphData(program.graph, ["losses"]);
  const evaluation = graphData(
    evaluated,
    evaluated.outputs.map(([name]) => name),
  );
  const beside = objective.parameters?.(model) ?? [];
  const weights = new Map([
    ...initialise({ parameters: beside }, random(options.seed).split(objective.name)),
    ...setup.weights,
  ]);
  const own = [...model.parameters, ...(adapter?.parameters ?? [])].map((p) => p.name);
  const named = [...own, ...beside.map((p) => p.name)];
  const trained = named.filter((name) => beside.some((p) => p.name === name) || (trains?.(name) ?? true));
  const python = await startPython(script);
  try {
    const factor = rateOf(model, options, adapter);
    const { optimizer, optimizerOptions } = options;
    const about = await python.ask(
      {
        do: "open",
        threads: setup.threads ?? 0,
        optimizer,
        optimizerOptions: inPython(optimizerOptions),
        trained: trained.map((name) => {
          const { shape } = weights.get(name)!;
          const size = shape.reduce((a, b) => a * b, 1);
          const rate = factor?.({ name, shape, size } as Parameters<typeof factor>[0]) ?? 1;
          return { name, rate, weightDecay: shape.length >= 2 ? options.weightDecay : 0 };
        }),
        dropout: program.dropoutSites.map(({ name, shape, rate }) => ({ name, rate, shape: shape.map(sizeData) })),
        training: training.data,
        evaluation: evaluation.data,
      },
      new Map([
        ...named.map((name) => [`weights.${name}`, weights.get(name)!] as const),
        ...under("training", training.constants),
        ...under("evaluation", evaluation.constants),
      ]),
    );
    return trainerOver(python, factsOf(about), { ...setup, weights }, { options, objective, own, trained });
  } catch (error) {
    await python.close();
    throw error;
  }
}

const under = (prefix: string, arrays: ReadonlyMap<string, HostArray>) =>
  [...arrays].map(([key, array]) => [`${prefix}.${key}`, array] as const);

/** Settings under PyTorch's names. */
const inPython = ({ epsilon, ...rest }: TrainerOptions["optimizerOptions"]) => ({
  ...rest,
  ...(epsilon !== undefined && { eps: epsilon }),
});

const factsOf = ({ message }: Answer): EngineFacts => ({
  name: "pytorch",
  version: String(message.torch),
  python: String(message.python),
  device: String(message.device),
  deviceName: String(message.name),
  processes: Number(message.processes),
});

interface Parts {
  readonly options: TrainerOptions;
  readonly objective: NonNullable<TrainerSetup["objective"]>;
  /** Parameters of the model and its adapter. */
  readonly own: readonly string[];
  readonly trained: readonly string[];
}

function trainerOver(python: PythonProcess, engine: EngineFacts, setup: TrainerSetup, parts: Parts): Trainer {
  const { model, examples } = setup;
  const { options, own, trained } = parts;
  const stepsPerEpoch = Math.ceil(examples.length / options.batchSize);
  const steps = stepsPerEpoch * options.epochs;
  const schedule = scheduleOf(options, steps);
  const { rows } = batchingOf(model);
  const now = setup.now ?? (() => 0);
  const batchOf = batches(setup, options);
  let step = 0;
  let restored: Promise<unknown> = Promise.resolve();
  let held: ReadonlyMap<string, HostArray> = new Map();
  const weightOf = (name: string) => (held.get(`weights.${name}`) ?? setup.weights.get(name)!) as HostArray<"float32">;
  return {
    steps,
    stepsPerEpoch,
    engine,
    get step() {
      return step;
    },
    async run() {
      await restored;
      const epoch = Math.floor(step / stepsPerEpoch);
      const learningRate = schedule(step);
      const start = now();
      const batch = batchOf(epoch, (step % stepsPerEpoch) * options.batchSize);
      const { feeds, seeds } = fedParts(setup, parts, engine.processes, batch, step);
      const ready = now();
      const answer = await python.ask({ do: "step", learningRate, maxGradNorm: options.maxGradNorm, seeds }, feeds);
      const { loss, norm } = checkedStep(answer, step + 1);
      step++;
      const spent = { batch: ready - start, masks: 0, run: now() - ready, optimizer: 0 };
      const tokens = batch.reduce((n, e) => n + rows(e), 0);
      return { step, epoch, loss, learningRate, gradientNorm: norm, examples: batch.length, tokens, spent };
    },
    predict: (given, batchSize = 32) =>
      predicted(model, { evaluator: async () => evaluator(python) }, {}, given, batchSize),
    async fetch() {
      held = (await python.ask({ do: "save" })).tensors;
    },
    weights: () => new Map(own.map((name) => [name, weightOf(name)])),
    trained: () => new Map(trained.map((name) => [name, weightOf(name)])),
    averaged: () => undefined,
    save: () => ({ tensors: new Map(held), state: { step, steps, seed: options.seed, engine: engine.name } }),
    restore({ tensors, state }) {
      checkSaved(state, { steps, seed: options.seed, engine: engine.name });
      const mine = [...tensors].filter(([name]) => name.startsWith("weights.") || name.startsWith("state."));
      restored = python.ask({ do: "load" }, new Map(mine));
      restored.catch(() => {}); // the next step says it
      step = state.step as number;
    },
    release: async () => {},
    dispose: () => python.close(),
  };
}

/** The examples of a batch, in the order of their epoch. */
function batches({ model, examples, examplesOf }: TrainerSetup, options: TrainerOptions) {
  let last: { epoch: number; order: ReturnType<typeof epochOrder> } | undefined;
  return (epoch: number, start: number) => {
    if (last?.epoch !== epoch) {
      const drawn = examplesOf?.(epoch) ?? examples;
      last = { epoch, order: epochOrder(drawn, epoch, options, batchingOf(model).rows) };
    }
    return last.order.slice(start, start + options.batchSize);
  };
}

/** The arrays of each part of a batch, and what its dropout masks are drawn from. Processes take a part each. */
function fedParts(
  { model }: TrainerSetup,
  { options, objective }: Parts,
  processes: number,
  batch: ReturnType<ReturnType<typeof batches>>,
  step: number,
) {
  const size = Math.ceil(batch.length / Math.max(options.accumulate, objective.reads === "batch" ? 1 : processes));
  const divisor = objective.divisor?.(batch) ?? batchWeight(model, batch);
  const feeds = new Map<string, HostArray>();
  const seeds: number[] = [];
  for (let i = 0; i < batch.length; i += size) {
    const draw = (name: string) => random(options.seed).split(`${name} ${step}.${i}`);
    const part = batchFeeds(model, batch.slice(i, i + size), { divisor, draw }, objective);
    for (const [name, array] of Object.entries(part)) feeds.set(`${seeds.length}.${name}`, array);
    seeds.push(
      random(options.seed)
        .split(`dropout ${step}.${i}`)
        .int(2 ** 31),
    );
  }
  return { feeds, seeds };
}

/** @throws E_DIVERGED when the loss or a gradient is not finite; nothing was updated then */
function checkedStep({ message }: Answer, step: number): { loss: number; norm: number } {
  const { loss, norm, broken } = message;
  if (typeof loss === "number" && typeof norm === "number") return { loss, norm };
  const tensor = Array.isArray(broken) ? broken[0] : undefined;
  throw new ConcordError("E_DIVERGED", {
    operation: `training step ${step}`,
    problem: "the loss or a gradient is NaN or infinite",
    got: `loss ${String(loss)}, gradient norm ${String(norm)}${tensor ? `, first in the gradient of ${String(tensor)}` : ""}`,
    hint: "lower the learning rate, lengthen the warm-up, or look for broken rows; the last checkpoint is intact",
  });
}

const evaluator = (python: PythonProcess) => ({
  run: async (feeds: Readonly<Record<string, HostArray>>) =>
    Object.fromEntries((await python.ask({ do: "predict" }, new Map(Object.entries(feeds)))).tensors),
  dispose: async () => {},
});

/** @throws E_CONFIG naming what PyTorch is not given */
function checkEngine(setup: TrainerSetup, options: TrainerOptions): void {
  const { objective, adapter } = setup;
  const faults: readonly (readonly [is: unknown, path: string, why: string])[] = [
    [
      options.privacy,
      "adapt.privacy",
      "private training runs here: its noise and its ledger are part of the guarantee",
    ],
    [setup.rollouts, "adapt.objective", "the model would answer in one place and learn in another"],
    [objective?.teacher?.(setup.model), "adapt.objective", "a teacher is run here, on every batch"],
    [setup.pruning, "compress", "weights are removed here, step by step"],
    [setup.stored, "compress", "quantisation-aware training runs here"],
    [adapter && setup.frozen && setup.frozen !== "float32", "adapt.base", "PyTorch is given the base in float32"],
    [options.gradientCheckpointing, "adapt.gradientCheckpointing", "what is computed again is part of the graph here"],
    [options.groupRobust, "adapt.mitigation.weighting", "weights that follow losses are kept here"],
    [options.proximal, "adapt", "the pull towards the round's start is computed here"],
    [options.average, "adapt.average", "averaged weights are kept here"],
    [!shared.includes(options.optimizer) && options.optimizer, "adapt", `PyTorch is asked for ${shared.join(", ")}`],
  ];
  const fault = faults.find(([is]) => Boolean(is));
  if (!fault) return;
  throw new ConcordError("E_CONFIG", {
    operation: "train with PyTorch",
    problem: `${fault[1]} does not go with adapt.engine: pytorch`,
    hint: `${fault[2]}; use adapt.engine: concord`,
    path: fault[1],
  });
}
