// The order in which an epoch visits its examples: a function of (seed, epoch).
import { random, shuffle } from "../base/index.ts";
import type { Example } from "./example.ts";
import type { TrainerOptions } from "./trainer-options.ts";

/** Order of an epoch: a seeded shuffle; with `length` grouping sorted within runs of 20 batches, whose batches are shuffled again. @param rows length of an example */
export function epochOrder(
  examples: readonly Example[],
  epoch: number,
  { seed, grouping, batchSize }: Pick<TrainerOptions, "seed" | "grouping" | "batchSize">,
  rows: (example: Example) => number,
): Example[] {
  const rng = random(seed).split(`epoch ${epoch}`);
  const order = shuffle([...examples], rng);
  if (grouping === "none") return order;
  const span = 20 * batchSize;
  const sorted = Array.from({ length: Math.ceil(order.length / span) }, (_, i) =>
    order.slice(i * span, (i + 1) * span).sort((a, b) => rows(b) - rows(a)),
  ).flat();
  const batches = Array.from({ length: Math.ceil(sorted.length / batchSize) }, (_, i) =>
    sorted.slice(i * batchSize, (i + 1) * batchSize),
  );
  const last = batches.at(-1)!.length < batchSize ? batches.splice(-1) : []; // a short batch stays last, so that steps keep their size
  return [...shuffle(batches, rng), ...last].flat();
}
