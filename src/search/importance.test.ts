// Importance beside Optuna's fANOVA and the exact shares; fronts beside Optuna's ranks. tools/search-reference.py made the numbers.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { importance } from "./importance.ts";
import { crowding, dominates, paretoFront, ranksOf } from "./pareto.ts";
import { checkedSpace, type Point } from "./space.ts";
import { bestFirst, bestOf, type Trial } from "./trials.ts";

const golden = JSON.parse(readFileSync(new URL("../../test/golden/search.json", import.meta.url), "utf8")) as {
  importance: { points: Point[]; costs: number[] } & Record<"optuna" | "exact", Record<string, number>>;
  ranks: { costs: number[][]; ranks: number[] };
};
const space = checkedSpace([
  { name: "x", range: { kind: "number", low: -5, high: 10, log: false } },
  { name: "y", range: { kind: "number", low: 0, high: 15, log: false } },
  { name: "method", range: { kind: "choice", values: ["a", "b", "c"] } },
]);
const trials = golden.importance.points.map(
  (point, number): Trial => ({
    number,
    point,
    state: "finished",
    costs: [golden.importance.costs[number]!],
    curve: [],
  }),
);

test("shares are near the exact ones, and not further from them than Optuna's", () => {
  const shares = Object.fromEntries(importance(space, trials).map(({ parameter, share }) => [parameter, share]));
  const { exact, optuna } = golden.importance;
  const off = (of: Record<string, number>) =>
    Object.keys(exact).reduce((sum, name) => sum + Math.abs(of[name]! - exact[name]!), 0);
  expect(off(shares)).toBeLessThan(Math.max(off(optuna) + 0.02, 0.09));
  for (const name of Object.keys(exact)) expect(shares[name]).toBeCloseTo(optuna[name]!, 1);
});

test("a parameter that changes nothing has next to no share, and one that changes all has nearly the whole", () => {
  const two = checkedSpace(space.slice(0, 2));
  const of = trials.map((trial): Trial => ({ ...trial, costs: [Number(trial.point.x)] }));
  const [first, second] = importance(two, of);
  expect(first).toMatchObject({ parameter: "x" });
  expect(first!.share).toBeGreaterThan(0.95);
  expect(second!.share).toBeLessThan(0.02);
});

test("a parameter that exists beside one choice is not taken for that choice", () => {
  const nested = checkedSpace([space[2]!, { ...space[0]!, when: [{ parameter: "method", values: ["a"] }] }]);
  const of = trials.map(({ point: { method, x }, ...trial }): Trial => {
    const point: Point = method === "a" ? { method, x: x! } : { method: method! };
    return { ...trial, point, costs: [method === "a" ? 0 : 1] };
  });
  const [first, second] = importance(nested, of);
  expect(first).toMatchObject({ parameter: "method" });
  expect(second!.share).toBeLessThan(0.05);
});

test("importance of three trials is refused", () => {
  expect(() => importance(space, trials.slice(0, 3))).toThrow(/too few/);
});

test("another objective has other shares", () => {
  const of = trials.map((trial): Trial => ({ ...trial, costs: [0, Number(trial.point.y)] }));
  expect(importance(space, of, { objective: 1 })[0]).toMatchObject({ parameter: "y" });
});

test("ranks of non-domination are Optuna's", () => {
  expect(ranksOf(golden.ranks.costs)).toEqual(golden.ranks.ranks);
});

test("nothing dominates a front, and something of the front dominates everything else", () => {
  const costs = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 2 }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(costs, (points) => {
      const front = new Set(paretoFront(points));
      for (const [i, point] of points.entries())
        expect(points.some((other, j) => dominates(other, point) && front.has(j))).toBe(!front.has(i));
    }),
    { seed: 1 },
  );
});

test("ends of a front are the least crowded", () => {
  const distances = crowding([
    [0, 10],
    [1, 9],
    [5, 5],
    [10, 0],
  ]);
  expect(distances[0]).toBe(Number.POSITIVE_INFINITY);
  expect(distances[3]).toBe(Number.POSITIVE_INFINITY);
  expect(distances[2]).toBeGreaterThan(distances[1]!);
});

test("finished trials come before pruned ones, those before failed ones, and NaN is no cost", () => {
  const of = (number: number, state: Trial["state"], cost?: number, steps = 0): Trial => ({
    number,
    point: {},
    state,
    ...(cost !== undefined && { costs: [cost] }),
    curve: Array.from({ length: steps }, (_, i) => ({ step: i + 1, cost: 1 })),
  });
  const all = [
    of(0, "failed"),
    of(1, "pruned", undefined, 2),
    of(2, "finished", 3),
    of(3, "finished", Number.NaN),
    of(4, "pruned", undefined, 5),
    of(5, "finished", 1),
  ];
  expect(bestFirst(all).map(({ number }) => number)).toEqual([5, 2, 4, 1, 0, 3]);
  expect(bestOf(all)?.number).toBe(5);
});
