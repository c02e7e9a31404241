// What is lowered for WebGPU is valid ONNX, uses only operators that its provider has, and gives the reference values.
// Run on the CPU; test/web/browser runs the same on devices.
import { describe, expect, test } from "vitest";

import { coveredModels, goldenModel, relativeError, runPadded } from "../models/golden.ts";
import { adapters } from "../ops/adapters.ts";
import { opCases, runCase } from "../ops/golden.ts";
import { goldenGradients } from "./gradients.ts";
import { loweredRuntime, withoutKernel } from "./lowered.ts";

const missing = new Set<string>();
const runtime = loweredRuntime({
  provider: "cpu",
  onModel: (model) => {
    for (const op of withoutKernel(model)) missing.add(op);
  },
});

describe("reference operations lowered for WebGPU", () => {
  test.each(opCases().map((c, i) => [`${c.op} #${i}: ${c.torch}`, c] as const))("%s", async (_name, c) => {
    expect(await runCase(runtime, c, adapters[c.op]!)).toEqual([]);
  });
});

describe.each(coveredModels)("reference model %s lowered for WebGPU", (name) => {
  test("gives its hidden states and logits", async () => {
    const { model, weights, io, expected } = goldenModel(name);
    for (const [key, { data }] of Object.entries(await runPadded(runtime, model, weights, io))) {
      const limit = expected.tolerance[key === "logits" ? "logits" : "hidden_states"]!;
      expect(relativeError(data as Float32Array, io.get(key)!.data as Float32Array), key).toBeLessThanOrEqual(limit);
    }
  });

  test("gives its loss and every gradient", async () => {
    const { loss, gradient, worst } = await goldenGradients(runtime, name);
    expect(loss).toBeLessThanOrEqual(1);
    expect(gradient, worst).toBeLessThanOrEqual(1);
  });
});

test("all of these use only operators that the WebGPU provider has", () => expect([...missing]).toEqual([]));
