// onnxruntime-node's WebGPU provider on the software Vulkan device that Chromium carries: values, and from profiles that
// every operator really ran on the device. What the profiles say is recorded in src/onnx/webgpu.ts.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { coveredModels, goldenModel, relativeError, runPadded } from "../../models/golden.ts";
import { adapters } from "../../ops/adapters.ts";
import { opCases, runCase } from "../../ops/golden.ts";
import { goldenGradients } from "../gradients.ts";
import { loweredRuntime } from "../lowered.ts";

const device = "/usr/lib/chromium/vk_swiftshader_icd.json";
if (!existsSync(device)) throw new Error(`${device} is missing: run tools/install-browser.sh`);
process.env.VK_ICD_FILENAMES = device; // read when the provider starts, which is with the first graph

const folder = mkdtempSync(join(tmpdir(), "concord-profiles-"));
afterAll(() => rmSync(folder, { recursive: true }));
const runtime = loweredRuntime({ provider: "webgpu", profilePrefix: join(folder, "profile") });

test("every reference operation and gradient agrees", async () => {
  const failed: string[] = [];
  for (const [i, c] of opCases().entries())
    failed.push(...(await runCase(runtime, c, adapters[c.op]!)).map((line) => `${c.op} #${i}: ${line}`));
  expect(failed).toEqual([]);
});

test.each(coveredModels)("reference model %s agrees: values, loss and gradients", async (name) => {
  const { model, weights, io, expected } = goldenModel(name);
  for (const [key, { data }] of Object.entries(await runPadded(runtime, model, weights, io))) {
    const limit = expected.tolerance[key === "logits" ? "logits" : "hidden_states"]!;
    expect(relativeError(data as Float32Array, io.get(key)!.data as Float32Array), key).toBeLessThanOrEqual(limit);
  }
  const { loss, gradient, worst } = await goldenGradients(runtime, name);
  expect(loss).toBeLessThanOrEqual(1);
  expect(gradient, worst).toBeLessThanOrEqual(1);
});

interface ProfiledNode {
  readonly args?: {
    readonly provider?: string;
    readonly op_name?: string;
    readonly input_type_shape?: readonly Readonly<Record<string, unknown>>[];
  };
}

test("all of these ran on the device, but for the whole numbers of 64 bits that hold sizes and indices", () => {
  const onHost = new Set<string>();
  const onDevice = new Set<string>();
  for (const file of readdirSync(folder))
    for (const { args } of JSON.parse(readFileSync(join(folder, file), "utf8")) as ProfiledNode[]) {
      if (!args?.provider || !args.op_name) continue;
      const types = (args.input_type_shape ?? []).flatMap((t) => Object.keys(t));
      if (args.provider.startsWith("WebGpu")) onDevice.add(args.op_name);
      else if (!types.includes("int64")) onHost.add(`${args.op_name}(${types})`);
    }
  expect([...onHost]).toEqual([]);
  expect(onDevice.size).toBeGreaterThan(40);
});
