// Odds ratio preference optimisation (Hong 2024, arXiv:2403.07691): the chosen answer is learned, and its odds are raised over those of
// the rejected one. No reference model. Knows no text.
import { add, div, exp, log, minimum, mul, neg, scalar, scope, softplus, sub, type Value } from "../../graph/index.ts";
import type { Objective } from "./objective.ts";
import {
  answerFeeds,
  answerSpecs,
  answerTokens,
  apart,
  exampleWeight,
  floats,
  logProbabilities,
  pairMatrix,
  withRivals,
} from "./rivals.ts";
import { within } from "./settings.ts";

export interface OrpoSettings {
  /** Weight of the odds ratio beside the likelihood, 0 … 100. Default 0.1. */
  readonly beta?: number;
}

/** ln(p/(1 − p)) from ln p, a mean over tokens; certain answers count as 1 − 10⁻⁶. */
function logOdds(logP: Value): Value {
  const below = minimum(logP, scalar(-1e-6));
  return sub(below, log(sub(1, exp(below))));
}

/**
 * −ln p(chosen) − β·ln σ(ln odds(chosen) − ln odds(rejected)), both as means over the tokens of the answer. The likelihood is that of the
 * answer alone, as in the paper. An example is the chosen answer, `against` the rejected one.
 * @throws E_CONFIG for a beta out of range, or a model that does not write
 * @example const job = { config, weights, examples, objective: { name: "orpo", settings: { beta: 0.1 } } };
 */
export function orpo({ beta = 0.1 }: OrpoSettings = {}): Objective {
  within("beta", beta, 0, 100);
  return {
    name: "orpo",
    reads: "counterpart",
    inputs: (model) => ({
      ...answerSpecs(model, "orpo"),
      pairs: ["float32", ["B", "B"]],
      "answer.tokens": ["float32", ["B"]],
    }),
    divisor: exampleWeight,
    feeds(batch, { model, divisor }) {
      const examples = withRivals(batch);
      return {
        examples,
        feeds: {
          ...answerFeeds(model, examples, divisor),
          pairs: pairMatrix(batch.length),
          "answer.tokens": floats(examples, (e) => Math.max(1, answerTokens(e))),
        },
      };
    },
    losses({ logits }, values) {
      return scope("orpo", () => {
        const logP = div(logProbabilities(logits!, values), values["answer.tokens"]!); // [B]
        const ratio = apart(values.pairs!, logOdds(logP));
        return add(neg(logP), mul(softplus(neg(ratio)), beta));
      });
    },
    alongside: ({ against }) => (against ? [against] : []),
  };
}
