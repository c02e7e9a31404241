// Runs a loss program over examples: of a head over a vocabulary nobody wants the logits, which are as many as words times tokens.
import type { HostArray } from "../base/index.ts";
import { batchingOf } from "../modalities/index.ts";
import type { Model } from "../models/index.ts";
import type { Executable } from "../runtime/index.ts";
import type { Example } from "./example.ts";
import { batchFeeds } from "./feeds.ts";

/** Logits that one run may hold: 256 MB in float32. */
const mostLogits = 2 ** 26;

/** The sum of the losses of each example's targets, [1], in the order given. @param executable of `lossProgram` */
export async function predictLosses(
  executable: Executable,
  model: Model,
  weights: Readonly<Record<string, HostArray>>,
  examples: readonly Example[],
): Promise<HostArray<"float32">[]> {
  const { rows } = batchingOf(model);
  const order = [...examples.keys()].sort((a, b) => rows(examples[b]!) - rows(examples[a]!) || a - b);
  const out = new Array<HostArray<"float32">>(examples.length);
  for (let i = 0; i < order.length; ) {
    const longest = rows(examples[order[i]!]!);
    const count = Math.max(1, Math.floor(mostLogits / (longest * model.tokens!.vocabulary)));
    const picked = order.slice(i, i + Math.min(32, count));
    const batch = picked.map((j) => ({ ...examples[j]!, weight: 1 }));
    const { losses } = await executable.run({ ...weights, ...batchFeeds(model, batch, { divisor: 1 }) });
    for (const [k, j] of picked.entries())
      out[j] = { dtype: "float32", shape: [1], data: (losses!.data as Float32Array).slice(k, k + 1) };
    i += picked.length;
  }
  return out;
}
