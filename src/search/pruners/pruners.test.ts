// Pruners: who is stopped where; and that stopping spares steps without losing the best.
import { describe, expect, test } from "vitest";
import { random } from "../../base/index.ts";
import type { Trial } from "../trials.ts";
import { halvingPruner, hyperbandPruner } from "./halving.ts";
import { medianPruner } from "./median.ts";
import type { Pruner } from "./pruner.ts";

const trial = (number: number, costs: readonly number[], state: Trial["state"] = "finished"): Trial => ({
  number,
  point: {},
  state,
  curve: costs.map((cost, i) => ({ step: i + 1, cost })),
});
const five = [1, 2, 3, 4, 5].map((cost, i) => trial(i, [cost + 1, cost, cost]));

describe("median rule", () => {
  test("stops a trial above the median of the others' best so far, and none below it", () => {
    expect(medianPruner()(trial(9, [9, 3.5], "running"), five)).toBe(true);
    expect(medianPruner()(trial(9, [9, 2.5], "running"), five)).toBe(false);
  });
  test("counts the best cost so far, not the last", () => {
    expect(medianPruner()(trial(9, [1, 8], "running"), five)).toBe(false);
  });
  test("lets the first trials and the first steps alone", () => {
    expect(medianPruner({ startup: 6 })(trial(9, [9, 9], "running"), five)).toBe(false);
    expect(medianPruner({ least: 3 })(trial(9, [9, 9], "running"), five)).toBe(false);
    expect(medianPruner({ least: 2 })(trial(9, [9, 9], "running"), five)).toBe(true);
  });
  test("stops a trial whose cost is no number", () => {
    expect(medianPruner()(trial(9, [Number.NaN, Number.NaN], "running"), five)).toBe(true);
  });
});

describe("successive halving", () => {
  const others = [1, 2, 3, 4, 5].map((cost, i) => trial(i, [cost, cost, cost]));
  test("lets the best third go on at a rung and stops the others", () => {
    const asked = (cost: number) => halvingPruner()(trial(9, [cost], "running"), others);
    expect(asked(0.5)).toBe(false);
    expect(asked(1.5)).toBe(false); // second of six: two go on
    expect(asked(2.5)).toBe(true);
  });
  test("asks at rungs only", () => {
    expect(halvingPruner()(trial(9, [9, 9], "running"), others)).toBe(false);
    expect(halvingPruner()(trial(9, [9, 9, 9], "running"), others)).toBe(true);
    expect(halvingPruner({ least: 2 })(trial(9, [9, 9], "running"), others)).toBe(true);
  });
  test("lets the first at a rung go on", () => {
    expect(halvingPruner()(trial(9, [9], "running"), others.slice(0, 1))).toBe(false);
  });
  test("refuses a factor of 1", () => {
    expect(() => halvingPruner({ factor: 1 })).toThrow(/factor ≥ 2/);
  });
});

describe("Hyperband", () => {
  test("deals trials over brackets, of which the later stop later", () => {
    const pruner = hyperbandPruner({ most: 9, factor: 3 });
    const [curve, better] = [Array(9).fill(5), Array(9).fill(1)] as [number[], number[]];
    const others = Array.from({ length: 68 }, (_, number) => trial(number, better));
    const stops = Array.from({ length: 17 }, (_, i) => {
      for (let step = 1; step <= 9; step++)
        if (pruner(trial(68 + i, curve.slice(0, step), "running"), others)) return step;
      return undefined;
    });
    expect(new Set(stops)).toEqual(new Set([1, 3, 9]));
    expect(stops.filter((step) => step === 1).length).toBeGreaterThan(stops.filter((step) => step === 9).length);
  });
});

test.each([
  ["median", medianPruner()],
  ["halving", halvingPruner()],
  ["hyperband", hyperbandPruner({ most: 27 })],
])("%s spares steps and keeps a good trial", (_name, pruner: Pruner) => {
  const stream = random(4);
  const ends = Array.from({ length: 60 }, () => stream.float());
  const history: Trial[] = [];
  let steps = 0;
  for (const [number, end] of ends.entries()) {
    let running = trial(number, [], "running");
    let state: Trial["state"] = "finished";
    for (let step = 1; step <= 27; step++) {
      steps++;
      const cost = end + 2 / step + 0.05 * stream.normal();
      running = { ...running, curve: [...running.curve, { step, cost }] };
      if (!pruner(running, history)) continue;
      state = "pruned";
      break;
    }
    history.push({ ...running, state, ...(state === "finished" && { costs: [end] }) });
  }
  const kept = Math.min(...history.flatMap(({ costs }) => costs ?? []));
  expect(steps).toBeLessThan(0.75 * 60 * 27);
  expect(kept).toBeLessThan([...ends].sort((a, b) => a - b)[6]!); // among the best tenth
});
