// Gradient checkpointing: fewer forward values are kept for the backward pass, and the results are the same to the bit.
import { describe, expect, test } from "vitest";
import { checkpoint, gradients } from "../../src/autodiff/index.ts";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import {
  add,
  type Graph,
  input,
  interpret,
  linear,
  makeGraph,
  mul,
  nodesOf,
  relu,
  softmax,
  sum,
  tanh,
  topk,
  topological,
  type Value,
  verify,
} from "../../src/graph/index.ts";
import { optimise, rebuild, share } from "../../src/passes/index.ts";
import { prepare } from "../../src/runtime/index.ts";
import { runtimes } from "../runtimes.ts";

type Around = (body: (x: Value) => Value, x: Value) => Value;
const plain: Around = (body, x) => body(x);
const once: Around = (body, x) => checkpoint(body, [x]);

const [layers, rows, width] = [6, 16, 32];
const block = (x: Value, w: Value): Value => add(softmax(relu(linear(tanh(linear(x, w)), w))), x);

/** Losses and weight gradients of a stack of blocks, each traced through `around`. */
function stack(around: Around, whole: Around = plain): { graph: Graph; loss: Value } {
  const x = input("x", "float32", ["B", width]);
  const weights = Array.from({ length: layers }, (_, i) => input(`w${i}`, "float32", [width, width]));
  const y = whole((v) => weights.reduce((h, w) => around((u) => block(u, w), h), v), x);
  const loss = sum(mul(y, y));
  const grads = gradients([loss], [x, ...weights]);
  const inputs = Object.fromEntries([x, ...weights].map((v) => [v.node.attrs.name as string, v]));
  return { graph: makeGraph(inputs, { loss, ...Object.fromEntries(grads.map((g, i) => [`g${i}`, g])) }), loss };
}

const rng = random("checkpoint");
const filled = (...shape: number[]): HostArray =>
  hostArray(
    "float32",
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.3 * rng.normal()),
  );
const feeds = {
  x: filled(rows, width),
  ...Object.fromEntries(Array.from({ length: layers }, (_, i) => [`w${i}`, filled(width, width)])),
};

/** Values of the forward pass, inputs and constants aside, that the rest of the graph reads. */
function keptValues({ graph, loss }: { graph: Graph; loss: Value }): number {
  const forward = new Set(topological([loss]));
  const readers = nodesOf(graph).filter((node) => !forward.has(node));
  const kept = readers.flatMap((node) => node.inputs.filter((v) => forward.has(v.node) && v.node.inputs.length > 0));
  return new Set(kept.filter((v) => v !== loss)).size;
}

/**
 * Most bytes alive at once when a value dies after its last reader; inputs aside, and B is large. Nodes run as onnxruntime orders
 * them: depth first from the last output, which is the gradient of the last block.
 */
function peakBytes(graph: Graph): number {
  const order = topological(graph.outputs.map(([, v]) => v).reverse());
  const lastUse = new Map<Value, number>(graph.outputs.map(([, v]) => [v, order.length]));
  order.forEach((node, at) => {
    for (const v of node.inputs) lastUse.set(v, Math.max(lastUse.get(v) ?? 0, at));
  });
  const size = (v: Value) =>
    v.node.inputs.length ? 4 * v.shape.reduce<number>((n, d) => n * (d === "B" ? 4096 : (d as number)), 1) : 0;
  let [alive, peak] = [0, 0];
  order.forEach((node, at) => {
    for (const v of node.outputs) alive += lastUse.has(v) ? size(v) : 0;
    peak = Math.max(peak, alive);
    for (const v of new Set([...node.inputs])) if (lastUse.get(v) === at) alive -= size(v);
  });
  return peak;
}

describe("a checkpointed stack of blocks", () => {
  const [all, some] = [stack(plain), stack(once)];

  test("keeps one value per block for the backward pass instead of all that gradients read", () => {
    expect(keptValues(all)).toBeGreaterThanOrEqual(4 * layers);
    expect(keptValues(some)).toBeLessThanOrEqual(layers + 1);
  });

  test("lives in less memory, also after the passes, which do not merge the two computations", () => {
    for (const change of [(g: Graph) => g, share, optimise, (g: Graph) => prepare(g, "cpu")]) {
      const [before, after] = [change(all.graph), change(some.graph)];
      verify(after);
      const count = (g: Graph) => nodesOf(g).filter((node) => node.op === "tanh").length;
      expect([count(before), count(after)]).toEqual([layers, 2 * layers]);
      expect(peakBytes(after)).toBeLessThan(0.6 * peakBytes(before));
    }
  });

  test.each(runtimes)("gives the same bits on $name", async (runtime) => {
    const results = [];
    for (const { graph } of [all, some, stack(once, once)]) {
      const exe = await runtime.compile(graph);
      results.push(await exe.run(feeds));
      await exe.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("without its barriers the two computations merge: they are what keeps them apart", () => {
    const open = rebuild(some.graph, (node) => (node.op === "barrier" ? [node.inputs[0]!] : node.outputs));
    expect(nodesOf(share(open)).filter((node) => node.op === "tanh")).toHaveLength(layers);
    expect(peakBytes(share(open))).toBe(peakBytes(share(all.graph)));
  });
});

describe("a checkpointed part", () => {
  const x = input("x", "float32", [2, 3]);
  const s = input("s", "float32", []);
  const given = { x: filled(2, 3), s: filled() };
  /** Gradients with respect to x and s of what `body` traces, evaluated. */
  const evaluated = (body: (around: typeof checkpoint) => Value, around: typeof checkpoint) => {
    const grads = gradients([body(around)], [x, s]);
    return interpret(makeGraph({ x, s }, { dx: grads[0]!, ds: grads[1]! }), given);
  };
  const through: typeof checkpoint = (body, inputs) => body(...inputs);
  const parts: [what: string, body: (around: typeof checkpoint) => Value][] = [
    ["inside another", (around) => sum(around((a) => tanh(around((b) => mul(tanh(b), b), [tanh(a)])), [x]))],
    ["with several inputs, a scalar among them", (around) => sum(around((a, b) => tanh(mul(a, b)), [x, s]))],
    [
      "with several outputs, one of them integer, one an input",
      (around) => {
        const [values, , same] = around((a) => [...topk(tanh(a), 2), a] as const, [x]);
        return add(sum(mul(values, values)), sum(mul(same, s)));
      },
    ],
    ["that reads a value it was not given", (around) => sum(around((a) => mul(tanh(a), tanh(mul(x, s))), [x]))],
    [
      "used twice",
      (around) =>
        sum(
          mul(
            around((a) => tanh(a), [x]),
            around((a) => tanh(tanh(a)), [x]),
          ),
        ),
    ],
    ["with a gradient taken inside", (around) => sum(around((a) => mul(gradients([sum(tanh(a))], [a])[0]!, s), [x]))],
  ];
  test.each(parts)("%s has the same gradient", (_what, body) => {
    expect(evaluated(body, checkpoint)).toEqual(evaluated(body, through));
  });

  test("has the same second derivative", () => {
    const twice = (around: Around) => {
      const first = gradients([sum(around((v) => tanh(mul(v, v)), x))], [x])[0]!;
      return interpret(makeGraph({ x }, { d: gradients([sum(mul(first, first))], [x])[0]! }), given).d!.data;
    };
    expect([...twice(once)]).toEqual([...twice(plain)]);
  });
});
