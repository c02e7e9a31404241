// From logits to the next token: penalties, then what may be drawn from, in the order that Transformers has. Pure: chance is given.
import type { Random } from "../base/index.ts";
import type { Generation } from "./options.ts";

/** What penalties look at: a text's tokens so far, the prompt's among them. */
export type Seen = readonly number[];
export type Penalties = Pick<Generation, "repetitionPenalty" | "noRepeatNgram">;
export type Sampling = Penalties & Pick<Generation, "temperature" | "topK" | "topP" | "minP">;

/** Changes logits in place by what has occurred; a token that may not follow gets −∞. */
export function penalise(logits: Float32Array, seen: Seen, { repetitionPenalty, noRepeatNgram }: Penalties): void {
  if (repetitionPenalty !== 1)
    for (const id of new Set(seen)) {
      const x = logits[id]!;
      logits[id] = x < 0 ? x * repetitionPenalty : x / repetitionPenalty;
    }
  if (noRepeatNgram > 0) for (const id of repeating(seen, noRepeatNgram)) logits[id] = Number.NEGATIVE_INFINITY;
}

/** Tokens that would make the last n tokens occur a second time. */
function repeating(seen: Seen, n: number): number[] {
  const start = seen.length - (n - 1); // of what the next token would complete
  if (start < 0) return [];
  const found: number[] = [];
  for (let at = 0; at + n <= seen.length; at++) {
    let same = true;
    for (let i = 0; same && i < n - 1; i++) same = seen[at + i] === seen[start + i];
    if (same) found.push(seen[at + n - 1]!);
  }
  return found;
}

/** The number of the largest value; of equal ones the first. */
export function likeliest(logits: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  return best;
}

/** Tokens that may be drawn, likeliest first, with their probabilities. @param logits after penalties */
export function candidates(
  logits: Float32Array,
  { temperature, topK, topP, minP }: Sampling,
): { ids: Int32Array; probabilities: Float64Array } {
  const top = logits[likeliest(logits)]!;
  // what lies so far below has no part in a float64 sum, and need not be sorted
  const floor = top - 745 * temperature;
  const scaled: [id: number, weight: number][] = [];
  for (let id = 0; id < logits.length; id++)
    if (logits[id]! >= floor) scaled.push([id, Math.exp((logits[id]! - top) / temperature)]);
  scaled.sort(([a, x], [b, y]) => y - x || a - b);
  let kept = topK > 0 ? scaled.slice(0, topK) : scaled;
  if (topP < 1) kept = nucleus(kept, topP);
  if (minP > 0) kept = kept.filter(([, weight]) => weight >= minP); // the first weighs 1
  const total = kept.reduce((sum, [, weight]) => sum + weight, 0);
  return {
    ids: Int32Array.from(kept, ([id]) => id),
    probabilities: Float64Array.from(kept, ([, weight]) => weight / total),
  };
}

/** The first tokens that together reach the probability, at least one. */
function nucleus(sorted: readonly [number, number][], topP: number): [number, number][] {
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let [sum, count] = [0, 0];
  while (count < sorted.length && (count === 0 || sum < topP * total)) sum += sorted[count++]![1];
  return sorted.slice(0, count);
}

/**
 * The next token of a text.
 * @param logits [V]; changed in place
 * @param rng one number of it is used where a token is drawn
 */
export function nextToken(logits: Float32Array, seen: Seen, options: Sampling, rng: Random): number {
  penalise(logits, seen, options);
  if (options.temperature === 0) return likeliest(logits);
  const { ids, probabilities } = candidates(logits, options);
  let rest = rng.float();
  for (let i = 0; i < ids.length; i++) {
    rest -= probabilities[i]!;
    if (rest < 0) return ids[i]!;
  }
  return ids.at(-1)!;
}
