// A reward model from pairs (Bradley & Terry 1952; Ouyang 2022, arXiv:2203.02155): the text that was chosen scores higher than the one
// that was rejected. Knows no text.
import { ConcordError } from "../../base/index.ts";
import { add, matmul, mul, neg, reshape, scope, softplus } from "../../graph/index.ts";
import { headFactsOf } from "../../models/index.ts";
import type { Objective } from "./objective.ts";
import { apart, exampleWeight, floats, pairMatrix, withRivals } from "./rivals.ts";
import { within } from "./settings.ts";

export interface RankingSettings {
  /** Weight of the squared sum of both scores, which holds them around 0 (Eisenstein 2023, arXiv:2312.09244), 0 … 100. Default 0. */
  readonly centre?: number;
}

/**
 * −ln σ(s(chosen) − s(rejected)) + centre·(s(chosen) + s(rejected))². An example is the chosen text, `against` the rejected one.
 * @throws E_CONFIG for a weight out of range, or a model without a head for one number
 * @example const job = { config, weights, examples, objective: { name: "ranking", settings: {} } };
 */
export function ranking({ centre = 0 }: RankingSettings = {}): Objective {
  within("centre", centre, 0, 100);
  return {
    name: "ranking",
    reads: "counterpart",
    inputs: ({ task, labels }) => {
      const { of, loss } = headFactsOf(task);
      if (of !== "inputs" || loss !== "squared" || (labels?.names.length ?? 1) !== 1)
        throw new ConcordError("E_CONFIG", {
          operation: "training options",
          problem: "a reward model gives one number for a text",
          expected: "regression with one output",
          got: `${task} with ${labels?.names.length ?? 1} outputs`,
          path: "objective",
        });
      return { weights: ["float32", ["B"]], pairs: ["float32", ["B", "B"]] };
    },
    divisor: exampleWeight,
    feeds(batch, { divisor = exampleWeight(batch) }) {
      const examples = withRivals(batch);
      return {
        examples,
        feeds: { weights: floats(examples, (e) => (e.weight ?? 1) / divisor), pairs: pairMatrix(batch.length) },
      };
    },
    losses({ logits }, { pairs }) {
      return scope("ranking", () => {
        const scores = reshape(logits!, ["B"]);
        const losses = softplus(neg(apart(pairs!, scores)));
        if (centre === 0) return losses;
        const both = reshape(matmul(mul(pairs!, pairs!), reshape(scores, ["B", 1])), ["B"]); // 1 at both of a pair
        return add(losses, mul(mul(both, both), centre));
      });
    },
    alongside: ({ against }) => (against ? [against] : []),
  };
}
