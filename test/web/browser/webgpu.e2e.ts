// The engine on a WebGPU device of a browser, which SwiftShader computes on the CPU: reference operations, models, training.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cpuRuntime } from "../../one-thread.ts";
import { farthest, shortRun } from "../training.ts";
import { bundleWorker } from "./bundle.ts";
import { ask, launch, openPage } from "./chromium.ts";
import { serve, type TestServer } from "./serve.ts";

let browser: Browser;
let server: TestServer;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  server = await serve(await bundleWorker(), true);
  page = await openPage(browser, server.url);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

test("every reference operation and gradient agrees", async () => {
  const { count, failed } = await ask(page, "gpu", "ops", { device: "webgpu" });
  expect(failed).toEqual({});
  expect(count).toBeGreaterThan(200);
});

// device.e2e.ts runs all of them on the same device
test("an encoder and a decoder agree with the reference: values, loss and gradients", async () => {
  const models = ["bert-sequence-classification", "llama-lm"];
  const found = await ask(page, "gpu", "models", { device: "webgpu", models });
  expect(Object.keys(found)).toEqual(models);
  for (const [name, { values, loss, gradient }] of Object.entries(found))
    expect(Math.max(values, loss, gradient), name).toBeLessThanOrEqual(1);
});

test("a training run follows the CPU runtime's", async () => {
  const cpu = await shortRun(cpuRuntime, 1, 1);
  const gpu = await ask(page, "gpu", "training", { device: "webgpu", epochs: 1 });
  expect(farthest(gpu.losses, cpu.losses)).toBeLessThan(1e-4);
  expect(farthest(gpu.weights, cpu.weights)).toBeLessThan(1e-2);
});
