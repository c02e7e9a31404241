// Clipped gradients of a batch, for one model of texts, one of images and an adapter; all others: test/slow/clipped.slow.ts.
import { expect, test } from "vitest";
import { cpuRuntime } from "../one-thread.ts";
import { clippedAlone } from "./clipped.ts";
import { clipsAdapters, clipsWhole, setupOf } from "./clipped-suite.ts";

clipsWhole(["bert-sequence-classification", "vit-image-classification"]);
clipsAdapters(["bert-sequence-classification"]);

test("a clipped sum has no norm above examples × C, and each example's at most C", async () => {
  const setup = { ...setupOf("bert-sequence-classification"), runtime: cpuRuntime };
  const each = await clippedAlone(setup, { clip: 0.3, clipping: "per-layer" });
  expect(each).toHaveLength(setup.examples.length);
  for (const { sums } of each) {
    const square = [...sums.values()].reduce((s, a) => s + a.reduce((t, v) => t + v * v, 0), 0);
    expect(Math.sqrt(square)).toBeLessThanOrEqual(0.3 * (1 + 1e-5));
  }
});
