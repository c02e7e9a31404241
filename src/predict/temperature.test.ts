import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { fitTemperature, softmax } from "./temperature.ts";

test("softmax adds up to 1, at any temperature and for huge logits", () => {
  for (const t of [0.1, 1, 10]) expect(softmax([1e4, 0, -1e4], t).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  expect(softmax([Math.log(3), 0])).toEqual([expect.closeTo(0.75, 12), expect.closeTo(0.25, 12)]);
});

test("the temperature that drew the labels is found again", () => {
  const rng = random(1);
  const uniform = () => rng.int(2 ** 30) / 2 ** 30;
  for (const wanted of [0.5, 1, 3]) {
    const logits = Array.from({ length: 20_000 }, () => [4 * uniform(), 4 * uniform(), 4 * uniform()]);
    const truth = logits.map((row) => {
      const [p, q] = softmax(row, wanted);
      const u = uniform();
      return u < p! ? 0 : u < p! + q! ? 1 : 2;
    });
    expect(Math.abs(fitTemperature(logits, truth) / wanted - 1)).toBeLessThan(0.1);
  }
});

test("many classes and few rows do not make the model doubt itself: confidence stays near the share that is right", () => {
  const rng = random(2);
  const gaps: number[] = [];
  for (let round = 0; round < 20; round++) {
    const rows = Array.from({ length: 84 }, () => {
      const label = rng.int(17);
      const right = rng.float() < 0.94;
      const logits = Array.from(
        { length: 17 },
        (_, k) => 0.3 * rng.normal() + (k === (right ? label : (label + 1) % 17) ? 2 : 0),
      );
      return { label, logits, right };
    });
    const temperature = fitTemperature(
      rows.map((r) => r.logits),
      rows.map((r) => r.label),
    );
    const sure = rows.reduce((sum, { logits }) => sum + Math.max(...softmax(logits, temperature)), 0) / rows.length;
    gaps.push(sure - rows.filter((r) => r.right).length / rows.length);
  }
  const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
  expect(Math.abs(mean)).toBeLessThan(0.05); // was 0.25 below with a doubt that grew with the classes
});

test("a few rows that are all right do not make the model certain, nor do a few wrong ones make it doubt everything", () => {
  const rows = (count: number) => Array.from({ length: count }, () => [5, 0]);
  const fitted = (count: number, label: number) => fitTemperature(rows(count), new Array(count).fill(label));
  const [sure] = softmax([5, 0], fitted(20, 0));
  expect(sure).toBeGreaterThan(21 / 22); // the rule of succession
  expect(sure).toBeLessThan(softmax([5, 0])[0]!);
  for (const count of [1, 2, 3, 5]) {
    expect(fitted(count, 0)).toBeGreaterThan(0.8);
    expect(fitted(count, 0)).toBeLessThan(1.6);
    expect(fitted(count, 1)).toBeLessThan(4); // all wrong
  }
  const mild = [
    [0.3, 0],
    [0, 0.3],
    [0.2, 0],
  ];
  expect(fitTemperature(mild, [0, 1, 0])).toBeGreaterThan(0.5); // was 0.05
  expect(fitted(400, 1)).toBeGreaterThan(10); // many rows decide
});

test("no rows, or another number of classes, is refused", () => {
  expect(() => fitTemperature([], [])).toThrow(/at least one row/);
  expect(() => fitTemperature([[1, 2]], [])).toThrow(/1 rows, 0 classes/);
});
