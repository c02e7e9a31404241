// Samplers: exact for a seed and a history, better than chance, and aware of failed and running trials; the process beside scikit-learn's.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { random } from "../../base/index.ts";
import { checkedPoint, checkedSpace, type Parameter, type Point, type Space } from "../space.ts";
import { suggest } from "../suggest.ts";
import type { Trial } from "../trials.ts";
import { gaussianProcessSampler } from "./gaussian-process.ts";
import { gridSampler } from "./grid.ts";
import { parzen } from "./parzen.ts";
import { randomSampler } from "./random.ts";
import { hyperparameterLoss, posterior } from "./regression.ts";
import type { Sampler } from "./sampler.ts";
import { tpeSampler } from "./tpe.ts";

const number = (name: string, low = 0, high = 1): Parameter => ({
  name,
  range: { kind: "number", low, high, log: false },
});
const mixed = checkedSpace([
  { name: "method", range: { kind: "choice", values: ["a", "b", "c"] } },
  number("x"),
  {
    name: "width",
    range: { kind: "integer", low: 1, high: 64, log: true },
    when: [{ parameter: "method", values: ["b"] }],
  },
]);
const cost = ({ method, x, width }: Point): number =>
  (method === "b" ? 0.1 * (Math.log2(Number(width)) - 4) ** 2 : method === "a" ? 0.3 : 1) + (Number(x) - 0.7) ** 2;

/** A search of so many trials. */
function searched(sampler: Sampler, trials: number, seed = 0, space: Space = mixed, of = cost): Trial[] {
  const history: Trial[] = [];
  for (let number = 0; number < trials; number++) {
    const point = suggest({ space, sampler, seed }, history);
    if (!point) break;
    history.push({ number, point, state: "finished", costs: [of(point)], curve: [] });
  }
  return history;
}
const least = (history: readonly Trial[]) => Math.min(...history.map(({ costs }) => costs![0]!));
const samplers = { random: randomSampler(), tpe: tpeSampler(), gp: gaussianProcessSampler({ candidates: 100 }) };

describe.each(Object.entries(samplers))("%s", (_name, sampler) => {
  test("suggests points of the space", () => {
    for (const { point } of searched(sampler, 20)) checkedPoint(mixed, point);
  });
  test("goes on from a history as if it had not been stopped", () => {
    const whole = searched(sampler, 20, 5);
    const next = suggest({ space: mixed, sampler, seed: 5 }, whole.slice(0, 13));
    expect(next).toEqual(whole[13]!.point);
  });
  test("suggests other points with another seed", () => {
    const history = searched(randomSampler(), 12);
    const of = (seed: number) => suggest({ space: mixed, sampler, seed }, history);
    expect(of(1)).not.toEqual(of(2));
  });
});

test.each([
  ["tpe", samplers.tpe, 30, 5],
  ["gp", samplers.gp, 20, 3],
])("%s comes nearer to the best than chance does", (_name, sampler, trials, seeds) => {
  const all = Array.from({ length: seeds }, (_, seed) => seed);
  const mean = (of: Sampler) => all.reduce((sum, seed) => sum + least(searched(of, trials, seed)), 0) / seeds;
  expect(mean(sampler)).toBeLessThan(0.6 * mean(randomSampler()));
});

test("first settings are tried before the sampler is asked", () => {
  const first = [{ method: "a", x: 0.5 }];
  expect(suggest({ space: mixed, sampler: randomSampler(), seed: 0, first }, [])).toEqual(first[0]);
});

test("a grid ends, and does not repeat what was tried first", () => {
  const space = checkedSpace([{ name: "a", range: { kind: "choice", values: [1, 2, 3] } }]);
  const tried: Trial = { number: 0, point: { a: 2 }, state: "finished", costs: [1], curve: [] };
  const settings = { space, sampler: gridSampler(), seed: 0 };
  const second = suggest(settings, [tried]);
  expect(second).toEqual({ a: 1 });
  const third = suggest(settings, [tried, { ...tried, number: 1, point: second! }]);
  expect(third).toEqual({ a: 3 });
  expect(suggest(settings, [tried, { ...tried, point: { a: 1 } }, { ...tried, point: { a: 3 } }])).toBeUndefined();
});

test("TPE keeps away from where trials failed, and from where one runs", () => {
  const space = checkedSpace([number("x")]);
  const near = (x: number, count: number, state: Trial["state"]): Trial[] =>
    Array.from({ length: count }, (_, i) => ({ number: i, point: { x: x + i * 1e-3 }, state, curve: [] }));
  const good: Trial[] = [0.2, 0.8].map((x, number) => ({
    number,
    point: { x },
    state: "finished",
    costs: [0],
    curve: [],
  }));
  const side = (others: readonly Trial[]) => {
    const history = [...good, ...others];
    const sampler = tpeSampler({ startup: 2, good: 2 / history.length });
    const points = Array.from({ length: 60 }, (_, i) => sampler(space, history, random(i))!);
    return points.filter(({ x }) => Number(x) > 0.5).length / points.length;
  };
  expect(side(near(0.8, 10, "failed"))).toBeLessThan(0.1);
  expect(side(near(0.2, 10, "failed"))).toBeGreaterThan(0.9);
  expect(side([...near(0.5, 8, "failed"), ...near(0.8, 4, "running")])).toBeLessThan(0.25);
});

test("a density integrates to 1 over numbers, whole numbers, choices and what exists beside them", () => {
  const points: Point[] = [
    { method: "b", x: 0.3, width: 8 },
    { method: "a", x: 0.9 },
    { method: "b", x: 0.35, width: 60 },
  ];
  const density = parzen(mixed, points);
  let total = 0;
  for (let i = 0; i < 200; i++) {
    const x = (i + 0.5) / 200;
    for (const method of ["a", "c"]) total += Math.exp(density.logDensity({ method, x })) / 200;
    for (let width = 1; width <= 64; width++) total += Math.exp(density.logDensity({ method: "b", x, width })) / 200;
  }
  expect(total).toBeCloseTo(1, 3);
});

test("with several costs TPE looks where neither can fall without the other", () => {
  const space = checkedSpace([number("x"), number("y")]);
  const history: Trial[] = [];
  const costs = ({ x, y }: Point) => [Number(x) ** 2 + Number(y), (Number(x) - 1) ** 2 + Number(y)];
  for (let n = 0; n < 50; n++) {
    const point = suggest({ space, sampler: tpeSampler(), seed: 1 }, history)!;
    history.push({ number: n, point, state: "finished", costs: costs(point), curve: [] });
  }
  const late = history.slice(25).map(({ point }) => Number(point.y));
  expect(late.reduce((a, b) => a + b, 0) / late.length).toBeLessThan(0.25); // chance: 0.5
});

describe("Gaussian process", () => {
  const { process } = JSON.parse(
    readFileSync(new URL("../../../test/golden/search.json", import.meta.url), "utf8"),
  ) as {
    process: Record<"rows" | "asked", number[][]> &
      Record<"values" | "lengths" | "mean" | "std", number[]> &
      Record<"variance" | "noise" | "logLikelihood", number>;
  };
  const rows = process.rows.map((row) => Float64Array.from(row));
  const logs = Float64Array.from([...process.lengths, process.variance, process.noise - 1e-8].map(Math.log));
  const groups = [0, 1, 2];
  const y = Float64Array.from(process.values);

  test("has scikit-learn's mean and deviation", () => {
    const model = posterior({ rows, groups }, y, logs);
    for (const [i, asked] of process.asked.entries()) {
      const { mean, std } = model.at(Float64Array.from(asked));
      expect(mean).toBeCloseTo(process.mean[i]!, 9);
      expect(std).toBeCloseTo(process.std[i]!, 7);
    }
  });

  test("has scikit-learn's likelihood, and the gradient of its loss", () => {
    const gradient = new Float64Array(5);
    const loss = hyperparameterLoss({ rows, groups }, y, logs, gradient);
    const [means, stds] = [
      [...Array(3).fill(Math.log(0.5)), 0, Math.log(1e-4)],
      [1, 1, 1, 1, 2],
    ];
    const prior = logs.reduce((sum, at, i) => sum + 0.5 * ((at - means[i]) / stds[i]!) ** 2, 0);
    expect(loss - prior + (rows.length / 2) * Math.log(2 * Math.PI)).toBeCloseTo(-process.logLikelihood, 8);
    for (const i of logs.keys()) {
      const moved = (by: number) =>
        hyperparameterLoss({ rows, groups }, y, logs.with(i, logs[i]! + by), new Float64Array(5));
      expect(gradient[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 4);
    }
  });

  test("leaves where a trial runs to that trial", () => {
    const space = checkedSpace([number("x")]);
    const costs = [1, 0.2, 0.9, 0.25, 1, 0.3, 0.9, 1];
    const finished = costs.map(
      (cost, number): Trial => ({ number, point: { x: number / 7 }, state: "finished", costs: [cost], curve: [] }),
    );
    const ask = (history: readonly Trial[]) => Number(samplers.gp(space, history, random(1))!.x);
    const first = ask(finished);
    expect(ask(finished)).toBe(first);
    const second = ask([...finished, { number: 8, point: { x: first }, state: "running", curve: [] }]);
    expect(Math.abs(second - first)).toBeGreaterThan(0.02);
  });
});
