// Passes keep a graph's meaning: each row of the tables alone and all together, on arbitrary graphs, in float64.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Graph, interpret, mul, nodesOf, print, trace, verify } from "../../src/graph/index.ts";
import { hasRow, type Target, targets } from "../../src/onnx/index.ts";
import { expand, optimise, type Rewrite, rewrite, share, simplifications } from "../../src/passes/index.ts";
import { fuzzRuns, fuzzSeed } from "../fuzz.ts";
import { type Sample, sample } from "./random-graph.ts";

/** Relative to the largest element: folding a factor into a product rounds once less, a decomposition a few times more. */
const tolerance = 1e-9;
const settings = { numRuns: Math.ceil(fuzzRuns / 5), seed: fuzzSeed };

/** Where two graphs differ, in words. */
function difference({ graph, feeds }: Sample, changed: Graph): string | undefined {
  const [want, got] = [interpret(graph, feeds), interpret(changed, feeds)];
  for (const [name, { data, shape }] of Object.entries(want)) {
    const result = got[name]!;
    if (String(result.shape) !== String(shape)) return `${name}: [${result.shape}], not [${shape}]`;
    const scale = data.reduce((m, a) => (Number.isFinite(a) ? Math.max(m, Math.abs(a)) : m), 0);
    const bad = data.findIndex(
      (a, i) =>
        !(a === result.data[i] || Object.is(a, result.data[i]) || Math.abs(a - result.data[i]!) <= tolerance * scale),
    );
    if (bad >= 0) return `${name}[${bad}]: ${result.data[bad]}, not ${data[bad]}`;
  }
  return undefined;
}

/** A table whose applications are counted; more than a graph of this size can need is a loop. */
function counted(table: readonly Rewrite[], limit: number): { table: Rewrite[]; fired: Map<string, number> } {
  const fired = new Map<string, number>();
  let total = 0;
  const rows = table.map(({ rule, apply }) => ({
    rule,
    apply: (node: Parameters<Rewrite["apply"]>[0]) => {
      const outputs = apply(node);
      if (!outputs) return undefined;
      fired.set(rule, (fired.get(rule) ?? 0) + 1);
      if (++total > limit) throw new Error(`rewrites go in a circle: ${[...fired.keys()].join("; ")}`);
      return outputs;
    },
  }));
  return { table: rows, fired };
}

function keepsMeaning(change: (graph: Graph) => Graph): void {
  fc.assert(
    fc.property(sample, (s) => {
      const changed = change(s.graph);
      verify(changed);
      expect(difference(s, changed)).toBeUndefined();
    }),
    settings,
  );
}

describe("on arbitrary graphs", () => {
  test.each(simplifications)("the row $rule alone keeps the meaning", (row) => {
    keepsMeaning((graph) => rewrite(graph, counted([row], 400).table));
  });

  test("every row fits somewhere in them", () => {
    const seen = new Set<string>();
    for (const { graph } of fc.sample(sample, { seed: 1, numRuns: 200 })) {
      const { table, fired } = counted(simplifications, 2000);
      rewrite(graph, table);
      for (const rule of fired.keys()) seen.add(rule);
    }
    expect([...seen].sort()).toEqual(simplifications.map((row) => row.rule).sort());
  });

  test("all rows together do so too, end, and leave nothing that a row still fits", () => {
    fc.assert(
      fc.property(sample, (s) => {
        const changed = rewrite(s.graph, counted(simplifications, 2000).table);
        verify(changed);
        expect(difference(s, changed)).toBeUndefined();
        const again = counted(simplifications, 2000);
        rewrite(changed, again.table);
        expect([...again.fired.keys()]).toEqual([]);
      }),
      settings,
    );
  });

  test("sharing keeps the meaning and leaves no two equal nodes", () => {
    keepsMeaning((graph) => {
      const shared = share(graph);
      const lines = print(shared)
        .split("\n")
        .filter((line) => line.startsWith("  %"));
      const bodies = lines.map((line) => line.slice(line.indexOf("=")));
      expect(bodies.filter((body, i) => !body.includes("…") && bodies.indexOf(body) !== i)).toEqual([]);
      return shared;
    });
  });

  test("the standard passes keep the meaning and never add nodes", () => {
    keepsMeaning((graph) => {
      const changed = optimise(graph);
      expect(nodesOf(changed).length).toBeLessThanOrEqual(nodesOf(graph).length);
      return changed;
    });
  });

  test.each(Object.keys(targets) as Target[])(
    "expansion for %s keeps the meaning and leaves what the target has",
    (target) => {
      keepsMeaning((graph) => {
        const changed = expand(graph, hasRow(target));
        expect(nodesOf(changed).every((node) => node.op === "input" || hasRow(target)(node))).toBe(true);
        return changed;
      });
    },
  );
});

describe("a broken rewrite is found", () => {
  const broken: [string, Rewrite][] = [
    [
      "x·y → x",
      {
        rule: "x·y → x",
        apply: (n) =>
          n.op === "mul" && n.outputs[0]!.shape.length === n.inputs[0]!.shape.length ? [n.inputs[0]!] : undefined,
      },
    ],
    ["tanh x → x, a wrong value", { rule: "tanh", apply: (n) => (n.op === "tanh" ? [n.inputs[0]!] : undefined) }],
    [
      "x → x·1 for ever",
      { rule: "loop", apply: (n) => (n.op === "mul" || n.op === "neg" ? [mul(n.outputs[0]!, 1)] : undefined) },
    ],
  ];
  test.each(broken)("%s", (_name, row) => {
    const attempt = () => keepsMeaning((graph) => rewrite(graph, counted([row], 100).table));
    expect(attempt).toThrow();
  });
});

test("the standard passes clear what gradients leave behind", () => {
  const graph = trace({ x: ["float32", ["B", 4]] }, ({ x }) => ({ y: mul(mul(x, 1), mul(x, 1)) }));
  expect(nodesOf(optimise(graph)).map((n) => n.op)).toEqual(["input", "mul"]);
});
