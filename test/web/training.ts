// One short real training run, the same on every runtime: dropout, clipping, warm-up, lazy tables, length grouping.
import { random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import type { Runtime } from "../../src/runtime/index.ts";
import { createTrainer } from "../../src/train/index.ts";
import { tinyExamples, tinyModel } from "../train/tiny.ts";

export interface ShortRun {
  readonly losses: readonly number[];
  /** All trained weights, in the model's order. */
  readonly weights: readonly number[];
}

/** 20 updates an epoch of a two-layer BERT. */
export async function shortRun(runtime: Runtime, epochs: number, threads?: number): Promise<ShortRun> {
  const model = tinyModel();
  const trainer = await createTrainer({
    model,
    weights: initialise(model, random(1)),
    runtime,
    examples: tinyExamples(160).map((e) => ({ ...e, label: e.ids[1]! < 100 ? 0 : 1 })),
    threads,
    options: { epochs, batchSize: 8, learningRate: 1e-2, warmupRatio: 0.1, grouping: "length", seed: 3 },
  });
  const losses: number[] = [];
  while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
  const weights = [...trainer.weights().values()].flatMap(({ data }) => [...data]);
  await trainer.dispose();
  return { losses, weights };
}

/** Largest difference of two lists, relative to the largest of the second. */
export function farthest(got: readonly number[], want: readonly number[]): number {
  let [worst, scale] = [got.length === want.length ? 0 : Number.POSITIVE_INFINITY, 0];
  for (const [i, x] of want.entries()) {
    worst = Math.max(worst, Math.abs(x - got[i]!));
    scale = Math.max(scale, Math.abs(x));
  }
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst / (scale || 1);
}
