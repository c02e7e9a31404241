// How often property and fuzz tests run: a few hundred times by default, CONCORD_FUZZ times where it is set. Tests only.
import type { Parameters } from "fast-check";

const asked = Number(process.env.CONCORD_FUZZ ?? 0);
const seed = Number(process.env.CONCORD_FUZZ_SEED ?? Date.now() % 2 ** 31);

/** Settings for a property that runs `usual` times by default; the seed is printed when runs were asked for. */
export function fuzz<T>(usual: number): Parameters<T> {
  if (asked > 0) console.info(`fuzz: ${asked} runs, seed ${seed} (CONCORD_FUZZ_SEED repeats it)`);
  return { numRuns: asked > 0 ? asked : usual, seed };
}
