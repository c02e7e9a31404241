// The WebAssembly kernels against their plain twins, bit for bit, over random sizes, values and tails.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../base/index.ts";
import { type Kernels, wasmKernels } from "./kernels.ts";
import { plainKernels } from "./plain.ts";

const bufferBytes = 4096;
const buffers = [0, 1, 2, 3, 4].map((i) => i * bufferBytes) as [number, number, number, number, number];

/** Runs a kernel on two memories with the same random content and returns both contents and results. */
function twins(seed: number, run: (kernels: Kernels) => unknown, special: readonly number[] = []) {
  const outcomes = [wasmKernels, plainKernels].map((make) => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const floats = new Float32Array(memory.buffer);
    const rng = random(seed);
    for (let i = 0; i < (5 * bufferBytes) / 4; i++)
      floats[i] =
        special.length && rng.int(8) === 0 ? special[rng.int(special.length)]! : rng.normal() * 10 ** (rng.int(9) - 6);
    for (let i = (3 * bufferBytes) / 4; i < (5 * bufferBytes) / 4; i++) floats[i] = Math.abs(floats[i]!); // second moments
    return { result: run(make(memory as never)), words: new Uint32Array(memory.buffer) };
  });
  return outcomes as [(typeof outcomes)[0], (typeof outcomes)[0]];
}

/** Bits, with every NaN the same. */
const bits = (words: Uint32Array) => {
  const floats = new Float32Array(words.buffer);
  return Array.from(words, (word, i) => (Number.isNaN(floats[i]!) ? "NaN" : word));
};

const adamScalars = [0.37, 1 - 1e-3 * 0.01, 0, 0.1, 0.999, 0.001, 3e-4, 1e-8] as const;
const coupledScalars = [1, 1, 0.05, 0.2, 0.95, 0.05, 3e-3, 1e-6] as const;
const cases: Record<string, (count: number) => (kernels: Kernels) => unknown> = {
  "adam, decoupled decay": (n) => (k) => k.adam(buffers[0], buffers[1], buffers[2], buffers[3], n, ...adamScalars),
  "adam, coupled decay": (n) => (k) => k.adam(buffers[0], buffers[1], buffers[2], buffers[3], n, ...coupledScalars),
  adamMaximum: (n) => (k) => k.adamMaximum(...buffers, n, ...coupledScalars),
  sgd: (n) => (k) => k.sgd(buffers[0], buffers[1], n, 0.5, 0.01, 0.1),
  sgdMomentum: (n) => (k) => k.sgdMomentum(buffers[0], buffers[1], buffers[2], n, 0.5, 0.01, 0.9, 0.7, 1, 0.9, 0.1),
  lion: (n) => (k) => k.lion(buffers[0], buffers[1], buffers[2], n, 0.5, 0.999, 0.9, 0.1, 0.99, 0.01, 1e-4),
  sumSquares: (n) => (k) => k.sumSquares(buffers[1], n),
  largestMagnitude: (n) => (k) => k.largestMagnitude(buffers[1], n),
  axpy: (n) => (k) => k.axpy(buffers[0], buffers[1], n, 0.3),
  scale: (n) => (k) => k.scale(buffers[0], n, 0.3),
  fill: (n) => (k) => k.fill(buffers[0], n, 0.3),
  addGaussian: (n) => (k) => k.addGaussian(buffers[0], buffers[1], n - (n % 8), 1.7),
  dropoutMask: (n) => (k) => k.dropoutMask(buffers[0], n - (n % 4), 429496730, 1 / 0.9, buffers[1]),
};

describe("each WebAssembly kernel equals its plain twin in every bit", () => {
  test.each(Object.entries(cases))("%s", (_name, make) => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 200 }), (seed, count) => {
        const [fast, slow] = twins(seed, make(count));
        expect(fast.result).toBe(slow.result);
        expect(bits(fast.words)).toEqual(bits(slow.words));
      }),
      { numRuns: 12 },
    );
  });

  test.each(Object.entries(cases).filter(([name]) => name !== "dropoutMask"))(
    "%s with NaN, Infinity, -0 and denormals",
    (_name, make) => {
      for (const count of [1, 8, 37]) {
        const [fast, slow] = twins(count, make(count), [Number.NaN, Infinity, -Infinity, -0, 0, 1e-42, 3e38]);
        expect(fast.result).toEqual(slow.result);
        expect(bits(fast.words)).toEqual(bits(slow.words));
      }
    },
  );

  test("addRows, with duplicate indices and a tail", () => {
    for (const width of [1, 3, 4, 13]) {
      const [fast, slow] = twins(width, (k) => {
        return k;
      });
      for (const side of [fast, slow]) {
        side.words.set([2, 0, 2, 2, 5], buffers[4] / 4);
        (side.result as Kernels).addRows(buffers[0], buffers[4], buffers[1], 5, width, 0.7);
      }
      expect(bits(fast.words)).toEqual(bits(slow.words));
    }
  });
});

describe("the comparison has teeth", () => {
  test("a perturbed beta changes the bits of adam", () => {
    const [fast] = twins(1, (k) => k.adam(buffers[0], buffers[1], buffers[2], buffers[3], 64, ...adamScalars));
    const [other] = twins(1, (k) =>
      k.adam(buffers[0], buffers[1], buffers[2], buffers[3], 64, 0.37, 1 - 1e-5, 0, 0.1, 0.9991, 0.001, 3e-4, 1e-8),
    );
    expect(bits(fast.words)).not.toEqual(bits(other.words));
  });

  test("a kernel writes nothing past its count", () => {
    const before = twins(5, () => 0)[0].words;
    const [after] = twins(5, (k) => k.adam(buffers[0], buffers[1], buffers[2], buffers[3], 37, ...adamScalars));
    for (const buffer of buffers)
      expect(after.words.slice(buffer / 4 + 37, buffer / 4 + 1024)).toEqual(
        before.slice(buffer / 4 + 37, buffer / 4 + 1024),
      );
  });
});

test("sumSquares in float64 agrees with an exact sum where float32 would not", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const floats = new Float32Array(memory.buffer);
  floats.fill(1e-4, 0, 10_000);
  floats[0] = 1e4;
  const expected = 1e8 + 9999 * Math.fround(1e-4) ** 2;
  expect(Math.abs(wasmKernels(memory).sumSquares(0, 10_000) - expected)).toBeLessThan(2e-5); // the small terms sum to 1e-4
});
