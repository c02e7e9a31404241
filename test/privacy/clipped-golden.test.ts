// Per-example norms and sums of clipped gradients against Opacus, from one backward pass.
import { describe, expect, test } from "vitest";
import { goldenJson } from "../golden.ts";
import { examplesOf } from "../models/examples.ts";
import { goldenModel, relativeError, tensorsOf } from "../models/golden.ts";
import { runtimes } from "../runtimes.ts";
import { clippedTogether } from "./clipped.ts";

const golden = goldenJson<{
  norms: number[];
  clipping: Record<string, { C: number }>;
  tolerance: { norms_rel: number; grads_rel: number };
}>("dp.json");
const tensors = tensorsOf("dp.safetensors");
const { model, weights } = goldenModel("bert-sequence-classification");
const examples = examplesOf(tensors, model.task);

describe.each(runtimes)("on $name", (runtime) => {
  test.each(Object.keys(golden.clipping))("norms and sums are Opacus' at bound %s", async (name) => {
    const { C } = golden.clipping[name]!;
    const { norms, sums } = await clippedTogether({ runtime, model, weights, examples }, { clip: C, clipping: "flat" });
    norms.forEach((norm, i) => {
      expect(Math.abs(norm - golden.norms[i]!) / golden.norms[i]!).toBeLessThanOrEqual(golden.tolerance.norms_rel);
    });
    let compared = 0;
    for (const [key, want] of tensors) {
      if (!key.startsWith(`summed_${name}.`)) continue;
      const data = want.data as Float32Array;
      if (data.reduce((m, v) => Math.max(m, Math.abs(v)), 0) < 1e-6) continue; // key biases: rounding only
      compared++;
      const got = sums.get(key.slice(`summed_${name}.`.length));
      expect(got, key).toBeDefined();
      expect(relativeError(got!, data), key).toBeLessThanOrEqual(golden.tolerance.grads_rel);
    }
    expect(compared).toBeGreaterThan(10);
  });
});

test("without clipping the sums are others: the comparison can fail", async () => {
  const { sums } = await clippedTogether(
    { runtime: runtimes[0]!, model, weights, examples },
    { clip: 1e9, clipping: "flat" },
  );
  const want = tensors.get("summed_C1.classifier.weight")!;
  expect(relativeError(sums.get("classifier.weight")!, want.data as Float32Array)).toBeGreaterThan(1);
});
