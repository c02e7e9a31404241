// Noise and batches as functions of (key, step, tensor).
import { expect, test } from "vitest";
import { aesNoise } from "./node/aes.ts";
import { counterBlock, fixedBatch, type NoiseSource, poissonBatch } from "./noise.ts";

const source = aesNoise(new Uint8Array(32).fill(7));
const take = (from: NoiseSource, counter: Parameters<NoiseSource["bytes"]>[0], count: number) =>
  Buffer.concat([...from.bytes(counter, count)]);

test("the key stream is AES-256 in counter mode: the test vector of SP 800-38A F.5.5", () => {
  const key = Buffer.from("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "hex");
  // its counter f0f1…ff is none of ours; AES of a block is checked through the first block of a counter instead
  const block = counterBlock({ stream: "noise", step: 1, tensor: 2 });
  expect([...block]).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0]);
  const bytes = take(aesNoise(key), { stream: "noise", step: 1, tensor: 2 }, 48);
  expect(bytes.subarray(0, 16).equals(bytes.subarray(16, 32))).toBe(false);
  expect(take(aesNoise(key), { stream: "noise", step: 1, tensor: 2 }, 16).equals(bytes.subarray(0, 16))).toBe(true);
});

test("steps, tensors, streams and keys have parts of their own", () => {
  const parts = [
    take(source, { stream: "noise", step: 0, tensor: 0 }, 64),
    take(source, { stream: "noise", step: 1, tensor: 0 }, 64),
    take(source, { stream: "noise", step: 0, tensor: 1 }, 64),
    take(source, { stream: "sampling", step: 0, tensor: 0 }, 64),
    take(aesNoise(new Uint8Array(32)), { stream: "noise", step: 0, tensor: 0 }, 64),
  ].map((b) => b.toString("hex"));
  expect(new Set(parts).size).toBe(parts.length);
});

test.each([
  { step: -1, tensor: 0 },
  { step: 0.5, tensor: 0 },
  { step: 0, tensor: 2 ** 24 },
])("refuses the counter %o", (counter) => {
  expect(() => counterBlock({ stream: "noise", ...counter })).toThrow(/out of range/);
});

test("Poisson batches hold each example with the given probability, independently", () => {
  const [examples, rate, steps] = [500, 0.05, 400];
  const counts = new Float64Array(examples);
  let [sizes, squares] = [0, 0];
  for (let step = 0; step < steps; step++) {
    const batch = poissonBatch(source, step, examples, rate);
    for (const i of batch) counts[i]!++;
    sizes += batch.length / steps;
    squares += batch.length ** 2 / steps;
  }
  expect(sizes).toBeCloseTo(25, -0.5);
  expect((squares - sizes ** 2) / (examples * rate * (1 - rate))).toBeGreaterThan(0.75); // binomial, not constant
  expect((squares - sizes ** 2) / (examples * rate * (1 - rate))).toBeLessThan(1.25);
  const spread = counts.reduce((s, c) => s + (c - steps * rate) ** 2, 0) / examples / (steps * rate * (1 - rate));
  expect(Math.abs(spread - 1)).toBeLessThan(0.3);
  expect(poissonBatch(source, 3, examples, 1)).toHaveLength(examples);
});

test("batches of fixed size are different examples, each as likely, and the same again at the same step", () => {
  const counts = new Float64Array(40);
  for (let step = 0; step < 2000; step++) {
    const batch = fixedBatch(source, step, 40, 10);
    expect(new Set(batch).size).toBe(10);
    for (const i of batch) counts[i]!++;
  }
  for (const c of counts) expect(Math.abs(c - 500)).toBeLessThan(100); // five deviations
  expect(fixedBatch(source, 5, 40, 10)).toEqual(fixedBatch(source, 5, 40, 10));
  expect([...fixedBatch(source, 5, 10, 10)].sort((a, b) => a - b)).toEqual([...Array(10).keys()]);
});
