// Learning from rewards of answers that the model wrote itself: the clipped policy gradient of groups (GRPO, Shao 2024, arXiv:2402.03300)
// and the plain one (REINFORCE, Williams 1992; leave-one-out baseline, Ahmadian 2024, arXiv:2402.14740), both held to the start by a
// divergence. Knows no text and no reward: examples bring advantages and log-probabilities. Shapes: M labelled rows, B examples.
import { type HostArray, hostArray } from "../../base/index.ts";
import {
  add,
  div,
  exp,
  maximum,
  minimum,
  mul,
  neg,
  scalar,
  scope,
  stopGradient,
  sub,
  type Value,
} from "../../graph/index.ts";
import { classLoss } from "../../nn/index.ts";
import type { Example } from "../example.ts";
import type { Objective } from "./objective.ts";
import { answerFeeds, answerSpecs, answerTokens, exampleWeight, givenNumber } from "./rivals.ts";
import { within } from "./settings.ts";
import { sumOfRows } from "./targets.ts";

export interface PolicySettings {
  /** Weight of the divergence from the start, per token, 0 … 100. Default 0.04. */
  readonly kl?: number;
  /** Divides the logits, as in drawing the answers, above 0. Default 1. */
  readonly temperature?: number;
}

export interface GrpoSettings extends PolicySettings {
  /** How far the ratio of new to old probability of a token may leave 1 before it stops counting, 0 … 1. Default 0.2. */
  readonly clip?: number;
}

/** Per token π₀/π − ln(π₀/π) − 1, which is 0 where both agree and has the divergence as its mean (Schulman 2020). */
function divergence(logP: Value, reference: Value): Value {
  const ratio = sub(reference, logP);
  return sub(sub(exp(ratio), ratio), 1);
}

/** Numbers of the labelled tokens of a batch, one after the other. @throws E_DATA where an example has not one for each */
function ofTokens(
  examples: readonly Example[],
  of: (example: Example, tokens: number) => ArrayLike<number>,
): HostArray {
  const all = examples.flatMap((e) => Array.from(of(e, answerTokens(e))));
  return hostArray("float32", [all.length], Float32Array.from(all));
}

const givenTokens = (example: Example, name: string, tokens: number): ArrayLike<number> => {
  const given = example.given?.[name];
  if (given?.length === tokens) return given;
  return Array.from({ length: tokens }, () => Number.NaN); // the step is refused as diverged, and nothing is updated
};

function policy(
  name: "grpo" | "reinforce",
  { kl = 0.04, temperature = 1 }: PolicySettings,
  /** Loss of tokens from ln π, ρ and advantages: [M] each. */
  gain: (logP: Value, ratio: Value, advantages: Value) => Value,
  /** What each token of an answer counts. */
  weight: (tokens: number) => number,
): Objective {
  within("kl", kl, 0, 100);
  within("temperature", temperature, 0.01, 100);
  return {
    name,
    reads: "example",
    inputs: (model) => ({
      ...answerSpecs(model, name),
      advantages: ["float32", ["M"]],
      ...(name === "grpo" && { old: ["float32", ["M"]] }),
      ...(kl > 0 && { reference: ["float32", ["M"]] }),
    }),
    divisor: exampleWeight,
    feeds: (examples, { model, divisor }) => ({
      examples,
      feeds: {
        ...answerFeeds(model, examples, divisor),
        "labels.weights": ofTokens(examples, (_, n) => Array.from({ length: n }, () => weight(n))),
        advantages: ofTokens(examples, (e, n) => Array.from({ length: n }, () => givenNumber(e, "advantage"))),
        ...(name === "grpo" && { old: ofTokens(examples, (e, n) => givenTokens(e, "old", n)) }),
        ...(kl > 0 && { reference: ofTokens(examples, (e, n) => givenTokens(e, "reference", n)) }),
      },
    }),
    losses: ({ logits }, values) =>
      scope(name, () => {
        const logP = neg(classLoss(temperature === 1 ? logits! : div(logits!, temperature), values.labels!)); // [M]
        const ratio = exp(sub(logP, values.old ?? stopGradient(logP))); // ρ
        const gained = gain(logP, ratio, values.advantages!);
        if (kl === 0) return sumOfRows(gained, values);
        // times ρ the gradient is that of the divergence itself (DeepSeek-V3.2, arXiv:2512.02556)
        return sumOfRows(add(gained, mul(mul(divergence(logP, values.reference!), ratio), kl)), values);
      }),
  };
}

/**
 * −min(ρ·A, clip(ρ, 1 − ε, 1 + ε)·A) + kl·ρ·D of each token, as the mean over the tokens of an answer; ρ = π/π of when it was drawn. An
 * example is a prompt and an answer whose tokens have labels, with `given.advantage` [1], and `given.old` and `given.reference` [tokens].
 * @throws E_CONFIG for settings out of range, or a model that does not write
 * @example const job = { config, weights, examples: prompts, rollouts, objective: { name: "grpo", settings: { clip: 0.2, kl: 0.04 } } };
 */
export function grpo({ clip = 0.2, ...settings }: GrpoSettings = {}): Objective {
  within("clip", clip, 0, 1);
  const gain = (_: Value, ratio: Value, advantages: Value) => {
    const clipped = minimum(maximum(ratio, scalar(1 - clip)), scalar(1 + clip));
    return neg(minimum(mul(ratio, advantages), mul(clipped, advantages)));
  };
  return policy("grpo", settings, gain, (tokens) => 1 / Math.max(1, tokens));
}

/**
 * −A·ln π + kl·D, summed over the tokens of an answer: the policy gradient itself. Examples as for {@link grpo}, without `given.old`.
 * @throws E_CONFIG for settings out of range, or a model that does not write
 * @example const job = { config, weights, examples: prompts, rollouts, objective: { name: "reinforce", settings: { kl: 0.04 } } };
 */
export const reinforce = (settings: PolicySettings = {}): Objective =>
  policy(
    "reinforce",
    settings,
    (logP, _, advantages) => neg(mul(logP, advantages)),
    () => 1,
  );
