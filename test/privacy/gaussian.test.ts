// What the kernel makes of the key stream is standard normal: moments, distribution, tails, independence; and replays to the bit.
import { expect, test } from "vitest";
import { normalCdf } from "../../src/base/index.ts";
import { wasmKernels } from "../../src/optimizers/kernels/kernels.ts";
import { aesNoise } from "../../src/privacy/node/aes.ts";

const count = 2 ** 20;
const memory = new WebAssembly.Memory({ initial: (count * 8) / 65536 });
const kernels = wasmKernels(memory);
const source = aesNoise(new Uint8Array(32).fill(3));

function draw(step: number, tensor: number, deviation = 1): Float32Array {
  const values = new Float32Array(memory.buffer, 0, count).fill(0);
  const words = new Uint8Array(memory.buffer, count * 4);
  let at = 0;
  for (const piece of source.bytes({ stream: "noise", step, tensor }, count * 4)) {
    words.set(piece, at);
    at += piece.length;
  }
  kernels.addGaussian(0, count * 4, count, deviation);
  return values.slice();
}
const moment = (x: Float32Array, p: number) => x.reduce((s, v) => s + v ** p, 0) / x.length;
const first = draw(0, 0);

test("its first four moments are those of a normal distribution, within four standard errors", () => {
  const error = 4 / Math.sqrt(count);
  expect(Math.abs(moment(first, 1))).toBeLessThan(error);
  expect(Math.abs(moment(first, 2) - 1)).toBeLessThan(error * Math.sqrt(2));
  expect(Math.abs(moment(first, 3))).toBeLessThan(error * Math.sqrt(15));
  expect(Math.abs(moment(first, 4) - 3)).toBeLessThan(error * Math.sqrt(96));
});

test("its distribution function nowhere differs from Φ by more than Kolmogorov's bound at 0.001", () => {
  const sorted = first.slice().sort();
  let worst = 0;
  for (let i = 0; i < count; i += 97) worst = Math.max(worst, Math.abs((i + 0.5) / count - normalCdf(sorted[i]!)));
  expect(worst).toBeLessThan(1.95 / Math.sqrt(count));
});

test.each([2, 3, 4])("beyond %d deviations lie as many as should, on both sides", (z) => {
  const expected = count * normalCdf(-z);
  for (const side of [1, -1])
    expect(Math.abs(first.filter((v) => side * v > z).length - expected)).toBeLessThan(4.5 * Math.sqrt(expected));
});

test("pairs of one transform, neighbours, tensors and steps are uncorrelated, in size too", () => {
  const correlation = (a: Float32Array, b: Float32Array) => a.reduce((s, v, i) => s + v * b[i]!, 0) / a.length;
  const shifted = (n: number) => Float32Array.from(first, (_, i) => first[(i + n) % count]!);
  const sizes = (x: Float32Array) => x.map((v) => (v * v - 1) / Math.SQRT2);
  for (const other of [shifted(1), shifted(4), draw(0, 1), draw(1, 0)]) {
    expect(Math.abs(correlation(first, other))).toBeLessThan(4.5 / Math.sqrt(count));
    expect(Math.abs(correlation(sizes(first), sizes(other)))).toBeLessThan(4.5 / Math.sqrt(count));
  }
});

test("the same counter gives the same bits, and the deviation scales them", () => {
  expect(Buffer.from(draw(0, 0).buffer).equals(Buffer.from(first.buffer))).toBe(true);
  expect(draw(0, 0, 2)[17]).toBeCloseTo(2 * first[17]!, 5);
});
