// Schedules against Transformers' reference rates, and their errors.
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { goldenJson } from "../../test/golden.ts";
import {
  cosineWithFloor,
  linear,
  polynomial,
  type Schedule,
  scheduleName,
  schedules,
  warmupStableDecay,
} from "./schedules.ts";

interface Golden {
  base_lr: number;
  steps: number;
  cases: { name: string; options: Record<string, unknown>; lr: number[] }[];
}
const golden = goldenJson<Golden>("schedules.json");

/** Transformers' option names in ours. */
const optionNames: Record<string, string> = {
  num_warmup_steps: "warmupSteps",
  num_training_steps: "trainingSteps",
  num_stable_steps: "stableSteps",
  num_decay_steps: "decaySteps",
  num_cycles: "cycles",
  min_lr_rate: "minimumRatio",
  min_lr_ratio: "minimumRatio",
  lr_end: "endRate",
  power: "power",
  timescale: "timescale",
  warmup_type: "warmup",
  decay_type: "decay",
};
const build = (name: string, options: Record<string, unknown>): Schedule => {
  const own = Object.entries(options).map(([key, value]) => [optionNames[key] ?? `unknown option ${key}`, value]);
  return schedules[scheduleName(name)]({ learningRate: golden.base_lr, ...Object.fromEntries(own) } as never);
};
/** Largest relative difference over all steps. */
const distance = (schedule: Schedule, lr: readonly number[]) =>
  Math.max(...lr.map((rate, k) => Math.abs(schedule(k) - rate) / Math.max(Math.abs(rate), 1e-300)));

describe("every reference schedule is met within 1e-12", () => {
  test.each(golden.cases.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))("%s", (_title, c) => {
    expect(c.lr).toHaveLength(golden.steps);
    expect(distance(build(c.name, c.options), c.lr)).toBeLessThanOrEqual(1e-12);
  });

  test("a schedule that is one step late fails the same check", () => {
    for (const c of golden.cases.filter((each) => new Set(each.lr).size > 2)) {
      const right = build(c.name, c.options);
      expect(distance((step) => right(step + 1), c.lr)).toBeGreaterThan(1e-6);
    }
  });
});

test("each option changes some rate", () => {
  const base = { learningRate: 1, warmupSteps: 5, decaySteps: 10, trainingSteps: 40 };
  const rates = (s: Schedule) => Array.from({ length: 45 }, (_, k) => s(k)).join();
  const wsd = rates(warmupStableDecay(base));
  for (const change of [
    { warmupSteps: 6 },
    { decaySteps: 9 },
    { stableSteps: 3 },
    { warmup: "cosine" },
    { decay: "1-sqrt" },
    { minimumRatio: 0.1 },
    { cycles: 1 },
  ] as const)
    expect(rates(warmupStableDecay({ ...base, ...change }))).not.toBe(wsd);
  expect(rates(polynomial({ ...base, power: 2 }))).not.toBe(rates(polynomial(base)));
  expect(rates(polynomial({ ...base, endRate: 0.1 }))).not.toBe(rates(polynomial(base)));
  expect(rates(cosineWithFloor({ ...base, minimumRatio: 0.1 }))).not.toBe(
    rates(cosineWithFloor({ ...base, minimumRatio: 0 })),
  );
});

describe("wrong use is named", () => {
  test("a negative step, rate or length", () => {
    expect(fault("E_ARGUMENT", () => linear({ learningRate: 1, trainingSteps: 3 })(-1)).facts.got).toBe("-1");
    fault("E_ARGUMENT", () => linear({ learningRate: -1, trainingSteps: 3 }));
    fault("E_ARGUMENT", () => linear({ learningRate: 1, trainingSteps: Number.NaN }));
    fault("E_ARGUMENT", () => linear({ learningRate: 1, warmupSteps: -1, trainingSteps: 3 }));
  });
  test("a plateau of open length, an unknown curve, an end rate above the base rate", () => {
    fault("E_ARGUMENT", () => warmupStableDecay({ learningRate: 1, decaySteps: 3 }));
    fault("E_ARGUMENT", () =>
      warmupStableDecay({ learningRate: 1, decaySteps: 3, stableSteps: 2, decay: "steep" as never }),
    );
    fault("E_ARGUMENT", () => polynomial({ learningRate: 1e-8, trainingSteps: 3 }));
  });
  test("an unknown name gets the nearest one", () => {
    expect(fault("E_CONFIG", () => scheduleName("liner")).facts.hint).toBe("did you mean linear?");
  });
});
