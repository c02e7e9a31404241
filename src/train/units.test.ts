// A unit adds one clipped gradient to a sum at most, however many examples are its own, and each of them has the same chance.
import { expect, test } from "vitest";
import { oneOfEach, poissonBatch } from "../privacy/index.ts";
import { aesNoise } from "../privacy/node/aes.ts";
import { privatePlan } from "./private-options.ts";
import { sampledBatch } from "./private-steps.ts";
import { examplesByUnit, unitCount } from "./units.ts";

const noise = aesNoise(new Uint8Array(32).fill(5));
const ids = Int32Array.of(1);
// 40 persons: one with 60 rows, one with 3, others with one, of which half name nobody
const examples = [
  ...Array.from({ length: 60 }, (_, k) => ({ ids, unit: 7, label: k })),
  ...Array.from({ length: 3 }, (_, k) => ({ ids, unit: 3, label: 100 + k })),
  ...Array.from({ length: 38 }, (_, k) => ({ ids, ...(k % 2 && { unit: 1000 + k }), label: 200 + k })),
];

test("units are counted with all their examples", () => {
  expect(unitCount(examples)).toBe(40);
  expect(
    examplesByUnit(examples)
      .slice(0, 3)
      .map((own) => own.length),
  ).toEqual([60, 3, 1]);
});

test.each(["poisson", "fixed"] as const)(
  "a %s batch has at most one example of a unit; units come with the rate, their examples evenly",
  (sampling) => {
    const plan = privatePlan(
      { noiseMultiplier: 1, sampling, unit: "person" },
      { examples: 40, batchSize: 10, steps: 100 },
    );
    const steps = 4000;
    const times = new Map<number, number>();
    let total = 0;
    for (let step = 0; step < steps; step++) {
      const batch = sampledBatch({ plan, noise }, examples, step);
      const units = batch.map(({ unit, label }) => unit ?? `alone ${label}`);
      expect(new Set(units).size).toBe(units.length);
      if (sampling === "fixed") expect(batch).toHaveLength(10);
      total += batch.length;
      for (const { label } of batch) times.set(label as number, (times.get(label as number) ?? 0) + 1);
    }
    const near = (got: number, rate: number) =>
      expect(Math.abs(got / steps - rate)).toBeLessThan(4.5 * Math.sqrt((rate * (1 - rate)) / steps));
    expect(Math.abs(total / steps - 10)).toBeLessThan(4.5 * Math.sqrt(7.5 / steps));
    const large = Array.from({ length: 60 }, (_, k) => times.get(k) ?? 0);
    near(
      large.reduce((a, b) => a + b, 0),
      0.25,
    );
    for (const k of [100, 101, 102]) near(times.get(k)!, 0.25 / 3);
    for (const k of [200, 201, 237]) near(times.get(k)!, 0.25);
    expect(Math.min(...large)).toBeGreaterThan(0);
  },
);

test("where each unit has one example, batches are those of examples", () => {
  const plain = Array.from({ length: 50 }, (_, label) => ({ ids, label }));
  const plan = privatePlan({ noiseMultiplier: 1 }, { examples: 50, batchSize: 10, steps: 100 });
  for (let step = 0; step < 20; step++)
    expect(sampledBatch({ plan, noise }, plain, step).map(({ label }) => label)).toEqual(
      poissonBatch(noise, step, 50, 0.2),
    );
});

test("what is drawn of a unit is a function of the step, and not of the numbers that draw the batch", () => {
  const counts = [1000, 1000, 1000, 1000];
  expect(oneOfEach(noise, 3, counts)).toEqual(oneOfEach(noise, 3, counts));
  expect(oneOfEach(noise, 3, counts)).not.toEqual(oneOfEach(noise, 4, counts));
  expect(oneOfEach(noise, 3, [1, 1, 1])).toEqual([0, 0, 0]);
});
