// Functions of nn by their definitions, where the reference numbers do not reach: other settings, zeros, masks, NaN, ties.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { hostArray, random } from "../../src/base/index.ts";
import { constant, input, interpret, logSoftmax, makeGraph, mul, sum, type Value } from "../../src/graph/index.ts";
import {
  averagePool,
  clamp,
  convolution,
  ctcLoss,
  logSumExp,
  maxPool,
  norm,
  scaledDotProduct,
  sort,
  transposedConvolution,
  weightedMean,
  withoutIgnored,
} from "../../src/nn/index.ts";
import { fuzzRuns, fuzzSeed } from "../fuzz.ts";

const floats = (shape: readonly number[], data: readonly number[]): Value =>
  constant(hostArray("float64", shape, Float64Array.from(data)));
const ints = (shape: readonly number[], data: readonly number[]): Value => constant(hostArray("int32", shape, data));
const normal = (seed: string, ...shape: number[]): Value => {
  const rng = random(seed);
  return floats(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
  );
};
const valuesOf = (v: Value): number[] => [...interpret(makeGraph({}, { v }), {}).v!.data];
const slopes = (f: (x: Value) => Value, at: readonly number[]): number[] => {
  const x = input("x", "float64", [at.length]);
  const graph = makeGraph({ x }, { g: gradients([sum(f(x))], [x])[0]! });
  return [...interpret(graph, { x: { dtype: "float64", shape: [at.length], data: Float64Array.from(at) } }).g!.data];
};

/** −ln of the probability of all paths that read as the target, one path at a time. */
function ctcByPaths(p: readonly number[][], target: readonly number[], blank: number): number {
  let total = 0;
  const walk = (t: number, path: readonly number[], probability: number): void => {
    if (t === p.length) {
      const read = path.filter((c, i) => c !== blank && c !== path[i - 1]);
      if (String(read) === String(target)) total += probability;
      return;
    }
    p[t]!.forEach((q, c) => {
      walk(t + 1, [...path, c], probability * q);
    });
  };
  walk(0, [], 1);
  return -Math.log(total);
}

test("ctc is the sum over all paths, whatever lies beyond the lengths", () => {
  const [frames, classes, longest] = [4, 3, 3];
  const examples = fc.record({
    seed: fc.nat(),
    inputs: fc.integer({ min: 1, max: frames }),
    target: fc.array(fc.nat(classes - 2), { maxLength: longest }),
    rest: fc.integer({ min: -9, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(examples, { minLength: 1, maxLength: 3 }), fc.nat(classes - 1), (batch, blank) => {
      const label = (k: number) => (k >= blank ? k + 1 : k); // any class but the blank
      const logits = normal(JSON.stringify(batch), frames, batch.length, classes);
      const log = logSoftmax(logits);
      const targets = batch.map((e) => e.target.map(label));
      const padded = batch.flatMap((e, i) => [...targets[i]!, ...Array(longest - e.target.length).fill(e.rest)]);
      const losses = valuesOf(
        ctcLoss(
          log,
          ints([batch.length, longest], padded),
          ints(
            [batch.length],
            batch.map((e) => e.inputs),
          ),
          ints(
            [batch.length],
            targets.map((t) => t.length),
          ),
          { blank },
        ),
      );
      const p = valuesOf(log).map(Math.exp);
      batch.forEach((e, b) => {
        const rows = Array.from({ length: e.inputs }, (_, t) =>
          p.slice((t * batch.length + b) * classes, (t * batch.length + b + 1) * classes),
        );
        expect(losses[b]).toBeCloseTo(ctcByPaths(rows, targets[b]!, blank), 9);
      });
    }),
    { numRuns: Math.ceil(fuzzRuns / 20), seed: fuzzSeed },
  );
});

test("a transposed convolution is the transpose of the convolution: ⟨conv x, y⟩ = ⟨x, convᵀ y⟩", () => {
  const settings = fc.record({
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    groups: fc.constantFrom(1, 2),
    kernel: fc.integer({ min: 1, max: 4 }),
    count: fc.integer({ min: 1, max: 4 }),
    extra: fc.integer({ min: 0, max: 2 }),
    rank: fc.constantFrom(1, 2),
  });
  fc.assert(
    fc.property(settings, ({ kernel, count, extra, rank, ...o }) => {
      const outputPadding = Math.min(extra, o.stride - 1);
      const size = (count - 1) * o.stride - 2 * o.padding + o.dilation * (kernel - 1) + 1 + outputPadding;
      if (size < 1) return;
      const all = (n: number) => Array<number>(rank).fill(n);
      const x = normal("x", 2, 4, ...all(size));
      const y = normal("y", 2, 6, ...all(count));
      const weight = normal("w", 6, 4 / o.groups, ...all(kernel));
      const inner = (a: Value, b: Value) => valuesOf(sum(mul(a, b)))[0]!;
      const there = inner(convolution({ weight }, x, o), y);
      expect(inner(x, transposedConvolution({ weight }, y, { ...o, outputPadding }))).toBeCloseTo(there, 9);
    }),
    { numRuns: Math.ceil(fuzzRuns / 10), seed: fuzzSeed },
  );
});

describe("pooling", () => {
  const x = floats([1, 1, 4], [1, Number.NaN, 3, -5]);
  test("keeps a NaN, pads with what never wins, and counts only what is there", () => {
    expect(valuesOf(maxPool(floats([1, 1, 3], [-4, -2, -3]), { kernel: 2, stride: 1, padding: 1 }))).toEqual([
      -4, -2, -2, -3,
    ]);
    expect(valuesOf(averagePool(x, { kernel: 2 }))).toEqual([Number.NaN, -1]);
    const two = floats([1, 1, 2], [2, 4]);
    expect(valuesOf(averagePool(two, { kernel: 2, stride: 2, padding: 1 }))).toEqual([1, 2]);
    expect(valuesOf(averagePool(two, { kernel: 2, stride: 2, padding: 1, countPadding: false }))).toEqual([2, 4]);
  });
});

describe("at edges", () => {
  test("clamp keeps NaN and gives no slope at its bounds and beyond", () => {
    expect(valuesOf(clamp(floats([5], [-2, -1, 0.5, 1, Number.NaN]), -1, 1))).toEqual([-1, -1, 0.5, 1, Number.NaN]);
    expect(slopes((x) => clamp(x, -1, 1), [-2, -1, 0.5, 1, 3])).toEqual([0, 0, 1, 0, 0]);
  });

  test("a norm of zeros has slope 0, not NaN", () => {
    expect(slopes((x) => norm(x), [0, 0])).toEqual([0, 0]);
    expect(slopes((x) => norm(x), [3, 4])).toEqual([0.6000000000000001, 0.8]);
  });

  test("ln Σ eˣ of nothing but −∞ is −∞, of +∞ is +∞, and large values do not overflow", () => {
    const rows = floats([3, 2], [-Infinity, -Infinity, Infinity, 1, 1000, 1000]);
    expect(valuesOf(logSumExp(rows, { axes: [1] }))).toEqual([-Infinity, Infinity, 1000 + Math.log(2)]);
  });

  test("a query that may look nowhere looks everywhere alike", () => {
    const [q, v] = [normal("q", 1, 2), floats([3, 1], [1, 2, 6])];
    const mask = constant(hostArray("bool", [1, 3], [0, 0, 0]));
    expect(valuesOf(scaledDotProduct(q, normal("k", 3, 2), v, { mask }))[0]).toBeCloseTo(3, 12);
  });

  test("sorting keeps the order of equals both ways", () => {
    const x = floats([5], [2, 1, 2, 3, 1]);
    expect(valuesOf(sort(x)[1])).toEqual([1, 4, 0, 2, 3]);
    expect(valuesOf(sort(x, -1, true)[1])).toEqual([3, 0, 2, 1, 4]);
  });

  test("ignored labels become class 0 with weight 0, and a mean over none of them is NaN", () => {
    const { labels, weights } = withoutIgnored(ints([3], [-100, 2, -100]), -100);
    expect([valuesOf(labels), valuesOf(weights)]).toEqual([
      [0, 2, 0],
      [0, 1, 0],
    ]);
    const losses = constant(hostArray("float32", [3], [5, 7, 9]));
    expect(valuesOf(weightedMean(losses, weights))).toEqual([7]);
    expect(valuesOf(weightedMean(losses, mul(weights, 0)))).toEqual([Number.NaN]);
  });
});
