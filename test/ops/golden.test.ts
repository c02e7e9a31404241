// Every op and gradient of the reference set, on each runtime, and proof that each number is really compared.
import { describe, expect, test } from "vitest";
import { add, cast, mul, stopGradient, sub, type Value } from "../../src/graph/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import { runtimes } from "../runtimes.ts";
import { type Adapter, adapters } from "./adapters.ts";
import { type OpCase, opCases, runCase } from "./golden.ts";

const cases = opCases();

for (const runtime of runtimes)
  describe(`reference operations on ${runtime.name}`, () => {
    for (const [i, c] of cases.entries())
      test(`${c.op} #${i}: ${c.torch}`, async () => {
        const adapter = adapters[c.op];
        expect(adapter, `no adapter for ${c.op}`).toBeDefined();
        expect(await runCase(runtime, c, adapter!)).toEqual([]);
      });
  });

/** An adapter with each output changed. */
const changed =
  (op: string, change: (y: Value) => Value): Adapter =>
  (v, a, torch) =>
    [adapters[op]!(v, a, torch)].flat().map((y) => change(y as Value));

const isFloat = (y: Value): boolean => y.dtype === "float32";
const nonZero = (a: { readonly data: readonly unknown[] }) => a.data.some((x) => Number.isFinite(x) && x !== 0);
const named = cases.map((c, i): [string, OpCase] => [`${c.op} #${i}`, c]);

describe("a deviation of 20 tolerances is found", () => {
  test.each(named.filter(([, c]) => c.outputs.some(nonZero)))("in the outputs of %s", async (_name, c) => {
    const wrong = changed(c.op, (y) =>
      isFloat(y) ? mul(y, 1 + 20 * c.tol.out) : add(y, cast(add(mul(cast(y, "float32"), 0), 1), y.dtype)),
    );
    const found = await runCase(referenceRuntime, c, wrong);
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^out0/)]));
  });

  test.each(named.filter(([, c]) => Object.values(c.grads ?? {}).some(nonZero)))(
    "in the gradients of %s",
    async (_name, c) => {
      const wrong = changed(c.op, (y) => (isFloat(y) ? add(y, mul(sub(y, stopGradient(y)), 20 * c.tol.grad)) : y));
      const found = await runCase(referenceRuntime, c, wrong);
      const expected = Object.entries(c.grads!).filter(([, g]) => nonZero(g));
      expect(found.map((line) => line.split("[")[0])).toEqual(expected.map(([name]) => `grad ${name}`));
    },
  );
});
