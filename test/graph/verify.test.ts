// verify() finds graphs that break a rule; the planted ones are what a wrong pass would make.
import { describe, expect, test } from "vitest";
import { hostArray } from "../../src/base/index.ts";
import {
  add,
  constant,
  type Graph,
  input,
  makeGraph,
  makeNode,
  softmax,
  topk,
  trace,
  type Value,
  verify,
} from "../../src/graph/index.ts";

const x = input("x", "float32", ["B", 4]);
const graphOf = (y: Value): Graph => makeGraph({ x }, { y });

const planted: [what: string, graph: Graph, message: RegExp][] = [
  [
    "a type that the rule does not give",
    graphOf(makeNode("tanh", [x], {}, [{ dtype: "float32", shape: ["B", 5] }]).outputs[0]!),
    /output 0 has another type.*\n.*float32\[B,4\]/,
  ],
  [
    "another element type",
    graphOf(makeNode("tanh", [x], {}, [{ dtype: "int32", shape: ["B", 4] }]).outputs[0]!),
    /output 0/,
  ],
  [
    "operands that do not fit",
    graphOf(makeNode("add", [x, constant(hostArray("float32", [3]))], {}, [x]).outputs[0]!),
    /sizes do not broadcast/,
  ],
  ["an op that does not exist", graphOf(makeNode("tanhh", [x], {}, [x]).outputs[0]!), /tanhh: unknown op/],
  [
    "too few outputs",
    graphOf(makeNode("topk", [x], { k: 1, largest: true }, [{ dtype: "float32", shape: ["B", 1] }]).outputs[0]!),
    /wrong number of outputs/,
  ],
  ["an input that is not declared", makeGraph({}, { y: add(x, x) }), /x is used but is not an input/],
  [
    "two inputs of one name",
    {
      inputs: [
        ["x", x],
        ["x", input("x", "float32", [1])],
      ],
      outputs: [["y", x]],
    },
    /two inputs are named x/,
  ],
  [
    "a constant that is not of its size",
    graphOf(
      makeNode("constant", [], { value: { dtype: "float32", shape: [3], data: new Float32Array(2) } }, [
        { dtype: "float32", shape: [3] },
      ]).outputs[0]!,
    ),
    /constant/,
  ],
  ["a node that reads itself", cyclic(), /cycle/],
];

function cyclic(): Graph {
  const node = makeNode("tanh", [x], {}, [x]);
  (node.inputs as Value[])[0] = node.outputs[0]!;
  return graphOf(node.outputs[0]!);
}

describe("a broken graph is refused", () => {
  test.each(planted)("%s", (_what, graph, message) => {
    expect(() => verify(graph)).toThrow(message);
    expect(() => verify(graph)).toThrow(expect.objectContaining({ code: "E_GRAPH" }));
  });
});

test("a sound graph is not", () => {
  verify(trace({ x: ["float32", ["B", 4]] }, ({ x: v }) => ({ y: topk(softmax(v), 2)[0] })));
});
