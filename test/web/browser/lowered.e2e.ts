// The conformance trials of every op, lowered for WebGPU and run on the CPU: the rows that no reference operation reaches.
import { expect, test } from "vitest";
import { subjects } from "../../conformance/subjects.ts";
import { deviations, expectedOf, testedOps, trialsOf } from "../../conformance/trials.ts";
import { loweredRuntime, withoutKernel } from "../lowered.ts";

const missing = new Set<string>();
const runtime = loweredRuntime({
  provider: "cpu",
  onModel: (model) => {
    for (const op of withoutKernel(model)) missing.add(op);
  },
});

// computed before any session exists: onnxruntime makes the thread that creates one flush denormals to zero
const plans = testedOps.map((op) => {
  const excepted = (subjects[op].except ?? []).filter((e) => e.runtimes.includes("cpu")).map((e) => e.values);
  return { op, trials: trialsOf(op, excepted).map((trial) => ({ trial, expected: expectedOf(trial) })) };
});

test.each(plans)("$op equals the interpreter", async ({ op, trials }) => {
  const found: string[] = [];
  for (const { trial, expected } of trials) {
    const exe = await runtime.compile(trial.graph);
    found.push(...deviations(op, await exe.run(trial.feeds), expected).map((line) => `${trial.name}: ${line}`));
    await exe.dispose();
  }
  expect(found).toEqual([]);
});

test("every op was tried, with operators that the WebGPU provider has", () => {
  expect(plans.length).toBeGreaterThan(60);
  expect([...missing]).toEqual([]);
});
