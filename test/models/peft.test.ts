// The reference LoRA adapter: read, run, differentiate, merge, write, against PEFT's numbers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { readPeftConfig } from "../../src/models/index.ts";
import { loadAdapter, saveAdapter } from "../../src/models/node/index.ts";
import { initialiseAdapter, loraLayout, mergeAdapter } from "../../src/nn/index.ts";
import { batchFeeds, stepGradients, trainingProgram } from "../../src/train/index.ts";
import { goldenJson, goldenPath } from "../golden.ts";
import { cpuRuntime } from "../one-thread.ts";
import { examplesOf } from "./examples.ts";
import { goldenModel, relativeError, tensorsOf } from "./golden.ts";

const base = goldenModel("bert-sequence-classification");
const expected = goldenJson<{
  loss: number;
  logits: number[][];
  merged_logits: number[][];
  trainable_parameters: number;
  tolerance: Record<string, number>;
}>("peft", "expected.json");
const adapter = await loadAdapter(goldenPath("peft"), base.model);
const all = new Map<string, HostArray>([...base.weights, ...adapter.weights]);

test("the adapter's loss and gradients are PEFT's, and only the adapter is trained", async () => {
  const program = trainingProgram(base.model, {
    trainable: adapter.layout.trains,
    adapt: adapter.layout.adapt,
    extra: new Map(adapter.layout.parameters.map((p) => [p.name, p.shape])),
  });
  expect(program.gradients.map((g) => g.parameter).sort()).toEqual([...adapter.weights.keys()].sort());
  expect(adapter.layout.parameters.reduce((n, p) => n + p.shape[0]! * p.shape[1]!, 0)).toBe(
    expected.trainable_parameters,
  );
  const exe = await cpuRuntime.compile(program.graph);
  const feeds = batchFeeds(base.model, examplesOf(base.io, base.model.task), {});
  const results = await exe.run({ ...Object.fromEntries(all), ...feeds });
  const loss = (results.losses!.data as Float32Array).reduce((a, b) => a + b, 0) / feeds.weights!.data.length;
  expect(Math.abs(loss - expected.loss) / expected.loss).toBeLessThanOrEqual(expected.tolerance.loss!);
  const reference = tensorsOf("peft", "grads.safetensors");
  for (const [name, gradient] of stepGradients(program, results, feeds, new Set())) {
    const want = [...reference].find(
      ([key]) =>
        key.replace("base_model.model.", "").replace(".default", "") ===
        `${name.replace(/\.lora\.([AB])$/, ".lora_$1.weight")}`,
    )!;
    expect(relativeError(gradient as Float32Array, want[1].data as Float32Array), name).toBeLessThanOrEqual(
      expected.tolerance.grads_rel!,
    );
  }
  await exe.dispose();
});

test("merging gives PEFT's merged weights", () => {
  const merged = mergeAdapter(adapter.layout, (name) => all.get(name)!);
  const reference = tensorsOf("peft", "merged.safetensors");
  const written = [...tensorsOf("peft", "adapter_model.safetensors").keys()].filter((name) => /lora_A/.test(name));
  expect(merged.size).toBe(written.length);
  for (const [name, { data }] of merged) {
    const want = (reference.get(name) ?? reference.get(`base_model.model.${name}`))!.data as Float32Array;
    expect(Math.max(...data.map((x, i) => Math.abs(x - want[i]!))), name).toBeLessThanOrEqual(
      expected.tolerance.merged_weights_atol!,
    );
  }
});

test("a written adapter reads back bit-equal, with its settings", async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-adapter-"));
  await saveAdapter(folder, base.model, adapter.layout, all, "base");
  const again = await loadAdapter(folder, base.model);
  expect(again.layout.options).toEqual(adapter.layout.options);
  for (const [name, { data }] of adapter.weights) expect(again.weights.get(name)!.data).toEqual(data);
  rmSync(folder, { recursive: true });
});

test("a fresh adapter starts at the base model: B is zero, A is not", () => {
  const layout = loraLayout(base.model.parameters, { targets: "all-linear", rank: 2 });
  const { num_hidden_layers } = goldenJson<{ num_hidden_layers: number }>(
    "models",
    "bert-sequence-classification",
    "config.json",
  );
  expect(layout.modules.length).toBe(6 * num_hidden_layers); // query, key, value, three dense ones
  for (const [name, { data }] of initialiseAdapter(layout, random(0)))
    expect(data.some((x) => x !== 0)).toBe(name.endsWith(".A"));
});

test("a kind of adapter that is not covered is refused by name, and so is a target that no layer has", () => {
  const plain = goldenJson<Record<string, never>>("peft", "adapter_config.json");
  expect(() => readPeftConfig(configOf({ ...plain, peft_type: "VERA" }, "adapter_config.json"))).toThrow(
    /peft_type is not covered/,
  );
  expect(() => loraLayout(base.model.parameters, { targets: ["qeury"] })).toThrow(/no linear layer is called qeury/);
});
