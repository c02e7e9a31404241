// Triplets: a text is nearer to the one that belongs to it than to one that does not, by a margin (Schroff 2015, arXiv:1503.03832).
// Knows token ids; the vectors are the model's outputs.
import { ConcordError, hostArray } from "../../base/index.ts";
import { add, gather, mul, relu, scope, sub, sum } from "../../graph/index.ts";
import { normalize } from "../../nn/index.ts";
import { withInput } from "../example.ts";
import type { Objective } from "./objective.ts";
import { targetSpecs } from "./targets.ts";

/** Settings of triplets. */
export interface TripletSettings {
  /** How much nearer, in cosine distance, 0 … 2. Default 0.5. */
  readonly margin?: number;
}

/** max(0, cos(a, n) − cos(a, p) + margin) of each example; its own text, second and stranger are run together. @throws E_CONFIG for a margin out of range */
export function triplet({ margin = 0.5 }: TripletSettings = {}): Objective {
  if (!(margin >= 0 && margin <= 2))
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "triplet.margin is wrong",
      expected: "a number from 0 to 2",
      got: String(margin),
    });
  return {
    name: "triplet",
    reads: "counterpart",
    inputs: (model) => ({ ...targetSpecs(model), seconds: ["int32", ["B"]], strangers: ["int32", ["B"]] }),
    feeds(batch, { divisor = batch.reduce((sum, e) => sum + (e.weight ?? 1), 0) }) {
      const others = [0, 1].map((which) =>
        batch.map(({ counterparts, ...example }, at) => {
          const one = counterparts?.[which];
          if (one) return withInput({ ...example, weight: 0 }, one);
          throw new ConcordError("E_DATA", {
            operation: "triplet",
            problem: `example ${at} has no ${which ? "text that does not belong to it" : "second text"}`,
          });
        }),
      );
      const examples = [...batch, ...others.flat()];
      const size = batch.length;
      const rows = (which: number) => Int32Array.from(examples, (_, i) => (i < size ? i + which * size : i));
      const weights = Float32Array.from(examples, (e) => (e.weight ?? 1) / divisor);
      return {
        examples,
        feeds: {
          seconds: hostArray("int32", [examples.length], rows(1)),
          strangers: hostArray("int32", [examples.length], rows(2)),
          weights: hostArray("float32", [examples.length], weights),
        },
      };
    },
    losses: ({ logits }, { seconds, strangers }) =>
      scope("triplet", () => {
        const texts = normalize(logits!); // [B, H]
        const near = (index: typeof seconds) => sum(mul(texts, gather(texts, index!)), { axes: [1] });
        return relu(add(sub(near(strangers), near(seconds)), margin));
      }),
    alongside: ({ counterparts = [] }) => counterparts,
  };
}
