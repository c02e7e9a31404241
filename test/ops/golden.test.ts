// Every op and gradient of the reference set, on the float64 interpreter and on the CPU runtime.
import { describe, expect, test } from "vitest";
import { referenceRuntime } from "../../src/runtime/index.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import { coreAdapters } from "./adapters.ts";
import { opCases, runCase } from "./golden.ts";

const cases = opCases();

for (const runtime of [referenceRuntime, cpuRuntime])
  describe(`reference operations on ${runtime.name}`, () => {
    for (const [i, c] of cases.entries())
      test(`${c.op} #${i}: ${c.torch}`, async () => {
        const adapter = coreAdapters[c.op];
        expect(adapter, `no adapter for ${c.op}`).toBeDefined();
        expect(await runCase(runtime, c, adapter!)).toEqual([]);
      });
  });
