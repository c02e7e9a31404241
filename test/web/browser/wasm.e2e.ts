// The engine in a real browser: reference operations, reference models and a training run on WebAssembly.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wasmRuntime } from "../../../src/runtime/web/ort.ts";
import { cpuRuntime } from "../../one-thread.ts";
import { farthest, shortRun } from "../training.ts";
import { bundleSources, bundleWorker } from "./bundle.ts";
import { ask, launch, openPage } from "./chromium.ts";
import { serve, type TestServer } from "./serve.ts";

/** The rooms that a browser application uses. */
const rooms = [
  "base",
  "formats",
  "graph",
  "autodiff",
  "passes",
  "onnx",
  "runtime",
  "nn",
  "models",
  "data",
  "eval",
  "train",
];

test("rooms and their browser doors bundle without one Node module", async () => {
  const entries = [
    ...rooms.map((room) => `src/${room}/index.ts`),
    "src/tokenizers/js-tokenizers.ts",
    "src/runtime/web/ort.ts",
    "src/index.ts",
    "src/web.ts",
  ];
  const { files, sizeBytes } = await bundleSources(entries);
  expect(files.filter((file) => /(^|\/)node\//.test(file) || file.startsWith("node:"))).toEqual([]);
  console.log(`${files.length} files, ${Math.round(sizeBytes / 1024)} KiB`);
});

test("a source file that imports a Node module fails that bundle", async () => {
  await expect(bundleSources(["src/formats/node/index.ts"])).rejects.toThrow(/node:fs/);
});

let browser: Browser;
let script: Uint8Array;
beforeAll(async () => {
  [browser, script] = [await launch(), await bundleWorker()];
});
afterAll(() => browser?.close());

describe("in an isolated page", () => {
  let server: TestServer;
  let page: Page;
  beforeAll(async () => {
    server = await serve(script, true);
    page = await openPage(browser, server.url);
  });
  afterAll(() => server?.close());

  test("every reference operation and gradient agrees, on two threads", async () => {
    const { count, failed } = await ask(page, "two", "ops", { threads: 2 });
    expect(failed).toEqual({});
    expect(count).toBeGreaterThan(200);
    expect(await ask(page, "two", "surroundings")).toEqual({ isolated: true, threads: 2, warnings: [] });
  });

  test("every reference model agrees: values, loss and gradients", async () => {
    const found = await ask(page, "two", "models", { threads: 2 });
    expect(Object.keys(found).length).toBeGreaterThan(8);
    for (const [name, { values, loss, gradient }] of Object.entries(found))
      expect(Math.max(values, loss, gradient), name).toBeLessThanOrEqual(1);
  });

  test("a training run has the bits that the same build gives in Node, on one thread and on two", async () => {
    const node = await shortRun(wasmRuntime, 5, 1);
    const cpu = await shortRun(cpuRuntime, 5, 1);
    const one = await ask(page, "one", "training", { threads: 1 });
    const two = await ask(page, "two", "training", { threads: 2 });
    expect(node.losses.at(-1)).toBeLessThan(0.5 * node.losses[0]!);
    expect(one).toEqual(node);
    expect(two).toEqual(node);
    expect(farthest(one.losses, cpu.losses)).toBeLessThan(1e-5);
    expect(farthest(one.weights, cpu.weights)).toBeLessThan(1e-3); // rounding, grown over 100 updates
  });
});

test("a page that is not isolated falls back to one thread and says so", async () => {
  const server = await serve(script, false);
  const page = await openPage(browser, server.url);
  const run = await ask(page, "two", "training", { threads: 2, epochs: 1 });
  expect(run.losses.length).toBe(20);
  expect(await ask(page, "two", "surroundings")).toEqual({
    isolated: false,
    threads: 1,
    warnings: [expect.stringMatching(/1 thread, not 2/)],
  });
  server.close();
});
