// Two trainers in two worker threads of one process at once: no crash, and each run's weights are those of the run alone.
import { expect, test } from "vitest";
import type { TrainingJob } from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { tinyJob } from "./tiny.ts";

/** How long the pairs run; CI gives a minute. */
const soakSeconds = Number(process.env.CONCORD_SOAK_SECONDS ?? 1);

// unlike in length, threads, optimizer and what is trained, so that the two meet at ever other moments
const jobs: readonly TrainingJob[] = [
  tinyJob({ epochs: 2 }),
  { ...tinyJob({ epochs: 1, seed: 9, optimizer: "lion", learningRate: 1e-4, batchSize: 5 }), threads: 2 },
];

async function finalWeights(job: TrainingJob): Promise<Map<string, Uint8Array>> {
  const result = await train(job);
  if (!result.finished) throw new Error(`stopped at step ${result.step}`);
  // bytes, so that equal means equal bits: a NaN equals itself, 0 is not −0
  return new Map([...result.weights].map(([name, { data }]) => [name, new Uint8Array(data.slice().buffer)]));
}

test(
  `two trainers at once for ${soakSeconds} s give the bits of each alone`,
  async () => {
    const alone = [await finalWeights(jobs[0]!), await finalWeights(jobs[1]!)];
    expect(alone[0]).not.toEqual(alone[1]);
    const end = performance.now() + soakSeconds * 1000;
    const chain = async (k: number): Promise<number> => {
      let runs = 0;
      do {
        expect(await finalWeights(jobs[k]!), `run ${runs} of trainer ${k}`).toEqual(alone[k]);
        runs++;
      } while (performance.now() < end);
      return runs;
    };
    const runs = await Promise.all([chain(0), chain(1)]);
    console.log(`${runs[0]} and ${runs[1]} runs side by side`);
  },
  (soakSeconds + 60) * 1000,
);
