// One backward pass over a batch gives the sums of clipped gradients that one example at a time gives: every head, adapters, frozen
// matrices in integers, flat and per-layer clipping. A few models are tried in `npm test`, the others in `npm run slow`.
import { describe, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { initialiseAdapter, loraLayout } from "../../src/nn/index.ts";
import type { Clipping } from "../../src/train/index.ts";
import { examplesOf } from "../models/examples.ts";
import { goldenModel } from "../models/golden.ts";
import { cpuRuntime } from "../one-thread.ts";
import { clippedApart, clippedTogether, disagreement, gradientsApart } from "./clipped.ts";

export const setupOf = (name: string) => {
  const { model, weights, io } = goldenModel(name);
  return { model, weights, examples: examplesOf(io, model.task) };
};

/** One model of each kind of parameter; the factor of a layer is applied where the factor of all is. */
const perLayerToo = new Set(["bert-sequence-classification", "gpt2-lm", "vit-image-classification"]);

/** Models with every parameter trained. */
export const clipsWhole = (names: readonly string[]): void =>
  describe.each(names)("%s, all of it", (name) => {
    const both = { ...setupOf(name), runtime: cpuRuntime };
    let made: ReturnType<typeof gradientsApart> | undefined;
    test.each(perLayerToo.has(name) ? (["flat", "per-layer"] as const) : (["flat"] as const))(
      "clips %s as one example at a time does",
      async (clipping) => {
        const rule: Clipping = { clip: 2, clipping };
        made ??= gradientsApart(both);
        const together = await clippedTogether(both, rule);
        expect(disagreement(together, await clippedApart(both, rule, made))).toBeLessThan(1e-5);
        if (clipping === "per-layer") return;
        expect(disagreement(together, await clippedApart(both, { ...rule, clip: 1e6 }, made))).toBeGreaterThan(0.02);
      },
    );
  });

/** Adapters on a frozen base. */
export const clipsAdapters = (names: readonly string[]): void =>
  describe.each(names)("an adapter of %s", (name) => {
    const base = setupOf(name);
    const adapter = loraLayout(
      base.model.parameters,
      { targets: "all-linear", rank: 4, trainWhole: name.startsWith("bert") ? ["classifier"] : [] },
      base.model.transposedWeights,
    );
    const fresh = initialiseAdapter(adapter, random(4));
    for (const [key, { data }] of fresh)
      if (key.endsWith(".B")) for (let i = 0; i < data.length; i++) data[i] = Math.sin(i + key.length) / 10;
    const weights = new Map<string, HostArray>([...base.weights, ...fresh]);

    let made: ReturnType<typeof gradientsApart> | undefined;
    test.each(["flat", "per-layer"] as const)("clips %s as one example at a time does", async (clipping) => {
      const setup = { ...base, weights, adapter, runtime: cpuRuntime };
      made ??= gradientsApart(setup);
      const apart = await clippedApart(setup, { clip: 0.5, clipping }, made);
      expect(disagreement(await clippedTogether(setup, { clip: 0.5, clipping }), apart)).toBeLessThan(1e-5);
    });

    const frozen = base.model.parameters.filter(
      (p) => adapter.modules.includes(p.name.slice(0, -".weight".length)) && !adapter.trains(p.name),
    );
    const inIntegers = (scales: "row" | "tensor") => ({
      ...base,
      weights,
      adapter,
      runtime: cpuRuntime,
      bind: Object.fromEntries(
        frozen.map((p) => [p.name, { kind: "int8" as const, array: base.weights.get(p.name)!, scales }]),
      ),
    });

    if (name === "bert-sequence-classification")
      test("does so on a frozen base in 8-bit integers with a scale per row, and with one for all does not", async () => {
        expect(frozen.length).toBeGreaterThan(6);
        const rule = { clip: 0.5, clipping: "flat" } as const;
        const [row, tensor] = await Promise.all(
          (["row", "tensor"] as const).map(async (scales) => {
            const setup = inIntegers(scales);
            return disagreement(await clippedTogether(setup, rule), await clippedApart(setup, rule));
          }),
        );
        expect(row).toBeLessThan(1e-5);
        expect(tensor).toBeGreaterThan(1e-3);
      });
  });
