// Weights in blocks, in 16-bit floats and behind static scales: what is stored, and products beside a plain reference.
import { describe, expect, test } from "vitest";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { float16ToFloat32, float32ToFloat16 } from "../../src/formats/index.ts";
import { embed, input, linear, makeGraph, matmul } from "../../src/graph/index.ts";
import { type Binding, byteGrid, fromBlocks, quantiseBlocks, quantiseColumns } from "../../src/onnx/index.ts";
import { toOnnx } from "../../src/runtime/index.ts";
import { openOnnx } from "../one-thread.ts";

const rng = random("blocks");
const normal = (shape: readonly [number, number]): HostArray<"float32"> =>
  hostArray(
    "float32",
    shape,
    Float32Array.from({ length: shape[0] * shape[1] }, () => rng.normal()),
  );

const settings = ([4, 8] as const).flatMap((bits) =>
  [true, false].map((symmetric) => ({ bits, symmetric, blockSize: 32 })),
);

describe.each(settings)("blocks of $bits bits, symmetric: $symmetric", (how) => {
  const weight = normal([6, 70]); // the last block of a row is not full
  const blocks = quantiseBlocks(weight, how);

  test("are within half a step of the weights, one step where the largest is cut", () => {
    const back = fromBlocks(blocks, 70);
    weight.data.forEach((w, i) => {
      const scale = Math.abs(blocks.scales.data[Math.floor(i / 70) * 3 + Math.floor((i % 70) / 32)]!);
      expect(Math.abs(back.data[i]! - w)).toBeLessThanOrEqual(1.001 * scale);
    });
    const error = Math.hypot(...weight.data.map((w, i) => w - back.data[i]!)) / Math.hypot(...weight.data);
    expect(error).toBeLessThan(how.bits === 4 ? 0.12 : 0.008);
    expect(error).toBeGreaterThan(how.bits === 4 ? 0.02 : 0.0005);
  });

  test("of zeros give zeros, and a weight that is not finite is refused", () => {
    const zeros = hostArray("float32", [1, 32]);
    expect(fromBlocks(quantiseBlocks(zeros, how), 32).data).toEqual(zeros.data);
    const bad = hostArray("float32", [1, 32], new Float32Array(32).fill(Number.NaN));
    expect(() => quantiseBlocks(bad, how)).toThrow(/not finite/);
  });

  test("give the products and rows of the matrix that they stand for", async () => {
    const [x, w, ids] = [
      input("x", "float32", ["T", 70]),
      input("w", "float32", [6, 70]),
      input("ids", "int32", ["T"]),
    ];
    const feeds = { x: normal([5, 70]), ids: hostArray("int32", [5], [3, 0, 5, 3, 1]) };
    const graph = makeGraph({ x, w, ids }, { y: linear(x, w), rows: embed(w, ids) });
    const { y, rows } = await run(graph, { w: { kind: "blocks", array: weight, ...how } }, feeds);
    const stored = fromBlocks(blocks, 70);
    for (let t = 0; t < 5; t++) {
      const id = feeds.ids.data[t]!;
      expect([...rows!.slice(t * 70, (t + 1) * 70)]).toEqual([...stored.data.subarray(id * 70, (id + 1) * 70)]);
    }
    expect(relativeError(y!, product(feeds.x, stored))).toBeLessThan(0.01); // activations get 8 bits a block
  });
});

test("a block size that the operator does not have is refused", () => {
  expect(() => quantiseBlocks(normal([2, 32]), { bits: 4, blockSize: 24, symmetric: true })).toThrow(
    /not a block size/,
  );
});

/** x · Wᵀ in float64. */
function product({ data: x }: HostArray<"float32">, w: HostArray<"float32">): Float64Array {
  const [outs, ins] = w.shape as [number, number];
  return Float64Array.from({ length: (x.length / ins) * outs }, (_, at) => {
    const [row, column] = [Math.floor(at / outs), at % outs];
    let sum = 0;
    for (let k = 0; k < ins; k++) sum += x[row * ins + k]! * w.data[column * ins + k]!;
    return sum;
  });
}

const relativeError = (got: ArrayLike<number>, want: ArrayLike<number>): number =>
  Math.hypot(...Array.from(got, (x, i) => x - want[i]!)) / Math.hypot(...Array.from(want));

async function run(
  graph: Parameters<typeof toOnnx>[0],
  bind: Record<string, Binding>,
  feeds: Record<string, HostArray>,
) {
  const session = await openOnnx(toOnnx(graph, "portable", bind));
  const found = await session.run(feeds);
  await session.dispose();
  return Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, data as Float32Array]));
}

describe("8-bit weights behind a static range", () => {
  const [ins, outs] = [48, 12];
  const [weight, bias, given] = [normal([outs, ins]), normal([1, outs]), normal([7, ins])];
  const [x, w, b] = [
    input("x", "float32", ["T", ins]),
    input("w", "float32", [outs, ins]),
    input("b", "float32", [outs]),
  ];
  const range = { low: -2, high: 2.5 };
  const smooth = Float32Array.from({ length: ins }, (_, i) => 0.5 + i / ins);

  /** Every factor put on its grid by plain arithmetic. */
  function reference(smoothing: Float32Array): Float64Array {
    const turned = new Float32Array(ins * outs);
    for (let i = 0; i < outs; i++)
      for (let k = 0; k < ins; k++) turned[k * outs + i] = Math.fround(weight.data[i * ins + k]! * smoothing[k]!);
    const q = quantiseColumns(hostArray("float32", [ins, outs], turned));
    const { scale, zero } = byteGrid(range);
    const even = (v: number) => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v)); // ties to even
    const onGrid = (v: number) => scale * (Math.max(0, Math.min(255, even(v / scale) + zero)) - zero);
    return Float64Array.from({ length: 7 * outs }, (_, at) => {
      const [row, column] = [Math.floor(at / outs), at % outs];
      let sum = bias.data[column]!;
      for (let k = 0; k < ins; k++)
        sum +=
          onGrid(Math.fround(given.data[row * ins + k]! * Math.fround(1 / smoothing[k]!))) *
          q.values.data[k * outs + column]! *
          q.scales.data[column]!;
      return sum;
    });
  }

  test.each([
    ["without smoothing", undefined],
    ["with smoothing", smooth],
  ])("give the products of both grids, %s", async (_, smoothing) => {
    const binding: Binding = { kind: "int8", array: weight, scales: range, smooth: smoothing };
    const bindings: Record<string, Binding> = {
      w: binding,
      b: { kind: "initializer", array: hostArray("float32", [outs], bias.data) },
    };
    const { y } = await run(makeGraph({ x, w, b }, { y: linear(x, w, b) }), bindings, { x: given });
    const want = reference(smoothing ?? new Float32Array(ins).fill(1));
    expect(relativeError(y!, want)).toBeLessThan(1e-5);
    expect(relativeError(y!, product(given, weight))).toBeGreaterThan(1e-3); // numbers beyond the range are cut
  });

  test("weights stored [in, out], as GPT-2 has them, give the same", async () => {
    const turned = input("w", "float32", [ins, outs]);
    const data = new Float32Array(ins * outs);
    for (let i = 0; i < outs; i++) for (let k = 0; k < ins; k++) data[k * outs + i] = weight.data[i * ins + k]!;
    const [a, c] = await Promise.all([
      run(
        makeGraph({ x, w }, { y: linear(x, w) }),
        { w: { kind: "int8", array: weight, scales: range } },
        { x: given },
      ),
      run(
        makeGraph({ x, w: turned }, { y: matmul(x, turned) }),
        { w: { kind: "int8", array: hostArray("float32", [ins, outs], data), scales: range } },
        { x: given },
      ),
    ]);
    expect(c.y).toEqual(a.y);
  });
});

test("weights in 16-bit floats give the products of their rounded values", async () => {
  const [weight, given] = [normal([5, 9]), normal([3, 9])];
  const [x, w] = [input("x", "float32", ["T", 9]), input("w", "float32", [5, 9])];
  const half: HostArray<"float16"> = { dtype: "float16", shape: [5, 9], data: float32ToFloat16(weight.data) };
  const graph = makeGraph({ x, w }, { y: linear(x, w) });
  const { y } = await run(graph, { w: { kind: "initializer", array: half } }, { x: given });
  const rounded = hostArray("float32", [5, 9], float16ToFloat32(half.data));
  expect(relativeError(y!, product(given, rounded))).toBeLessThan(1e-6);
  expect(relativeError(y!, product(given, weight))).toBeGreaterThan(1e-5);
});
