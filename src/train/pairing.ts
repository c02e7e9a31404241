// Batches for counterfactual logit pairing (Garg 2019, arXiv:1809.10610): a text and the same text about somebody else are run
// together. Knows token ids; not what a counterfactual is. The distance is pair-distance.ts's.
import { type HostArray, hostArray, type Random } from "../base/index.ts";
import type { Example } from "./feeds.ts";

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
    return [{ at, other: { ...example, types: undefined, ...other, weight: 0 } as Example }];
  });
  const size = batch.length + drawn.length;
  const pairs = new Float32Array(size * size);
  for (const [k, { at }] of drawn.entries()) {
    pairs[at * size + at] = 1;
    pairs[at * size + batch.length + k] = -1;
  }
  return { examples: [...batch, ...drawn.map((d) => d.other)], pairs: hostArray("float32", [size, size], pairs) };
}
