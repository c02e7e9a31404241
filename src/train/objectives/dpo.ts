// Direct preference optimisation (Rafailov 2023, arXiv:2305.18290): the answer that was chosen becomes likelier than the one that was
// rejected, measured from where the model started. Knows no text.
import { mul, neg, scope, softplus, sub } from "../../graph/index.ts";
import type { Objective } from "./objective.ts";
import {
  answerFeeds,
  answerSpecs,
  apart,
  exampleWeight,
  floats,
  givenNumber,
  logProbabilities,
  pairMatrix,
  withRivals,
} from "./rivals.ts";
import { within } from "./settings.ts";

export interface DpoSettings {
  /** How strongly the model is held to its start, above 0: larger is stronger. Default 0.1. */
  readonly beta?: number;
}

/**
 * −ln σ(β·Δ), Δ = ln π(chosen)/π₀(chosen) − ln π(rejected)/π₀(rejected). With label smoothing ε < 0.5 pairs are taken to be the
 * wrong way round with probability ε, and the loss stays unbiased: ((1 − ε)·ℓ(Δ) − ε·ℓ(−Δ))/(1 − 2ε) (Chowdhury 2024, arXiv:2403.00409). An example is the chosen answer, `against` the rejected one; both have their
 * log-probability at the start as `given.reference` [1].
 * @throws E_CONFIG for a beta out of range, or a model that does not write
 * @example const job = { config, weights, examples, objective: { name: "dpo", settings: { beta: 0.1 } } };
 */
export function dpo({ beta = 0.1 }: DpoSettings = {}): Objective {
  within("beta", beta, 1e-4, 100);
  return {
    name: "dpo",
    reads: "counterpart",
    inputs: (model) => ({
      ...answerSpecs(model, "dpo"),
      pairs: ["float32", ["B", "B"]],
      "reference.apart": ["float32", ["B"]],
    }),
    divisor: exampleWeight,
    feeds(batch, { model, divisor }) {
      const examples = withRivals(batch);
      const reference = (at: number) => givenNumber(examples[at]!, "reference");
      return {
        examples,
        feeds: {
          ...answerFeeds(model, examples, divisor),
          pairs: pairMatrix(batch.length),
          "reference.apart": floats(examples, (_, i) =>
            i < batch.length ? reference(i) - reference(batch.length + i) : 0,
          ),
        },
      };
    },
    losses({ logits }, values, { options: { labelSmoothing: smoothing = 0 } }) {
      return scope("dpo", () => {
        const moved = sub(apart(values.pairs!, logProbabilities(logits!, values)), values["reference.apart"]!); // Δ [B]
        const z = mul(moved, beta);
        const right = softplus(neg(z));
        if (smoothing === 0) return right;
        within("labelSmoothing", smoothing, 0, 0.49);
        return mul(sub(mul(right, 1 - smoothing), mul(softplus(z), smoothing)), 1 / (1 - 2 * smoothing));
      });
    },
    alongside: ({ against }) => (against ? [against] : []),
  };
}
