// A round at a member: trains on its own rows from the round's weights, with fresh optimizer state, and gives what changed.
import { join } from "node:path";
import { ConcordError, type HostArray, random, shuffle } from "../base/index.ts";
import type { Proposal } from "../federated/index.ts";
import type { Model } from "../models/index.ts";
import { adapterDeltas, initialiseAdapter } from "../nn/index.ts";
import { ledgerPath, objectiveFor, stepOptions } from "../stages/index.ts";
import { type Example, type PrivacyOptions, type TrainerOptions, type TrainingJob, unitCount } from "../train/index.ts";
import type { DataLedger } from "../train/node/data-ledger.ts";
import type { TrainingThread } from "../train/node/thread.ts";
import type { studyRecipe } from "./study-recipe.ts";
import type { MemberWorkOptions } from "./types.ts";
import { adapterOf, differences, withVector } from "./vector.ts";

type Weights = ReadonlyMap<string, HostArray<"float32">>;

/** What does not change from round to round. */
export interface LocalTraining {
  readonly recipe: ReturnType<typeof studyRecipe>;
  readonly proposal: Proposal;
  readonly model: Model;
  readonly start: Weights;
  readonly examples: readonly Example[];
  /** With the noise that all rounds together ask for. */
  readonly privacy?: PrivacyOptions;
  /** Where the member's rows have their ledger. */
  readonly data?: DataLedger;
  /** Trains round after round. */
  readonly thread: TrainingThread;
  readonly options: Pick<MemberWorkOptions, "folder" | "threads" | "rank" | "onEvent" | "signal">;
}

/** The learning rate of a round: all of it in the first, a tenth in the last where it decays. */
export function roundRate({ adapt, together: { decay, rounds } }: LocalTraining["recipe"], round: number): number {
  if (decay === "none" || rounds === 1) return adapt.learningRate;
  const gone = Math.min(1, (round - 1) / (rounds - 1));
  return adapt.learningRate * (1 - 0.9 * gone);
}

/**
 * The rows of a round that has fewer steps than an epoch: rounds walk through the member's rows, in a fresh order each time it has seen all.
 * @returns row numbers, without repeats within an epoch
 * @example rowsOfRound({ rows: 5, perRound: 2, round: 3, seed: 7 }) // the fifth of one order, then the first of the next
 */
export function rowsOfRound(given: {
  readonly rows: number;
  readonly perRound: number;
  readonly round: number;
  readonly seed: number;
}): Int32Array {
  const { rows, perRound, round, seed } = given;
  const orders = new Map<number, Int32Array>();
  const order = (epoch: number) => {
    const known =
      orders.get(epoch) ??
      shuffle(
        Int32Array.from({ length: rows }, (_, i) => i),
        random(`rounds ${seed} ${epoch}`),
      );
    orders.set(epoch, known);
    return known;
  };
  return Int32Array.from({ length: perRound }, (_, i) => {
    const at = (round - 1) * perRound + i;
    return order(Math.floor(at / rows))[at % rows]!;
  });
}

/** The settings of a member's trainer in a round. */
export function roundOptions({ recipe, privacy }: LocalTraining, round: number): Partial<TrainerOptions> {
  const { adapt, together, seed } = recipe;
  const { weighting, stepSize } = adapt.mitigation;
  const plain = together.optimizer === "sgd";
  const { name, proximal } = together.strategy;
  return {
    epochs: together.steps === undefined ? adapt.epochs : 1,
    batchSize: adapt.batchSize,
    learningRate: roundRate(recipe, round),
    schedule: adapt.warmupRatio > 0 ? "constant_with_warmup" : "constant",
    warmupRatio: adapt.warmupRatio,
    weightDecay: adapt.weightDecay,
    labelSmoothing: adapt.labelSmoothing,
    optimizer: together.optimizer,
    ...(plain && { maxGradNorm: 0 }),
    ...(name === "fedprox" && proximal > 0 && { proximal }),
    ...(adapt.layerDecay !== undefined && { layerDecay: adapt.layerDecay }),
    ...stepOptions(adapt),
    groupRobust: weighting === "group-robust" ? stepSize : undefined,
    seed: seed + round, // a round's order and dropout are not those of the round before
    ...(privacy && { privacy }),
  };
}

/**
 * Trains and gives differences to the round's weights by part.
 * @throws E_CONFIG where the privacy budget does not cover the round, before any step; E_INTERRUPTED after an abort
 */
export async function trainRound(
  local: LocalTraining,
  round: number,
  vector: Float32Array,
): Promise<Record<string, Float32Array>> {
  const { recipe, proposal, model, start, privacy, options } = local;
  const before = withVector(proposal, start, vector);
  const layout = adapterOf(recipe, model, options.rank);
  const fresh = layout ? initialiseAdapter(layout, random(recipe.seed).split(`round ${round}`)) : [];
  const settings = roundOptions(local, round);
  const examples = examplesOfRound(local, round);
  const job: TrainingJob = {
    config: model.config,
    weights: new Map<string, HostArray>([...before, ...fresh]),
    examples,
    adapter: layout?.options,
    frozen: layout && recipe.adapt.base,
    frozenLayers: recipe.adapt.freezeLayers,
    threads: options.threads ?? recipe.adapt.threads,
    objective: objectiveFor(recipe),
    options: settings,
    checkpointEvery:
      Math.ceil((privacy ? unitCount(examples) : examples.length) / settings.batchSize!) * settings.epochs!, // charged as a whole, or not begun
  };
  const after = await trained(local, round, job, await vectorDigest(vector));
  if (!layout) return differences(proposal, before, after);
  const products = adapterDeltas(layout, (name) => after.get(name)!);
  return { ...differences(proposal, before, after), ...Object.fromEntries(products) };
}

function examplesOfRound({ examples, recipe: { adapt, together, seed } }: LocalTraining, round: number) {
  if (together.steps === undefined) return examples;
  const perRound = together.steps * adapt.batchSize;
  return Array.from(rowsOfRound({ rows: examples.length, perRound, round, seed }), (row) => examples[row]!);
}

/** A private round has a folder for its key and its last step, so that a restart replays its noise and is charged once. */
async function trained(
  { options: { folder, onEvent, signal }, privacy, data, thread }: LocalTraining,
  round: number,
  job: TrainingJob,
  model: string,
): Promise<Weights> {
  let steps = 0;
  const result = await thread.run(job, {
    ...(privacy && {
      folder: join(folder, "rounds", `${round}-${model.slice(0, 16)}`),
      ledger: ledgerPath(folder),
      data,
    }),
    signal,
    onEvent: (event) => {
      if (event.kind === "start") steps = event.steps;
      if (event.kind === "warning") onEvent?.({ kind: "warning", text: event.message });
      if (event.kind === "step") onEvent?.({ kind: "step", round, step: event.step, steps, loss: event.loss });
      if (event.kind === "privacy") onEvent?.({ kind: "privacy", round, epsilon: event.epsilon, delta: event.delta });
    },
  });
  if (result.finished) return result.weights;
  throw new ConcordError("E_INTERRUPTED", {
    operation: "take part in a round",
    problem: `stopped after step ${result.step} of round ${round}`,
    hint: "start again: the round is done anew, and a private one is charged once",
    path: folder,
  });
}

/** SHA-256 of a flat vector. */
export const vectorDigest = async (vector: Float32Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", vector as Float32Array<ArrayBuffer>)).toString("hex");
