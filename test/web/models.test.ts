// Every reference model on WebAssembly in Node, and a training run beside the CPU runtime's. With one thread, so that the
// pool of this file's process differs from that of ops.test.ts.
import { expect, test } from "vitest";
import { isConcordError } from "../../src/base/index.ts";
import { input, makeGraph, mul } from "../../src/graph/index.ts";
import { createWasmRuntime, wasmRuntime, wasmThreads } from "../../src/runtime/web/ort.ts";
import { coveredModels, goldenModel, relativeError, runPadded } from "../models/golden.ts";
import { cpuRuntime } from "../one-thread.ts";
import { goldenGradients } from "./gradients.ts";
import { farthest, shortRun } from "./training.ts";

const runtime = createWasmRuntime({ threads: 1 });

test.each(coveredModels)("reference model %s gives its hidden states and logits on wasm", async (name) => {
  const { model, weights, io, expected } = goldenModel(name);
  const got = await runPadded(runtime, model, weights, io);
  for (const [key, array] of Object.entries(got)) {
    const limit = expected.tolerance[key === "logits" ? "logits" : "hidden_states"]!;
    const error = relativeError(array.data as Float32Array, io.get(key)!.data as Float32Array);
    expect(error, key).toBeLessThanOrEqual(limit);
  }
});

test.each(coveredModels)("reference model %s gives its loss and every gradient on wasm", async (name) => {
  const { loss, gradient, worst } = await goldenGradients(runtime, name);
  expect(loss).toBeLessThanOrEqual(1);
  expect(gradient, worst).toBeLessThanOrEqual(1);
});

test("a training run gives the same bits again, and the CPU runtime's numbers within rounding", async () => {
  const [first, again, cpu] = [await shortRun(runtime, 5), await shortRun(runtime, 5), await shortRun(cpuRuntime, 5)];
  expect(again).toEqual(first);
  expect(farthest(first.losses, cpu.losses)).toBeLessThan(1e-5);
  expect(farthest(first.weights, cpu.weights)).toBeLessThan(1e-3); // rounding, grown over 100 updates
});

test("the pool of a process has one size: another is refused by name, and no wish takes what there is", async () => {
  const x = input("x", "float32", [2]);
  const graph = makeGraph({ x }, { y: mul(x, 2) });
  const error = await wasmRuntime.compile(graph, { threads: 2 }).catch((e: unknown) => e);
  if (!isConcordError(error, "E_CONFIG")) throw error;
  expect(error.facts).toMatchObject({ expected: expect.stringContaining("1"), got: "2" });
  await expect(wasmRuntime.compile(graph, { threads: 0 })).rejects.toThrow("not a number of threads");
  const exe = await wasmRuntime.compile(graph);
  expect(
    Array.from(
      (await exe.run({ x: { dtype: "float32", shape: [2], data: new Float32Array([1, 2]) } })).y!.data as Float32Array,
    ),
  ).toEqual([2, 4]);
  await exe.dispose();
  expect(wasmThreads()).toBe(1);
});
