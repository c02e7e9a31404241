// Kahneman–Tversky optimisation (Ethayarajh 2024, arXiv:2402.01306): single answers, each good or bad, are made likelier or less likely
// than at the start, against how far the model has moved on answers to other prompts. Knows no text.
import { maximum, mul, reshape, scalar, scope, sigmoid, stopGradient, sub, sum } from "../../graph/index.ts";
import type { Objective } from "./objective.ts";
import {
  answerFeeds,
  answerSpecs,
  exampleWeight,
  floats,
  givenNumber,
  logProbabilities,
  withRivals,
} from "./rivals.ts";
import { within } from "./settings.ts";

export interface KtoSettings {
  /** How strongly the model is held to its start, above 0: larger is stronger. Default 0.1. */
  readonly beta?: number;
}

/**
 * 1 − σ(β·(r − k)) of a good answer, 1 − σ(β·(k − r)) of a bad one; r = ln π/π₀ of the answer, k = the mean of ln π/π₀ over the batch's
 * mismatched answers, at least 0, through which no gradient flows. An example has `given.desirable` [1] (1 or 0) and
 * `given.reference` [1]; `against` is another row's answer to its prompt, with a reference of its own.
 * @throws E_CONFIG for a beta out of range, or a model that does not write
 * @example const job = { config, weights, examples, objective: { name: "kto", settings: { beta: 0.1 } } };
 */
export function kto({ beta = 0.1 }: KtoSettings = {}): Objective {
  within("beta", beta, 1e-4, 100);
  return {
    name: "kto",
    reads: "batch",
    inputs: (model) => ({
      ...answerSpecs(model, "kto"),
      reference: ["float32", ["B"]],
      sides: ["float32", ["B"]],
      others: ["float32", ["B"]],
    }),
    divisor: exampleWeight,
    feeds(batch, { model, divisor }) {
      const examples = withRivals(batch);
      const isOther = (at: number) => at >= batch.length;
      return {
        examples,
        feeds: {
          ...answerFeeds(model, examples, divisor),
          reference: floats(examples, (e) => givenNumber(e, "reference")),
          sides: floats(examples, (e, i) => (isOther(i) ? 0 : 2 * givenNumber(e, "desirable") - 1)), // +1 good, −1 bad
          others: floats(examples, (_, i) => (isOther(i) ? 1 / batch.length : 0)),
        },
      };
    },
    losses({ logits }, values) {
      return scope("kto", () => {
        const moved = sub(logProbabilities(logits!, values), values.reference!); // r [B]
        const others = sum(mul(moved, values.others!), { axes: [0] });
        const divergence = reshape(stopGradient(maximum(others, scalar(0))), [1]); // k
        return sub(1, sigmoid(mul(mul(sub(moved, divergence), values.sides!), beta)));
      });
    },
    alongside: ({ against }) => (against ? [against] : []),
  };
}
