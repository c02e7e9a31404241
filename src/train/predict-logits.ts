// Runs an evaluation program over examples in batches of similar lengths.
import type { HostArray } from "../base/index.ts";
import { batchingOf } from "../modalities/index.ts";
import { headFactsOf, type Model } from "../models/index.ts";
import type { Executable } from "../runtime/index.ts";
import type { Example } from "./example.ts";
import { batchFeeds } from "./feeds.ts";
import { isRowTask } from "./objectives/targets.ts";

/**
 * Logits per example; of a chained model the transitions follow, L + 2 rows. Batches are of similar lengths; the results are in the
 * order given.
 */
export async function predictLogits(
  executable: Executable,
  model: Model,
  weights: Readonly<Record<string, HostArray>>,
  examples: readonly Example[],
  batchSize: number,
): Promise<HostArray<"float32">[]> {
  const { rows } = batchingOf(model);
  const order = [...examples.keys()].sort((a, b) => rows(examples[b]!) - rows(examples[a]!) || a - b);
  const out = new Array<HostArray<"float32">>(examples.length);
  for (let i = 0; i < order.length; i += batchSize) {
    const picked = order.slice(i, i + batchSize);
    const batch = picked.map((j) => examples[j]!);
    const { logits, transitions } = await executable.run({ ...weights, ...batchFeeds(model, batch, undefined) });
    const width = logits!.shape[1]!;
    const perToken = isRowTask(model.task) || headFactsOf(model.task).of === "spans";
    let row = 0;
    for (const [k, j] of picked.entries()) {
      const count = perToken ? rows(batch[k]!) : 1;
      const own = (logits!.data as Float32Array).subarray(row * width, (row + count) * width);
      const after = (transitions?.data ?? []) as ArrayLike<number>;
      const data = new Float32Array(own.length + after.length);
      data.set(own);
      data.set(after, own.length);
      out[j] = { dtype: "float32", shape: perToken ? [data.length / width, width] : [width], data };
      row += count;
    }
  }
  return out;
}
