// Private training bounds each example's gradient. Its length is found here in two ways: by the private step, which never makes the gradient
// of one example, and by a plain step over that example alone.
import { expect } from "vitest";
import type { HostArray } from "../../src/base/index.ts";
import type { Model } from "../../src/models/index.ts";
import { batchFeeds, type Example, stepGradients, trainingProgram } from "../../src/train/index.ts";
import { cpuRuntime } from "../one-thread.ts";

interface NamedWeights {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray>;
}

/** Norms of the examples' gradients in one private step are those of each example alone. */
export async function expectNorms({ model, weights }: NamedWeights, examples: readonly Example[]) {
  const values = Object.fromEntries(weights);
  const privately = trainingProgram(model, { dropout: false, clipping: { clip: 1, clipping: "flat" } });
  const exe = await cpuRuntime.compile(privately.graph);
  const { norms } = await exe.run({ ...values, ...batchFeeds(model, examples, {}) });
  await exe.dispose();
  const plainly = trainingProgram(model, { dropout: false });
  const one = await cpuRuntime.compile(plainly.graph);
  for (const [i, example] of examples.entries()) {
    const feeds = batchFeeds(model, [example], {});
    const got = await one.run({ ...values, ...feeds });
    const found = stepGradients(plainly, got, feeds, new Set(), (name) => weights.get(name)!.data.length);
    const alone = Math.hypot(...found.map(([, g]) => Math.hypot(...(g as Float32Array)))) / examples.length; // a share of the mean
    expect(Math.abs((norms!.data[i] as number) - alone) / alone, `example ${i}`).toBeLessThan(1e-4);
  }
  await one.dispose();
}
