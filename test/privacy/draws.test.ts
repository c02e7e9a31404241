// Noise values that are sums of four draws: normal with the deviation that was asked for, a function of (step, tensor), each draw from
// a part of the key stream that nothing else reads.
import { expect, test } from "vitest";
import { normalCdf } from "../../src/base/index.ts";
import { parameterStore } from "../../src/optimizers/parameter-store.ts";
import type { Counter, NoiseSource } from "../../src/privacy/index.ts";
import { aesNoise } from "../../src/privacy/node/aes.ts";
import { type AddedNoise, addNoise } from "../../src/train/add-noise.ts";

const size = 300_001;
const source = aesNoise(new Uint8Array(32).fill(9));

/** The noise that two parameters get, and where it was read. */
function drawn(added: AddedNoise, step = 5) {
  const shapes = [
    { name: "a", shape: [size], rows: false },
    { name: "b", shape: [7, 3], rows: false },
  ];
  const store = parameterStore(shapes, { gradients: "receive" });
  const read: Counter[] = [];
  const noise: NoiseSource = {
    bytes: (counter, count) => {
      read.push(counter);
      return source.bytes(counter, count);
    },
  };
  for (const { gradient } of store.parameters) store.kernels.fill(gradient!.offset, gradient!.size, 0);
  addNoise(store, ["a", "b"], noise, added, step);
  return { a: store.gradient("a").slice(), b: store.gradient("b").slice(), read };
}
const four = drawn({ deviation: 2, draws: 4 });

test("its moments are those of N(0, σ²), and its distribution function nowhere differs from Φ by more than Kolmogorov's bound", () => {
  const z = four.a.map((v) => v / 2);
  const error = 4 / Math.sqrt(size);
  const moment = (p: number) => z.reduce((s, v) => s + v ** p, 0) / size;
  expect(Math.abs(moment(1))).toBeLessThan(error);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(error * Math.sqrt(2));
  expect(Math.abs(moment(3))).toBeLessThan(error * Math.sqrt(15));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(error * Math.sqrt(96));
  const sorted = z.sort();
  let worst = 0;
  for (let i = 0; i < size; i += 41) worst = Math.max(worst, Math.abs((i + 0.5) / size - normalCdf(sorted[i]!)));
  expect(worst).toBeLessThan(1.95 / Math.sqrt(size));
});

test("it is a function of step and tensor, and no two draws read the same part of the stream", () => {
  expect(drawn({ deviation: 2, draws: 4 }).a).toEqual(four.a);
  expect(drawn({ deviation: 2, draws: 4 }, 6).a).not.toEqual(four.a);
  const parts = four.read.map(({ stream, step, tensor }) => `${stream} ${step} ${tensor}`);
  expect(parts).toHaveLength(8);
  expect(new Set(parts).size).toBe(8);
});

test("one of the four is what a single draw would be, and three quarters of the variance are not", () => {
  const one = drawn({ deviation: 2, draws: 1 });
  expect(one.read).toHaveLength(2);
  const correlation = four.a.reduce((s, v, i) => s + v * one.a[i]!, 0) / size / 4;
  expect(correlation).toBeGreaterThan(0.49);
  expect(correlation).toBeLessThan(0.51);
});
