// Spaces: what is refused, what exists where, and values as places in [0, 1] and back.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isConcordError, random } from "../base/index.ts";
import { gridPoints } from "./samplers/grid.ts";
import { randomPoint } from "./samplers/random.ts";
import { canBe, checkedPoint, checkedSpace, isActive, type Parameter, type Range, type Value } from "./space.ts";
import { cellOf, fromUnit, toUnit } from "./unit.ts";

const number = (name: string, low: number, high: number, log = false): Parameter => ({
  name,
  range: { kind: "number", low, high, log },
});
const method: Parameter = { name: "method", range: { kind: "choice", values: ["full", "lora"] } };
const rank: Parameter = {
  name: "rank",
  range: { kind: "integer", low: 1, high: 64, log: true },
  when: [{ parameter: "method", values: ["lora"] }],
};

/** What a check finds wrong. */
function fault(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (isConcordError(error, "E_CONFIG")) return { path: error.facts.path, problem: error.facts.problem };
    throw error;
  }
  return undefined;
}

const refused: [name: string, parameters: readonly Parameter[], path: string, problem: RegExp][] = [
  ["without parameters", [], "search.space", /empty/],
  ["with a name twice", [number("a", 0, 1), number("a", 0, 2)], "a", /twice/],
  ["with bounds in the wrong order", [number("a", 2, 1)], "a", /lower bound/],
  ["with equal bounds", [number("a", 1, 1)], "a", /lower bound/],
  ["with a bound that is no number", [number("a", 0, Number.NaN)], "a", /no number/],
  ["with a logarithm of 0", [number("a", 0, 1, true)], "a", /logarithm/],
  [
    "with half a whole number",
    [{ name: "a", range: { kind: "integer", low: 1.5, high: 3, log: false } }],
    "a",
    /whole number/,
  ],
  ["with an empty choice", [{ name: "a", range: { kind: "choice", values: [] } }], "a", /nothing to choose/],
  ["with a choice twice", [{ name: "a", range: { kind: "choice", values: [1, 2, 1] } }], "a", /twice/],
  ["with a condition on nobody", [rank], "rank", /does not have/],
  [
    "with a condition on a value that cannot be",
    [method, { ...rank, when: [{ parameter: "method", values: ["bitfit"] }] }],
    "rank",
    /never holds/,
  ],
  [
    "with a condition on no value",
    [method, { ...rank, when: [{ parameter: "method", values: [] }] }],
    "rank",
    /never holds/,
  ],
  [
    "with conditions in a circle",
    [
      { ...method, when: [{ parameter: "rank", values: [8] }] },
      { ...rank, when: [{ parameter: "method", values: ["lora"] }] },
    ],
    "method",
    /leads back/,
  ],
];

describe("a space is refused", () => {
  test.each(refused)("%s", (_name, parameters, path, problem) => {
    const found = fault(() => checkedSpace(parameters));
    expect(found?.path).toBe(path);
    expect(found?.problem).toMatch(problem);
  });
});

test("a parameter stands after the one that it depends on, whatever the order of the recipe", () => {
  expect(checkedSpace([rank, method]).map(({ name }) => name)).toEqual(["method", "rank"]);
});

test("a parameter exists only where its condition holds", () => {
  expect(isActive(rank, { method: "lora" })).toBe(true);
  expect(isActive(rank, { method: "full" })).toBe(false);
  expect(isActive(rank, {})).toBe(false);
});

describe("settings that somebody gives", () => {
  const space = checkedSpace([method, rank, number("rate", 1e-5, 1, true)]);
  test("are taken where they are of the space", () => {
    const point = { method: "lora", rank: 8, rate: 1e-3 };
    expect(checkedPoint(space, point)).toEqual(point);
  });
  test.each([
    ["lack a parameter", { method: "full" }, "rate", /lack/],
    ["have one that does not exist there", { method: "full", rank: 8, rate: 0.1 }, "rank", /no such/],
    ["have a value outside", { method: "full", rate: 2 }, "rate", /outside/],
    ["have half a whole number", { method: "lora", rank: 8.5, rate: 0.1 }, "rank", /outside/],
  ])("are refused where they %s", (_name, point, path, problem) => {
    const found = fault(() => checkedPoint(space, point as Record<string, Value>));
    expect(found?.path).toBe(path);
    expect(found?.problem).toMatch(problem);
  });
});

const ranges: fc.Arbitrary<Range> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 200 }), fc.boolean())
    .map(([low, width, log]): Range => ({ kind: "integer", low, high: low + width, log })),
  fc
    .tuple(
      fc.double({ min: 1e-6, max: 10, noNaN: true }),
      fc.double({ min: 1.01, max: 1e5, noNaN: true }),
      fc.boolean(),
    )
    .map(([low, factor, log]): Range => ({ kind: "number", low, high: low * factor, log })),
  fc
    .uniqueArray(fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)), { minLength: 1, maxLength: 8 })
    .map((values): Range => ({ kind: "choice", values })),
);

test("every place of [0, 1] is a value of the range, in its own cell; a whole number and a choice come back exactly", () => {
  fc.assert(
    fc.property(ranges, fc.double({ min: 0, max: 1, noNaN: true }), (range, unit) => {
      const value = fromUnit(range, unit);
      expect(canBe(range, value)).toBe(true);
      const back = toUnit(range, value);
      const cell = cellOf(range, value);
      if (!cell) expect(Math.abs(back - unit)).toBeLessThan(1e-6);
      else {
        expect(cell[0]).toBeLessThanOrEqual(unit + 1e-9);
        expect(cell[1]).toBeGreaterThanOrEqual(unit - 1e-9);
        expect(fromUnit(range, back)).toEqual(value);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("a logarithmic range is even in the logarithm", () => {
  const range: Range = { kind: "number", low: 1e-5, high: 1e-1, log: true };
  expect(fromUnit(range, 0.5)).toBeCloseTo(1e-3, 10);
  expect(fromUnit({ ...range, log: false }, 0.5)).toBeCloseTo(0.050005, 10);
});

test("a grid has every combination once, and leaves out what does not exist", () => {
  const points = gridPoints(checkedSpace([method, rank, number("rate", 0, 1)]), { values: 3 });
  expect(points.filter(({ method }) => method === "full")).toHaveLength(3);
  expect(points.filter(({ method }) => method === "lora").map(({ rank }) => rank)).toEqual([
    ...[1, 1, 1],
    ...[8, 8, 8],
    ...[64, 64, 64],
  ]);
  expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(points.length);
});

test("a grid of too many points is refused before it is made", () => {
  const many = checkedSpace(Array.from({ length: 12 }, (_, i) => number(`x${i}`, 0, 1)));
  expect(fault(() => gridPoints(many))?.problem).toMatch(/too many/);
});

test("a random point has exactly the parameters that exist, with values of their ranges", () => {
  const space = checkedSpace([method, rank, number("rate", 1e-5, 1, true)]);
  const stream = random(3);
  for (let i = 0; i < 200; i++) checkedPoint(space, randomPoint(space, stream));
});
