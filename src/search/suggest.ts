// Ask and tell: the next point is a function of the study's settings and its history, so that a study goes on exactly where it stood.
import { random } from "../base/index.ts";
import type { Sampler } from "./samplers/sampler.ts";
import type { Point, Space } from "./space.ts";
import type { Trial } from "./trials.ts";

export interface SearchSettings {
  readonly space: Space;
  readonly sampler: Sampler;
  readonly seed: number;
  /** Points that are tried first, in their order. Default none. */
  readonly first?: readonly Point[];
}

/**
 * The point of the next trial, number `history.length`.
 * @param history trials in the order of their numbers, running ones too
 * @returns undefined when the sampler has no more
 * @example const point = suggest({ space, sampler: tpeSampler(), seed: 1 }, history);
 */
export const suggest = (
  { space, sampler, seed, first = [] }: SearchSettings,
  history: readonly Trial[],
): Point | undefined => first[history.length] ?? sampler(space, history, random(seed).split(`trial ${history.length}`));
