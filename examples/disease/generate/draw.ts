// Draws from lists with a seeded stream.
import { type Random, shuffle } from "../../../src/base/index.ts";

/** One of the items, each as likely. */
export const pick = <T>(items: readonly T[], rng: Random): T => items[rng.int(items.length)]!;

/** One of the items by its weight. */
export function weighted<T>(items: readonly T[], weights: readonly number[], rng: Random): T {
  let left = rng.float() * weights.reduce((a, b) => a + b, 0);
  const at = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return items[at < 0 ? items.length - 1 : at]!;
}

/** Some distinct items, in random order; all of them if there are fewer. */
export const some = <T>(items: readonly T[], count: number, rng: Random): T[] =>
  shuffle([...new Set(items)], rng).slice(0, count);

/** True with a probability. */
export const chance = (probability: number, rng: Random): boolean => rng.float() < probability;
