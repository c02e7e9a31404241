// One private step: a sampled batch, its gradients clipped example by example inside the graph and summed over runs, noise once, and
// the mean by the expected size of a batch. Everything random comes from the key stream at this step: a replay gives the same bits.
import { ConcordError, type HostArray } from "../base/index.ts";
import type { Model } from "../models/index.ts";
import type { ParameterStore, Updater } from "../optimizers/index.ts";
import { fixedBatch, type NoiseSource, oneOfEach, poissonBatch } from "../privacy/index.ts";
import type { Executable } from "../runtime/index.ts";
import { addNoise } from "./add-noise.ts";
import type { dropoutMasks } from "./dropout-masks.ts";
import type { Example } from "./example.ts";
import { batchFeeds } from "./feeds.ts";
import type { Objective } from "./objectives/objective.ts";
import type { PrivatePlan } from "./private-options.ts";
import type { TrainingProgram } from "./program.ts";
import type { TrainedParameters } from "./trained-parameters.ts";
import { examplesByUnit } from "./units.ts";

/** What private steps work with. */
export interface PrivateSetup {
  readonly objective: Objective;
  readonly model: Model;
  readonly plan: PrivatePlan;
  readonly noise: NoiseSource;
  readonly program: TrainingProgram;
  readonly parameters: TrainedParameters;
  readonly executable: Executable;
  readonly updates: Updater;
  readonly masks: ReturnType<typeof dropoutMasks>;
  now(): number;
}

/**
 * Examples of a step: each unit with the sampling rate; of a unit one example, drawn anew at each step, so that one clipped gradient is all that a
 * unit adds to a sum, however many examples are its own (user-level sampling with one example: Charles 2024, arXiv:2407.07737).
 * @param byUnit kept by who draws from the same examples again and again
 */
export function sampledBatch(
  { plan, noise }: Pick<PrivateSetup, "plan" | "noise">,
  examples: readonly Example[],
  step: number,
  byUnit = examplesByUnit,
): Example[] {
  const { sampling, sampleRate } = plan.mechanism;
  const units = byUnit(examples);
  const chosen =
    sampling === "poisson"
      ? poissonBatch(noise, step, units.length, sampleRate)
      : fixedBatch(noise, step, units.length, Math.round(sampleRate * units.length));
  const own = chosen.map((i) => units[i]!);
  const drawn = oneOfEach(
    noise,
    step,
    own.map(({ length }) => length),
  );
  return own.map((numbers, i) => examples[numbers[drawn[i]!]!]!);
}

/**
 * Gives the updater the noisy sum of clipped gradients of a batch (which may be empty).
 * @returns mean loss (0 for an empty batch; it has no guarantee), and what `gradientScale` makes the sum a mean
 */
export async function privateGradients(setup: PrivateSetup, batch: readonly Example[], step: number) {
  const { model, objective, plan, parameters, executable, masks, now } = setup;
  const { store, fed } = parameters;
  const { microBatch } = plan.options;
  const spent = { batch: 0, masks: 0, run: 0, optimizer: 0 };
  const { gradients } = setup.program;
  for (const each of gradients) if (!batch.length || each.rows.length || !each.dense) clear(store, each.parameter);
  let loss = 0;
  for (let i = 0; i < batch.length; i += microBatch) {
    const t0 = now();
    const feeds = batchFeeds(model, batch.slice(i, i + microBatch), { perExample: true }, objective);
    const tMasks = now();
    Object.assign(feeds, masks(feeds, `${step}.${i}`));
    const t1 = now();
    const results = await executable.run({ ...fed, ...feeds });
    const t2 = now();
    addToStore(gradients, store, results, feeds, i === 0);
    const weights = feeds.weights!.data as Float32Array;
    loss += (results.losses!.data as Float32Array).reduce((sum, l, b) => sum + l * weights[b]!, 0);
    spent.batch += t1 - t0;
    spent.masks += t1 - tMasks;
    spent.run += t2 - t1;
    spent.optimizer += now() - t2;
  }
  const t = now();
  const { noiseMultiplier, clip, draws = 1 } = plan.mechanism;
  addNoise(store, parameters.trained, setup.noise, { deviation: noiseMultiplier * clip, draws }, step);
  setup.updates.add(parameters.trained.map((name) => [name, store.gradient(name)]));
  spent.optimizer += now() - t;
  const { sampleRate, examples } = plan.mechanism;
  return { loss: batch.length ? loss / batch.length : 0, spent, gradientScale: 1 / (sampleRate * examples) };
}

function clear(store: ParameterStore, parameter: string): void {
  const { offset, size } = store.parameter(parameter).gradient!;
  store.kernels.fill(offset, size, 0);
}

/** Adds a run's gradients, dense or by row, to the store's segments; what is only dense is not cleared before and starts with the first run. */
function addToStore(
  gradients: TrainingProgram["gradients"],
  store: ParameterStore,
  results: Readonly<Record<string, HostArray>>,
  feeds: Readonly<Record<string, HostArray>>,
  first: boolean,
): void {
  for (const { parameter, dense, rows } of gradients) {
    const { offset } = store.parameter(parameter).gradient!;
    if (dense && first && rows.length === 0) store.gradient(parameter).set(results[dense]!.data as Float32Array);
    else if (dense)
      store.stage(results[dense]!.data as Float32Array, (from, start, count) =>
        store.kernels.axpy(offset + start * 4, from, count, 1),
      );
    for (const { output, index, skipId } of rows) {
      const ids = feeds[index]!.data as Int32Array;
      const data = results[output]!.data as Float32Array;
      if (skipId !== undefined) dropRows(ids, data, skipId);
      store.scatterRows(parameter, ids, data, 1);
    }
  }
}

/** Sets the rows that do not count to 0. */
function dropRows(ids: Int32Array, rows: Float32Array, skipId: number): void {
  const width = rows.length / Math.max(1, ids.length);
  for (const [i, id] of ids.entries()) if (id === skipId) rows.fill(0, i * width, (i + 1) * width);
}

/** @throws E_CONFIG for private training without a source of noise */
export function checkedNoise(noise: NoiseSource | undefined): NoiseSource {
  if (noise) return noise;
  throw new ConcordError("E_CONFIG", {
    operation: "private training",
    problem: "there is no key to draw noise from",
    hint: "give the run a folder for its checkpoints and its key",
  });
}
