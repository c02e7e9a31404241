// Each op of the table on each runtime: outputs and gradients against the float64 interpreter, over random, broadcasting,
// degenerate and extreme operands. No op has code of its own here.
import { describe, expect, test } from "vitest";
import type { HostArray } from "../../src/base/index.ts";
import { fromRef, makeGraph } from "../../src/graph/index.ts";
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

/** All trials of an op side by side in one graph: a session costs more than it computes here. */
const together = (trials: readonly Prepared[]): Pick<Prepared, "graph" | "feeds"> => {
  const named = <T>(entries: (trial: Prepared) => readonly (readonly [string, T])[]) =>
    trials.flatMap((trial, i) => entries(trial).map(([name, v]) => [`${i} ${name}`, v] as const));
  const graph = makeGraph(
    Object.fromEntries(named((t) => t.graph.inputs)),
    Object.fromEntries(named((t) => t.graph.outputs)),
  );
  return { graph, feeds: Object.fromEntries(named((t) => Object.entries(t.feeds))) };
};

async function run(runtime: Runtime, { graph, feeds }: Pick<Prepared, "graph" | "feeds">) {
  const exe = await runtime.compile(graph);
  try {
    return await exe.run(feeds);
  } finally {
    await exe.dispose();
  }
}

async function deviationsOn(runtime: Runtime, trials: ReturnType<typeof withExpected>): Promise<string[]> {
  const all = await run(runtime, together(trials.map((t) => t.trial))).catch(() => undefined);
  const found: string[] = [];
  for (const [i, { trial, expected }] of trials.entries()) {
    const own = (): Record<string, HostArray> =>
      Object.fromEntries(trial.graph.outputs.map(([name]) => [name, all![`${i} ${name}`]!]));
    try {
      const got = all ? own() : await run(runtime, trial); // one that fails is found by running each alone
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

    // whether denormals are flushed depends on which sessions this thread has made: no deviation to rely on
    const lasting = ops.flatMap(({ op, exceptions }) =>
      exceptions.filter((e) => e.exception.values !== "denormal").map((e) => ({ op, ...e })),
    );
    for (const { op, exception, trials } of lasting)
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
