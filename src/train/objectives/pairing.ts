// Batches for counterfactual logit pairing (Garg 2019, arXiv:1809.10610): a text and the same text about somebody else are run
// together. Knows token ids; not what a counterfactual is. The distance is pair-distance.ts's.
import { ConcordError, type HostArray, hostArray, type Random } from "../../base/index.ts";
import { add, mul, scope } from "../../graph/index.ts";
import { type Example, withInput } from "../example.ts";
import type { Objective } from "./objective.ts";
import { pairDistance } from "./pair-distance.ts";
import { targetFeeds, targetLosses, targetSpecs } from "./targets.ts";

/** A batch with the counterparts that were drawn for it. */
export interface PairedBatch {
  /** The examples, then the counterparts: these have weight 0, for nobody gave them a label. */
  readonly examples: readonly Example[];
  /** [B, B]: a row of an example that has a counterpart is +1 at itself and −1 at that; all other rows are 0. */
  readonly pairs: HostArray<"float32">;
}

/**
 * One counterpart for each example that has some, drawn evenly, as the expectation in the paper asks.
 * @param rng the draw of this step
 */
export function withCounterparts(batch: readonly Example[], rng: Random): PairedBatch {
  const drawn = batch.flatMap(({ counterparts, ...example }, at) => {
    if (!counterparts?.length) return [];
    const other = counterparts[rng.int(counterparts.length)]!;
    return [{ at, other: withInput({ ...example, weight: 0 }, other) }];
  });
  const size = batch.length + drawn.length;
  const pairs = new Float32Array(size * size);
  for (const [k, { at }] of drawn.entries()) {
    pairs[at * size + at] = 1;
    pairs[at * size + batch.length + k] = -1;
  }
  return { examples: [...batch, ...drawn.map((d) => d.other)], pairs: hostArray("float32", [size, size], pairs) };
}

/**
 * Learning from targets, and from how far each example's logits lie from its counterpart's. Whole texts only.
 * @param settings `strength`: weight λ of the distance, 0 … 1000
 * @throws E_CONFIG for a strength out of range
 */
export function pairing({ strength }: { readonly strength: number }): Objective {
  if (!(strength >= 0 && strength <= 1e3))
    throw new ConcordError("E_CONFIG", {
      operation: "training options",
      problem: "pairing is wrong",
      expected: "a number from 0 to 1000",
      got: String(strength),
    });
  return {
    name: "pairing",
    reads: "counterpart",
    inputs: (model) => ({ ...targetSpecs(model), pairs: ["float32", ["B", "B"]] }),
    feeds(batch, context) {
      const { examples, pairs } = withCounterparts(batch, context.draw("pairs"));
      return { examples, feeds: { ...targetFeeds(context.model, examples, context), pairs } };
    },
    losses(outputs, values, { model, options }) {
      const losses = targetLosses(model, outputs, values, options);
      return scope("pairs", () => add(losses, mul(pairDistance(model.task, outputs.logits!, values.pairs!), strength)));
    },
    alongside: ({ counterparts = [] }) => counterparts,
  };
}
