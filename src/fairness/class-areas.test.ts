import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { classAreas } from "./class-areas.ts";

const rng = random(3);
const rows = 6000;
const truth = Array.from({ length: rows }, () => rng.int(3));
const probabilities = truth.map((t) => {
  const raw = [0, 1, 2].map((k) => Math.exp(rng.normal() + Number(k === t)));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((x) => x / sum);
});
const groupOf = Int32Array.from(truth, (_, row) => row % 2);
const grouping = { names: ["a", "b"], groupOf, rows: [rows / 2, rows / 2] };
const options = { seed: "areas", resamples: 400, smallestCell: 10 };
const spread = (most?: number) => {
  const { values, draws } = classAreas(truth, probabilities, ["x", "y", "z"], most).sample(grouping, [0, 1], options);
  return Array.from(values, (value, i) =>
    Math.sqrt(draws.reduce((sum, drawn) => sum + (drawn[i]! - value) ** 2, 0) / draws.length),
  ).filter((x) => !Number.isNaN(x));
};

test("of very many rows every k-th stands for k: intervals stay as wide", () => {
  const [all, some] = [spread(), spread(6000)]; // every fifth row
  expect(some).toHaveLength(all.length);
  for (const [i, wide] of all.entries()) {
    expect(some[i]! / wide).toBeGreaterThan(0.8);
    expect(some[i]! / wide).toBeLessThan(1.25);
  }
  expect(some).not.toEqual(all);
});

test("no draw leaves 0 … 1", () => {
  const sure = truth.map((t) => [0, 1, 2].map((k) => (k === t ? 0.98 : 0.01)));
  const { values, draws } = classAreas(truth, sure, ["x", "y", "z"]).sample(grouping, [0, 1], options);
  expect(values[0]).toBe(1);
  expect(Math.max(...draws.map((drawn) => drawn[0]!))).toBe(1);
});
