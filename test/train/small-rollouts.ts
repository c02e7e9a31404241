// A tiny decoder that learns from rewards of its own answers, for the tests of rollouts.

import { createTrainer, type Judge, objectiveOf, type RolloutPlan, type TrainerSetup } from "../../src/train/index.ts";
import { goldenModel } from "../models/golden.ts";
import { cpuRuntime } from "../one-thread.ts";

export const { model, weights } = goldenModel("llama-lm");
const prompts = [[5, 9, 12], [7, 3], [20, 21, 22, 23], [40]].map((ids, i) => ({
  ids: Int32Array.from(ids),
  given: { row: Float32Array.of(i) },
}));
export const plan: RolloutPlan = { group: 4, maxTokens: 6, temperature: 1, ends: [2] };
/** The share of an answer's tokens below 30. */
export const small: Judge = (answers) => answers.map(({ tokens }) => tokens.filter((id) => id < 30).length / 6);

export const open = (more: Partial<TrainerSetup> = {}, name: "grpo" | "reinforce" = "grpo") =>
  createTrainer({
    model,
    weights,
    runtime: cpuRuntime,
    threads: 1,
    examples: prompts,
    objective: objectiveOf({ name, settings: { kl: 0.01 } }),
    rollouts: plan,
    judge: small,
    ...more,
    options: { epochs: 12, batchSize: 4, learningRate: 5e-3, dropout: false, weightDecay: 0, seed: 3, ...more.options },
  });
