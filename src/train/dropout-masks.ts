// Dropout masks as views of large seeded pools: a function of (seed, step), at no cost per step.
import { type HostArray, random } from "../base/index.ts";
import { evalDim } from "../graph/index.ts";
import { dropoutPool } from "./dropout-pool.ts";
import type { TrainingProgram } from "./program.ts";

/** Dropout masks of a step: views of one pool per rate, each site at an offset drawn from (seed, step). */
export function dropoutMasks(program: TrainingProgram, seed: number) {
  const pools = new Map<string, Float32Array>();
  // which pool a site reads is a function of its size, not of what ran before: a resumed run must draw the same masks
  const poolOf = (rate: number, count: number): Float32Array => {
    const length = Math.max(2 ** 22, 2 ** Math.ceil(Math.log2(2 * count + 1)));
    const key = `pool ${rate} ${length}`;
    const pool = pools.get(key) ?? dropoutPool({ rate, length, random: random(seed).split(key) }).values;
    pools.set(key, pool);
    return pool;
  };
  return (feeds: Readonly<Record<string, HostArray>>, salt: string): Record<string, HostArray> => {
    const symbols = symbolsOf(feeds);
    const rng = random(seed).split(`dropout ${salt}`);
    return Object.fromEntries(
      program.dropoutSites.map(({ name, shape, rate }) => {
        const sizes = shape.map((d) => evalDim(d, symbols));
        const count = sizes.reduce((a, b) => a * b, 1);
        const pool = poolOf(rate, count);
        const start = rng.int(Math.floor((pool.length - count) / 16) + 1) * 16;
        return [name, { dtype: "float32", shape: sizes, data: pool.subarray(start, start + count) } as HostArray];
      }),
    );
  };
}

/** Symbols that a batch binds: T rows, B examples, S longest, M wanted rows. */
export function symbolsOf(feeds: Readonly<Record<string, HostArray>>): Map<string, number> {
  const slots = feeds["slots.1"]?.shape;
  return new Map([
    ["T", feeds.ids?.shape[0] ?? 0],
    ["B", slots?.[0] ?? Object.values(feeds)[0]!.shape[0]!], // an array for each example
    ["S", slots?.[2] ?? 0],
    ["M", feeds["logits.rows"]?.shape[0] ?? 0],
  ]);
}
