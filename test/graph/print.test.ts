// The printed form of graphs: what a person reads and snapshots are made of.
import { expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { hostArray } from "../../src/base/index.ts";
import {
  constant,
  crossEntropy,
  linear,
  mul,
  print,
  relu,
  reshape,
  scope,
  topk,
  trace,
} from "../../src/graph/index.ts";
import { optimise } from "../../src/passes/index.ts";

test("a graph prints one line per node, in running order, with types, attributes and scopes", () => {
  const graph = trace({ x: ["float32", ["B", 4]], w: ["float32", [3, 4]] }, ({ x, w }) => {
    const hidden = scope("encoder", () => scope("up", () => relu(linear(x, w))));
    const [best, index] = topk(hidden, 2);
    return { best, index, scaled: mul(reshape(hidden, ["3*B"]), constant(hostArray("float32", [], [0.5]))) };
  });
  expect(print(graph)).toMatchInlineSnapshot(`
    "graph(x: float32[B,4], w: float32[3,4])
      %0: float32[B,3] = linear($x, $w)  # encoder > up
      %1: float32[B,3] = relu(%0)  # encoder > up
      %2: float32[B,2], %3: int32[B,2] = topk(%1, k=2, largest=true)
      %4: float32[3*B] = reshape(%1, shape=[3*B])
      %5: float32[] = constant(value=float32[]{0.5})
      %6: float32[3*B] = mul(%4, %5)
      return best=%2, index=%3, scaled=%6
    "
  `);
});

test("a training step prints its backward part under primed scopes", () => {
  const graph = trace({ x: ["float32", ["B", 4]], y: ["int32", ["B"]], w: ["float32", [3, 4]] }, ({ x, y, w }) => {
    const losses = scope("head", () => crossEntropy(linear(x, w), y));
    return { losses, dw: gradients([losses], [w])[0]! };
  });
  expect(print(optimise(graph))).toMatchInlineSnapshot(`
    "graph(x: float32[B,4], y: int32[B], w: float32[3,4])
      %0: float32[B,3] = linear($x, $w)  # head
      %1: float32[B] = crossEntropy(%0, $y)  # head
      %2: float32[B,3] = softmax(%0, axis=1)  # head′
      %3: int32[B,1] = reshape($y, shape=[B,1])  # head′
      %4: float32[] = constant(value=float32[]{1})
      %5: float32[B] = broadcastTo(%4, shape=[B])
      %6: float32[B,1] = reshape(%5, shape=[B,1])  # head′
      %7: float32[B,1] = neg(%6)  # head′
      %8: float32[B,3] = scatterElements(%2, %3, %7, axis=1)  # head′
      %9: float32[3,4] = matmul(%8, $x, transposeA=true, transposeB=false, alpha=1)  # head′
      return losses=%1, dw=%9
    "
  `);
});

test("graphs that are made twice print alike, and a large constant prints by its size", () => {
  const make = () => trace({ x: ["float32", [8]] }, ({ x }) => ({ y: mul(x, constant(hostArray("float32", [8]))) }));
  expect(print(make())).toBe(print(make()));
  expect(print(make())).toContain("value=float32[8]{…}");
});
