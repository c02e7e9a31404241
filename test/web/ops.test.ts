// Every reference op and gradient on WebAssembly in Node, with two threads.
import { describe, expect, test } from "vitest";
import { createWasmRuntime, wasmThreads } from "../../src/runtime/web/ort.ts";
import { adapters } from "../ops/adapters.ts";
import { opCases, runCase } from "../ops/golden.ts";

const runtime = createWasmRuntime({ threads: 2 });

describe("reference operations on wasm", () => {
  test.each(opCases().map((c, i) => [`${c.op} #${i}: ${c.torch}`, c] as const))("%s", async (_name, c) => {
    expect(await runCase(runtime, c, adapters[c.op]!)).toEqual([]);
  });

  test("ran on the threads that were asked for", () => expect(wasmThreads()).toBe(2));
});
