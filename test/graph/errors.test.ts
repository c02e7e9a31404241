// Errors of shape and type name what the user wrote: both shapes, the file and line, the scope.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ConcordError, hostArray } from "../../src/base/index.ts";
import {
  add,
  cast,
  concat,
  conv,
  embed,
  input,
  interpret,
  linear,
  matmul,
  reshape,
  scope,
  slice,
  trace,
  type Value,
} from "../../src/graph/index.ts";

const [a, b] = [input("a", "float32", [8, 128, 768]), input("b", "float32", [512, 768])];
const ids = input("ids", "int32", ["B", "S"]);

/** What a function throws. */
function thrown(body: () => unknown): ConcordError {
  try {
    body();
  } catch (error) {
    return error as ConcordError;
  }
  throw new Error("nothing was thrown");
}

const here = new URL(import.meta.url).pathname;
const myModel = (x: Value, y: Value): Value => scope("attention", () => scope("query", () => matmul(x, y)));

test("a product of sizes that do not fit names both, the line of the user's function, and the scope", () => {
  const { code, facts, message } = thrown(() => trace({}, () => ({ y: myModel(a, b) })));
  expect(code).toBe("E_SHAPE");
  expect(facts.operation).toBe("matmul");
  expect(facts.got).toContain("a float32[8,128,768] · b float32[512,768]");
  expect(facts.expected).toContain("768 ≠ 512");
  expect(facts.hint).toBe("transpose b: matmul(a, b, { transposeB: true })");
  expect(facts.at).toMatch(/errors\.test\.ts:\d+ {2}in attention > query$/);
  expect(facts.at).toContain(here);
  const own = readFileSync(here, "utf8").split("\n");
  expect(own[Number(/:(\d+) /.exec(facts.at!)![1]) - 1]).toContain("matmul(x, y)");
  expect(message.split("\n")[0]).toBe("E_SHAPE  matmul: inner sizes differ");
});

const mistakes: [what: string, body: () => unknown, code: string, parts: readonly string[]][] = [
  [
    "sizes that do not broadcast",
    () => add(a, b),
    "E_SHAPE",
    ["a float32[8,128,768]", "b float32[512,768]", "do not broadcast"],
  ],
  [
    "dtypes that differ",
    () => add(ids, cast(ids, "float32")),
    "E_DTYPE",
    ["ids int32[B,S]", "cast float32[B,S]", "cast one of them"],
  ],
  [
    "a weight for another width",
    () => linear(b, input("w", "float32", [4, 512])),
    "E_SHAPE",
    ["768 ≠ 512", "b float32[512,768]", "w float32[4,512]"],
  ],
  [
    "a reshape to another size",
    () => reshape(b, [512, 700]),
    "E_SHAPE",
    ["b float32[512,768]", "shape [512,700]", "393216 elements"],
  ],
  ["an axis that does not exist", () => slice(b, 2, 0, 1), "E_SHAPE", ["axis 2 does not exist", "rank 2"]],
  [
    "a symbolic axis that is sliced",
    () => slice(ids, 1, 0, 1),
    "E_SHAPE",
    ["ids int32[B,S]", "gather with an index input"],
  ],
  ["ids of the wrong type", () => embed(b, input("ids", "float32", ["T"])), "E_DTYPE", ["ids float32[T]", "int32"]],
  ["parts that do not fit", () => concat([a, b], 0), "E_SHAPE", ["a float32[8,128,768]", "b float32[512,768]"]],
  [
    "a kernel that is too large",
    () => conv(input("x", "float32", ["N", 1, 2]), input("k", "float32", [1, 1, 3])),
    "E_SHAPE",
    ["x float32[N,1,2]", "k float32[1,1,3]"],
  ],
];

describe("a mistake is worded with what the user wrote", () => {
  test.each(mistakes)("%s", (_what, body, code, parts) => {
    const error = thrown(body);
    expect(error.code).toBe(code);
    for (const part of parts) expect(error.message).toContain(part);
    expect(error.facts.at).toContain("errors.test.ts:");
  });
});

describe("a feed that does not fit", () => {
  const graph = trace({ x: ["float32", ["B", 4]], y: ["float32", ["B"]] }, ({ x, y }) => ({ x, y }));
  const x = hostArray("float32", [2, 4]);
  const feeds: [what: string, feeds: Record<string, typeof x>, message: RegExp][] = [
    ["is missing", { x }, /input y: no array was given/],
    ["has another rank", { x, y: x }, /input y: another rank/],
    [
      "has another size",
      { x: hostArray("float32", [2, 5]), y: hostArray("float32", [2]) },
      /axis 1 does not fit[\s\S]*4[\s\S]*5/,
    ],
    ["gives a symbol two values", { x, y: hostArray("float32", [3]) }, /input y: axis 0[\s\S]*B = 2[\s\S]*3/],
  ];
  test.each(feeds)("%s", (_what, given, message) => {
    expect(() => interpret(graph, given)).toThrow(message);
  });
});
