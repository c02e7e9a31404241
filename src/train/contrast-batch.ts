// The feeds of contrast.ts for a batch: the examples with their counterparts, and who is compared with whom.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import { lowest } from "../nn/index.ts";
import type { Example } from "./feeds.ts";

/** What a hidden comparison gets: far below every cosine over its temperature, and finite. */
const hidden = lowest / 4;

/** Texts of one group are no strangers to each other: they are not compared, but for partners. */
const isSameGroup = (a: Example, b: Example): boolean => a.group !== undefined && a.group === b.group;

/** A batch with the second part of each text: examples, then their counterparts in the same order, half a weight each. */
export function contrastBatch(batch: readonly Example[]): { examples: Example[]; feeds: Record<string, HostArray> } {
  const others = batch.map(({ counterparts, ...example }): Example => {
    if (counterparts?.length) return { ...example, types: undefined, ...counterparts[0]! };
    throw new ConcordError("E_DATA", { operation: "contrast", problem: "an example has no counterpart" });
  });
  const examples = [...batch, ...others].map((e) => ({ ...e, weight: (e.weight ?? 1) / 2 }));
  const [half, size] = [batch.length, examples.length];
  const apart = new Float32Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      if (i === j || (isSameGroup(examples[i]!, examples[j]!) && Math.abs(i - j) !== half))
        apart[i * size + j] = hidden;
  return {
    examples,
    feeds: {
      partners: hostArray(
        "int32",
        [size],
        Int32Array.from({ length: size }, (_, i) => (i + half) % size),
      ),
      apart: hostArray("float32", [size, size], apart),
    },
  };
}
