// 4-bit NormalFloat: bitsandbytes' codes and numbers (golden/nf4.safetensors, written by tools/nf4-golden.py), and products with it.
import { expect, test } from "vitest";
import { hostArray, random } from "../../src/base/index.ts";
import { add, input, linear, makeGraph, matmul } from "../../src/graph/index.ts";
import { fromNf4, nf4Values, quantiseNf4 } from "../../src/onnx/index.ts";
import { fault } from "../fault.ts";
import { relativeError, tensorsOf } from "../models/golden.ts";
import { cpuRuntime } from "../one-thread.ts";

const golden = tensorsOf("nf4.safetensors");
const matrix = golden.get("matrix")!;

test("the 16 numbers, the codes, the scales and what they stand for are bitsandbytes'", () => {
  expect(nf4Values.map(Math.fround)).toEqual([...(golden.get("values")!.data as Float32Array)]);
  const { codes, scales } = quantiseNf4(matrix);
  const want = golden.get("codes")!.data as Uint8Array;
  expect(codes.data.subarray(0, want.length)).toEqual(want);
  expect(scales.data).toEqual(golden.get("scales")!.data);
  expect(fromNf4(quantiseNf4(matrix)).data).toEqual(golden.get("read")!.data);
});

const drawn = (shape: readonly number[], seed: number) => {
  const rng = random(seed);
  return hostArray(
    "float32",
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
  );
};

test.each([[[48, 64]], [[10, 30]]])(
  "products with a matrix %j are those with the numbers that it stands for",
  async (shape) => {
    const [outs, ins] = shape as [number, number];
    const weight = drawn(shape, 1);
    const [x, g, w] = [
      input("x", "float32", ["N", ins]),
      input("g", "float32", ["N", outs]),
      input("w", "float32", shape),
    ];
    const graph = makeGraph(
      { x, g, w },
      { y: linear(x, w), back: matmul(g, w), turned: matmul(x, w, { transposeB: true }) },
    );
    const feeds = { x: drawn([7, ins], 2), g: drawn([7, outs], 3) };
    const stored = await cpuRuntime.compile(graph, { bind: { w: { kind: "nf4", array: weight } } });
    const plain = await cpuRuntime.compile(graph, {
      bind: { w: { kind: "initializer", array: fromNf4(quantiseNf4(weight)) } },
    });
    const [got, want] = [await stored.run(feeds), await plain.run(feeds)];
    for (const name of ["y", "back", "turned"])
      expect(relativeError(got[name]!.data as Float32Array, want[name]!.data as Float32Array), name).toBeLessThan(1e-6);
    const exact = await cpuRuntime.compile(graph, { bind: { w: { kind: "initializer", array: weight } } });
    const { y } = await exact.run(feeds);
    expect(relativeError(got.y!.data as Float32Array, y!.data as Float32Array)).toBeGreaterThan(1e-2); // it is rounded
    for (const exe of [stored, plain, exact]) await exe.dispose();
  },
);

test("it may be read outside a product too; zeros stay zeros, and what is not finite is refused", async () => {
  const w = input("w", "float32", [4, 16]);
  const x = input("x", "float32", [4, 16]);
  const zeros = hostArray("float32", [4, 16]);
  const exe = await cpuRuntime.compile(makeGraph({ x, w }, { y: add(x, w) }), {
    bind: { w: { kind: "nf4", array: zeros } },
  });
  const x0 = drawn([4, 16], 1);
  expect((await exe.run({ x: x0 })).y!.data).toEqual(x0.data);
  await exe.dispose();
  const bad = hostArray("float32", [1, 2], Float32Array.of(1, Number.NaN));
  expect(fault("E_ARGUMENT", () => quantiseNf4(bad)).facts.got).toBe("NaN");
});
