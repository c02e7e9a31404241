// Each op of the table on each runtime: outputs and gradients against the float64 interpreter, over random, broadcasting,
// degenerate and extreme operands. No op has code of its own here.
import { describe, expect, test } from "vitest";
import type { HostArray } from "../../src/base/index.ts";
import { fromRef } from "../../src/graph/index.ts";
import type { Runtime } from "../../src/runtime/index.ts";
import { runtimes } from "../runtimes.ts";
import { type ExtremeClass, extremeValues } from "./arrays.ts";
import { subjects } from "./subjects.ts";
import { accuracyOf, deviations, expectedOf, type Prepared, testedOps, trialsOf } from "./trials.ts";

const exceptionsOf = (op: keyof typeof subjects, runtime: Runtime) =>
  (subjects[op].except ?? []).filter((e) => e.runtimes.includes(runtime.name));

const withExpected = (trials: readonly Prepared[]) => trials.map((trial) => ({ trial, expected: expectedOf(trial) }));

/** Only these extreme values and ordinary ones. */
const others = (values: ExtremeClass): ExtremeClass[] =>
  (Object.keys(extremeValues) as ExtremeClass[]).filter((name) => name !== values && name !== "ordinary");

// computed before any session exists: onnxruntime makes the thread that creates one flush denormals to zero
const plans = runtimes.map((runtime) => ({
  runtime,
  ops: testedOps.map((op) => ({
    op,
    trials: withExpected(
      trialsOf(
        op,
        exceptionsOf(op, runtime).map((e) => e.values),
      ),
    ),
    exceptions: exceptionsOf(op, runtime).map((exception) => ({
      exception,
      trials: withExpected(trialsOf(op, others(exception.values)).filter((t) => t.kind === "extreme")),
    })),
  })),
}));

async function deviationsOn(runtime: Runtime, trials: ReturnType<typeof withExpected>): Promise<string[]> {
  const found: string[] = [];
  for (const { trial, expected } of trials) {
    try {
      const exe = await runtime.compile(trial.graph);
      const got = await exe.run(trial.feeds);
      await exe.dispose();
      found.push(...deviations(trial.op, got, expected).map((line) => `${trial.name}: ${line}`));
    } catch (error) {
      found.push(`${trial.name}: ${(error as Error).message}`);
    }
  }
  return found;
}

for (const { runtime, ops } of plans)
  describe(`on ${runtime.name}`, () => {
    test.each(ops)("$op equals the interpreter", async ({ trials }) => {
      expect(await deviationsOn(runtime, trials)).toEqual([]);
    });

    for (const { op, exceptions } of ops)
      for (const { exception, trials } of exceptions)
        test(`${op} still deviates for ${exception.values} values: ${exception.reason}`, async () => {
          expect(await deviationsOn(runtime, trials)).not.toEqual([]);
        });
  });

describe("a deviation of three tolerances is found", () => {
  const trials = plans[0]!.ops.flatMap(({ trials }) => trials).filter(({ trial }) => trial.kind === "random");
  test.each(trials.map((t): [string, typeof t] => [`${t.trial.op}, ${t.trial.name}`, t]))(
    "in each output of %s",
    (_name, { trial, expected }) => {
      for (const [name, array] of Object.entries(expected.exact)) {
        const { relative, per } = accuracyOf(trial.op, name);
        const got: Record<string, HostArray> = Object.fromEntries(
          Object.entries(expected.exact).map(([k, v]) => [k, fromRef(v)]),
        );
        const data = Float64Array.from(array.data);
        const at = data.reduce((best, a, i) => (Math.abs(a) > Math.abs(data[best]!) ? i : best), 0);
        const step =
          array.dtype === "float32" ? 3 * relative * Math.max(Math.abs(data[at]!), per === "unit" ? 1 : 0) : 1;
        if (step === 0) continue; // all zeros
        data[at] = data[at]! + step;
        got[name] = {
          ...fromRef({ ...array, data }),
          data: array.dtype === "float32" ? data : fromRef({ ...array, data }).data,
        } as HostArray;
        expect(deviations(trial.op, got, expected).join()).toContain(`${name}[${at}]`);
      }
    },
  );
});
