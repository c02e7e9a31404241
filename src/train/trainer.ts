// One training run as a machine that is stepped: batches in seeded order, gradients from the runtime, updates in the store.
// Everything random is a function of (seed, step), so a saved run continues to the same bits. Owns no clock, file or thread.
import { ConcordError, type HostArray, random, shuffle } from "../base/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import { evalDim } from "../graph/index.ts";
import type { Model } from "../models/index.ts";
import type { LoraLayout } from "../nn/index.ts";
import type { CompileOptions, Executable, Runtime } from "../runtime/index.ts";
import { dropoutPool } from "./dropout-pool.ts";
import { batchFeeds, batchWeight, type Example } from "./feeds.ts";
import { stepGradients } from "./gradients.ts";
import type { Optimizer } from "./optimizer.ts";
import { adamw } from "./optimizers.ts";
import { parameterStore } from "./parameter-store.ts";
import { evaluationProgram, type LossOptions, type TrainingProgram, trainingProgram } from "./program.ts";
import { type ScheduleName, schedules } from "./schedules.ts";
import { updater } from "./updater.ts";

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
  /** Seed of order, dropout and fresh weights. Default 0. */
  readonly seed: number;
  /** Default true: rates are the model's own. */
  readonly dropout: boolean;
  /** `length` sorts within runs of 20 batches, so that attention blocks are less uneven; batches are then less mixed. Default `none`. */
  readonly grouping: "none" | "length";
  /** Optimizer instead of AdamW with the settings above. */
  readonly optimizer?: Optimizer;
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
};

export interface TrainerSetup {
  readonly model: Model;
  /** Every parameter of the model (and of the adapter) by name; copied. */
  readonly weights: ReadonlyMap<string, HostArray>;
  readonly runtime: Runtime;
  readonly examples: readonly Example[];
  /** Adapter: only its parameters and the modules it trains whole change. */
  readonly lora?: LoraLayout;
  /** How the frozen matrices are held. Default `float32`. */
  readonly frozen?: "float32" | "int8";
  readonly threads?: number;
  readonly options?: Partial<TrainerOptions>;
  /** Milliseconds of a steady clock, for the breakdown; default none. */
  readonly now?: () => number;
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
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number;
  readonly examples: number;
  readonly tokens: number;
  /** Milliseconds by part, from `now`. */
  readonly spent: { readonly batch: number; readonly run: number; readonly optimizer: number };
}

export interface Trainer {
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly step: number;
  /** One update. @throws E_DIVERGED naming step and tensor when loss or gradients are not finite; nothing is updated then */
  run(): Promise<StepReport>;
  /** Logits of examples, in their order, one row each (row tasks: one row per token, per example). */
  predict(examples: readonly Example[], batchSize?: number): Promise<HostArray<"float32">[]>;
  /** All parameters as they are now: views, valid until the next step. */
  weights(): Map<string, HostArray<"float32">>;
  save(): { tensors: Map<string, HostArray>; state: JsonRecord };
  restore(saved: { readonly tensors: ReadonlyMap<string, HostArray>; readonly state: JsonRecord }): void;
  dispose(): Promise<void>;
}

/**
 * Compiles a run. Call `run` `steps` times.
 * @throws E_MODEL where weights are missing or do not fit; E_DATA without examples
 * @example
 * const trainer = await createTrainer({ model, weights, runtime: cpuRuntime, examples });
 * while (trainer.step < trainer.steps) console.log((await trainer.run()).loss);
 */
export async function createTrainer(setup: TrainerSetup): Promise<Trainer> {
  const options: TrainerOptions = { ...defaultTrainerOptions, ...setup.options };
  const { model, runtime, lora, now = () => 0 } = setup;
  if (setup.examples.length === 0)
    throw new ConcordError("E_DATA", { operation: "train", problem: "there are no examples" });
  const trains = lora ? lora.trains : () => true;
  const extra = new Map(lora?.parameters.map((p) => [p.name, p.shape]));
  const programOptions = { ...options, trainable: trains, adapt: lora?.adapt, extra };
  const program = trainingProgram(model, programOptions);
  const optimizer =
    options.optimizer ?? adamw({ learningRate: options.learningRate, weightDecay: options.weightDecay });
  const tables = new Set(program.gradients.filter((g) => !g.dense && g.rows.length > 0).map((g) => g.parameter));
  const specs = [
    ...model.parameters.map(({ name, shape }) => ({ name, shape })),
    ...[...extra].map(([name, shape]) => ({ name, shape })),
  ];
  const trained = specs.filter((p) => trains(p.name));
  const store = parameterStore(
    trained.map((p) => ({ ...p, rows: tables.has(p.name) })),
    { slots: optimizer.stateSlots, gradients: options.accumulate > 1 ? "accumulate" : "outside" },
  );
  const bind: Record<string, NonNullable<CompileOptions["bind"]>[string]> = {};
  const fed: Record<string, HostArray> = {};
  for (const { name, shape } of specs) {
    const given = setup.weights.get(name);
    if (!given || String(given.shape) !== String(shape))
      throw new ConcordError("E_MODEL", {
        operation: "train",
        problem: `weight ${name} is ${given ? "of another shape" : "missing"}`,
        expected: `[${shape}]`,
        got: given ? `[${given.shape}]` : "nothing",
      });
    if (trains(name)) {
      store.view(name).set(given.data as Float32Array);
      fed[name] = { dtype: "float32", shape, data: store.view(name) };
    } else
      bind[name] = {
        kind: setup.frozen === "int8" && isProductWeight(name, shape, model) ? "int8" : "initializer",
        array: given,
      };
  }
  const updates = updater(store, optimizer);
  const executable = await runtime.compile(program.graph, { bind, threads: setup.threads });
  const evaluator = lazy(() =>
    runtime.compile(evaluationProgram(model, programOptions), { bind, threads: setup.threads }),
  );
  const stepsPerEpoch = Math.ceil(setup.examples.length / options.batchSize);
  const steps = stepsPerEpoch * options.epochs;
  const schedule = schedules[options.schedule]({
    learningRate: options.learningRate,
    warmupSteps: Math.round(options.warmupRatio * steps),
    trainingSteps: steps,
    minimumRatio: options.minimumRatio,
    decaySteps: Math.round(options.decayRatio * steps),
  });
  const masks = dropoutMasks(program, options.seed);
  const epochOrder = memoLast((epoch: number) => orderOf(setup.examplesOf?.(epoch) ?? setup.examples, epoch, options));
  let step = 0;

  const runPart = async (part: readonly Example[], divisor: number, salt: string) => {
    const t0 = now();
    const feeds = { ...batchFeeds(model, part, { divisor }) };
    Object.assign(feeds, masks(feeds, salt));
    for (const g of program.gradients)
      if (tables.has(g.parameter))
        for (const r of g.rows) updates.touch(g.parameter, feeds[r.index]!.data as Int32Array);
    const t1 = now();
    const results = await executable.run({ ...fed, ...feeds });
    const t2 = now();
    updates.add(stepGradients(program, results, feeds, tables));
    const weights = feeds.weights!.data as Float32Array;
    const loss = (results.losses!.data as Float32Array).reduce((sum, l, i) => sum + l * weights[i]!, 0);
    return { loss, batch: t1 - t0, run: t2 - t1, optimizer: now() - t2 };
  };

  const diverged = (what: string): never => {
    throw new ConcordError("E_DIVERGED", {
      operation: `step ${step + 1}`,
      problem: `${what} is NaN or infinite`,
      hint: "lower the learning rate, lengthen the warm-up, or look for broken rows; the last checkpoint is intact",
    });
  };

  return {
    steps,
    stepsPerEpoch,
    get step() {
      return step;
    },
    async run() {
      const epoch = Math.floor(step / stepsPerEpoch);
      const batch = epochOrder(epoch).slice(
        (step % stepsPerEpoch) * options.batchSize,
        ((step % stepsPerEpoch) + 1) * options.batchSize,
      );
      const divisor = batchWeight(model, batch);
      const size = Math.ceil(batch.length / options.accumulate);
      const spent = { batch: 0, run: 0, optimizer: 0 };
      let loss = 0;
      for (let i = 0; i < batch.length; i += size) {
        const part = await runPart(batch.slice(i, i + size), divisor, `${step}.${i}`);
        loss += part.loss;
        for (const key of ["batch", "run", "optimizer"] as const) spent[key] += part[key];
      }
      if (!Number.isFinite(loss)) diverged(`the loss (first tensor: ${updates.findNonFinite() ?? "the loss itself"})`);
      const t = now();
      const gradientNorm = updates.norm();
      if (!Number.isFinite(gradientNorm)) diverged(`the gradient of ${updates.findNonFinite()}`);
      const learningRate = schedule(step);
      const gradientScale = options.maxGradNorm > 0 ? Math.min(1, options.maxGradNorm / (gradientNorm + 1e-6)) : 1;
      updates.step({ learningRate, gradientScale });
      spent.optimizer += now() - t;
      step++;
      return {
        step,
        epoch,
        loss,
        learningRate,
        gradientNorm,
        examples: batch.length,
        tokens: batch.reduce((n, e) => n + e.ids.length, 0),
        spent,
      };
    },
    async predict(examples, batchSize = 32) {
      updates.flush();
      return predictLogits(await evaluator(), model, fed, examples, batchSize);
    },
    weights: () => {
      updates.flush();
      return new Map(specs.map(({ name }) => [name, (fed[name] ?? setup.weights.get(name)!) as HostArray<"float32">]));
    },
    save: () => {
      const { arrays, step: updaterSteps } = updates.save();
      const values = trained.map(({ name, shape }): [string, HostArray] => [
        `weights.${name}`,
        { dtype: "float32", shape, data: store.view(name) },
      ]);
      return {
        tensors: new Map([...values, ...[...arrays].map(([name, a]): [string, HostArray] => [`state.${name}`, a])]),
        state: { step, updaterSteps, optimizer: optimizer.name, seed: options.seed, steps },
      };
    },
    restore: ({ tensors, state }) => {
      if (state.steps !== steps || state.seed !== options.seed)
        throw new ConcordError("E_CONFIG", {
          operation: "resume",
          problem: "the checkpoint is of another run",
          expected: `seed ${options.seed}, ${steps} steps`,
          got: `seed ${state.seed}, ${state.steps} steps`,
        });
      const arrays = new Map(
        [...tensors].flatMap(([name, a]): [string, HostArray][] =>
          name.startsWith("state.") ? [[name.slice("state.".length), a]] : [],
        ),
      );
      for (const { name } of trained) store.view(name).set(tensors.get(`weights.${name}`)!.data as Float32Array);
      updates.restore({ optimizer: state.optimizer as string, step: state.updaterSteps as number, arrays });
      step = state.step as number;
    },
    dispose: async () => {
      await executable.dispose();
      await evaluator.dispose();
    },
  };
}

/** Logits per example. Batches are of similar lengths; the results are in the order given. */
export async function predictLogits(
  executable: Executable,
  model: Model,
  weights: Readonly<Record<string, HostArray>>,
  examples: readonly Example[],
  batchSize: number,
): Promise<HostArray<"float32">[]> {
  const order = [...examples.keys()].sort((a, b) => examples[b]!.ids.length - examples[a]!.ids.length || a - b);
  const out = new Array<HostArray<"float32">>(examples.length);
  for (let i = 0; i < order.length; i += batchSize) {
    const picked = order.slice(i, i + batchSize);
    const batch = picked.map((j) => examples[j]!);
    const { logits } = await executable.run({ ...weights, ...batchFeeds(model, batch, undefined) });
    const width = logits!.shape[1]!;
    const perToken = logits!.shape[0] !== batch.length || model.task === "token";
    let row = 0;
    for (const [k, j] of picked.entries()) {
      const count = perToken ? batch[k]!.ids.length : 1;
      out[j] = {
        dtype: "float32",
        shape: perToken ? [count, width] : [width],
        data: (logits!.data as Float32Array).slice(row * width, (row + count) * width),
      };
      row += count;
    }
  }
  return out;
}

/** Matrices that only products read: all but the embedding tables. */
const isProductWeight = (name: string, shape: readonly number[], model: Model): boolean =>
  name.endsWith(".weight") && shape.length === 2 && !Object.values(model.tokens?.tableNames ?? {}).includes(name);

/** Order of an epoch: a seeded shuffle; with `length` grouping sorted within runs of 20 batches, whose batches are shuffled again. */
function orderOf(
  examples: readonly Example[],
  epoch: number,
  { seed, grouping, batchSize }: TrainerOptions,
): Example[] {
  const rng = random(seed).split(`epoch ${epoch}`);
  const order = shuffle([...examples], rng);
  if (grouping === "none") return order;
  const span = 20 * batchSize;
  const sorted = Array.from({ length: Math.ceil(order.length / span) }, (_, i) =>
    order.slice(i * span, (i + 1) * span).sort((a, b) => b.ids.length - a.ids.length),
  ).flat();
  const batches = Array.from({ length: Math.ceil(sorted.length / batchSize) }, (_, i) =>
    sorted.slice(i * batchSize, (i + 1) * batchSize),
  );
  const last = batches.at(-1)!.length < batchSize ? batches.splice(-1) : []; // a short batch stays last, so that steps keep their size
  return [...shuffle(batches, rng), ...last].flat();
}

/** Dropout masks of a step: views of one pool per rate, each site at an offset drawn from (seed, step). */
function dropoutMasks(program: TrainingProgram, seed: number) {
  const pools = new Map<number, Float32Array>();
  const poolOf = (rate: number, atLeast: number): Float32Array => {
    const before = pools.get(rate);
    if (before && before.length >= atLeast + 65536) return before;
    const length = Math.max(2 ** 22, 2 * atLeast);
    const made = dropoutPool({ rate, length, random: random(seed).split(`pool ${rate} ${length}`) }).values;
    pools.set(rate, made);
    return made;
  };
  return (feeds: Readonly<Record<string, HostArray>>, salt: string): Record<string, HostArray> => {
    const symbols = symbolsOf(feeds);
    const rng = random(seed).split(`dropout ${salt}`);
    return Object.fromEntries(
      program.dropoutSites.map(({ name, shape, rate }) => {
        const sizes = shape.map((d) => evalDim(d, symbols));
        const count = sizes.reduce((a, b) => a * b, 1);
        const pool = poolOf(rate, count);
        const start = rng.int(Math.floor((pool.length - count) / 16) + 1) * 16;
        return [name, { dtype: "float32", shape: sizes, data: pool.subarray(start, start + count) } as HostArray];
      }),
    );
  };
}

/** Symbols that a batch binds: T rows, B examples, S longest, M wanted rows. */
function symbolsOf(feeds: Readonly<Record<string, HostArray>>): Map<string, number> {
  const slots = feeds["slots.1"]?.shape;
  return new Map([
    ["T", feeds.ids?.shape[0] ?? 0],
    ["B", slots?.[0] ?? feeds.pixels!.shape[0]!],
    ["S", slots?.[2] ?? 0],
    ["M", feeds["logits.rows"]?.shape[0] ?? 0],
  ]);
}

function lazy(make: () => Promise<Executable>) {
  let made: Promise<Executable> | undefined;
  const get = () => {
    made ??= make();
    return made;
  };
  return Object.assign(get, { dispose: async () => (await made)?.dispose() });
}

function memoLast<K, V>(make: (key: K) => V): (key: K) => V {
  let last: { key: K; value: V } | undefined;
  return (key) => {
    if (!last || last.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}
